"""`clew tasks` and `clew task …`."""

import time
from typing import TYPE_CHECKING

import click

from clew.base.clock import friendly
from clew.base.words import duration, named, setting
from clew.cli.call import Call, verb
from clew.cli.facts import task_facts
from clew.cli.refs import task_number
from clew.cli.table import table

if TYPE_CHECKING:
    from clew.model.entities import Task

FOLLOW_EVERY = 0.2  # seconds between two looks at the log


@verb()
@click.option("--limit", type=click.IntRange(1), help="The newest so many.")
def tasks(call: Call, limit: int | None) -> None:
    """List the tasks, newest first."""
    from clew.runner.recover import mark_lost
    from clew.services.tasks import list_tasks

    with call.workspace() as ws:
        if not ws.read_only:
            mark_lost(ws)
        found = list_tasks(ws, limit=limit)
    facts = [task_facts(task) for task in found]
    if not found:
        call.answer(facts, "No tasks yet. Run an app with: clew run APP --input PROJECT")
        return
    rows = [
        (
            task.id,
            task.name,
            state_text(task),
            friendly(task.created_at),
            duration(task.seconds) if task.seconds is not None else None,
            task.message,
        )
        for task in found
    ]
    call.answer(facts, table(("Id", "Name", "Status", "Started", "Took", "Message"), rows))


@click.group()
def task() -> None:
    """One task: a run of an app or of a script."""


@verb()
@click.argument("which", metavar="TASK")
def show(call: Call, which: str) -> None:
    """Show a task: what it took, what it made, how it ended."""
    from clew.services.details import details
    from clew.services.tasks import get_task, task_inputs, task_outputs

    with call.workspace() as ws:
        found = get_task(ws, task_number(which))
        took, made = task_inputs(ws, found.id), task_outputs(ws, found.id)
        about = {ref: details(ws, ref) for ref in (*took, *made)}
    facts = {
        **task_facts(found),
        "read": [str(ref) for ref in took],
        "made": [str(ref) for ref in made],
    }
    lines = [f"{found.name} (#{found.id}): {state_text(found)}"]
    if found.message:
        lines.append(found.message)
    when = f"Started {friendly(found.started_at or found.created_at)}"
    lines.append(f"{when}, took {duration(found.seconds)}" if found.seconds is not None else when)
    for title, refs in (("Took", took), ("Made", made)):
        lines += [f"{title} {about[ref].caption}: {about[ref].title} ({ref})" for ref in refs]
    lines += [f"Note: {note}" for note in found.notes]
    params = [(key, setting(value)) for key, value in sorted(found.params.items())]
    metrics = [(named(key), value) for key, value in sorted(found.metrics.items())]
    for title, rows in (("Parameter", params), ("Metric", metrics)):
        if rows:
            lines += ["", table((title, "Value"), rows)]
    call.answer(facts, "\n".join(lines))


@verb()
@click.argument("which", metavar="TASK")
@click.option("-f", "--follow", is_flag=True, help="Go on while the task runs.")
def log(call: Call, which: str, follow: bool) -> None:
    """Write the log of a task."""
    from clew.services.tasks import get_task, read_log

    with call.workspace() as ws:
        found = get_task(ws, task_number(which))
        text, offset = read_log(ws, found.id)
        if not follow or call.json:
            call.answer({"id": found.id, "log": text}, text.rstrip("\n"))
            return
        while True:
            click.echo(text, nl=False)
            over = get_task(ws, found.id).status.over
            text, offset = read_log(ws, found.id, offset)
            if over and not text:
                return
            if not text:
                time.sleep(FOLLOW_EVERY)


@verb()
@click.argument("which", metavar="TASK")
def cancel(call: Call, which: str) -> None:
    """Ask a running task to stop."""
    from clew.runner import cancel as runner_cancel
    from clew.services.tasks import get_task

    with call.workspace() as ws:
        found = get_task(ws, task_number(which))
        runner_cancel.cancel(ws, found.id)
    call.answer({"id": found.id, "asked": True}, f"Asked {found.name} (#{found.id}) to stop")


def state_text(task: "Task") -> str:
    """As "running, 40 %", or how it ended."""
    if task.status.value == "running" and task.progress is not None:
        return f"running, {100 * task.progress:.0f} %"
    return task.status.value


for _verb in (show, log, cancel):
    task.add_command(_verb)
