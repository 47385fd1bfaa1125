"""What a folded frame shows of what is in it: hints, what failed, and its own colour from any distance."""

from dataclasses import replace

import pytest
from PySide6.QtGui import QAccessible, QColor, QImage

from clew.gui.canvas.access_items import BlockAccess
from clew.gui.canvas.canvas import Canvas
from clew.gui.canvas.minimap import Minimap
from clew.model.refs import BlockKind, BlockRef
from clew.model.view import Block, BlockState, Frame, GraphView, Scope

GREEN = "#00a060"
REFS = [BlockRef(BlockKind.TASK, i) for i in range(1, 9)]
FOLD = BlockRef(BlockKind.FRAME, 1)
FRAME = Frame(1, "First", tuple(REFS[:4]), GREEN, folded=True)
PLACES = {ref: (i * 300.0, 0.0) for i, ref in enumerate(REFS)}


def view(state: BlockState = BlockState.SAVED, *, folded: bool = True) -> GraphView:
    blocks = tuple(
        Block(ref, "App", "Train", state=state if ref == REFS[1] else BlockState.SAVED) for ref in REFS
    )
    return GraphView(Scope(), "All", blocks, (), (replace(FRAME, folded=folded),), PLACES)


def pixels(image: QImage) -> list[QColor]:
    return [image.pixelColor(x, y) for x in range(image.width()) for y in range(image.height())]


def greens(image: QImage) -> int:
    return sum(c.green() > c.red() + 60 and c.green() > c.blue() + 30 for c in pixels(image))


def reds(image: QImage) -> int:
    return sum(c.red() > c.green() + 90 and c.red() > c.blue() + 90 for c in pixels(image))


def fold_seen(canvas: Canvas, zoom: float) -> QImage:
    """The fold's picture at a zoom."""
    box = canvas.scene.bounds(canvas.scene.rows([FOLD]))
    return canvas.render_image(scale=zoom, window=box)


@pytest.mark.parametrize("zoom", [0.04, 0.06, 0.15, 0.24])
def test_a_fold_keeps_its_colour_and_shows_from_far_that_something_failed(
    canvas: Canvas, zoom: float
) -> None:
    canvas.set_graph(view())
    seen = fold_seen(canvas, zoom)
    assert greens(seen) > seen.width() * seen.height() * 0.7
    assert not reds(seen)
    canvas.set_graph(view(BlockState.FAILED))
    assert reds(fold_seen(canvas, zoom))


def test_the_minimap_shows_both(canvas: Canvas) -> None:
    def overview() -> QImage:
        canvas.settle()
        card = canvas.findChild(Minimap).grab()
        return card.toImage()

    canvas.set_graph(view())
    before = overview()
    assert greens(before)
    canvas.set_graph(view(BlockState.FAILED))
    assert reds(overview()) > reds(before)


def test_a_fold_has_the_hints_of_what_is_in_it_until_it_unfolds(canvas: Canvas) -> None:
    hints = {ref: f"Task {ref.id} has no description." for ref in (*REFS[:4], REFS[6])}
    canvas.set_graph(view(folded=False))
    canvas.set_hinted(hints)
    marked = canvas.scene_painter.hinted
    assert set(marked) == set(hints)
    canvas.set_graph(view())
    said = BlockAccess(canvas, FOLD).text(QAccessible.Text.Description)
    assert "Hint: Task 1 has no description. Task 2" in said
    assert "And 1 more hint" in said
    canvas.set_zoom(1.0)
    with_hint = fold_seen(canvas, 1.0)
    canvas.set_hinted({REFS[6]: "It has no description."})
    assert FOLD not in canvas.scene_painter.hinted
    assert fold_seen(canvas, 1.0) != with_hint
