"""Tab through every page and every dialog: each stop can be seen and has a name, and one comes round."""

from collections.abc import Callable
from typing import Any

import pytest
from PySide6.QtCore import Qt
from PySide6.QtGui import QAccessible, QImage
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QDialog, QWidget

from clew.gui.routes import PAGES
from clew.gui.screenshot import _go
from clew.model.refs import BlockKind, BlockRef

Settle = Callable[[Any], None]
VERSION = BlockRef(BlockKind.VERSION, 1)
_MOST = 250  # stops


def picture(widget: QWidget) -> QImage:
    return widget.grab().toImage()


def says(widget: QWidget) -> str:
    named = QAccessible.queryAccessibleInterface(widget)
    return str(named.text(QAccessible.Text.Name)).strip() if named is not None else ""


def walk(start: QWidget, qtbot: Any) -> list[QWidget]:
    """Press Tab until one is where one began; each stop is seen and has a name."""
    start.window().activateWindow()
    qtbot.waitUntil(start.isActiveWindow)
    start.setFocus(Qt.FocusReason.TabFocusReason)
    qtbot.waitUntil(lambda: QApplication.focusWidget() is not None)
    if isinstance(start, QDialog):  # until Tab the keyboard may be with the dialog itself
        QTest.keyClick(QApplication.focusWidget() or start, Qt.Key.Key_Tab)
    first = now = QApplication.focusWidget()
    assert now is not None
    stops: list[QWidget] = []
    nameless, unseen = [], []
    while len(stops) < _MOST:
        stops.append(now)
        label = f"{type(now).__name__} {says(now)!r}"
        assert now.isVisible(), f"{label} is hidden"
        if not says(now):
            nameless.append(label)
        focused = picture(now)
        QTest.keyClick(now, Qt.Key.Key_Tab)
        following = QApplication.focusWidget()
        assert following is not None
        assert following is not now or len(stops) == 1, f"{label} keeps the keyboard"
        if following is not now and picture(now) == focused:
            unseen.append(label)
        now = following
        if now is first:
            break
    assert now is first, f"Tab never comes round; at last {says(now)!r}"
    assert not nameless
    assert not unseen
    return stops


@pytest.mark.parametrize("name", list(PAGES))
def test_tab_goes_round_every_page(
    name: str, shell: Any, visit: Callable[[Any, str], None], qtbot: Any
) -> None:
    shell.ops.on_error = lambda *_: None  # there is no report here
    visit(shell, name)
    stops = walk(shell.side.menu_button, qtbot)
    assert len(stops) >= 5


def test_tab_goes_round_the_graph_with_all_of_its_parts_open(shell: Any, settle: Settle, qtbot: Any) -> None:
    page = shell.pages["workflow"]
    page.canvas.select([VERSION])
    page.outlining.pane.show()
    page.past.toggle()
    settle(shell)
    stops = walk(shell.side.menu_button, qtbot)
    for part in (page.canvas, page.past.bar.track, page.finder):
        assert part in stops
    assert any(page.outlining.pane.isAncestorOf(stop) for stop in stops)
    assert any(page.inspector.isAncestorOf(stop) for stop in stops)


@pytest.mark.parametrize("tab", ["data", "versions", "classes"])
def test_tab_goes_round_every_tab_of_a_project(tab: str, shell: Any, settle: Settle, qtbot: Any) -> None:
    shell.state.open("project", id=1, tab=tab)
    settle(shell)
    walk(shell.side.menu_button, qtbot)


@pytest.mark.parametrize(
    "name",
    [
        *("new-workspace", "new-version:1", "restore:1", "download:1", "delete:1", "run:quick-trainer"),
        *("run:evaluate", "import", "export", "cheat-sheet", "palette"),
    ],
)
def test_tab_goes_round_every_dialog(name: str, shell: Any, settle: Settle, qtbot: Any) -> None:
    dialog = _go(shell, f"dialog:{name}", None)
    assert isinstance(dialog, QDialog)
    settle(shell)
    stops = walk(dialog, qtbot)
    assert all(dialog.isAncestorOf(stop) for stop in stops)
    dialog.reject()
    settle(shell)
