"""The order of blocks inside each column: few crossings, found by spectrum, sweeps and swaps."""

from bisect import bisect_right, insort
from dataclasses import dataclass
from itertools import pairwise

import numpy as np
from numpy.typing import NDArray

from clew.graph.layout.spectrum import fiedler

Ints = NDArray[np.int64]
Floats = NDArray[np.float64]


@dataclass
class Layered:
    """A graph cut into columns; every link joins neighbouring columns.

    Vertices are blocks and the bends of long links; units are vertices that stay together, top to bottom.
    """

    layer: Ints  # (units,) column of each unit
    unit: Ints  # (vertices,) unit of each vertex
    members: list[list[int]]  # vertices of each unit from the top
    links: Ints  # (m, 2) vertices, from column i to column i + 1


_LARGE = 8000  # units; above it each round costs more time than the few crossings it still takes away


def order(graph: Layered, *, seed: int = 0) -> list[list[int]]:
    """Order the units of each column so that links cross little.

    Start: the Fiedler vector of the graph (a global order of the strands), and a barycentre sweep to and fro
    (Sugiyama et al. 1981) where that is better still. Then neighbours are swapped, all heights drawn a little
    towards those they are linked to, and swapped again: what swaps alone cannot part, the drawing loosens.

    Args:
        graph: columns and links.
        seed: first vector of the Lanczos steps.

    Returns:
        Units of each column from the top.
    """
    columns = int(graph.layer.max()) + 1 if len(graph.layer) else 0
    if not columns:
        return []
    work = _Sweeper(graph, [np.flatnonzero(graph.layer == i) for i in range(columns)])
    work.sort_all(fiedler(len(graph.unit), _ties(graph), seed))
    best, least = work.snapshot(), work.crossings()
    for rightwards in (True, False):
        for i in range(1, columns) if rightwards else range(columns - 2, -1, -1):
            work.barycentre(i, rightwards)
        found = work.crossings()
        if found < least:
            best, least = work.snapshot(), found
    return _refined(graph, work, best, least) if least else best


def _refined(graph: Layered, work: "_Sweeper", start: list[list[int]], crossings: int) -> list[list[int]]:
    """The best order that swaps and loosening find, from one with so many crossings."""
    large = len(graph.members) > _LARGE
    best, gain = swap_neighbours(graph, start, 3)
    least, columns = crossings - gain, best
    for _ in range(2 if large else 5):
        if not least:
            return best
        work.sort_all(_loosened(graph, columns))
        before = work.crossings()
        columns, gain = swap_neighbours(graph, work.snapshot(), 3)
        if before - gain < least:
            best, least = columns, before - gain
    return swap_neighbours(graph, best, 3 if large else 24)[0]


def _loosened(graph: Layered, columns: list[list[int]]) -> Floats:
    """Heights of the vertices, 0 to 1 in each column, drawn towards those they are linked to."""
    n = len(graph.unit)
    y = np.zeros(n)
    for us in columns:
        vertices = [v for u in us for v in graph.members[u]]
        y[vertices] = (np.arange(len(vertices)) + 0.5) / len(vertices)
    a, b = np.concatenate([graph.links, graph.links[:, ::-1]]).T
    degree = np.maximum(np.bincount(a, minlength=n), 1)
    alone = np.bincount(a, minlength=n) == 0
    for _ in range(4):
        drawn = 0.5 * y + 0.5 * np.bincount(a, weights=y[b], minlength=n) / degree
        y = np.where(alone, y, drawn)
    return y


def _ties(graph: Layered) -> Ints:
    """The links, and each vertex to the next of its unit."""
    spine = [(a, b) for m in graph.members for a, b in pairwise(m)]
    return np.concatenate([graph.links, np.array(spine, np.int64).reshape(-1, 2)])


class _Sweeper:
    """Columns in work, with the position of each vertex in its column."""

    def __init__(self, graph: Layered, units: list[Ints]) -> None:
        self.graph, self.units = graph, units
        self.size = np.array([len(m) for m in graph.members], np.int64)
        self.place = np.zeros(len(graph.unit))
        self.offset = np.zeros(len(graph.unit))
        for m in graph.members:
            self.offset[m] = np.arange(len(m))
        column = graph.layer[graph.unit[graph.links[:, 0]]]
        by = np.argsort(column, kind="stable")
        cut = np.searchsorted(column[by], np.arange(len(units) + 1))
        self.links = [graph.links[by[cut[i] : cut[i + 1]]] for i in range(len(units))]
        self.local = np.zeros(len(graph.layer), np.int64)
        self.vertices = [np.concatenate([graph.members[u] for u in us.tolist()]) for us in units]

    def sort_all(self, height: Floats) -> None:
        """Sort every column by the middle of each unit's vertices."""
        key = np.bincount(self.graph.unit, weights=height, minlength=len(self.size)) / self.size
        for i, units in enumerate(self.units):
            self.sort(i, key[units])

    def sort(self, i: int, key: Floats) -> None:
        self.units[i] = units = self.units[i][np.argsort(key, kind="stable")]
        start = np.cumsum(self.size[units]) - self.size[units]
        self.local[units] = start
        inside = self.vertices[i]
        self.place[inside] = self.local[self.graph.unit[inside]] + self.offset[inside]

    def barycentre(self, i: int, rightwards: bool) -> None:
        links = self.links[i - 1] if rightwards else self.links[i]
        mine, other = (links[:, 1], links[:, 0]) if rightwards else (links[:, 0], links[:, 1])
        units = self.units[i]
        self.local[units] = np.arange(len(units))
        at = self.local[self.graph.unit[mine]]
        count = np.bincount(at, minlength=len(units))
        total = np.bincount(at, weights=self.place[other], minlength=len(units))
        first = np.array([self.graph.members[u][0] for u in units.tolist()], np.int64)
        self.sort(i, np.where(count > 0, total / np.maximum(count, 1), self.place[first]))

    def crossings(self) -> int:
        return sum(inversions(self.place[s[:, 0]], self.place[s[:, 1]]) for s in self.links if len(s) > 1)

    def snapshot(self) -> list[list[int]]:
        return [u.tolist() for u in self.units]


def inversions(left: Floats, right: Floats) -> int:
    """How many pairs of links between two columns cross, given their positions there."""
    seen: list[float] = []
    total = 0
    for x in right[np.lexsort((right, left))].tolist():
        total += len(seen) - bisect_right(seen, x)
        insort(seen, x)
    return total


def swap_neighbours(graph: Layered, columns: list[list[int]], rounds: int) -> tuple[list[list[int]], int]:
    """Swap neighbours in a column wherever that removes crossings, until nothing improves.

    In every fourth round a swap that changes nothing is made too: strands slide past each other, which opens
    the way for swaps that help. Units near which nothing changed are not looked at again.

    Returns:
        The columns, and how many crossings fewer they have.
    """
    work = _Swapper(graph, columns)
    best, gained, most = [list(us) for us in columns], 0, 0
    for turn in range(rounds):
        gain = work.turn(turn)
        gained += gain
        if gained > most:
            best, most = [list(us) for us in work.columns], gained
        if not gain and turn % 4 == 3:
            break
    return best, most


class _Swapper:
    """Columns in work, with the place of every vertex and the round in which each unit last changed."""

    def __init__(self, graph: Layered, columns: list[list[int]]) -> None:
        self.members = graph.members
        self.columns = [list(us) for us in columns]
        self.unit: list[int] = graph.unit.tolist()
        self.left: list[list[int]] = [[] for _ in graph.members]
        self.right: list[list[int]] = [[] for _ in graph.members]
        for a, b in graph.links.tolist():
            self.right[self.unit[a]].append(b)
            self.left[self.unit[b]].append(a)
        self.place = [0] * len(self.unit)
        for us in self.columns:
            for k, v in enumerate(v for u in us for v in self.members[u]):
                self.place[v] = k
        self.changed = [0] * len(graph.members)

    def turn(self, turn: int) -> int:
        """One round over all columns; returns how many crossings it removed."""
        slide = turn % 4 == 2
        since = 0 if turn == 2 else turn - 1  # the first slide has to look at everything
        gain = 0
        for us in self.columns if turn % 2 == 0 else reversed(self.columns):
            for j in range(len(us) - 1):
                a, b = us[j], us[j + 1]
                if self.changed[a] < since and self.changed[b] < since:
                    continue
                better, ties = self._better(a, b)
                if better > 0 or (slide and not better and not ties):
                    us[j], us[j + 1] = b, a
                    self._swapped(a, b, turn)
                    gain += better
        return gain

    def _better(self, a: int, b: int) -> tuple[int, int]:
        """How many crossings fewer if `b` stood over `a`, and how many links share an end."""
        better = ties = 0
        place = self.place
        for side in (self.left, self.right):
            if not side[a] or not side[b]:
                continue
            theirs = [place[y] for y in side[b]]
            for x in side[a]:
                px = place[x]
                for py in theirs:
                    if px > py:
                        better += 1
                    elif px < py:
                        better -= 1
                    else:
                        ties += 1
        return better, ties

    def _swapped(self, a: int, b: int, turn: int) -> None:
        start = self.place[self.members[a][0]]
        for k, v in enumerate((*self.members[b], *self.members[a])):
            self.place[v] = start + k
        for u in (a, b):
            self.changed[u] = turn
            for v in (*self.left[u], *self.right[u]):
                self.changed[self.unit[v]] = turn
