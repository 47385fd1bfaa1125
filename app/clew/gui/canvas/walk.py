"""Walk over the graph with the arrow keys: right and left along links, up and down to what stands there."""

from typing import Literal

import numpy as np

from clew.gui.canvas.scene import KINDS, SPINE_CODE, Ints, Mask, Scene
from clew.model.refs import BlockKind

_BAND = 60.0  # scene pixels; what stands within them is read as one line
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
    return nearest_that_way(scene, row, way, ~scene.later)


def nearest_that_way(scene: Scene, row: int, way: Way, among: Mask) -> int | None:
    """The nearest of some blocks that lies left, right, over or under one."""
    middle = scene.position + scene.size / 2
    gap = middle - middle[row]
    axis = 0 if way in ("left", "right") else 1
    ahead = gap[:, axis] * (1 if way in ("right", "down") else -1)
    # A block counts as lying that way within 45 degrees, sideways distance weighs double.
    cost = np.where(
        among & (ahead > 1) & (ahead >= np.abs(gap[:, 1 - axis])),
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


def reading(scene: Scene, rows: Ints) -> list[int]:
    """Rows as one reads: line by line from the top, each from the left."""
    x, y = scene.position[rows].T
    found: list[int] = rows[np.lexsort((x, np.floor(y / _BAND)))].tolist()
    return found


def in_reading_order(scene: Scene, what: BlockKind | None = None) -> list[tuple[bool, int]]:
    """All that there is on the paper as one reads, frames before what is in them.

    Args:
        scene: the graph.
        what: only frames, folded or not, or only notes.

    Returns:
        Pairs: whether it is an open frame, and its place among the frames, or the row.
    """
    there = ~scene.later if what is None else ~scene.later & (scene.kind == KINDS.index(what))
    rows = np.flatnonzero(there)
    frames = np.flatnonzero(scene.frames_there) if what in (None, BlockKind.FRAME) else rows[:0]
    corner = np.concatenate((scene.frame_rects()[frames, :2], scene.position[rows]))
    order = np.lexsort((corner[:, 0], np.floor(corner[:, 1] / _BAND)))
    things = [*((True, int(f)) for f in frames), *((False, int(r)) for r in rows)]
    return [things[i] for i in order.tolist()]
