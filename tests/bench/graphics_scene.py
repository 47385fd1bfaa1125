"""The peer that `canvas.py` measures beside ours: the same graph as QGraphicsItems."""

from typing import Any

import numpy as np
from PySide6.QtCore import QPointF, QRectF
from PySide6.QtGui import QColor, QPainter, QPainterPath, QPen, QTransform
from PySide6.QtWidgets import QGraphicsItem, QGraphicsPathItem, QGraphicsScene, QGraphicsView

from clew.gui.canvas.style import font

WHOLE = QRectF(0, 0, 224, 92)


class Card(QGraphicsItem):
    """A block as programs usually draw it, with less detail from far."""

    def __init__(self, i: int, x: float, y: float, colour: QColor) -> None:
        super().__init__()
        self._i, self._colour = i, colour
        self.setPos(x, y)
        self.setFlag(QGraphicsItem.GraphicsItemFlag.ItemIsMovable)

    def boundingRect(self) -> QRectF:
        return WHOLE

    def paint(self, painter: Any, _option: Any, _widget: Any = None) -> None:
        if painter.worldTransform().m11() < 0.25:
            painter.fillRect(WHOLE, self._colour)
            return
        painter.setPen(QPen(QColor("#cccccc"), 1))
        painter.setBrush(QColor("#ffffff"))
        painter.drawRoundedRect(WHOLE.adjusted(1, 1, -1, -1), 11, 11)
        painter.setBrush(self._colour)
        painter.drawRoundedRect(QRectF(12, 12, 32, 32), 7, 7)
        painter.setPen(QColor("#222222"))
        for px, weight, at, text in (
            (11, 400, QPointF(54, 24), "Training app"),
            (14, 600, QPointF(54, 41), f"Quick trainer {self._i}"),
            (11, 400, QPointF(13, 66), "half size"),
            (11, 400, QPointF(180, 66), "29 s"),
        ):
            painter.setFont(font(px, weight))
            painter.drawText(at, text)


class GraphicsScene:
    """The graph, and the steps of the measurement."""

    def __init__(self, links: np.ndarray, place: np.ndarray) -> None:
        colours = [QColor.fromHsv(40 * i, 150, 180) for i in range(9)]
        self._scene = QGraphicsScene()
        self._cards = [Card(i, x, y, colours[i % 9]) for i, (x, y) in enumerate(place.tolist())]
        self._touching: list[list[tuple[Any, int, int]]] = [[] for _ in self._cards]
        pen = QPen(QColor("#b9b4a9"), 1.5)
        for a, b in links.tolist():
            item = QGraphicsPathItem(self._path(a, b))
            item.setPen(pen)
            item.setZValue(-1)
            self._scene.addItem(item)
            self._touching[a].append((item, a, b))
            self._touching[b].append((item, a, b))
        for card in self._cards:
            self._scene.addItem(card)
        self.view = QGraphicsView(self._scene)
        self.view.setRenderHint(QPainter.RenderHint.Antialiasing)
        self.view.setTransformationAnchor(QGraphicsView.ViewportAnchor.NoAnchor)
        self._scene.setSceneRect(self._scene.itemsBoundingRect().adjusted(-40000, -40000, 40000, 40000))
        self._bars = self.view.horizontalScrollBar(), self.view.verticalScrollBar()

    def _path(self, a: int, b: int) -> QPainterPath:
        start, end = self._cards[a].pos() + QPointF(224, 46), self._cards[b].pos() + QPointF(0, 46)
        reach = max(abs(end.x() - start.x()) / 2, 40.0)
        curve = QPainterPath(start)
        curve.cubicTo(start + QPointF(reach, 0), end - QPointF(reach, 0), end)
        return curve

    def look(self, zoom: float, at: QPointF) -> None:
        self.view.setTransform(QTransform.fromScale(zoom, zoom))
        self.view.centerOn(at)

    def pan(self, dx: int, dy: int) -> None:
        for bar, step in zip(self._bars, (dx, dy)):
            bar.setValue(bar.value() + step)

    def drag(self, row: int, dx: int, dy: int) -> None:
        self._cards[row].moveBy(dx, dy)
        for item, a, b in self._touching[row]:
            item.setPath(self._path(a, b))
