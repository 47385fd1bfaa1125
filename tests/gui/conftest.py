"""A real window on a real workspace, closed after the test."""

import gc
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from pytestqt.qtbot import QtBot

PATIENCE = 60_000  # milliseconds: a machine may be busy; what is waited for is a condition, never a time


class Patient(QtBot):
    """Waits for conditions as long as a busy machine may need."""

    def waitUntil(self, callback: Callable[[], Any], *, timeout: int = PATIENCE) -> None:
        super().waitUntil(callback, timeout=timeout)

    def waitSignal(self, signal: Any, *, timeout: int = PATIENCE, **how: Any) -> Any:
        return super().waitSignal(signal, timeout=timeout, **how)

    def waitExposed(self, widget: Any, *, timeout: int = PATIENCE) -> Any:
        return super().waitExposed(widget, timeout=timeout)


@pytest.fixture
def qtbot(qapp: Any, request: pytest.FixtureRequest) -> QtBot:
    """A hand on widgets that waits patiently."""
    return Patient(request)


@pytest.fixture(autouse=True)
def garbage_here() -> Iterator[None]:
    """What a test leaves of widgets is torn down here, not in a worker of a later test."""
    gc.disable()
    gc.freeze()  # only what the test makes is looked through
    yield
    gc.collect()
    gc.unfreeze()
    gc.enable()


@pytest.fixture
def open_shell(qtbot: Any) -> Iterator[Callable[..., Any]]:
    """Opens windows: `open_shell(path)` waits until the workspace is shown; None is the start page."""
    from PySide6.QtCore import QEvent
    from PySide6.QtWidgets import QApplication

    from clew.gui.main import close_windows, open_window

    def open_(path: Path | None, theme: str = "light", size: tuple[int, int] = (1280, 800)) -> Any:
        shell = open_window(path, theme=theme, size=size)
        if path is not None:
            qtbot.waitUntil(lambda: shell.session is not None)
        return shell

    yield open_
    close_windows()
    QApplication.sendPostedEvents(None, QEvent.Type.DeferredDelete)


@pytest.fixture
def settle(qtbot: Any) -> Callable[[Any], None]:
    """Waits until nothing is pending in a window, and all news of the workspace has come."""

    def wait(shell: Any) -> None:
        quiet = 0
        asked, heard = False, [False]

        def hear(_changes: Any) -> None:
            heard[0] = True

        def look() -> bool:
            nonlocal quiet, asked
            thumbs = shell.ops.shared.get("thumbnails")
            quiet = quiet + 1 if shell.ops.idle and (thumbs is None or thumbs.idle) else 0
            if quiet < 3:
                return False
            if shell.session is not None and (heard[0] or not asked):  # by itself it looks later
                quiet, asked, heard[0] = 0, True, False
                shell.session.poll()
                return False
            return True

        session = shell.session
        if session is not None:
            session.changed.connect(hear)
        qtbot.waitUntil(look)
        if session is not None:
            session.changed.disconnect(hear)

    return wait


@pytest.fixture
def filled(tmp_path: Path, coco_file: Callable[..., Path]) -> Path:
    """A closed workspace: six pictures saved as version 1, three more after it."""
    from clew.services.imports import apply_import, plan_import
    from clew.services.versions import create_version
    from clew.services.workspace import create_workspace

    path = tmp_path / "Coin survey"
    ws = create_workspace(path)
    plan = plan_import(ws, coco_file() / "annotations.json", project="Coin finds")
    project = apply_import(ws, plan).project
    create_version(ws, project.id, "Baseline")
    more = plan_import(ws, coco_file(9, name="more") / "annotations.json", project="Coin finds")
    apply_import(ws, more, replace=True)
    ws.close()
    return path


@pytest.fixture
def two_jobs(filled: Path) -> Path:
    """The workspace with two labeling jobs on version 1."""
    from clew.services.jobs import create_job
    from clew.services.workspace import open_workspace

    with open_workspace(filled) as ws:
        for name in ("Fix labels", "Check labels"):
            create_job(ws, name, 1)
    return filled


@pytest.fixture
def take_keyboard(qtbot: Any) -> Callable[..., None]:
    """Gives a window the keyboard, and within it a widget if one is named."""

    def take(shell: Any, widget: Any = None) -> None:
        shell.activateWindow()
        qtbot.waitUntil(shell.isActiveWindow)
        if widget is not None:
            widget.setFocus()

    return take


@pytest.fixture
def shell(
    open_shell: Callable[..., Any],
    filled: Path,
    settle: Callable[[Any], None],
    take_keyboard: Callable[..., None],
) -> Any:
    """A window on a workspace that has the keyboard."""
    made = open_shell(filled)
    settle(made)
    take_keyboard(made)
    return made


@pytest.fixture
def graph_of(
    open_shell: Callable[..., Any], settle: Callable[[Any], None], take_keyboard: Callable[..., None]
) -> Callable[..., Any]:
    """Opens a workspace: its graph, which stands still and has the keyboard."""

    def open_(path: Path, **how: Any) -> Any:
        shell = open_shell(path, **how)
        settle(shell)
        page = shell.pages["workflow"]
        page.canvas.motion.reduced = True
        take_keyboard(shell, page.canvas)
        return page

    return open_


@pytest.fixture
def visit(settle: Callable[[Any], None]) -> Callable[[Any, str], None]:
    """Shows a page of a window by name; those of one thing show the first, a comparison the first two."""

    def show(shell: Any, name: str) -> None:
        args: dict[str, dict[str, Any]] = {
            "project": {"id": 1},
            "report": {"id": 1},
            "compare": {"ids": (1, 2)},
            "diff": {"project": 1, "old": 1, "new": None},
        }
        shell.state.open(name, **args.get(name, {}))
        settle(shell)

    return show


@pytest.fixture
def menus(monkeypatch: pytest.MonkeyPatch) -> list[Any]:
    """The menus that were opened, the newest last; not shown: other windows that close would hide them."""
    from PySide6.QtWidgets import QMenu

    opened: list[QMenu] = []
    monkeypatch.setattr(QMenu, "popup", lambda menu, _at: opened.append(menu))
    return opened


@pytest.fixture
def dialog_of() -> Callable[[Any, type], Any]:
    """The one dialog of a kind that is open over a window."""

    def find(shell: Any, kind: type) -> Any:
        found = [d for d in shell.findChildren(kind) if d.isVisible()]
        assert len(found) == 1, found
        return found[0]

    return find


@pytest.fixture
def click(qtbot: Any) -> Callable[[Any], None]:
    """Presses a button that can be pressed."""
    from PySide6.QtCore import Qt

    def press(button: Any) -> None:
        assert button.isEnabled(), button.text()
        qtbot.mouseClick(button, Qt.MouseButton.LeftButton)

    return press
