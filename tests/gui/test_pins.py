"""Pins on the page of the graph: kept, undone, no arrangement moves what is pinned."""

from collections.abc import Callable
from pathlib import Path
from typing import Any

from clew.model.refs import BlockKind, BlockRef
from clew.model.view import Scope
from clew.services.graph_view import graph

Settle = Callable[[Any], None]
VERSION = BlockRef(BlockKind.VERSION, 1)


def test_pinned_on_the_page_it_stays_through_arrange_and_undo_lets_go(
    open_shell: Callable[..., Any], filled: Path, settle: Settle
) -> None:
    shell = open_shell(filled)
    settle(shell)
    page = shell.pages["workflow"]
    page.canvas.motion.reduced = True
    page.canvas.select([VERSION])
    page.canvas.nudge(4000.0, 3000.0)
    settle(shell)
    place = page.canvas.positions()[VERSION]
    page.canvas.pin()
    settle(shell)
    assert page._block(VERSION).pinned
    page.canvas.select([])
    told: list[Any] = []
    page.canvas.moved.connect(told.append)
    page._arrange()
    settle(shell)
    assert page.canvas.positions()[VERSION] == place
    ws = shell.session.ws
    pinned = [block.ref for block in graph(ws, Scope()).blocks if block.pinned]
    assert pinned == [VERSION]
    for _ in (*told, "the pin"):
        page.history.undo()
        settle(shell)
    assert not page._block(VERSION).pinned
    assert not any(block.pinned for block in graph(ws, Scope()).blocks)
