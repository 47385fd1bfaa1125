"""What lies under a point or in a rectangle: pure functions over the arrays, scene pixels."""

from dataclasses import dataclass

import numpy as np
from PySide6.QtCore import QPointF

from clew.graph.routing.curves import weights
from clew.gui.canvas.scene import PORT_Y, Floats, Ints, Mask, Scene

PORT_REACH = 9.0
_SAMPLES = weights(64)
_COARSE = 16
_ROUGH = weights(_COARSE)


@dataclass(frozen=True)
class Port:
    """The circle on a block's edge; `output` is the right one."""

    row: int
    output: bool


def port_point(scene: Scene, port: Port) -> QPointF:
    """Where a port is in the scene."""
    x, y = scene.position[port.row].tolist()
    return QPointF(x + (float(scene.size[port.row, 0]) if port.output else 0.0), y + PORT_Y)


def block_at(scene: Scene, x: float, y: float) -> int | None:
    """The row of the topmost block under the point."""
    inside = (
        (scene.position[:, 0] <= x)
        & (x < scene.position[:, 0] + scene.size[:, 0])
        & (scene.position[:, 1] <= y)
        & (y < scene.position[:, 1] + scene.size[:, 1])
        & ~scene.later
    )
    found = np.flatnonzero(inside)
    return int(found[-1]) if len(found) else None


def port_at(scene: Scene, x: float, y: float, reach: float = PORT_REACH) -> Port | None:
    """The port within `reach` of the point, the nearest if there are several; deleted blocks have none."""
    dy = np.abs(scene.position[:, 1] + PORT_Y - y)
    best: Port | None = None
    nearest = reach
    for output in (True, False):
        dx = np.abs(scene.position[:, 0] + (scene.size[:, 0] if output else 0.0) - x)
        for row in np.flatnonzero((dx <= reach) & (dy <= reach) & scene.linkable & ~scene.later).tolist():
            distance = float(np.hypot(dx[row], dy[row]))
            if distance <= nearest:
                nearest, best = distance, Port(row, output)
    return best


def blocks_in(scene: Scene, left: float, top: float, right: float, bottom: float) -> Ints:
    """Rows of the blocks that the rectangle touches."""
    x, y = scene.position.T
    wide, tall = scene.size.T
    found = _within(x, x + wide, left, right)
    found = found[(y[found] < bottom) & (y[found] + tall[found] > top)]
    here: Ints = found[~scene.later[found]]
    return here


def links_in(scene: Scene, left: float, top: float, right: float, bottom: float) -> Ints:
    """Links whose surrounding rectangle touches the rectangle."""
    found = _within(scene.low[:, 0], scene.high[:, 0], left, right)
    found = found[(scene.low[found, 1] < bottom) & (scene.high[found, 1] > top)]
    here: Ints = found[~scene.later_links[found]]
    return here


def _within(begin: Floats, end: Floats, low: float, high: float) -> Ints:
    """The spans that share something with another; the few that do are all that is left to look at."""
    return np.flatnonzero((begin < high) & (end > low))


def link_at(scene: Scene, x: float, y: float, reach: float = 5.0, *, straight: bool = False) -> int | None:
    """The link that passes within `reach` of the point; `straight` from port to port, as seen from afar."""
    near = links_in(scene, x - reach, y - reach, x + reach, y + reach)
    if straight:
        points, owner = scene.control[near][:, ::3], np.arange(len(near))
    else:
        curves, owner = scene.curves(near)
        some = _perhaps(curves, x, y, reach)
        points, owner = _SAMPLES @ curves[some], owner[some]
    if not len(points):
        return None
    a, step = points[:, :-1], np.diff(points, axis=1)
    square = np.maximum((step**2).sum(2), 1e-12)
    along = np.clip((((x, y) - a) * step).sum(2) / square, 0.0, 1.0)
    distance = np.linalg.norm(a + along[..., None] * step - (x, y), axis=2).min(1)
    best = int(distance.argmin())
    return int(near[owner[best]]) if distance[best] <= reach else None


def _perhaps(curves: Floats, x: float, y: float, reach: float) -> Mask:
    """Curves that may pass within `reach` of a point, and few that do not: bool (k,).

    A cubic stays within h² / 8 times its largest second derivative of lines between steps of h.
    """
    turn = np.abs(np.diff(curves, 2, axis=1)).max((1, 2))
    room = reach + turn * 6 / (8 * _COARSE**2)
    flat = np.ascontiguousarray(curves.transpose(1, 2, 0)).reshape(4, -1)
    dx, dy = (_ROUGH @ flat).reshape(_COARSE + 1, 2, -1).transpose(1, 0, 2)
    dx -= x
    dy -= y
    found: Mask = np.zeros(len(curves), bool)
    if len(curves):
        over = np.minimum(dx[:-1], dx[1:]) < room
        over &= np.maximum(dx[:-1], dx[1:]) > -room
        over &= np.minimum(dy[:-1], dy[1:]) < room
        over &= np.maximum(dy[:-1], dy[1:]) > -room
        found = over.any(0)
    return found


def frame_at(scene: Scene, x: float, y: float) -> int | None:
    """The smallest frame whose rectangle holds the point."""
    rects = scene.frame_rects()
    around = (rects[:, 0] <= x) & (x < rects[:, 2]) & (rects[:, 1] <= y) & (y < rects[:, 3])
    inside = np.flatnonzero(around & scene.frames_there)
    if not len(inside):
        return None
    area = (rects[inside, 2] - rects[inside, 0]) * (rects[inside, 3] - rects[inside, 1])
    return int(inside[area.argmin()])
