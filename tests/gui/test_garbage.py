"""What is left of closed windows is let go of on the UI thread, whoever makes the garbage."""

import gc
import threading
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from PySide6.QtCore import QObject

from clew.gui import main
from clew.gui.garbage import Garbage, collect_here
from clew.gui.ops import Ops


class Ring:
    """A cycle, as a widget is with its signals; tells on which thread it was torn down."""

    def __init__(self, ends: list[threading.Thread]) -> None:
        self._ends, self._me = ends, self

    def __del__(self) -> None:
        self._ends.append(threading.current_thread())


@pytest.fixture
def ops(qtbot: Any) -> Iterator[Ops]:
    made = Ops()
    yield made
    made.close()


def litter() -> None:
    """Enough cycles that Python would look for garbage of every age."""
    for _ in range(200_000):
        ring: list[Any] = []
        ring.append(ring)


def test_what_workers_leave_is_collected_on_the_ui_thread(ops: Ops, qtbot: Any, qapp: Any) -> None:
    collect_here(qapp)
    ends: list[threading.Thread] = []
    Ring(ends)
    over: list[None] = []
    ops.query(litter, over.append)
    qtbot.waitUntil(lambda: bool(over and ends))
    assert set(ends) == {threading.main_thread()}


def test_one_collector_is_enough(qapp: Any) -> None:
    collect_here(qapp)
    collect_here(qapp)
    assert len(qapp.findChildren(Garbage)) == 1
    assert not gc.isenabled()


def test_a_closed_window_goes_on_the_ui_thread(
    open_shell: Callable[..., Any], filled: Path, settle: Callable[[Any], None], qtbot: Any
) -> None:
    """All of a window is one cycle, and other windows have workers that make garbage."""
    ends: list[threading.Thread] = []
    shell, other = open_shell(filled), open_shell(filled)
    settle(shell)
    shell.pages["workflow"].ring = Ring(ends)
    shell.close()
    shell.deleteLater()
    main._windows.remove(shell)
    del shell
    other.ops.query(litter, lambda _none: None)
    settle(other)
    qtbot.waitUntil(lambda: bool(ends))
    assert ends == [threading.main_thread()]


@pytest.mark.parametrize("fails", [False, True])
def test_what_work_holds_is_let_go_of_on_the_ui_thread(ops: Ops, qtbot: Any, fails: bool) -> None:
    """A dialog may be gone when the work that it asked for ends; the worker is not the last to hold it."""
    ends: list[threading.Thread] = []

    class Held(QObject):
        def __del__(self) -> None:
            ends.append(threading.current_thread())

    def ask(held: Held) -> None:
        def work() -> Held:
            if fails:
                raise ValueError(str(held))
            return held

        ops.query(work, lambda _held: None, lambda _error: None)

    for _ in range(3000):
        ask(Held())
    qtbot.waitUntil(lambda: ops.idle)
    gc.collect()
    assert len(ends) == 3000
    assert set(ends) == {threading.main_thread()}
