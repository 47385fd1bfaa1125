"""Pinned blocks: no drag, alignment, nudge or arrangement moves them; kept, undone, seen by others."""

from collections.abc import Callable
from dataclasses import replace
from typing import Any

import pytest
from PySide6.QtCore import QPointF, Qt
from PySide6.QtGui import QAccessible
from PySide6.QtTest import QTest
from tests.gui.canvas.conftest import MODEL, REPORT, TRAIN, V1, VIEW, Hand

from clew.gui.canvas import wishes
from clew.gui.canvas.access_items import BlockAccess
from clew.gui.canvas.canvas import Canvas
from clew.model.refs import BlockKind, BlockRef

Settle = Callable[[Any], None]
VERSION = BlockRef(BlockKind.VERSION, 1)


@pytest.fixture
def canvas(canvas: Canvas) -> Canvas:
    """The first version and the report are pinned."""
    canvas.set_graph(replace(VIEW, blocks=()))
    pinned = tuple(replace(block, pinned=block.ref in (V1, REPORT)) for block in VIEW.blocks)
    canvas.set_graph(replace(VIEW, blocks=pinned))
    return canvas


def test_a_drag_takes_the_others_along_and_a_pinned_block_alone_takes_the_paper(canvas: Canvas) -> None:
    hand, before, looked = Hand(canvas), canvas.positions(), canvas.camera
    canvas.select([V1, TRAIN])
    start = hand.middle(TRAIN)
    hand.drag(start, start + QPointF(60, 40), mods=Qt.KeyboardModifier.AltModifier)
    after = canvas.positions()
    assert after[V1] == before[V1]
    assert after[TRAIN] != before[TRAIN]
    canvas.select([])
    canvas.set_zoom(1.5)
    looked = canvas.camera
    hand.drag(hand.middle(V1), hand.middle(V1) + QPointF(-30, -20))
    assert canvas.positions() == after
    assert canvas.camera != looked


def test_nudges_alignments_and_arrangements_leave_it(canvas: Canvas, arrange) -> None:
    before = canvas.positions()
    canvas.select([V1, MODEL, REPORT])
    canvas.nudge(8, 8)
    canvas.align("align-top")
    after = canvas.positions()
    assert (after[V1], after[REPORT]) == (before[V1], before[REPORT])
    assert after[MODEL] != before[MODEL]
    canvas.apply_positions({TRAIN: (9000.0, 9000.0), V1: (-5000.0, 40.0)})
    canvas.select([])
    arrange()
    assert canvas.positions()[V1] == (-5000.0, 40.0)
    assert canvas.positions()[REPORT] == before[REPORT]
    assert canvas.positions()[TRAIN] != (9000.0, 9000.0)


def test_the_key_pins_what_is_not_and_lets_go_when_all_are(canvas: Canvas) -> None:
    wished: list[Any] = []
    canvas.wish.connect(wished.append)
    canvas.select([V1, MODEL])
    QTest.keyClick(canvas, Qt.Key.Key_P)
    canvas.select([V1, REPORT])
    QTest.keyClick(canvas, Qt.Key.Key_P)
    assert wished == [wishes.Pin((V1, MODEL), pinned=True), wishes.Pin((V1, REPORT), pinned=False)]


def test_it_is_read_out(canvas: Canvas) -> None:
    said = {ref: BlockAccess(canvas, ref).text(QAccessible.Text.Description) for ref in (V1, MODEL)}
    assert "Pinned" in said[V1]
    assert "Pinned" not in said[MODEL]


def test_a_pinned_block_without_a_place_gets_one(canvas: Canvas) -> None:
    assert all(abs(x) < 1e5 and abs(y) < 1e5 for x, y in canvas.positions().values())
