"""The graph as arrays: what the canvas draws, hits and walks over. Coordinates are scene pixels at zoom 1."""

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray
from PySide6.QtCore import QRectF

from clew.graph.frame_rows import FrameRows
from clew.graph.picture import HiddenPlaces
from clew.graph.routing.curves import plain
from clew.graph.routing.grid import spread
from clew.graph.routing.route import Routes
from clew.model.refs import BlockKind, BlockRef
from clew.model.view import (
    BLOCK_HEIGHT,
    BLOCK_WIDTH,
    TALL_BLOCK_HEIGHT,
    Block,
    BlockLink,
    BlockState,
    Frame,
    LinkKind,
)

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]
Mask = NDArray[np.bool_]

KINDS = tuple(BlockKind)
STATES = tuple(BlockState)
LINK_KINDS = tuple(LinkKind)
PORT_Y = BLOCK_HEIGHT / 2  # ports stand at one height on low and tall blocks, so that rows run straight
_EDGE = np.array([-4.0, -4.0, 4.0, 4.0])  # for the width of a line
_KIND_CODE = {k: i for i, k in enumerate(KINDS)}
_STATE_CODE = {s: i for i, s in enumerate(STATES)}
_LINK_CODE = {k: i for i, k in enumerate(LINK_KINDS)}
SPINE_CODE = _LINK_CODE[LinkKind.SPINE]
UNSAVED_CODE = _STATE_CODE[BlockState.UNSAVED]
DELETED_CODE = _STATE_CODE[BlockState.DELETED]
NOTE_CODE = _KIND_CODE[BlockKind.NOTE]
FOLD_CODE = _KIND_CODE[BlockKind.FRAME]


def size_of(block: Block) -> tuple[float, float]:
    """Width and height of a block."""
    if block.size is not None:
        return block.size
    return BLOCK_WIDTH, TALL_BLOCK_HEIGHT if block.tall else BLOCK_HEIGHT


def _sizes(blocks: Sequence[Block]) -> Floats:
    """Of many blocks, float64 (n, 2)."""
    result = np.empty((len(blocks), 2))
    result[:, 0] = BLOCK_WIDTH
    result[:, 1] = np.where([b.tall for b in blocks], TALL_BLOCK_HEIGHT, BLOCK_HEIGHT)
    for i, block in enumerate(blocks):
        if block.size is not None:
            result[i] = block.size
    return result


class Scene:
    """Blocks in rows, links and frames.

    Attributes:
        blocks: one a row.
        row: reference to row.
        position: float64 (n, 2), top left corners.
        size: float64 (n, 2).
        kind, state: int64 (n,), indices into KINDS and STATES.
        source, target: int64 (m,), rows at the ends of the links.
        link_kind: int64 (m,), indices into LINK_KINDS.
        control: float64 (m, 4, 2), control points of the threads that go straight from port to port.
        way_first, way_count: int64 (m,), which of `ways` a thread consists of that goes around blocks.
        ways: float64 (k, 4, 2), control points of those threads, one cubic after the other.
        way_box: float32 (k, 4), left, top, right, bottom of each of those cubics' control points.
        low, high: float64 (m, 2), corners around each thread.
        step: counts the changes of places and sizes.
        pinned: bool (n,), rows that no drag, alignment or arrangement moves.
        floating: bool (n,), rows that something else draws just now (a drag, an animation).
        later, later_links: bool (n,) and (m,), what is not there yet at the time in view; it keeps its place.
        frames: those that show something, the inner ones before those around them.
        frame_rows: rows of each frame's members, those of frames inside it too.
        inside: for what is folded in the block of the frame that stands for it.
        hidden: for each folded frame what stands in it, and where.
    """

    def __init__(
        self,
        blocks: Sequence[Block] = (),
        links: Sequence[BlockLink] = (),
        frames: Sequence[Frame] = (),
        position: Floats | None = None,
    ) -> None:
        self.blocks = list(blocks)
        self.row: dict[BlockRef, int] = {b.ref: i for i, b in enumerate(self.blocks)}
        n = len(self.blocks)
        # Column by column in memory: what asks for all that is in a window reads one after the other.
        self.position = np.asfortranarray(np.zeros((n, 2)) if position is None else position)
        self.size = np.asfortranarray(_sizes(self.blocks))
        self.kind = np.array([_KIND_CODE[b.ref.kind] for b in self.blocks], np.int64)
        self.state = np.array([_STATE_CODE[b.state] for b in self.blocks], np.int64)
        # Numbers, not pairs: Python's collector would look through many new pairs again and again.
        source = np.array([self.row.get(e.source, -1) for e in links], np.int64)
        target = np.array([self.row.get(e.target, -1) for e in links], np.int64)
        whole = (source >= 0) & (target >= 0)
        self.links = list(links) if whole.all() else [e for e, ok in zip(links, whole.tolist()) if ok]
        self.source, self.target = source[whole], target[whole]
        self.link_kind = np.array([_LINK_CODE[e.kind] for e in self.links], np.int64)
        self.control = np.zeros((len(self.links), 4, 2))
        self.ways, self.way_box = np.zeros((0, 4, 2)), np.zeros((0, 4), np.float32)
        self.way_first = np.zeros(len(self.links), np.int64)
        self.way_count = np.zeros(len(self.links), np.int64)
        self.step = 0
        self.low = np.zeros((len(self.links), 2), order="F")
        self.high = np.zeros((len(self.links), 2), order="F")
        self.pinned = np.array([b.pinned for b in self.blocks], bool)
        self.floating = np.zeros(n, bool)
        self.later, self.later_links = np.zeros(n, bool), np.zeros(len(self.links), bool)
        self.framed = FrameRows(frames, self.row)
        self.frames, self.frame_rows = self.framed.frames, self.framed.rows
        self.inside: dict[BlockRef, BlockRef] = {}
        self.hidden: dict[BlockRef, HiddenPlaces] = {}
        self._rects: Floats | None = None
        self._bounds: QRectF | None = None
        self.bend(np.arange(len(self.links)))

    def __len__(self) -> int:
        return len(self.blocks)

    def ref(self, row: int) -> BlockRef:
        return self.blocks[row].ref

    def rows(self, refs: Sequence[BlockRef]) -> Ints:
        """Rows of those references that are here; a folded frame stands for what is in it."""
        found = (self.row.get(self.inside.get(ref, ref)) for ref in refs)
        return np.array(list(dict.fromkeys(row for row in found if row is not None)), np.int64)

    @property
    def linkable(self) -> Mask:
        """Rows whose ports can be grasped: not what is deleted, nor what a person drew; bool (n,)."""
        result: Mask = (self.state != DELETED_CODE) & (self.kind != NOTE_CODE) & (self.kind != FOLD_CODE)
        return result

    def replace(self, row: int, block: Block) -> None:
        """Show other content in a row."""
        before = self.blocks[row]
        self.blocks[row] = block
        self.state[row] = _STATE_CODE[block.state]
        self.pinned[row] = block.pinned
        if size_of(before) != size_of(block):
            self.size[row] = size_of(block)
            self._bounds = self._rects = None
            self.bend(self.links_at(np.array([row])))

    def move(self, rows: Ints, position: Floats) -> None:
        """Put rows somewhere else; their threads follow."""
        self.position[rows] = position
        self._bounds = self._rects = None
        self.bend(self.links_at(rows))

    def hide(self, later: Mask) -> None:
        """Leave out rows, and the links at them, from all that is drawn and found; bool (n,)."""
        self.later = later
        self.later_links = later[self.source] | later[self.target]

    @property
    def frames_there(self) -> Mask:
        """Frames with anything in them that is there already, bool (f,)."""
        there = np.zeros(len(self.frames), bool)
        there[self.framed.holding(~self.later)] = True
        return there

    def links_at(self, rows: Ints) -> Ints:
        """The links that begin or end at any of the rows."""
        mask = self.mask(rows)
        return np.flatnonzero(mask[self.source] | mask[self.target]) if len(self.links) else rows[:0]

    def mask(self, rows: Ints) -> Mask:
        mask = np.zeros(len(self), bool)
        mask[rows] = True
        return mask

    def bend(self, links: Ints) -> None:
        """Compute the threads of some links anew, straight from port to port."""
        self.step += 1
        if not len(links):
            return
        a, b = self.source[links], self.target[links]
        upright = self.link_kind[links] == SPINE_CODE
        down = upright[:, None]
        pa, pb, sa, sb = self.position[a], self.position[b], self.size[a], self.size[b]
        start = np.where(down, pa + sa * (0.5, 1.0), pa + sa * (1.0, 0.0) + np.array([0.0, PORT_Y]))
        end = np.where(down, pb + sb * (0.5, 0.0), pb + np.array([0.0, PORT_Y]))
        control = plain(start, end, upright)
        self.control[links] = control
        self.way_count[links] = 0
        self.low[links] = control.min(1)
        self.high[links] = control.max(1)

    def lead(self, links: Ints, routes: Routes) -> Ints:
        """Let some links go the ways that were found for them, the others of them straight.

        Args:
            links: int64 (a,), the links that ways were sought for.
            routes: what was found; its links are numbers in `links`.

        Returns:
            The links that go another way than before.
        """
        count = np.zeros(len(self.links), np.int64)
        count[links[routes.links]] = np.diff(routes.first)
        first = np.zeros(len(self.links), np.int64)
        first[links[routes.links]] = routes.first[:-1]
        changed = links[self._differs(links, first[links], count[links], routes.curves)]
        kept = np.flatnonzero(self.way_count)
        kept = kept[~np.isin(kept, changed)]
        new = changed[count[changed] > 0]
        owner, at = spread(self.way_first[kept], self.way_count[kept])
        _, then = spread(first[new], count[new])
        self.bend(changed)
        self.way_count[new] = count[new]
        order = np.concatenate([kept, new])
        self.way_first[order] = np.cumsum(self.way_count[order]) - self.way_count[order]
        fresh = routes.curves[then]
        low, high = fresh.min(1), fresh.max(1)
        self.ways = np.concatenate([self.ways[at], fresh])
        box = np.concatenate([low, high], 1).astype(np.float32)  # half to copy, and exact enough
        self.way_box = np.concatenate([self.way_box[at], box])
        if len(new):
            begin = self.way_first[new] - len(owner)
            self.low[new] = np.minimum.reduceat(low, begin)
            self.high[new] = np.maximum.reduceat(high, begin)
        return changed

    def _differs(self, links: Ints, first: Ints, count: Ints, curves: Floats) -> Mask:
        """Whether ways are other ones than those that links go now: bool (a,)."""
        other: Mask = self.way_count[links] != count
        same = np.flatnonzero(~other & (count > 0))
        owner, mine = spread(self.way_first[links[same]], count[same])
        _, theirs = spread(first[same], count[same])
        other[same[owner[(self.ways[mine] != curves[theirs]).any((1, 2))]]] = True
        return other

    def curves(self, links: Ints) -> tuple[Floats, Ints]:
        """The cubics of some links, float64 (k, 4, 2), and whose each is, as a number in `links`, int64 (k,).

        Those of one link stand in order, one beginning where the other ends.
        """
        count = self.way_count[links]
        straight = np.flatnonzero(count == 0)
        owner, at = spread(self.way_first[links], count)
        return (
            np.concatenate([self.control[links[straight]], self.ways[at]]),
            np.concatenate([straight, owner]),
        )

    def curves_in(
        self, links: Ints, left: float, top: float, right: float, bottom: float
    ) -> tuple[Floats, Ints]:
        """As `curves`, but of ways around blocks only the cubics whose box touches the rectangle."""
        count = self.way_count[links]
        straight = np.flatnonzero(count == 0)
        owner, at = spread(self.way_first[links], count)
        box = self.way_box[at]
        here = np.flatnonzero((box[:, 0] < right) & (box[:, 2] > left))
        here = here[(box[here, 1] < bottom) & (box[here, 3] > top)]
        return (
            np.concatenate([self.control[links[straight]], self.ways[at[here]]]),
            np.concatenate([straight, owner[here]]),
        )

    def bounds(self, rows: Ints | None = None) -> QRectF:
        """The rectangle around some rows, or around all blocks and frames; null if there are none."""
        if rows is None:
            if self._bounds is None:
                self._bounds = self._everything()
            return QRectF(self._bounds)
        if not len(rows):
            return QRectF()
        low, high = self.position[rows].min(0), (self.position[rows] + self.size[rows]).max(0)
        return QRectF(*low.tolist(), *(high - low).tolist())

    def _everything(self) -> QRectF:
        if not len(self):
            return QRectF()
        frames = self.frame_rects()
        left, top = (min(c.min(), f.min(initial=c.min())) for c, f in zip(self.position.T, frames[:, :2].T))
        ends = self.position + self.size
        right, bottom = (max(c.max(), f.max(initial=c.max())) for c, f in zip(ends.T, frames[:, 2:].T))
        return QRectF(float(left), float(top), float(right - left), float(bottom - top))

    def frame_rects(self) -> Floats:
        """Left, top, right, bottom of each frame, float64 (f, 4)."""
        if self._rects is None:
            self._rects = self.framed.rects(self.position, self.size)
        return self._rects

    def frames_of(self, rows: Ints) -> Ints:
        """The frames that hold any of the rows."""
        return self.framed.holding(self.mask(rows))

    def covered(self, rows: Ints) -> Floats:
        """Rectangles around cards and their shadows; float64 (k, 4), left top right bottom."""
        cards = np.concatenate([self.position[rows], self.position[rows] + self.size[rows]], 1)
        result: Floats = cards + np.array([-16, -16, 16, 20])
        return result

    def touched(self, rows: Ints) -> Floats:
        """Rectangles around rows, their threads and frames; float64 (k, 4), left top right bottom."""
        threads = self.around_threads(self.links_at(rows))
        frames = self.frame_rects()[self.frames_of(rows)] + _EDGE
        return np.concatenate([self.covered(rows), threads, frames])

    def around_threads(self, links: Ints) -> Floats:
        """Rectangles around threads; float64 (k, 4), left top right bottom."""
        result: Floats = np.concatenate([self.low[links], self.high[links]], 1) + _EDGE
        return result
