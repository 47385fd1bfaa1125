"""The confusion matrix: one picture of colours, one item that writes all counts."""

import numpy as np
import pyqtgraph as pg
from PySide6.QtCore import QPointF, QRectF, QSize, Qt, Signal
from PySide6.QtGui import QColor, QFontMetricsF, QMouseEvent, QPainter, QResizeEvent
from PySide6.QtWidgets import QWidget

from clew.gui.charts.plot import FONT_PX, Plot
from clew.gui.fonts import ui_font
from clew.gui.theme import Theme, mix

LEAST_CELL_PX = 22  # below this, counts are left to the readout
NAME_PX = 110


class ConfusionChart(Plot):
    """Rows are the truth, columns what was found; the last of each is background."""

    cell_clicked = Signal(int, int)  # truth, found
    cell_pointed = Signal(int, int)

    def __init__(self, theme: Theme, name: str = "Confusion matrix", parent: QWidget | None = None) -> None:
        super().__init__(theme, name, parent)
        self.counts: tuple[tuple[int, ...], ...] = ()
        self.names: tuple[str, ...] = ()
        self._image = pg.ImageItem(axisOrder="row-major")
        self._text = _Counts(self)
        self.addItem(self._image)
        self.addItem(self._text)
        self.view.invertY(True)
        self.plot.showAxis("top")
        self.plot.hideAxis("bottom")
        top = self.plot.getAxis("top")
        top.setStyle(tickFont=ui_font(FONT_PX), tickLength=0, tickAlpha=0)
        top.setTickPen(pg.mkPen(None))
        for side in ("left", "top"):
            self.plot.getAxis(side).setPen(pg.mkPen(None))
        self.pointed.connect(self._point)

    def sizeHint(self) -> QSize:
        n = max(3, len(self.names))
        return QSize(NAME_PX + 34 * n, 30 + min(34, max(18, 700 // n)) * n)

    def set_matrix(self, counts: tuple[tuple[int, ...], ...], names: tuple[str, ...]) -> None:
        """Show `counts[truth][found]`, square, with one name for each row."""
        self.counts, self.names = counts, names
        self.redraw()
        n = len(names)
        self.view.setRange(xRange=(0, max(1, n)), yRange=(0, max(1, n)), padding=0)
        self._name_axes()
        right = sum(counts[i][i] for i in range(n))
        total = sum(map(sum, counts))
        self.describe(
            f"{n - 1} classes and background; {right:,} of {total:,} are on the diagonal." if n else "Empty."
        )
        self.updateGeometry()

    def shade(self, row: int, column: int) -> QColor:
        """The colour of a cell: its share of its row, green on the diagonal and red beside it."""
        total = sum(self.counts[row]) or 1
        share = self.counts[row][column] / total
        ink = self.theme.good if row == column else self.theme.bad
        return mix(ink, self.theme.surface, 0.08 * (share > 0) + 0.78 * share)

    def redraw(self) -> None:
        n = len(self.names)
        pixels = np.zeros((max(1, n), max(1, n), 4), np.uint8)
        for row in range(n):
            for column in range(n):
                ink = self.shade(row, column)
                pixels[row, column] = (ink.red(), ink.green(), ink.blue(), 255)
        self._image.setImage(pixels, levels=(0, 255))
        self._text.data_changed()
        for side in ("left", "top"):
            self.plot.getAxis(side).setPen(pg.mkPen(None))
            self.plot.getAxis(side).setTextPen(self.theme.dim)

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        if hasattr(self, "names"):
            self._name_axes()

    def mousePressEvent(self, event: QMouseEvent) -> None:
        event.accept()

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:
        at = self.view.mapSceneToView(QPointF(self.mapToScene(event.position().toPoint())))
        cell = self._cell(at.x(), at.y())
        if cell is not None and event.button() == Qt.MouseButton.LeftButton:
            self.cell_clicked.emit(*cell)
        event.accept()

    def _cell(self, x: float, y: float) -> tuple[int, int] | None:
        n = len(self.names)
        return (int(y), int(x)) if 0 <= x < n and 0 <= y < n else None

    def _name_axes(self) -> None:
        n = len(self.names)
        if not n:
            return
        metrics = QFontMetricsF(ui_font(FONT_PX))
        self.plot.getAxis("left").setWidth(NAME_PX)
        room = max(1.0, (self.width() - NAME_PX) / n)
        across = max(1, round(16 / room + 0.49)) if room < 16 else 1
        down = (
            max(1, round(14 / max(1.0, (self.height() - 24) / n) + 0.49))
            if (self.height() - 24) / n < 14
            else 1
        )
        elided = Qt.TextElideMode.ElideRight
        left = [
            (i + 0.5, metrics.elidedText(t, elided, NAME_PX - 10))
            for i, t in enumerate(self.names)
            if i % down == 0
        ]
        top = [
            (i + 0.5, metrics.elidedText(t, elided, room * across - 4))
            for i, t in enumerate(self.names)
            if i % across == 0
        ]
        self.plot.getAxis("left").setTicks([left])
        self.plot.getAxis("top").setTicks([top])

    def _point(self, x: float, y: float) -> None:
        cell = self._cell(x, y)
        if cell is None:
            self.hide_readout()
            return
        row, column = cell
        self.cell_pointed.emit(row, column)
        self.show_readout(cell_words(self.names, self.counts, row, column), x, y)


def cell_words(names: tuple[str, ...], counts: tuple[tuple[int, ...], ...], row: int, column: int) -> str:
    """One cell in words: "12 copper found as gold", "3 copper missed", "5 gold found where nothing is"."""
    n, background = counts[row][column], len(names) - 1
    if row == background and column == background:
        return "Nothing there, nothing found: not counted"
    if row == background:
        return f"{n:,} {names[column]} found where nothing is"
    if column == background:
        return f"{n:,} {names[row]} missed"
    if row == column:
        return f"{n:,} {names[row]} found"
    return f"{n:,} {names[row]} found as {names[column]}"


class _Counts(pg.GraphicsObject):  # type: ignore[misc]  # pyqtgraph has no types
    """Writes the count into every cell that is large enough, in one paint call."""

    def __init__(self, chart: ConfusionChart) -> None:
        super().__init__()
        self._chart = chart

    def data_changed(self) -> None:
        self.prepareGeometryChange()
        self.update()

    def boundingRect(self) -> QRectF:
        n = len(self._chart.names)
        return QRectF(0, 0, max(1, n), max(1, n))

    def paint(self, painter: QPainter, *_: object) -> None:
        chart = self._chart
        to_widget = painter.worldTransform()
        cell = to_widget.mapRect(QRectF(0, 0, 1, 1))
        if cell.width() < LEAST_CELL_PX or cell.height() < 13:
            return
        painter.save()
        painter.resetTransform()
        painter.setFont(ui_font(FONT_PX))
        for row, line in enumerate(chart.counts):
            for column, n in enumerate(line):
                ground = chart.shade(row, column)
                dark = ground.lightnessF() < 0.5
                ink = QColor("#FFFFFF") if dark else QColor("#1D1F23")
                if n == 0:
                    ink = chart.theme.faint
                painter.setPen(ink)
                here = to_widget.mapRect(QRectF(column, row, 1, 1))
                painter.drawText(here, Qt.AlignmentFlag.AlignCenter, _short(n, here.width()))
        painter.restore()


def _short(n: int, room: float) -> str:
    text = f"{n:,}"
    if QFontMetricsF(ui_font(FONT_PX)).horizontalAdvance(text) <= room - 4:
        return text
    return f"{n / 1000:.0f}k" if n >= 1000 else text
