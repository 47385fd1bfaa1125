"""Hand arrays to the painter as they lie in memory: no copy, no Python loop over their rows."""

from typing import Any

import numpy as np
from PySide6.QtCore import QLineF, QRectF
from PySide6.QtGui import QPainter, QPixmap
from shiboken6 import Shiboken

from clew.gui.canvas.scene import Floats

# Qt takes a pointer to the first of many; the array must live until the call returns, so each function
# keeps it in a name of its own. shiboken's stubs know nothing of such pointers, hence Any.


def _first(array: Floats, kind: type) -> Any:
    return Shiboken.wrapInstance(array.ctypes.data, kind)


def draw_lines(painter: QPainter, lines: Floats) -> None:
    """Draw straight lines, float64 (k, 4): x1, y1, x2, y2."""
    held = np.ascontiguousarray(lines, float)
    if len(held):
        painter.drawLines(_first(held, QLineF), len(held))


def draw_rects(painter: QPainter, rects: Floats) -> None:
    """Draw rectangles, float64 (k, 4): left, top, width, height."""
    held = np.ascontiguousarray(rects, float)
    if len(held):
        painter.drawRects(_first(held, QRectF), len(held))


def draw_pieces(painter: QPainter, picture: QPixmap, place: Floats, source: Floats) -> None:
    """Copy many pieces of one picture, as large as they are there.

    Args:
        painter: where to.
        picture: where from.
        place: float64 (k, 2), top left corners on the painter.
        source: float64 (k, 4), left, top, width, height in the picture.
    """
    held = np.zeros((len(place), 10))  # QPainter.PixmapFragment: centre, source, scale x y, rotation, opacity
    held[:, 0:2] = place + source[:, 2:] / 2
    held[:, 2:6] = source
    held[:, [6, 7, 9]] = 1.0
    if len(held):
        painter.drawPixmapFragments(_first(held, QPainter.PixmapFragment), len(held), picture)
