"""Boxes and outlines in pixels: clipping, enclosing, overlap."""

import math
from collections.abc import Sequence

from clew.model.annotations import Box

_ROUNDING = 1.0  # pixels that a box may stick out before it is clipped: exporters round


def clip_box(box: Box, width: int, height: int) -> Box | None:
    """A box as far as it lies in the picture, or None when nothing of it does.

    A box that sticks out by less than a pixel stays as it is. With a size of 0 nothing is clipped.
    """
    x, y, w, h = box
    if w <= 0 or h <= 0 or not all(map(math.isfinite, box)):
        return None
    if not width or not height:
        return box
    left, top = max(0.0, x), max(0.0, y)
    right, bottom = min(float(width), x + w), min(float(height), y + h)
    if right <= left or bottom <= top:
        return None
    if max(left - x, top - y, x + w - right, y + h - bottom) < _ROUNDING:
        return box
    return (left, top, right - left, bottom - top)


def enclosing_box(polygon: Sequence[float]) -> Box:
    """The smallest box around an outline x, y, x, y … (at least one point)."""
    xs, ys = polygon[0::2], polygon[1::2]
    return (min(xs), min(ys), max(xs) - min(xs), max(ys) - min(ys))


def polygon_area(polygon: Sequence[float]) -> float:
    """The area of an outline by the shoelace formula, in square pixels."""
    xs, ys = polygon[0::2], polygon[1::2]
    total = 0.0
    for at in range(len(xs)):
        total += xs[at - 1] * ys[at] - xs[at] * ys[at - 1]
    return abs(total) / 2


def iou(one: Box, other: Box) -> float:
    """Intersection over union of two boxes, 0 to 1."""
    across = min(one[0] + one[2], other[0] + other[2]) - max(one[0], other[0])
    down = min(one[1] + one[3], other[1] + other[3]) - max(one[1], other[1])
    if across <= 0 or down <= 0:
        return 0.0
    both = across * down
    return both / (one[2] * one[3] + other[2] * other[3] - both)
