"""Reports side by side: tables, exports, the page and the dialog over a real workspace."""

import csv
import io
import json

import pytest

from clew.base.words import measured
from clew.gui.compare.dialog import CompareDialog
from clew.gui.compare.disagree import disagreements
from clew.gui.compare.export import to_csv, to_json, to_markdown
from clew.gui.compare.page import ComparePage
from clew.gui.compare.rows import best_report, difference_table, metric_table
from clew.gui.theme import load_theme
from clew.model.evaluation import (
    METRICS,
    Compared,
    Comparison,
    Curve,
    DifferenceRow,
    Evaluation,
    MetricRow,
)

pytestmark = pytest.mark.qt_log_ignore("propagateSizeHints")  # the offscreen platform says so of any window
LIGHT = load_theme("light")


def evaluated(per_image=(), **metrics) -> Evaluation:
    return Evaluation(metrics, (), Curve((0.0, 1.0), (1.0, 0.5)), {}, (), (), 2, 4, 4, tuple(per_image))


def row(key: str, values, better, best) -> MetricRow:
    label = {k: text for k, text, _ in METRICS}.get(key, key)
    base = values[0]
    differences = tuple(None if v is None or base is None else v - base for v in values)
    return MetricRow(key, label, tuple(values), differences, tuple(better), best)


@pytest.fixture
def comparison() -> Comparison:
    return Comparison(
        (
            Compared(
                11,
                "old | one",
                evaluated([("a.jpg", 1, 0, 3), ("b.jpg", 2, 0, 0)], map=0.4, inference_ms=20.0),
            ),
            Compared(
                12, "new", evaluated([("a.jpg", 4, 0, 0), ("b.jpg", 2, 0, 0)], map=0.5, inference_ms=30.0)
            ),
        ),
        0,
        (
            row("map", (0.4, 0.5), (0, 1), 1),
            row("ap50", (0.7, 0.7), (0, 0), 0),
            row("confidence", (0.3, 0.6), (0, 0), None),
            row("recall", (None, 0.5), (0, 0), 1),
            row("inference_ms", (20.0, 30.0), (0, -1), 0),
        ),
        (row("gold", (0.4, None), (0, 0), 0),),
        (DifferenceRow("App", ("Quick trainer", "Quick trainer")), DifferenceRow("Size", ("320", "640"))),
        "different data",
        ("They saw different data.",),
    )


def test_differences_are_green_when_better_red_when_worse_and_grey_without_direction(comparison) -> None:
    columns, rows = metric_table(comparison, LIGHT, None)
    assert [c.title for c in columns] == ["Metric", "old | one", "new", "Difference"]
    assert (columns[1].chip, columns[2].chip) == ("baseline", "")
    last = {cells[0].text: (cells[-1].text, cells[-1].tone) for cells in rows}
    assert last["mAP"] == ("+0.100", "good")
    assert last["AP50"] == ("0.000", "dim")
    assert last["Best confidence"] == ("+0.300", "dim")
    assert last["Recall"] == ("–", "dim")
    assert last["Inference, ms per picture"] == ("+10.0", "bad")
    bars = {cells[0].text: cells[-1].bar for cells in rows}
    assert bars["Inference, ms per picture"] == pytest.approx(0.5)
    assert 0 < bars["mAP"] <= 1 and bars["Recall"] == 0
    assert [c.bold for c in rows[0]][1:3] == [False, True]
    assert rows[3][1].text == "–"


def test_only_differences_leaves_out_what_reads_alike(comparison) -> None:
    _, rows = metric_table(comparison, LIGHT, None, only_differences=True)
    assert "AP50" not in [cells[0].text for cells in rows] and len(rows) == 4
    _, inputs = difference_table(comparison, only_differences=True)
    assert [[c.text for c in cells] for cells in inputs] == [["Size", "320", "640"]]
    assert [c.tone for c in inputs[0]] == ["", "", "accent"]


def test_values_can_be_written_as_differences(comparison) -> None:
    _, rows = metric_table(comparison, LIGHT, None, signed=True)
    assert (rows[0][1].text, rows[0][2].text, rows[0][2].tone) == ("0.400", "+0.100", "good")
    assert rows[4][2].text == "+10.0" and rows[4][2].tone == "bad"


def test_one_report_has_no_difference_and_the_baseline_is_never_its_own_best(comparison) -> None:
    alone = Comparison(comparison.reports[:1], 0, (row("map", (0.4,), (0,), 0),), (), (), "x")
    columns, rows = metric_table(alone, LIGHT, None)
    assert len(columns) == 2 and len(rows[0]) == 2
    assert best_report(alone) is None
    assert best_report(comparison) == 1
    assert measured("inference_ms", None) == "–"


def test_exports_can_be_read_again(comparison) -> None:
    lines = list(csv.reader(io.StringIO(to_csv(comparison))))
    assert lines[0] == ["table", "row", "old | one", "new"]
    assert ["metric", "mAP", "0.4", "0.5"] in lines
    assert ["metric", "Recall", "", "0.5"] in lines
    assert ["ap by class", "gold", "0.4", ""] in lines
    data = json.loads(to_json(comparison))
    assert [r["id"] for r in data["reports"]] == [11, 12]
    assert data["metrics"][0]["differences"][1] == pytest.approx(0.1)
    assert data["inputs"][1]["different"] is True
    text = to_markdown(comparison)
    assert "| Metric | old \\| one (baseline) | new |" in text
    assert "| mAP | 0.400 | **0.500 (+0.100)** |" in text
    assert "They saw different data." in text


def test_disagreements_name_the_report_that_is_worst(comparison) -> None:
    found = disagreements(comparison)
    assert [(d.path, d.errors, d.words) for d in found] == [("a.jpg", (3, 0), "old | one: 3 missed")]


@pytest.fixture
def page(shared_world, ops, state, show, settled):
    made = show(ComparePage(shared_world.ws, ops, state), 1393, 949)
    made.show_reports(tuple(r.id for r in shared_world.reports))
    settled(lambda: made.view.comparison is not None)
    return made


def titles(page) -> list[str]:
    return [c.title for c in page.view.metrics.flat.columns]


def test_the_page_shows_three_reports(page, shared_world, unnamed) -> None:
    assert page.header.title.text() == "Compare 3 models"
    assert titles(page)[1:] == ["forest, v1", "forest, v2", "YOLO, v1", "Best vs baseline"]
    rows = {r[0].text: [c.text for c in r] for r in page.view.inputs.flat.rows}
    assert rows["Picture size"][1:] == ["320", "320", "640"]
    assert "Trees" in rows
    assert page.view.pictures.isVisible() and page.view.pictures.shown
    assert len(page.view._made["curves"]._items) == 3
    assert unnamed(page) == []


def test_baseline_removal_and_addition_go_through_the_route(page, shared_world, state, settled) -> None:
    ids = tuple(r.id for r in shared_world.reports)
    entries = dict(page.view.header_entries(1))
    assert list(entries) == [
        "Use as baseline",
        "Show its difference to the baseline",
        "Open report",
        "",
        "Remove from comparison",
    ]
    entries["Use as baseline"]()
    settled(lambda: page.view.comparison.baseline == 1)
    assert state.route.args == {"ids": ids, "baseline": 1}
    assert page.view.metrics.flat.columns[2].chip == "baseline"
    dict(page.view.header_entries(0))["Remove from comparison"]()
    settled(lambda: len(page.view.comparison.reports) == 2)
    assert page.view.comparison.reports[page.view.comparison.baseline].report_id == ids[1]
    assert titles(page)[-1] == "Difference"
    page.add_report(ids[0])
    settled(lambda: len(page.view.comparison.reports) == 3)
    assert page.view.comparison.reports[-1].report_id == ids[0]
    dict(page.view.header_entries(2))["Show its difference to the baseline"]()
    assert titles(page)[-1] == "forest, v1 vs baseline"


def test_toggles_change_the_tables_at_once(page) -> None:
    all_rows = page.view.inputs.flat.rowCount()
    page.only.click()
    assert page.view.inputs.flat.rowCount() < all_rows
    page.signed.click()
    assert page.view.metrics.flat.rows[0][2].text[0] in "+-0"
    assert page.view.metrics.flat.rows[0][2].tone in ("good", "bad", "dim")


def test_another_theme_reaches_tables_and_charts(page, state) -> None:
    state.set_theme("dark")
    assert page.view.metrics.theme.dark
    assert page.view._made["speed"].theme.dark
    assert page.view._made["bars"].series[1].colour == state.theme.project


def test_an_unknown_report_and_no_report_are_sentences(page, settled) -> None:
    page.show_reports((999,))
    settled(page.empty.isVisible)
    assert "999" in page.empty.sentence.text()
    assert not page.export.isEnabled()
    page.show_reports(())
    settled()
    assert page.empty.sentence.text().startswith("Choose two or more reports")


def test_the_page_is_narrowed_without_losing_its_charts(page, qtbot) -> None:
    page.resize(700, 800)
    qtbot.waitUntil(lambda: page.view.charts.y() > page.view.metrics.y() + 100)
    assert page.view.charts.width() <= 700
    assert page.view._made["curves"].isVisibleTo(page)


def test_export_writes_the_file_that_was_asked_for(
    page, tmp_path, monkeypatch, settled, state, qtbot
) -> None:
    target = tmp_path / "out"
    monkeypatch.setattr(
        "clew.gui.inspector.save.QFileDialog.getSaveFileName", lambda *_args, **_kw: (str(target), "")
    )
    said: list[str] = []
    state.said.connect(said.append)
    for action in page.export.menu().actions():
        action.trigger()
        settled()
    assert said == ["Exported out.csv", "Exported out.md", "Exported out.json", "Exported out.png"]
    assert (tmp_path / "out.png").read_bytes().startswith(b"\x89PNG")
    assert json.loads((tmp_path / "out.json").read_text())["reports"]


def test_the_dialog_keeps_the_route_until_it_is_opened_as_page(
    shared_world, ops, state, show, settled
) -> None:
    ids = tuple(r.id for r in shared_world.reports[:2])
    dialog = show(CompareDialog(shared_world.ws, ops, state, ids))
    settled(lambda: dialog.page.view.comparison is not None)
    dialog.page.set_baseline(1)
    settled(lambda: dialog.page.view.comparison.baseline == 1)
    assert state.route.page == "workflow"
    dialog._open_page()
    assert (state.route.page, state.route.args) == ("compare", {"ids": ids, "baseline": 1})
