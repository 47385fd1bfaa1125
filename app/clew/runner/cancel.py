"""Ask a running task to stop."""

import contextlib
import os
import signal

from clew.base.errors import NothingToDo
from clew.model.entities import Task, TaskStatus
from clew.runner.recover import alive
from clew.services.tasks import finish_task, get_task
from clew.services.workspace import Workspace


def cancel(ws: Workspace, task_id: int) -> Task:
    """Ask the guard of a task to end the app; it is killed when it does not end in a few seconds.

    Raises:
        NothingToDo: the task is over.
    """
    task = get_task(ws, task_id)
    if task.status.over:
        raise NothingToDo(f"{task.name} is over already: {task.status.value}.")
    if task.pid is not None and alive(task):
        with contextlib.suppress(ProcessLookupError):
            os.kill(task.pid, signal.SIGTERM)
        return get_task(ws, task_id)
    return finish_task(ws, task_id, TaskStatus.CANCELLED, message="Cancelled.")
