"""The page around the canvas: undo, filter, menus, what a dropped thread offers."""

import threading
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

from PySide6.QtCore import QPoint, Qt
from PySide6.QtWidgets import QMenu

from clew.gui import main as gui_main
from clew.gui.dialogs.delete_version import DeleteDialog
from clew.gui.dialogs.new_version import NewVersionDialog
from clew.gui.dialogs.run_app import RunDialog
from clew.gui.widgets.filter import BlockFilter
from clew.model.refs import BlockKind, BlockRef
from clew.model.view import Edit, Scope
from clew.services.graph_view import graph
from clew.services.versions import delete_version, plan_delete
from clew.services.workspace import open_workspace

Settle = Callable[[Any], None]
VERSION = BlockRef(BlockKind.VERSION, 1)


def menus(page: Any) -> list[QMenu]:
    return [menu for menu in page.findChildren(QMenu) if menu.isVisible()]


def entries(menu: QMenu) -> list[str]:
    return [action.text().split("\t")[0] for action in menu.actions() if action.text()]


def test_a_move_is_kept_and_undone(
    open_shell: Callable[..., Any], filled: Path, qtbot: Any, settle: Settle
) -> None:
    shell = open_shell(filled)
    settle(shell)
    page = shell.pages["workflow"]
    before = page.canvas.positions()[VERSION]
    after = (before[0] + 300.0, before[1] + 40.0)
    page.canvas.apply_positions({VERSION: after})
    page.canvas.moved.emit(Edit("Move 1 block", {VERSION: before}, {VERSION: after}))
    settle(shell)
    assert graph(shell.session.ws, Scope()).positions[VERSION] == after
    shell.activateWindow()
    page.canvas.setFocus()
    qtbot.waitUntil(shell.isActiveWindow)
    qtbot.keyClick(page.canvas, Qt.Key.Key_Z, Qt.KeyboardModifier.ControlModifier)
    settle(shell)
    assert graph(shell.session.ws, Scope()).positions[VERSION] == before
    shift = Qt.KeyboardModifier.ControlModifier | Qt.KeyboardModifier.ShiftModifier
    qtbot.keyClick(page.canvas, Qt.Key.Key_Z, shift)
    settle(shell)
    assert graph(shell.session.ws, Scope()).positions[VERSION] == after


def test_the_menu_of_a_block_is_the_table_of_actions(
    open_shell: Callable[..., Any], filled: Path, settle: Settle
) -> None:
    shell = open_shell(filled)
    settle(shell)
    page = shell.pages["workflow"]
    page.canvas.menu_requested.emit(VERSION, QPoint(200, 200))
    (menu,) = menus(page)
    assert entries(menu)[:3] == ["Restore", "Download", "Compare"]
    assert entries(menu)[-1] == "Delete"
    assert menu.actions()[-1].text() == "Delete\tDelete"  # its key stands beside it
    menu.close()
    page.canvas.menu_requested.emit(None, QPoint(200, 200))
    (menu,) = menus(page)
    assert "Arrange" in entries(menu)
    menu.close()


def test_a_dropped_thread_offers_the_apps_that_take_the_block(
    open_shell: Callable[..., Any], filled: Path, settle: Settle
) -> None:
    shell = open_shell(filled)
    settle(shell)
    page = shell.pages["workflow"]
    page.canvas.port_dropped.emit(VERSION, QPoint(200, 200))
    settle(shell)
    (menu,) = menus(page)
    assert "Quick trainer" in entries(menu)
    assert "Import" not in entries(menu)
    next(action for action in menu.actions() if action.text() == "Quick trainer").trigger()
    menu.close()
    settle(shell)
    (dialog,) = [d for d in shell.findChildren(RunDialog) if d.isVisible()]
    assert dialog.boxes["project"].currentData() == VERSION
    dialog.reject()


def test_delete_asks_and_new_version_knows_the_only_project(
    open_shell: Callable[..., Any], filled: Path, settle: Settle
) -> None:
    shell = open_shell(filled)
    settle(shell)
    page = shell.pages["workflow"]
    page.canvas.delete_requested.emit((VERSION,))
    (dialog,) = [d for d in shell.findChildren(DeleteDialog) if d.isVisible()]
    settle(shell)
    dialog.reject()
    page.version_button.click()
    (saving,) = [d for d in shell.findChildren(NewVersionDialog) if d.isVisible()]
    settle(shell)
    assert saving.heading.text() == "Save Coin finds as version 2"
    saving.reject()


def test_a_filter_hides_blocks_and_says_so(
    open_shell: Callable[..., Any], filled: Path, settle: Settle
) -> None:
    shell = open_shell(filled)
    settle(shell)
    page = shell.pages["workflow"]
    page.sieve.set_filter(BlockFilter(kinds=frozenset({BlockKind.VERSION})))
    settle(shell)
    assert VERSION not in page.canvas.positions()
    page.sieve.set_filter(BlockFilter())
    settle(shell)
    assert VERSION in page.canvas.positions()


def test_another_workspace_takes_the_place_of_the_window(
    open_shell: Callable[..., Any],
    filled: Path,
    make_workspace: Callable[..., Any],
    qtbot: Any,
    settle: Settle,
) -> None:
    shell = open_shell(filled)
    settle(shell)
    other = make_workspace("Welds")
    shell.open_path(other.path)
    (fresh,) = gui_main._windows
    assert fresh is not shell
    qtbot.waitUntil(lambda: fresh.session is not None)
    settle(fresh)
    assert fresh.session.ws.path == other.path


def test_closing_stops_what_runs(
    open_shell: Callable[..., Any], filled: Path, qtbot: Any, settle: Settle
) -> None:
    shell = open_shell(filled)
    settle(shell)
    stopped: list[bool] = []

    started = threading.Event()

    def work(progress: Any) -> None:
        started.set()
        for _ in range(2000):
            time.sleep(0.005)
            if progress.cancelled:
                stopped.append(True)
            progress.check()

    shell.ops.write("Counting sheep", work)
    qtbot.waitUntil(started.is_set)
    shell.close()
    assert stopped == [True]


def test_a_project_keeps_its_name_when_its_last_version_is_deleted(
    open_shell: Callable[..., Any], filled: Path, settle: Settle
) -> None:
    with open_workspace(filled) as ws:
        delete_version(ws, plan_delete(ws, VERSION.id))
    shell = open_shell(filled)
    settle(shell)
    assert list(shell.pages["workflow"]._projects().values()) == ["Coin finds"]
