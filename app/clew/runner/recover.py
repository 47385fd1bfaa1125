"""Tasks whose process is gone: find them, and note the outcome they left or that they are lost."""

import json
import platform

import psutil

from clew.base.clock import now_us
from clew.model.entities import Task, TaskStatus
from clew.services.tasks import finish_task, running_tasks, task_folder
from clew.services.workspace import Workspace

START_SECONDS = 60
"""How long a waiting task may take until its guard has said that it runs."""


def alive(task: Task) -> bool:
    """Whether the process of a task is there; a number that was given to another process since is not it."""
    if task.pid is None:
        return False
    try:
        process = psutil.Process(task.pid)
        started = process.create_time() * 1e6
        return process.status() != psutil.STATUS_ZOMBIE and started < (task.started_at or now_us()) + 2e6
    except psutil.Error:
        return False


def mark_lost(ws: Workspace) -> tuple[Task, ...]:
    """Note the end of every task that says it runs and does not. Tasks of other machines are left alone."""
    ended = []
    for task in running_tasks(ws, waiting=True):
        if task.environment.get("machine") != platform.node():
            continue
        if task.status is TaskStatus.WAITING and now_us() - task.created_at < START_SECONDS * 1e6:
            continue
        if alive(task):
            continue
        status, code, message = _outcome(ws, task)
        ended.append(finish_task(ws, task.id, status, message=message, exit_code=code))
    return tuple(ended)


def _outcome(ws: Workspace, task: Task) -> tuple[TaskStatus, int | None, str]:
    try:
        left = json.loads((task_folder(ws, task.id) / "outcome.json").read_text("utf-8"))
        return TaskStatus(left["status"]), left["exit_code"], left["message"]
    except (OSError, ValueError, KeyError):
        return (
            TaskStatus.LOST,
            None,
            "Its process ended without an outcome: killed, or the machine went down.",
        )
