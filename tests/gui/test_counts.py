"""The numbers of the side bar: counted anew when something came, not for every step of a task."""

import os
from pathlib import Path

from clew.gui.session import _read_counts
from clew.model.entities import TaskStatus
from clew.services import tasks
from clew.services.workspace import open_workspace


def test_progress_of_a_running_task_counts_nothing_and_its_end_does(filled: Path) -> None:
    with open_workspace(filled) as ws:
        task = tasks.create_task(ws, "Long training", "train").id
        tasks.start_task(ws, task, pid=os.getpid())
        first = _read_counts(ws, None)
        assert (first.running, first.name, first.numbers["running"]) == ((task,), "Long training", 1)
        tasks.set_progress(ws, task, 0.4, "Epoch 4")
        step = _read_counts(ws, first)
        assert step.numbers is first.numbers
        assert step.fraction == 0.4
        tasks.finish_task(ws, task, TaskStatus.DONE)
        over = _read_counts(ws, step)
        assert (over.running, over.name, over.numbers["running"]) == ((), "", 0)
