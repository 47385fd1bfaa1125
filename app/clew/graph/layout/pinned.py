"""A layout around blocks that stay where they are."""

import numpy as np
from numpy.typing import NDArray

from clew.graph.layout.layout import DEFAULT_SPACING, Spacing
from clew.graph.layout.place import nearest_free

Floats = NDArray[np.float64]
Mask = NDArray[np.bool_]


def around_pinned(
    found: Floats, sizes: Floats, standing: Floats, pinned: Mask, *, spacing: Spacing = DEFAULT_SPACING
) -> Floats:
    """Lay a layout where most of its pinned blocks stand; who would be covered by one goes up or down.

    Args:
        found: float64 (n, 2), top left corners that the layout gave.
        sizes: float64 (n, 2).
        standing: float64 (n, 2), where the blocks stand now; only the rows of pinned ones count.
        pinned: bool (n,), at least one of them.

    Returns:
        Top left corners, float64 (n, 2), those of pinned blocks as they were.
    """
    result = found + np.round(np.median(standing[pinned] - found[pinned], axis=0))
    result[pinned] = standing[pinned]
    settled = pinned.copy()
    settled |= ~_near(result, sizes, np.flatnonzero(pinned), spacing)
    for i in np.flatnonzero(~settled)[np.argsort(result[~settled, 1], kind="stable")].tolist():
        others = np.flatnonzero(settled)
        x, y = result[i]
        width, height = sizes[i]
        beside = others[
            (result[others, 0] < x + width + spacing.column / 2)
            & (result[others, 0] + sizes[others, 0] > x - spacing.column / 2)
        ]
        low = result[beside, 1] - spacing.row - height
        high = result[beside, 1] + sizes[beside, 1] + spacing.row
        result[i, 1] = np.round(nearest_free(float(y), low, high))
        settled[i] = True
    return result


def _near(position: Floats, sizes: Floats, rows: NDArray[np.int64], spacing: Spacing) -> Mask:
    """Which blocks stand closer to one of some others than a layout would put them."""
    room = np.array([spacing.column / 2, spacing.row])
    low, high = position - room, position + sizes + room
    found = np.zeros(len(position), bool)
    for row in rows.tolist():
        found |= (
            (low[:, 0] < position[row, 0] + sizes[row, 0])
            & (high[:, 0] > position[row, 0])
            & (low[:, 1] < position[row, 1] + sizes[row, 1])
            & (high[:, 1] > position[row, 1])
        )
    return found
