"""Ways for links that run backwards: a turn, a level stretch over, under or between both blocks, a turn."""

import numpy as np
from numpy.typing import NDArray

from clew.graph.routing.curves import Chains, covered, first_met, weights
from clew.graph.routing.gaps import beside, lanes
from clew.graph.routing.grid import Grid

Ints = NDArray[np.int64]
Floats = NDArray[np.float64]
Mask = NDArray[np.bool_]

BACK = 16.0  # scene pixels to the right; what goes no farther counts as backwards
_TURN = 52.0  # how far the control points of a turn lie outside; three quarters of it is how far it reaches
_FAR = 3000.0  # scene pixels back; longer level stretches are seldom free
_OUT = _TURN * 0.75


def ways_back(grid: Grid, plain: Floats, own: Ints) -> tuple[Ints, Floats]:
    """Links and their curves; a link of several curves stands several times, in order.

    Args:
        grid: the blocks.
        plain: float64 (m, 4, 2), the plain curves of all links.
        own: int64 (m, 2), the blocks at the ends of each link.
    """
    first = np.arange(len(plain) + 1)
    way = plain[:, 3, 0] - plain[:, 0, 0]
    backwards = np.flatnonzero((way <= BACK) & (way > -_FAR))
    if not len(backwards):
        return backwards, plain[:0]
    backwards = backwards[~covered(grid, plain[backwards], first[: len(backwards) + 1], own[backwards])]
    none = np.zeros(len(backwards), bool)
    chains = Chains(plain[backwards], first[: len(backwards) + 1], own[backwards], none)
    bad = (first_met(grid, chains) >= 0) | _through_own(grid, plain[backwards], own[backwards])
    seeking = backwards[bad]
    if not len(seeking):
        return seeking, plain[:0]
    heights, cost = _heights(grid, plain[seeking], own[seeking])
    by = np.argsort(cost, axis=0, kind="stable")
    curves = np.zeros((len(plain), 3, 4, 2))
    done = np.zeros(len(plain), bool)
    for rank in range(len(heights)):
        choice = by[rank], np.arange(len(seeking))
        there = ~done[seeking] & np.isfinite(cost[choice])
        links, height = seeking[there], heights[choice][there]
        tried = _chain(plain[links], height)
        known = np.tile([False, True, False], len(links))
        ends = np.arange(len(links) + 1) * 3
        free = first_met(grid, Chains(tried.reshape(-1, 4, 2), ends, own[links], known)) < 0
        curves[links[free]], done[links[free]] = tried[free], True
    found = np.flatnonzero(done)
    return np.repeat(found, 3), curves[found].reshape(-1, 4, 2)


def _through_own(grid: Grid, curves: Floats, own: Ints) -> Mask:
    """Links that run through one of their own blocks: bool (m,)."""
    points = weights(24)[1:-1] @ curves
    mask = np.zeros(len(curves), bool)
    for box in (grid.boxes[own[:, 0]], grid.boxes[own[:, 1]]):
        low, high = box[:, None, :2] + 1, box[:, None, 2:] - 1
        inside: Mask = (points > low) & (points < high)
        mask |= (inside[..., 0] & inside[..., 1]).any(1)
    return mask


def _heights(grid: Grid, plain: Floats, own: Ints) -> tuple[Floats, Floats]:
    """Heights of the level stretch, over or under both blocks or under one, and costs: float64 (4, m)."""
    start, end = plain[:, 0], plain[:, 3]
    left, right = np.minimum(start[:, 0], end[:, 0]) - _OUT, np.maximum(start[:, 0], end[:, 0]) + _OUT
    one, two = grid.boxes[own[:, 0]], grid.boxes[own[:, 1]]
    lane = lanes(start)
    found = np.array(
        [
            beside(grid, left, right, np.minimum(one[:, 1], two[:, 1]), lane, up=True),
            beside(grid, left, right, np.maximum(one[:, 3], two[:, 3]), lane, up=False),
            beside(grid, left, right, one[:, 3], lane, up=False),
            beside(grid, left, right, two[:, 3], lane, up=False),
        ]
    )
    return found, np.abs(found - start[:, 1]) + np.abs(found - end[:, 1])


def _chain(plain: Floats, height: Floats) -> Floats:
    """Turn, level stretch and turn, float64 (m, 3, 4, 2)."""
    start, end = plain[:, 0], plain[:, 3]
    over, under = np.column_stack([start[:, 0], height]), np.column_stack([end[:, 0], height])
    out = np.array([_TURN, 0.0])
    third = (under - over) / 3
    return np.stack(
        [
            np.stack([start, start + out, over + out, over], 1),
            np.stack([over, over + third, under - third, under], 1),
            np.stack([under, under - out, end - out, end], 1),
        ],
        1,
    )
