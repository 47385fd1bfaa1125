"""`clew open`: the window."""

from pathlib import Path

import click

from clew.base.errors import UserError
from clew.base.find_workspace import find_workspace
from clew.cli.call import Call, verb
from clew.cli.window import show_window


@verb("open")
@click.argument("folder", metavar="[WORKSPACE]", required=False, type=click.Path(path_type=Path))
def open_window(call: Call, folder: Path | None = None) -> int:
    """Open the app with WORKSPACE or the one that is meant, else with its start page."""
    named = folder if folder is not None else call.workspace_named
    if named is not None:
        return show_window(find_workspace(named))
    try:
        return show_window(find_workspace())
    except UserError:
        return show_window(None)
