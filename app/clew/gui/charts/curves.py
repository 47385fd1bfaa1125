"""Precision over recall: one curve for each series, values under the pointer."""

import pyqtgraph as pg
from PySide6.QtCore import QSize
from PySide6.QtWidgets import QWidget

from clew.gui.charts.plot import Plot, horizontal_lines, readout_row, unit_ticks
from clew.gui.charts.series import CurveSeries, resample, value_at
from clew.gui.theme import Theme

QUARTERS = (0.25, 0.5, 0.75, 1.0)


class CurveChart(Plot):
    """Curves in the unit square; each series is one item of at most 501 points."""

    def __init__(
        self, theme: Theme, name: str = "Precision and recall", parent: QWidget | None = None
    ) -> None:
        super().__init__(theme, name, parent)
        self.series: tuple[CurveSeries, ...] = ()
        self._items: list[pg.PlotCurveItem] = []
        self._lines = horizontal_lines(self, QUARTERS)
        self._marker = pg.InfiniteLine(0, angle=90, pen=pg.mkPen(theme.edge))
        self._marker.hide()
        self.addItem(self._marker)
        self.view.setRange(xRange=(0, 1.005), yRange=(0, 1.03), padding=0)
        unit_ticks(self.plot.getAxis("left"))
        unit_ticks(self.plot.getAxis("bottom"))
        self.pointed.connect(self._point)

    def sizeHint(self) -> QSize:
        return QSize(460, 230)

    def set_series(self, series: tuple[CurveSeries, ...]) -> None:
        """Show these curves and no others, in drawing order; empty curves are left out."""
        self.series = tuple(
            CurveSeries(s.name, s.colour, resample(s.curve))
            for s in series
            if len(s.curve.x) and len(s.curve.y)
        )
        self.redraw()
        names = ", ".join(s.name for s in self.series)
        self.describe(f"Precision over recall of {names}." if names else "There are no curves.")

    def redraw(self) -> None:
        for item in self._items:
            self.removeItem(item)
        self._items = []
        for s in self.series:
            item = pg.PlotCurveItem(
                list(s.curve.x), list(s.curve.y), pen=pg.mkPen(s.colour, width=2), name=s.name
            )
            self.addItem(item)
            self._items.append(item)
        for line in self._lines:
            line.setPen(pg.mkPen(self.theme.grid))
        self._marker.setPen(pg.mkPen(self.theme.edge))

    def hide_readout(self) -> None:
        super().hide_readout()
        self._marker.hide()

    def _point(self, x: float, y: float) -> None:
        rows = []
        for s in self.series:
            at = value_at(s.curve, x)
            rows.append(readout_row(s.name, s.colour, "–" if at is None else f"{at:.3f}"))
        if not rows:
            return
        head = f"<tr><td>Recall&nbsp;&nbsp;</td><td align='right'>{min(max(x, 0), 1):.2f}</td></tr>"
        self._marker.setValue(x)
        self._marker.show()
        self.show_readout(f"<table cellspacing='0'>{head}{''.join(rows)}</table>", x, y)
