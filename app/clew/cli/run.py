"""`clew run`: start an app, and wait for it."""

from typing import TYPE_CHECKING

import click

from clew.base.errors import Cancelled, UsageError, UserError
from clew.base.progress import ProgressState
from clew.base.words import duration
from clew.cli.call import Call, verb
from clew.cli.facts import task_facts
from clew.cli.refs import model_of, project_of, version_of
from clew.cli.waiting import waiting
from clew.model.refs import BlockKind, BlockRef

if TYPE_CHECKING:
    from clew.model.entities import App, AppInput, Task
    from clew.services.workspace import Workspace


@verb()
@click.argument("app")
@click.option(
    "--input",
    "inputs",
    metavar="[NAME=]PROJECT[@N]",
    multiple=True,
    help="What it reads; a model as MODEL or MODEL@N. Without NAME they go to the inputs in their order.",
)
@click.option("--param", "params", metavar="K=V", multiple=True, help="A parameter; may be repeated.")
@click.option("--trust", "trusts", is_flag=True, help="Let the given models run the programs they bring.")
@click.option("--no-wait", is_flag=True, help="Return at once; the app goes on by itself.")
def run(
    call: Call, app: str, *, inputs: tuple[str, ...], params: tuple[str, ...], trusts: bool, no_wait: bool
) -> None:
    """Run APP, and end with 1 when it fails. Ctrl+C cancels it."""
    from clew.runner.launch import launch
    from clew.services.apps import get_app
    from clew.services.tasks import task_outputs
    from clew.services.trust import trust

    with call.workspace() as ws:
        known = get_app(ws, app)
        values = _pairs(params)
        given = _inputs(ws, known, inputs)
        for ref in given.values():
            if trusts and ref.kind is BlockKind.MODEL:
                trust(ws, ref.id)
        task = launch(ws, known.slug, given, values)
        if no_wait:
            call.answer(task_facts(task), f"Started {task.name} as task {task.id}")
            return
        task = wait_for(ws, task)
        made = [str(ref) for ref in task_outputs(ws, task.id)]
    fail_unless_done(task)
    took = f" in {duration(task.seconds)}" if task.seconds is not None else ""
    text = f"{task.name} (#{task.id}) done{took}" + (f": {task.message}" if task.message else "")
    call.answer({**task_facts(task), "made": made}, "\n".join([text, *(f"Note: {n}" for n in task.notes)]))


def wait_for(ws: "Workspace", task: "Task") -> "Task":
    """Wait with a progress line; when the person breaks it off, the task is cancelled."""
    from clew.runner.cancel import cancel
    from clew.runner.wait import wait

    try:
        with waiting(_percent) as progress:
            return wait(ws, task.id, progress=progress)
    except (Cancelled, KeyboardInterrupt):
        cancel(ws, task.id)
        raise Cancelled from None


def fail_unless_done(task: "Task") -> None:
    """Turn the end of a task into the end of the command.

    Raises:
        Cancelled: the task was cancelled.
        UserError: it failed or was lost.
    """
    if task.status.value == "cancelled":
        raise Cancelled
    if task.status.value != "done":
        why = f": {task.message.rstrip('.')}" if task.message else ""
        raise UserError(f"{task.name} {_ENDS[task.status.value]}{why}. See: clew task log {task.id}")


_ENDS = {"failed": "failed", "lost": "was lost"}


def _percent(state: ProgressState) -> str:
    fraction = state.fraction
    return state.text if not fraction else f"{state.text}  {100 * fraction:.0f} %"


def _pairs(params: tuple[str, ...]) -> dict[str, str]:
    values = {}
    for text in params:
        name, equals, value = text.partition("=")
        if not equals or not name:
            raise UsageError(f"A parameter is written NAME=VALUE, not {text}")
        values[name] = value
    return values


def _inputs(ws: "Workspace", app: "App", texts: tuple[str, ...]) -> dict[str, BlockRef]:
    """Each text at the input it names, or at the next free one."""
    free = {entry.name: entry for entry in app.inputs}
    found: dict[str, BlockRef] = {}
    unnamed = []
    for text in texts:
        name, equals, value = text.partition("=")
        if equals and name in free:
            found[name] = _block(ws, free.pop(name), value)
        else:
            unnamed.append(text)
    for text in unnamed:
        if not free:
            raise UsageError(f"{app.name} takes {len(app.inputs)} inputs; {text} is one too many")
        entry = free.pop(next(iter(free)))
        found[entry.name] = _block(ws, entry, text)
    return found


def _block(ws: "Workspace", entry: "AppInput", text: str) -> BlockRef:
    kind, colon, number = text.partition(":")
    if colon and number.isdecimal() and kind in {known.value for known in BlockKind}:
        return BlockRef.parse(text)
    if entry.kind == "model":
        return model_of(ws, text).ref
    if entry.kind == "file":
        from clew.services.files import register_file

        return BlockRef(BlockKind.FILE, register_file(ws, text).id)
    project, version = project_of(ws, text)
    return BlockRef(BlockKind.PROJECT, project.id) if version is None else version_of(ws, text)[1].ref
