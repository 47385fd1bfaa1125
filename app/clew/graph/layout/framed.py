"""A layout that keeps frames together: what is in one is laid out on its own, and stands as a large block."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from clew.graph.layout.layout import DEFAULT_SPACING, Spacing, layout

Ints = NDArray[np.int64]
Floats = NDArray[np.float64]
_NOTHING = np.zeros((0, 2), np.int64)


@dataclass(frozen=True)
class Nesting:
    """Which frame everything is in.

    Attributes:
        frames: int64 (n,), the innermost frame of each block, -1 for none.
        parents: int64 (f,), the frame around each frame, -1 for none.
    """

    frames: Ints
    parents: Ints

    def outwards(self, frame: int) -> list[int]:
        """A frame and those around it, the innermost first."""
        found: list[int] = []
        while frame >= 0:
            found.append(frame)
            frame = int(self.parents[frame])
        return found


def framed_layout(
    sizes: Floats,
    edges: Ints,
    spine: Ints,
    nesting: Nesting,
    *,
    anchors: Floats,
    spacing: Spacing = DEFAULT_SPACING,
) -> Floats:
    """Give every block a place, so that no frame covers a block that is not in it.

    Args:
        sizes: float64 (n, 2).
        edges: int64 (m, 2), links (source, target).
        spine: int64 (k, 2), pairs (upper, lower) that stand under each other in one column.
        nesting: the frames.
        anchors: float64 (n,), how far under a block's top its links end.
        spacing: distances.

    Returns:
        Top left corners, float64 (n, 2), whole numbers, from (0, 0).
    """
    if not (nesting.frames >= 0).any():
        return layout(sizes, edges, spine, anchors=anchors, spacing=spacing)
    return _Boxes(sizes, edges, spine, nesting, anchors, spacing).places()


class _Boxes:
    """Blocks and frames as boxes in boxes; the box of frame `i` has the number n + i."""

    def __init__(
        self, sizes: Floats, edges: Ints, spine: Ints, nesting: Nesting, anchors: Floats, spacing: Spacing
    ) -> None:
        self._n, self._nesting, self._spacing = len(sizes), nesting, spacing
        frames = len(nesting.parents)
        self._size = np.concatenate([np.asarray(sizes, float), np.zeros((frames, 2))])
        self._anchor = np.concatenate([np.asarray(anchors, float), np.zeros(frames)])
        self._within = np.concatenate([nesting.frames, nesting.parents]).astype(np.int64)
        self._offset = np.zeros((self._n + frames, 2))  # in the box around
        self._lines = [nesting.outwards(frame) for frame in range(frames)]
        self._edges, self._ports = self._by_frame(edges, ports=True)
        self._spine, _ = self._by_frame(spine)

    def places(self) -> Floats:
        inner_first = sorted(range(len(self._lines)), key=lambda i: -len(self._lines[i]))
        for frame in inner_first:
            self._lay_out(frame)
        self._lay_out(-1)
        result = self._offset[: self._n].copy()
        for i in np.flatnonzero(self._nesting.frames >= 0).tolist():
            for frame in self._lines[self._nesting.frames[i]]:
                result[i] += self._offset[self._n + frame]
        return result

    def _lay_out(self, frame: int) -> None:
        """Place what stands directly in a frame, and give the frame its size and the height of its links."""
        items = np.flatnonzero(self._within == frame)
        if not len(items):  # a frame of nothing that is laid out
            return
        number = np.full(len(self._within), -1)
        number[items] = np.arange(len(items))
        edges, spine = self._edges.get(frame, _NOTHING), _chained(self._spine.get(frame, _NOTHING))
        found = layout(
            self._size[items],
            number[edges],
            number[spine],
            anchors=self._anchor[items],
            spacing=self._spacing,
        )
        if frame < 0:
            self._offset[items] = found
            return
        left, top, right, bottom = self._spacing.frame
        self._offset[items] = found + np.array([left, top])
        box = self._n + frame
        self._size[box] = (found + self._size[items]).max(0) + np.array([left + right, top + bottom])
        ports = [self._height_in(port, frame) for port in self._ports.get(frame, ())]
        self._anchor[box] = np.mean(ports) if ports else self._size[box, 1] / 2

    def _height_in(self, block: int, frame: int) -> float:
        """How far under the top of a frame the links of a block in it end."""
        height = float(self._anchor[block] + self._offset[block, 1])
        for around in self._lines[self._within[block]]:
            if around == frame:
                break
            height += float(self._offset[self._n + around, 1])
        return height

    def _by_frame(self, pairs: Ints, *, ports: bool = False) -> tuple[dict[int, Ints], dict[int, list[int]]]:
        """Pairs of boxes by the innermost frame around both ends, and the ends of links into each frame."""
        pairs = np.asarray(pairs, np.int64).reshape(-1, 2)
        found: dict[int, list[tuple[int, int]]] = {}
        entries: dict[int, list[int]] = {}
        for a, b in pairs.tolist():
            ways = [self._lines[w] if (w := self._within[end]) >= 0 else [] for end in (a, b)]
            shared = next((frame for frame in ways[0] if frame in ways[1]), -1)
            inside = [way[: way.index(shared)] if shared >= 0 else way for way in ways]
            ends = [self._n + way[-1] if way else end for way, end in zip(inside, (a, b))]
            found.setdefault(shared, []).append((ends[0], ends[1]))
            if ports:
                for way, end in zip(inside, (a, b)):
                    for frame in way:
                        entries.setdefault(frame, []).append(end)
        return {frame: np.array(ends, np.int64) for frame, ends in found.items()}, entries


def _chained(spine: Ints) -> Ints:
    """Pairs of which each box is once the upper and once the lower at most, without rings.

    Two versions in one frame and the third beside it would make the frame follow itself.
    """
    below: dict[int, int] = {}
    taken: set[int] = set()
    for a, b in spine.tolist():
        end = b
        while end in below:
            end = below[end]
        if a not in below and b not in taken and end != a:
            below[a] = b
            taken.add(b)
    return np.array(list(below.items()), np.int64).reshape(-1, 2)
