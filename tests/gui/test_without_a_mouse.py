"""From keys to the workspace: linking, frames and apps, without a mouse."""

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from PySide6.QtCore import QPoint, Qt
from PySide6.QtGui import QContextMenuEvent
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QMenu

from clew.gui.dialogs.run_app import RunDialog
from clew.model.refs import BlockKind, BlockRef
from clew.model.view import LinkKind
from clew.services import frames
from clew.services.graph_view import graph

VERSION = BlockRef(BlockKind.VERSION, 1)
JOB, JOB2 = (BlockRef(BlockKind.JOB, i) for i in (1, 2))
Key = Qt.Key
Settle = Callable[[Any], None]


@pytest.fixture
def page(graph_of: Callable[..., Any], two_jobs: Path, settle: Settle) -> Any:
    """A version and two labeling jobs, one of them in a frame."""
    page = graph_of(two_jobs)
    page.history.run("Framing", page.scope, lambda: frames.make_frame(page.ws, page.scope, "Work", [JOB]))
    settle(page.window())
    return page


def words(menu: QMenu) -> list[str]:
    return [action.text().split("\t")[0] for action in menu.actions() if action.text()]


def test_a_link_is_drawn_and_undone(page: Any, settle: Settle) -> None:
    said: list[str] = []
    page.state.said.connect(said.append)
    canvas = page.canvas
    canvas.select([VERSION])
    QTest.keyClick(canvas, Key.Key_C)
    assert "Enter" in said[-1]
    while canvas.scene.ref(canvas.gesture.row) != JOB2:
        QTest.keyClick(canvas, Key.Key_Tab)
    QTest.keyClick(canvas, Key.Key_Return)
    settle(page.window())
    (link,) = (e for e in graph(page.ws, page.scope).links if e.kind is LinkKind.HAND)
    assert (link.source, link.target) == (VERSION, JOB2)
    assert said[-1] == "Linked"
    QTest.keyClick(canvas, Key.Key_C)
    rows = canvas.gesture.rows
    assert canvas.scene.row[JOB2] not in rows  # they are linked already
    QTest.keyClick(canvas, Key.Key_Escape)
    page.history.undo()
    settle(page.window())
    assert not [e for e in graph(page.ws, page.scope).links if e.kind is LinkKind.HAND]


def test_a_block_goes_into_a_frame_and_beside_what_is_there(
    page: Any, settle: Settle, menus: list[QMenu]
) -> None:
    canvas = page.canvas
    before = graph(page.ws, page.scope).positions
    canvas.select([JOB2])
    QTest.keyClick(canvas, Key.Key_I)
    menu = menus[-1]
    assert words(menu) == ["Work"]
    menu.actions()[0].trigger()
    settle(page.window())
    view = graph(page.ws, page.scope)
    assert set(view.frames[0].members) == {JOB, JOB2}
    assert view.positions[JOB2][0] == view.positions[JOB][0]
    assert view.positions[JOB2][1] > view.positions[JOB][1]
    QTest.keyClick(canvas, Key.Key_I)
    assert words(menus[-1]) == ["There is no frame to put it into"]
    page.history.undo()
    settle(page.window())
    assert graph(page.ws, page.scope).positions == before


def test_the_menu_key_opens_the_menu_of_the_frame_that_keys_chose(
    page: Any, settle: Settle, menus: list[QMenu]
) -> None:
    QTest.keyClick(page.canvas, Key.Key_G)
    kind = QContextMenuEvent.Reason.Keyboard
    QApplication.sendEvent(page.canvas.viewport(), QContextMenuEvent(kind, QPoint(1, 1), QPoint(1, 1)))
    menu = menus[-1]
    assert {"Colour", "Remove frame", "Describe, rename or write"} <= set(words(menu))
    colour = next(a for a in menu.actions() if a.text() == "Colour").menu()
    next(a for a in colour.actions() if a.text() == "Teal").trigger()
    settle(page.window())
    assert graph(page.ws, page.scope).frames[0].colour


def test_an_app_is_run_on_the_block(
    page: Any, settle: Settle, menus: list[QMenu], dialog_of: Callable[..., Any]
) -> None:
    page.canvas.select([VERSION])
    QTest.keyClick(page.canvas, Key.Key_A)
    settle(page.window())
    menu = menus[-1]
    assert "Quick trainer" in words(menu)
    next(a for a in menu.actions() if a.text() == "Quick trainer").trigger()
    settle(page.window())
    dialog_of(page.window(), RunDialog).reject()
