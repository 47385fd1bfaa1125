"""What a running or failed task says of itself, on its block and in lists, also after reopening."""

import pytest

from clew.model.entities import TaskStatus
from clew.services import tasks
from clew.services.blocks import task_block
from clew.services.task_words import failure, last_metric, percent, standing, time_left
from clew.services.workspace import open_workspace


@pytest.fixture
def trained(ws, monkeypatch):
    """A training of 100 s that is at 62 %; the clock stands there. Gives its id and the clock."""
    clock = [1_000_000_000]
    monkeypatch.setattr(tasks, "now_us", lambda: clock[0])
    monkeypatch.setattr("clew.services.task_words.now_us", lambda: clock[0])
    task = tasks.create_task(ws, "Quick trainer", "train")
    tasks.start_task(ws, task.id, pid=1)
    for second in range(63):
        tasks.set_progress(ws, task.id, second / 100, f"tree {second} of 100")
        clock[0] += 1_000_000
    return task.id, clock


def test_the_block_of_a_running_task_shows_progress_metric_and_time_left(ws, trained) -> None:
    tasks.set_metric(ws, trained[0], accuracy=0.8)
    tasks.set_metric(ws, trained[0], val_loss=0.31234)
    tasks.set_metric(ws, trained[0], accuracy=0.9)
    block = task_block(tasks.get_task(ws, trained[0]), {})
    assert block.progress == 0.62
    assert block.chips == ("62 %",)
    assert (block.fact, block.step) == ("accuracy 0.900", "tree 62 of 100")
    assert block.left == "about 40 s left"
    tasks.set_metric(ws, trained[0], val_loss=0.2)
    assert last_metric(tasks.get_task(ws, trained[0])) == "val loss 0.200"


def test_the_time_left_is_the_same_in_a_window_opened_later(ws, trained) -> None:
    there = time_left(tasks.get_task(ws, trained[0]))
    again = open_workspace(ws.path)
    try:
        assert time_left(tasks.get_task(again, trained[0])) == there == "about 40 s left"
    finally:
        again.close()


def test_a_task_that_is_over_has_no_time_left_and_a_failed_one_says_why(ws, trained) -> None:
    tasks.finish_task(ws, trained[0], TaskStatus.FAILED, exit_code=3)
    task = tasks.get_task(ws, trained[0])
    assert time_left(task) == ""
    assert failure(task) == "The app ended with code 3 and gave no reason. The log tells what it did last."
    block = task_block(task, {})
    assert block.fact == failure(task)
    assert (block.progress, block.left, block.step) == (None, "", "")


def test_percent_is_100_only_when_all_is_done() -> None:
    assert [percent(f) for f in (None, 0.0, 0.004, 0.62, 0.9999, 1.0)] == [
        "", "0 %", "0 %", "62 %", "99 %", "100 %",
    ]  # fmt: skip


def test_standing_puts_both_together(ws, trained) -> None:
    assert standing(tasks.get_task(ws, trained[0])) == "62 %, about 40 s left"
