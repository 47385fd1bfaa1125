"""The tasks of a graph as OpenLineage run events (specification 2-0-2), one JSON object a line.

A task that began gives START; one that is over gives COMPLETE, FAIL, or ABORT when it was cancelled. Jobs are
apps (a script by its task's name), datasets are the other blocks by their reference, both in the namespace of
the workspace; run ids are made from the workspace and the task, so a second export names the same runs.
"""

import json
import uuid
from collections.abc import Iterable, Iterator, Mapping
from typing import Any

from clew.base.clock import to_iso
from clew.graph.export.plain import plain
from clew.model.entities import Task, TaskStatus
from clew.model.refs import BlockKind, BlockRef
from clew.model.view import Block, GraphView

PRODUCER = "urn:clew"
_SPEC = "https://openlineage.io/spec"
SCHEMA = f"{_SPEC}/2-0-2/OpenLineage.json#/$defs/RunEvent"
_ENDS = {
    TaskStatus.DONE: "COMPLETE",
    TaskStatus.FAILED: "FAIL",
    TaskStatus.LOST: "FAIL",
    TaskStatus.CANCELLED: "ABORT",
}

Facts = dict[str, Any]


def as_openlineage(view: GraphView, tasks: Mapping[int, Task], workspace_id: str) -> str:
    """The events in the order in which they happened.

    Args:
        tasks: by id, those of the view; a task that is missing is left out.
        workspace_id: names the workspace wherever it is opened.
    """
    events = sorted(_Events(view, tasks, workspace_id).all(), key=lambda event: event["eventTime"])
    return "".join(json.dumps(event, ensure_ascii=False) + "\n" for event in events)


class _Events:
    def __init__(self, view: GraphView, tasks: Mapping[int, Task], workspace_id: str) -> None:
        self._tasks = tasks
        self._namespace = f"clew:{workspace_id}"
        self._blocks = {block.ref: block for block in view.blocks}
        self._read: dict[BlockRef, list[BlockRef]] = {}
        self._made: dict[BlockRef, list[BlockRef]] = {}
        for link in view.links:
            if link.target.kind is BlockKind.TASK:
                self._read.setdefault(link.target, []).append(link.source)
            if link.source.kind is BlockKind.TASK:
                self._made.setdefault(link.source, []).append(link.target)

    def all(self) -> Iterator[Facts]:
        for block in self._blocks.values():
            task = self._tasks.get(block.ref.id) if block.ref.kind is BlockKind.TASK else None
            if task is None or task.started_at is None:
                continue
            yield self._event(task, "START", task.started_at)
            if task.status in _ENDS and task.finished_at is not None:
                yield self._event(task, _ENDS[task.status], task.finished_at)

    def _event(self, task: Task, kind: str, at: int) -> Facts:
        return {
            "eventType": kind,
            "eventTime": to_iso(at),
            "producer": PRODUCER,
            "schemaURL": SCHEMA,
            "run": {"runId": self._run_id(task.id), "facets": self._run_facets(task, kind)},
            "job": self._job(task),
            "inputs": self._datasets(self._read.get(task.ref, ())),
            "outputs": self._datasets(self._made.get(task.ref, ())) if kind != "START" else [],
        }

    def _run_id(self, task_id: int) -> str:
        return str(uuid.uuid5(uuid.uuid5(uuid.NAMESPACE_URL, self._namespace), f"task:{task_id}"))

    def _job(self, task: Task) -> Facts:
        return {"namespace": self._namespace, "name": plain(task.app or task.name) or str(task.ref)}

    def _run_facets(self, task: Task, kind: str) -> Facts:
        facets: Facts = {}
        parent = self._tasks.get(task.parent_id) if task.parent_id is not None else None
        if parent is not None:
            run = {"runId": self._run_id(parent.id)}
            facets["parent"] = _facet("1-0-0/ParentRunFacet", run=run, job=self._job(parent))
        if kind == "FAIL":
            words = plain(task.message) or "It ended without saying why."
            facets["errorMessage"] = _facet(
                "1-0-0/ErrorMessageRunFacet", message=words, programmingLanguage="Python"
            )
        return facets

    def _datasets(self, refs: Iterable[BlockRef]) -> list[Facts]:
        blocks = [self._blocks[ref] for ref in refs if ref in self._blocks and ref.kind is not BlockKind.TASK]
        return [self._dataset(block) for block in blocks]

    def _dataset(self, block: Block) -> Facts:
        words = ", ".join(plain(text) for text in (block.title, block.caption, block.description) if text)
        facet = _facet("1-0-0/DocumentationDatasetFacet", description=words)
        return {"namespace": self._namespace, "name": str(block.ref), "facets": {"documentation": facet}}


def _facet(name: str, **facts: Any) -> Facts:
    return {"_producer": PRODUCER, "_schemaURL": f"{_SPEC}/facets/{name}.json", **facts}
