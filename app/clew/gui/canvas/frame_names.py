"""The names of the frames: inside the top left corner, from far away on the frame; readable at every zoom."""

from functools import lru_cache

import numpy as np
from PySide6.QtCore import QPointF, QRectF, Qt
from PySide6.QtGui import QPainter

from clew.gui.canvas.pane import Pane
from clew.gui.canvas.scene import Scene
from clew.gui.canvas.style import Style, font, metrics
from clew.model.view import FRAME_MARGIN

_WIDEST = 1200.0  # logical pixels that a name may be long


@lru_cache(maxsize=4096)
def _cut(title: str, px: float, room: int) -> tuple[str, float]:
    """A name that fits, and how wide it is then; measuring is what costs when there are hundreds."""
    measure = metrics(px, 600)
    text = measure.elidedText(title, Qt.TextElideMode.ElideRight, room)
    return text, measure.horizontalAdvance(text)


def paint_frame_names(painter: QPainter, scene: Scene, style: Style, pane: Pane) -> None:
    """Draw the names, never smaller than 11 logical pixels; an inner one makes way for that around it."""
    ratio, zoom = pane.ratio, pane.zoom
    px = max(12.0 * min(zoom, 1.2), 11.0) * ratio
    measure = metrics(px, 600)
    outside = FRAME_MARGIN[1] * zoom < 18  # no room left inside: the name stands on the frame
    rects = scene.frame_rects()
    left, top, right, bottom = pane.around(_WIDEST / zoom)
    x, y = rects[:, 0], rects[:, 1]  # a name begins at the corner: what has its corner far off has none here
    seen = np.flatnonzero((left < x) & (x < right) & (top < y) & (y < bottom) & scene.frames_there)
    area, corners = pane.area, pane.spots(rects[:, :2]).tolist()
    widths = ((rects[:, 2] - x) * pane.scale).tolist()
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    painter.setFont(font(px, 600))
    placed: dict[int, QRectF] = {}
    for i in seen[::-1].tolist():  # those around come first
        frame, corner = scene.frames[i], QPointF(*corners[i])
        inset = min(18 * zoom, 18.0) * ratio
        room = max(widths[i], 140 * ratio) if outside else widths[i] - 2 * inset
        text, wide = _cut(frame.title, px, int(room))
        at = corner + QPointF(inset, min(13 * zoom, 13.0) * ratio)
        if outside:
            at = corner - QPointF(0, measure.height() + 3 * ratio)
        box = QRectF(at.x(), at.y(), wide, measure.height())
        around = placed.get(frame.parent) if frame.parent is not None else None
        if around is not None and box.adjusted(0, -5 * ratio, 0, 0).intersects(around):
            box.moveTop(around.bottom() + 5 * ratio)
        placed[frame.id] = box
        if not box.intersects(area):
            continue
        if outside:
            painter.setPen(Qt.PenStyle.NoPen)
            painter.setBrush(style.frame_fill)
            pill = box.adjusted(-5 * ratio, -2 * ratio, 5 * ratio, 2 * ratio)
            painter.drawRoundedRect(pill, 5 * ratio, 5 * ratio)
        painter.setPen(style.frame_text)
        painter.drawText(box.topLeft() + QPointF(0, measure.ascent()), text)
