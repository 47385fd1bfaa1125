"""What lies over the tiles: the lit thread, the selection, what is dragged or glides, the hand's marks."""

import numpy as np
from PySide6.QtCore import QPointF, QRectF, Qt
from PySide6.QtGui import QPainter, QPainterPath, QPen

from clew.gui.canvas.card import paint_port
from clew.gui.canvas.editing_marks import paint_allowed, paint_editing
from clew.gui.canvas.hit import Port, blocks_in, links_in, port_point
from clew.gui.canvas.link_marks import paint_links
from clew.gui.canvas.marks import Marks
from clew.gui.canvas.paint import ScenePainter
from clew.gui.canvas.pane import Pane
from clew.gui.canvas.raw import draw_rects
from clew.gui.canvas.scene import Ints, Scene
from clew.gui.canvas.style import BRIEF, PORTS, RADIUS

_GLIDE = 18.0  # scene pixels that what appears comes from the left

__all__ = ["Marks", "paint_overlay"]


def paint_overlay(painter: QPainter, scene_painter: ScenePainter, marks: Marks, pane: Pane) -> None:
    """Draw the marks over a window of the scene, its top left corner at the painter's origin."""
    scene = scene_painter.scene
    edges = pane.around(20.0)
    rows = blocks_in(scene, *edges)
    links = links_in(scene, *edges)
    floating = scene.floating[scene.source[links]] | scene.floating[scene.target[links]]
    if (bright := marks.bright) is not None:
        lit_rows, lit_links = bright
        # Fading is for what lies beside the thread; with everything on it there is nothing to fade.
        fade = not lit_rows[rows].all()
        many = bright is marks.found and pane.zoom < BRIEF
        if fade and many:
            scene_painter.veil.paint(painter, scene, scene_painter.style, lit_rows, pane)
        elif fade:
            painter.fillRect(pane.area, scene_painter.style.veil)
        scene_painter.links(painter, pane, links[floating & ~lit_links[links]])
        scene_painter.links(painter, pane, links[lit_links[links]], lit=True)
        if pane.zoom >= BRIEF or (fade and not many):
            scene_painter.blocks(painter, pane, rows[lit_rows[rows] & ~scene.floating[rows]])
    else:
        scene_painter.links(painter, pane, links[floating])
    _floating(painter, scene_painter, marks, pane, rows[scene.floating[rows]])
    paint_allowed(painter, scene_painter, marks, pane)
    paint_links(painter, scene, scene_painter.style, marks, pane)
    _outlines(painter, scene_painter, marks, pane)
    scene_painter.frame_names(painter, pane)
    paint_editing(painter, scene_painter, marks, pane)
    _ports(painter, scene_painter, marks, pane)
    _thread(painter, scene_painter, marks, pane)


def _floating(painter: QPainter, scene_painter: ScenePainter, marks: Marks, pane: Pane, loose: Ints) -> None:
    """Blocks on their way, and the outline that their frames will have."""
    scene = scene_painter.scene
    if not len(loose):
        return
    fading = scene.mask(marks.fading)[loose]
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    painter.setBrush(Qt.BrushStyle.NoBrush)
    pen = QPen(scene_painter.style.dashed, pane.ratio)
    pen.setDashPattern([4.0, 3.0])
    painter.setPen(pen)
    rects = scene.frame_rects()
    for i in scene.frames_of(loose[~fading]).tolist():
        painter.drawRoundedRect(pane.outline(*rects[i].tolist()), 12 * pane.scale, 12 * pane.scale)
    scene_painter.blocks(painter, pane, loose[~fading])
    if fading.any():
        painter.save()
        painter.setOpacity(marks.shown)
        painter.translate(round(_GLIDE * (marks.shown - 1.0) * pane.scale), 0)
        scene_painter.blocks(painter, pane, loose[fading])
        painter.restore()


def _outlines(painter: QPainter, scene_painter: ScenePainter, marks: Marks, pane: Pane) -> None:
    """Around what is selected and what is pointed at."""
    scene, style = scene_painter.scene, scene_painter.style
    seen = scene.mask(blocks_in(scene, *pane.edges))
    chosen = marks.selected[seen[marks.selected]]
    painter.setBrush(Qt.BrushStyle.NoBrush)
    if pane.zoom < BRIEF or len(chosen) > 400:
        painter.setRenderHint(QPainter.RenderHint.Antialiasing, False)
        painter.setPen(QPen(style.theme.accent, max(1.0, round(1.5 * pane.ratio))))
        size = np.round(scene.size[chosen] * pane.scale) + 1
        draw_rects(painter, np.concatenate([pane.spots(scene.position[chosen]) - 1, size], 1))
        return
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    corner, grow = RADIUS * pane.scale, 2.0 * pane.ratio
    for row in chosen.tolist():
        rect = _around(scene, row, pane)
        painter.setPen(QPen(style.glow, 3.0 * pane.ratio))
        painter.drawRoundedRect(rect.adjusted(-grow, -grow, grow, grow), corner + grow, corner + grow)
        painter.setPen(QPen(style.theme.accent, 1.5 * pane.ratio))
        painter.drawRoundedRect(rect, corner, corner)
    if marks.hover is not None and marks.hover < len(scene) and marks.hover not in chosen:
        painter.setPen(QPen(style.theme.faint, pane.ratio))
        painter.drawRoundedRect(_around(scene, marks.hover, pane), corner, corner)


def _ports(painter: QPainter, scene_painter: ScenePainter, marks: Marks, pane: Pane) -> None:
    """Ports of what is selected or pointed at, over the outlines; the one pointed at is larger."""
    if pane.zoom < PORTS:
        return
    style, scene = scene_painter.style, scene_painter.scene
    linkable = scene.linkable
    ends = set(marks.selected.tolist()) if len(marks.selected) < 40 else set()
    if marks.hover is not None and marks.hover < len(scene):
        ends.add(marks.hover)
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    painter.save()
    painter.scale(pane.scale, pane.scale)
    painter.translate(-pane.window.topLeft())
    for row in sorted(ends):
        if linkable[row]:
            for output in (False, True):
                paint_port(painter, port_point(scene, Port(row, output)), style, lit=row in marks.selected)
    if marks.port is not None and marks.port.row < len(scene):
        paint_port(painter, port_point(scene, marks.port), style, grow=1.5)
    painter.restore()


def _thread(painter: QPainter, scene_painter: ScenePainter, marks: Marks, pane: Pane) -> None:
    """The link in the hand, and the rubber band."""
    style = scene_painter.style
    if marks.thread is not None:
        start, end = (pane.point(p) for p in marks.thread)
        reach = max(abs(end.x() - start.x()) * 0.5, 30.0 * pane.scale)
        path = QPainterPath(start)
        path.cubicTo(start + QPointF(reach, 0), end - QPointF(reach, 0), end)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setBrush(Qt.BrushStyle.NoBrush)
        line = Qt.PenStyle.SolidLine
        painter.setPen(QPen(style.theme.accent, 2.0 * pane.ratio, line, Qt.PenCapStyle.RoundCap))
        painter.drawPath(path)
        painter.setBrush(style.theme.accent)
        painter.drawEllipse(end, 4 * pane.ratio, 4 * pane.ratio)
    if marks.band is not None:
        b = marks.band
        rect = pane.outline(b.left(), b.top(), b.right(), b.bottom())
        painter.setRenderHint(QPainter.RenderHint.Antialiasing, False)
        painter.setBrush(style.glow)
        painter.setPen(QPen(style.theme.accent, max(1.0, round(pane.ratio))))
        painter.drawRect(rect)


def _around(scene: Scene, row: int, pane: Pane) -> QRectF:
    """A block's rectangle in device pixels, where its card is drawn."""
    x, y = pane.spots(scene.position[row : row + 1])[0].tolist()
    width, height = (scene.size[row] * pane.scale).tolist()
    return QRectF(x + 0.5, y + 0.5, width - 1, height - 1)
