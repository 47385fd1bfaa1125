"""The peer that `canvas.py` measures beside ours: the same graph as QGraphicsItems."""

from typing import Any

import numpy as np


def graphics_scene(n: int, links: np.ndarray, place: np.ndarray) -> tuple[Any, list[Any], list[list[Any]]]:
    """A graph of QGraphicsItems as programs usually build it, with less detail from far."""
    from PySide6.QtCore import QPointF, QRectF
    from PySide6.QtGui import QColor, QPainterPath, QPen
    from PySide6.QtWidgets import QGraphicsItem, QGraphicsPathItem, QGraphicsScene

    from clew.gui.canvas.style import font

    colours = [QColor.fromHsv(40 * i, 150, 180) for i in range(9)]
    whole = QRectF(0, 0, 224, 92)

    class Card(QGraphicsItem):
        def __init__(self, i: int) -> None:
            super().__init__()
            self.i = i
            self.setPos(*place[i].tolist())
            self.setFlag(QGraphicsItem.GraphicsItemFlag.ItemIsMovable)

        def boundingRect(self) -> QRectF:
            return whole

        def paint(self, painter: Any, _option: Any, _widget: Any = None) -> None:
            if painter.worldTransform().m11() < 0.25:
                painter.fillRect(whole, colours[self.i % 9])
                return
            painter.setPen(QPen(QColor("#cccccc"), 1))
            painter.setBrush(QColor("#ffffff"))
            painter.drawRoundedRect(whole.adjusted(1, 1, -1, -1), 11, 11)
            painter.setBrush(colours[self.i % 9])
            painter.drawRoundedRect(QRectF(12, 12, 32, 32), 7, 7)
            painter.setPen(QColor("#222222"))
            for px, weight, at, text in (
                (11, 400, QPointF(54, 24), "Training app"),
                (14, 600, QPointF(54, 41), f"Quick trainer {self.i}"),
                (11, 400, QPointF(13, 66), "half size"),
                (11, 400, QPointF(180, 66), "29 s"),
            ):
                painter.setFont(font(px, weight))
                painter.drawText(at, text)

    scene = QGraphicsScene()
    cards = [Card(i) for i in range(n)]
    touching: list[list[Any]] = [[] for _ in range(n)]
    pen = QPen(QColor("#b9b4a9"), 1.5)

    def path(a: int, b: int) -> QPainterPath:
        start, end = cards[a].pos() + QPointF(224, 46), cards[b].pos() + QPointF(0, 46)
        reach = max(abs(end.x() - start.x()) / 2, 40.0)
        curve = QPainterPath(start)
        curve.cubicTo(start + QPointF(reach, 0), end - QPointF(reach, 0), end)
        return curve

    for a, b in links.tolist():
        item = QGraphicsPathItem(path(a, b))
        item.setPen(pen)
        item.setZValue(-1)
        scene.addItem(item)
        touching[a].append((item, a, b, path))
        touching[b].append((item, a, b, path))
    for card in cards:
        scene.addItem(card)
    return scene, cards, touching
