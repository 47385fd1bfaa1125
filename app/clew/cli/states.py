"""Intermediate states on the command line: list them, and make a version of one."""

from typing import TYPE_CHECKING

import click

from clew.base.clock import friendly
from clew.base.errors import UsageError
from clew.cli.call import Call, verb
from clew.cli.facts import moment, version_facts
from clew.cli.refs import project_of
from clew.cli.table import table

if TYPE_CHECKING:
    from clew.services.workspace import Workspace


@verb()
@click.argument("project")
def states(call: Call, project: str) -> None:
    """List the intermediate states of PROJECT: what apps saw or left between versions."""
    from clew.services.versions import get_version, list_states

    with call.workspace() as ws:
        owner, _ = project_of(ws, project)
        found = list_states(ws, owner.id)
        kept = ws.store.kept(state.tree for state in found)
        became = {s.id: get_version(ws, s.version_id).number for s in found if s.version_id is not None}
    facts = [
        {
            "id": s.id,
            "label": s.label,
            "kept": s.tree in kept,
            "version": became.get(s.id),
            "task_id": s.task_id,
            "tree": s.tree,
            "created_at": moment(s.created_at),
        }
        for s in found
    ]
    if not found:
        call.answer(
            facts, f"{owner.name} has no intermediate states: apps read and wrote saved versions only."
        )
        return
    rows = [
        (
            s.label,
            f"version {became[s.id]}" if s.id in became else "kept" if s.tree in kept else "not kept",
            friendly(s.created_at),
            f"#{s.task_id}" if s.task_id else "",
        )
        for s in found
    ]
    call.answer(facts, table(("State", "Content", "Seen", "By task"), rows))


@verb()
@click.argument("state", metavar="PROJECT@N.M")
@click.option("--title", default="")
@click.option("--description", default="")
def promote(call: Call, state: str, title: str, description: str) -> None:
    """Make a version of an intermediate state, written as in the graph: PROJECT@2.1 (or state:12)."""
    from clew.services.versions import promote_state

    with call.workspace() as ws:
        made = promote_state(ws, _state_id(ws, state), title, description)
    call.answer(version_facts(made), f"Made version {made.number} of it: {made.title}")


def _state_id(ws: "Workspace", text: str) -> int:
    from clew.services.projects import find_project
    from clew.services.versions import state_by_label

    number = text.removeprefix("state:")
    if number.isdecimal():
        return int(number)
    name, at, label = text.rpartition("@")
    if not at or not label.replace(".", "", 1).isdecimal() or "." not in label:
        raise UsageError(f"An intermediate state is written PROJECT@2.1 or state:12, not {text}")
    return state_by_label(ws, find_project(ws, name).id, label).id
