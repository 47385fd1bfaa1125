"""`clew doctor --rebuild`: the database of a workspace made anew from its store."""

import os
from pathlib import Path

from clew.base.errors import UserError
from clew.base.find_workspace import find_workspace
from clew.base.words import count, listing
from clew.cli.call import Call


def rebuild_workspace(call: Call) -> None:
    """Show what the store knows, ask, and rebuild.

    Raises:
        UserError: no folder with a store is named or around.
    """
    from clew.services.rebuild import plan_rebuild, rebuild

    plan = plan_rebuild(_meant(call.workspace_named))
    facts = {
        "path": str(plan.path),
        "projects": list(plan.projects),
        "versions": plan.versions,
        "models": plan.models,
        "reports": plan.reports,
        "lost": list(plan.lost),
    }
    lines = [
        f"Rebuild the workspace {plan.name} in {plan.path} from its store: "
        f"{count(len(plan.projects), 'project')}, {count(plan.versions, 'version')}, "
        f"{count(plan.models, 'model')}, {count(plan.reports, 'report')}",
        "Tasks, links, notes and intermediate states are not in the store and will be missing.",
    ]
    if plan.lost:
        lines.append(f"The content of {listing(list(plan.lost))} is missing; they are listed as deleted.")
    call.say("\n".join(lines))
    call.ask("Rebuild it?")
    aside = rebuild(plan)
    kept = f" The old database is kept as {aside.name}." if aside else ""
    call.answer({**facts, "kept": str(aside) if aside else None}, f"Rebuilt {plan.name}.{kept}")


def _meant(named: str | None) -> Path:
    """The folder of the workspace that is meant, also when its database is gone."""
    try:
        return find_workspace(named)
    except UserError:
        around = Path.cwd()
        chosen = named or os.environ.get("CLEW_WORKSPACE")
        for folder in [Path(chosen).expanduser().absolute()] if chosen else [around, *around.parents]:
            if (folder / "store" / "format").is_file():
                return folder
        raise
