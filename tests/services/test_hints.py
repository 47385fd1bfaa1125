"""Hints about good habits: given where the habit is missing, mended by their action, dismissed for good."""

from pathlib import Path

import pytest

from clew.base.errors import UserError
from clew.db import mapping
from clew.model.entities import Dataset, FileEntry, Model, Report, State, TaskStatus
from clew.model.hints import Habit, Hint, Mend, grouped
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


def session(
    ws, name: str = "Clean up", kind: str = "script", status: TaskStatus = TaskStatus.DONE
) -> BlockRef:
    """A task that is over, unless another status is given; what it read and made may be recorded later."""
    ref = tasks.create_task(ws, name, kind, status=TaskStatus.RUNNING).ref
    if status.over:
        tasks.finish_task(ws, ref.id, status)
    return ref


def model(ws, number: int = 1, *, version_id: int | None = None) -> BlockRef:
    with ws.db.write() as transaction:
        id_ = mapping.add(
            transaction,
            Model,
            name="Finder",
            number=number,
            framework="",
            classes=(),
            tree="0" * 64,
            size=1,
            files=1,
            task_id=None,
            version_id=version_id,
            created_at=1,
            created_by=ws.user.id,
            info={},
        )
    return BlockRef(BlockKind.MODEL, id_)


def report(ws, about: BlockRef, version, value: float, split: str = "val") -> None:
    with ws.db.write() as transaction:
        mapping.add(
            transaction,
            Report,
            name="Report",
            model_id=about.id,
            version_id=version.id,
            task_id=None,
            split=split,
            metrics={"map": value},
            tree="0" * 64,
            created_at=1,
            created_by=ws.user.id,
        )


def used_version(ws, coins, **said: str):
    """A version that a task read."""
    version = versions.create_version(ws, coins.id, **said)
    workflow.record_input(ws, session(ws, "Train", "train").id, version.ref)
    return version


def add_picture(ws, coins, name: str) -> None:
    from PIL import Image

    Image.new("RGB", (8, 8), "white").save(Path(projects.get_project(ws, coins.id).folder) / name)


def read_state(ws, coins, task: BlockRef) -> BlockRef:
    ref = workflow.project_ref(ws, coins.id, task_id=task.id)
    workflow.record_input(ws, task.id, ref)
    return ref


def test_a_clean_workspace_has_no_hint(ws) -> None:
    assert hints.hints(ws) == ()


def test_a_version_in_use_without_a_word_is_told_until_it_has_one(ws, coins) -> None:
    version = versions.create_version(ws, coins.id)
    assert hints.hints(ws) == ()  # nothing hangs on it yet
    workflow.record_input(ws, session(ws).id, version.ref)
    (hint,) = hints.hints(ws)
    assert (hint.id, hint.about) == (f"no-description/{version.ref}", version.ref)
    assert hint.sentence == "Version 1 of Coins is in use and has no description."
    with pytest.raises(UserError, match="--text"):
        hints.mend(ws, hint.id)
    hints.mend(ws, hint.id, "All coins of the first box.")
    assert versions.get_version(ws, version.id).description == "All coins of the first box."
    assert hints.hints(ws) == ()


def test_a_version_with_a_title_of_a_person_or_an_app_is_left_alone(ws, coins) -> None:
    used_version(ws, coins, title="Before Quick trainer")
    assert hints.hints(ws) == ()


def test_deleted_versions_and_removed_projects_are_left_alone(ws, coins) -> None:
    used_version(ws, coins)
    assert len(hints.hints(ws)) == 1
    projects.remove_project(ws, projects.plan_remove(ws, coins.id))
    assert hints.hints(ws) == ()


def test_of_many_models_only_the_best_and_those_in_use_are_told(ws, coins) -> None:
    version = used_version(ws, coins, title="All")
    made = [model(ws, number) for number in (1, 2, 3)]
    report(ws, made[0], version, 0.5)
    assert hints.hints(ws) == ()  # the only one is no best
    report(ws, made[1], version, 0.7)
    report(ws, made[2], version, 0.6)
    workflow.record_input(ws, session(ws, "Evaluate", "evaluate").id, made[2])
    (best,) = hints.hints(ws)
    assert (best.about, best.sentence) == (
        made[1],
        "Finder, version 2, is the best on Coins and has no description.",
    )
    workflow.record_input(ws, session(ws, "Try it on the phone").id, made[0])
    assert [hint.about for hint in hints.hints(ws)] == [made[1], made[0]]
    hints.mend(ws, best.id, "Larger pictures helped.")
    (used,) = hints.hints(ws)
    assert used.sentence == "The model Finder, version 1, is in use and has no description."


def test_a_dataset_without_its_project_is_mended_by_a_link(ws, coins) -> None:
    version = versions.create_version(ws, coins.id, description="All")
    task = session(ws, status=TaskStatus.RUNNING)
    workflow.record_input(ws, task.id, dataset_of(ws))
    assert not given(ws, Habit.NO_PROJECT)  # it may still say which project it reads
    tasks.finish_task(ws, task.id, TaskStatus.DONE)
    (hint,) = given(ws, Habit.NO_PROJECT)
    assert (hint.about, hint.mend, hint.target) == (task, Mend.LINK, version.ref)
    hints.mend(ws, hint.id)
    assert not given(ws, Habit.NO_PROJECT)
    assert (version.ref, task) in {(x.source, x.target) for x in workflow.graph(ws).links}


def test_a_dataset_of_a_project_that_was_never_saved_is_mended_by_a_version(ws, coins) -> None:
    task = session(ws)
    workflow.record_input(ws, task.id, dataset_of(ws))
    (hint,) = given(ws, Habit.NO_PROJECT)
    assert (hint.mend, hint.target) == (Mend.VERSION, PROJECT)
    assert hints.mend(ws, hint.id) == "Saved version 1 and linked it"
    assert not given(ws, Habit.NO_PROJECT)


def test_a_dataset_beside_its_project_and_that_of_a_failed_task_are_left_alone(ws, coins) -> None:
    version = versions.create_version(ws, coins.id, description="All")
    both, failed = session(ws), session(ws, status=TaskStatus.FAILED)
    for ref in (dataset_of(ws), version.ref):
        workflow.record_input(ws, both.id, ref)
    workflow.record_input(ws, failed.id, dataset_of(ws))
    assert hints.hints(ws) == ()


def dataset_of(ws) -> BlockRef:
    with ws.db.read() as connection:
        return BlockRef(BlockKind.DATASET, mapping.find(connection, Dataset)[0].id)


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


def test_a_project_that_was_read_is_told_until_its_first_version(ws, coins) -> None:
    workflow.record_input(ws, session(ws).id, PROJECT)
    (hint,) = hints.hints(ws)
    assert (hint.about, hint.mend) == (PROJECT, Mend.VERSION)
    assert hints.mend(ws, hint.id) == "Saved version 1"
    assert hints.hints(ws) == ()


def test_what_a_failed_task_read_and_what_was_given_back_unchanged_are_left_alone(ws, coins) -> None:
    versions.create_version(ws, coins.id, description="All")
    add_picture(ws, coins, "new.png")
    read_state(ws, coins, session(ws, status=TaskStatus.FAILED))
    assert hints.hints(ws) == ()
    task = session(ws)
    workflow.record_output(ws, task.id, read_state(ws, coins, task))
    assert not given(ws, Habit.OVERWROTE)


def test_a_state_whose_content_was_reclaimed_can_be_mended_by_nobody(ws, coins) -> None:
    ref = read_state(ws, coins, session(ws))
    assert len(hints.hints(ws)) == 1
    with ws.db.write() as transaction:
        mapping.change(transaction, State, ref.id, tree="0" * 64)
    assert hints.hints(ws) == ()


def test_one_session_that_did_everything_is_told_until_it_is_described(ws, coins) -> None:
    version = versions.create_version(ws, coins.id, description="All")
    task = session(ws, "Everything")
    workflow.record_output(ws, task.id, version.ref)
    assert not given(ws, Habit.ALL_IN_ONE)
    workflow.record_output(ws, task.id, model(ws, version_id=version.id))
    (hint,) = given(ws, Habit.ALL_IN_ONE)
    assert hint.sentence == "Everything made data and a model in one session."
    hints.mend(ws, hint.id, "Imports, cleans, trains.")
    assert not given(ws, Habit.ALL_IN_ONE)


def test_weights_that_were_recorded_as_a_file_are_a_model_too(ws, coins) -> None:
    version = versions.create_version(ws, coins.id, description="All")
    task = session(ws, "Everything")
    workflow.record_output(ws, task.id, version.ref)
    workflow.record_output(ws, task.id, weights(ws, "notes.txt", model_weight=False))
    assert not given(ws, Habit.ALL_IN_ONE)
    workflow.record_output(ws, task.id, weights(ws, "best.pt", model_weight=True))
    assert len(given(ws, Habit.ALL_IN_ONE)) == 1


def weights(ws, name: str, *, model_weight: bool) -> BlockRef:
    made = {"created_at": 1, "created_by": ws.user.id, "model_weight": model_weight}
    with ws.db.write() as transaction:
        id_ = mapping.add(
            transaction, FileEntry, name=name, path=name, size=1, hash="0" * 64, is_dir=False, **made
        )
    return BlockRef(BlockKind.FILE, id_)


def test_a_training_that_reports_and_predicts_did_not_do_everything(ws, coins) -> None:
    read = versions.create_version(ws, coins.id, description="All")
    trainer, script = session(ws, "Trainer", "train"), session(ws, "train.py")
    predictions = projects.create_project(ws, "Predictions")
    for number, task in enumerate((trainer, script), 1):
        workflow.record_input(ws, task.id, read.ref)
        workflow.record_output(ws, task.id, model(ws, number, version_id=read.id))
        workflow.record_output(ws, task.id, BlockRef(BlockKind.PROJECT, predictions.id))
    assert hints.hints(ws) == ()


def test_hints_of_one_habit_are_one_group_and_dismissed_together(ws, coins) -> None:
    version = used_version(ws, coins, title="All")
    for number in (1, 2, 3):
        workflow.record_input(ws, session(ws, "Ship", "export").id, model(ws, number))
    (group,) = grouped(hints.hints(ws))
    assert (group.sentence, len(group.hints)) == ("3 models have no description.", 3)
    assert version.ref not in {hint.about for hint in group.hints}
    with pytest.raises(UserError, match="one by one"):
        hints.mend(ws, group.id, "All of them")
    edit = hints.dismiss(ws, group.id)
    assert edit.label == "Dismiss 3 hints"
    assert hints.hints(ws) == ()
    arrange.revert_edit(ws, Scope(), edit)
    assert grouped(hints.hints(ws)) == (group,)


def test_progress_of_a_task_leaves_its_marks_as_they_are(ws) -> None:
    task = session(ws, "Train", "train", TaskStatus.RUNNING)
    before = hints.task_marks(ws, [task.id])
    tasks.set_progress(ws, task.id, 0.5, "Epoch 3")
    tasks.set_metric(ws, task.id, loss=0.1)
    assert hints.task_marks(ws, [task.id]) == before
    tasks.finish_task(ws, task.id, TaskStatus.DONE)
    assert hints.task_marks(ws, [task.id]) != before


def test_a_dismissed_hint_stays_away_after_a_restart_and_comes_back_by_undo(ws, coins) -> None:
    used_version(ws, coins)
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
