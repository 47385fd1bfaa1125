"""The tasks of a graph as OpenLineage run events (specification 2-0-2), one JSON object a line.

A task that began gives START; one that is over gives COMPLETE, FAIL, or ABORT when it was cancelled. Jobs are
apps (a script by its task's name), datasets are the other blocks by their reference, both in the namespace of
the workspace; run ids are made from the workspace and the task, so a second export names the same runs.

The facets are of the versions that openlineage-python 1.54 writes; only fields that they define are used.
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
_FACETS = {
    "parent": "1-2-0/ParentRunFacet",
    "errorMessage": "1-0-1/ErrorMessageRunFacet",
    "jobType": "2-0-4/JobTypeJobFacet",
    "documentation": "1-1-0/DocumentationDatasetFacet",
    "version": "1-0-1/DatasetVersionDatasetFacet",
}
_ENDS = {
    TaskStatus.DONE: "COMPLETE",
    TaskStatus.FAILED: "FAIL",
    TaskStatus.LOST: "FAIL",
    TaskStatus.CANCELLED: "ABORT",
}

Facts = dict[str, Any]


def as_openlineage(
    view: GraphView, tasks: Mapping[int, Task], workspace_id: str, numbers: Mapping[BlockRef, str] = {}
) -> str:
    """The events in the order in which they happened.

    Args:
        tasks: by id, those of the view; a task that is missing is left out.
        workspace_id: names the workspace wherever it is opened.
        numbers: of what has versions, which of them a block is: "3".
    """
    made = _Events(view, tasks, workspace_id, numbers)
    events = sorted(made.all(), key=lambda event: event["eventTime"])
    return "".join(json.dumps(event, ensure_ascii=False) + "\n" for event in events)


class _Events:
    def __init__(
        self,
        view: GraphView,
        tasks: Mapping[int, Task],
        workspace_id: str,
        numbers: Mapping[BlockRef, str],
    ) -> None:
        self._tasks, self._numbers = tasks, numbers
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
            "job": self._job(task) | {"facets": _facets(jobType=self._type(task))},
            "inputs": self._datasets(self._read.get(task.ref, ())),
            "outputs": self._datasets(self._made.get(task.ref, ())) if kind != "START" else [],
        }

    def _run_id(self, task_id: int) -> str:
        return str(uuid.uuid5(uuid.uuid5(uuid.NAMESPACE_URL, self._namespace), f"task:{task_id}"))

    def _job(self, task: Task) -> Facts:
        return {"namespace": self._namespace, "name": plain(task.app or task.name) or str(task.ref)}

    def _type(self, task: Task) -> Facts:
        return {"processingType": "BATCH", "integration": "CLEW", "jobType": plain(task.kind).upper()}

    def _run_facets(self, task: Task, kind: str) -> Facts:
        told: Facts = {}
        parent = self._tasks.get(task.parent_id) if task.parent_id is not None else None
        if parent is not None:
            told["parent"] = {"run": {"runId": self._run_id(parent.id)}, "job": self._job(parent)}
        if kind == "FAIL":
            words = plain(task.message) or "It ended without saying why."
            told["errorMessage"] = {"message": words, "programmingLanguage": "Python"}
        return _facets(**told)

    def _datasets(self, refs: Iterable[BlockRef]) -> list[Facts]:
        blocks = [self._blocks[ref] for ref in refs if ref in self._blocks and ref.kind is not BlockKind.TASK]
        return [self._dataset(block) for block in blocks]

    def _dataset(self, block: Block) -> Facts:
        words = ", ".join(plain(text) for text in (block.title, block.caption, block.description) if text)
        told: Facts = {"documentation": {"description": words}}
        if block.ref in self._numbers:
            told["version"] = {"datasetVersion": self._numbers[block.ref]}
        return {"namespace": self._namespace, "name": str(block.ref), "facets": _facets(**told)}


def _facets(**told: Facts) -> Facts:
    """Facets by their names, each with who told it and what it follows."""
    return {
        name: {"_producer": PRODUCER, "_schemaURL": _schema(_FACETS[name]), **facts}
        for name, facts in told.items()
    }


def _schema(facet: str) -> str:
    return f"{_SPEC}/facets/{facet}.json#/$defs/{facet.rpartition('/')[2]}"
