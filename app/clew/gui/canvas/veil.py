"""The fading around what was found, seen from far: one picture with a hole for each block, kept for panning.

Drawing thousands of blocks anew over a veil takes longer than a frame may; copying a picture does not.
"""

import numpy as np
from PySide6.QtCore import QPointF, QRectF, QSize, Qt
from PySide6.QtGui import QPainter, QPixmap

from clew.gui.canvas.hit import blocks_in
from clew.gui.canvas.pane import Pane
from clew.gui.canvas.raw import draw_rects
from clew.gui.canvas.scene import Mask, Scene
from clew.gui.canvas.style import Style

_AROUND = 0.25  # of the window's sides that the picture reaches further out


class Veil:
    """Keeps the picture while nothing in it moves or changes, and no other part of the scene is looked at."""

    def __init__(self) -> None:
        self._things: tuple[object, ...] = (None,)
        self._places: tuple[float, ...] = ()
        self._region = QRectF()
        self._picture = QPixmap()

    def paint(self, painter: QPainter, scene: Scene, style: Style, found: Mask, pane: Pane) -> None:
        """Fade all but the blocks of a mask, bool (n,)."""
        still = ~scene.floating & ~scene.later
        places = (pane.scale, float(scene.position[still].sum()), int(still.sum()))
        things = (scene, found, style)
        same = places == self._places and all(a is b for a, b in zip(things, self._things, strict=False))
        if not same or not self._region.contains(pane.window):
            self._things, self._places = things, places
            wide, high = pane.window.width() * _AROUND, pane.window.height() * _AROUND
            self._region = pane.window.adjusted(-wide, -high, wide, high)
            self._picture = _picture(scene, style, found, Pane(pane.scale, self._region, pane.ratio))
        corner = pane.spots(np.array([[self._region.left(), self._region.top()]]))[0]
        painter.drawPixmap(QPointF(*corner.tolist()), self._picture)


def _picture(scene: Scene, style: Style, found: Mask, pane: Pane) -> QPixmap:
    picture = QPixmap(pane.area.size().toSize().expandedTo(QSize(1, 1)))
    picture.fill(style.veil)
    rows = blocks_in(scene, *pane.around(4.0))
    rows = rows[found[rows] & ~scene.floating[rows]]
    painter = QPainter(picture)
    painter.setCompositionMode(QPainter.CompositionMode.CompositionMode_Clear)
    painter.setPen(Qt.PenStyle.NoPen)
    painter.setBrush(Qt.GlobalColor.black)
    size = np.maximum(np.round(scene.size[rows] * pane.scale), 1.0)
    draw_rects(painter, np.concatenate([pane.spots(scene.position[rows]), size], 1))
    painter.end()
    return picture
