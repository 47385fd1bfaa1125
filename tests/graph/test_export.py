"""The graph as JSON, DOT and Mermaid: names that hold anything, frames that nest, the shipped schema."""

import json
import subprocess
from typing import Any

import pytest
from jsonschema import Draft202012Validator

from clew.base.places import resource
from clew.graph.export.as_dot import as_dot
from clew.graph.export.as_json import as_json
from clew.graph.export.as_mermaid import as_mermaid
from clew.graph.export.nesting import nested
from clew.model.refs import BlockKind, BlockRef
from clew.model.view import (
    Block,
    BlockLink,
    BlockState,
    Frame,
    GraphView,
    LinkKind,
    Note,
    Preview,
    Scope,
)
from clew.services import arrange, frames, imports, tasks, versions, workflow

WEIRD = (
    'say "hi" [now] (or) {never} | `code` end',
    "Übergröße 🐦\nsecond line; #hash & <b>bold</b>",
    "back\\slash \\N at the end\\",
    "bytes \udcff and \x00 control \x1b",
    "",
)
VERSION, TASK, MODEL, COMING, NOTE = (
    BlockRef(BlockKind.VERSION, 1),
    BlockRef(BlockKind.TASK, 2),
    BlockRef(BlockKind.MODEL, 3),
    BlockRef(BlockKind.MODEL, -2),
    BlockRef(BlockKind.NOTE, 7),
)


def block(ref: BlockRef, title: str, **more: Any) -> Block:
    return Block(ref, "Caption", title, "fact", ("a", "b"), created_at=1_700_000_000_000_000, **more)


@pytest.fixture
def view() -> GraphView:
    """Weird names everywhere, a frame in a frame, a note, every kind of link, a model still to come."""
    blocks = (
        block(VERSION, WEIRD[0], previews=(Preview("t", "a.png", 1),), project_id=1, description=WEIRD[1]),
        block(TASK, WEIRD[1], state=BlockState.RUNNING, progress=0.25, task_kind="train", app="trainer"),
        block(MODEL, WEIRD[2]),
        block(COMING, WEIRD[3], state=BlockState.UNSAVED),
    )
    links = (
        BlockLink(VERSION, TASK, LinkKind.DATA, 1, WEIRD[0]),
        BlockLink(TASK, COMING),
        BlockLink(VERSION, MODEL, LinkKind.HAND, 2, WEIRD[2]),
        BlockLink(MODEL, COMING, LinkKind.SPINE),
    )
    groups = (
        Frame(4, WEIRD[1], (VERSION, NOTE), "#aabbcc"),
        Frame(5, WEIRD[2], (TASK,), parent=4, folded=True),
    )
    note = Note(7, WEIRD[3], 1.0, 2.0, 160.0, 80.0)
    return GraphView(Scope("project", 1), WEIRD[2], blocks, links, groups, {VERSION: (5.0, 6.0)}, 9, (note,))


@pytest.fixture(scope="module")
def schema() -> Draft202012Validator:
    found = json.loads(resource("schemas", "graph-1.schema.json").read_text("utf-8"))
    Draft202012Validator.check_schema(found)
    return Draft202012Validator(found)


def test_json_follows_its_schema(view: GraphView, schema: Draft202012Validator) -> None:
    text = as_json(view)
    text.encode()  # what is no text has been replaced
    data = json.loads(text)
    assert [error.message for error in schema.iter_errors(data)] == []
    first, running = data["blocks"][:2]
    assert (first["position"], first["size"]) == ({"x": 5.0, "y": 6.0}, {"width": 224.0, "height": 148.0})
    assert first["description"] == WEIRD[1]
    assert (running["state"], running["progress"], running["position"]) == ("running", 0.25, None)
    assert [(f["parent"], f["folded"]) for f in data["frames"]] == [(None, False), (4, True)]
    assert data["notes"][0]["position"] == {"x": 1.0, "y": 2.0}


@pytest.mark.parametrize(
    "spoil",
    [
        lambda d: d.pop("notes"),
        lambda d: d["blocks"][0].update(state="fine"),
        lambda d: d["links"][0].update(source="version-1"),
        lambda d: d["blocks"][0].update(extra=1),
    ],
)
def test_the_schema_refuses_what_is_wrong(view: GraphView, schema: Draft202012Validator, spoil: Any) -> None:
    data = json.loads(as_json(view))
    spoil(data)
    assert list(schema.iter_errors(data))


def test_a_real_workspace_follows_the_schema(ws: Any, coco_file: Any, schema: Draft202012Validator) -> None:
    project = imports.apply_import(ws, imports.plan_import(ws, coco_file(4), project="Möwen")).project
    version = versions.create_version(ws, project.id, "Baseline")
    task = tasks.create_task(ws, "Clean up", "process")
    workflow.record_input(ws, task.id, version.ref)
    arrange.describe(ws, task.ref, "Takes out the blurred ones")
    frames.make_frame(ws, Scope(), "First try", (version.ref, task.ref))
    data = json.loads(as_json(workflow.graph(ws)))
    assert [error.message for error in schema.iter_errors(data)] == []
    by_ref = {entry["ref"]: entry for entry in data["blocks"]}
    assert by_ref[str(task.ref)]["description"] == "Takes out the blurred ones"
    assert set(data["frames"][0]["members"]) == {str(version.ref), str(task.ref)}


def test_each_block_stands_in_one_frame_and_circles_are_cut(view: GraphView) -> None:
    top = nested(view)
    assert top.refs == (MODEL, COMING)
    (outer,) = top.inner
    assert (outer.refs, outer.inner[0].refs) == ((VERSION, NOTE), (TASK,))
    circle = (Frame(1, "a", (VERSION,), parent=2), Frame(2, "b", (VERSION, TASK), parent=1))
    looped = nested(GraphView(Scope(), "x", view.blocks, (), circle))
    assert [(part.frame.id, part.refs) for part in looped.inner if part.frame] == [
        (1, (VERSION,)),
        (2, (TASK,)),
    ]


def test_dot_escapes_and_groups(view: GraphView) -> None:
    text = as_dot(view)
    assert text.startswith('digraph "back\\\\slash')
    assert 'subgraph "cluster_4" {' in text
    assert text.index('subgraph "cluster_5"') < text.index('"task:2" [')
    assert '\\"hi\\"' in text
    assert '"note:7" [' in text


def test_graphviz_reads_it(view: GraphView) -> None:
    done = subprocess.run(["dot", "-Tplain"], input=as_dot(view).encode(), capture_output=True, check=False)
    assert (done.returncode, done.stderr) == (0, b"")
    lines = done.stdout.decode().splitlines()
    assert sum(line.startswith("node ") for line in lines) == 5
    assert sum(line.startswith("edge ") for line in lines) == 4


def test_mermaid_holds_no_sign_that_means_something(view: GraphView) -> None:
    lines = as_mermaid(view).splitlines()
    assert lines[0] == "flowchart LR"
    assert '  model_to_come_2["Caption<br/>bytes � and � control �"]' in lines
    labels = [line.split('"')[1].replace("<br/>", "") for line in lines if '"' in line]
    assert all(line.count('"') in (0, 2) for line in lines)
    assert not set("".join(labels)) & set('"<>`{}[]()|\\')
    assert sum(line.strip().startswith("subgraph ") for line in lines) == 2
    assert sum(line.strip() == "end" for line in lines) == 2
