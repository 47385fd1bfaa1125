"""The whole graph on a card in the corner, with the part that is seen; drag there to look elsewhere."""

from typing import TYPE_CHECKING

import numpy as np
from PySide6.QtCore import QPointF, QRectF, QSize, QSizeF, Qt
from PySide6.QtGui import QMouseEvent, QPainter, QPaintEvent, QPen, QPixmap, QWheelEvent
from PySide6.QtWidgets import QWidget

from clew.gui.canvas.card import SHADOW, paint_ground
from clew.gui.canvas.pane import Pane
from clew.gui.canvas.style import RADIUS
from clew.model.view import BlockState

if TYPE_CHECKING:
    from clew.gui.canvas.surface import Surface

CARD = QSize(180, 128)
LEAST_BLOCKS = 4
_INSET = 7.0
_EDGE = 24


class Minimap(QWidget):
    """Sits in the bottom right corner of the canvas."""

    def __init__(self, canvas: "Surface") -> None:
        super().__init__(canvas.viewport())
        self._canvas = canvas
        self._picture: QPixmap | None = None
        self._held = False
        self.setAccessibleName("Overview of the graph")
        self.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self.setCursor(Qt.CursorShape.ArrowCursor)
        margin = int(SHADOW)
        self.resize(CARD.width() + 2 * margin, CARD.height() + 2 * margin)

    def stand(self) -> None:
        """Take the corner, or hide where it would say nothing or cover too much."""
        view = self._canvas.viewport().size()
        shown = len(self._canvas.scene) >= LEAST_BLOCKS and view.width() > 480 and view.height() > 320
        self.setVisible(shown)
        off = _EDGE - int(SHADOW)
        self.move(view.width() - self.width() - off, view.height() - self.height() - off)

    def outdate(self) -> None:
        """The graph has changed; the canvas is painted with it, since asked for apart it would be twice."""
        self._picture = None
        self._canvas.viewport().update()

    def _inside(self) -> QRectF:
        edge = SHADOW + _INSET
        return QRectF(edge, edge, self.width() - 2 * edge, self.height() - 2 * edge)

    def _map(self) -> tuple[QRectF, float, QPointF]:
        """The part of the scene shown, its scale, and where its top left corner stands on this widget."""
        bounds = self._canvas.scene.bounds()
        margin = 60 + max(bounds.width(), bounds.height()) * 0.08
        bounds.adjust(-margin, -margin, margin, margin)
        inside = self._inside()
        scale = min(inside.width() / bounds.width(), inside.height() / bounds.height())
        corner = inside.center() - QPointF(bounds.width() * scale / 2, bounds.height() * scale / 2)
        return bounds, scale, corner

    def paintEvent(self, event: QPaintEvent) -> None:  # noqa: ARG002 - Qt's name
        canvas = self._canvas
        bounds, scale, corner = self._map()
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        card = QRectF(self.rect()).adjusted(SHADOW, SHADOW, -SHADOW, -SHADOW)
        if self._picture is None or self._picture.devicePixelRatio() != self.devicePixelRatioF():
            self._picture = self._draw(bounds, scale, corner, card)
        painter.drawPixmap(0, 0, self._picture)
        window = canvas.visible_window()
        seen = QRectF(
            corner.x() + (window.left() - bounds.left()) * scale,
            corner.y() + (window.top() - bounds.top()) * scale,
            window.width() * scale,
            window.height() * scale,
        )
        if seen.width() < 10 or seen.height() < 8:  # far in: still large enough to be found
            middle = seen.center()
            seen.setSize(seen.size().expandedTo(QSizeF(10, 8)))
            seen.moveCenter(middle)
        seen = seen.intersected(card.adjusted(3.5, 3.5, -3.5, -3.5))
        painter.setBrush(Qt.BrushStyle.NoBrush)
        painter.setPen(QPen(canvas.look_of.theme.accent, 1.5))
        if not seen.isEmpty():
            painter.drawRoundedRect(seen, min(4.0, RADIUS), min(4.0, RADIUS))
        painter.end()

    def _draw(self, bounds: QRectF, scale: float, corner: QPointF, card: QRectF) -> QPixmap:
        """The card with all blocks on it as plain shapes, whatever their number."""
        canvas, ratio = self._canvas, self.devicePixelRatioF()
        picture = QPixmap(self.size() * ratio)
        picture.setDevicePixelRatio(ratio)
        picture.fill(Qt.GlobalColor.transparent)
        painter = QPainter(picture)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        paint_ground(painter, card, BlockState.SAVED, canvas.look_of)
        painter.translate(corner)
        painter.scale(1 / ratio, 1 / ratio)
        # The ratio decides the detail: under a zoom of 0.2 there are shapes only.
        pane = Pane(scale * ratio, bounds, ratio=max(ratio, scale * ratio / 0.2))
        canvas.scene_painter.blocks(painter, pane, np.flatnonzero(~canvas.scene.later))
        painter.end()
        return picture

    def _look(self, at: QPointF) -> None:
        bounds, scale, corner = self._map()
        point = QPointF(
            bounds.left() + (at.x() - corner.x()) / scale, bounds.top() + (at.y() - corner.y()) / scale
        )
        canvas = self._canvas
        canvas.look(canvas.camera.centred(point, canvas.viewport().size().toSizeF()))

    def mousePressEvent(self, event: QMouseEvent) -> None:
        self._held = event.button() == Qt.MouseButton.LeftButton
        if self._held:
            self._look(event.position())

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        if self._held:
            self._look(event.position())

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:  # noqa: ARG002 - Qt's name
        self._held = False

    def wheelEvent(self, event: QWheelEvent) -> None:
        canvas = self._canvas
        canvas.set_zoom(canvas.zoom() * 1.0015 ** event.angleDelta().y())
        event.accept()
