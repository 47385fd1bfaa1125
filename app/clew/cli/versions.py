"""`clew version …`: save, list, compare, restore, download, delete, bring back, promote."""

from pathlib import Path

import click

from clew.base.clock import friendly
from clew.base.errors import UsageError
from clew.base.words import count, size
from clew.cli.call import Call, asks, verb
from clew.cli.diff_text import diff_text
from clew.cli.facts import diff_facts, project_facts, version_facts
from clew.cli.refs import project_of, version_of
from clew.cli.states import promote, states
from clew.cli.table import table
from clew.cli.waiting import waiting


@click.group()
def version() -> None:
    """Versions of a project: a version is written PROJECT@N."""


@verb()
@click.argument("project")
@click.option("--title", default="", help="A few words; what changed and why.")
@click.option("--description", default="")
def create(call: Call, project: str, title: str, description: str) -> None:
    """Save the state of PROJECT. Ends with 3 when nothing changed."""
    from clew.services.versions import create_version

    with call.workspace() as ws, waiting() as progress:
        owner, number = project_of(ws, project)
        if number is not None:
            raise UsageError(f'Name the project without a number: clew version create "{owner.name}"')
        saved = create_version(ws, owner.id, title, description, progress=progress)
    call.answer(
        version_facts(saved),
        f"Saved version {saved.number} of {owner.name}: {count(saved.files, 'file')}, "
        f"{size(saved.size)}, {size(saved.added)} of it new",
    )


@verb("list")
@click.argument("project")
def list_(call: Call, project: str) -> None:
    """List the versions of PROJECT, newest first."""
    from clew.services.versions import list_versions

    with call.workspace() as ws:
        owner, _ = project_of(ws, project)
        found = list_versions(ws, owner.id)
    facts = [
        {
            **version_facts(s.version),
            "user": s.user,
            "items": s.statistics.items,
            "objects": s.statistics.objects,
            "change": s.change,
            "used_by": list(s.used_by),
            "task": s.task_name,
        }
        for s in found
    ]
    if not found:
        call.answer(
            facts, f'{owner.name} has no version yet. Save one with: clew version create "{owner.name}"'
        )
        return
    rows = [
        (
            s.version.number,
            s.version.title if s.version.status.value == "saved" else f"{s.version.title} (deleted)",
            s.statistics.items,
            s.statistics.objects,
            s.change,
            friendly(s.version.created_at),
            s.saved_by,
            ", ".join(s.used_by),
        )
        for s in found
    ]
    headers = ("Version", "Title", "Items", "Objects", "Change", "Saved", "By", "Used by")
    call.answer(facts, table(headers, rows))


@verb()
@click.argument("which", metavar="PROJECT[@N]")
def show(call: Call, which: str) -> None:
    """Show one version: what is in it, what changed, where it came from."""
    from clew.services.projects import get_project
    from clew.services.statistics import statistics_of

    with call.workspace() as ws:
        owner, chosen = version_of(ws, which)
        counted = statistics_of(ws, chosen.tree, get_project(ws, owner.id))
    facts = {
        **version_facts(chosen),
        "project": owner.name,
        "items": counted.items,
        "annotated": counted.annotated,
        "objects": counted.objects,
        "classes": counted.classes,
        "datasets": counted.datasets,
    }
    lines = [
        f"{owner.name}, version {chosen.number}: {chosen.title}",
        *([chosen.description] if chosen.description else []),
        f"Saved {friendly(chosen.created_at)}"
        + (" and deleted since" if chosen.status.value == "deleted" else ""),
        f"{count(counted.items, 'item')}, {counted.annotated:,} of them annotated, "
        f"{count(counted.objects, 'object')}",
        f"{count(chosen.files, 'file')}, {size(chosen.size)}, {size(chosen.added)} of it new",
    ]
    if counted.classes:
        lines += ["", table(("Class", "Objects"), sorted(counted.classes.items()))]
    if counted.datasets:
        lines += ["", table(("Dataset", "Items"), sorted(counted.datasets.items()))]
    call.answer(facts, "\n".join(lines))


@verb()
@click.argument("first", metavar="PROJECT[@N]")
@click.argument("second", metavar="[PROJECT@M]", required=False)
def diff(call: Call, first: str, second: str | None) -> None:
    """Show what changed from one version to the other.

    With one version named: against the version before it. With PROJECT alone: what the working folder has
    that the latest version has not.
    """
    from clew.services.diffs import diff_versions

    with call.workspace() as ws, waiting() as progress:
        owner, number = project_of(ws, first)
        old: int | None = None
        new = number
        if second is not None:
            other, new = project_of(ws, second)
            if other.id != owner.id:
                raise UsageError("Versions of two projects cannot be compared; name one project twice")
            old = number
        found = diff_versions(ws, owner.id, old, new, progress=progress)
    call.answer(diff_facts(found), lambda: diff_text(owner.name, found))


@verb()
@click.argument("which", metavar="PROJECT@N")
@click.option("--as-project", metavar="NAME", help="Restore as a new project instead of in place.")
@click.option("--only", metavar="PATH", multiple=True, help="This dataset or file alone; may be repeated.")
@click.option(
    "--only-class",
    metavar="CLASS",
    multiple=True,
    help="Pictures with an object of this class alone; may be repeated.",
)
@click.option("--dry-run", is_flag=True, help="Show the plan and do nothing.")
@asks
def restore(
    call: Call,
    which: str,
    as_project: str | None,
    only: tuple[str, ...],
    only_class: tuple[str, ...],
    dry_run: bool,
) -> None:
    """Bring a version back, in place or as a new project. What was never saved is saved first."""
    from clew.cli.restoring import restore_in_place
    from clew.services.restore import restore_as_project

    if "@" not in which:
        raise UsageError(f'Say which version: clew version restore "{which}@N"')
    with call.workspace() as ws:
        owner, chosen = version_of(ws, which)
        if as_project is None:
            restore_in_place(call, ws, chosen, only, only_class, dry_run=dry_run)
            return
        if dry_run:
            call.answer(
                {"plan": {"project": as_project, "files": chosen.files, "bytes": chosen.size}},
                f"Would write {count(chosen.files, 'file')} ({size(chosen.size)}) as project {as_project}",
            )
            return
        with waiting() as progress:
            made = restore_as_project(
                ws, chosen.id, as_project, only=only, classes=only_class, progress=progress
            )
    call.answer(
        {"project": project_facts(made), "version": version_facts(chosen), "safety": None},
        f"Restored {owner.name}, version {chosen.number}, as the project {made.name} in {made.folder}",
    )


@verb()
@click.argument("which", metavar="PROJECT@N")
@click.option(
    "-o", "--output", metavar="DIR|FILE.zip|FILE.tar.zst", required=True, type=click.Path(path_type=Path)
)
@click.option("--only", metavar="PATH", multiple=True, help="This dataset or file alone; may be repeated.")
@click.option("--only-class", metavar="CLASS", multiple=True, help="Pictures with this class alone.")
def download(
    call: Call, which: str, output: Path, only: tuple[str, ...], only_class: tuple[str, ...]
) -> None:
    """Write a version as plain files into a new folder, or into a .zip or .tar.zst archive."""
    from clew.services.restore import download_version

    with call.workspace() as ws, waiting() as progress:
        owner, chosen = version_of(ws, which)
        files = download_version(ws, chosen.id, output, only=only, classes=only_class, progress=progress)
    target = output.expanduser().absolute()
    call.answer(
        {"version": version_facts(chosen), "path": str(target), "files": files},
        f"Wrote {count(files, 'file')} of {owner.name}, version {chosen.number}, to {target}",
    )


@verb()
@click.argument("which", metavar="PROJECT@N")
@click.option("--dry-run", is_flag=True, help="Show the plan and do nothing.")
@asks
def delete(call: Call, which: str, dry_run: bool) -> None:
    """Delete a version. Its block stays in the history, and undelete brings it back."""
    from clew.services.versions import delete_version, plan_delete

    if "@" not in which:
        raise UsageError(f'Say which version: clew version delete "{which}@N"')
    with call.workspace() as ws:
        owner, chosen = version_of(ws, which)
        plan = plan_delete(ws, chosen.id)
        label = f"{owner.name}, version {chosen.number}"
        lines = [f"Delete {label}: {chosen.title}"]
        lines += [f"  {name} was made from it" for name in plan.depends]
        if dry_run:
            call.answer(
                {"plan": {"version": version_facts(chosen), "depends": list(plan.depends)}}, "\n".join(lines)
            )
            return
        call.say("\n".join(lines))
        call.ask("Delete it?")
        delete_version(ws, plan)
    call.answer(
        {"version": {**version_facts(chosen), "status": "deleted"}, "depends": list(plan.depends)},
        f'Deleted {label}. Bring it back with: clew version undelete "{owner.name}@{chosen.number}"',
    )


@verb()
@click.argument("which", metavar="PROJECT@N")
def undelete(call: Call, which: str) -> None:
    """Bring a deleted version back while its content is still stored."""
    from clew.services.versions import undelete_version

    with call.workspace() as ws:
        owner, chosen = version_of(ws, which)
        back = undelete_version(ws, chosen.id)
    call.answer(version_facts(back), f"Brought {owner.name}, version {back.number}, back")


for _verb in (create, list_, show, diff, restore, download, delete, undelete, promote, states):
    version.add_command(_verb)
