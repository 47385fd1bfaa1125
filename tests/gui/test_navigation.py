"""The side bar, the way back, the theme, and that everything has a name."""

from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from PySide6.QtCore import QPoint, Qt
from PySide6.QtGui import QAccessible, QAccessibleInterface
from PySide6.QtWidgets import QApplication, QWidget

from clew.gui.routes import PAGES
from clew.gui.widgets.sidebar import PLACES
from clew.services.projects import create_project
from clew.services.workspace import open_workspace

Role = QAccessible.Role
CONTROLS = {
    *(Role.Button, Role.PushButton, Role.ButtonMenu, Role.ButtonDropDown, Role.CheckBox, Role.RadioButton),
    *(Role.EditableText, Role.ComboBox, Role.List, Role.Table, Role.Tree, Role.PageTab, Role.PageTabList),
    *(Role.SpinBox, Role.Slider, Role.ProgressBar),
}


def parts(top: QAccessibleInterface, depth: int = 0) -> Iterator[QAccessibleInterface]:
    yield top
    if top.role() in (Role.Table, Role.List, Role.Tree):
        return
    for place in range(min(top.childCount(), 200)):
        child = top.child(place)
        if child is not None and child.isValid():
            yield from parts(child, depth + 1)


def nameless(widget: QWidget) -> list[str]:
    top = QAccessible.queryAccessibleInterface(widget)
    found = []
    seen = 0
    for part in parts(top):
        if part.state().invisible or part.role() not in CONTROLS:
            continue
        seen += 1
        if not part.text(QAccessible.Text.Name).strip():
            owner = part.object()
            found.append(f"{part.role().name} {type(owner).__name__} {owner.objectName() if owner else ''}")
    assert seen >= 3, "the walk saw nothing"
    return found


def test_each_line_of_the_side_bar_opens_its_page_and_back_returns(
    open_shell: Callable[..., Any], filled: Path, qtbot: Any, settle: Callable[[Any], None]
) -> None:
    shell = open_shell(filled)
    for place in PLACES:
        qtbot.mouseClick(shell.side._items[place.page], Qt.MouseButton.LeftButton)
        assert shell.stack.currentWidget() is shell.pages[place.page]
        assert shell.side._items[place.page].isChecked()
    settle(shell)
    shell.activateWindow()
    qtbot.waitUntil(shell.isActiveWindow)
    qtbot.keyClick(shell, Qt.Key.Key_Left, Qt.KeyboardModifier.AltModifier)
    assert shell.state.route.page == PLACES[-2].page
    qtbot.keyClick(shell, Qt.Key.Key_Right, Qt.KeyboardModifier.AltModifier)
    assert shell.state.route.page == PLACES[-1].page


def test_the_mouse_button_goes_back(
    open_shell: Callable[..., Any], filled: Path, qtbot: Any, settle: Callable[[Any], None]
) -> None:
    shell = open_shell(filled)
    shell.state.open("models")
    shell.state.open("files")
    settle(shell)
    qtbot.mouseClick(shell.windowHandle(), Qt.MouseButton.BackButton, pos=QPoint(600, 400))
    assert shell.state.route.page == "models"
    qtbot.mouseClick(shell.windowHandle(), Qt.MouseButton.ForwardButton, pos=QPoint(600, 400))
    assert shell.state.route.page == "files"
    settle(shell)


def test_counts_stand_in_the_side_bar(
    open_shell: Callable[..., Any], filled: Path, settle: Callable[[Any], None]
) -> None:
    shell = open_shell(filled)
    settle(shell)
    assert shell.side._items["projects"].accessibleName() == "Projects, 1"
    assert "2 blocks" in shell.status._graph.text() or "1 block" in shell.status._graph.text()


@pytest.mark.parametrize("page", [name for name in PAGES if name not in ("report", "compare")])
def test_every_control_of_every_page_has_a_name(
    page: str, open_shell: Callable[..., Any], filled: Path, settle: Callable[[Any], None]
) -> None:
    shell = open_shell(filled)
    args: dict[str, dict[str, Any]] = {
        "project": {"id": 1, "tab": "versions"},
        "diff": {"project": 1, "old": 1, "new": None},
    }
    shell.state.open(page, **args.get(page, {}))
    settle(shell)
    assert nameless(shell) == []


def test_every_control_of_the_start_page_has_a_name(open_shell: Callable[..., Any]) -> None:
    assert nameless(open_shell(None)) == []


def test_the_theme_changes_at_once(open_shell: Callable[..., Any], filled: Path) -> None:
    shell = open_shell(filled)
    before = shell.grab(shell.rect()).toImage().pixelColor(QPoint(4, 400))
    shell.state.set_theme("dark")
    after = shell.grab(shell.rect()).toImage().pixelColor(QPoint(4, 400))
    assert before.lightness() > 200
    assert after.lightness() < 60


def test_news_of_others_arrive_by_the_feed(
    open_shell: Callable[..., Any], filled: Path, qtbot: Any, settle: Callable[[Any], None]
) -> None:

    shell = open_shell(filled)
    shell.state.open("projects")
    settle(shell)
    other = open_workspace(filled)
    try:
        create_project(other, "Welds")
    finally:
        other.close()
    qtbot.waitUntil(lambda: shell.pages["projects"].table.shown == 2)
    qtbot.waitUntil(lambda: shell.side._items["projects"].accessibleName() == "Projects, 2")
    settle(shell)


def test_no_button_of_a_page_begins_with_the_keyboard(
    open_shell: Callable[..., Any], filled: Path, qtbot: Any, settle: Callable[[Any], None]
) -> None:
    shell = open_shell(filled)
    settle(shell)
    shell.activateWindow()
    qtbot.waitUntil(shell.isActiveWindow)
    shell.pages["workflow"].canvas.setFocus()
    for name in ("projects", "models", "apps"):
        shell.state.open(name)
        settle(shell)
        page = shell.stack.currentWidget()
        assert QApplication.focusWidget() is page, name
        qtbot.keyClick(page, Qt.Key.Key_Tab)
        assert page.isAncestorOf(QApplication.focusWidget()), name
