"""`clew import`: pictures and annotations into a project."""

from pathlib import Path

import click

from clew.base.words import count
from clew.cli.call import Call, verb
from clew.cli.facts import project_facts
from clew.cli.waiting import waiting


@verb()
@click.argument("source", type=click.Path(path_type=Path))
@click.option(
    "--project", metavar="NAME", help="A new project, or the one to add to; the source's name unless given."
)
@click.option(
    "--format",
    "format_",
    default="auto",
    show_default=True,
    metavar="FORMAT",
    help="images, coco, yolo, clew, files.",
)
@click.option("--images", type=click.Path(path_type=Path), help="Where the pictures of a COCO file are.")
@click.option("--link", is_flag=True, help="Leave the files where they are; that folder becomes the project.")
@click.option(
    "--replace",
    is_flag=True,
    help="Items there with other content get the new one; else nothing is imported.",
)
@click.option(
    "--skip-broken", is_flag=True, help="Leave out files that cannot be read; else nothing is imported."
)
def import_data(
    call: Call,
    source: Path,
    *,
    project: str | None,
    format_: str,
    images: Path | None,
    link: bool,
    replace: bool,
    skip_broken: bool,
) -> None:
    """Bring the pictures and annotations of SOURCE, a folder or a COCO file, into a project."""
    from clew.services.import_task import import_as_task
    from clew.services.imports import plan_import

    with call.workspace() as ws, waiting() as progress:
        plan = plan_import(
            ws, source.expanduser(), project=project, format=format_, images=images, progress=progress
        )
        done = import_as_task(
            ws, plan, skip_broken=skip_broken, link=link, replace=replace, progress=progress
        )
    skipped = [{"path": b.path, "reason": b.reason} for b in done.skipped]
    facts = {
        "project": project_facts(done.project),
        "format": plan.format,
        "items": done.items,
        "objects": done.objects,
        "skipped": skipped,
        "state": str(done.state),
    }
    lines = [
        f"Imported {count(done.items, 'item')} with {count(done.objects, 'object')} into {done.project.name}"
    ]
    lines += [f"Left out {broken['path']}: {broken['reason']}" for broken in skipped]
    call.answer(facts, "\n".join(lines))
