"""Where blocks and links of a graph come to lie on a sheet, for pictures made without the window."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from clew.graph.export.nesting import Nested, nested
from clew.graph.frame_rows import FrameRows
from clew.graph.layout.layout import layout
from clew.graph.layout.place import place_all
from clew.graph.routing.curves import plain
from clew.graph.routing.route import route
from clew.model.refs import BlockRef
from clew.model.view import (
    BLOCK_HEIGHT,
    BLOCK_WIDTH,
    FRAME_MARGIN,
    Block,
    Frame,
    GraphView,
    LinkKind,
    Note,
)

MARGIN = 32.0

Point = tuple[float, float]
Box = tuple[float, float, float, float]  # left, top, right, bottom


@dataclass(frozen=True)
class Thread:
    """One link as cubic Bézier curves: where it begins, and three points for each curve."""

    kind: LinkKind
    points: tuple[Point, ...]


@dataclass(frozen=True)
class Drawing:
    """A laid out graph: its size in scene pixels, the top left corners of blocks and notes, links, frames.

    Frames stand unfolded, those around before those inside them.
    """

    size: Point
    blocks: tuple[tuple[Block, Point], ...]
    threads: tuple[Thread, ...]
    notes: tuple[tuple[Note, Point], ...] = ()
    frames: tuple[tuple[Frame, Box], ...] = ()


def draw(view: GraphView) -> Drawing:
    """Lay the graph out: blocks where the person put them, the rest beside their inputs.

    Without any place given the whole graph gets a fresh layout.
    """
    if not view.blocks and not view.notes:
        return Drawing((2 * MARGIN, 2 * MARGIN), (), ())
    corners = _places(view) if view.blocks else np.zeros((0, 2))
    place = {block.ref: (float(x), float(y)) for block, (x, y) in zip(view.blocks, corners, strict=True)}
    boxes = {ref: (x, y, x + BLOCK_WIDTH, y + BLOCK_HEIGHT) for ref, (x, y) in place.items()}
    boxes |= {note.ref: (note.x, note.y, note.x + note.width, note.y + note.height) for note in view.notes}
    threads = _threads(view, boxes)
    frames = _frames(nested(view), boxes)
    extent = np.array([*boxes.values(), *(box for _, box in frames)]).reshape(-1, 2)
    ends = np.array([p for thread in threads for p in thread.points]).reshape(-1, 2)
    low = np.vstack([extent, ends]).min(axis=0) - MARGIN
    far = np.vstack([extent, ends]).max(axis=0) + MARGIN - low

    def shifted(point: Point) -> Point:
        return float(point[0] - low[0]), float(point[1] - low[1])

    moved = [Thread(thread.kind, tuple(map(shifted, thread.points))) for thread in threads]
    blocks = tuple((block, shifted(place[block.ref])) for block in view.blocks)
    notes = tuple((note, shifted((note.x, note.y))) for note in view.notes)
    framed = tuple((frame, (*shifted(box[:2]), *shifted(box[2:]))) for frame, box in frames)
    return Drawing((float(far[0]), float(far[1])), blocks, tuple(moved), notes, framed)


def _frames(part: Nested, boxes: dict[BlockRef, Box]) -> list[tuple[Frame, Box]]:
    """The frames in a part of the tree, the outer ones first; each keeps its margin around all in it."""
    inner = [_frames(child, boxes) for child in part.inner]
    found = [item for items in inner for item in items]
    if part.frame is None:
        return found
    around = [boxes[ref] for ref in part.refs] + [items[0][1] for items in inner]
    left, top, right, bottom = FRAME_MARGIN
    box = (
        min(b[0] for b in around) - left,
        min(b[1] for b in around) - top,
        max(b[2] for b in around) + right,
        max(b[3] for b in around) + bottom,
    )
    return [(part.frame, box), *found]


def _threads(view: GraphView, boxes: dict[BlockRef, Box]) -> list[Thread]:
    """The links, around the blocks that are in their way."""
    if not view.links:
        return []
    number = {ref: i for i, ref in enumerate(boxes)}
    own = np.array([(number[link.source], number[link.target]) for link in view.links])
    every = np.array(list(boxes.values()))
    a, b = every[own[:, 0]], every[own[:, 1]]
    upright = np.array([link.kind is LinkKind.SPINE for link in view.links])
    port = np.array([0.0, BLOCK_HEIGHT / 2])
    under, over = (a[:, [0, 3]] + a[:, 2:]) / 2, (b[:, :2] + b[:, [2, 1]]) / 2
    start = np.where(upright[:, None], under, a[:, [2, 1]] + port)
    end = np.where(upright[:, None], over, b[:, :2] + port)
    curves = plain(start, end, upright)
    found = route(every, curves, own, upright)
    chains = {i: curves[i : i + 1] for i in range(len(curves))}
    for at, i in enumerate(found.links.tolist()):
        chains[i] = found.curves[found.first[at] : found.first[at + 1]]
    result = []
    for link, chain in zip(view.links, chains.values(), strict=True):
        points = [chain[0, 0], *chain[:, 1:].reshape(-1, 2)]
        result.append(Thread(link.kind, tuple((float(x), float(y)) for x, y in points)))
    return result


def _places(view: GraphView) -> NDArray[np.float64]:
    """Top left corners of the blocks, float64 (n, 2)."""
    refs = [block.ref for block in view.blocks] + [note.ref for note in view.notes]
    row = {ref: i for i, ref in enumerate(refs)}
    n = len(view.blocks)
    blocks = np.tile(np.array([[BLOCK_WIDTH, BLOCK_HEIGHT]]), (n, 1))

    def pairs(*, spine: bool) -> NDArray[np.int64]:
        chosen = [(row[k.source], row[k.target]) for k in view.links if (k.kind is LinkKind.SPINE) is spine]
        return np.array(chosen, np.int64).reshape(-1, 2)

    links, spine = pairs(spine=False), pairs(spine=True)
    if not view.positions:
        return layout(blocks, links, spine)
    places = {**view.positions, **{note.ref: (note.x, note.y) for note in view.notes}}
    known = np.array([places.get(ref, (0.0, 0.0)) for ref in row], float)
    sizes = np.concatenate([blocks, np.array([(x.width, x.height) for x in view.notes]).reshape(-1, 2)])
    new = [i for i, ref in enumerate(row) if ref not in places]
    if new:
        known = place_all(known, sizes, new, links, spine, frames=FrameRows(view.frames, row))
    return known[:n]
