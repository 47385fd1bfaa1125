"""`clew doctor`: looks for trouble and says what to do about it."""

import importlib.util
import platform
import shutil
import sys
from collections.abc import Iterator
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import TYPE_CHECKING

import click

from clew.base.errors import ClewError, UserError
from clew.base.find_workspace import find_workspace
from clew.base.window import EXTRA
from clew.base.words import count, listing, size
from clew.cli.call import Call, asks, verb
from clew.cli.table import table

if TYPE_CHECKING:
    from clew.services.workspace import Workspace

LITTLE_SPACE = 1_000_000_000  # bytes


@dataclass(frozen=True)
class Finding:
    """One thing looked at; `state` is "ok", "hint" or "trouble"."""

    what: str
    state: str
    text: str


@verb()
@click.option("--rebuild", is_flag=True, help="Make the workspace's database anew from its store.")
@asks
def doctor(call: Call, rebuild: bool) -> int:
    """Look at the installation and the workspace. Ends with 1 when something is wrong.

    With --rebuild, projects, versions, models and reports are listed again from the store alone, when the
    database is gone or damaged. The old database is kept.
    """
    if rebuild:
        from clew.cli.rebuilding import rebuild_workspace

        rebuild_workspace(call)
        return 0
    found = [*_machine(), *_workspace(call)]
    trouble = any(finding.state == "trouble" for finding in found)
    rows = [(f.what, f.state, f.text) for f in found]
    call.answer(
        {"healthy": not trouble, "findings": [asdict(f) for f in found]},
        table(("Looked at", "State", "Found"), rows),
    )
    return 1 if trouble else 0


def _machine() -> Iterator[Finding]:
    yield Finding("Python", "ok", f"{platform.python_version()} in {sys.executable}")
    if importlib.util.find_spec("PySide6") is None:
        yield Finding("Window", "hint", f"not installed; get it with: {EXTRA}")
    else:
        yield Finding("Window", "ok", "installed")


def _workspace(call: Call) -> Iterator[Finding]:
    try:
        path = find_workspace(call.workspace_named)
    except UserError as error:
        yield Finding("Workspace", "hint" if call.workspace_named is None else "trouble", str(error))
        return
    free = shutil.disk_usage(path).free
    yield Finding("Disk", "ok" if free > LITTLE_SPACE else "trouble", f"{size(free)} free at {path}")
    try:
        with call.workspace() as ws:
            reading = ", to be read only" if ws.read_only else ""
            yield Finding("Workspace", "ok", f"{ws.name} in {path}{reading}")
            yield from _tasks(ws)
            yield from _projects(ws)
            yield from _versions(ws)
    except ClewError as error:
        yield Finding("Workspace", "trouble", str(error))


def _tasks(ws: "Workspace") -> Iterator[Finding]:
    from clew.runner.recover import mark_lost
    from clew.services.tasks import list_tasks

    lost = () if ws.read_only else mark_lost(ws)
    names = listing([f"{task.name} (#{task.id}, now {task.status.value})" for task in lost])
    running = sum(not task.status.over for task in list_tasks(ws))
    if lost:
        yield Finding("Tasks", "hint", f"{count(len(lost), 'task')} had no process any more: {names}")
    else:
        yield Finding("Tasks", "ok", f"{count(running, 'task')} under way, none lost")


def _projects(ws: "Workspace") -> Iterator[Finding]:
    from clew.services.projects import list_projects

    for summary in list_projects(ws):
        folder = Path(summary.project.folder)
        if not folder.is_dir():
            yield Finding(
                summary.project.name, "trouble", f"its folder {folder} is gone; restore a version of it"
            )
            continue
        ended = None if ws.read_only else ws.store.finish_restores(folder)
        if ended:
            yield Finding(summary.project.name, "hint", ended)
        else:
            yield Finding(summary.project.name, "ok", str(folder))


def _versions(ws: "Workspace") -> Iterator[Finding]:
    """Whether the content of each version is there at all; `clew verify` reads every byte."""
    from clew.services.projects import list_projects
    from clew.services.versions import list_versions

    gone, there = [], 0
    for summary in list_projects(ws):
        for one in list_versions(ws, summary.project.id, deleted=False):
            if ws.store.has_tree(one.version.tree):
                there += 1
            else:
                gone.append(f"{summary.project.name}@{one.version.number}")
    if gone:
        yield Finding("Versions", "trouble", f"the content of {listing(gone)} is missing")
    else:
        yield Finding("Versions", "ok", f"{count(there, 'version')}; clew verify reads every byte of them")
