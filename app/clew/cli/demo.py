"""`clew demo`: real pictures, real trainings, and a comparison at the end."""

import time
from pathlib import Path
from typing import TYPE_CHECKING

import click

from clew.base.words import duration
from clew.cli.call import Call, verb
from clew.cli.compare import as_table, comparison_facts
from clew.cli.facts import task_facts
from clew.cli.run import fail_unless_done
from clew.cli.waiting import waiting
from clew.cli.window import show_window

if TYPE_CHECKING:
    from clew.model.entities import Task
    from clew.services.workspace import Workspace

FOLDER = "Clew demo"
LOOK_EVERY = 0.25  # seconds


@verb()
@click.argument("folder", metavar="[DIR]", required=False, type=click.Path(path_type=Path))
@click.option("--no-open", is_flag=True, help="Play it here: a line per task, the comparison at the end.")
def demo(call: Call, folder: Path | None, no_open: bool) -> int:
    """Make the demo workspace in DIR ("Clew demo" here unless given) and watch it grow.

    A demo that was made there before is opened as it is.
    """
    from clew.runner.demo import open_or_start_demo, start_demo

    begin = start_demo if no_open else open_or_start_demo
    ws = begin((folder or Path(FOLDER)).expanduser().absolute())
    with ws:
        call.log = ws.path / "clew.log"
        if no_open:
            return _play(call, ws)
    return show_window(ws.path)


def _play(call: Call, ws: "Workspace") -> int:
    """Wait for the whole story, one line per task that ends."""
    from clew.runner.cancel import cancel
    from clew.runner.demo import demo_task
    from clew.services.reports import list_reports

    story = demo_task(ws)
    assert story is not None  # start_demo has launched it
    try:
        story = _follow(call, ws, story.id)
    except KeyboardInterrupt:
        cancel(ws, story.id)
        raise
    fail_unless_done(story)
    ids = tuple(s.report.id for s in reversed(list_reports(ws)))
    facts: dict[str, object] = {"workspace": str(ws.path), "task": task_facts(story), "comparison": None}
    text = f"The demo is in {ws.path}"
    if ids:
        from clew.services.compare import compare

        comparison = compare(ws, ids[-8:])
        facts["comparison"] = comparison_facts(comparison)
        text = f"\n{as_table(comparison)}\n\n{text}"
    call.answer(facts, text)
    return 0


def _follow(call: Call, ws: "Workspace", story_id: int) -> "Task":
    from clew.runner.recover import mark_lost
    from clew.services.tasks import get_task, list_tasks

    told: set[int] = set()
    with waiting() as progress:
        while True:
            story = get_task(ws, story_id)
            for task in reversed(list_tasks(ws)):
                if task.status.over and task.id not in told:
                    told.add(task.id)
                    call.say(_line(task))
            if story.status.over:
                return story
            if progress.cancelled:
                raise KeyboardInterrupt
            progress.start(story.progress_text or story.name)
            mark_lost(ws)
            time.sleep(LOOK_EVERY)


def _line(task: "Task") -> str:
    took = f" in {duration(task.seconds)}" if task.seconds is not None else ""
    return f"{task.name} (#{task.id}) {task.status.value}{took}" + (
        f": {task.message}" if task.message else ""
    )
