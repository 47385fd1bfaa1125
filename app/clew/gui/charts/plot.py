"""The ground of every chart: a pyqtgraph plot in the window's colours, without frame, menu or zoom."""

from html import escape

import pyqtgraph as pg
from PySide6.QtCore import QEvent, QPointF, Qt, Signal
from PySide6.QtGui import QColor, QMouseEvent, QWheelEvent
from PySide6.QtWidgets import QFrame, QLabel, QWidget

from clew.gui.fonts import ui_font
from clew.gui.theme import Theme, css

pg.setConfigOptions(antialias=True)
FONT_PX = 11
LEFT_PX = 36  # alike in all charts, so that they stand in line


class Plot(pg.PlotWidget):  # type: ignore[misc]  # pyqtgraph has no types
    """A styled plot with a readout that follows the pointer. Subclasses add items and `describe()`."""

    pointed = Signal(float, float)  # plot coordinates under the pointer

    def __init__(self, theme: Theme, name: str, parent: QWidget | None = None) -> None:
        self.theme = theme
        super().__init__(parent, background=theme.bg)
        self.name = name
        self.setAccessibleName(name)
        self.setFrameShape(QFrame.Shape.NoFrame)
        self.setMouseTracking(True)
        self.setFocusPolicy(Qt.FocusPolicy.NoFocus)  # nothing here is done by keys
        self.viewport().setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self.plot = self.getPlotItem()
        self.plot.hideButtons()
        self.plot.setMenuEnabled(False)
        self.view = self.plot.getViewBox()
        self.view.setMouseEnabled(x=False, y=False)
        self.view.setDefaultPadding(0.0)
        self.readout = QLabel(self)
        self.readout.setAttribute(Qt.WidgetAttribute.WA_TransparentForMouseEvents)
        self.readout.setTextFormat(Qt.TextFormat.RichText)
        self.readout.hide()
        for side in ("left", "bottom"):
            axis = self.plot.getAxis(side)
            axis.setStyle(tickFont=ui_font(FONT_PX), tickLength=0, tickAlpha=0, autoExpandTextSpace=True)
        self.plot.getAxis("left").setWidth(LEFT_PX)
        self._colour()

    def set_theme(self, theme: Theme) -> None:
        """Take the colours of another theme; what is drawn stays."""
        self.theme = theme
        self._colour()
        self.redraw()

    def redraw(self) -> None:
        """Draw the data again; subclasses do."""

    def close(self) -> bool:
        """Close as any widget does: pyqtgraph tears its scene down here, which crashes with items in it."""
        return QWidget.close(self)

    def describe(self, text: str) -> None:
        """Say in words what the chart shows, for people who do not see it."""
        self.setAccessibleDescription(text)

    def wheelEvent(self, event: QWheelEvent) -> None:
        """Leave the wheel to the page around the chart."""
        event.ignore()

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        super().mouseMoveEvent(event)
        scene = self.mapToScene(event.position().toPoint())
        if self.view.sceneBoundingRect().contains(QPointF(scene)):
            at = self.view.mapSceneToView(QPointF(scene))
            self.pointed.emit(at.x(), at.y())
        else:
            self.hide_readout()

    def leaveEvent(self, event: QEvent) -> None:
        super().leaveEvent(event)
        self.hide_readout()

    def hide_readout(self) -> None:
        self.readout.hide()

    def show_readout(self, html: str, x: float, y: float) -> None:
        """Show a small card beside the point (plot coordinates), kept inside the chart."""
        self.readout.setText(html)
        self.readout.adjustSize()
        at = self.mapFromScene(self.view.mapViewToScene(QPointF(x, y)))
        left = at.x() + 12
        if left + self.readout.width() > self.width():
            left = at.x() - 12 - self.readout.width()
        top = min(max(0, at.y() - self.readout.height() // 2), max(0, self.height() - self.readout.height()))
        self.readout.move(max(0, int(left)), int(top))
        self.readout.show()
        self.readout.raise_()

    def _colour(self) -> None:
        theme = self.theme
        self.setBackground(theme.bg)
        for side in ("left", "bottom"):
            axis = self.plot.getAxis(side)
            axis.setPen(pg.mkPen(theme.line))
            axis.setTickPen(pg.mkPen(None))
            axis.setTextPen(theme.dim)
        self.readout.setFont(ui_font(FONT_PX))
        self.readout.setStyleSheet(
            f"background: {css(theme.surface)}; color: {css(theme.text)};"
            f" border: 1px solid {css(theme.line)}; border-radius: 7px; padding: 5px 8px;"
        )


def unit_ticks(axis: pg.AxisItem) -> None:
    """Ticks at quarters of 0 to 1, the zero left out as the corner says it."""
    axis.setTicks([[(0.25, "0.25"), (0.5, "0.50"), (0.75, "0.75"), (1.0, "1.00")]])


def horizontal_lines(plot: Plot, at: tuple[float, ...]) -> list[pg.InfiniteLine]:
    """Hairlines across the plot, behind everything."""
    lines = []
    for y in at:
        line = pg.InfiniteLine(y, angle=0, pen=pg.mkPen(plot.theme.grid))
        line.setZValue(-10)
        plot.addItem(line)
        lines.append(line)
    return lines


def readout_row(name: str, colour: QColor, figure: str) -> str:
    """One line of a readout: dot, name, figure."""
    dot = f"<span style='color:{css(colour)}'>&#9679;</span>"
    return f"<tr><td>{dot}&nbsp;{escape(name)}&nbsp;&nbsp;</td><td align='right'>{figure}</td></tr>"
