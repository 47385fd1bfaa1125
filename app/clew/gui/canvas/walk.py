"""Walk over the graph with the arrow keys: right and left along links, up and down to what stands there."""

from typing import Literal

import numpy as np

from clew.gui.canvas.scene import SPINE_CODE, Scene

Way = Literal["left", "right", "up", "down"]


def step(scene: Scene, row: int, way: Way) -> int | None:
    """The next block that way.

    Right and left follow links of data to the end nearest in height; up and down follow the spine, else go
    to the nearest block over or under this one. Without a link, right and left go to the nearest block too.

    Args:
        scene: the graph.
        row: where from.
        way: which arrow.

    Returns:
        A row, or None where there is nothing that way.
    """
    forward = way in ("right", "down")
    near, far = (scene.source, scene.target) if forward else (scene.target, scene.source)
    spine = scene.link_kind == SPINE_CODE
    along = spine if way in ("up", "down") else ~spine
    ends = np.unique(far[(near == row) & along & ~scene.later_links])
    ends = ends[ends != row]
    if len(ends):
        return int(ends[np.abs(scene.position[ends, 1] - scene.position[row, 1]).argmin()])
    return _nearest(scene, row, way)


def _nearest(scene: Scene, row: int, way: Way) -> int | None:
    middle = scene.position + scene.size / 2
    gap = middle - middle[row]
    axis = 0 if way in ("left", "right") else 1
    ahead = gap[:, axis] * (1 if way in ("right", "down") else -1)
    # A block counts as lying that way within 45 degrees, sideways distance weighs double.
    cost = np.where(
        ~scene.later & (ahead > 1) & (ahead >= np.abs(gap[:, 1 - axis])),
        ahead + 2 * np.abs(gap[:, 1 - axis]),
        np.inf,
    )
    best = int(cost.argmin()) if len(cost) else 0
    return best if len(cost) and np.isfinite(cost[best]) else None


def nearest_to(scene: Scene, x: float, y: float) -> int | None:
    """The block whose middle is nearest to a point."""
    there = np.flatnonzero(~scene.later)
    if not len(there):
        return None
    middle = scene.position[there] + scene.size[there] / 2
    return int(there[((middle - (x, y)) ** 2).sum(1).argmin()])
