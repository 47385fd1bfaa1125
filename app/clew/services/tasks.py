"""Tasks: one run of an app, or of a script that uses the SDK."""

import codecs
import os
import platform
import sys
from pathlib import Path
from typing import Any

from clew.base.clock import now_us
from clew.base.errors import UserError
from clew.db import mapping, queries
from clew.model.entities import App, Task, TaskStatus
from clew.model.pace import noted
from clew.model.refs import BlockKind, BlockRef
from clew.services.links import put_link
from clew.services.workspace import Workspace


def create_task(
    ws: Workspace,
    name: str,
    kind: str,
    *,
    app: App | None = None,
    params: dict[str, Any] | None = None,
    inputs: dict[str, BlockRef] | None = None,
    code: dict[str, Any] | None = None,
    parent_id: int | None = None,
    status: TaskStatus = TaskStatus.WAITING,
    started_at: int | None = None,
) -> Task:
    """Make a task with a folder of its own under `runs/`, linked with its inputs.

    `started_at` may lie before now, for work that became a task when it was done.
    """
    now = started_at or now_us()
    with ws.db.write() as transaction:
        task_id = mapping.add(
            transaction,
            Task,
            app=app.slug if app else None,
            name=name,
            kind=kind,
            status=status,
            params=params or {},
            inputs={key: str(ref) for key, ref in (inputs or {}).items()},
            code=code or {},
            environment=environment(),
            created_at=now,
            created_by=ws.user.id,
            started_at=now if status is TaskStatus.RUNNING else None,
            finished_at=None,
            progress=None,
            pid=os.getpid() if status is TaskStatus.RUNNING else None,
            notes=[],
            metrics={},
            parent_id=parent_id,
        )
        for ref in (inputs or {}).values():
            put_link(transaction, ref, BlockRef(BlockKind.TASK, task_id), user_id=ws.user.id, task_id=task_id)
    task_folder(ws, task_id).mkdir(parents=True, exist_ok=True)
    return get_task(ws, task_id)


def environment() -> dict[str, Any]:
    """What a task ran on: Python, system, processor count."""
    return {
        "python": platform.python_version(),
        "interpreter": sys.executable,
        "system": f"{platform.system()} {platform.release()}",
        "machine": platform.node(),
        "cores": os.cpu_count() or 0,
    }


def get_task(ws: Workspace, task_id: int) -> Task:
    """The task with this id.

    Raises:
        UserError: there is none.
    """
    with ws.db.read() as connection:
        found = mapping.first(connection, Task, id=task_id)
    if found is None:
        raise UserError(f"There is no task with the id {task_id}.")
    return found


def list_tasks(ws: Workspace, *, limit: int | None = None) -> tuple[Task, ...]:
    """Tasks, newest first."""
    with ws.db.read() as connection:
        return tuple(mapping.find(connection, Task, order=("-id",), limit=limit))


def running_tasks(ws: Workspace, *, waiting: bool = False) -> tuple[Task, ...]:
    """Tasks that run now, or also those that wait, the newest first."""
    states = [TaskStatus.RUNNING.value, *([TaskStatus.WAITING.value] if waiting else [])]
    with ws.db.read() as connection:
        return tuple(mapping.find(connection, Task, status=states, order=("-id",)))


def named_inputs(ws: Workspace, task_id: int) -> dict[str, BlockRef]:
    """What the task was started with, by the names of the app's inputs."""
    return {name: BlockRef.parse(text) for name, text in get_task(ws, task_id).inputs.items()}


def start_task(ws: Workspace, task_id: int, *, pid: int) -> None:
    """Note that the task's process runs."""
    with ws.db.write() as transaction:
        mapping.change(
            transaction, Task, task_id, status=TaskStatus.RUNNING, started_at=now_us(), pid=pid, message=""
        )


def set_progress(ws: Workspace, task_id: int, fraction: float | None, text: str = "") -> None:
    """Show how far a task is; may be lost in a power cut, so it costs no flush."""
    share = None if fraction is None else max(0.0, min(1.0, fraction))
    with ws.db.write(durable=False) as transaction:
        task = mapping.first(transaction.connection, Task, id=task_id)
        if task is None:
            return
        pace = noted(task.pace, (now_us() - (task.started_at or task.created_at)) / 1e6, share)
        mapping.change(transaction, Task, task_id, progress=share, progress_text=text, pace=pace)


def set_metric(ws: Workspace, task_id: int, **values: float) -> None:
    """Keep the last values that the app reported."""
    with ws.db.write(durable=False) as transaction:
        task = mapping.first(transaction.connection, Task, id=task_id)
        if task is not None:
            last = next(reversed(values), task.last_metric)
            mapping.change(transaction, Task, task_id, metrics={**task.metrics, **values}, last_metric=last)


def set_message(ws: Workspace, task_id: int, text: str) -> None:
    """What the task says of itself in one sentence."""
    with ws.db.write(durable=False) as transaction:
        mapping.change(transaction, Task, task_id, message=text)


def add_note(ws: Workspace, task_id: int, text: str) -> None:
    """Keep a remark at the task, for example what could not be recorded."""
    with ws.db.write() as transaction:
        task = mapping.first(transaction.connection, Task, id=task_id)
        if task is not None and text not in task.notes:
            mapping.change(transaction, Task, task_id, notes=[*task.notes, text])


def finish_task(
    ws: Workspace, task_id: int, status: TaskStatus, *, message: str = "", exit_code: int | None = None
) -> Task:
    """Note how a task ended; the first outcome stands."""
    with ws.db.write() as transaction:
        task = mapping.first(transaction.connection, Task, id=task_id)
        if task is not None and not task.status.over:
            mapping.change(
                transaction,
                Task,
                task_id,
                status=status,
                finished_at=now_us(),
                exit_code=exit_code,
                message=message or task.message,
                progress=1.0 if status is TaskStatus.DONE else task.progress,
                pid=None,
            )
    return get_task(ws, task_id)


def task_folder(ws: Workspace, task_id: int) -> Path:
    """The folder of a task under `runs/`: its log, its outcome, and what the app leaves there."""
    return ws.path / "runs" / str(task_id)


def log_file(ws: Workspace, task_id: int) -> Path:
    return task_folder(ws, task_id) / "log.txt"


def read_log(ws: Workspace, task_id: int, offset: int = 0) -> tuple[str, int]:
    """The log from a byte offset on, and the offset to go on from."""
    path = log_file(ws, task_id)
    if not path.exists():
        return "", offset
    with path.open("rb") as stream:
        stream.seek(offset)
        data = stream.read()
    # A letter that is written only in part is left for the next look.
    decoder = codecs.getincrementaldecoder("utf-8")("replace")
    text = decoder.decode(data)
    return text, offset + len(data) - len(decoder.getstate()[0])


def task_inputs(ws: Workspace, task_id: int) -> tuple[BlockRef, ...]:
    """What the task read."""
    with ws.db.read() as connection:
        arriving, _ = queries.links_of(connection, get_task(ws, task_id).ref)
    return tuple(link.source for link in arriving)


def task_outputs(ws: Workspace, task_id: int) -> tuple[BlockRef, ...]:
    """What the task made."""
    with ws.db.read() as connection:
        _, leaving = queries.links_of(connection, get_task(ws, task_id).ref)
    return tuple(link.target for link in leaving)
