"""`clew init`: a new workspace."""

from pathlib import Path

import click

from clew.cli.call import Call, verb


@verb()
@click.argument("folder", metavar="DIR", type=click.Path(path_type=Path))
@click.option("--name", help="What people call it; the name of the folder unless given.")
def init(call: Call, folder: Path, name: str | None) -> None:
    """Make a workspace in a new or an empty folder."""
    from clew.services.workspace import create_workspace

    with create_workspace(folder, name) as ws:
        facts = {"path": str(ws.path), "name": ws.name, "id": ws.id}
    call.answer(facts, f"Made the workspace {facts['name']} in {facts['path']}")
