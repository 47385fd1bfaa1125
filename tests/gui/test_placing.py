"""A graph that nobody has arranged yet is laid out beside the UI thread."""

import threading
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from clew.gui.pages import placing
from clew.model.refs import BlockKind
from clew.model.view import Scope
from clew.services.graph_view import graph
from clew.services.jobs import create_job
from clew.services.workspace import open_workspace


def test_many_new_blocks_get_their_places_in_another_thread_and_keep_them(
    open_shell: Callable[..., Any],
    filled: Path,
    settle: Callable[[Any], None],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    with open_workspace(filled) as ws:
        for number in range(placing.MANY):
            create_job(ws, f"Check {number}", 1)
    threads, real = [], placing.merge

    def merge(*given: Any) -> Any:
        threads.append(threading.current_thread())
        return real(*given)

    monkeypatch.setattr(placing, "merge", merge)
    shell = open_shell(filled)
    settle(shell)
    canvas = shell.pages["workflow"].canvas
    assert len(threads) == 1
    assert threads[0] is not threading.main_thread()
    kept = graph(shell.session.ws, Scope()).positions
    assert len(kept) > placing.MANY
    assert {ref: place for ref, place in canvas.positions().items() if not ref.kind.drawn} == kept
    assert len({kept[ref] for ref in kept if ref.kind is BlockKind.JOB}) == placing.MANY


def test_what_stands_on_screen_stays_when_its_place_was_not_kept(filled: Path) -> None:
    with open_workspace(filled) as ws:
        for number in range(placing.MANY):
            create_job(ws, f"Check {number}", 1)
        first = placing.read_graph(ws, Scope(), {})
        moved = {ref: (x + 5000.0, y) for ref, (x, y) in first.view.positions.items()}
        for number in range(placing.MANY):
            create_job(ws, f"Later {number}", 1)
        again = placing.read_graph(ws, Scope(), moved)  # as on a read-only medium, where nothing is kept
        assert {ref: again.view.positions[ref] for ref in moved} == moved
        assert len(again.given) == placing.MANY
