"""Find a free place for new blocks beside what they came from; nothing else moves."""

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from clew.graph.frame_rows import FrameRows
from clew.graph.layout.layout import DEFAULT_SPACING, Spacing

Ints = NDArray[np.int64]
Floats = NDArray[np.float64]
_NO_FRAMES = np.zeros((0, 4))


def place(
    positions: Floats,
    sizes: Floats,
    size: tuple[float, float],
    *,
    sources: Sequence[int] = (),
    targets: Sequence[int] = (),
    above: int | None = None,
    frames: Floats = _NO_FRAMES,
    spacing: Spacing = DEFAULT_SPACING,
) -> tuple[float, float]:
    """Place one block: under `above`, else right of its sources, else left of its targets, else under all.

    What it stands beside may be in a frame that the block is not in: then it stands beside that frame.

    Args:
        positions: float64 (n, 2), top left corners of the blocks that stand already.
        sizes: float64 (n, 2).
        size: width and height of the new block.
        sources: blocks that lead to it.
        targets: blocks that it leads to.
        above: the version over it on the spine.
        frames: float64 (f, 4), left, top, right, bottom of the frames that it must stay out of.
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
        boxes = _boxes(positions, sizes, sources, frames)
        x = float(boxes[:, 2].max()) + spacing.column
        y = float(positions[np.asarray(sources), 1].mean())
    elif len(targets):
        boxes = _boxes(positions, sizes, targets, frames)
        x = float(boxes[:, 0].min()) - spacing.column - width
        y = float(positions[np.asarray(targets), 1].mean())
    else:
        x = float(positions[:, 0].min())
        y = float((positions[:, 1] + sizes[:, 1]).max()) + spacing.part
    left, right = x - spacing.column / 2, x + width + spacing.column / 2
    beside = (positions[:, 0] < right) & (positions[:, 0] + sizes[:, 0] > left)
    around = (frames[:, 0] < right) & (frames[:, 2] > left)
    low = np.concatenate([positions[beside, 1], frames[around, 1]]) - spacing.row - height
    high = np.concatenate([positions[beside, 1] + sizes[beside, 1], frames[around, 3]]) + spacing.row
    return x, nearest_free(y, low, high, only_down=above is not None)


def _boxes(positions: Floats, sizes: Floats, blocks: Sequence[int], frames: Floats) -> Floats:
    """Left, top, right, bottom of blocks, and of the frames that any of them stands in; float64 (k, 4)."""
    at = np.asarray(blocks)
    x, y = (positions[at] + sizes[at] / 2).T[:, :, None]
    holds = (frames[:, 0] < x) & (x < frames[:, 2]) & (frames[:, 1] < y) & (y < frames[:, 3])
    cards = np.concatenate([positions[at], positions[at] + sizes[at]], 1)
    return np.concatenate([cards, frames[holds.any(0)]])


def place_all(
    positions: Floats,
    sizes: Floats,
    new: Sequence[int],
    edges: Ints,
    spine: Ints,
    *,
    frames: FrameRows | None = None,
    spacing: Spacing = DEFAULT_SPACING,
) -> Floats:
    """Place several new blocks, inputs before what came from them.

    What is in a frame is placed first, beside what it belongs to there; all else stays out of the frame as it
    is then.

    Args:
        positions: float64 (n, 2); rows of `new` are ignored.
        sizes: float64 (n, 2).
        new: rows to place.
        edges: int64 (m, 2), links (source, target).
        spine: int64 (k, 2), pairs (upper, lower).
        frames: which rows stand in which frames.
        spacing: distances.

    Returns:
        A copy of `positions` with the rows of `new` filled in.
    """
    work = _Placing(positions, sizes, new, edges, spine, frames or FrameRows((), {}), spacing)
    return work.places()


class _Placing:
    """New blocks on their way to their places."""

    def __init__(
        self,
        positions: Floats,
        sizes: Floats,
        new: Sequence[int],
        edges: Ints,
        spine: Ints,
        frames: FrameRows,
        spacing: Spacing,
    ) -> None:
        self._sizes, self._frames, self._spacing = sizes, frames, spacing
        self._result = np.array(positions, float)
        self._result[list(new)] = np.nan
        self._sources: dict[int, list[int]] = {v: [] for v in new}
        self._targets: dict[int, list[int]] = {v: [] for v in new}
        self._above: dict[int, int] = {}
        for a, b in edges[np.isin(edges, list(new)).any(1)].tolist() if len(edges) else ():
            if a != b and b in self._sources:
                self._sources[b].append(a)
            if a != b and a in self._targets:
                self._targets[a].append(b)
        for a, b in spine[np.isin(spine[:, 1], list(new))].tolist() if len(spine) else ():
            self._above[b] = a
        self._rects = frames.rects(self._result, sizes)

    def places(self) -> Floats:
        """Place all, those in frames first."""
        framed = {v: self._frames.around(v) for v in self._sources}
        self._in_order([v for v, around in framed.items() if len(around)], framed)
        self._in_order([v for v, around in framed.items() if not len(around)], framed)
        return self._result

    def _in_order(self, some: Sequence[int], framed: dict[int, Ints]) -> None:
        waiting = dict.fromkeys(some)
        while waiting:
            ready = [v for v in waiting if waiting.keys().isdisjoint(self._inputs(v))]
            # A ring of new blocks has no first one: begin with the first given.
            for v in ready or [next(iter(waiting))]:
                self._put(v, framed[v])
                del waiting[v]

    def _inputs(self, v: int) -> list[int]:
        return [*self._sources[v], self._above[v]] if v in self._above else self._sources[v]

    def _put(self, v: int, own: Ints) -> None:
        """Place one block, which stands in the frames `own`, the innermost first."""
        standing = np.flatnonzero(np.isfinite(self._result[:, 0]))
        up = self._above.get(v)
        beside = [self._sources[v], self._targets[v], [] if up is None else [up]]
        mates = next((rows for f in own.tolist() if len(rows := self._standing_in(f))), None)
        if mates is not None:  # a link from outside must not stretch the frame
            beside = [[r for r in rows if r in mates] for rows in beside]
            if not any(beside):
                beside[2] = [int(mates[np.argmax(self._result[mates, 1])])]
        sources, targets, above = (_numbers(standing, rows) for rows in beside)
        rects = np.delete(self._rects, own, 0)
        self._result[v] = place(
            self._result[standing],
            self._sizes[standing],
            (float(self._sizes[v, 0]), float(self._sizes[v, 1])),
            sources=sources,
            targets=targets,
            above=above[0] if above else None,
            frames=rects[np.isfinite(rects[:, 0])],
            spacing=self._spacing,
        )
        if len(own):
            self._rects = self._frames.rects(self._result, self._sizes)

    def _standing_in(self, frame: int) -> Ints:
        rows = self._frames.rows[frame]
        standing: Ints = rows[np.isfinite(self._result[rows, 0])]
        return standing


def _numbers(standing: Ints, rows: list[int]) -> list[int]:
    """Where those of some rows that stand are among the standing ones, which are in order."""
    at = np.searchsorted(standing, rows).tolist()
    return [i for i, row in zip(at, rows) if i < len(standing) and standing[i] == row]


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
