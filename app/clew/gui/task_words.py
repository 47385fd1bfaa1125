"""How a task stands, in words and signs."""

from clew.base.clock import now_us
from clew.base.words import duration
from clew.model.entities import Task, TaskStatus
from clew.services.task_words import failure, last_metric, standing

STATUS: dict[TaskStatus, tuple[str, str, str]] = {
    TaskStatus.WAITING: ("clock", "dim", "Waiting"),
    TaskStatus.RUNNING: ("loader", "task", "Running"),
    TaskStatus.DONE: ("circle-check", "good", "Done"),
    TaskStatus.FAILED: ("circle-x", "bad", "Failed"),
    TaskStatus.CANCELLED: ("circle-stop", "dim", "Cancelled"),
    TaskStatus.LOST: ("circle-alert", "bad", "Lost"),
}
"""Icon, colour and word of each status: never told by colour alone."""


def outcome(task: Task) -> str:
    """What it came to, or how it stands: "62 %, about 2 min left, loss 0.312, tree 12 of 30"."""
    if task.status.over:
        return failure(task) or task.message
    return ", ".join(part for part in (standing(task), last_metric(task), task.progress_text) if part)


def took(task: Task) -> str:
    """How long a task ran, or has been running."""
    if task.started_at is None:
        return ""
    end = task.finished_at if task.finished_at is not None else now_us()
    return duration(max(0.0, (end - task.started_at) / 1e6))
