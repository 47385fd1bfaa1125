"""Lay out a whole graph: columns from left to right, versions of a project under each other."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from clew.graph.layout.coordinates import heights
from clew.graph.layout.layers import acyclic, chains, layers
from clew.graph.layout.order import Layered, order
from clew.model.view import FRAME_MARGIN

Ints = NDArray[np.int64]
Floats = NDArray[np.float64]


@dataclass(frozen=True)
class Spacing:
    """Distances in scene pixels."""

    column: float = 64.0
    row: float = 28.0
    spine: float = 44.0  # between two versions of a project, so that the spine can be seen
    bend: float = 14.0  # between two long links that run beside each other
    part: float = 72.0  # between parts of the graph that nothing links
    frame: tuple[float, float, float, float] = FRAME_MARGIN  # left, top, right, bottom of what is in a frame


DEFAULT_SPACING = Spacing()


def layout(
    sizes: Floats,
    edges: Ints,
    spine: Ints | None = None,
    *,
    anchors: Floats | None = None,
    spacing: Spacing = DEFAULT_SPACING,
) -> Floats:
    """Give every block a place.

    Args:
        sizes: float64 (n, 2), width and height of the blocks.
        edges: int64 (m, 2), links (source, target); repeats, self-links and cycles are allowed.
        spine: int64 (k, 2), pairs (upper, lower) that stand under each other in one column.
        anchors: float64 (n,), how far under a block's top its links end; half the height if not given.
        spacing: distances.

    Returns:
        Top left corners, float64 (n, 2), whole numbers, from (0, 0).
    """
    n = len(sizes)
    sizes = np.asarray(sizes, float).reshape(n, 2)
    edges = np.asarray(edges, np.int64).reshape(-1, 2)
    spine = np.zeros((0, 2), np.int64) if spine is None else np.asarray(spine, np.int64).reshape(-1, 2)
    anchors = sizes[:, 1] / 2 if anchors is None else np.asarray(anchors, float)
    position = np.zeros((n, 2))
    parts = _parts(n, np.concatenate([edges, spine]))
    number = np.zeros(n, np.int64)
    where = np.zeros(n, np.int64)
    for k, part in enumerate(parts):
        number[part] = np.arange(len(part))
        where[part] = k
    edge_of = _split(where[edges[:, 0]] if len(edges) else np.zeros(0, np.int64), len(parts))
    spine_of = _split(where[spine[:, 0]] if len(spine) else np.zeros(0, np.int64), len(parts))
    alike: dict[tuple[bytes, ...], Floats] = {}  # a workspace has many small parts of the same form
    for k, part in enumerate(parts):
        if len(part) > 1:
            given = sizes[part], anchors[part], number[edges[edge_of[k]]], number[spine[spine_of[k]]]
            form = tuple(array.tobytes() for array in given)
            if form not in alike:
                alike[form] = _Part(given[0], given[1], spacing).lay_out(given[2], given[3])
            position[part] = alike[form]
    _pack(parts, position, sizes, spacing)
    return np.round(position)


def _split(label: Ints, count: int) -> list[Ints]:
    by = np.argsort(label, kind="stable")
    return np.split(by, np.searchsorted(label[by], np.arange(1, count))) if count else []


def _parts(n: int, edges: Ints) -> list[Ints]:
    """The connected parts, each as sorted block numbers, in order of their first block."""
    root = list(range(n))

    def find(v: int) -> int:
        while root[v] != v:
            root[v] = root[root[v]]
            v = root[v]
        return v

    for a, b in edges.tolist():
        ra, rb = find(a), find(b)
        if ra != rb:
            root[max(ra, rb)] = min(ra, rb)
    label = np.array([find(v) for v in range(n)], np.int64)
    _, label = np.unique(label, return_inverse=True)
    return _split(label, int(label.max()) + 1 if n else 0)


@dataclass(frozen=True)
class _Part:
    """One connected part: blocks and distances."""

    sizes: Floats
    anchors: Floats
    spacing: Spacing

    def lay_out(self, edges: Ints, spine: Ints) -> Floats:
        """Top left corners, float64 (n, 2), not yet moved to the origin."""
        n = len(self.sizes)
        unit, rank = chains(n, spine)
        units = int(unit.max()) + 1
        edges = edges[unit[edges[:, 0]] != unit[edges[:, 1]]]
        long_chains = np.flatnonzero(np.bincount(unit, minlength=units) > 1)
        whole = np.unique(unit[edges], axis=0) if len(edges) else edges
        layer = layers(units, acyclic(units, whole, long_chains))
        back = layer[unit[edges[:, 0]]] > layer[unit[edges[:, 1]]]
        edges = np.where(back[:, None], edges[:, ::-1], edges)
        edges = np.unique(edges, axis=0) if len(edges) else edges
        graph = _with_bends(n, unit, rank, layer, edges)
        columns = [np.array([v for u in us for v in graph.members[u]], np.int64) for us in order(graph)]
        bend = np.arange(len(graph.unit)) >= n
        gaps = self._gaps(columns, graph.unit, bend)
        y = heights(columns, gaps, graph.links, bend)
        width = np.zeros(len(columns))
        np.maximum.at(width, layer[unit], self.sizes[:, 0])
        x = np.concatenate([[0.0], np.cumsum(width[:-1] + self.spacing.column)])
        return np.column_stack([x[layer[unit]], y[:n] - self.anchors])

    def _gaps(self, columns: list[Ints], unit: Ints, bend: NDArray[np.bool_]) -> list[Floats]:
        """Least distance between the anchors of neighbours in each column."""
        bends = np.zeros(len(bend) - len(self.sizes))
        above = np.concatenate([self.anchors, bends])
        under = np.concatenate([self.sizes[:, 1] - self.anchors, bends])
        s = self.spacing
        result = []
        for column in columns:
            a, b = column[:-1], column[1:]
            gap = np.where(bend[a] & bend[b], s.bend, np.where(unit[a] == unit[b], s.spine, s.row))
            result.append(under[a] + gap + above[b])
        return result


def _with_bends(n: int, unit: Ints, rank: Ints, layer: Ints, edges: Ints) -> Layered:
    """Cut links over several columns into pieces, with a bend in each column between."""
    members: list[list[int]] = [[] for _ in range(len(layer))]
    for v in np.lexsort((rank, unit)).tolist():
        members[unit[v]].append(v)
    first, last = layer[unit[edges[:, 0]]], layer[unit[edges[:, 1]]]
    span = last - first
    extra = np.maximum(span - 1, 0)
    total = int(extra.sum())
    ids = n + np.arange(total)
    owner = np.repeat(np.arange(len(edges)), extra)
    step = np.arange(total) - np.repeat(np.cumsum(extra) - extra, extra)
    begins, ends = step == 0, step == extra[owner] - 1
    links = np.concatenate(
        [
            edges[span == 1],
            np.column_stack([np.where(begins, edges[owner, 0], ids - 1), ids]),
            np.column_stack([ids[ends], edges[owner[ends], 1]]),
        ]
    )
    members.extend([int(v)] for v in ids)
    return Layered(
        layer=np.concatenate([layer, first[owner] + step + 1]),
        unit=np.concatenate([unit, len(layer) + np.arange(total)]),
        members=members,
        links=links,
    )


def _pack(parts: list[Ints], position: Floats, sizes: Floats, spacing: Spacing) -> None:
    """Stack the parts, small ones beside each other in rows no wider than the widest part."""
    if not parts:
        return
    boxes = []
    for part in parts:
        low = position[part].min(0)
        position[part] -= low
        boxes.append((position[part] + sizes[part]).max(0))
    area = sum(float((b[0] + spacing.part) * (b[1] + spacing.part)) for b in boxes)
    limit = max(*(float(b[0]) for b in boxes), area**0.5 * 1.25)
    x = y = tallest = 0.0
    for part, (width, height) in zip(parts, boxes):
        small = len(part) == 1
        if x and x + width > limit:
            x, y, tallest = 0.0, y + tallest, 0.0
        position[part] += (x, y)
        x += width + (spacing.column if small else spacing.part)
        tallest = max(tallest, float(height) + (spacing.row if small else spacing.part))
