"""The report page: figures, sorting, the pictures behind a cell, the confidence slider."""

import json

import pytest
from PySide6.QtCore import QPoint

from clew.formats.geometry import iou
from clew.gui.report.match import error_words, pair_up
from clew.gui.report.page import ReportPage
from clew.gui.report.rows import to_csv, to_json, worst_first
from clew.model.annotations import Thing

pytestmark = pytest.mark.qt_log_ignore("propagateSizeHints")  # the offscreen platform says so of any window


def box(cls: str, x: float, score: float | None = None, *, crowd: bool = False) -> Thing:
    return Thing(cls, (x, 0.0, 10.0, 10.0), score=score, crowd=crowd)


def test_the_strongest_detection_takes_the_object_and_classes_may_differ() -> None:
    truth = (box("gold", 0), box("lead", 50), box("gold", 200, crowd=True))
    found = (
        box("gold", 1, 0.6),
        box("lead", 0, 0.9),
        box("gold", 100, 0.8),
        box("gold", 200, 0.9),
        box("lead", 51, 0.2),
    )
    pairing = pair_up(truth, found, 0.5)
    assert pairing.has("gold", "lead") and pairing.has(None, "gold") and pairing.has("lead", None)
    assert pairing.count() == (0, 3, 2)  # the one on the crowd counts as neither
    assert pair_up(truth, found, 0.0).count() == (1, 3, 1)
    assert error_words(5, 1, 2) == "2 missed, 1 too many, 5 right"
    assert error_words(0, 0, 0) == "nothing there, nothing found"
    assert iou(truth[0].box, found[1].box) == 1.0


@pytest.fixture
def page(shared_world, ops, state, show, settled):
    made = show(ReportPage(shared_world.ws, ops, state), 1393, 949)
    made.show_report(shared_world.reports[1].id)
    settled(lambda: made.view.pictures.boxes is not None and made.view.pictures.picture.image is not None)
    return made


def test_the_page_says_what_was_measured_on_what(page, shared_world, unnamed) -> None:
    assert page.header.title.text() == shared_world.reports[1].name
    assert page.view.said.text().startswith("6 pictures, 18 objects, ")
    assert page.view.classes.flat.rowCount() == 4
    assert len(page.view._made["curves"]._items) == 1
    assert page.view._made["matrix"].names[-1] == "background"
    assert len(page.compare.menu().actions()) == 2
    assert unnamed(page) == []


def test_classes_sort_by_a_column_and_a_chosen_class_shows_its_curve(page) -> None:
    table = page.view.classes
    table.press_header(3, QPoint())
    figures = [row[3].key for row in table.flat.rows]
    assert figures == sorted(figures, reverse=True)
    table.press_header(3, QPoint())
    assert [row[3].key for row in table.flat.rows] == sorted(figures)
    table.selectRow(0)
    assert [s.name for s in page.view._made["curves"].series] == [table.flat.rows[0][0].text, "All classes"]
    page.view.every.click()
    assert len(page.view._made["curves"].series) == 5


def test_pictures_stand_worst_first_and_agree_with_the_report(page) -> None:
    evaluation = page.loaded.evaluation
    entries = page.view.pictures.list.entries.entries
    assert [e.path for e in entries] == [path for path, *_ in worst_first(evaluation)]
    errors = [extra + missed for _, _, extra, missed in worst_first(evaluation)]
    assert errors == sorted(errors, reverse=True)
    best = evaluation.metrics["confidence"]
    counts = [page.view.pictures._pair(path, best).count() for path, *_ in evaluation.per_image]
    assert sum(right for right, _, _ in counts) == sum(right for _, right, _, _ in evaluation.per_image)


def test_the_slider_leaves_weak_detections_out(page) -> None:
    pictures = page.view.pictures
    pictures.slider.setValue(0)
    everything = [m for m in pictures.picture.marks if m.dashed]
    pictures.slider.setValue(100)
    assert everything and not [m for m in pictures.picture.marks if m.dashed]
    assert pictures.words.text() == "3 missed"
    assert pictures.confidence.text() == "1.00"
    assert all(m.words.endswith(", missed") for m in pictures.picture.marks)


def test_a_cell_of_the_matrix_lists_its_pictures(page) -> None:
    confusion, names = page.loaded.evaluation.confusion, page.loaded.evaluation.confusion_names
    last = len(names) - 1
    row = next(i for i in range(last) if confusion[i][last])
    pictures = page.view.pictures
    whole = pictures.list.entries.rowCount()
    page.view._made["matrix"].cell_clicked.emit(row, last)
    assert f"{confusion[row][last]} {names[row]} missed, in " in pictures.title.text()
    assert 0 < pictures.list.entries.rowCount() <= confusion[row][last]
    assert pictures.all.isVisible()
    pictures.all.click()
    assert pictures.list.entries.rowCount() == whole and pictures.all.isHidden()
    page.view._made["matrix"].cell_clicked.emit(last, last)
    assert page.view.matrix_words.text() == "Nothing there, nothing found: not counted."
    assert pictures.list.entries.rowCount() == whole


def test_a_route_may_name_the_picture_to_begin_with(page, state, settled) -> None:
    from clew.gui.state import Route

    page.show_route(Route("report", {"id": page.report_id, "picture": "val/0503.jpg"}))
    settled(lambda: page.view.pictures.path == "val/0503.jpg")
    assert page.scrolling.verticalScrollBar().value() > 0


def test_compare_with_puts_the_other_first(page, state, shared_world) -> None:
    page.compare.menu().actions()[0].trigger()
    assert state.route.page == "compare"
    assert state.route.args["ids"][1] == shared_world.reports[1].id


def test_an_unknown_report_is_a_sentence(page, settled) -> None:
    page.show_report(999)
    settled(page.empty.isVisible)
    assert "999" in page.empty.sentence.text()


def test_exports_hold_every_class_and_picture(page) -> None:
    text = to_csv(page.loaded.evaluation)
    assert "\ncopper," in text and "\nval/0503.jpg," in text
    assert json.loads(to_json(page.loaded.evaluation))["images"] == 6
