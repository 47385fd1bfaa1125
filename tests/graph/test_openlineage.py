"""Tasks as OpenLineage run events, held to what the specification demands.

The terms below are written anew from the specification 2-0-2 and its facets, as the classes of
openlineage-python 1.54 tell them: which fields there must be, and what may be in them.
"""

import json
import uuid
from datetime import datetime
from typing import Any
from urllib.parse import urlsplit

import pytest
from jsonschema import Draft202012Validator, FormatChecker

from clew.graph.export.as_openlineage import as_openlineage
from clew.model.entities import Task, TaskStatus
from clew.model.refs import BlockKind, BlockRef
from clew.model.view import Block, BlockLink, GraphView, Scope
from clew.services import imports, tasks, versions, workflow
from clew.services.graph_view import graph
from clew.services.run_events import openlineage

VERSION, MODEL = BlockRef(BlockKind.VERSION, 1), BlockRef(BlockKind.MODEL, 3)
TEXT, URI = {"type": "string", "minLength": 1}, {"type": "string", "format": "uri"}


def thing(required: dict[str, Any], optional: dict[str, Any] | None = None, **more: Any) -> dict[str, Any]:
    properties = required | (optional or {})
    return {"type": "object", "required": list(required), "properties": properties, **more}


def facets(**known: dict[str, Any]) -> dict[str, Any]:
    """Facets of these names alone, each with its producer and its schema."""
    base = {
        "_producer": {"type": "string", "format": "uri"},
        "_schemaURL": {"type": "string", "format": "uri"},
    }
    return thing(
        {},
        {name: thing(base | fields, additionalProperties=False) for name, fields in known.items()},
        additionalProperties=False,
    )


RUN_ID = {"type": "string", "format": "uuid"}
NAMED = {"namespace": TEXT, "name": TEXT}
DATASET = thing(
    NAMED,
    {"facets": facets(documentation={"description": {"type": "string"}}, version={"datasetVersion": TEXT})},
)
JOB_TYPE = {
    "processingType": {"enum": ["BATCH", "STREAMING", "SERVICE"]},
    "integration": TEXT,
    "jobType": TEXT,
}
EVENT = thing(
    {
        "eventTime": {"type": "string", "format": "date-time"},
        "producer": URI,
        "schemaURL": {"const": "https://openlineage.io/spec/2-0-2/OpenLineage.json#/$defs/RunEvent"},
        "run": thing(
            {"runId": RUN_ID},
            {
                "facets": facets(
                    parent={"run": thing({"runId": RUN_ID}), "job": thing(NAMED)},
                    errorMessage={"message": TEXT, "programmingLanguage": TEXT},
                )
            },
        ),
        "job": thing(NAMED, {"facets": facets(jobType=JOB_TYPE)}),
    },
    {
        "eventType": {"enum": ["START", "RUNNING", "COMPLETE", "ABORT", "FAIL", "OTHER"]},
        "inputs": {"type": "array", "items": DATASET},
        "outputs": {"type": "array", "items": DATASET},
    },
    additionalProperties=False,
)
FORMATS = FormatChecker(())
FORMATS.checks("uuid", ValueError)(lambda text: bool(uuid.UUID(text)))
FORMATS.checks("date-time", ValueError)(lambda text: datetime.fromisoformat(text).tzinfo is not None)
FORMATS.checks("uri", ValueError)(lambda text: bool(urlsplit(text).scheme))


def events_of(text: str) -> list[dict[str, Any]]:
    """The events, each as the specification wants it."""
    found = [json.loads(line) for line in text.splitlines()]
    judge = Draft202012Validator(EVENT, format_checker=FORMATS)
    assert [error.message for event in found for error in judge.iter_errors(event)] == []
    for event in found:
        places = [event["run"], event["job"], *event["inputs"], *event["outputs"]]
        for name, facet in ((n, f) for place in places for n, f in place.get("facets", {}).items()):
            end = facet["_schemaURL"].rpartition("#/$defs/")[2]
            assert facet["_schemaURL"].startswith("https://openlineage.io/spec/facets/")
            assert f"/{end}.json#" in facet["_schemaURL"]
            assert end.lower().startswith(("dataset" if name == "version" else "") + name.lower())
    return found


def _run(id_: int, status: TaskStatus, begin: int | None, end: int | None, **more: Any) -> Task:
    facts = {"app": None, "name": "Café run", "kind": "script", "params": {}, "code": {}, "environment": {}}
    times = {"created_at": 0, "started_at": begin, "finished_at": end, "created_by": 1}
    return Task(id_, status=status, **facts, **times, **more)


def test_runs_as_openlineage_events() -> None:
    blocks = [Block(BlockRef(BlockKind.TASK, i), "Script", 'say "hi" [now] & <then>') for i in range(1, 7)]
    view = GraphView(
        Scope(),
        "W",
        (
            *blocks,
            Block(VERSION, "Project, version 1", "Finds"),
            Block(MODEL, "Model, version 1", "bytes \udcff and \x00 control"),
        ),
        (BlockLink(VERSION, blocks[0].ref), BlockLink(blocks[0].ref, MODEL), BlockLink(VERSION, MODEL)),
    )
    second = 1_000_000
    runs = [
        _run(1, TaskStatus.DONE, 2 * second, 9 * second, parent_id=2),
        _run(2, TaskStatus.FAILED, second, 10 * second, message="The disk is full."),
        _run(3, TaskStatus.CANCELLED, 3 * second, 4 * second),
        _run(4, TaskStatus.LOST, 5 * second, 6 * second),
        _run(5, TaskStatus.RUNNING, 7 * second, None),
        _run(6, TaskStatus.WAITING, None, None),
    ]
    numbers = {VERSION: "1", MODEL: "2"}
    text = as_openlineage(view, {task.id: task for task in runs}, "an id", numbers)
    events = events_of(text)
    assert [event["eventTime"] for event in events] == sorted(event["eventTime"] for event in events)
    told: dict[str, list[dict[str, Any]]] = {}
    for event in events:
        told.setdefault(event["run"]["runId"], []).append(event)
    kinds = [[event["eventType"] for event in run] for run in told.values()]
    assert kinds == [
        ["START", "FAIL"],
        ["START", "COMPLETE"],
        ["START", "ABORT"],
        ["START", "FAIL"],
        ["START"],
    ]
    failed, done, _, lost, _ = told.values()
    assert failed[1]["run"]["facets"]["errorMessage"]["message"] == "The disk is full."
    assert lost[1]["run"]["facets"]["errorMessage"]["message"]
    assert done[0]["run"]["facets"]["parent"]["run"]["runId"] == failed[0]["run"]["runId"]
    assert [d["name"] for d in done[0]["inputs"]] == ["version:1"] and done[0]["outputs"] == []
    assert [d["name"] for d in done[1]["outputs"]] == ["model:3"]
    assert done[0]["inputs"][0]["facets"]["version"]["datasetVersion"] == "1"
    assert done[1]["outputs"][0]["facets"]["version"]["datasetVersion"] == "2"
    assert done[0]["job"]["facets"]["jobType"]["jobType"] == "SCRIPT"
    assert as_openlineage(view, {task.id: task for task in runs}, "an id", numbers) == text
    assert as_openlineage(view, {}, "an id") == ""


def test_the_runs_of_a_real_workspace(ws: Any, coco_file: Any) -> None:
    project = imports.apply_import(ws, imports.plan_import(ws, coco_file(4), project="Möwen")).project
    version = versions.create_version(ws, project.id, "Baseline")
    first = tasks.create_task(ws, "Clean up", "process")
    workflow.record_input(ws, first.id, version.ref)
    second = tasks.create_task(ws, "Look", "train", parent_id=first.id)
    workflow.record_input(ws, second.id, version.ref)
    tasks.start_task(ws, first.id, pid=1)
    tasks.start_task(ws, second.id, pid=2)
    tasks.finish_task(ws, second.id, TaskStatus.FAILED, message="No pictures.")
    told = {(e["run"]["runId"], e["eventType"]): e for e in events_of(openlineage(ws, graph(ws)))}
    kinds = sorted(kind for _, kind in told)
    assert kinds == ["FAIL", "START", "START"]
    failed = next(event for (_, kind), event in told.items() if kind == "FAIL")
    assert failed["job"]["facets"]["jobType"]["jobType"] == "TRAIN"
    assert failed["inputs"][0]["facets"]["version"]["datasetVersion"] == "1"
    assert (failed["run"]["facets"]["parent"]["run"]["runId"], "START") in told
    assert failed["run"]["facets"]["errorMessage"]["message"] == "No pictures."


@pytest.mark.parametrize(
    "spoil",
    [
        lambda e: e["run"].update(runId="7"),
        lambda e: e.update(eventTime="yesterday"),
        lambda e: e["job"].pop("namespace"),
        lambda e: e["inputs"][0].pop("name"),
        lambda e: e["inputs"][0]["facets"]["documentation"].pop("_schemaURL"),
        lambda e: e["job"]["facets"]["jobType"].pop("integration"),
    ],
)
def test_the_terms_refuse_what_is_wrong(spoil: Any) -> None:
    view = GraphView(
        Scope(),
        "W",
        (Block(BlockRef(BlockKind.TASK, 1), "Script", "s"), Block(VERSION, "Project, version 1", "Finds")),
        (BlockLink(VERSION, BlockRef(BlockKind.TASK, 1)),),
    )
    (event,) = events_of(as_openlineage(view, {1: _run(1, TaskStatus.RUNNING, 1, None)}, "w"))
    spoil(event)
    assert list(Draft202012Validator(EVENT, format_checker=FORMATS).iter_errors(event))
