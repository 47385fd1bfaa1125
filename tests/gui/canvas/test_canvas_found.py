"""What was found stands out from all else, near and far, through moves and news, until it is let go."""

from dataclasses import replace

import pytest
from PySide6.QtGui import QImage

from clew.gui.canvas.camera import Camera
from clew.model.refs import BlockKind, BlockRef
from clew.model.view import Block, GraphView, Scope

TRAIN, TRAIN2 = BlockRef(BlockKind.TASK, 2), BlockRef(BlockKind.TASK, 3)
MODEL = BlockRef(BlockKind.MODEL, 1)


def shot(canvas) -> QImage:
    canvas.settle()
    return canvas.viewport().grab().toImage()


def colour(canvas, ref: BlockRef, image: QImage) -> str:
    """The colour of a block a little inside its corner, where no words stand."""
    rect = canvas.scene.bounds(canvas.scene.rows([ref]))
    at = canvas.camera.to_view(rect.center() + (rect.bottomRight() - rect.center()) * 0.8)
    return image.pixelColor(at.toPoint()).name()


@pytest.mark.parametrize("zoom", [0.05, 0.2, 0.4])
def test_hits_keep_their_colour_and_all_else_fades(canvas, zoom: float) -> None:
    canvas.look(Camera(zoom).centred(canvas.scene_rect().center(), canvas.viewport().size().toSizeF()))
    plain = shot(canvas)
    canvas.set_found([TRAIN])
    found = shot(canvas)
    assert colour(canvas, TRAIN, found) == colour(canvas, TRAIN, plain)
    assert colour(canvas, TRAIN2, found) != colour(canvas, TRAIN2, plain)
    canvas.select([TRAIN2])  # what is selected lights no thread while hits stand out
    assert colour(canvas, MODEL, shot(canvas)) == colour(canvas, MODEL, found)
    canvas.select([])
    canvas.set_found([])
    assert shot(canvas) == plain


def test_the_hole_of_a_hit_goes_with_its_block(canvas) -> None:
    canvas.set_zoom(0.2)
    plain = colour(canvas, TRAIN, shot(canvas))
    canvas.set_found([TRAIN])
    shot(canvas)
    x, y = canvas.positions()[TRAIN]
    canvas.apply_positions({TRAIN: (x + 40, y + 500)})
    assert colour(canvas, TRAIN, shot(canvas)) == plain
    canvas.look(canvas.camera.panned(-15, -10))
    assert colour(canvas, TRAIN, shot(canvas)) == plain


def test_hits_are_kept_through_news(canvas) -> None:
    view = GraphView(Scope(), "", tuple(canvas.scene.blocks), ())
    canvas.set_found([TRAIN, BlockRef(BlockKind.FILE, 9)])
    fresh = Block(BlockRef(BlockKind.FILE, 9), "File", "counts.csv")
    canvas.set_graph(replace(view, blocks=(fresh, *view.blocks)))
    rows, _ = canvas.marks.bright
    assert {canvas.scene.ref(row) for row in rows.nonzero()[0].tolist()} == {TRAIN, fresh.ref}


def test_a_found_list_of_nothing_here_fades_nothing(canvas) -> None:
    plain = shot(canvas)
    canvas.set_found([BlockRef(BlockKind.FILE, 77)])
    assert canvas.marks.bright is None and shot(canvas) == plain
