"""Hints about good habits: given where the habit is missing, mended by their action, dismissed for good."""

from pathlib import Path

import pytest

from clew.base.errors import UserError
from clew.db import mapping
from clew.model.entities import Dataset, Model
from clew.model.hints import Habit, Hint, Mend
from clew.model.refs import BlockKind, BlockRef
from clew.model.view import Scope
from clew.services import arrange, hints, imports, projects, tasks, versions, workflow
from clew.services.workspace import open_workspace

PROJECT = BlockRef(BlockKind.PROJECT, 1)


@pytest.fixture
def coins(ws, picture_folder):
    """A project that was never saved."""
    return imports.apply_import(ws, imports.plan_import(ws, picture_folder(), project="Coins")).project


def given(ws, habit: Habit) -> list[Hint]:
    return [hint for hint in hints.hints(ws) if hint.habit is habit]


def session(ws, name: str = "Clean up") -> BlockRef:
    return tasks.create_task(ws, name, "script").ref


def model(ws) -> BlockRef:
    with ws.db.write() as transaction:
        number = mapping.add(
            transaction,
            Model,
            name="Finder",
            number=1,
            framework="",
            classes=(),
            tree="0" * 64,
            size=1,
            files=1,
            task_id=None,
            version_id=None,
            created_at=1,
            created_by=ws.user.id,
            info={},
        )
    return BlockRef(BlockKind.MODEL, number)


def add_picture(ws, coins, name: str) -> None:
    from PIL import Image

    Image.new("RGB", (8, 8), "white").save(Path(projects.get_project(ws, coins.id).folder) / name)


def read_state(ws, coins, task: BlockRef) -> BlockRef:
    ref = workflow.project_ref(ws, coins.id, task_id=task.id)
    workflow.record_input(ws, task.id, ref)
    return ref


def test_a_clean_workspace_has_no_hint(ws) -> None:
    assert hints.hints(ws) == ()


def test_a_version_without_description_is_told_until_it_has_one(ws, coins) -> None:
    version = versions.create_version(ws, coins.id)
    (hint,) = hints.hints(ws)
    assert (hint.id, hint.about) == (f"no-description/{version.ref}", version.ref)
    assert hint.sentence == "Version 1 of Coins has no description."
    with pytest.raises(UserError, match="--text"):
        hints.mend(ws, hint.id)
    hints.mend(ws, hint.id, "All coins of the first box.")
    assert versions.get_version(ws, version.id).description == "All coins of the first box."
    assert hints.hints(ws) == ()


def test_deleted_versions_and_removed_projects_are_left_alone(ws, coins) -> None:
    versions.create_version(ws, coins.id)
    assert len(hints.hints(ws)) == 1
    projects.remove_project(ws, projects.plan_remove(ws, coins.id))
    assert hints.hints(ws) == ()


def test_a_dataset_without_its_project_is_mended_by_a_link(ws, coins) -> None:
    version = versions.create_version(ws, coins.id, description="All")
    with ws.db.read() as connection:
        dataset = mapping.find(connection, Dataset)[0]
    task = session(ws)
    workflow.record_input(ws, task.id, BlockRef(BlockKind.DATASET, dataset.id))
    (hint,) = given(ws, Habit.NO_PROJECT)
    assert (hint.about, hint.mend, hint.target) == (task, Mend.LINK, version.ref)
    hints.mend(ws, hint.id)
    assert not given(ws, Habit.NO_PROJECT)
    assert (version.ref, task) in {(x.source, x.target) for x in workflow.graph(ws).links}


def test_a_state_that_was_read_and_never_saved_is_told(ws, coins) -> None:
    task = session(ws)
    ref = read_state(ws, coins, task)
    (hint,) = given(ws, Habit.NEVER_SAVED)
    assert hint.subjects == (ref, task)
    assert "never saved" in hint.sentence
    hints.mend(ws, hint.id)
    assert [v.version.number for v in versions.list_versions(ws, coins.id)] == [1]


def test_a_version_that_was_read_is_no_hint(ws, coins) -> None:
    versions.create_version(ws, coins.id, description="All")
    task = session(ws)
    assert read_state(ws, coins, task).kind is BlockKind.VERSION
    assert hints.hints(ws) == ()


def test_a_state_that_was_written_over_is_told_once(ws, coins) -> None:
    versions.create_version(ws, coins.id, description="All")
    add_picture(ws, coins, "new.png")
    task = session(ws)
    ref = read_state(ws, coins, task)
    assert ref.kind is BlockKind.STATE
    add_picture(ws, coins, "newer.png")
    left = workflow.project_ref(ws, coins.id, task_id=task.id)
    assert left != ref
    workflow.record_output(ws, task.id, left)
    (hint,) = hints.hints(ws)
    assert (hint.habit, hint.subjects) == (Habit.OVERWROTE, (task, ref))
    assert "state 1.1 of Coins" in hint.sentence
    hints.mend(ws, hint.id, "Before cleaning")
    assert not given(ws, Habit.OVERWROTE)


def test_one_session_that_did_everything_is_told_until_it_is_described(ws, coins) -> None:
    version = versions.create_version(ws, coins.id, description="All")
    task = session(ws, "Everything")
    workflow.record_output(ws, task.id, version.ref)
    assert not given(ws, Habit.ALL_IN_ONE)
    workflow.record_output(ws, task.id, model(ws))
    (hint,) = given(ws, Habit.ALL_IN_ONE)
    assert "Everything made " in hint.sentence
    assert "a model" in hint.sentence
    hints.mend(ws, hint.id, "Imports, cleans, trains.")
    assert not given(ws, Habit.ALL_IN_ONE)


def test_a_dismissed_hint_stays_away_after_a_restart_and_comes_back_by_undo(ws, coins) -> None:
    versions.create_version(ws, coins.id)
    (hint,) = hints.hints(ws)
    edit = hints.dismiss(ws, hint.id)
    assert hints.hints(ws) == ()
    again = open_workspace(ws.path)
    try:
        assert hints.hints(again) == ()
        (kept,) = hints.hints(again, dismissed=True)
        assert (kept.id, kept.dismissed) == (hint.id, True)
    finally:
        again.close()
    arrange.revert_edit(ws, Scope(), edit)
    assert hints.hints(ws) == (hint,)
    arrange.repeat_edit(ws, Scope(), edit)
    assert hints.hints(ws) == ()
    hints.dismiss(ws, hint.id, restore=True)
    assert hints.hints(ws) == (hint,)


def test_a_hint_that_is_not_there_cannot_be_dismissed(ws) -> None:
    with pytest.raises(UserError, match="There is no hint “no-description/version:9”"):
        hints.dismiss(ws, "no-description/version:9")
