"""The numbers of the side bar: counted anew when something came, not for every step of a task."""

import os
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from clew.model.entities import TaskStatus
from clew.services import tasks
from clew.services import workspace as workspaces
from clew.services.jobs import create_job
from clew.services.workspace import open_workspace


def test_progress_of_a_running_task_counts_nothing_and_its_end_does(
    open_shell: Callable[..., Any],
    filled: Path,
    settle: Callable[[Any], None],
    monkeypatch: pytest.MonkeyPatch,
    qtbot: Any,
) -> None:
    with open_workspace(filled) as ws:
        task = tasks.create_task(ws, "Long training", "train").id
        tasks.start_task(ws, task, pid=os.getpid())
    counted: list[int] = []
    real = workspaces.counts
    monkeypatch.setattr(workspaces, "counts", lambda ws: counted.append(1) or real(ws))
    shell = open_shell(filled)
    settle(shell)
    told: list[tuple[str, Any, str]] = []
    shell.session.running_task.connect(lambda *words: told.append(words))
    with open_workspace(filled) as other:
        before = len(counted)
        tasks.set_progress(other, task, 0.4, "Epoch 4")
        qtbot.waitUntil(lambda: any(share == 0.4 for _, share, _ in told))
        assert len(counted) == before
        create_job(other, "Check", 1)
        qtbot.waitUntil(lambda: len(counted) > before)
        tasks.finish_task(other, task, TaskStatus.DONE)
        qtbot.waitUntil(lambda: told[-1][0] == "")
    settle(shell)
