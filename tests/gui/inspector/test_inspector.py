"""The inspector over a real workspace: every kind of block, live tasks, editing in place."""

import pytest
from PySide6.QtCore import Qt
from PySide6.QtGui import QGuiApplication
from PySide6.QtWidgets import QLabel, QPushButton, QWidget

from clew.gui.context import Context
from clew.gui.inspector.description import DescriptionSection
from clew.gui.inspector.head import HeadSection
from clew.gui.inspector.inspector import PAGES, Inspector
from clew.gui.inspector.log import LogSection
from clew.gui.inspector.sections import (
    ChangeSection,
    CurveSection,
    FactsSection,
    FilesSection,
    LinksSection,
    OutcomeSection,
    PreviewSection,
    StoredSection,
)
from clew.model.entities import Changes, TaskStatus
from clew.model.refs import BlockKind, BlockRef
from clew.model.view import Scope
from clew.services import tasks, versions

pytestmark = pytest.mark.qt_log_ignore("propagateSizeHints")  # the offscreen platform says so of any window


@pytest.fixture
def inspect(show, ops, state, settled):
    """Show a block of a world: the inspector and the page of its kind."""

    def one(ws, *refs, width=340, height=1000):
        inspector = Inspector(ws, ops, state, Context(ws, ops, state, QWidget()))
        state.select(refs)
        show(inspector, width, height)
        settled(lambda: inspector.shown is not inspector.summary or not refs)
        return inspector, inspector.shown

    return one


def texts(widget) -> str:
    return "\n".join(label.text() for label in widget.findChildren(QLabel) if not label.isHidden())


def buttons(widget) -> list[str]:
    return [b.text() for b in widget.findChildren(QPushButton) if b.isVisible()]


def test_every_kind_of_block_has_a_page_that_begins_with_its_head() -> None:
    assert set(PAGES) == set(BlockKind)
    assert all(sections[0] is HeadSection for sections in PAGES.values())


def test_a_version_shows_what_changed_pictures_and_hash(shared_world, inspect, state, qtbot) -> None:
    second = shared_world.versions[1]
    _, page = inspect(shared_world.ws, second.ref)
    head = page.section(HeadSection)
    assert (head.caption.text(), head.name.text()) == ("Project, version 2", "Coin finds")
    assert head.subtitle.text().startswith("Saved today")
    assert buttons(head)[:3] == ["Restore", "Download", "Compare"]
    assert {a.label for a in head.in_menu} >= {"Delete"}
    changes = page.section(ChangeSection)
    assert changes.heading.text() == "What changed since version 1"
    rows = {row[0].text: [(c.text, c.tone) for c in row[1:]] for row in changes.table.flat.rows}
    assert rows["Pictures"] == [("14", ""), ("17", ""), ("+3", "good")]
    assert rows["Boxes"][2] == ("+9", "good")
    assert rows["copper"][2][0].startswith("+")
    assert rows["Edited annotations"] == [("", ""), ("3", ""), ("3", "dim")]
    assert rows["Removed pictures"][1][0] == "1"
    assert page.section(FactsSection).isHidden()
    assert page.section(PreviewSection).isVisible()
    stored = page.section(StoredSection)
    assert stored.hash.text() == f"blake3 {second.tree[:8]}…{second.tree[-4:]}"
    with qtbot.waitSignal(state.said) as said:
        stored.hash.click()
    assert said.args == ["Copied the hash"]
    assert QGuiApplication.clipboard().text() == second.tree
    with qtbot.waitSignal(state.routed):
        changes.open.click()
    assert (state.route.page, state.route.args) == (
        "diff",
        {"project": shared_world.project.id, "old": 1, "new": 2},
    )


def test_the_first_version_shows_its_counts_instead_of_changes(shared_world, inspect) -> None:
    _, page = inspect(shared_world.ws, shared_world.versions[0].ref)
    assert page.section(ChangeSection).isHidden()
    facts = dict(page.section(FactsSection).facts.rows)
    assert facts["Items"] == "14" and facts["Objects"] == "42"
    assert "Title" not in facts
    assert page.section(DescriptionSection).version_title.text() == "Baseline"


def test_a_deleted_version_offers_only_the_way_back(own_world, inspect) -> None:
    second = own_world.versions[1]
    versions.delete_version(own_world.ws, versions.plan_delete(own_world.ws, second.id))
    _, page = inspect(own_world.ws, second.ref)
    head = page.section(HeadSection)
    assert head.name.text() == "deleted"
    assert "Version 2 of Coin finds, deleted today" in head.subtitle.text()
    assert buttons(head)[0] == "Undo delete"
    assert not {"Restore", "Download"} & set(buttons(head))
    assert page.section(StoredSection).isHidden()


def test_a_description_is_edited_where_it_stands(own_world, inspect, settled, qtbot) -> None:
    second = own_world.versions[1]
    inspector, page = inspect(own_world.ws, second.ref)
    section = page.section(DescriptionSection)
    assert section.reader.text().startswith("Gravel pictures added")
    qtbot.mouseClick(section.reader, Qt.MouseButton.LeftButton)
    assert section.editing
    section.editor.setPlainText("thrown away")
    qtbot.keyClick(section.editor, Qt.Key.Key_Escape)
    assert not section.editing
    assert section.reader.text().startswith("Gravel pictures added")
    section.edit()
    section.editor.setPlainText("  Better words  ")
    inspector.apply(
        Changes(1, frozenset({("version", second.id)}))
    )  # news while writing leave the field alone
    settled()
    assert section.editing and section.editor.toPlainText() == "  Better words  "
    qtbot.keyClick(section.editor, Qt.Key.Key_Return, Qt.KeyboardModifier.ControlModifier)
    settled()
    assert versions.get_version(own_world.ws, second.id).description == "Better words"
    assert section.reader.text() == "Better words"


def test_choosing_another_block_saves_what_was_being_written(own_world, inspect, settled, state) -> None:
    _, page = inspect(own_world.ws, own_world.versions[0].ref)
    section = page.section(DescriptionSection)
    section.edit()
    section.editor.setPlainText("First of all")
    state.select((own_world.versions[1].ref,))
    settled(lambda: section.reader.text().startswith("Gravel"))
    first, second = (versions.get_version(own_world.ws, v.id) for v in own_world.versions)
    assert first.description == "First of all"
    assert second.description.startswith("Gravel")


def test_a_running_task_shows_live_progress_and_follows_its_log(own_world, inspect, settled, qtbot) -> None:
    ws, task = own_world.ws, own_world.running
    inspector, page = inspect(ws, task.ref)
    outcome, log = page.section(OutcomeSection), page.section(LogSection)
    assert outcome.status.text() == "62 %, Growing trees"
    assert outcome.bar.value() == 620 and not outcome.bar.isHidden()
    path = tasks.log_file(ws, task.id)
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text("tree 1\n")
    qtbot.waitUntil(lambda: log.text.toPlainText() == "tree 1\n")
    with path.open("a") as stream:
        stream.write("tree 2\n")
    qtbot.waitUntil(lambda: log.text.toPlainText() == "tree 1\ntree 2\n")
    tasks.finish_task(ws, task.id, TaskStatus.DONE, message="Trained on 12 pictures.")
    inspector.apply(Changes(2, frozenset({("task", task.id)})))
    settled(lambda: outcome.status.text() == "Done")
    assert outcome.bar.isHidden()
    assert outcome.notes.text() == "Trained on 12 pictures."
    assert not log.running and not log._timer.isActive()


def test_a_failed_task_says_why_and_what_was_not_recorded(shared_world, inspect) -> None:
    _, page = inspect(shared_world.ws, shared_world.failed.ref)
    outcome = page.section(OutcomeSection)
    assert outcome.status.text() == "Failed"
    assert outcome.failure.text() == "The folder out is full; free some space."
    assert outcome.failure.isVisible()
    assert "1 link not recorded: there is no version 7 of Garden birds" in outcome.notes.text()


def test_a_task_lists_parameters_metrics_inputs_and_outputs(shared_world, inspect, state, settled) -> None:
    task = shared_world.trainings[0]
    inspector, page = inspect(shared_world.ws, task.ref)
    facts = dict(page.section(FactsSection).facts.rows)
    assert facts["Picture size"] == "320" and facts["Loss"] == "0.024"
    links = page.section(LinksSection)
    assert [n.title for n in links.inputs.named] == ["Coin finds"]
    assert {n.ref.kind for n in links.outputs.named} == {BlockKind.MODEL, BlockKind.REPORT}
    links.inputs.findChildren(QPushButton)[0].click()
    assert state.selection == (shared_world.versions[0].ref,)
    settled(lambda: inspector.shown is not page)
    assert inspector.shown.section(HeadSection).caption.text() == "Project, version 1"


def test_a_model_shows_figures_files_and_the_curve_of_its_report(shared_world, inspect, state) -> None:
    _, page = inspect(shared_world.ws, shared_world.models[2].ref)
    facts = dict(page.section(FactsSection).facts.rows)
    assert facts["Trained on"] == "Coin finds, version 2"
    assert float(facts["mAP"]) > 0
    assert [name for name, _ in page.section(FilesSection).facts.rows] == ["forest.bin", "model.json"]
    curve = page.section(CurveSection)
    assert curve.curve.isVisible() and len(curve.curve.curve.x) > 10
    curve.open.click()
    assert (state.route.page, state.route.args) == ("report", {"id": shared_world.reports[2].id})


def test_a_report_offers_to_open_and_compare(shared_world, inspect) -> None:
    _, page = inspect(shared_world.ws, shared_world.reports[0].ref)
    assert buttons(page.section(HeadSection))[:2] == ["Open", "Compare"]
    assert page.section(CurveSection).isVisible()
    assert page.section(CurveSection).open.isHidden()


def test_the_model_of_a_running_training_can_be_looked_at(shared_world, inspect) -> None:
    _, page = inspect(shared_world.ws, BlockRef(BlockKind.MODEL, -shared_world.running.id))
    head = page.section(HeadSection)
    assert head.name.text() == "when training ends"
    assert buttons(head) == []
    assert page.section(DescriptionSection).isHidden()


def test_nothing_chosen_shows_the_scope(shared_world, inspect, state, settled) -> None:
    inspector, page = inspect(shared_world.ws)
    settled(inspector.summary.name.text)
    assert page is inspector.summary
    counts = dict(inspector.summary.facts.rows)
    assert counts["Projects"] == "1" and counts["Models"] == "3"
    assert inspector.summary.newest.named
    state.open("workflow", scope=Scope("project", shared_world.project.id))
    settled(lambda: inspector.summary.caption.text() == "Project")
    assert inspector.summary.name.text() == "Coin finds"
    assert dict(inspector.summary.facts.rows)["Versions"] == "2"


def test_several_reports_compare_in_a_window_of_their_own(shared_world, inspect, qtbot, settled) -> None:
    from clew.gui.compare.dialog import CompareDialog

    inspector, page = inspect(shared_world.ws, *(r.ref for r in shared_world.reports))
    assert page is inspector.several
    assert page.name.text() == "3 blocks chosen"
    assert page.compare.text() == "Compare 3 reports"
    page.compare.click()
    dialog = inspector.findChild(CompareDialog)
    settled(lambda: dialog.page.view.comparison is not None)
    assert [r.label for r in dialog.page.view.comparison.reports] == ["forest, v1", "forest, v2", "YOLO, v1"]
    dialog.close()


def test_two_versions_compare_and_unlike_blocks_do_not(shared_world, inspect, state, settled) -> None:
    one, two = shared_world.versions
    _, page = inspect(shared_world.ws, two.ref, one.ref)
    assert page.compare.text() == "Compare versions 1 and 2"
    page.compare.click()
    assert (state.route.page, state.route.args["old"], state.route.args["new"]) == ("diff", 1, 2)
    state.select((one.ref, shared_world.trainings[0].ref))
    settled(page.compare.isHidden)
    assert len(page.rows.named) == 2
    state.select(tuple(m.ref for m in shared_world.models))
    settled(lambda: page.compare.text() == "Compare 3 models")


def test_a_block_that_is_gone_is_said_in_a_sentence(shared_world, inspect) -> None:
    inspector, page = inspect(shared_world.ws, BlockRef(BlockKind.MODEL, 999))
    assert page is inspector.message
    assert "999" in page.text()


def test_moves_are_no_news_and_a_hidden_inspector_reads_nothing(shared_world, inspect, ops, settled) -> None:
    inspector, _ = inspect(shared_world.ws, shared_world.versions[1].ref)
    inspector.apply(Changes(3, frozenset({("position", 1)})))
    assert ops.idle
    inspector.hide()
    inspector.apply(Changes(4, frozenset({("version", 2)})))
    assert ops.idle
    inspector.show()
    assert not ops.idle  # what it missed is read when it is seen
    settled()


@pytest.mark.parametrize("theme", ["light", "dark"])
def test_every_page_has_names_for_its_controls_and_nothing_wider_than_itself(
    shared_world, inspect, state, settled, unnamed, theme
) -> None:
    state.set_theme(theme)
    inspector, _ = inspect(shared_world.ws, shared_world.versions[1].ref, width=300)
    job = BlockRef(BlockKind.JOB, shared_world.job.id)
    for ref in (shared_world.versions[1].ref, shared_world.failed.ref, shared_world.models[2].ref, job):
        state.select((ref,))
        settled(lambda ref=ref: inspector.shown.section(HeadSection).ref == ref)
        page = inspector.shown
        assert unnamed(page) == []
        assert page.minimumSizeHint().width() <= 300, ref
        assert page.section(HeadSection).caption.text() in texts(page)
