"""Wait until a task is over."""

import time

from clew.base.progress import Progress
from clew.model.entities import Task
from clew.runner.recover import mark_lost
from clew.services.feed import Feed
from clew.services.tasks import get_task
from clew.services.workspace import Workspace


def wait(ws: Workspace, task_id: int, *, progress: Progress | None = None) -> Task:
    """Wait for the end of a task, following its progress; a task whose process vanished ends as lost."""
    feed = Feed(ws)
    try:
        looked = time.monotonic()
        while True:
            task = get_task(ws, task_id)
            if task.status.over:
                return task
            if progress:
                progress.start(task.progress_text or task.name, 1000)
                progress.advance(round(1000 * (task.progress or 0)))
            for _ in range(20):  # the feed is cheap to ask; the task is read again at least once a second
                time.sleep(0.05)
                if (changes := feed.poll()) and changes.touches("task"):
                    break
            if time.monotonic() - looked > 3:
                mark_lost(ws)
                looked = time.monotonic()
    finally:
        feed.close()
