"""Which rectangles lines and other rectangles run into, for many at once."""

import numpy as np
from numpy.typing import NDArray

Ints = NDArray[np.int64]
Floats = NDArray[np.float64]

_CELL = 96.0  # scene pixels
LONGEST = 40.0  # scene pixels of a line that `crossed` looks at


class Grid:
    """Rectangles by the cells around them. Cells are hashed, so it does not matter how far apart they are.

    Args:
        boxes: float64 (n, 4), left, top, right, bottom.
        margin: how near to a box counts as in it, for lines.
    """

    def __init__(self, boxes: Floats, margin: float = 0.0) -> None:
        self.boxes = boxes
        self._sides = np.ascontiguousarray((boxes + np.array([-margin, -margin, margin, margin])).T)
        reach = max(margin, 0.0) + LONGEST / 2
        owner, x, y = _cells(boxes + np.array([-reach, -reach, reach, reach]))
        self._last = (1 << (2 * len(owner) + 255).bit_length()) - 1  # slot; there are enough to seldom share
        slot = self._slot(x, y)
        self._box = owner[np.argsort(slot, kind="stable")]
        self._first = np.concatenate([[0], np.cumsum(np.bincount(slot, minlength=self._last + 1))])

    def crossed(self, start: Floats, end: Floats) -> tuple[Ints, Ints]:
        """Pairs (line, box) where a line runs into a box or within the margin of it.

        Args:
            start, end: float64 (k, 2), at most LONGEST apart.
        """
        (x1, y1), (x2, y2) = start.T, end.T
        slot = self._slot(_cell((x1 + x2) / 2), _cell((y1 + y2) / 2))
        line, at = spread(self._first[slot], self._first[slot + 1] - self._first[slot])
        box = self._box[at]
        left, top, right, bottom = self._sides
        low_x, high_x = np.minimum(x1, x2), np.maximum(x1, x2)
        low_y, high_y = np.minimum(y1, y2), np.maximum(y1, y2)
        near = (low_x[line] < right[box]) & (high_x[line] > left[box])
        near &= (low_y[line] < bottom[box]) & (high_y[line] > top[box])
        line, box = line[near], box[near]
        enter_x, leave_x = _inside(x1[line], x2[line], left[box], right[box])
        enter_y, leave_y = _inside(y1[line], y2[line], top[box], bottom[box])
        enter = np.maximum(np.maximum(enter_x, enter_y), 0.0)
        through = enter < np.minimum(np.minimum(leave_x, leave_y), 1.0)
        return line[through], box[through]

    def touching(self, rects: Floats) -> tuple[Ints, Ints]:
        """Pairs (rectangle, box) that overlap, some of them more than once; without the margin."""
        rect, x, y = _cells(rects)
        slot = self._slot(x, y)
        cell, at = spread(self._first[slot], self._first[slot + 1] - self._first[slot])
        rect, box = rect[cell], self._box[at]
        a, b = rects[rect], self.boxes[box]
        over = (a[:, 0] < b[:, 2]) & (a[:, 2] > b[:, 0]) & (a[:, 1] < b[:, 3]) & (a[:, 3] > b[:, 1])
        return rect[over], box[over]

    def _slot(self, x: Ints, y: Ints) -> Ints:
        result: Ints = (x * 73_856_093 ^ y * 19_349_663) & self._last
        return result


def spread(first: Ints, count: Ints) -> tuple[Ints, Ints]:
    """Runs of whole numbers under each other: whose number it is, and the number."""
    owner = np.repeat(np.arange(len(count)), count)
    step = np.arange(len(owner)) - np.repeat(np.cumsum(count) - count, count)
    return owner, first[owner] + step


def _inside(start: Floats, end: Floats, low: Floats, high: Floats) -> tuple[Floats, Floats]:
    """The part of the way from start to end that lies between two limits, of 1."""
    way = end - start
    way = np.where(np.abs(way) < 1e-9, 1e-9, way)
    one, two = (low - start) / way, (high - start) / way
    return np.minimum(one, two), np.maximum(one, two)


def _cell(at: Floats) -> Ints:
    result: Ints = np.floor(at / _CELL).astype(np.int64)
    return result


def _cells(boxes: Floats) -> tuple[Ints, Ints, Ints]:
    """All cells that rectangles cover: whose, column, row."""
    low = _cell(boxes[:, :2])
    wide, high = (_cell(boxes[:, 2:]) - low + 1).T
    owner, step = spread(np.zeros(len(boxes), np.int64), wide * high)
    return owner, low[owner, 0] + step % wide[owner], low[owner, 1] + step // wide[owner]
