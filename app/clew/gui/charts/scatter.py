"""Speed against accuracy: one point for each report, a dashed line through those that nothing beats."""

import pyqtgraph as pg
from PySide6.QtCore import QSize, Qt
from PySide6.QtWidgets import QWidget

from clew.gui.charts.plot import FONT_PX, Plot
from clew.gui.charts.series import Point, pareto_front
from clew.gui.fonts import ui_font
from clew.gui.theme import Theme


class ScatterChart(Plot):
    """Points with their names; further left is faster, further up is better."""

    def __init__(
        self, theme: Theme, name: str = "Speed against accuracy", parent: QWidget | None = None
    ) -> None:
        super().__init__(theme, name, parent)
        self.points: tuple[Point, ...] = ()
        self._items: list[pg.GraphicsObject] = []

    def sizeHint(self) -> QSize:
        return QSize(460, 210)

    def set_points(self, points: tuple[Point, ...]) -> None:
        """Show these points: `x` milliseconds per picture, `y` a score of 0 to 1."""
        self.points = points
        self.redraw()
        said = ". ".join(f"{p.name}: {p.x:.1f} ms per picture, {p.y:.3f}" for p in points)
        self.describe(said + "." if said else "No report has both a speed and a score.")

    def redraw(self) -> None:
        for item in self._items:
            self.removeItem(item)
        self._items = []
        if not self.points:
            return
        xs, ys = [p.x for p in self.points], [p.y for p in self.points]
        wide = max(max(xs) - min(xs), 0.2 * max(*xs, 1.0))
        tall = max(max(ys) - min(ys), 0.04)
        self.view.setRange(
            xRange=(max(0.0, min(xs) - 0.15 * wide), max(xs) + (0.15 if len(set(xs)) > 1 else 0.9) * wide),
            yRange=(max(0.0, min(ys) - 0.35 * tall), max(ys) + 0.35 * tall),
            padding=0,
        )
        front = pareto_front(self.points)
        if len(front) > 1:
            pen = pg.mkPen(self.theme.dim, width=1, style=Qt.PenStyle.DashLine)
            self._add(pg.PlotCurveItem([p.x for p in front], [p.y for p in front], pen=pen))
        for point in self.points:
            dot = pg.ScatterPlotItem([point.x], [point.y], size=12, pen=pg.mkPen(None), brush=point.colour)
            self._add(dot)
            shown = point.name if len(point.name) <= 28 else f"{point.name[:14]}…{point.name[-13:]}"
            left = point.x > (min(xs) + max(xs)) / 2 and len(set(xs)) > 1
            label = pg.TextItem(shown, color=self.theme.text, anchor=(1 if left else 0, 0.5))
            label.setFont(ui_font(FONT_PX))
            label.setPos(point.x + (-0.025 if left else 0.025) * wide, point.y)
            self._add(label)

    def _add(self, item: pg.GraphicsObject) -> None:
        self.addItem(item)
        self._items.append(item)
