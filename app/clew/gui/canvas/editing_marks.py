"""Marks of editing over the tiles: guides, what a drop is for, what a thread may be tied to."""

import numpy as np
from PySide6.QtCore import QLineF, QPointF, QRectF, Qt
from PySide6.QtGui import QPainter, QPen

from clew.gui.canvas.card import paint_port
from clew.gui.canvas.hit import Port, blocks_in, port_point
from clew.gui.canvas.marks import Marks
from clew.gui.canvas.paint import ScenePainter
from clew.gui.canvas.pane import Pane
from clew.gui.canvas.scene import NOTE_CODE
from clew.gui.canvas.snap import Guide
from clew.gui.canvas.style import PORTS, RADIUS, Style, font, metrics

_TICK = 4.0  # half the length of the ends of a gap's mark, logical pixels


def paint_allowed(painter: QPainter, scene_painter: ScenePainter, marks: Marks, pane: Pane) -> None:
    """While a thread is pulled: what it may be tied to stays, with its port lit; all else fades."""
    allowed = marks.allowed
    scene, style = scene_painter.scene, scene_painter.style
    if allowed is None or len(allowed) != len(scene):
        return
    painter.fillRect(pane.area, style.veil)
    rows = blocks_in(scene, *pane.around(20.0))
    rows = rows[allowed[rows]]
    scene_painter.blocks(painter, pane, rows)
    if pane.zoom < PORTS:
        return
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    painter.save()
    painter.scale(pane.scale, pane.scale)
    painter.translate(-pane.window.topLeft())
    for row in rows.tolist():
        port = Port(row, marks.allowed_output)
        paint_port(painter, port_point(scene, port), style, lit=True, grow=0.5)
    painter.restore()


def paint_editing(painter: QPainter, scene_painter: ScenePainter, marks: Marks, pane: Pane) -> None:
    """Guides, the chosen frame, the frame or task under a drag, the corner of a note."""
    scene, style = scene_painter.scene, scene_painter.style
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    painter.setBrush(Qt.BrushStyle.NoBrush)
    for place, width in ((marks.frame, 1.5), (marks.goal, 2.0)):
        if place is not None and place < len(scene.frames):
            painter.setPen(QPen(style.theme.accent, width * pane.ratio))
            corner = 12 * pane.scale
            painter.drawRoundedRect(pane.outline(*scene.frame_rects()[place].tolist()), corner, corner)
    offer = marks.offer
    if offer is not None and offer[0] < len(scene):
        _offer(painter, scene_painter, offer, pane)
    _corners(painter, scene_painter, marks, pane)
    painter.setRenderHint(QPainter.RenderHint.Antialiasing, False)
    pen = QPen(style.theme.accent, max(1.0, round(pane.ratio)))
    painter.setPen(pen)
    for guide in marks.guides:
        _guide(painter, guide, pane)


def _guide(painter: QPainter, guide: Guide, pane: Pane) -> None:
    """A line through what is level, a little longer than it; or a gap between two ticks."""
    tick, more = _TICK * pane.ratio, 0.0 if guide.gap else 8.0 * pane.ratio
    if guide.gap:  # a gap across runs along x
        a, b = (guide.low, guide.at), (guide.high, guide.at)
        ends = (a, b) if guide.axis == 0 else (a[::-1], b[::-1])
    else:
        a, b = (guide.at, guide.low), (guide.at, guide.high)
        ends = (a, b) if guide.axis == 0 else (a[::-1], b[::-1])
    (x1, y1), (x2, y2) = np.round(pane.spots(np.array(ends))).tolist()
    along = (y1 == y2) if guide.gap else False
    level = guide.axis == 0 if guide.gap else guide.axis == 1
    dx, dy = (more, 0.0) if level else (0.0, more)
    painter.drawLine(QLineF(x1 - dx, y1 - dy, x2 + dx, y2 + dy))
    if guide.gap:
        ox, oy = (0.0, tick) if along or level else (tick, 0.0)
        for x, y in ((x1, y1), (x2, y2)):
            painter.drawLine(QLineF(x - ox, y - oy, x + ox, y + oy))


def _offer(painter: QPainter, scene_painter: ScenePainter, offer: tuple[int, str], pane: Pane) -> None:
    """The task that would run on what is dragged, and the words that say so above it."""
    scene, style, ratio = scene_painter.scene, scene_painter.style, pane.ratio
    row, words = offer
    low = scene.position[row]
    rect = pane.outline(*low.tolist(), *(low + scene.size[row]).tolist())
    painter.setPen(QPen(style.theme.accent, 2.0 * ratio))
    painter.drawRoundedRect(rect, RADIUS * pane.scale, RADIUS * pane.scale)
    _pill(painter, words, rect.topLeft() - QPointF(0, 30 * ratio), style, ratio)


def _pill(painter: QPainter, words: str, at: QPointF, style: Style, ratio: float) -> None:
    measure = metrics(12 * ratio, 500)
    box = QRectF(at.x(), at.y(), measure.horizontalAdvance(words) + 18 * ratio, 24 * ratio)
    painter.setPen(QPen(style.theme.line, ratio))
    painter.setBrush(style.theme.surface)
    painter.drawRoundedRect(box, 12 * ratio, 12 * ratio)
    painter.setPen(style.theme.text)
    painter.setFont(font(12 * ratio, 500))
    painter.drawText(box, int(Qt.AlignmentFlag.AlignCenter), words)
    painter.setBrush(Qt.BrushStyle.NoBrush)


def _corners(painter: QPainter, scene_painter: ScenePainter, marks: Marks, pane: Pane) -> None:
    """Two strokes in the corner of the note that is pointed at: there it can be pulled."""
    scene, row, ratio = scene_painter.scene, marks.hover, pane.ratio
    if row is None or row >= len(scene) or scene.kind[row] != NOTE_CODE or pane.zoom < PORTS:
        return
    end = pane.point(QPointF(*(scene.position[row] + scene.size[row]).tolist()))
    painter.setPen(QPen(scene_painter.style.theme.dim, ratio))
    for far in (5.0, 9.0):
        painter.drawLine(
            end - QPointF(far, 3.0) * ratio,
            end - QPointF(3.0, far) * ratio,
        )
