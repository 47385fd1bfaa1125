"""`clew hints`: list, dismiss, restore, mend."""

from collections.abc import Callable
from pathlib import Path

import pytest

from clew.model.entities import TaskStatus
from clew.services import models, tasks, versions, workflow
from clew.services.workspace import open_workspace

ID = "no-description/version:1"
SHIP = "Ship it"


@pytest.fixture
def used(run: Callable, place: Path, coco_file: Callable[..., Path]) -> Path:
    """A workspace whose only version has no description; a script read it."""
    assert run("import", coco_file(6), "--project", "Coin finds").code == 0
    assert run("version", "create", "Coin finds").code == 0
    ws = open_workspace(place)
    try:
        task = tasks.create_task(ws, SHIP, "script", status=TaskStatus.RUNNING)
        workflow.record_input(ws, task.id, versions.list_versions(ws, 1)[0].version.ref)
    finally:
        ws.close()
    return place


@pytest.fixture
def shipped(used: Path, tmp_path: Path) -> Path:
    """The script read seven models, too."""
    weights = tmp_path / "weights"
    weights.mkdir()
    (weights / "best.pt").write_bytes(b"w")
    ws = open_workspace(used)
    try:
        versions.update_version(ws, 1, description="All of them")
        (task,) = [task for task in tasks.list_tasks(ws) if task.name == SHIP]
        for _ in range(7):
            model = models.create_model(ws, "Finder", weights, framework="", classes=())
            workflow.record_input(ws, task.id, model.ref)
    finally:
        ws.close()
    return used


def test_hints_are_listed_dismissed_and_mended(run: Callable, used: Path) -> None:
    assert used
    (listed,) = run("hints", "--json").json
    assert (listed["id"], listed["action"], listed["blocks"]) == (ID, "describe", ["version:1"])
    told = run("hints").out
    assert "Version 1 of Coin finds is in use and has no description." in told
    assert f"clew hints mend {ID}" in told
    assert run("hints", "dismiss", ID).out.strip() == "Dismissed the hint"
    assert run("hints").out.strip() == "No hints: the way back is clear."
    assert run("hints", "--dismissed", "--json").json[0]["dismissed"] is True
    assert run("hints", "restore", ID, "--json").json == {"id": ID, "dismissed": False}
    assert run("hints", "mend", ID).code == 1
    assert run("hints", "mend", ID, "--text", "All of them").out.strip() == "Saved the description"
    assert run("hints", "--json").json == []


def test_many_hints_of_one_kind_are_told_in_one_sentence(run: Callable, shipped: Path) -> None:
    assert shipped
    told = run("hints").out.splitlines()
    assert told[0] == "7 models have no description."
    assert sum("clew hints mend" in line for line in told) == 5
    assert told[-2:] == [
        "  and 2 more: clew hints --each",
        "  Never show them again: clew hints dismiss no-description/model",
    ]
    assert run("hints", "--each").out.count("clew hints mend") == 7
    group = "no-description/model"
    assert run("hints", "mend", group, "--text", "All").code == 1
    assert run("hints", "dismiss", group).out.strip() == "Dismissed 7 hints"
    assert run("hints", "--json").json == []
    assert run("hints", "restore", group).out.strip() == "7 hints are shown again"
    assert {hint["group"] for hint in run("hints", "--json").json} == {group}


def test_an_unknown_hint_is_one_sentence(run: Callable, finds: str) -> None:
    assert finds
    done = run("hints", "dismiss", "nonsense")
    assert done.code == 1
    assert done.err.strip() == "There is no hint “nonsense”. See them with: clew hints"
