"""Frames over the rows of a scene: who stands in which, and the rectangles around them, nested ones too."""

from collections.abc import Mapping, Sequence

import numpy as np
from numpy.typing import NDArray

from clew.model.frames import frame_line
from clew.model.refs import BlockRef
from clew.model.view import FRAME_MARGIN, Frame

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]
Mask = NDArray[np.bool_]


class FrameRows:
    """The frames that have something to show, the inner ones before those around them.

    Attributes:
        frames: the frames.
        rows: for each the rows in it and in the frames inside it.
        depth: how many frames stand around each.
        parents: int64 (f,), the number of the frame around each, -1 for none.
    """

    def __init__(self, frames: Sequence[Frame], row: Mapping[BlockRef, int]) -> None:
        by_id = {frame.id: frame for frame in frames}
        lines = {i: frame_line(by_id, i) for i in by_id}
        own = {i: [row[m] for m in frame.members if m in row] for i, frame in by_id.items()}
        levels: dict[int, list[tuple[int, int]]] = {i: [] for i in by_id}  # (row, how far in)
        for i, rows in own.items():
            for far, around in enumerate(lines[i]):
                levels[around] += [(r, far) for r in rows]
        shown = sorted((i for i in by_id if levels[i]), key=lambda i: (-len(lines[i]), i))
        self.frames = [by_id[i] for i in shown]
        self.rows = [np.array([r for r, _ in levels[i]], np.int64) for i in shown]
        self.depth = np.array([len(lines[i]) - 1 for i in shown], np.int64)
        number = {i: k for k, i in enumerate(shown)}
        self.parents = np.array([number[lines[i][1]] if len(lines[i]) > 1 else -1 for i in shown], np.int64)
        self._flat = np.concatenate(self.rows) if shown else np.zeros(0, np.int64)
        self._far = np.array([far for i in shown for _, far in levels[i]], float)[:, None]
        sizes = [len(rows) for rows in self.rows]
        self._starts = np.concatenate([[0], np.cumsum(sizes[:-1])]).astype(np.int64) if shown else self._flat

    def rects(self, position: Floats, size: Floats) -> Floats:
        """Left, top, right, bottom of each frame, float64 (f, 4); each frame inside adds its own margin.

        A row that has no place yet (NaN) does not count; a frame of such rows has no rectangle (NaN).
        """
        if not self.frames:
            return np.zeros((0, 4))
        left, top, right, bottom = FRAME_MARGIN
        corner = position[self._flat]
        low = np.fmin.reduceat(corner - (self._far + 1) * (left, top), self._starts)
        far = corner + size[self._flat] + (self._far + 1) * (right, bottom)
        return np.concatenate([low, np.fmax.reduceat(far, self._starts)], 1)

    def holding(self, mask: Mask) -> Ints:
        """The frames that hold any of the rows in a mask."""
        if not self.frames:
            return np.zeros(0, np.int64)
        return np.flatnonzero(np.logical_or.reduceat(mask[self._flat], self._starts))

    def around(self, row: int) -> Ints:
        """The frames that a row stands in, the innermost first."""
        owner = np.searchsorted(self._starts, np.flatnonzero(self._flat == row), side="right") - 1
        return np.sort(owner)
