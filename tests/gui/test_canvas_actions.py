"""From the hand to the workspace and back: every edit of the canvas, its undo, and a second window."""

from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from PySide6.QtCore import QMimeData, QPoint, QPointF, Qt
from PySide6.QtGui import QDropEvent, QGuiApplication
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QMenu

from clew.gui.canvas import wishes
from clew.gui.dialogs.run_app import RunDialog
from clew.model.refs import BlockKind, BlockRef
from clew.model.view import LinkKind, Scope
from clew.services import jobs
from clew.services.details import details
from clew.services.graph_view import graph
from clew.services.workspace import open_workspace

VERSION = BlockRef(BlockKind.VERSION, 1)
JOB, JOB2 = (BlockRef(BlockKind.JOB, i) for i in (1, 2))
Key, Mod = Qt.Key, Qt.KeyboardModifier
Settle = Callable[[Any], None]


@pytest.fixture
def page(graph_of: Callable[..., Any], two_jobs: Path) -> Any:
    """The graph of a version and two labeling jobs, in a window."""
    return graph_of(two_jobs)


def whole(page: Any, scope: Scope = Scope()) -> Any:  # noqa: B008 - a frozen value
    return graph(page.ws, scope)


def entries(menu: QMenu) -> list[str]:
    return [action.text().split("\t")[0] for action in menu.actions() if action.text()]


def open_menus(page: Any) -> list[QMenu]:
    return [menu for menu in page.findChildren(QMenu) if menu.isVisible()]


def choose(menu: QMenu, words: str) -> None:
    next(a for a in menu.actions() if a.text().split("\t")[0] == words).trigger()
    menu.close()


def test_a_frame_is_made_named_folded_and_all_of_it_undone(page: Any, settle: Settle) -> None:
    shell, canvas = page.window(), page.canvas
    before = whole(page).positions
    canvas.select([JOB, JOB2])
    QTest.keyClick(canvas, Key.Key_J, Mod.ControlModifier)
    settle(shell)
    assert canvas.inplace.busy
    QTest.keyClicks(canvas.inplace, "By hand")
    QTest.keyClick(canvas.inplace, Key.Key_Return)
    settle(shell)
    canvas.select([JOB])
    QTest.keyClick(canvas, Key.Key_H)
    settle(shell)
    (frame,) = whole(page).frames
    assert (frame.title, frame.folded, set(frame.members)) == ("By hand", True, {JOB, JOB2})
    assert canvas.selection() == (frame.ref,)
    assert canvas.scene.blocks[canvas.scene.row[frame.ref]].fact == "2 blocks"
    for _ in range(3):
        page.history.undo()
    settle(shell)
    assert whole(page).frames == ()
    assert whole(page).positions == before
    assert JOB in canvas.positions()
    for _ in range(3):
        page.history.redo()
    settle(shell)
    assert whole(page).frames == (frame,)


def test_notes_links_and_descriptions_are_undone_across_scopes(page: Any, settle: Settle) -> None:
    shell, canvas = page.window(), page.canvas
    canvas.wish.emit(wishes.WriteNote(None, "Look here", (0.0, 400.0), (224.0, 48.0)))
    settle(shell)
    shell.state.open("workflow", scope=Scope("project", 1))
    settle(shell)
    canvas.link_requested.emit(VERSION, JOB)
    settle(shell)
    canvas.wish.emit(wishes.Describe(JOB, "Copper first"))
    settle(shell)
    assert details(page.ws, JOB).description == "Copper first"
    assert [x.kind for x in whole(page).links if x.target == JOB] == [LinkKind.HAND]
    page.history.undo()
    page.history.undo()
    settle(shell)
    assert details(page.ws, JOB).description == ""
    assert [x for x in whole(page).links if x.target == JOB] == []
    assert page.scope == Scope("project", 1)
    page.history.undo()  # made in the whole workspace: that comes into view
    settle(shell)
    assert page.scope == Scope()
    assert whole(page).notes == ()
    page.history.redo()
    settle(shell)
    assert [n.text for n in whole(page).notes] == ["Look here"]
    assert [r for r in canvas.positions() if r.kind is BlockKind.NOTE]


def test_a_link_that_makes_no_sense_says_why(page: Any, settle: Settle) -> None:
    shell, canvas = page.window(), page.canvas
    said: list[str] = []
    page.ops.on_error = lambda error, _doing: said.append(str(error))
    canvas.link_requested.emit(VERSION, JOB)
    settle(shell)
    canvas.link_requested.emit(JOB, VERSION)
    settle(shell)
    assert said == ["This link would make a block its own origin. Links go forward in time only."]


def test_a_link_drawn_by_hand_is_removed_by_its_menu(page: Any, settle: Settle) -> None:
    shell, canvas = page.window(), page.canvas
    canvas.link_requested.emit(VERSION, JOB)
    settle(shell)
    link = [x.kind for x in canvas.scene.links].index(LinkKind.HAND)
    curves, _ = canvas.scene.curves(np.array([link]))
    middle = QPointF(*(curves[len(curves) // 2] * [[1], [3], [3], [1]]).sum(0) / 8)
    at = canvas.viewport().mapToGlobal(canvas.camera.to_view(middle).toPoint())
    canvas.menu_requested.emit(None, at)
    (menu,) = open_menus(page)
    choose(menu, "Remove link")
    settle(shell)
    assert not any(x.kind is LinkKind.HAND for x in whole(page).links)
    page.history.undo()
    settle(shell)
    assert any(x.kind is LinkKind.HAND for x in whole(page).links)


def test_delete_takes_notes_and_frames_at_once(page: Any, settle: Settle) -> None:
    shell, canvas = page.window(), page.canvas
    canvas.wish.emit(wishes.WriteNote(None, "Gone soon", (0.0, 400.0), (224.0, 48.0)))
    canvas.wish.emit(wishes.MakeFrame((JOB,)))
    settle(shell)
    canvas.inplace.leave(keep=False)
    (note,), (frame,) = whole(page).notes, whole(page).frames
    canvas.select([note.ref])
    QTest.keyClick(canvas, Key.Key_Delete)
    canvas.choose_frame(0)
    QTest.keyClick(canvas, Key.Key_Delete)
    settle(shell)
    assert (whole(page).notes, whole(page).frames) == ((), ())
    page.history.undo()
    page.history.undo()
    settle(shell)
    assert (whole(page).notes, whole(page).frames) == ((note,), (frame,))


def test_several_blocks_have_a_menu_of_their_own(page: Any, settle: Settle) -> None:
    shell, canvas = page.window(), page.canvas
    canvas.select([JOB, JOB2, VERSION])
    canvas.menu_requested.emit(JOB, QPoint(300, 300))
    (menu,) = open_menus(page)
    assert entries(menu)[:3] == ["Align", "Distribute", "Arrange"]
    assert {"Frame the selection", "Copy as picture", "Copy references"} <= set(entries(menu))
    align = next(a.menu() for a in menu.actions() if a.text() == "Align")
    choose(align, "Align top")
    menu.close()
    settle(shell)
    assert len({y for ref, (_, y) in whole(page).positions.items() if ref in (JOB, JOB2, VERSION)}) == 1
    page.history.undo()
    settle(shell)
    assert len({y for ref, (_, y) in whole(page).positions.items() if ref in (JOB, JOB2, VERSION)}) > 1


def test_menus_of_frames_notes_and_paper_do_what_they_say(page: Any, settle: Settle) -> None:
    shell, canvas = page.window(), page.canvas
    canvas.wish.emit(wishes.MakeFrame((JOB, JOB2)))
    settle(shell)
    canvas.inplace.leave(keep=False)
    frame = whole(page).frames[0].id
    canvas.choose_frame(0)
    canvas.wish.emit(wishes.FrameMenu(frame, QPoint(300, 300)))
    (menu,) = open_menus(page)
    assert entries(menu)[-1] == "Remove frame"
    choose(next(a.menu() for a in menu.actions() if a.text() == "Colour"), "Violet")
    menu.close()
    settle(shell)
    assert whole(page).frames[0].colour.startswith("#")
    canvas.wish.emit(wishes.Add(QPoint(300, 300)))
    (menu,) = open_menus(page)
    assert entries(menu)[0] == "New note"
    assert "Run Quick trainer" in entries(menu)
    choose(menu, "New note")
    assert canvas.inplace.busy
    canvas.inplace.leave(keep=False)


def test_copy_gives_a_picture_and_references(page: Any, settle: Settle) -> None:
    shell, canvas = page.window(), page.canvas
    canvas.select([VERSION, JOB])
    QTest.keyClick(canvas, Key.Key_C, Mod.ControlModifier)
    settle(shell)
    data = QGuiApplication.clipboard().mimeData()
    assert data.text() == "Coin finds@1\njob:1"
    assert data.hasImage()
    assert data.imageData().width() > 2 * 224
    canvas.wish.emit(wishes.Copy("references"))
    settle(shell)
    assert not QGuiApplication.clipboard().mimeData().hasImage()
    QGuiApplication.clipboard().clear()


def test_an_app_from_the_side_bar_is_dropped_on_a_block(page: Any, settle: Settle) -> None:
    shell, canvas = page.window(), page.canvas
    data = QMimeData()
    data.setData("application/x-clew-app", b"quick-trainer")
    at = canvas.camera.to_view(canvas.scene.bounds(canvas.scene.rows([VERSION])).center())
    event = QDropEvent(
        at, Qt.DropAction.CopyAction, data, Qt.MouseButton.LeftButton, Qt.KeyboardModifier.NoModifier
    )
    canvas.dropEvent(event)
    settle(shell)
    (dialog,) = [d for d in shell.findChildren(RunDialog) if d.isVisible()]
    assert dialog.boxes["project"].currentData() == VERSION
    dialog.reject()
    assert canvas._taken_by("quick-trainer", QPointF(5, 5)) == (None, "")


def test_a_block_held_over_an_app_lights_its_line(page: Any, settle: Settle, monkeypatch: Any) -> None:
    from PySide6.QtWidgets import QApplication

    item = next(i for i in page.window().side.app_items() if i.app == "quick-trainer")
    monkeypatch.setattr(QApplication, "widgetAt", lambda _at: item)
    assert page.editing._outside(VERSION, QPoint()) == "quick-trainer"
    assert item._offered
    assert page.editing._outside(JOB, QPoint()) == ""
    assert not item._offered


def test_a_second_window_and_a_second_process_see_every_edit(
    page: Any, open_shell: Callable[..., Any], settle: Settle, qtbot: Any
) -> None:
    other = open_shell(page.ws.path)
    settle(other)
    theirs = other.pages["workflow"].canvas
    page.canvas.wish.emit(wishes.MakeFrame((JOB, JOB2)))
    page.canvas.wish.emit(wishes.WriteNote(None, "Hello", (0.0, 400.0), (224.0, 48.0)))
    page.canvas.link_requested.emit(VERSION, JOB)

    def seen() -> bool:
        kinds = {ref.kind for ref in theirs.positions()}
        hand = any(x.kind is LinkKind.HAND for x in theirs.scene.links)
        return len(theirs.scene.frames) == 1 and BlockKind.NOTE in kinds and hand

    qtbot.waitUntil(seen)
    page.canvas.inplace.leave(keep=False)
    frame = theirs.scene.frames[0].id
    outside = open_workspace(page.ws.path)  # as another process would
    from clew.services.frames import change_frame

    change_frame(outside, Scope(), frame, folded=True)
    outside.close()
    qtbot.waitUntil(lambda: BlockRef(BlockKind.FRAME, frame) in page.canvas.positions())
    qtbot.waitUntil(lambda: BlockRef(BlockKind.FRAME, frame) in theirs.positions())


def test_news_do_not_tear_a_block_out_of_the_hand(page: Any, settle: Settle, qtbot: Any) -> None:
    from clew.gui.canvas.gestures import PanDrag

    canvas = page.canvas
    canvas.gesture = PanDrag(canvas, QPointF(10, 10))
    page.refresh()
    settle(page.window())
    assert canvas.gesture is not None
    jobs.create_job(page.ws, "Third", 1)
    canvas.cancel_gesture()
    qtbot.waitUntil(lambda: BlockRef(BlockKind.JOB, 3) in canvas.positions())


def test_news_between_press_and_drag_do_not_call_the_drag_off(page: Any, settle: Settle, qtbot: Any) -> None:
    canvas = page.canvas
    bounds = canvas.scene.bounds(canvas.scene.rows([JOB]))
    middle = canvas.camera.to_view(bounds.center()).toPoint()
    before = canvas.positions()[JOB]
    qtbot.mousePress(canvas.viewport(), Qt.MouseButton.LeftButton, pos=middle)
    jobs.create_job(page.ws, "Third", 1)
    page.refresh()
    settle(page.window())
    assert BlockRef(BlockKind.JOB, 3) not in canvas.positions()
    for step in (10, 40, 80):
        qtbot.mouseMove(canvas.viewport(), middle + QPoint(0, step))
    qtbot.mouseRelease(canvas.viewport(), Qt.MouseButton.LeftButton, pos=middle + QPoint(0, 80))
    qtbot.waitUntil(lambda: BlockRef(BlockKind.JOB, 3) in canvas.positions())
    assert canvas.positions()[JOB][1] > before[1] + 40


def test_news_during_a_press_that_was_only_a_click_are_shown_after_it(
    page: Any, settle: Settle, qtbot: Any
) -> None:
    canvas = page.canvas
    middle = canvas.camera.to_view(canvas.scene.bounds(canvas.scene.rows([JOB])).center()).toPoint()
    qtbot.mousePress(canvas.viewport(), Qt.MouseButton.LeftButton, pos=middle)
    jobs.create_job(page.ws, "Third", 1)
    page.refresh()
    settle(page.window())
    qtbot.mouseRelease(canvas.viewport(), Qt.MouseButton.LeftButton, pos=middle)
    qtbot.waitUntil(lambda: BlockRef(BlockKind.JOB, 3) in canvas.positions())
    assert canvas.selection() == (JOB,)
