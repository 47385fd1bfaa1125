"""How a task stands, in the words that block, inspector, status bar and lists share."""

from collections.abc import Mapping

from clew.base.clock import now_us
from clew.base.words import figure, measured, named, titled
from clew.model.entities import Task, TaskStatus
from clew.model.evaluation import METRICS
from clew.model.pace import left_in_words, seconds_left


def percent(fraction: float | None) -> str:
    """How far: "62 %"; empty when nobody knows. Never "100 %" before it is over."""
    return "" if fraction is None else f"{min(int(fraction * 100 + 0.5), 99 if fraction < 1 else 100)} %"


def last_metric(task: Task) -> str:
    """The figure that was reported last: "loss 0.312"; empty without one."""
    name = task.last_metric or next(reversed(task.metrics), "")
    if name not in task.metrics:
        return ""
    return f"{named(name)} {figure(task.metrics[name])}"


def metric_words(metrics: Mapping[str, float | None]) -> tuple[tuple[str, str], ...]:
    """Names and figures; those that reports have too read as in reports."""
    labels = {key: text for key, text, _ in METRICS}
    return tuple(
        (labels[key], measured(key, value)) if key in labels else (titled(key), figure(value))
        for key, value in metrics.items()
    )


def time_left(task: Task, now: int | None = None) -> str:
    """How long a running task will still take: "about 2 min left"; empty while that is not known.

    Args:
        task: the task.
        now: microseconds since the epoch; the clock's if not given.
    """
    if task.status is not TaskStatus.RUNNING or task.progress is None or task.progress >= 1:
        return ""
    since = ((now or now_us()) - (task.started_at or task.created_at)) / 1e6
    return left_in_words(seconds_left(task.pace, since))


def standing(task: Task) -> str:
    """How far a running task is, and how long it will take: "62 %, about 2 min left"."""
    return ", ".join(part for part in (percent(task.progress), time_left(task)) if part)


def failure(task: Task) -> str:
    """Why a task failed, in one sentence; empty for one that did not."""
    if task.status is TaskStatus.LOST:
        return (
            task.message
            or "Its process ended without an outcome. The log may tell more; run it again if it is needed."
        )
    if task.status is not TaskStatus.FAILED:
        return ""
    code = f" with code {task.exit_code}" if task.exit_code is not None else ""
    return task.message or f"The app ended{code} and gave no reason. The log tells what it did last."
