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
