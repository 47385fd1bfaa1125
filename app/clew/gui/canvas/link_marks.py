"""The link that is pointed at and the chosen one, over everything; the chosen one with its ends outlined."""

import numpy as np
from PySide6.QtCore import Qt
from PySide6.QtGui import QPainter, QPainterPath, QPen

from clew.gui.canvas.marks import Marks
from clew.gui.canvas.pane import Pane
from clew.gui.canvas.scene import Scene
from clew.gui.canvas.style import BRIEF, RADIUS, Style
from clew.gui.canvas.threads import paths


def paint_links(painter: QPainter, scene: Scene, style: Style, marks: Marks, pane: Pane) -> None:
    """Draw both, if they are there."""
    hovered, link = marks.hover_link, marks.link
    if hovered is not None and hovered != link and hovered < len(scene.links):
        _thread(painter, scene, style, hovered, pane, chosen=False)
    if link is None or link >= len(scene.links):
        return
    _thread(painter, scene, style, link, pane, chosen=True)
    painter.setPen(QPen(style.theme.accent, 1.5 * pane.ratio))
    corner = RADIUS * pane.scale
    for row in (int(scene.source[link]), int(scene.target[link])):
        low = scene.position[row]
        painter.drawRoundedRect(
            pane.outline(*low.tolist(), *(low + scene.size[row]).tolist()), corner, corner
        )


def _thread(painter: QPainter, scene: Scene, style: Style, link: int, pane: Pane, *, chosen: bool) -> None:
    if pane.zoom < BRIEF:
        start, end = ((scene.control[link, ::3] * pane.scale) - np.round(pane.origin)).tolist()
        lines = [QPainterPath()]
        lines[0].moveTo(*start)
        lines[0].lineTo(*end)
    else:
        curves, owner = scene.curves(np.array([link]))
        lines = list(paths(curves * pane.scale - np.round(pane.origin), owner))
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    painter.setBrush(Qt.BrushStyle.NoBrush)
    solid, flat = Qt.PenStyle.SolidLine, Qt.PenCapStyle.FlatCap
    wide = max(min(pane.zoom, 1.4), 0.7) * pane.ratio
    glow = QPen(style.glow, (8.0 if chosen else 6.0) * wide, solid, flat)
    line = QPen(style.theme.accent, (2.6 if chosen else 1.8) * wide, solid, flat)
    for pen in (glow, line):
        painter.setPen(pen)
        for path in lines:
            painter.drawPath(path)
