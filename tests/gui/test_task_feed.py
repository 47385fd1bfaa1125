"""Progress of a task reaches its block without the whole graph being read again."""

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from clew.db import queries
from clew.gui.pages import placing as page_module
from clew.model.entities import TaskStatus
from clew.model.refs import BlockKind, BlockRef
from clew.services import tasks
from clew.services.graph_view import graph
from clew.services.workflow import record_input
from clew.services.workspace import open_workspace

Settle = Callable[[Any], None]


@pytest.fixture
def readings(monkeypatch: pytest.MonkeyPatch) -> list[Any]:
    """One entry for each time that the page read the whole graph."""
    found: list[Any] = []

    def counted(ws: Any, scope: Any) -> Any:
        found.append(scope)
        return graph(ws, scope)

    monkeypatch.setattr(page_module, "graph", counted)
    return found


@pytest.fixture
def training(filled: Path) -> Any:
    """Another program's hand on the workspace, with a training at work in it."""
    ws = open_workspace(filled)
    task = tasks.create_task(ws, "Quick trainer", "train")
    record_input(ws, task.id, BlockRef(BlockKind.VERSION, 1))
    tasks.start_task(ws, task.id, pid=1)
    yield ws, task
    ws.close()


@pytest.fixture
def settle(settle: Settle, qtbot: Any) -> Settle:
    """Waits until the window has also heard of everything that was written, its own first places included."""

    def wait(shell: Any) -> None:
        def heard() -> bool:
            with shell.session.ws.db.read() as connection:
                newest = queries.newest_seq(connection)
            return bool(shell.ops.idle and shell.session._feed.seq == newest)

        qtbot.waitUntil(heard)
        settle(shell)

    return wait


def drawn(page: Any, ref: BlockRef) -> Any:
    return page.canvas.scene.blocks[page.canvas.scene.row[ref]]


def test_steps_of_progress_change_one_block_and_read_no_graph(
    open_shell: Callable[..., Any],
    filled: Path,
    training: Any,
    readings: list[Any],
    qtbot: Any,
    settle: Settle,
) -> None:
    ws, task = training
    shell = open_shell(filled)
    settle(shell)
    page = shell.pages["workflow"]
    tasks.set_progress(ws, task.id, 0.05, "epoch 1")  # the first news of a task may read all
    qtbot.waitUntil(lambda: drawn(page, task.ref).progress == 0.05)
    settle(shell)
    before, others = len(readings), [b for b in page.canvas.scene.blocks if b.ref != task.ref]
    for step in range(2, 9):
        tasks.set_progress(ws, task.id, step / 10, f"epoch {step}")
        qtbot.waitUntil(lambda step=step: drawn(page, task.ref).progress == step / 10)
    assert len(readings) == before
    assert [b for b in page.canvas.scene.blocks if b.ref != task.ref] == others
    assert tuple(page.canvas.scene.blocks) == page.view.blocks
    assert {b.ref: b.progress for b in page.view.blocks} == {b.ref: b.progress for b in graph(ws).blocks}


def test_an_ended_task_reads_the_graph_again_and_takes_its_promise_away(
    open_shell: Callable[..., Any],
    filled: Path,
    training: Any,
    readings: list[Any],
    qtbot: Any,
    settle: Settle,
) -> None:
    ws, task = training
    shell = open_shell(filled)
    settle(shell)
    page = shell.pages["workflow"]
    promised = BlockRef(BlockKind.MODEL, -task.id)
    assert promised in page.canvas.scene.row
    tasks.set_progress(ws, task.id, 0.5, "epoch 5")
    qtbot.waitUntil(lambda: drawn(page, task.ref).progress == 0.5)
    settle(shell)
    before = len(readings)
    tasks.finish_task(ws, task.id, TaskStatus.FAILED, message="Out of memory")
    qtbot.waitUntil(lambda: promised not in page.canvas.scene.row)
    assert len(readings) > before
    settle(shell)
    assert {b.ref: b.state for b in page.view.blocks} == {b.ref: b.state for b in graph(ws).blocks}
