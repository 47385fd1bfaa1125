"""Snapping: where a dragged rectangle comes to rest beside its neighbours, and the guides that say why.

Pure numpy over the neighbours in view. On each axis the nearest of these wins, within reach: an edge or the
middle of a neighbour, or a gap as wide as one that is there; else the grid.
"""

from dataclasses import dataclass

import numpy as np

from clew.gui.canvas.scene import Floats

GRID = 8.0  # scene pixels
REACH = 6.0  # view pixels within which a line catches
HOLD = 1.6  # times the reach (or half a step of the grid) until what was caught is let go
MOST = 160  # neighbours that are looked at, the nearest
_SHARES = np.array([0.0, 0.5, 1.0])  # low edge, middle, high edge


@dataclass(frozen=True)
class Guide:
    """One line that says what a rectangle is level with, or one gap that equals another; scene pixels.

    Attributes:
        axis: 0 for an upright line (level in x) or a gap across, 1 for a level line or a gap down.
        at: where the line runs on its axis; for a gap the middle across it.
        low, high: from where to where.
        gap: whether it marks a gap.
    """

    axis: int
    at: float
    low: float
    high: float
    gap: bool = False


@dataclass(frozen=True)
class _Catch:
    """What holds an axis: how far to move, and where the line is (None for the grid)."""

    shift: float
    line: float | None
    share: int = 0
    gap: tuple[Guide, ...] = ()


class Snap:
    """Remembers from move to move what holds each axis, so that nothing flutters.

    Args:
        others: rectangles that stand still, float64 (k, 4), left top right bottom.
    """

    def __init__(self, others: Floats) -> None:
        self.others = others
        self._held: list[_Catch | None] = [None, None]
        self._grid: list[float | None] = [None, None]

    def place(self, rect: Floats, zoom: float) -> tuple[Floats, tuple[Guide, ...]]:
        """How far a rectangle has to move to come to rest, float64 (2,), and the guides there.

        Args:
            rect: where the hand holds it, float64 (4,), left top right bottom.
            zoom: view pixels per scene pixel.
        """
        near = self._near(rect)
        shift = np.zeros(2)
        for axis in (0, 1):
            found = _catch(near, rect, axis, REACH / zoom, self._held[axis])
            self._held[axis] = found
            shift[axis] = found.shift if found is not None else self._to_grid(rect, axis)
        moved = rect + np.concatenate([shift, shift])
        guides: list[Guide] = []
        for axis in (0, 1):
            held = self._held[axis]
            if held is not None:
                self._grid[axis] = None
                guides += _guides(near, moved, axis, held)
        return shift, tuple(guides)

    def _near(self, rect: Floats) -> Floats:
        if len(self.others) <= MOST:
            return self.others
        gaps = np.maximum(np.maximum(self.others[:, :2] - rect[2:], rect[:2] - self.others[:, 2:]), 0.0)
        return self.others[np.argpartition(gaps.sum(1), MOST)[:MOST]]

    def _to_grid(self, rect: Floats, axis: int) -> float:
        """To the nearest line of the grid; the one that held it before holds a little longer."""
        at = float(rect[axis])
        held = self._grid[axis]
        if held is None or abs(at - held) > GRID / 2 * HOLD:
            held = self._grid[axis] = round(at / GRID) * GRID
        return held - at


def _catch(near: Floats, rect: Floats, axis: int, reach: float, held: _Catch | None) -> _Catch | None:
    """The line or gap that catches a rectangle on an axis."""
    low, high = float(rect[axis]), float(rect[axis + 2])
    own = low + (high - low) * _SHARES
    if held is not None and held.line is not None:
        shift = held.line - float(own[held.share])
        if abs(shift) <= reach * HOLD:
            better = _line(near, own, axis, reach)
            if better is None or abs(better.shift) >= abs(shift) - reach / 3:
                return _Catch(shift, held.line, held.share)
    found = [c for c in (_line(near, own, axis, reach), _gap(near, rect, axis, reach)) if c is not None]
    return min(found, key=lambda c: abs(c.shift), default=None)


def _line(near: Floats, own: Floats, axis: int, reach: float) -> _Catch | None:
    """The nearest edge or middle of a neighbour, for each of the rectangle's own three lines."""
    if not len(near):
        return None
    low, high = near[:, axis], near[:, axis + 2]
    edges = np.concatenate([low, high])
    middles = (low + high) / 2
    best: _Catch | None = None
    for share, lines in ((0, edges), (2, edges), (1, middles)):
        gaps = lines - own[share]
        i = int(np.abs(gaps).argmin())
        if abs(gaps[i]) <= reach and (best is None or abs(gaps[i]) < abs(best.shift) - 1e-9):
            best = _Catch(float(gaps[i]), float(lines[i]), share)
    return best


def _gap(near: Floats, rect: Floats, axis: int, reach: float) -> _Catch | None:
    """A place where the gap to a neighbour equals the next gap in the same row, or that on the other side."""
    other = 1 - axis
    row = near[(near[:, other] < rect[other + 2]) & (near[:, other + 2] > rect[other])]
    if len(row) < 2:
        return None
    low, high, long = float(rect[axis]), float(rect[axis + 2]), float(rect[axis + 2] - rect[axis])
    before = row[row[:, axis + 2] <= low + reach]
    after = row[row[:, axis] >= high - reach]
    before = before[np.argsort(before[:, axis + 2])]
    after = after[np.argsort(after[:, axis])]
    places: list[tuple[float, tuple[tuple[float, float], ...]]] = []  # low edge, gaps from-to
    if len(before) and len(after):
        room = after[0, axis] - before[-1, axis + 2] - long
        if room > 0:
            at = before[-1, axis + 2] + room / 2
            places.append((at, ((before[-1, axis + 2], at), (at + long, after[0, axis]))))
    if len(before) > 1:
        gap = before[-1, axis] - before[-2, axis + 2]
        if gap > 0:
            end = before[-1, axis + 2]
            places.append((end + gap, ((before[-2, axis + 2], before[-1, axis]), (end, end + gap))))
    if len(after) > 1:
        gap = after[1, axis] - after[0, axis + 2]
        if gap > 0:
            begin = after[0, axis]
            places.append((begin - gap - long, ((begin - gap, begin), (after[0, axis + 2], after[1, axis]))))
    best = min(places, key=lambda p: abs(p[0] - low), default=None)
    if best is None or abs(best[0] - low) > reach:
        return None
    middle = float(rect[other] + rect[other + 2]) / 2
    guides = tuple(Guide(axis, middle, float(a), float(b), gap=True) for a, b in best[1])
    return _Catch(float(best[0] - low), None, gap=guides)


def _guides(near: Floats, moved: Floats, axis: int, held: _Catch) -> list[Guide]:
    """The line through everything that lies on it, as long as it takes; or the gaps."""
    other = 1 - axis
    if held.line is None:
        middle = float(moved[other] + moved[other + 2]) / 2
        return [Guide(g.axis, middle, g.low, g.high, gap=True) for g in held.gap]
    lines = near[:, axis, None] + (near[:, axis + 2] - near[:, axis])[:, None] * _SHARES
    on = near[(np.abs(lines - held.line) < 0.5).any(1)]
    ends = np.concatenate([on[:, [other, other + 2]], moved[None, [other, other + 2]]])
    return [Guide(axis, held.line, float(ends[:, 0].min()), float(ends[:, 1].max()))]
