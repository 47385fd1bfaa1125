"""What lies over the tiles: the lit thread, the selection, what is dragged or glides, and the hand's marks."""

from dataclasses import dataclass, field

import numpy as np
from PySide6.QtCore import QPointF, QRectF, Qt
from PySide6.QtGui import QPainter, QPainterPath, QPen
from shiboken6 import Shiboken

from clew.gui.canvas.card import paint_port
from clew.gui.canvas.hit import Port, blocks_in, links_in
from clew.gui.canvas.paint import ScenePainter
from clew.gui.canvas.scene import PORT_Y, Ints, Mask
from clew.gui.canvas.style import BRIEF, RADIUS

_NO_ROWS = np.zeros(0, np.int64)


@dataclass
class Marks:
    """What the overlay shows; rows and links of the scene.

    Attributes:
        selected: rows.
        lit: blocks and links on the thread, or None.
        hover: the block pointed at.
        port: the port pointed at.
        band: the rubber band, scene pixels.
        thread: a link being drawn, from and to in scene pixels.
        shown: how much of a floating row is there already, 0 to 1, for rows that fade in.
        focused: whether the canvas has the keyboard.
    """

    selected: Ints = field(default_factory=lambda: _NO_ROWS)
    lit: tuple[Mask, Mask] | None = None
    hover: int | None = None
    port: Port | None = None
    band: QRectF | None = None
    thread: tuple[QPointF, QPointF] | None = None
    shown: float = 1.0
    fading: Ints = field(default_factory=lambda: _NO_ROWS)


def paint_overlay(
    painter: QPainter, scene_painter: ScenePainter, marks: Marks, scale: float, window: QRectF, ratio: float
) -> None:
    """Draw the marks over a window of the scene, its top left corner at the painter's origin."""
    scene = scene_painter.scene
    edges = (window.left() - 16, window.top() - 20, window.right() + 16, window.bottom() + 16)
    rows = blocks_in(scene, *edges)
    links = links_in(scene, *edges)
    floating = scene.floating[scene.source[links]] | scene.floating[scene.target[links]]
    if marks.lit is not None and marks.lit[1].any():
        lit_rows, lit_links = marks.lit
        # Fading is for what is beside the thread; with everything on it there is nothing to fade.
        if not lit_rows[rows].all():
            painter.fillRect(
                QRectF(0, 0, window.width() * scale, window.height() * scale), scene_painter.style.veil
            )
            beside = False
        else:
            beside = True
        scene_painter.links(painter, scale, window, links[floating & ~lit_links[links]], ratio=ratio)
        scene_painter.links(painter, scale, window, links[lit_links[links]], ratio=ratio, lit=True)
        still = rows[lit_rows[rows] & ~scene.floating[rows]]
        if not beside or scale / ratio >= BRIEF:
            scene_painter.blocks(painter, scale, window, still, ratio=ratio)
    elif floating.any():
        scene_painter.links(painter, scale, window, links[floating], ratio=ratio)
    _floating(painter, scene_painter, marks, scale, window, ratio, rows)
    _outlines(painter, scene_painter, marks, scale, window, ratio)
    scene_painter.frame_names(painter, scale, window, ratio=ratio)
    _hand(painter, scene_painter, marks, scale, window, ratio)


def _floating(
    painter: QPainter,
    scene_painter: ScenePainter,
    marks: Marks,
    scale: float,
    window: QRectF,
    ratio: float,
    rows: Ints,
) -> None:
    scene = scene_painter.scene
    loose = rows[scene.floating[rows]]
    if not len(loose):
        return
    fading = scene.mask(marks.fading)
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    painter.setBrush(Qt.BrushStyle.NoBrush)
    pen = QPen(scene_painter.style.dashed, ratio)
    pen.setDashPattern([4.0, 3.0])
    painter.setPen(pen)
    rects = scene.frame_rects()
    for i in scene.frames_of(loose[~fading[loose]]).tolist():
        left, top, right, bottom = rects[i].tolist()
        painter.drawRoundedRect(
            _device(QRectF(left, top, right - left, bottom - top), scale, window), 12 * scale, 12 * scale
        )
    scene_painter.blocks(painter, scale, window, loose[~fading[loose]], ratio=ratio)
    if fading[loose].any():
        painter.setOpacity(marks.shown)
        scene_painter.blocks(painter, scale, window, loose[fading[loose]], ratio=ratio)
        painter.setOpacity(1.0)


def _outlines(
    painter: QPainter, scene_painter: ScenePainter, marks: Marks, scale: float, window: QRectF, ratio: float
) -> None:
    scene, style = scene_painter.scene, scene_painter.style
    zoom = scale / ratio
    chosen = marks.selected
    if len(chosen):
        place, size = scene.position[chosen], scene.size[chosen]
        seen = (
            (place[:, 0] < window.right())
            & (place[:, 0] + size[:, 0] > window.left())
            & (place[:, 1] < window.bottom())
            & (place[:, 1] + size[:, 1] > window.top())
        )
        chosen = chosen[seen]
    painter.setBrush(Qt.BrushStyle.NoBrush)
    if zoom < BRIEF or len(chosen) > 400:
        painter.setRenderHint(QPainter.RenderHint.Antialiasing, False)
        painter.setPen(QPen(style.theme.accent, max(1.0, round(1.5 * ratio))))
        origin = (round(window.left() * scale), round(window.top() * scale))
        rects = np.ascontiguousarray(
            np.concatenate(
                [
                    np.round(scene.position[chosen] * scale) - origin - 1,
                    np.round(scene.size[chosen] * scale) + 1,
                ],
                1,
            )
        )
        if len(rects):
            painter.drawRects(Shiboken.wrapInstance(rects.ctypes.data, QRectF), len(rects))  # pyright: ignore
        return
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    for row in chosen.tolist():
        rect = _block_rect(scene_painter, row, scale, window)
        painter.setPen(QPen(style.glow, 3.0 * ratio))
        grow = 2.0 * ratio
        painter.drawRoundedRect(
            rect.adjusted(-grow, -grow, grow, grow), RADIUS * scale + grow, RADIUS * scale + grow
        )
        painter.setPen(QPen(style.theme.accent, 1.5 * ratio))
        painter.drawRoundedRect(rect, RADIUS * scale, RADIUS * scale)
    if marks.hover is not None and marks.hover < len(scene) and marks.hover not in chosen:
        painter.setPen(QPen(style.theme.faint, 1.0 * ratio))
        painter.drawRoundedRect(
            _block_rect(scene_painter, marks.hover, scale, window), RADIUS * scale, RADIUS * scale
        )


def _hand(
    painter: QPainter, scene_painter: ScenePainter, marks: Marks, scale: float, window: QRectF, ratio: float
) -> None:
    style, scene = scene_painter.style, scene_painter.scene
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    ends = {int(r) for r in marks.selected} if len(marks.selected) < 40 else set()
    if marks.hover is not None and marks.hover < len(scene):
        ends.add(marks.hover)
    if scale / ratio >= BRIEF * 1.6:
        painter.save()
        painter.translate(-window.left() * scale, -window.top() * scale)
        painter.scale(scale, scale)
        for row in ends:
            x, y = scene.position[row].tolist()
            for side in (0.0, float(scene.size[row, 0])):
                paint_port(painter, QPointF(x + side, y + PORT_Y), style, lit=row in marks.selected)
        if marks.port is not None and marks.port.row < len(scene):
            x, y = scene.position[marks.port.row].tolist()
            side = float(scene.size[marks.port.row, 0]) if marks.port.output else 0.0
            paint_port(painter, QPointF(x + side, y + PORT_Y), style, grow=1.5)
        painter.restore()
    if marks.thread is not None:
        start, end = (
            QPointF((p.x() - window.left()) * scale, (p.y() - window.top()) * scale) for p in marks.thread
        )
        reach = max(abs(end.x() - start.x()) * 0.5, 30.0 * scale)
        path = QPainterPath(start)
        path.cubicTo(start + QPointF(reach, 0), end - QPointF(reach, 0), end)
        painter.setBrush(Qt.BrushStyle.NoBrush)
        painter.setPen(QPen(style.theme.accent, 2.0 * ratio, Qt.PenStyle.SolidLine, Qt.PenCapStyle.RoundCap))
        painter.drawPath(path)
        painter.setBrush(style.theme.accent)
        painter.drawEllipse(end, 4 * ratio, 4 * ratio)
    if marks.band is not None:
        painter.setRenderHint(QPainter.RenderHint.Antialiasing, False)
        fill = style.glow
        painter.fillRect(_device(marks.band, scale, window), fill)
        painter.setBrush(Qt.BrushStyle.NoBrush)
        painter.setPen(QPen(style.theme.accent, max(1.0, round(ratio))))
        painter.drawRect(_device(marks.band, scale, window))


def _block_rect(scene_painter: ScenePainter, row: int, scale: float, window: QRectF) -> QRectF:
    x, y = scene_painter.scene.position[row].tolist()
    return _device(QRectF(x, y, *scene_painter.scene.size[row].tolist()), scale, window)


def _device(rect: QRectF, scale: float, window: QRectF) -> QRectF:
    """In device pixels, placed as the cards are, on half pixels."""
    x = round(rect.left() * scale) - round(window.left() * scale)
    y = round(rect.top() * scale) - round(window.top() * scale)
    return QRectF(x + 0.5, y + 0.5, rect.width() * scale - 1, rect.height() * scale - 1)
