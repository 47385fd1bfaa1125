"""Hints in the window: quiet, explained, mended by their button, dismissed and brought back by undo."""

from pathlib import Path

import pytest
from PySide6.QtWidgets import QWidget

from clew.gui.context import Context
from clew.gui.dialogs.fields import FieldsDialog
from clew.gui.dialogs.new_version import NewVersionDialog
from clew.gui.hint_book import hint_book
from clew.gui.history import history
from clew.gui.inspector.hints import GroupCard, HintCard, HintSection
from clew.gui.inspector.inspector import Inspector
from clew.model.entities import Changes, TaskStatus
from clew.model.hints import grouped
from clew.model.refs import BlockKind, BlockRef
from clew.services import hints, projects, tasks, versions, workflow

pytestmark = pytest.mark.qt_log_ignore("propagateSizeHints")  # the offscreen platform says so of any window


@pytest.fixture
def inspect(show, ops, state, settled):
    """The inspector with some blocks chosen, once the hints are read."""

    def one(ws, *refs):
        host = QWidget()
        inspector = Inspector(ws, ops, state, Context(ws, ops, state, host))
        inspector.host = host
        state.select(refs)
        show(inspector, 340, 1000)
        settled(lambda: inspector.shown is not inspector.summary or not refs)
        settled(lambda: hint_book(ws, ops).hints == hints.hints(ws))
        return inspector

    return one


@pytest.fixture
def undescribed(own_world):
    """A version of which nobody said what it is."""
    version = own_world.versions[0]
    versions.update_version(own_world.ws, version.id, title=f"Version {version.number}", description="")
    return version


def cards(inspector) -> list[HintCard]:
    return [card for card in inspector.shown.findChildren(HintCard) if card.isVisible()]


def test_a_hint_says_why_and_is_dismissed_and_undone(own_world, undescribed, inspect, ops, settled) -> None:
    ws = own_world.ws
    inspector = inspect(ws, undescribed.ref)
    (card,) = cards(inspector)
    assert "has no description" in card.hint.sentence
    assert card.hint.why
    assert card.dismiss.accessibleName() == f"Dismiss the hint: {card.hint.sentence}"
    card.dismiss.click()
    settled(lambda: not cards(inspector))
    assert card.hint.id not in {h.id for h in hints.hints(ws)}
    assert not inspector.shown.section(HintSection).isVisible()
    history(ws, ops).undo()
    settled()
    inspector.apply(Changes(1, frozenset({("hint", 0)})))
    settled(lambda: cards(inspector))
    assert card.hint.id in {h.id for h in hints.hints(ws)}


def test_the_button_of_a_hint_opens_what_mends_it(own_world, undescribed, inspect, settled) -> None:
    inspector = inspect(own_world.ws, undescribed.ref)
    (card,) = cards(inspector)
    card.mend.click()
    settled(lambda: inspector.host.findChildren(FieldsDialog))
    (dialog,) = inspector.host.findChildren(FieldsDialog)
    assert dialog.windowTitle() == f"Edit version {undescribed.number}"
    dialog.reject()


def test_a_dataset_alone_is_mended_by_one_click(own_world, inspect, settled) -> None:
    ws = own_world.ws
    task = tasks.create_task(ws, "Count", "script", status=TaskStatus.RUNNING)
    workflow.record_input(ws, task.id, BlockRef(BlockKind.DATASET, 1))
    tasks.finish_task(ws, task.id, TaskStatus.DONE)
    inspector = inspect(ws, task.ref)
    (card,) = cards(inspector)
    assert card.mend.text().startswith("Link version")
    card.mend.click()
    settled(lambda: f"no-project/{task.ref}" not in {h.id for h in hints.hints(ws)})


def test_a_state_and_a_project_that_were_read_open_what_saves_them(own_world, inspect, settled) -> None:
    ws = own_world.ws
    (Path(projects.get_project(ws, own_world.project.id).folder) / "new.txt").write_text("new")
    fresh = projects.create_project(ws, "Fresh finds")
    task = tasks.create_task(ws, "Count", "script", status=TaskStatus.RUNNING)
    state = workflow.project_ref(ws, own_world.project.id)
    for ref in (state, BlockRef(BlockKind.PROJECT, fresh.id)):
        workflow.record_input(ws, task.id, ref)
    for ref, kind in ((state, FieldsDialog), (BlockRef(BlockKind.PROJECT, fresh.id), NewVersionDialog)):
        inspector = inspect(ws, ref)
        (card,) = cards(inspector)
        card.mend.click()
        settled(lambda i=inspector, k=kind: i.host.findChildren(k))
        inspector.host.findChildren(kind)[0].reject()
        settled()


def test_the_workspace_counts_its_hints(own_world, undescribed, inspect, settled, state) -> None:
    inspector = inspect(own_world.ws)
    found = hints.hints(own_world.ws)
    assert undescribed.ref in {h.about for h in found}
    listed = inspector.summary.hints
    settled(listed.isVisible)
    settled(lambda: bool(cards(inspector)))  # a widget that comes into a shown layout is shown a turn later
    assert listed.heading.text() == f"Hints ({len(found):,})"
    alone = [group.hints[0] for group in grouped(found) if len(group.hints) == 1]
    assert [card.hint for card in cards(inspector)] == alone


def test_many_hints_of_one_kind_are_one_that_unfolds(own_world, inspect, settled, ops) -> None:
    ws = own_world.ws
    for version in own_world.versions:
        versions.update_version(ws, version.id, title="", description="")
    inspector = inspect(ws)
    settled(lambda: inspector.shown.findChildren(GroupCard))
    (group,) = (
        card for card in inspector.shown.findChildren(GroupCard) if card.group.id == "no-description/version"
    )
    assert not group.findChildren(HintCard)
    group.unfold.click()
    told = [card.hint for card in group.findChildren(HintCard)]
    assert told == list(group.group.hints)
    assert group.unfold.accessibleName() == f"Fold: {group.group.sentence}"
    group.dismiss.click()
    settled(lambda: not {h.id for h in hints.hints(ws)} & {hint.id for hint in told})
    history(ws, ops).undo()
    settled()
    assert {hint.id for hint in told} <= {h.id for h in hints.hints(ws)}


def test_progress_of_a_task_reads_no_hints_and_its_end_does(
    own_world, undescribed, inspect, settled, ops, monkeypatch
) -> None:
    ws, read = own_world.ws, []
    inspector, book = inspect(ws), hint_book(ws, ops)
    book.apply(Changes(1, frozenset({("task", own_world.running.id)})))
    book._look()  # the first news of a task: nobody knew how it stood
    settled()
    monkeypatch.setattr(hints, "hints", lambda ws: read.append(ws) or ())
    tasks.set_progress(ws, own_world.running.id, 0.7, "Epoch 7")
    inspector.apply(Changes(2, frozenset({("task", own_world.running.id), ("position", 0)})))
    book._look()
    settled()
    assert not read
    tasks.finish_task(ws, own_world.running.id, TaskStatus.DONE)
    inspector.apply(Changes(3, frozenset({("task", own_world.running.id)})))
    book._look()
    settled(lambda: read)
