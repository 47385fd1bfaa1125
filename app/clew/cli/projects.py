"""`clew projects`."""

from clew.base.clock import friendly
from clew.cli.call import Call, verb
from clew.cli.facts import project_facts, version_facts
from clew.cli.table import table


@verb()
def projects(call: Call) -> None:
    """List the projects with their latest version."""
    from clew.services.projects import list_projects

    with call.workspace() as ws:
        found = list_projects(ws)
    facts = [
        {
            **project_facts(s.project),
            "versions": s.versions,
            "latest": version_facts(s.latest) if s.latest else None,
            "items": s.statistics.items if s.statistics else None,
            "objects": s.statistics.objects if s.statistics else None,
        }
        for s in found
    ]
    if not found:
        call.answer(facts, "No projects yet. Begin with: clew import SOURCE --project NAME")
        return
    rows = [
        (
            s.project.id,
            s.project.name,
            s.versions,
            s.statistics.items if s.statistics else None,
            s.statistics.objects if s.statistics else None,
            f"{s.latest.number}: {s.latest.title}" if s.latest else "not saved yet",
            friendly(s.updated_at),
        )
        for s in found
    ]
    headers = ("Id", "Name", "Versions", "Items", "Objects", "Latest version", "Changed")
    call.answer(facts, table(headers, rows))
