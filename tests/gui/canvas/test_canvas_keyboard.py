"""What a mouse does, the keyboard does: links, frames, notes, the view; all of it is said aloud."""

from dataclasses import replace

import numpy as np
import pytest
from PySide6.QtCore import QPoint, Qt
from PySide6.QtGui import QContextMenuEvent
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication
from tests.gui.canvas.conftest import IMPORT, MODEL, REPORT, TRAIN, TRAIN2, V1, V2, VIEW

from clew.gui.canvas import wishes
from clew.gui.canvas.key_link import KeyLink
from clew.model.refs import BlockKind, BlockRef
from clew.model.view import Frame, Note

Key, Mod = Qt.Key, Qt.KeyboardModifier
NOTE = Note(4, "Why so few copper coins?", -300.0, 400.0, 200.0, 96.0)
FIRST, SECOND = Frame(1, "First detector", (TRAIN, MODEL, REPORT)), Frame(2, "Second", (TRAIN2,))


@pytest.fixture
def framed(canvas):
    places = {ref: place for ref, place in canvas.positions().items() if not ref.kind.drawn}
    canvas.set_graph(replace(VIEW, positions=places, notes=(NOTE,), frames=(FIRST, SECOND)))
    return canvas


def press(canvas, *keys, mods=Mod.NoModifier):
    for key in keys:
        QTest.keyClick(canvas, key, mods)


def menu_key(canvas):
    kind = QContextMenuEvent.Reason.Keyboard
    QApplication.sendEvent(canvas.viewport(), QContextMenuEvent(kind, QPoint(1, 1), QPoint(1, 1)))


def test_a_link_is_tied_with_keys_among_what_fits(canvas, heard):
    linked, wished = heard("link_requested"), heard("wish")
    canvas.select([V1])
    press(canvas, Key.Key_C)
    assert isinstance(canvas.gesture, KeyLink)
    assert isinstance(wished[-1], wishes.Say)
    allowed = {canvas.scene.ref(row) for row in np.flatnonzero(canvas.marks.allowed).tolist()}
    seen = []
    for _ in range(len(allowed)):
        seen.append(canvas.scene.ref(canvas.gesture.row))
        assert canvas.scene.blocks[canvas.gesture.row].title in canvas.accessibleDescription()
        assert canvas.marks.hover == canvas.gesture.row
        press(canvas, Key.Key_Tab)
    assert set(seen) == allowed
    assert canvas.scene.ref(canvas.gesture.row) == seen[0]  # it came round, and stayed in the canvas
    assert canvas.hasFocus()
    while canvas.scene.ref(canvas.gesture.row) != TRAIN2:
        press(canvas, Key.Key_Backtab, mods=Mod.ShiftModifier)
    press(canvas, Key.Key_Return)
    assert linked == [(V1, TRAIN2)]
    assert canvas.gesture is canvas.marks.thread is canvas.marks.allowed is canvas.marks.hover is None


def test_arrows_go_only_where_the_link_may_go(canvas, heard):
    linked = heard("link_requested")
    canvas.select([V2])
    press(canvas, Key.Key_C)
    allowed = set(canvas.gesture.rows)
    for key in (Key.Key_Up, Key.Key_Left, Key.Key_Right, Key.Key_Down) * 3:
        press(canvas, key)
        assert canvas.gesture.row in allowed
    assert canvas.selection() == (V2,)
    press(canvas, Key.Key_H, Key.Key_Delete)  # nothing else happens meanwhile
    over = heard("gesture_over")
    press(canvas, Key.Key_Escape)
    assert canvas.gesture is None
    assert canvas.selection() == (V2,)
    assert len(over) == 1
    assert linked == []


def test_a_link_that_comes_from_another_block(canvas, heard):
    linked = heard("link_requested")
    canvas.select([TRAIN2])
    press(canvas, Key.Key_C, mods=Mod.ShiftModifier)
    while canvas.scene.ref(canvas.gesture.row) != V1:
        press(canvas, Key.Key_Tab)
    press(canvas, Key.Key_Enter)
    assert linked == [(V1, TRAIN2)]


def test_the_mouse_and_another_place_of_the_keyboard_call_it_off(canvas, hand):
    for leave in (lambda: hand.click(hand.middle(V2)), canvas.clearFocus):
        canvas.setFocus()
        canvas.select([V1])
        press(canvas, Key.Key_C)
        assert canvas.gesture is not None
        leave()
        assert canvas.gesture is canvas.marks.thread is None


def test_what_cannot_be_linked_says_so(framed, heard):
    wished = heard("wish")
    for refs in ([], [V1, V2], [BlockRef(BlockKind.NOTE, 4)]):
        framed.select(refs)
        press(framed, Key.Key_C)
        assert framed.gesture is None
        assert isinstance(wished[-1], wishes.Say)
    framed.frozen = True
    framed.select([V1])
    press(framed, Key.Key_C)
    assert isinstance(wished[-1], wishes.NotNow)


def test_keys_go_from_frame_to_frame_and_act_on_it(framed, heard):
    wished = heard("wish")
    seen = []
    for _ in range(3):
        press(framed, Key.Key_G)
        seen.append(framed.frame)
        assert framed.accessibleDescription().startswith("Frame ")
    assert set(seen) == {1, 2}
    assert seen[0] == seen[2]
    press(framed, Key.Key_G, mods=Mod.ShiftModifier)
    assert framed.frame == seen[1]
    press(framed, Key.Key_H)
    assert wished[-1] == wishes.ChangeFrame(seen[1], folded=True)
    menu_key(framed)
    assert (type(wished[-1]), wished[-1].frame) == (wishes.FrameMenu, seen[1])
    press(framed, Key.Key_F2)
    assert framed.inplace.isVisible()
    press(framed.inplace, Key.Key_Escape)
    press(framed, Key.Key_Delete)
    assert wished[-1] == wishes.RemoveFrame(seen[1])


def test_a_folded_frame_is_a_frame_for_the_keys(framed):
    framed.set_graph(replace(VIEW, notes=(NOTE,), frames=(replace(FIRST, folded=True), SECOND)))
    fold = BlockRef(BlockKind.FRAME, 1)
    reached = set()
    for _ in range(2):
        press(framed, Key.Key_G)
        reached.add(framed.chosen_things())
    assert reached == {(fold,), (SECOND.ref,)}


def test_all_of_the_paper_is_read_line_by_line(framed):
    everything = {*framed.positions(), FIRST.ref, SECOND.ref}
    seen = []
    for _ in range(len(everything)):
        press(framed, Key.Key_J)
        seen.append(framed.chosen_things()[0])
    assert set(seen) == everything
    assert seen.index(FIRST.ref) < seen.index(TRAIN)
    press(framed, Key.Key_J)
    assert framed.chosen_things()[0] == seen[0]
    press(framed, Key.Key_M)
    assert framed.selection() == (BlockRef(BlockKind.NOTE, 4),)


def test_paper_without_frames_says_so(canvas, heard):
    canvas.set_graph(replace(VIEW, frames=()))
    wished = heard("wish")
    press(canvas, Key.Key_G, Key.Key_M)
    assert [type(w) for w in wished] == [wishes.Say, wishes.Say]


def test_page_keys_move_the_view(canvas):
    canvas.set_zoom(2.0)
    start = canvas.camera
    press(canvas, Key.Key_PageDown)
    assert canvas.camera.y > start.y
    press(canvas, Key.Key_PageUp)
    assert canvas.camera == start
    press(canvas, Key.Key_PageDown, mods=Mod.ShiftModifier)
    assert canvas.camera.x > start.x
    press(canvas, Key.Key_PageUp, mods=Mod.ShiftModifier)
    assert canvas.camera == start


def test_a_key_asks_for_apps_and_for_a_frame(framed, heard):
    wished, dropped = heard("wish"), heard("port_dropped")
    framed.select([V1])
    press(framed, Key.Key_A)
    assert dropped[0][0] == V1
    press(framed, Key.Key_I)
    assert wished[-1].refs == (V1,)
    framed.put_into((V1,), 1)
    put = wished[-1]
    assert (put.refs, put.frame) == ((V1,), 1)
    inside = framed.scene.bounds(framed.scene.rows([TRAIN, MODEL, REPORT]))
    assert put.move.after[V1] == (inside.left(), inside.bottom() + 28)
    framed.choose(framed.selected_rows[:0])
    press(framed, Key.Key_A, Key.Key_I)
    assert [type(w) for w in wished[-2:]] == [wishes.Say, wishes.Say]


def test_the_menu_key_is_about_the_chosen_link(canvas, heard):
    wished, menus = heard("wish"), heard("menu_requested")
    canvas.select([IMPORT])
    press(canvas, Key.Key_L)
    menu_key(canvas)
    assert (type(wished[-1]), wished[-1].link) == (wishes.LinkMenu, canvas.marks.link)
    press(canvas, Key.Key_Escape)
    menu_key(canvas)
    assert menus[-1][0] == IMPORT
    assert canvas.viewport().rect().contains(canvas.viewport().mapFromGlobal(menus[-1][1]))


def test_a_note_grows_and_shrinks_by_keys_as_one_edit(framed, heard):
    moved = heard("moved")
    framed.select([BlockRef(BlockKind.NOTE, 4)])
    press(framed, Key.Key_Period)
    (edit,) = moved
    (was,), (now,) = edit.before.values(), edit.after.values()
    assert now.width > was.width
    press(framed, Key.Key_Comma)
    assert moved[-1].after[now.ref].width == was.width
