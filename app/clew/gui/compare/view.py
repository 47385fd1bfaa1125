"""What a comparison looks like: two tables and the pictures at the left, three charts at the right."""

from typing import Any

from PySide6.QtCore import QPoint, QRectF, Qt, Signal
from PySide6.QtGui import QFontMetrics, QMouseEvent, QPainter, QPaintEvent
from PySide6.QtWidgets import QSizePolicy, QVBoxLayout, QWidget

from clew.gui.compare.disagree import Disagreement, disagreements
from clew.gui.compare.rows import class_bars, curve_series, difference_table, metric_table, speed_points
from clew.gui.compare.table import FlatTable
from clew.gui.fonts import ui_font
from clew.gui.inspector.parts import TwoColumns, banner, make_menu, say
from clew.gui.ops import Ops
from clew.gui.state import State
from clew.gui.theme import Theme
from clew.gui.widgets.basic import column, label, section
from clew.gui.widgets.paint import paint_cover
from clew.gui.widgets.thumbs import thumbnails
from clew.gui.words import elided
from clew.model.evaluation import Comparison
from clew.model.view import Preview


class ComparisonView(QWidget):
    """One comparison on screen. What the person wants of it comes out as signals."""

    baseline_wanted = Signal(int)  # index of a report
    remove_wanted = Signal(int)
    open_wanted = Signal(int)  # a report to open
    picture_wanted = Signal(int, str)  # index of the report that is worst there, path

    def __init__(self, ws: Any, ops: Ops, state: State) -> None:
        super().__init__()
        self.state = state
        self.comparison: Comparison | None = None
        self.target: int | None = None
        self.only_differences = False
        self.signed = False
        theme = state.theme
        self.warnings = banner()
        self.metrics = FlatTable(theme, "Metrics")
        self.inputs = FlatTable(theme, "What was different")
        self.inputs_title = section("What was different")
        self.nothing = label("Nothing: data, app and parameters are the same.", tone="dim")
        self.pictures_title = section("Where they disagree")
        self.pictures = DisagreementStrip(ws, ops, state)
        self.pictures.picked.connect(self.picture_wanted)
        self.metrics.header_clicked.connect(self._header_menu)
        self.charts = QWidget()
        self._chart_column = QVBoxLayout(self.charts)
        self._chart_column.setContentsMargins(0, 6, 0, 0)
        self._chart_column.setSpacing(6)
        self._made: dict[str, Any] = {}
        left = QWidget()
        left.setLayout(
            column(
                self.warnings,
                6,
                self.metrics,
                16,
                self.inputs_title,
                self.inputs,
                self.nothing,
                16,
                self.pictures_title,
                self.pictures,
                spacing=4,
            )
        )
        whole = QVBoxLayout(self)
        whole.setContentsMargins(0, 0, 0, 0)
        whole.addWidget(TwoColumns(left, self.charts, shares=(62, 38)))
        whole.addStretch(1)
        state.theme_changed.connect(self._take_theme)

    def show_comparison(self, comparison: Comparison, previews: dict[str, Preview] | None = None) -> None:
        """Show these reports; `previews` says where the pictures of the evaluated data are."""
        if self.comparison is None or len(self.comparison.reports) != len(comparison.reports):
            self.target = None
        self.comparison = comparison
        if self.target == comparison.baseline:
            self.target = None
        self._make_charts()
        self._draw()
        found = disagreements(comparison) if previews is not None else ()
        self.pictures_title.setVisible(bool(found))
        self.pictures.set_pictures(found, previews or {})

    def set_options(self, *, only_differences: bool | None = None, signed: bool | None = None) -> None:
        """Leave out what is alike; write differences instead of values."""
        self.only_differences = self.only_differences if only_differences is None else only_differences
        self.signed = self.signed if signed is None else signed
        self._draw()

    def set_target(self, index: int | None) -> None:
        """Choose which report the last column sets against the baseline."""
        self.target = index
        self._draw()

    def header_entries(self, report: int) -> list[tuple[str, Any]]:
        """The menu of a report's column."""
        comparison = self.comparison
        if comparison is None:
            return []
        entries: list[tuple[str, Any]] = []
        if report != comparison.baseline:
            entries.append(("Use as baseline", lambda: self.baseline_wanted.emit(report)))
            if len(comparison.reports) > 2:
                entries.append(("Show its difference to the baseline", lambda: self.set_target(report)))
        entries.append(("Open report", lambda: self.open_wanted.emit(report)))
        if len(comparison.reports) > 1:
            entries += [("", None), ("Remove from comparison", lambda: self.remove_wanted.emit(report))]
        return entries

    def _header_menu(self, column: int, at: QPoint) -> None:
        report = column - 1
        if self.comparison is not None and 0 <= report < len(self.comparison.reports):
            make_menu(self, self.header_entries(report), "Report").popup(at)

    def _make_charts(self) -> None:
        """Charts come with the first comparison: their library takes a while to load."""
        if self._made:
            return
        from clew.gui.charts.bars import BarChart
        from clew.gui.charts.curves import CurveChart
        from clew.gui.charts.scatter import ScatterChart

        theme = self.state.theme
        self._made = {
            "curves": CurveChart(theme, "Precision and recall, IoU 0.50"),
            "bars": BarChart(theme, "Average precision by class"),
            "speed": ScatterChart(theme, "Speed against accuracy"),
        }
        units = {"curves": "recall", "bars": "", "speed": "ms per picture"}
        for name, chart in self._made.items():
            chart.setFixedHeight(chart.sizeHint().height())
            self._chart_column.addWidget(section(chart.name))
            self._chart_column.addWidget(chart)
            if units[name]:
                unit = label(units[name], 11, tone="dim")
                unit.setAlignment(Qt.AlignmentFlag.AlignRight)
                self._chart_column.addWidget(unit)
            self._chart_column.addSpacing(14)
        self.no_speed = label("No report here has an inference time.", tone="dim")
        self._chart_column.addWidget(self.no_speed)

    def _draw(self) -> None:
        comparison, theme = self.comparison, self.state.theme
        if comparison is None:
            return
        say(self.warnings, "\n".join(comparison.warnings))
        options = {"only_differences": self.only_differences}
        self.metrics.set_table(*metric_table(comparison, theme, self.target, signed=self.signed, **options))
        columns, rows = difference_table(comparison, **options)
        self.inputs.set_table(columns, rows)
        self.inputs.setVisible(bool(rows))
        self.nothing.setVisible(not rows)
        self._made["curves"].set_series(curve_series(comparison, theme))
        self._made["bars"].set_series(*class_bars(comparison, theme))
        points = speed_points(comparison, theme)
        self._made["speed"].set_points(points)
        self._made["speed"].setVisible(bool(points))
        self.no_speed.setVisible(not points)

    def _take_theme(self, theme: Theme) -> None:
        for table in (self.metrics, self.inputs):
            table.set_theme(theme)
        for chart in self._made.values():
            chart.set_theme(theme)
        self._draw()


class DisagreementStrip(QWidget):
    """A row of pictures with a line of words under each."""

    picked = Signal(int, str)
    _HEIGHT, _GAP, _WORDS = 84, 8, 34

    def __init__(self, ws: Any, ops: Ops, state: State) -> None:
        super().__init__()
        self._thumbs = thumbnails(ws, ops)
        self._state = state
        self.shown: tuple[Disagreement, ...] = ()
        self._previews: dict[str, Preview] = {}
        self.setFixedHeight(self._HEIGHT + self._WORDS)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        self.setAccessibleName("Pictures where the reports disagree")
        self._thumbs.ready.connect(self.update)

    def set_pictures(self, shown: tuple[Disagreement, ...], previews: dict[str, Preview]) -> None:
        self.shown = tuple(d for d in shown if d.path in previews)
        self._previews = previews
        self.setVisible(bool(self.shown))
        self.setAccessibleDescription(". ".join(f"{d.path}: {d.words}" for d in self.shown))
        self.update()

    def cell(self, index: int) -> QRectF:
        width = (self.width() - 5 * self._GAP) / 6
        return QRectF(index * (width + self._GAP), 0, width, self._HEIGHT)

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:
        for index, picture in enumerate(self.shown):
            if event.button() == Qt.MouseButton.LeftButton and self.cell(index).contains(event.position()):
                worst = max(range(len(picture.errors)), key=lambda i: picture.errors[i])
                self.picked.emit(worst, picture.path)

    def paintEvent(self, _event: QPaintEvent) -> None:
        painter = QPainter(self)
        ratio, font = self.devicePixelRatioF(), ui_font(11)
        metrics = QFontMetrics(font)
        for index, picture in enumerate(self.shown):
            cell = self.cell(index)
            size = round(cell.width() * ratio), round(cell.height() * ratio)
            paint_cover(
                painter, cell, self._thumbs.get(self._previews[picture.path], *size), self._state.theme, 6
            )
            painter.setFont(font)
            painter.setPen(self._state.theme.dim)
            name, _, rest = picture.words.rpartition(": ")
            for line, text in enumerate((rest, name)):
                where = QRectF(cell.left(), cell.bottom() + 3 + 15 * line, cell.width(), 15)
                shown = elided(metrics, text, cell.width())
                painter.drawText(
                    where, int(Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter), shown
                )
