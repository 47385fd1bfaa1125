"""Links as cubic Bézier curves: the plain one between two ports, and chains of several."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from clew.graph.routing.grid import Grid, spread

Ints = NDArray[np.int64]
Floats = NDArray[np.float64]
Mask = NDArray[np.bool_]

_STEP = 38.0  # scene pixels between two points of a curve that are looked at, under the `LONGEST` of a grid
_FEW = 24  # links, of which all lines are looked at at once
_WINDOW = 16  # lines of each link that are looked at together; twice as many each time


def plain(start: Floats, end: Floats, upright: Mask) -> Floats:
    """One curve for each link, level at both ports; upright along a spine.

    Args:
        start, end: float64 (m, 2), the ports.
        upright: bool (m,).

    Returns:
        Control points, float64 (m, 4, 2).
    """
    gap = end - start
    reach = np.maximum(np.abs(gap[:, 0]) * 0.5, np.minimum(40.0, np.abs(gap).max(1, initial=0.0)))
    # A link that runs back needs room to turn, but not a loop as long as the way.
    reach = np.where(gap[:, 0] < 0, np.minimum(40.0 + np.abs(gap[:, 0]) * 0.25, 160.0), reach)
    none = np.zeros(len(gap))
    across, down = np.column_stack([reach, none]), np.column_stack([none, np.abs(gap[:, 1]) * 0.5])
    pull = np.where(upright[:, None], down, across)
    result: Floats = np.stack([start, start + pull, end - pull, end], 1)
    return result


def weights(pieces: int) -> Floats:
    """Bernstein polynomials at `pieces` + 1 even steps, float64 (pieces + 1, 4)."""
    t = np.linspace(0.0, 1.0, pieces + 1)[:, None]
    result: Floats = np.concatenate([(1 - t) ** 3, 3 * t * (1 - t) ** 2, 3 * t**2 * (1 - t), t**3], 1)
    return result


@dataclass(frozen=True)
class Chains:
    """Links as cubic curves one after the other.

    Attributes:
        curves: float64 (k, 4, 2).
        first: int64 (m + 1,), where the curves of each link begin.
        own: int64 (m, 2), the blocks at the ends of each link.
        checked: bool (k,), curves of which it is known that they meet nothing.
    """

    curves: Floats
    first: Ints
    own: Ints
    checked: Mask


def first_met(grid: Grid, chains: Chains, step: float = _STEP) -> Ints:
    """The block that each link runs into first, -1 for none: int64 (m,).

    Blocks at the ends of a link do not count.

    Args:
        grid: the blocks.
        chains: the links.
        step: scene pixels between two points of a curve that are looked at.
    """
    curves, first = chains.curves, chains.first
    legs = np.linalg.norm(np.diff(curves, axis=1), axis=2).sum(1)
    lines = np.maximum(np.ceil(legs / step), 4).astype(np.int64)
    lines[chains.checked] = 0
    begin = np.concatenate([[0], np.cumsum(lines)])  # of each curve among the lines of all
    result = np.full(len(first) - 1, -1)
    seen, over = begin[first[:-1]], begin[first[1:]]
    seeking = np.flatnonzero(seen < over)
    window = _WINDOW if len(seeking) > _FEW else len(curves) * int(lines.max(initial=0))
    while len(seeking):
        count = np.minimum(over[seeking] - seen[seeking], window)
        owner, line = spread(seen[seeking], count)
        curve = np.searchsorted(begin, line, "right") - 1
        along = (line - begin[curve]) / lines[curve]
        control = curves[curve]
        start, end = _points(control, along), np.empty((len(line), 2))
        end[:-1] = start[1:]  # the next line begins where this one ends, in one window of one curve
        last = np.flatnonzero(np.append((np.diff(curve) != 0) | (np.diff(line) != 1), True))
        end[last] = _points(control[last], along[last] + 1 / lines[curve[last]])
        hit, box = grid.crossed(start, end)
        link = seeking[owner[hit]]
        foreign = (chains.own[link, 0] != box) & (chains.own[link, 1] != box)
        hit, box, link = hit[foreign], box[foreign], link[foreign]
        by = np.lexsort((box, hit))
        found, at = np.unique(link[by], return_index=True)
        result[found] = box[by[at]]
        seen[seeking] += count
        seeking = seeking[(result[seeking] < 0) & (seen[seeking] < over[seeking])]
        window *= 2
    return result


def _points(control: Floats, t: Floats) -> Floats:
    """One point of each curve, float64 (k, 2)."""
    rest = 1 - t
    share = np.stack([rest**3, 3 * t * rest**2, 3 * t**2 * rest, t**3], 1)
    result: Floats = np.einsum("kc,kcd->kd", share, control)
    return result


def covered(grid: Grid, curves: Floats, first: Ints, own: Ints) -> Mask:
    """Links with a port that lies in a block, or so near that nobody can avoid it: bool (m,)."""
    mask = np.zeros(len(own), bool)
    for port in (curves[first[:-1], 0], curves[first[1:] - 1, 3]):
        link, box = grid.crossed(port, port)
        mask[link[(own[link] != box[:, None]).all(1)]] = True
    return mask


def through_blocks(boxes: Floats, curves: Floats, first: Ints, own: Ints) -> Mask:
    """Which links run through a block that is none of their ends: bool (m,).

    Links with a port under another block do not count: there is no way for them.

    Args:
        boxes: float64 (n, 4), left, top, right, bottom of the blocks.
        curves: float64 (k, 4, 2).
        first: int64 (m + 1,), where the curves of each link begin.
        own: int64 (m, 2), the blocks at the ends of each link.
    """
    chains = Chains(curves, first, own, np.zeros(len(curves), bool))
    grid = Grid(boxes, -1.0)
    found: Mask = (first_met(grid, chains, 4.0) >= 0) & ~covered(grid, curves, first, own)
    return found
