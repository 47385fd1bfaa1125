"""A layout to be made of the scene: taken from it on the UI thread, worked out on any."""

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np

from clew.graph.layout.framed import Nesting, framed_layout
from clew.graph.layout.pinned import around_pinned
from clew.gui.canvas.scene import NOTE_CODE, PORT_Y, SPINE_CODE, Floats, Ints, Mask, Scene
from clew.model.refs import BlockRef

LayOut = Callable[..., Floats]  # as `clew.graph.layout.framed.framed_layout`
_ARRAYS = ("standing", "sizes", "links", "spine", "pinned")


@dataclass(frozen=True)
class Arrangement:
    """Blocks to lay out, as copies: the scene may go on while places are worked out.

    Attributes:
        refs: the blocks.
        standing: where they stand, float64 (k, 2).
        sizes: float64 (k, 2).
        links, spine: int64 (m, 2), numbers in `refs`.
        nesting: the frames that they stand in.
        pinned: bool (k,), those that stay where they stand.
        whole: whether it is all of the scene; a part of it is laid out about where it stands.
    """

    refs: tuple[BlockRef, ...]
    standing: Floats
    sizes: Floats
    links: Ints
    spine: Ints
    nesting: Nesting
    pinned: Mask
    whole: bool

    def places(self, lay_out: LayOut = framed_layout) -> Floats:
        """Top left corners, float64 (k, 2); what is pinned stays, and the others keep clear of it."""
        found = lay_out(
            self.sizes,
            self.links,
            self.spine,
            self.nesting,
            anchors=np.full(len(self.refs), PORT_Y),
        )
        if self.pinned.any():
            return around_pinned(found, self.sizes, self.standing, self.pinned)
        return found if self.whole or not len(found) else found - found.min(0) + self.standing.min(0)

    def same_as(self, other: "Arrangement") -> bool:
        """Whether both would come to the same places, and all blocks stand where they stood."""
        mine, theirs = ([*vars(a.nesting).values(), *map(vars(a).get, _ARRAYS)] for a in (self, other))
        same = all(map(np.array_equal, mine, theirs))
        return same and (self.refs, self.whole) == (other.refs, other.whole)


def arrangement(scene: Scene, rows: Ints | None = None) -> Arrangement:
    """What there is to lay out: all blocks, or those of some rows.

    Notes stay, for nothing leads to them; but those in a frame go with it.
    """
    whole = rows is None
    rows = np.arange(len(scene)) if rows is None else rows
    frames = np.full(len(scene), -1)
    for i in range(len(scene.frames) - 1, -1, -1):  # the inner ones last
        frames[scene.frame_rows[i]] = i
    rows = rows[(scene.kind[rows] != NOTE_CODE) | (frames[rows] >= 0)]
    number = np.full(len(scene), -1)
    number[rows] = np.arange(len(rows))
    links = number[np.column_stack([scene.source, scene.target])]
    inside = (links >= 0).all(1)
    spine = scene.link_kind == SPINE_CODE
    return Arrangement(
        tuple(scene.ref(row) for row in rows.tolist()),
        scene.position[rows].copy(),
        scene.size[rows].copy(),
        links[inside & ~spine],
        links[inside & spine],
        Nesting(frames[rows], scene.framed.parents),
        scene.pinned[rows] & np.isfinite(scene.position[rows, 0]),  # what is new stands nowhere yet
        whole,
    )
