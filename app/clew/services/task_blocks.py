"""The blocks of a few tasks, read without the rest of the graph: running tasks change ten times a second."""

from collections.abc import Collection
from dataclasses import dataclass

from clew.db import layout_rows, mapping
from clew.model.entities import Task, TaskStatus, User
from clew.model.view import Block
from clew.services.blocks import Origin, maker_of, task_block
from clew.services.workspace import Workspace


@dataclass(frozen=True)
class TaskShape:
    """What of a task decides which blocks and links are drawn, and under which name."""

    status: TaskStatus
    kind: str
    name: str


@dataclass(frozen=True)
class TaskNews:
    """A task as it is now: its block, and what else of the graph hangs on it."""

    id: int
    shape: TaskShape
    block: Block


def task_news(ws: Workspace, ids: Collection[int]) -> tuple[TaskNews, ...]:
    """The named tasks that exist, as they are now; the cost does not depend on the size of the graph."""
    with ws.db.read() as connection:
        tasks = mapping.find(connection, Task, id=tuple(ids))
        texts = layout_rows.descriptions_of(connection, [task.ref for task in tasks])
        people = {user.id: user.name for user in mapping.find(connection, User)}
    return tuple(
        TaskNews(
            task.id,
            TaskShape(task.status, task.kind, task.name),
            task_block(task, texts, Origin(people.get(task.created_by, ""), maker_of(task))),
        )
        for task in tasks
    )
