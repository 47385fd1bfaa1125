"""Draw links: many at once from arrays, cut to the window before they are stroked."""

import numpy as np
from PySide6.QtCore import QLineF, Qt
from PySide6.QtGui import QColor, QPainter, QPainterPath, QPen
from shiboken6 import Shiboken

from clew.gui.canvas.scene import LINK_KINDS, SPINE_CODE, UNSAVED_CODE, Floats, Ints, Mask, Scene
from clew.gui.canvas.style import BRIEF, WHOLE, Style
from clew.model.view import LinkKind

HAND_CODE = LINK_KINDS.index(LinkKind.HAND)
_PIECES = 28  # straight pieces of a thread seen near; Bernstein weights below
_PIECES_FAR = 10


def _bernstein(pieces: int) -> Floats:
    t = np.linspace(0.0, 1.0, pieces + 1)[:, None]
    return np.concatenate([(1 - t) ** 3, 3 * t * (1 - t) ** 2, 3 * t**2 * (1 - t), t**3], 1)


_NEAR, _FAR = _bernstein(_PIECES), _bernstein(_PIECES_FAR)


def draw_lines(painter: QPainter, lines: Floats) -> None:
    """Draw straight pieces, float64 (k, 4) as x1 y1 x2 y2, without a Python loop over them."""
    lines = np.ascontiguousarray(lines, float)
    if len(lines):
        painter.drawLines(Shiboken.wrapInstance(lines.ctypes.data, QLineF), len(lines))  # pyright: ignore


def draw_threads(
    painter: QPainter,
    scene: Scene,
    links: Ints,
    style: Style,
    *,
    scale: float,
    zoom: float,
    offset: Floats,
    extent: tuple[float, float],
    lit: bool = False,
    vector: bool = False,
) -> None:
    """Draw some links.

    Args:
        painter: untransformed, in device pixels.
        scene: the graph.
        links: which links.
        style: colours.
        scale: device pixels per scene pixel.
        zoom: logical pixels per scene pixel.
        offset: device position of the scene's origin, subtracted from scaled coordinates.
        extent: width and height of the window in device pixels.
        lit: draw the thread that is being looked at.
        vector: keep curves as curves, for a file.
    """
    for chosen, pen in _pens(scene, links, style, scale=scale, zoom=zoom, lit=lit):
        control = scene.control[chosen] * scale - offset
        painter.setPen(pen)
        painter.setBrush(Qt.BrushStyle.NoBrush)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing, zoom >= BRIEF / 2 or lit or vector)
        dashed = pen.style() == Qt.PenStyle.CustomDashLine
        if vector or (dashed and zoom >= BRIEF):
            for start, one, two, end in control.tolist():
                path = QPainterPath()
                path.moveTo(*start)
                path.cubicTo(*one, *two, *end)
                painter.drawPath(path)
            continue
        if zoom < BRIEF:
            lines = np.concatenate([control[:, 0], control[:, 3]], 1)
        else:
            points = np.einsum("tc,ecd->etd", _NEAR if zoom >= WHOLE else _FAR, control)
            lines = np.concatenate([points[:, :-1], points[:, 1:]], 2).reshape(-1, 4)
        draw_lines(painter, lines[_in_view(lines, extent, pen.widthF() + 1)])


def _in_view(lines: Floats, extent: tuple[float, float], margin: float) -> Mask:
    width, height = extent
    inside: Mask = (
        (np.minimum(lines[:, 0], lines[:, 2]) < width + margin)
        & (np.maximum(lines[:, 0], lines[:, 2]) > -margin)
        & (np.minimum(lines[:, 1], lines[:, 3]) < height + margin)
        & (np.maximum(lines[:, 1], lines[:, 3]) > -margin)
    )
    return inside


def _pens(
    scene: Scene, links: Ints, style: Style, *, scale: float, zoom: float, lit: bool
) -> list[tuple[Ints, QPen]]:
    """The links sorted by how they are drawn: data, spine, spine to a state that is not saved, hand-made."""
    kind = scene.link_kind[links]
    loose = scene.state[scene.target[links]] == UNSAVED_CODE
    ratio = scale / zoom
    width = (2.0 if lit else 1.5) * max(min(zoom, 1.4), 0.6) * ratio
    theme = style.theme
    spine = kind == SPINE_CODE
    groups: list[tuple[Mask, QColor, list[float] | None]] = [
        (~spine & (kind != HAND_CODE), theme.edge, None),
        (kind == HAND_CODE, theme.edge, [5.0, 2.5]),
        (spine & ~loose, theme.version, None),
        (spine & loose, theme.version, [3.0, 3.0]),
    ]
    result = []
    for mask, colour, dash in groups:
        if mask.any():
            pen = QPen(theme.accent if lit else colour, width, Qt.PenStyle.SolidLine, Qt.PenCapStyle.RoundCap)
            if dash and zoom >= BRIEF:
                pen.setCapStyle(Qt.PenCapStyle.FlatCap)
                pen.setDashPattern(dash)
            result.append((links[mask], pen))
    return result
