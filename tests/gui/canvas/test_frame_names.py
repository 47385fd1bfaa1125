"""Names of frames seen from far: they cover no blocks, and that of the outer frame is the one that stays."""

from dataclasses import replace

import numpy as np
from PySide6.QtCore import QRectF, QSize
from PySide6.QtGui import QImage, QPainter

from clew.gui.canvas.canvas import Canvas
from clew.gui.canvas.pane import Pane
from clew.model.refs import BlockKind, BlockRef
from clew.model.view import Block, Frame, GraphView, Scope

COLUMNS, ROWS = 20, 20
REFS = [BlockRef(BlockKind.TASK, i + 1) for i in range(COLUMNS * ROWS)]
PLACES = {ref: (i % COLUMNS * 300.0, i // COLUMNS * 130.0) for i, ref in enumerate(REFS)}
OUTER = Frame(1, "A long name of the campaign", tuple(REFS))
INNER = Frame(2, "Seed 7", (REFS[210], REFS[211]), parent=1)
VIEW = GraphView(Scope(), "All", tuple(Block(ref, "App", "Train") for ref in REFS), (), (OUTER,), PLACES)


def named(canvas: Canvas, view: GraphView, zoom: float) -> QRectF | None:
    """The part of the scene that the names of the frames take, drawn at a zoom."""
    canvas.set_graph(view)
    window = canvas.scene.bounds().adjusted(-3000, -1000, 3000, 1000)
    size = (window.size() * zoom).toSize().expandedTo(QSize(1, 1))
    image = QImage(size, QImage.Format.Format_ARGB32_Premultiplied)
    image.fill(0)
    painter = QPainter(image)
    canvas.scene_painter.frame_names(painter, Pane(zoom, window))
    painter.end()
    pixels = np.frombuffer(image.constBits(), np.uint32).reshape(size.height(), size.width())
    y, x = np.nonzero(pixels)
    if not len(x):
        return None
    left, top = x.min() / zoom + window.left(), y.min() / zoom + window.top()
    return QRectF(
        left, top, (x.max() + 1) / zoom + window.left() - left, (y.max() + 1) / zoom + window.top() - top
    )


def test_the_name_of_a_small_frame_inside_another_is_left_out_from_far(canvas: Canvas) -> None:
    nested = replace(VIEW, frames=(OUTER, INNER))
    alone = named(canvas, VIEW, 0.06)
    assert alone is not None
    assert named(canvas, nested, 0.06) == alone
    near = named(canvas, nested, 0.6)
    assert near is not None
    assert near.bottom() > PLACES[REFS[200]][1] - 42


def test_a_name_is_no_wider_than_its_frame(canvas: Canvas) -> None:
    pair = replace(
        OUTER,
        title="A name that is much longer than its frame is wide, from far",
        members=(REFS[40], REFS[44]),
    )
    found = named(canvas, replace(VIEW, frames=(pair,)), 0.08)
    assert found is not None
    assert found.right() <= PLACES[REFS[44]][0] + 224 + 22 + 6 / 0.08


def test_a_narrow_frame_has_no_name_among_blocks_and_a_whole_one_on_bare_paper(canvas: Canvas) -> None:
    narrow = replace(OUTER, title="Night images", members=(REFS[45],))
    view = replace(VIEW, frames=(narrow,))
    assert named(canvas, view, 0.06) is None
    free = named(canvas, replace(view, positions={**PLACES, REFS[45]: (-2500.0, 0.0)}), 0.06)
    assert free is not None
    assert free.width() * 0.06 > 60
