"""`clew screenshot`: a page of the real window as a picture."""

from pathlib import Path

import click

from clew.base.errors import UsageError, UserError
from clew.base.find_workspace import find_workspace
from clew.base.window import window_part
from clew.cli.call import Call, verb


@verb()
@click.argument("page")
@click.option("-o", "--output", metavar="FILE", required=True, type=click.Path(path_type=Path))
@click.option("--size", default="1600x1000", show_default=True, metavar="WxH")
@click.option("--theme", type=click.Choice(["light", "dark"]), default="light", show_default=True)
@click.option("--select", metavar="REF", help="A block, as version:3.")
def screenshot(call: Call, page: str, *, output: Path, size: str, theme: str, select: str | None) -> None:
    """Render PAGE of the window offscreen.

    PAGE is start, workflow, projects, tasks, models, reports, files or jobs; or one thing, as
    project:NAME/versions, workflow:project:1, report:1, compare:1,2 or diff:1:1:2 (project, old, new).
    """
    width, cross, height = size.partition("x")
    if not (cross and width.isdecimal() and height.isdecimal() and int(width) and int(height)):
        raise UsageError(f"A size is written 1600x1000, not {size}")
    workspace: Path | None = None
    try:
        if page != "start":
            workspace = find_workspace(call.workspace_named)
    except UserError:  # some pages need none; the others say so themselves
        if call.workspace_named is not None:
            raise
    render = window_part("clew.gui.screenshot", "screenshot")
    render(workspace, page, output, size=(int(width), int(height)), theme=theme, select=select)
    call.answer({"path": str(output.absolute())}, f"Wrote {output}")
