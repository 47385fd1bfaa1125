"""What mouse, wheel and keys do, with real events."""

import numpy as np
import pytest
from PySide6.QtCore import QEvent, QObject, QPoint, QPointF, Qt
from PySide6.QtGui import QContextMenuEvent, QWheelEvent
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication

from clew.gui.canvas.wishes import Add
from clew.model.refs import BlockKind, BlockRef
from clew.model.view import BlockLink, GraphView, Scope

IMPORT, TRAIN, TRAIN2 = (BlockRef(BlockKind.TASK, i) for i in (1, 2, 3))
V1, V2 = (BlockRef(BlockKind.VERSION, i) for i in (1, 2))
MODEL = BlockRef(BlockKind.MODEL, 1)
REPORT = BlockRef(BlockKind.REPORT, 1)
Mod, Key = Qt.KeyboardModifier, Qt.Key


def wheel(canvas, at: QPointF, dy: int, mods=Mod.NoModifier) -> None:
    event = QWheelEvent(
        at,
        QPointF(canvas.viewport().mapToGlobal(at.toPoint())),
        QPoint(),
        QPoint(0, dy),
        Qt.MouseButton.NoButton,
        mods,
        Qt.ScrollPhase.NoScrollPhase,
        False,
    )
    QApplication.sendEvent(canvas.viewport(), event)


def test_dragging_one_block_is_one_edit(canvas, hand, heard):
    moved = heard("moved")
    before = canvas.positions()
    start = hand.middle(MODEL)
    hand.drag(start, start + QPointF(60, 45), mods=Mod.AltModifier)  # exactly as far as the hand
    assert len(moved) == 1
    zoom = canvas.zoom()
    edit = moved[0]
    assert set(edit.after) == {MODEL}
    assert edit.before == {MODEL: before[MODEL]}
    assert edit.after[MODEL] == pytest.approx(
        (before[MODEL][0] + 60 / zoom, before[MODEL][1] + 45 / zoom), abs=1
    )
    assert edit.label == "Move forest, version 1"
    after = canvas.positions()
    assert after[MODEL] == edit.after[MODEL]
    assert {r: p for r, p in after.items() if r != MODEL} == {r: p for r, p in before.items() if r != MODEL}
    assert not canvas.scene.floating.any()


def test_dragging_a_selection_moves_all_of_it(canvas, hand, heard):
    moved = heard("moved")
    canvas.select([V1, MODEL])
    before = canvas.positions()
    start = hand.middle(V1)
    hand.drag(start, start + QPointF(-30, 40))
    assert len(moved) == 1
    edit = moved[0]
    assert set(edit.after) == {V1, MODEL}
    assert edit.label == "Move 2 blocks"
    shifts = {tuple(np.subtract(edit.after[r], before[r])) for r in (V1, MODEL)}
    assert len(shifts) == 1
    assert canvas.selection() == (V1, MODEL)


def test_small_tremble_is_a_click_not_a_move(canvas, hand, heard):
    moved = heard("moved")
    start = hand.middle(MODEL)
    hand.press(start)
    hand.move(start + QPointF(1, 1))
    hand.release(start + QPointF(1, 1))
    assert moved == []
    assert canvas.selection() == (MODEL,)


def test_escape_calls_a_drag_off(canvas, hand, heard):
    moved = heard("moved")
    before = canvas.positions()
    start = hand.middle(MODEL)
    hand.press(start)
    hand.move(start + QPointF(80, 80))
    assert canvas.positions() != before
    QTest.keyClick(canvas, Key.Key_Escape)
    hand.release(start + QPointF(80, 80))
    assert canvas.positions() == before
    assert moved == []
    assert not canvas.scene.floating.any()


def test_rubber_band_selects_what_it_touches_and_shift_adds(canvas, hand, heard):
    said = heard("selection_changed")
    x, y = canvas.positions()[IMPORT]
    hand.drag(hand.at(x - 30, y - 30), hand.at(x + 10, y + 10))
    assert canvas.selection() == (IMPORT,)
    assert said == [(IMPORT,)]
    x, y = canvas.positions()[V2]
    hand.drag(hand.at(x - 30, y + 60), hand.at(x + 10, y + 100), mods=Mod.ShiftModifier)
    assert set(canvas.selection()) == {IMPORT, V2}
    assert canvas.marks.band is None


def test_click_shift_click_and_click_beside(canvas, hand):
    hand.click(hand.middle(V1))
    hand.click(hand.middle(MODEL), Mod.ShiftModifier)
    assert set(canvas.selection()) == {V1, MODEL}
    hand.click(hand.middle(V1), Mod.ShiftModifier)
    assert canvas.selection() == (MODEL,)
    bounds = canvas.scene_rect()
    hand.click(hand.at(bounds.left() - 20, bounds.bottom() + 10))
    assert canvas.selection() == ()


def test_click_on_one_of_many_selects_it_alone(canvas, hand):
    canvas.select([V1, MODEL])
    hand.click(hand.middle(MODEL))
    assert canvas.selection() == (MODEL,)


def test_dragging_a_frame_by_its_name_moves_its_blocks(canvas, hand, heard):
    moved = heard("moved")
    left, top, _, _ = canvas.scene.frame_rects()[0]
    start = hand.at(left + 30, top + 15)
    hand.drag(start, start + QPointF(0, 50))
    assert set(moved[0].after) == {TRAIN, MODEL, REPORT}


@pytest.mark.parametrize("zoom", [0.1, 0.4, 1.7])
def test_zoom_keeps_the_point_under_the_pointer(canvas, zoom):
    canvas.set_zoom(zoom)
    at = QPointF(777, 333)
    for dy in (120, 120, -240, 120):
        point = canvas.camera.to_scene(at)
        before = canvas.zoom()
        wheel(canvas, at, dy, Mod.ControlModifier)
        after = canvas.camera.to_scene(at)
        assert (canvas.zoom() > before) == (dy > 0)
        assert (after - point).manhattanLength() * canvas.zoom() < 1e-6


def test_zoom_stays_between_its_ends_and_is_told(canvas, heard):
    said = heard("zoom_changed")
    canvas.set_zoom(1000.0)
    assert canvas.zoom() == 3.0
    canvas.set_zoom(0.0)
    assert canvas.zoom() == 0.02
    assert said == [3.0, 0.02]


def test_wheel_scrolls_without_control(canvas):
    canvas.set_zoom(1.0)
    before = canvas.visible_window()
    wheel(canvas, QPointF(300, 300), -120)
    after = canvas.visible_window()
    assert canvas.zoom() == 1.0
    assert after.top() > before.top()
    assert after.left() == before.left()
    wheel(canvas, QPointF(300, 300), -120, Mod.ShiftModifier)
    assert canvas.visible_window().left() > after.left()


@pytest.mark.parametrize("space", [False, True])
def test_hand_pans(canvas, hand, heard, space):
    moved = heard("moved")
    before = canvas.visible_window()
    start = hand.middle(V1)
    if space:
        QTest.keyPress(canvas, Key.Key_Space)
    hand.drag(
        start,
        start + QPointF(40, 25),
        button=Qt.MouseButton.LeftButton if space else Qt.MouseButton.MiddleButton,
    )
    QTest.keyRelease(canvas, Key.Key_Space)
    gap = before.topLeft() - canvas.visible_window().topLeft()
    assert (gap.x(), gap.y()) == pytest.approx((40 / canvas.zoom(), 25 / canvas.zoom()))
    assert moved == []


def test_the_graph_cannot_be_lost_out_of_sight(canvas, hand):
    for _ in range(60):
        wheel(canvas, QPointF(300, 300), -1200)
    assert canvas.visible_window().intersects(canvas.scene_rect())


def test_link_is_pulled_from_port_to_block(canvas, hand, heard):
    asked, dropped, moved = heard("link_requested"), heard("port_dropped"), heard("moved")
    canvas.set_zoom(1.0)
    canvas.center_on(V2)
    x, y = canvas.positions()[V2]
    hand.drag(hand.at(x + 224, y + 46), hand.middle(TRAIN))
    assert asked == [(V2, TRAIN)]
    x, y = canvas.positions()[TRAIN]  # backwards, from an input
    hand.drag(hand.at(x, y + 46), hand.middle(V2))
    assert asked == [(V2, TRAIN), (V2, TRAIN)]
    assert dropped == moved == []
    assert canvas.marks.thread is None


def test_port_dropped_on_empty_place(canvas, hand, heard):
    asked, dropped = heard("link_requested"), heard("port_dropped")
    canvas.set_zoom(1.0)
    canvas.center_on(V2)
    x, y = canvas.positions()[V2]
    end = hand.at(x + 250, y + 130)
    hand.drag(hand.at(x + 224, y + 46), end)
    assert asked == []
    assert dropped == [(V2, canvas.viewport().mapToGlobal(end.toPoint()))]


def test_enter_and_double_click_open(canvas, hand, heard):
    opened = heard("activated")
    click_twice(hand, hand.middle(MODEL), hand.middle(MODEL))
    QTest.keyClick(canvas, Key.Key_Return)
    assert opened == [MODEL, MODEL]


def test_menu_selects_what_it_is_about(canvas, hand, heard):
    asked = heard("menu_requested")
    canvas.select([V1, V2])
    for at in (hand.middle(V2).toPoint(), hand.middle(MODEL).toPoint(), QPoint(5, 790)):
        where = canvas.viewport().mapToGlobal(at)
        event = QContextMenuEvent(QContextMenuEvent.Reason.Mouse, at, where)
        QApplication.sendEvent(canvas.viewport(), event)
    assert [ref for ref, _ in asked] == [V2, MODEL, None]
    assert asked[1][1] == canvas.viewport().mapToGlobal(hand.middle(MODEL).toPoint())
    assert canvas.selection() == (MODEL,)


def test_delete_asks_for_the_selection(canvas, heard):
    asked = heard("delete_requested")
    QTest.keyClick(canvas, Key.Key_Delete)
    assert asked == []
    canvas.select([V1, MODEL])
    QTest.keyClick(canvas, Key.Key_Delete)
    assert asked == [(V1, MODEL)]


def test_arrows_walk_along_links_and_the_spine(canvas):
    canvas.select([IMPORT])
    walked = []
    for key in (
        Key.Key_Right,
        Key.Key_Down,
        Key.Key_Right,
        Key.Key_Left,
        Key.Key_Up,
        Key.Key_Right,
        Key.Key_Right,
    ):
        QTest.keyClick(canvas, key)
        walked.append(canvas.selection()[0])
    assert walked[:6] == [V1, V2, TRAIN2, V2, V1, TRAIN]
    assert walked[6] in (MODEL, REPORT)
    QTest.keyClick(canvas, Key.Key_Left, Mod.ShiftModifier)
    assert canvas.selection() == (walked[6], TRAIN)


def test_arrow_with_nothing_selected_begins_in_the_middle(canvas):
    QTest.keyClick(canvas, Key.Key_Right)
    assert len(canvas.selection()) == 1


def test_control_arrow_nudges_as_one_edit(canvas, heard):
    moved = heard("moved")
    canvas.select([V1, MODEL])
    before = canvas.positions()
    QTest.keyClick(canvas, Key.Key_Right, Mod.ControlModifier)
    QTest.keyClick(canvas, Key.Key_Up, Mod.ControlModifier | Mod.ShiftModifier)
    assert len(moved) == 2
    assert canvas.positions()[V1] == (before[V1][0] + 8, before[V1][1] - 1)


def test_select_all_fit_and_escape(canvas):
    QTest.keyClick(canvas, Key.Key_A, Mod.ControlModifier)
    assert len(canvas.selection()) == 9
    QTest.keyClick(canvas, Key.Key_Escape)
    assert canvas.selection() == ()
    canvas.select([MODEL])
    QTest.keyClick(canvas, Key.Key_F)
    box = canvas.scene.bounds(canvas.scene.rows([MODEL]))
    assert (canvas.visible_window().center() - box.center()).manhattanLength() < 1
    QTest.keyClick(canvas, Key.Key_F, Mod.ShiftModifier)
    assert canvas.visible_window().contains(canvas.scene_rect())


def test_held_block_scrolls_the_view_at_its_edge(canvas, hand, qtbot):
    canvas.set_zoom(1.0)
    canvas.center_on(V1)
    before = canvas.visible_window()
    start = hand.middle(V1)
    edge = QPointF(canvas.viewport().width() - 2, start.y())
    hand.press(start)
    # Alt: without snapping, which may hold the block a few pixels beside the hand.
    hand.move(edge, Mod.AltModifier)
    qtbot.waitUntil(lambda: canvas.visible_window().left() > before.left() + 50)
    held = canvas.camera.to_view(canvas.scene.bounds(canvas.scene.rows([V1])).center())
    assert (held - edge).manhattanLength() < 3
    hand.release(edge)


def test_hover_marks_block_and_port(canvas, hand):
    canvas.set_zoom(1.0)
    canvas.center_on(V2)
    hand.move(hand.middle(V2))
    assert canvas.scene.ref(canvas.marks.hover) == V2
    x, y = canvas.positions()[V2]
    hand.move(hand.at(x + 226, y + 44))
    assert canvas.marks.port.output
    assert canvas.viewport().cursor().shape() == Qt.CursorShape.CrossCursor
    hand.move(QPointF(2, 2))
    assert canvas.marks.hover is None


def test_minimap_moves_the_view(canvas, qtbot):
    canvas.set_zoom(1.5)
    before = canvas.visible_window()
    qtbot.mouseClick(canvas.minimap, Qt.MouseButton.LeftButton, pos=QPoint(30, 30))
    assert canvas.visible_window().left() < before.left()
    canvas.set_graph(GraphView(Scope(), "", canvas.scene.blocks[:3], (BlockLink(IMPORT, V1),)))
    assert not canvas.minimap.isVisible()


def click_twice(hand, at: QPointF, to: QPointF) -> None:
    """A click, and a second press at once that is let go of somewhere: Qt calls that press a double click."""
    hand.click(at)
    hand.press(at, kind=QEvent.Type.MouseButtonDblClick)
    for share in (0.3, 0.7, 1.0):
        hand.move(at + (to - at) * share)
    hand.release(to)


def test_a_drag_right_after_a_click_is_no_double_click(canvas, hand, heard):
    moved, opened = heard("moved"), heard("activated")
    start = hand.middle(MODEL)
    click_twice(hand, start, start + QPointF(60, 45))
    assert [set(places.after) for places in moved] == [{MODEL}]
    assert opened == []


def test_a_band_right_after_a_click_selects(canvas, hand, heard):
    wishes = heard("wish")
    corner = hand.at(canvas.scene_rect().left() - 30, canvas.scene_rect().top() - 30)
    click_twice(hand, corner, hand.middle(IMPORT))
    assert IMPORT in canvas.selection()
    assert not [w for w in wishes if isinstance(w, Add)]


def test_a_double_click_counts_when_it_is_let_go_of(canvas, hand, heard):
    opened = heard("activated")
    at = hand.middle(MODEL)
    hand.click(at)
    hand.press(at, kind=QEvent.Type.MouseButtonDblClick)
    assert opened == []
    hand.move(at + QPointF(2, 1))  # no hand is that steady
    hand.release(at + QPointF(2, 1))
    assert opened == [MODEL]
    hand.click(at)
    assert opened == [MODEL]


def test_a_double_click_on_paper_asks_what_to_put_there(canvas, hand, heard):
    wishes = heard("wish")
    at = hand.at(canvas.scene_rect().left() - 30, canvas.scene_rect().top() - 30)
    click_twice(hand, at, at)
    (wish,) = (w for w in wishes if isinstance(w, Add))
    assert wish.at == canvas.viewport().mapToGlobal(at.toPoint())


def test_a_double_click_that_calls_a_drag_off_opens_nothing(canvas, hand, heard):
    opened, moved = heard("activated"), heard("moved")
    at = hand.middle(MODEL)
    hand.press(at)
    hand.move(at + QPointF(60, 45))
    hand.press(at, kind=QEvent.Type.MouseButtonDblClick)
    hand.release(at)
    assert opened == moved == []


def test_a_step_of_the_view_is_painted_once_and_the_overview_with_it(canvas):
    class Eyes(QObject):
        """Counts paints."""

        def eventFilter(self, thing, event):
            if event.type() == QEvent.Type.Paint:
                painted.append(thing)
            return False

    canvas.settle()
    QApplication.processEvents()
    painted, eyes = [], Eyes()
    canvas.viewport().installEventFilter(eyes)
    canvas.minimap.installEventFilter(eyes)
    canvas.look(canvas.camera.panned(-3, 2))
    while canvas.minimap not in painted:
        QApplication.processEvents()
    assert painted == [canvas.viewport(), canvas.minimap]
