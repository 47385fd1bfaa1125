"""Charts: what they draw, say in words, show under the pointer, and how they take another theme."""

import subprocess
import sys

import pytest
from PySide6.QtCore import QPoint, Qt

from clew.gui.charts.series import (
    POINTS,
    BarSeries,
    CurveSeries,
    Point,
    class_colours,
    pareto_front,
    resample,
    series_colours,
    value_at,
)
from clew.gui.theme import load_theme
from clew.model.evaluation import Curve

pytestmark = pytest.mark.qt_log_ignore("propagateSizeHints")  # the offscreen platform says so of any window
LIGHT, DARK = load_theme("light"), load_theme("dark")


def falling(n: int) -> Curve:
    return Curve(tuple(i / (n - 1) for i in range(n)), tuple(1 - i / (n - 1) for i in range(n)))


@pytest.fixture
def on_screen(qtbot):
    def put(chart, width=460, height=230):
        qtbot.addWidget(chart)
        chart.resize(width, height)
        with qtbot.waitExposed(chart):
            chart.show()
        return chart

    return put


def test_resampling_keeps_both_ends_and_short_curves_whole() -> None:
    long = resample(falling(30_000))
    assert len(long.x) == len(long.y) == POINTS
    assert (long.x[0], long.x[-1], long.y[-1]) == (0.0, 1.0, 0.0)
    assert list(long.x) == sorted(long.x)
    assert resample(falling(7)) == falling(7)
    assert resample(Curve((), ())) == Curve((), ())


def test_the_value_at_a_place_ends_with_the_curve() -> None:
    curve = Curve((0.0, 0.25, 0.5), (1.0, 0.8, 0.4))
    assert value_at(curve, 0.2) == 0.8
    assert value_at(curve, 0.5) == 0.4
    assert value_at(curve, 0.6) is None
    assert value_at(Curve((), ()), 0.3) is None


def test_the_front_holds_what_nothing_beats_in_both() -> None:
    slow_bad, slow_good, fast, tie = (
        Point("slow bad", LIGHT.text, 30, 0.4),
        Point("slow good", LIGHT.text, 30, 0.6),
        Point("fast", LIGHT.text, 10, 0.5),
        Point("tie", LIGHT.text, 40, 0.6),
    )
    assert [p.name for p in pareto_front((slow_bad, tie, slow_good, fast))] == ["fast", "slow good"]


def test_the_baseline_is_grey_and_eight_reports_have_eight_colours() -> None:
    colours = [c.name() for c in series_colours(LIGHT, 8, baseline=2)]
    assert colours[2] == LIGHT.faint.name()
    assert len(set(colours)) == 8
    assert len({c.name() for c in class_colours(DARK, 40)}) == 40


def test_curves_are_one_item_each_resampled_and_described(on_screen) -> None:
    from clew.gui.charts.curves import CurveChart

    chart = on_screen(CurveChart(LIGHT))
    series = tuple(CurveSeries(f"model {i}", LIGHT.project, falling(30_000)) for i in range(8))
    chart.set_series((*series, CurveSeries("empty", LIGHT.bad, Curve((), ()))))
    assert len(chart._items) == 8
    assert all(len(item.getData()[0]) == POINTS for item in chart._items)
    assert "model 7" in chart.accessibleDescription() and "empty" not in chart.accessibleDescription()
    chart.set_series(())
    assert chart._items == []
    assert chart.accessibleDescription() == "There are no curves."


def test_the_pointer_reads_every_curve(on_screen) -> None:
    from clew.gui.charts.curves import CurveChart

    chart = on_screen(CurveChart(LIGHT))
    chart.set_series(
        (
            CurveSeries("A & B", LIGHT.project, falling(101)),
            CurveSeries("short", LIGHT.bad, Curve((0.0, 0.2), (1.0, 0.9))),
        )
    )
    chart.pointed.emit(0.5, 0.5)
    assert chart.readout.isVisible()
    said = chart.readout.text()
    assert "A &amp; B" in said and "0.500" in said and "–" in said
    chart.hide_readout()
    assert chart.readout.isHidden() and not chart._marker.isVisible()


def test_another_theme_keeps_the_data_and_changes_the_ground(on_screen) -> None:
    from clew.gui.charts.curves import CurveChart

    chart = on_screen(CurveChart(LIGHT))
    chart.set_series((CurveSeries("one", LIGHT.project, falling(50)),))
    assert chart.grab().toImage().pixelColor(3, 3).name() == LIGHT.bg.name()
    chart.set_theme(DARK)
    assert chart.grab().toImage().pixelColor(3, 3).name() == DARK.bg.name()
    assert len(chart._items) == 1


def test_bars_leave_gaps_for_what_is_undefined(on_screen) -> None:
    from clew.gui.charts.bars import BarChart

    chart = on_screen(BarChart(LIGHT, "AP"))
    chart.set_series(
        ("gold", "lead"),
        (BarSeries("a", LIGHT.faint, (0.5, None)), BarSeries("b", LIGHT.project, (0.6, 0.7))),
    )
    assert [len(item.opts["x0"]) for item in chart._items] == [1, 2]
    assert "lead undefined" in chart.accessibleDescription()
    assert chart.all_fit
    chart.pointed.emit(1.1, 0.2)
    assert "lead" in chart.readout.text() and "–" in chart.readout.text() and "0.700" in chart.readout.text()
    chart.pointed.emit(7.0, 0.2)
    assert chart.readout.isHidden()


def test_many_classes_are_reached_by_dragging_and_their_names_never_touch(on_screen) -> None:
    from PySide6.QtGui import QFontMetricsF

    from clew.gui.charts.bars import BarChart
    from clew.gui.fonts import ui_font

    chart = on_screen(BarChart(LIGHT, "AP"))
    names = tuple(f"a class with a long name {i}" for i in range(80))
    chart.set_series(names, (BarSeries("a", LIGHT.project, (0.5,) * 80),))
    assert not chart.all_fit
    assert "80 classes" in chart._more.text()
    (low, high), _ = chart.view.viewRange()
    room = chart.view.width() / (high - low)
    ticks = chart.plot.getAxis("bottom")._tickLevels[0]
    metrics = QFontMetricsF(ui_font(11))
    assert ticks and all(metrics.horizontalAdvance(text) <= room for _, text in ticks)


def test_a_scatter_says_its_points_and_stands_being_empty(on_screen) -> None:
    from clew.gui.charts.scatter import ScatterChart

    chart = on_screen(ScatterChart(LIGHT))
    chart.set_points((Point("forest", LIGHT.faint, 21.4, 0.39), Point("YOLO", LIGHT.accent, 34.8, 0.447)))
    assert (
        chart.accessibleDescription()
        == "forest: 21.4 ms per picture, 0.390. YOLO: 34.8 ms per picture, 0.447."
    )
    chart.set_points((Point("forest", LIGHT.faint, 0.0, 0.0),))
    chart.set_points(())
    assert chart._items == []


def test_a_confusion_cell_is_clicked_and_said_in_words(on_screen, qtbot) -> None:
    from clew.gui.charts.confusion import ConfusionChart, cell_words

    names = ("gold", "lead", "background")
    counts = ((9, 1, 0), (0, 5, 2), (3, 0, 0))
    chart = on_screen(ConfusionChart(LIGHT), 420, 200)
    chart.set_matrix(counts, names)
    assert cell_words(names, counts, 0, 0) == "9 gold found"
    assert cell_words(names, counts, 0, 1) == "1 gold found as lead"
    assert cell_words(names, counts, 1, 2) == "2 lead missed"
    assert cell_words(names, counts, 2, 0) == "3 gold found where nothing is"
    middle = chart.mapFromScene(chart.view.mapViewToScene(_point(1.5, 0.5)))
    with qtbot.waitSignal(chart.cell_clicked) as clicked:
        qtbot.mouseClick(
            chart.viewport(), Qt.MouseButton.LeftButton, pos=QPoint(int(middle.x()), int(middle.y()))
        )
    assert clicked.args == [0, 1]
    picture = chart.grab().toImage()
    right, wrong = (
        picture.pixelColor(int(p.x()) + 12, int(p.y()))
        for p in (chart.mapFromScene(chart.view.mapViewToScene(_point(x, 0.5))) for x in (0.5, 1.5))
    )
    assert right.green() > right.red() and wrong.red() > wrong.green()


def _point(x: float, y: float):
    from PySide6.QtCore import QPointF

    return QPointF(x, y)


def test_counts_are_written_into_the_cells(on_screen) -> None:
    from clew.gui.charts.confusion import ConfusionChart

    def picture(chart, n: int):
        chart.set_matrix(((n, 0), (0, 0)), ("gold", "background"))  # the shade says shares, so it stays
        return chart.grab().toImage()

    large = on_screen(ConfusionChart(LIGHT), 420, 200)
    assert picture(large, 7) != picture(large, 8)


def test_pages_load_the_chart_library_only_when_they_show_something() -> None:
    code = (
        "import sys; import clew.gui.compare.page, clew.gui.diff.page, clew.gui.report.page;"
        "import clew.gui.inspector.inspector; sys.exit('pyqtgraph' in sys.modules)"
    )
    assert subprocess.run([sys.executable, "-c", code], check=False).returncode == 0
