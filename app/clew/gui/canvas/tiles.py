"""Finished pieces of the picture, 256 pixels square, so that panning and zooming copy instead of draw."""

import math
import time
from collections.abc import Callable

import numpy as np
from PySide6.QtCore import QPointF, QRectF
from PySide6.QtGui import QColor, QPainter, QPixmap

from clew.gui.canvas.scene import Floats

Draw = Callable[[QPainter, float, QRectF], None]
SIDE = 256  # logical pixels
BUDGET = 0.006  # seconds of drawing in one frame; a piece begun is finished
_OVERVIEW = 2048
_BYTES = 32_000_000  # of pieces, where a logical pixel is one of the screen; about five screens full

Key = tuple[int, int]


class Tiles:
    """The picture of a scene in pieces, drawn when first seen; a coarse picture of all stands in until then.

    Args:
        draw: draws a window of the scene at a scale (device pixels per scene pixel).
        overview: the same for the coarse picture.
    """

    def __init__(self, draw: Draw, overview: Draw) -> None:
        self._draw, self._draw_overview = draw, overview
        self.background = QColor()
        self.ratio = 1.0
        self._scale = 0.0
        self._tiles: dict[Key, QPixmap] = {}
        self._stale: dict[Key, None] = {}  # in the order in which they became so
        self._old_scale = 0.0
        self._old: dict[Key, QPixmap] = {}
        self._coarse: tuple[QPixmap, QRectF, float] | None = None
        self._coarse_stale: list[QRectF] = []
        self.bounds = QRectF()

    def clear(self) -> None:
        """Forget everything."""
        self._tiles.clear()
        self._stale.clear()
        self._old.clear()
        self._coarse = None
        self._coarse_stale.clear()

    def invalidate(self, rects: Floats) -> None:
        """Draw anew what shows any of the rectangles, float64 (k, 4), left top right bottom in scene pixels.

        The old pieces stay on screen until the new ones are ready.
        """
        if not len(rects):
            return
        if self._tiles:
            keys = np.array(list(self._tiles), float)
            side = SIDE * self.ratio / self._scale
            low, high = keys * side, (keys + 1) * side
            hit = np.zeros(len(keys), bool)
            for part in np.array_split(rects, max(1, len(rects) // 512)):
                hit |= (
                    (low[:, None, 0] < part[None, :, 2])
                    & (high[:, None, 0] > part[None, :, 0])
                    & (low[:, None, 1] < part[None, :, 3])
                    & (high[:, None, 1] > part[None, :, 1])
                ).any(1)
            for key in (k for k, h in zip(list(self._tiles), hit.tolist()) if h):
                self._stale.setdefault(key)
        if len(rects) > 60 or len(self._coarse_stale) > 200:
            low, high = rects[:, :2].min(0), rects[:, 2:].max(0)
            rects = np.concatenate([low, high])[None]
        for left, top, right, bottom in rects.tolist():
            self._coarse_stale.append(QRectF(left, top, right - left, bottom - top))

    def paint(
        self, painter: QPainter, scale: float, window: QRectF, *, refine: bool = True, budget: float = BUDGET
    ) -> bool:
        """Show a window of the scene, its top left corner at the painter's origin, in device pixels.

        Args:
            painter: untransformed.
            scale: device pixels per scene pixel.
            window: the part of the scene.
            refine: whether to draw pieces at this scale; no while zooming goes on.
            budget: seconds to spend on drawing.

        Returns:
            Whether pieces are still missing.
        """
        begun = time.perf_counter()
        if refine and scale != self._scale:
            if len(self._tiles) > len(self._stale):
                self._old, self._old_scale = self._tiles, self._scale
            self._tiles, self._scale = {}, scale
            self._stale.clear()
        side = round(SIDE * self.ratio)
        keys = self._seen(window, side, scale) if scale == self._scale else []
        missing = [k for k in keys if k not in self._tiles]
        if scale != self._scale or missing:
            painter.fillRect(QRectF(0, 0, window.width() * scale, window.height() * scale), self.background)
            if len(missing) > len(keys) * 0.15 or scale != self._scale:
                self._stand_in(painter, scale, window, side)
        centre = ((window.center().x() * scale) / side, (window.center().y() * scale) / side)
        missing.sort(key=lambda k: abs(k[0] + 0.5 - centre[0]) + abs(k[1] + 0.5 - centre[1]))
        seen = set(keys)
        todo = [k for k in self._stale if k in seen] + missing
        left_over = 0
        for n, key in enumerate(todo):
            if n and time.perf_counter() - begun > budget:
                left_over = len(todo) - n
                break
            self._make(key, side)
        x0, y0 = round(window.left() * scale), round(window.top() * scale)
        for key in keys:
            tile = self._tiles.get(key)
            if tile is not None:
                painter.drawPixmap(QPointF(key[0] * side - x0, key[1] * side - y0), tile)
        if not left_over and keys:
            self._old.clear()
        return left_over > 0 or scale != self._scale

    def _seen(self, window: QRectF, side: int, scale: float) -> list[Key]:
        x0, y0 = round(window.left() * scale), round(window.top() * scale)
        x1, y1 = x0 + math.ceil(window.width() * scale) - 1, y0 + math.ceil(window.height() * scale) - 1
        return [(i, j) for j in range(y0 // side, y1 // side + 1) for i in range(x0 // side, x1 // side + 1)]

    def _make(self, key: Key, side: int) -> None:
        tile = self._tiles.get(key)
        if tile is None:
            if len(self._tiles) * side * side * 4 > _BYTES * self.ratio:
                self._thin(key)
            tile = QPixmap(side, side)
        tile.fill(self.background)
        painter = QPainter(tile)
        size = side / self._scale
        self._draw(painter, self._scale, QRectF(key[0] * size, key[1] * size, size, size))
        painter.end()
        self._tiles[key] = tile
        self._stale.pop(key, None)

    def _thin(self, near: Key) -> None:
        """Drop the half of the pieces that lies farthest away."""
        far = sorted(self._tiles, key=lambda k: abs(k[0] - near[0]) + abs(k[1] - near[1]))
        for key in far[len(far) // 2 :]:
            del self._tiles[key]
            self._stale.pop(key, None)

    def _stand_in(self, painter: QPainter, scale: float, window: QRectF, side: int) -> None:
        """The coarse picture, and over it the pieces of the scale before."""
        coarse = self._overview()
        if coarse is not None:
            pixmap, bounds, own = coarse
            part = window.intersected(bounds)
            if not part.isEmpty():
                painter.drawPixmap(_moved(part, window, scale), pixmap, _moved(part, bounds, own))
        tiles, own = (self._tiles, self._scale) if scale != self._scale else (self._old, self._old_scale)
        if own and 0.2 < scale / own < 6:
            size = side / own
            for key, tile in tiles.items():
                rect = QRectF(key[0] * size, key[1] * size, size, size)
                if rect.intersects(window):
                    painter.drawPixmap(_moved(rect, window, scale), tile, QRectF(0, 0, side, side))

    def _overview(self) -> tuple[QPixmap, QRectF, float] | None:
        if self.bounds.isEmpty():
            return None
        if self._coarse is not None and self._coarse[1].contains(self.bounds):
            pixmap, bounds, own = self._coarse
            if self._coarse_stale:
                painter = QPainter(pixmap)
                for rect in self._coarse_stale:
                    part = rect.intersected(bounds)
                    if part.isEmpty():
                        continue
                    x0 = math.floor((part.left() - bounds.left()) * own)
                    y0 = math.floor((part.top() - bounds.top()) * own)
                    x1 = math.ceil((part.right() - bounds.left()) * own)
                    y1 = math.ceil((part.bottom() - bounds.top()) * own)
                    part = QRectF(
                        bounds.left() + x0 / own, bounds.top() + y0 / own, (x1 - x0) / own, (y1 - y0) / own
                    )
                    painter.resetTransform()
                    painter.translate(x0, y0)
                    painter.setClipRect(QRectF(0, 0, x1 - x0, y1 - y0))
                    painter.fillRect(QRectF(0, 0, x1 - x0, y1 - y0), self.background)
                    self._draw_overview(painter, own, part)
                painter.end()
                self._coarse_stale.clear()
            return self._coarse
        margin = max(self.bounds.width(), self.bounds.height()) * 0.05 + 200
        bounds = self.bounds.adjusted(-margin, -margin, margin, margin)
        own = min(_OVERVIEW / bounds.width(), _OVERVIEW / bounds.height(), 0.24)
        pixmap = QPixmap(math.ceil(bounds.width() * own), math.ceil(bounds.height() * own))
        pixmap.fill(self.background)
        painter = QPainter(pixmap)
        self._draw_overview(painter, own, bounds)
        painter.end()
        self._coarse = (pixmap, bounds, own)
        self._coarse_stale.clear()
        return self._coarse


def _moved(rect: QRectF, window: QRectF, scale: float) -> QRectF:
    """A scene rectangle in the device pixels of a window."""
    return QRectF(
        (rect.left() - window.left()) * scale,
        (rect.top() - window.top()) * scale,
        rect.width() * scale,
        rect.height() * scale,
    )
