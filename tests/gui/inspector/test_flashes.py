"""Nothing of a page is ever a window of its own: it would flash, and close a menu that is open."""

from collections.abc import Callable, Iterator
from typing import Any

import pytest
from PySide6.QtCore import QEvent, QObject, QPoint, Qt
from PySide6.QtGui import QAction
from PySide6.QtWidgets import QApplication, QDialog, QMenu, QWidget

from clew.gui.routes import PAGES
from clew.gui.screenshot import _go
from clew.gui.shell import Shell

Settle = Callable[[Any], None]


def flashes(widget: QWidget) -> bool:
    """Menus, dialogs, lists and tips say that they are windows; what has no parent yet is a plain one."""
    plain = widget.isWindow() and widget.windowType() == Qt.WindowType.Window
    return plain and not isinstance(widget, Shell)


class Watch(QObject):
    """Notes what is shown as a window and is none."""

    def __init__(self) -> None:
        super().__init__()
        self.flashes: list[str] = []

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        if event.type() == QEvent.Type.Show and isinstance(watched, QWidget) and flashes(watched):
            inside = [type(w).__name__ for w in watched.findChildren(QWidget)][:4]
            self.flashes.append(f"{type(watched).__name__} {watched.accessibleName()!r} with {inside}")
        return False


@pytest.fixture
def watch(qapp: QApplication) -> Iterator[Watch]:
    made = Watch()
    qapp.installEventFilter(made)
    yield made
    qapp.removeEventFilter(made)
    assert not made.flashes


@pytest.fixture
def shell(watch: Watch, open_shell: Callable[..., Any], own_world: Any, settle: Settle) -> Any:
    made = open_shell(own_world.ws.path)
    settle(made)
    return made


def test_no_part_of_a_page_is_a_window(shell: Any, visit: Callable[[Any, str], None], settle: Settle) -> None:
    for name in PAGES:
        visit(shell, name)
    for tab in ("data", "versions", "classes"):
        shell.state.open("project", id=1, tab=tab)
        settle(shell)
    shell.state.open("tasks", id=1)
    settle(shell)


def test_no_part_of_the_inspector_is_a_window(shell: Any, settle: Settle) -> None:
    page = shell.pages["workflow"]
    for block in page.canvas.scene.blocks:
        page.canvas.select([block.ref])
        settle(shell)
    page.canvas.select([b.ref for b in page.canvas.scene.blocks][:3])
    settle(shell)
    page.canvas.link_hand.choose(0)
    settle(shell)
    page.outlining.toggle()
    page.past.toggle()
    page.sieve.open()
    page.finder.start()
    page.finder.setText("co")
    settle(shell)


@pytest.mark.parametrize(
    "name",
    [
        *("new-workspace", "new-version:1", "restore:1", "download:1", "delete:1", "run:quick-trainer"),
        *("run:evaluate", "import", "export", "cheat-sheet", "palette"),
    ],
)
def test_no_part_of_a_dialog_is_a_window(name: str, shell: Any, settle: Settle) -> None:
    dialog = _go(shell, f"dialog:{name}", None)
    assert isinstance(dialog, QDialog)
    settle(shell)
    dialog.reject()


def test_no_part_of_the_start_page_is_a_window(watch: Watch, open_shell: Any, settle: Settle) -> None:
    settle(open_shell(None))


def test_a_menu_stays_open_while_a_page_is_made(shell: Any, settle: Settle, qtbot: Any) -> None:
    menu = QMenu(shell)
    menu.addAction(QAction("Blur", menu))
    menu.popup(shell.mapToGlobal(QPoint(50, 50)))
    qtbot.waitUntil(menu.isVisible)
    for name in ("models", "compare", "report"):
        shell.page(name)
        settle(shell)
        assert menu.isVisible()
    menu.close()
