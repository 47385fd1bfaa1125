"""Where a link can go level between blocks, for many links at once."""

import numpy as np
from numpy.typing import NDArray

from clew.graph.routing.grid import Grid

Ints = NDArray[np.int64]
Floats = NDArray[np.float64]
Mask = NDArray[np.bool_]

MARGIN = 8.0  # scene pixels that a link keeps from a block
_LANES, _LANE = 3, 4.0  # links of different blocks go beside each other, so many scene pixels apart
_NEAR = 10.0  # from the block to the first lane
_GAP = _NEAR + (_LANES - 1) * _LANE + _NEAR  # a gap that has all lanes
_LEAST = 2 * (MARGIN + 0.5)  # a gap that one link fits through
_STEPS = 8


def lanes(start: Floats) -> Floats:
    """How far from the first lane links go that begin at some points: float64 (m,); the same for a point."""
    number = np.abs(np.round(start[:, 1] / 7 + start[:, 0] / 11)).astype(np.int64) % _LANES
    return number.astype(np.float64) * _LANE


def clear(grid: Grid, left: Floats, right: Floats, height: Floats) -> Mask:
    """Whether a link can go level at a height: bool (a,)."""
    half = _LEAST / 2
    met, _ = grid.touching(np.column_stack([left, height - half, right, height + half]))
    mask = np.ones(len(left), bool)
    mask[met] = False
    return mask


def beside(grid: Grid, left: Floats, right: Floats, edge: Floats, lane: Floats, *, up: bool) -> Floats:
    """Heights of the nearest gaps over (`up`) or under some edges, as wide as asked; else infinite."""
    sign = -1.0 if up else 1.0
    edge, result = edge.copy(), np.full(len(edge), np.inf)
    open_ = np.arange(len(edge))
    for _ in range(_STEPS):
        near, far = edge[open_], edge[open_] + sign * _GAP
        rects = np.column_stack([left[open_], np.minimum(near, far), right[open_], np.maximum(near, far)])
        which, box = grid.touching(rects)
        # How far from the edge the next blocks begin and end, counted away from it.
        begin = sign * (grid.boxes[box, 3 if up else 1] - near[which])
        end = sign * (grid.boxes[box, 1 if up else 3] - near[which])
        gap = np.full(len(open_), _GAP)
        np.minimum.at(gap, which, begin)
        free = gap >= _LEAST
        shift = np.where(gap >= _GAP, _NEAR + lane[open_], gap / 2)
        result[open_[free]] = (near + sign * shift)[free]
        beyond = np.zeros(len(open_))
        np.maximum.at(beyond, which, np.where(begin < _LEAST, end, 0.0))
        edge[open_] = near + sign * beyond
        open_ = open_[~free]
        if not len(open_):
            break
    return result
