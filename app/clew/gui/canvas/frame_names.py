"""The names of the frames: inside the top left corner; from far away on the frame, as far as they have room.

From far away a name covers what it stands on. So that of a small frame inside another is left out, none is
wider than its frame but where it stands on bare paper, and none stands on the name of a frame around it.
"""

from collections.abc import Iterator
from functools import lru_cache

import numpy as np
from PySide6.QtCore import QPointF, QRectF, Qt
from PySide6.QtGui import QPainter

from clew.gui.canvas.hit import blocks_in
from clew.gui.canvas.pane import Pane
from clew.gui.canvas.scene import Floats, Mask, Scene
from clew.gui.canvas.style import Style, font, metrics
from clew.gui.words import elided
from clew.model.view import FRAME_MARGIN

_WIDEST = 1200.0  # logical pixels that a name may be long
_NEAR = 60.0  # logical pixels around a corner in which its name and those under it stand
_LEAST = 44.0  # of a frame that has room for some letters of its name
_LARGE = (64.0, 72.0)  # of a frame inside another whose name covers but a small part of it
_LONE = 140.0  # that the name of a narrow frame may be long, on bare paper
_MOST_LONE = 24  # narrow frames in view for whose names bare paper is looked for


@lru_cache(maxsize=4096)
def _cut(title: str, px: float, room: int) -> tuple[str, float]:
    """A name that fits, and how wide it is then; measuring is what costs when there are hundreds."""
    measure = metrics(px, 600)
    text = elided(measure, title, room)
    return text, measure.horizontalAdvance(text)


def paint_frame_names(painter: QPainter, scene: Scene, style: Style, pane: Pane) -> None:
    """Draw the names, never smaller than 11 logical pixels; an inner one makes way for that around it."""
    ratio, zoom = pane.ratio, pane.zoom
    px = max(12.0 * min(zoom, 1.2), 11.0) * ratio
    measure = metrics(px, 600)
    margin = FRAME_MARGIN[1] * zoom * ratio
    outside = margin < measure.height() + 2 * ratio  # no room left inside: the name stands out at the top
    down = min(13 * zoom * ratio, 13.0 * ratio, (margin - measure.height()) / 2)
    rects = scene.frame_rects()
    left, top, right, bottom = pane.around(_NEAR / zoom)
    x, y = rects[:, 0], rects[:, 1]  # a name begins at the corner
    seen = (x < right) & (top < y) & (y < bottom) & (rects[:, 2] + _LONE / zoom > left) & scene.frames_there
    widths = rooms = (rects[:, 2] - x) * pane.scale
    if outside:
        rooms = _rooms_outside(scene, pane, seen)
        seen &= rooms > 0
    seen &= x + np.minimum(rooms / pane.scale, _WIDEST / zoom) > left
    area, corners = pane.area, pane.spots(rects[:, :2]).tolist()
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    painter.setFont(font(px, 600))
    placed: dict[int, QRectF] = {}
    for i in np.flatnonzero(seen)[::-1].tolist():  # those around come first
        frame, corner = scene.frames[i], QPointF(*corners[i])
        inset = (5.0 if outside else min(18 * zoom, 18.0)) * ratio
        text, wide = _cut(frame.title, px, int(rooms[i] - 2 * inset))
        at = corner + QPointF(inset, down)
        if outside:  # over the frame as little as it can: blocks may stand there
            within = wide + 2 * inset <= widths[i]
            at = corner + QPointF(inset, (margin if within else 0.0) - measure.height() - 3 * ratio)
        box = QRectF(at.x(), at.y(), wide, measure.height())
        around = next((placed[f] for f in _outwards(scene, i) if f in placed), None)
        if around is not None and box.adjusted(0, -5 * ratio, 0, 0).intersects(around):
            box.moveTop(around.bottom() + 5 * ratio)
        placed[i] = box
        if not box.intersects(area):
            continue
        if outside or not frame.colour:  # a link does not run through the letters
            painter.setPen(Qt.PenStyle.NoPen)
            painter.setBrush(style.frame_fill)
            more = 2 * ratio if outside else 0.0
            pill = box.adjusted(-5 * ratio, -more, 5 * ratio, more)
            painter.drawRoundedRect(pill, 5 * ratio, 5 * ratio)
        painter.setPen(style.frame_text)
        painter.drawText(box.topLeft() + QPointF(0, measure.ascent()), text)


def _outwards(scene: Scene, frame: int) -> Iterator[int]:
    """The frames around a frame, the innermost first."""
    while (frame := int(scene.framed.parents[frame])) >= 0:
        yield frame


def _rooms_outside(scene: Scene, pane: Pane, seen: Mask) -> Floats:
    """How long each name may be in device pixels, 0 for one that is left out; float64 (f,)."""
    rects, ratio = scene.frame_rects(), pane.ratio
    wide, high = ((rects[:, 2:] - rects[:, :2]) * pane.scale / ratio).T
    inner = scene.framed.depth > 0
    fits = np.where(inner, (wide >= _LARGE[0]) & (high >= _LARGE[1]), wide >= _LEAST)
    rooms = np.where(fits, wide, 0.0)
    for i in np.flatnonzero(seen & ~inner & (wide < _LONE))[:_MOST_LONE].tolist():
        low, end = rects[i, 1] - 22.0 / pane.zoom, rects[i, 0] + _LONE / pane.zoom
        covered = (rects[:, 0] < end) & (rects[:, 2] > rects[i, 0]) & (rects[:, 1] < rects[i, 1])
        covered &= rects[:, 3] > low
        if not covered.any() and not len(blocks_in(scene, rects[i, 0], low, end, rects[i, 1])):
            rooms[i] = _LONE
    return rooms * ratio
