"""How good a drawing is: links that cross, blocks that cover each other."""

import numpy as np
from numpy.typing import NDArray

Ints = NDArray[np.int64]
Floats = NDArray[np.float64]


def crossings(positions: Floats, sizes: Floats, edges: Ints) -> int:
    """Count pairs of links that cross, drawn straight from right middle to left middle.

    Links that share a block are not counted.

    Args:
        positions: float64 (n, 2), top left corners.
        sizes: float64 (n, 2).
        edges: int64 (m, 2).
    """
    edges = np.asarray(edges, np.int64).reshape(-1, 2)
    start = positions[edges[:, 0]] + sizes[edges[:, 0]] * (1, 0.5)
    end = positions[edges[:, 1]] + sizes[edges[:, 1]] * (0, 0.5)
    by = np.argsort(np.minimum(start[:, 0], end[:, 0]))
    start, end, edges = start[by], end[by], edges[by]
    low, high = np.minimum(start, end), np.maximum(start, end)
    total = 0
    for i in range(len(edges)):
        stop = int(np.searchsorted(low[:, 0], high[i, 0]))
        j = np.arange(i + 1, max(stop, i + 1))
        j = j[(low[j, 1] < high[i, 1]) & (high[j, 1] > low[i, 1])]
        j = j[~np.isin(edges[j], edges[i]).any(1)]
        a, b = start[i], end[i]
        sides = _side(a, b, start[j]) * _side(a, b, end[j]) < 0
        total += int((sides & (_side(start[j], end[j], a) * _side(start[j], end[j], b) < 0)).sum())
    return total


def _side(a: Floats, b: Floats, p: Floats) -> Floats:
    """Positive where `p` lies left of the line from `a` to `b`."""
    result: Floats = (b[..., 0] - a[..., 0]) * (p[..., 1] - a[..., 1]) - (b[..., 1] - a[..., 1]) * (
        p[..., 0] - a[..., 0]
    )
    return result


def overlaps(positions: Floats, sizes: Floats) -> int:
    """Count pairs of blocks that cover each other."""
    low, high = positions, positions + sizes
    by = np.argsort(low[:, 0])
    low, high = low[by], high[by]
    total = 0
    for i in range(len(low)):
        stop = int(np.searchsorted(low[:, 0], high[i, 0]))
        j = slice(i + 1, max(stop, i + 1))
        total += int(((low[j, 1] < high[i, 1]) & (high[j, 1] > low[i, 1])).sum())
    return total
