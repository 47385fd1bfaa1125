"""`clew gc`: give back the space that nobody needs any more."""

from typing import TYPE_CHECKING, Any

import click

from clew.base.errors import NothingToDo
from clew.base.words import count, listing, size
from clew.cli.call import Call, asks, verb
from clew.cli.facts import version_facts
from clew.cli.waiting import waiting

if TYPE_CHECKING:
    from clew.services.maintenance import GcPlan


@verb()
@click.option("--dry-run", is_flag=True, help="Show the plan and do nothing.")
@asks
def gc(call: Call, dry_run: bool) -> None:
    """Reclaim the space of deleted versions and costly intermediate states. Ends undelete for them.

    Nothing younger than an hour is touched. Ends with 3 when there is nothing to reclaim.
    """
    from clew.services.maintenance import apply_gc, plan_gc

    with call.workspace() as ws:
        with waiting() as progress:
            plan = plan_gc(ws, progress=progress)
        facts = plan_facts(plan)
        if plan.nothing:
            raise NothingToDo(_waits(plan, "There is nothing to reclaim") + ".")
        if dry_run:
            call.answer({"plan": facts}, plan_text(plan))
            return
        call.say(plan_text(plan))
        call.ask("Reclaim it?")
        with waiting() as progress:
            done = apply_gc(ws, plan, progress=progress)
    call.answer({**facts, "reclaimed": done.free}, f"Reclaimed {size(done.free)}")


def plan_facts(plan: "GcPlan") -> dict[str, Any]:
    return {
        "versions": [{"project": v.project, **version_facts(v.version)} for v in plan.versions],
        "states": [{"id": s.id, "label": s.label, "project_id": s.project_id} for s in plan.states],
        "bytes": plan.free,
        "waiting": plan.waiting,
        "drop": len(plan.packs.drop),
        "rewrite": len(plan.packs.rewrite),
    }


def plan_text(plan: "GcPlan") -> str:
    """The plan in a few lines."""
    lines = [_waits(plan, f"Reclaim {size(max(0, plan.free))}")]
    for one in plan.versions:
        lines.append(f"  {one.project}, version {one.version.number}: deleted, cannot be brought back after")
    if plan.states:
        labels = listing([state.label for state in plan.states])
        noun = "intermediate state is" if len(plan.states) == 1 else "intermediate states are"
        lines.append(f"  {len(plan.states)} {noun} kept no longer: {labels}")
    lines.append(
        f"  {count(len(plan.packs.drop), 'pack')} removed, "
        f"{count(len(plan.packs.rewrite), 'pack')} written anew"
    )
    return "\n".join(lines)


def _waits(plan: "GcPlan", text: str) -> str:
    if plan.waiting:
        text += f"; {size(plan.waiting)} more can be reclaimed once older than an hour"
    return text
