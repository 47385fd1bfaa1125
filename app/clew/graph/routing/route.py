"""Find ways for links around the blocks that they would run through.

A link goes from left to right through corridors: level stretches over or under a block that is in its way,
joined by curves that are level at both ends. Corridors are added one by one, at the first block that is met,
for all links at once, so a link through many columns takes as many rounds as it has blocks in its way.
`ways_back` does the same for links that run backwards. A link for which no way is found keeps its plain
curve.
"""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from clew.graph.routing.back import BACK, ways_back
from clew.graph.routing.curves import Chains, covered, first_met
from clew.graph.routing.gaps import MARGIN, beside, clear, lanes
from clew.graph.routing.grid import Grid

Ints = NDArray[np.int64]
Floats = NDArray[np.float64]
Mask = NDArray[np.bool_]

_PAD = 14.0  # how far a corridor reaches beyond the block
_ROOM = 8.0  # the least way in which a link changes its height
_CORRIDORS = 40  # at most, for one link; few links need more than eight
_FAR = 2400.0  # scene pixels; a longer way around would be harder to follow than a link under a block


@dataclass(frozen=True)
class Routes:
    """The links that got another way.

    Attributes:
        links: int64 (r,), which they are, ascending.
        curves: float64 (k, 4, 2), their cubics one after the other.
        first: int64 (r + 1,), where the curves of each begin.
    """

    links: Ints
    curves: Floats
    first: Ints


def route(boxes: Floats, curves: Floats, own: Ints, upright: Mask) -> Routes:
    """Look for ways around blocks.

    Args:
        boxes: float64 (n, 4), left, top, right, bottom of the blocks.
        curves: float64 (m, 4, 2), the plain curves.
        own: int64 (m, 2), the blocks at the ends of each link.
        upright: bool (m,), links that run downwards.
    """
    found: list[tuple[Ints, Floats]] = []
    for turned in (False, True):
        some = np.flatnonzero(upright == turned)
        if not len(some):
            continue
        way = (slice(None), [1, 0, 3, 2]) if turned else (slice(None),)
        plain = curves[some][..., ::-1] if turned else curves[some]
        grid = Grid(boxes[way], MARGIN)
        for owner, chain in (_Search(grid, plain, own[some]).ways(), ways_back(grid, plain, own[some])):
            found.append((some[owner], chain[..., ::-1] if turned else chain))
    owner = np.concatenate([o for o, _ in found]) if found else np.zeros(0, np.int64)
    chain = np.concatenate([c for _, c in found]) if found else np.zeros((0, 4, 2))
    by = np.argsort(owner, kind="stable")
    links, first = np.unique(owner[by], return_index=True)
    return Routes(links, np.ascontiguousarray(chain[by]), np.append(first, len(by)))


class _Search:
    """Ways for links that run from left to right.

    Attributes kept for the links that are still seeking, a row each; a round adds a column at most,
    and what is not used is infinite:
        _corridor: float64 (3, a, rounds), left and right end and height, from left to right.
        _last: int64 (a,), the corridor that was added last.
    """

    def __init__(self, grid: Grid, plain: Floats, own: Ints) -> None:
        self._grid, self._own, self._plain = grid, own, plain
        self._boxes = grid.boxes
        self._start, self._end = plain[:, 0], plain[:, 3]
        self._lane = lanes(self._start)
        self._corridor = np.zeros((3, 0, 0))
        self._last = np.zeros(0, np.int64)

    def ways(self) -> tuple[Ints, Floats]:
        """Links and their curves; a link of several curves stands several times, in order."""
        onwards = self._end[:, 0] - self._start[:, 0] > BACK
        shut = covered(self._grid, self._plain, np.arange(len(self._plain) + 1), self._own)
        seeking = np.flatnonzero(onwards & ~shut)
        box = first_met(self._grid, self._straight(seeking))
        seeking, box = seeking[box >= 0], box[box >= 0]
        self._corridor = np.full((3, len(seeking), 0), np.inf)
        self._last = np.zeros(len(seeking), np.int64)
        owners, curves = [seeking[:0]], [self._plain[:0]]
        for _ in range(_CORRIDORS):
            able = self._go_around(seeking, box)
            seeking = self._keep(seeking, able)
            if not len(seeking):
                break
            chains = self._chains(seeking)
            box = first_met(self._grid, chains)
            owner = np.repeat(np.arange(len(seeking)), np.diff(chains.first))
            there = box[owner] < 0
            owners.append(seeking[owner[there]])
            curves.append(chains.curves[there])
            seeking, box = self._keep(seeking, box >= 0), box[box >= 0]
        return np.concatenate(owners), np.concatenate(curves)

    def _keep(self, seeking: Ints, mask: Mask) -> Ints:
        """Those links that go on seeking."""
        corridor = self._corridor[:, mask]
        self._corridor = corridor[..., np.isfinite(corridor[0]).any(0)]
        self._last = self._last[mask]
        return seeking[mask]

    def _go_around(self, link: Ints, box: Ints) -> Mask:
        """Give each link a corridor past a block, over or under it; whether there is one."""
        start, end = self._start[link], self._end[link]
        left, right = self._boxes[box, 0], self._boxes[box, 2]
        left = np.maximum(left - np.clip((left - start[:, 0]) / 2, 0, _PAD), start[:, 0])
        right = np.minimum(right + np.clip((end[:, 0] - right) / 2, 0, _PAD), end[:, 0])
        x0, x1, height = self._corridor
        joined = (x0 - _ROOM < right[:, None]) & (x1 + _ROOM > left[:, None])
        left = np.minimum(left, np.where(joined, x0, np.inf).min(1, initial=np.inf))
        right = np.maximum(right, np.where(joined, x1, -np.inf).max(1, initial=-np.inf))
        x0, x1, height = _in_order(*(np.where(joined, np.inf, part) for part in (x0, x1, height)))
        place = (x0 < left[:, None]).sum(1)[:, None]  # how many corridors come before
        heights = np.column_stack([start[:, 1], height])
        before = np.take_along_axis(heights, place, 1)[:, 0]
        after = np.take_along_axis(np.column_stack([height, np.full(len(link), np.inf)]), place, 1)[:, 0]
        after = np.where(np.isfinite(after), after, end[:, 1])
        best, cost = self._best(link, box, left, right, before, after)
        added = (np.column_stack(pair) for pair in ((x0, left), (x1, right), (height, best)))
        self._corridor = _in_order(*added)
        self._last = place[:, 0]
        found: Mask = np.isfinite(cost)
        return found

    def _best(
        self, link: Ints, box: Ints, left: Floats, right: Floats, before: Floats, after: Floats
    ) -> tuple[Floats, Floats]:
        """The height of the cheaper corridor past a block, and how far up and down it leads; else infinite.

        Args:
            link, box: int64 (a,).
            left, right: float64 (a,), where the corridor begins and ends.
            before, after: float64 (a,), the heights that the link comes from and goes to.
        """
        start, end = self._start[link], self._end[link]
        first, last = left - start[:, 0] < _ROOM, end[:, 0] - right < _ROOM
        top, bottom = self._boxes[box, 1], self._boxes[box, 3]
        options = [
            beside(self._grid, left, right, top, self._lane[link], up=True),
            beside(self._grid, left, right, bottom, self._lane[link], up=False),
        ]
        # Where there is no room to change the height it has to be that of the port.
        for port, tied in ((start, first), (end, last)):
            if not tied.any():
                continue
            level = np.where(clear(self._grid, left, right, port[:, 1]), port[:, 1], np.inf)
            options = [np.where(tied, level, h) for h in options]
        both = first & last
        options = [np.where(both & (start[:, 1] != end[:, 1]), np.inf, h) for h in options]
        heights = np.array(options)
        cost = np.abs(heights - before) + np.abs(heights - after)
        cost[~(cost < _FAR + np.abs(before - after))] = np.inf
        choice = cost.argmin(0)
        rows = np.arange(len(link))
        return heights[choice, rows], cost[choice, rows]

    def _straight(self, links: Ints) -> Chains:
        """The plain curves of links."""
        none = np.zeros(len(links), bool)
        return Chains(self._plain[links], np.arange(len(links) + 1), self._own[links], none)

    def _chains(self, links: Ints) -> Chains:
        """The curves of the links that are seeking, through their corridors."""
        x0, x1, height = self._corridor
        used = np.isfinite(x0)
        n, k = x0.shape
        stops = np.full((n, 2 * k + 2, 2), np.nan)
        stops[:, 0], stops[:, -1] = self._start[links], self._end[links]
        stops[:, 1:-1:2] = np.where(used[..., None], np.stack([x0, height], 2), np.nan)
        stops[:, 2:-1:2] = np.where(used[..., None], np.stack([x1, height], 2), np.nan)
        there = ~np.isnan(stops[..., 0])
        # A corridor that begins at the port begins there.
        there[:, 1:-1] &= (stops[:, 1:-1, 0] > stops[:, :1, 0]) & (stops[:, 1:-1, 0] < stops[:, -1:, 0])
        owner, stop = np.nonzero(there)
        points = stops[there]
        same = owner[1:] == owner[:-1]
        owner, stop, a, d = owner[:-1][same], stop[:-1][same], points[:-1][same], points[1:][same]
        reach = np.column_stack([(d[:, 0] - a[:, 0]) / 2, np.zeros(len(a))])
        curves = np.stack([a, a + reach, d - reach, d], 1)
        first = np.searchsorted(owner, np.arange(n + 1))
        known = (stop < 2 * self._last[owner]) | (stop % 2 == 1)
        return Chains(curves, first, self._own[links], known)


def _in_order(x0: Floats, x1: Floats, height: Floats) -> Floats:
    """Corridors from left to right, float64 (3, a, k)."""
    by = np.argsort(x0, axis=1, kind="stable")
    return np.stack([np.take_along_axis(part, by, 1) for part in (x0, x1, height)])
