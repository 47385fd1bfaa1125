"""Places for many new blocks, worked out beside the UI thread."""

from dataclasses import replace

from clew.gui.canvas.merge import merge
from clew.gui.canvas.scene import Scene
from clew.model.refs import BlockRef
from clew.model.view import GraphView, Place

MANY = 60  # new blocks; fewer get their places in a few milliseconds where they are shown


def placed(view: GraphView) -> tuple[GraphView, dict[BlockRef, Place]]:
    """The graph with a place for every block if many have none, and those places, which are to be kept."""
    new = sum(block.ref not in view.positions for block in view.blocks)
    if new < MANY:
        return view, {}
    given = merge(Scene(), view).given
    return replace(view, positions={**view.positions, **given}), given
