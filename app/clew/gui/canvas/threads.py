"""Draw links: many at once from arrays, cut to the window before they are stroked."""

from collections.abc import Iterator

import numpy as np
from PySide6.QtCore import Qt
from PySide6.QtGui import QColor, QPainter, QPainterPath, QPen

from clew.graph.routing.curves import weights
from clew.gui.canvas.pane import Pane
from clew.gui.canvas.raw import draw_lines
from clew.gui.canvas.scene import LINK_KINDS, SPINE_CODE, UNSAVED_CODE, Floats, Ints, Mask, Scene
from clew.gui.canvas.style import BRIEF, WHOLE, Style
from clew.gui.theme import mix
from clew.model.view import LinkKind

HAND_CODE = LINK_KINDS.index(LinkKind.HAND)
_PIECES = 24
_LONG, _WHOLE_END = (
    240.0,
    0.25,
)  # logical pixels of a long line; the part of it at each end that does not fade
_SPAN, _PALE = 1200.0, 0.5  # scene pixels from which a link is paler while blocks are small, and how much
_DENSE = 16  # curves in one tile from which short lines do: four times faster, seams lost in the crowd


_SAMPLES = weights(_PIECES)


def draw_threads(
    painter: QPainter, scene: Scene, links: Ints, style: Style, pane: Pane, *, lit: bool = False
) -> None:
    """Draw some links; `lit` draws them as the thread that is being looked at."""
    zoom, vector = pane.zoom, pane.vector
    for chosen, pen in _pens(scene, links, style, pane, lit=lit):
        corner = pane.origin if vector else np.round(pane.origin)
        painter.setPen(pen)
        painter.setBrush(Qt.BrushStyle.NoBrush)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing, zoom >= BRIEF / 2 or lit or vector)
        if zoom < BRIEF and not vector:
            lines = (scene.control[chosen][:, ::3] * pane.scale - corner).reshape(-1, 4)
            for part, colour in _faded(lines, pen.color(), style, pane, lit=lit):
                painter.setPen(QPen(colour, pen.widthF(), pen.style(), pen.capStyle()))
                draw_lines(painter, part[_in_view(part, pane, pen.widthF() + 1)])
            continue
        if vector or pen.style() != Qt.PenStyle.SolidLine:  # a cut would shift dashes
            curves, owner = scene.curves(chosen)
            control = curves * pane.scale - corner
        else:  # of a long way around blocks few parts are in view
            curves, owner = scene.curves_in(chosen, *pane.around((pen.widthF() + 3) / pane.scale))
            control = curves * pane.scale - corner
            control, owner = _cut(control, owner, pane, pen.widthF() + 2)
            if len(control) > _DENSE:
                points = _SAMPLES @ control
                lines = np.concatenate([points[:, :-1], points[:, 1:]], 2).reshape(-1, 4)
                draw_lines(painter, lines[_in_view(lines, pane, pen.widthF() + 1)])
                continue
        for path in paths(control, owner):
            painter.drawPath(path)  # one by one: what crosses in one path costs more than it is worth


def paths(control: Floats, owner: Ints) -> Iterator[QPainterPath]:
    """A path for each link; one that was cut into parts has several."""
    path, last, at = QPainterPath(), -1, None
    for link, (start, one, two, end) in zip(owner.tolist(), control.tolist()):
        if link != last or start != at:
            if last >= 0:
                yield path
            path = QPainterPath()
            path.moveTo(*start)
        path.cubicTo(*one, *two, *end)
        last, at = link, end
    if last >= 0:
        yield path


def _faded(
    lines: Floats, colour: QColor, style: Style, pane: Pane, *, lit: bool
) -> list[tuple[Floats, QColor]]:
    """Long lines lose most of their colour in the middle: from afar they would hide what they pass."""
    far = np.hypot(lines[:, 2] - lines[:, 0], lines[:, 3] - lines[:, 1]) > _LONG * pane.ratio
    if lit or not far.any():
        return [(lines, colour)]
    start, way = lines[far, :2], lines[far, 2:] - lines[far, :2]
    leave, back = start + way * _WHOLE_END, start + way * (1 - _WHOLE_END)
    middle = np.concatenate([leave, back], 1)
    ends = [lines[~far], np.concatenate([start, leave], 1), np.concatenate([back, lines[far, 2:]], 1)]
    return [(middle, mix(colour, style.theme.bg, 0.35)), (np.concatenate(ends), colour)]


def _cut(control: Floats, owner: Ints, pane: Pane, margin: float) -> tuple[Floats, Ints]:
    """The parts of cubic curves that can be seen, float64 (k, 4, 2), and whose they are.

    What is not drawn costs nothing.

    Each curve is sampled; from the first to the last piece in view it is cut out with the blossom of the
    cubic (its polar form, evaluated at the two ends).
    """
    points = _SAMPLES @ control
    pieces = np.concatenate([points[:, :-1], points[:, 1:]], 2)
    seen = _in_view(pieces.reshape(-1, 4), pane, margin).reshape(pieces.shape[:2])
    some = seen.any(1)
    control, seen, owner = control[some], seen[some], owner[some]
    first = (seen.argmax(1) / _PIECES)[:, None, None]
    last = (1 - seen[:, ::-1].argmax(1) / _PIECES)[:, None, None]

    def blossom(*at: Floats) -> Floats:
        left = control
        for t in at:
            left = left[:, :-1] * (1 - t) + left[:, 1:] * t
        return left[:, 0]

    corners = ((first, first, first), (first, first, last), (first, last, last), (last, last, last))
    return np.stack([blossom(*at) for at in corners], 1), owner


def _in_view(lines: Floats, pane: Pane, margin: float) -> Mask:
    width, height = pane.area.width(), pane.area.height()
    inside: Mask = (
        (np.minimum(lines[:, 0], lines[:, 2]) < width + margin)
        & (np.maximum(lines[:, 0], lines[:, 2]) > -margin)
        & (np.minimum(lines[:, 1], lines[:, 3]) < height + margin)
        & (np.maximum(lines[:, 1], lines[:, 3]) > -margin)
    )
    return inside


def _pens(scene: Scene, links: Ints, style: Style, pane: Pane, *, lit: bool) -> list[tuple[Ints, QPen]]:
    """The links sorted by how they are drawn: data, spine, spine to a state that is not saved, hand-made."""
    kind = scene.link_kind[links]
    loose = scene.state[scene.target[links]] == UNSAVED_CODE
    width = (2.0 if lit else 1.5) * max(min(pane.zoom, 1.4), 0.6) * pane.ratio
    theme = style.theme
    spine = kind == SPINE_CODE
    groups: list[tuple[Mask, QColor, list[float] | None]] = [
        (~spine & (kind != HAND_CODE), theme.edge, None),
        (kind == HAND_CODE, theme.edge, [5.0, 2.5]),
        (spine & ~loose, theme.version, None),
        (spine & loose, theme.version, [3.0, 3.0]),
    ]
    wide = np.abs(scene.control[links, 3] - scene.control[links, 0]).max(1) > _SPAN
    if lit or pane.vector or not BRIEF <= pane.zoom < WHOLE:
        wide[:] = False
    result = []
    for mask, colour, dash in groups:
        tones = ((mask & wide, mix(colour, theme.bg, _PALE)), (mask & ~wide, theme.accent if lit else colour))
        for part, tone in tones:
            if part.any():
                pen = QPen(tone, width, Qt.PenStyle.SolidLine, Qt.PenCapStyle.FlatCap)
                if dash and pane.zoom >= BRIEF:
                    pen.setDashPattern(dash)
                result.append((links[part], pen))
    return result
