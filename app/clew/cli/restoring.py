"""Restore in place on the command line: the plan, the question, the work."""

from typing import TYPE_CHECKING

from clew.base.words import count, size
from clew.cli.call import Call
from clew.cli.facts import diff_facts, project_facts, version_facts
from clew.cli.waiting import waiting

if TYPE_CHECKING:
    from clew.model.entities import Version
    from clew.services.restore import RestoreInPlace
    from clew.services.workspace import Workspace


def restore_in_place(
    call: Call,
    ws: "Workspace",
    version: "Version",
    only: tuple[str, ...],
    classes: tuple[str, ...] = (),
    *,
    dry_run: bool,
) -> None:
    """Show what restoring would do to the working folder, ask, and do it.

    Raises:
        Cancelled: the person says no.
        NothingToDo: the folder is in that state already.
    """
    from clew.services.restore import apply_restore, plan_restore

    plan = plan_restore(ws, version.id, only=only, classes=classes)
    facts = {
        "project": project_facts(plan.project),
        "version": version_facts(version),
        "write": plan.write,
        "delete": plan.delete,
        "keep": plan.keep,
        "bytes_to_write": plan.bytes_to_write,
        "unsaved": diff_facts(plan.unsaved) if plan.unsaved else None,
    }
    if dry_run:
        call.answer({"plan": facts}, plan_text(plan))
        return
    call.say(plan_text(plan))
    call.ask("Restore it?")
    with waiting() as progress:
        done = apply_restore(ws, plan, progress=progress)
    text = f"Restored {done.project.name}, version {done.version.number}"
    if done.safety:
        text += f". What was not saved is version {done.safety.number}: {done.safety.title}"
    call.answer({**facts, "safety": version_facts(done.safety) if done.safety else None}, text)


def plan_text(plan: "RestoreInPlace") -> str:
    """The plan in a few lines."""
    lines = [
        f"Restore {plan.project.name}, version {plan.version.number}, in {plan.project.folder}",
        f"  write   {count(plan.write, 'file')} ({size(plan.bytes_to_write)})",
        f"  delete  {count(plan.delete, 'file')}",
        f"  keep    {count(plan.keep, 'file')}",
    ]
    if plan.unsaved is not None:
        changed = len(plan.unsaved.items) + len(plan.unsaved.files)
        lines.append(
            f"  first   save the unsaved state ({count(changed, 'change')}) as a version, so nothing is lost"
        )
    return "\n".join(lines)
