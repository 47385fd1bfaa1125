"""Find a free place for new blocks beside what they came from; nothing else moves."""

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from clew.graph.layout.layout import DEFAULT_SPACING, Spacing

Ints = NDArray[np.int64]
Floats = NDArray[np.float64]


def place(
    positions: Floats,
    sizes: Floats,
    size: tuple[float, float],
    *,
    sources: Sequence[int] = (),
    targets: Sequence[int] = (),
    above: int | None = None,
    spacing: Spacing = DEFAULT_SPACING,
) -> tuple[float, float]:
    """Place one block: under `above`, else right of its sources, else left of its targets, else under all.

    Args:
        positions: float64 (n, 2), top left corners of the blocks that stand already.
        sizes: float64 (n, 2).
        size: width and height of the new block.
        sources: blocks that lead to it.
        targets: blocks that it leads to.
        above: the version over it on the spine.
        spacing: distances.

    Returns:
        Its top left corner.
    """
    if not len(positions):
        return 0.0, 0.0
    width, height = size
    if above is not None:
        x = float(positions[above, 0])
        y = float(positions[above, 1] + sizes[above, 1]) + spacing.spine
    elif len(sources):
        at = np.asarray(sources)
        x = float((positions[at, 0] + sizes[at, 0]).max()) + spacing.column
        y = float(positions[at, 1].mean())
    elif len(targets):
        at = np.asarray(targets)
        x = float(positions[at, 0].min()) - spacing.column - width
        y = float(positions[at, 1].mean())
    else:
        x = float(positions[:, 0].min())
        y = float((positions[:, 1] + sizes[:, 1]).max()) + spacing.part
    beside = (positions[:, 0] < x + width + spacing.column / 2) & (
        positions[:, 0] + sizes[:, 0] > x - spacing.column / 2
    )
    low = positions[beside, 1] - spacing.row - height
    high = positions[beside, 1] + sizes[beside, 1] + spacing.row
    return x, nearest_free(y, low, high, only_down=above is not None)


def place_all(
    positions: Floats,
    sizes: Floats,
    new: Sequence[int],
    edges: Ints,
    spine: Ints,
    *,
    spacing: Spacing = DEFAULT_SPACING,
) -> Floats:
    """Place several new blocks, inputs before what came from them.

    Args:
        positions: float64 (n, 2); rows of `new` are ignored.
        sizes: float64 (n, 2).
        new: rows to place.
        edges: int64 (m, 2), links (source, target).
        spine: int64 (k, 2), pairs (upper, lower).
        spacing: distances.

    Returns:
        A copy of `positions` with the rows of `new` filled in.
    """
    result = np.array(positions, float)
    standing = np.ones(len(result), bool)
    standing[list(new)] = False
    waiting = set(new)
    sources: dict[int, list[int]] = {v: [] for v in new}
    targets: dict[int, list[int]] = {v: [] for v in new}
    above: dict[int, int] = {}
    for a, b in edges[np.isin(edges, list(new)).any(1)].tolist() if len(edges) else ():
        if a != b and b in waiting:
            sources[b].append(a)
        if a != b and a in waiting:
            targets[a].append(b)
    for a, b in spine[np.isin(spine[:, 1], list(new))].tolist() if len(spine) else ():
        above[b] = a
    while waiting:
        ready = [v for v in new if v in waiting and waiting.isdisjoint(_inputs(v, sources, above))]
        # A ring of new blocks has no first one: begin with the first given.
        for v in ready or [next(v for v in new if v in waiting)]:
            rows = np.flatnonzero(standing)
            row = {int(r): i for i, r in enumerate(rows)}
            up = above.get(v)
            result[v] = place(
                result[rows],
                sizes[rows],
                (float(sizes[v, 0]), float(sizes[v, 1])),
                sources=[row[s] for s in sources[v] if s in row],
                targets=[row[t] for t in targets[v] if t in row],
                above=row.get(up) if up is not None else None,
                spacing=spacing,
            )
            standing[v] = True
            waiting.discard(v)
    return result


def _inputs(v: int, sources: dict[int, list[int]], above: dict[int, int]) -> list[int]:
    return [*sources[v], above[v]] if v in above else sources[v]


def nearest_free(y: float, low: Floats, high: Floats, *, only_down: bool = False) -> float:
    """The value nearest to `y` outside all open intervals (low, high)."""
    best_up, best_down = y, y
    by = np.argsort(low)
    merged: list[list[float]] = []
    for a, b in zip(low[by].tolist(), high[by].tolist()):
        if merged and a < merged[-1][1]:
            merged[-1][1] = max(merged[-1][1], b)
        else:
            merged.append([a, b])
    for a, b in merged:
        if a < y < b:
            best_up, best_down = a, b
    return best_down if only_down or best_down - y <= y - best_up else best_up
