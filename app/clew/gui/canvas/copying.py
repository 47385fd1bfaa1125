"""Some of what a canvas shows, taken from it to be drawn alone: on the clipboard or in a file."""

from dataclasses import dataclass, replace

import numpy as np
from PySide6.QtCore import QRectF

from clew.graph.routing.grid import spread
from clew.graph.routing.route import Routes
from clew.gui.canvas.card import Previews
from clew.gui.canvas.hit import blocks_in
from clew.gui.canvas.paint import ScenePainter
from clew.gui.canvas.scene import Floats, Ints, Scene
from clew.gui.canvas.sheet import MARGIN
from clew.gui.canvas.style import Style
from clew.gui.canvas.surface import Surface
from clew.model.refs import BlockRef
from clew.model.view import Block, BlockLink, Frame

_MARGIN = 24.0  # less than around a file: it goes into somebody's page


@dataclass(frozen=True)
class Cut:
    """A part of a scene as copies: the scene may go on while the part is drawn, in any thread.

    Attributes:
        blocks, links, frames: what there is to draw.
        position: of the blocks, float64 (n, 2).
        routes: the ways of the links around blocks.
        refs: the blocks and notes that are meant, those in folded frames too.
        window: the part of the scene to draw, with paper around it.
    """

    blocks: list[Block]
    links: list[BlockLink]
    frames: list[Frame]
    position: Floats
    routes: Routes
    refs: frozenset[BlockRef]
    window: QRectF

    def drawn(self, style: Style, previews: Previews | None) -> ScenePainter:
        """The part in some colours."""
        scene = Scene(self.blocks, self.links, self.frames, self.position)
        scene.lead(np.arange(len(self.links)), self.routes)
        return ScenePainter(scene, style, previews)


def cuts(surface: Surface) -> dict[str, Cut]:
    """`all` that a surface shows, what is `seen` of it now, and the `selection`."""
    scene, window = surface.scene, surface.visible_window()
    everything = _part(scene, np.arange(len(scene)))
    rows = blocks_in(scene, window.left(), window.top(), window.right(), window.bottom())
    return {
        "all": everything,
        "seen": replace(everything, refs=_meant(scene, rows), window=window),
        "selection": _part(scene, surface.selected_rows),
    }


def clipping(surface: Surface) -> Cut:
    """The selection as it goes on the clipboard."""
    return _part(surface.scene, surface.selected_rows, _MARGIN)


def _part(scene: Scene, rows: Ints, margin: float = MARGIN) -> Cut:
    """Some rows alone, int64 (k,), with the links among them and the frames wholly in them."""
    mask = scene.mask(rows)
    rows = mask.nonzero()[0]
    frames = [i for i, inside in enumerate(scene.frame_rows) if mask[inside].all()]
    links = np.flatnonzero(mask[scene.source] & mask[scene.target]) if len(scene.links) else rows[:0]
    window = scene.bounds(rows)
    around = np.concatenate(
        [scene.frame_rects()[frames], np.concatenate([scene.low[links], scene.high[links]], 1)]
    )
    if len(around):
        (left, top), (right, bottom) = around[:, :2].min(0).tolist(), around[:, 2:].max(0).tolist()
        window = window.united(QRectF(left, top, right - left, bottom - top))
    return Cut(
        [scene.blocks[r] for r in rows.tolist()],
        [scene.links[i] for i in links.tolist()],
        [scene.frames[i] for i in frames],
        scene.position[rows],
        _routes(scene, links),
        _meant(scene, rows),
        window.adjusted(-margin, -margin, margin, margin),
    )


def _routes(scene: Scene, links: Ints) -> Routes:
    """The ways of some links as they go now, the links as numbers in `links`."""
    count = scene.way_count[links]
    some = np.flatnonzero(count)
    _, at = spread(scene.way_first[links[some]], count[some])
    return Routes(some, scene.ways[at], np.concatenate([[0], np.cumsum(count[some])]))


def _meant(scene: Scene, rows: Ints) -> frozenset[BlockRef]:
    shown = {scene.ref(row) for row in rows.tolist()}
    folded = {ref for ref, fold in scene.inside.items() if fold in shown}
    return frozenset(ref for ref in shown | folded if ref not in scene.hidden)
