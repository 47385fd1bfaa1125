"""Arrange on the page of the graph: worked out beside the UI thread, one edit, kept, can be called off."""

import threading
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from clew.graph.layout.graphviz import find_dot
from clew.gui.canvas.arrangement import Arrangement
from clew.model.refs import BlockKind, BlockRef
from clew.model.view import Scope
from clew.services.graph_view import graph

Settle = Callable[[Any], None]
VERSION = BlockRef(BlockKind.VERSION, 1)


@pytest.fixture
def held(monkeypatch: pytest.MonkeyPatch) -> Any:
    """Layouts beside the UI thread wait for `go`; `threads` says where they were worked out.

    The first graph of a window is laid out before it is shown, and does not wait.
    """

    class Held:
        go = threading.Event()
        threads: list[str] = []

    real, Held.threads = Arrangement.places, []

    def places(self: Arrangement, *by: Any) -> Any:
        name = threading.current_thread().name
        if name != threading.main_thread().name:
            Held.threads.append(name)
            assert Held.go.wait(20)
        return real(self, *by)

    monkeypatch.setattr(Arrangement, "places", places)
    return Held


def scattered(shell: Any, settle: Settle) -> Any:
    """The page, its version far away."""
    settle(shell)
    page = shell.pages["workflow"]
    page.canvas.motion.reduced = True
    page.canvas.select([VERSION])
    x, y = page.canvas.positions()[VERSION]
    page.canvas.nudge(4000.0 - x, 3000.0 - y)  # kept, so that no news of the graph puts it back
    page.canvas.select([])
    settle(shell)
    return page


def test_it_is_worked_out_beside_the_ui_thread_and_kept_as_one_step(
    open_shell: Callable[..., Any], filled: Path, settle: Settle, held: Any, qtbot: Any
) -> None:
    shell = open_shell(filled)
    page = scattered(shell, settle)
    told: list[Any] = []
    page.canvas.moved.connect(told.append)
    page._arrange()
    qtbot.waitUntil(lambda: len(held.threads) == 1)
    assert [operation.label for operation in shell.ops.running()] == ["Arranging blocks"]
    page._arrange()  # a second wish while one is worked on adds nothing
    assert page.canvas.positions()[VERSION] == (4000.0, 3000.0)
    held.go.set()
    settle(shell)
    assert [name.rsplit("_", 1)[0] for name in held.threads] == ["clew-query"]
    assert len(told) == 1
    place = page.canvas.positions()[VERSION]
    assert place != (4000.0, 3000.0)
    assert graph(shell.session.ws, Scope()).positions[VERSION] == place
    page.history.undo()
    settle(shell)
    assert page.canvas.positions()[VERSION] == (4000.0, 3000.0)


def test_called_off_nothing_moves(
    open_shell: Callable[..., Any], filled: Path, settle: Settle, held: Any, qtbot: Any
) -> None:
    shell = open_shell(filled)
    page = scattered(shell, settle)
    before = page.canvas.positions()
    page._arrange()
    qtbot.waitUntil(lambda: len(held.threads) == 1)
    (operation,) = shell.ops.running()
    operation.cancel()
    held.go.set()
    settle(shell)
    assert page.canvas.positions() == before


def test_what_was_moved_meanwhile_is_worked_out_again(
    open_shell: Callable[..., Any], filled: Path, settle: Settle, held: Any, qtbot: Any
) -> None:
    shell = open_shell(filled)
    page = scattered(shell, settle)
    told: list[Any] = []
    page.canvas.moved.connect(told.append)
    page._arrange()
    qtbot.waitUntil(lambda: len(held.threads) == 1)
    page.canvas.apply_positions({VERSION: (-900.0, 70.0)})
    held.go.set()
    settle(shell)
    assert len(held.threads) == 2
    assert [edit.before[VERSION] for edit in told] == [(-900.0, 70.0)]


def test_a_graph_that_never_stands_still_is_left_and_that_is_said(
    open_shell: Callable[..., Any], filled: Path, settle: Settle, monkeypatch: pytest.MonkeyPatch
) -> None:
    shell = open_shell(filled)
    page = scattered(shell, settle)
    before, said = page.canvas.positions(), []
    monkeypatch.setattr(page.canvas, "still", lambda _asked: False)
    monkeypatch.setattr(page.arranging, "_say", said.append)
    page._arrange()
    settle(shell)
    assert page.canvas.positions() == before
    (sentence,) = said
    assert "not arranged" in sentence


@pytest.mark.skipif(find_dot() is None, reason="Graphviz is a choice; it is not installed here")
def test_graphviz_is_offered_and_its_layout_is_one_edit(
    open_shell: Callable[..., Any], filled: Path, settle: Settle
) -> None:
    shell = open_shell(filled)
    page = scattered(shell, settle)
    told: list[Any] = []
    page.canvas.moved.connect(told.append)
    (command,) = [c for c in page.commands() if c.words == "Arrange with Graphviz"]
    command.run()
    settle(shell)
    assert [edit.label for edit in told] == ["Arrange Coin finds"]
    assert page.canvas.positions()[VERSION] != (4000.0, 3000.0)


def test_without_graphviz_it_is_not_offered(
    open_shell: Callable[..., Any], filled: Path, settle: Settle, monkeypatch: pytest.MonkeyPatch
) -> None:
    shell = open_shell(filled)
    page = scattered(shell, settle)
    before = page.canvas.positions()
    monkeypatch.setenv("PATH", "")
    assert not [c for c in page.commands() if c.words == "Arrange with Graphviz"]
    said: list[str] = []
    page.arranging._say = said.append
    page.arranging.start_dot()
    settle(shell)
    assert said == ["Graphviz is not installed. Install it, or use Arrange."]
    assert page.canvas.positions() == before
