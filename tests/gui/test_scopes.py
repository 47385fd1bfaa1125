"""Scopes: the way to one in the header, the way back, the view that it was left with, the ways into one."""

import json
import os
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from PySide6.QtCore import QEvent, QPoint, Qt
from PySide6.QtWidgets import QApplication, QMenu

from clew.gui.commands import window_commands
from clew.gui.main import close_windows
from clew.gui.pages.workflow import NOTHING_HERE
from clew.gui.widgets.crumbs import way_to
from clew.model.refs import BlockKind, BlockRef
from clew.model.view import Block, BlockLink, BlockState, GraphView, Scope
from clew.services.models import create_model
from clew.services.tasks import create_task
from clew.services.workspace import open_workspace

Settle = Callable[[Any], None]
PROJECT = Scope("project", 1)
VERSION = BlockRef(BlockKind.VERSION, 1)
CTRL, ALT = Qt.KeyboardModifier.ControlModifier, Qt.KeyboardModifier.AltModifier


def words(page: Any) -> list[str]:
    return [crumb.text() for crumb in page.crumbs.steps()]


def seen(page: Any) -> tuple[float, int, int]:
    middle = page.canvas.visible_window().center()
    return round(page.canvas.zoom(), 3), round(middle.x()), round(middle.y())


def close_all() -> None:
    close_windows()
    QApplication.sendPostedEvents(None, QEvent.Type.DeferredDelete)


def test_the_way_to_a_scope_stands_in_the_header_and_leads_back(
    open_shell: Callable[..., Any], filled: Path, qtbot: Any, settle: Settle
) -> None:
    shell = open_shell(filled)
    settle(shell)
    page = shell.pages["workflow"]
    assert words(page) == []
    shell.state.open("workflow", scope=PROJECT)
    settle(shell)
    assert (words(page), page.header.title.text()) == (["Coin survey"], "Coin finds")
    said = [command.words for command in window_commands(shell)]
    assert "Go to Coin survey" in said and "Coin survey" not in said
    qtbot.mouseClick(page.crumbs.steps()[0], Qt.MouseButton.LeftButton)
    settle(shell)
    assert (page.scope, words(page)) == (Scope(), [])
    shell.activateWindow()
    qtbot.waitUntil(shell.isActiveWindow)
    qtbot.keyClick(shell, Qt.Key.Key_Left, ALT)
    settle(shell)
    assert page.scope == PROJECT
    qtbot.mouseClick(shell.windowHandle(), Qt.MouseButton.ForwardButton, pos=QPoint(600, 400))
    settle(shell)
    assert page.scope == Scope()


def test_a_task_stands_under_the_project_that_it_read() -> None:
    task = BlockRef(BlockKind.TASK, 7)
    gone = Block(VERSION, "Project, version 1", "deleted", "Coins", state=BlockState.DELETED, project_id=4)
    made = Block(BlockRef(BlockKind.MODEL, 1), "Model", "Coin model")
    blocks = (made, gone, Block(task, "Training app", "Train"))
    links = (BlockLink(task, made.ref), BlockLink(VERSION, task))
    view = GraphView(Scope("task", 7), "Train", blocks, links)
    assert way_to(view, "Survey") == (("Survey", Scope()), ("Coins", Scope("project", 4)))
    alone = GraphView(Scope("task", 7), "Train", blocks[2:], ())
    assert way_to(alone, "Survey") == (("Survey", Scope()),)


def test_buttons_go_back_and_forward_and_a_page_that_is_shown_is_no_step(
    open_shell: Callable[..., Any], filled: Path, qtbot: Any, settle: Settle
) -> None:
    shell = open_shell(filled)
    settle(shell)
    back, forward = shell.side.back_button, shell.side.forward_button
    assert not back.isEnabled() and not forward.isEnabled()
    shell.state.open("workflow", scope=Scope())
    assert not back.isEnabled()
    shell.state.open("projects", select=1)
    shell.state.open("projects")
    qtbot.mouseClick(back, Qt.MouseButton.LeftButton)
    assert shell.state.route.page == "workflow"
    assert not back.isEnabled() and forward.isEnabled()
    qtbot.mouseClick(forward, Qt.MouseButton.LeftButton)
    assert shell.state.route.page == "projects"
    settle(shell)


def test_each_scope_is_found_as_it_was_left(
    open_shell: Callable[..., Any], filled: Path, settle: Settle
) -> None:
    shell = open_shell(filled)
    settle(shell)
    page = shell.pages["workflow"]
    assert page.canvas.untouched  # the first time all is shown
    page.canvas.set_zoom(2.0)
    page.canvas.look(page.canvas.camera.panned(-60, -40))
    page.canvas.select([VERSION])
    left = seen(page)
    shell.state.open("workflow", scope=PROJECT)
    settle(shell)
    assert page.canvas.untouched and page.canvas.selection() == ()
    page.canvas.set_zoom(0.5)
    shell.state.open("models")
    shell.state.go_back()
    settle(shell)
    assert page.canvas.zoom() == 0.5
    shell.state.go_back()
    settle(shell)
    assert seen(page) == left and page.canvas.selection() == (VERSION,)


def test_a_scope_is_found_as_it_was_left_in_the_next_session(
    open_shell: Callable[..., Any], filled: Path, settle: Settle
) -> None:
    shell = open_shell(filled)
    settle(shell)
    page = shell.pages["workflow"]
    page.canvas.set_zoom(1.5)
    page.canvas.select([VERSION])
    left = seen(page)
    close_all()
    shell = open_shell(filled)
    settle(shell)
    page = shell.pages["workflow"]
    assert seen(page) == left and page.canvas.selection() == (VERSION,)
    page.canvas.fit()
    close_all()
    shell = open_shell(filled)
    settle(shell)
    assert shell.pages["workflow"].canvas.untouched


@pytest.mark.parametrize("found", ["nonsense", "[1]", json.dumps({"workspace": {"zoom": "wide"}})])
def test_views_that_cannot_be_read_count_as_none(
    found: str, open_shell: Callable[..., Any], filled: Path, settle: Settle
) -> None:
    with open_workspace(filled) as ws:
        file = Path(os.environ["CLEW_CONFIG_DIR"]) / "views" / f"{ws.id}.json"
    file.parent.mkdir()
    file.write_text(found)
    shell = open_shell(filled)
    settle(shell)
    page = shell.pages["workflow"]
    assert page.canvas.untouched
    page.canvas.set_zoom(1.5)
    page.lookout.keep()
    assert json.loads(file.read_text())["workspace"]["zoom"] == 1.5


def test_two_windows_keep_their_own_view(
    open_shell: Callable[..., Any], filled: Path, settle: Settle
) -> None:
    first, second = open_shell(filled), open_shell(filled)
    for shell, zoom in ((first, 0.5), (second, 2.0)):
        settle(shell)
        shell.pages["workflow"].canvas.set_zoom(zoom)
        shell.state.open("workflow", scope=PROJECT)
        settle(shell)
    first.state.go_back()
    settle(first)
    assert first.pages["workflow"].canvas.zoom() == 0.5


@pytest.mark.parametrize(("page", "scope"), [("projects", PROJECT), ("models", Scope())])
def test_a_row_is_shown_in_the_graph(
    page: str,
    scope: Scope,
    open_shell: Callable[..., Any],
    filled: Path,
    qtbot: Any,
    settle: Settle,
) -> None:
    with open_workspace(filled) as ws:
        weights = filled.parent / "weights"
        weights.mkdir()
        (weights / "net.pt").write_bytes(b"weights")
        model = create_model(ws, "Net", weights, framework="none", classes=())
    shell = open_shell(filled)
    shell.state.open(page)
    settle(shell)
    table = shell.pages[page].table
    table.selectRow(0)
    shell.pages[page].table.menu_wanted.emit(table.selected()[0], QPoint(200, 200))
    (menu,) = [m for m in shell.pages[page].findChildren(QMenu) if m.isVisible()]
    assert "Show in graph\tCtrl+G" in [action.text() for action in menu.actions()]
    menu.close()
    table.setFocus()
    shell.activateWindow()
    qtbot.waitUntil(shell.isActiveWindow)
    qtbot.keyClick(table, Qt.Key.Key_G, CTRL)
    settle(shell)
    workflow = shell.pages["workflow"]
    assert shell.stack.currentWidget() is workflow and workflow.scope == scope
    if page == "models":
        assert workflow.canvas.selection() == (model.ref,)
        block = workflow.canvas.scene.bounds(workflow.canvas.selected_rows)
        assert workflow.canvas.visible_window().contains(block)


def test_a_task_that_made_nothing_says_so(
    open_shell: Callable[..., Any], filled: Path, settle: Settle
) -> None:
    with open_workspace(filled) as ws:
        task = create_task(ws, "Idle script", "script")
    shell = open_shell(filled)
    said: list[str] = []
    shell.state.said.connect(said.append)
    shell.state.open("tasks")
    settle(shell)
    page = shell.pages["tasks"]
    page.table.select_keys({task.id})
    page.show_in_graph()
    settle(shell)
    workflow = shell.pages["workflow"]
    assert workflow.scope == Scope("task", task.id)
    assert said[-1] == "No graph shows it yet: nothing was read or made with it."
    assert workflow.empty.sentence.text() == NOTHING_HERE and not workflow.empty.button.isVisible()
    assert words(workflow) == ["Coin survey"]  # and the way back is there
