"""Grouped bars: one group for each class, one bar for each series."""

from html import escape

import pyqtgraph as pg
from PySide6.QtCore import QSize, Qt
from PySide6.QtGui import QFontMetricsF, QResizeEvent
from PySide6.QtWidgets import QLabel, QWidget

from clew.gui.charts.plot import FONT_PX, Plot, horizontal_lines, readout_row, unit_ticks
from clew.gui.charts.series import BarSeries
from clew.gui.fonts import ui_font
from clew.gui.theme import Theme, css

GROUP_SHARE = 0.76  # of the width of a group that its bars take
LEAST_BAR_PX = 5


class BarChart(Plot):
    """Bars from 0 to 1. More groups than fit are reached by dragging sideways."""

    def __init__(self, theme: Theme, name: str, parent: QWidget | None = None, *, unit: bool = True) -> None:
        super().__init__(theme, name, parent)
        self.groups: tuple[str, ...] = ()
        self.series: tuple[BarSeries, ...] = ()
        self._unit = unit
        self._items: list[pg.BarGraphItem] = []
        self._lines = horizontal_lines(self, (0.25, 0.5, 0.75, 1.0)) if unit else []
        if unit:
            unit_ticks(self.plot.getAxis("left"))
        self._more = QLabel(self)
        self._more.setFont(ui_font(FONT_PX))
        self._more.hide()
        self.view.sigXRangeChanged.connect(lambda *_: self._name_groups())
        self.pointed.connect(self._point)

    def sizeHint(self) -> QSize:
        return QSize(460, 220)

    @property
    def all_fit(self) -> bool:
        """Whether every group is on screen at once."""
        return self._groups_in_view() >= len(self.groups)

    def set_series(self, groups: tuple[str, ...], series: tuple[BarSeries, ...]) -> None:
        """Show these groups; each series has one value for each group."""
        self.groups, self.series = groups, series
        self.redraw()
        top = max((v for s in series for v in s.values if v is not None), default=1.0)
        self.view.setRange(yRange=(0, 1.03 if self._unit else (top or 1.0) * 1.08), padding=0)
        self._fit()
        said = [f"{s.name}: {', '.join(self._said(s, g) for g in range(len(groups)))}." for s in series]
        self.describe(" ".join(said) if groups else "There are no classes.")

    def redraw(self) -> None:
        for item in self._items:
            self.removeItem(item)
        self._items = []
        width = GROUP_SHARE / max(1, len(self.series))
        for index, s in enumerate(self.series):
            shown = [(g, v) for g, v in enumerate(s.values) if v is not None]
            left = -GROUP_SHARE / 2 + width * index
            item = pg.BarGraphItem(
                x0=[g + left + width * 0.08 for g, _ in shown],
                width=width * 0.84,
                y0=0,
                height=[v for _, v in shown],
                pen=pg.mkPen(None),
                brush=s.colour,
                name=s.name,
            )
            self.addItem(item)
            self._items.append(item)
        self._more.setStyleSheet(f"color: {css(self.theme.dim)}; background: {css(self.theme.bg)};")
        for line in self._lines:
            line.setPen(pg.mkPen(self.theme.grid))

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        if hasattr(self, "series"):  # pyqtgraph resizes while it is being made
            self._fit()

    def _figure(self, value: float | None) -> str:
        if value is None:
            return "–"
        return f"{value:.3f}" if self._unit else f"{value:,.0f}"

    def _said(self, s: BarSeries, group: int) -> str:
        value = s.values[group]
        return f"{self.groups[group]} {'undefined' if value is None else f'{value:.3f}'}"

    def _groups_in_view(self) -> int:
        least = max(46.0 if len(self.groups) > 12 else 28.0, LEAST_BAR_PX * len(self.series) / GROUP_SHARE)
        return max(1, int(max(120, self.width() - 48) / least))

    def _fit(self) -> None:
        n = max(1, len(self.groups))
        shown = min(n, self._groups_in_view())
        self.view.setLimits(xMin=-0.5, xMax=n - 0.5)
        self.view.setRange(xRange=(-0.5, shown - 0.5), padding=0)
        self.view.setMouseEnabled(x=shown < n, y=False)
        self.setCursor(Qt.CursorShape.OpenHandCursor if shown < n else Qt.CursorShape.ArrowCursor)
        self._more.setVisible(shown < n)
        self._more.setText(f"{n} classes, drag sideways to see all")
        self._more.adjustSize()
        self._more.move(self.width() - self._more.width() - 4, 0)
        self._name_groups()

    def _name_groups(self) -> None:
        """Class names under the groups, shortened so that neighbours never touch."""
        (low, high), _ = self.view.viewRange()
        room = max(120, self.width() - 48) / max(1e-9, high - low)
        metrics = QFontMetricsF(ui_font(FONT_PX))
        step = max(1, round(26 / room + 0.49)) if room < 26 else 1
        ticks = [
            (g, metrics.elidedText(name, Qt.TextElideMode.ElideRight, room * step - 6))
            for g, name in enumerate(self.groups)
            if g % step == 0
        ]
        self.plot.getAxis("bottom").setTicks([ticks])

    def _point(self, x: float, y: float) -> None:
        group = round(x)
        if not 0 <= group < len(self.groups):
            self.hide_readout()
            return
        rows = "".join(readout_row(s.name, s.colour, self._figure(s.values[group])) for s in self.series)
        head = f"<tr><td colspan='2'><b>{escape(self.groups[group])}</b></td></tr>"
        self.show_readout(f"<table cellspacing='0'>{head}{rows}</table>", x, y)
