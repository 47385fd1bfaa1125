"""`clew screenshot`: a page of the real window as a picture."""

from pathlib import Path

import click

from clew.base.errors import UsageError
from clew.base.find_workspace import find_workspace
from clew.cli.call import Call, verb
from clew.cli.window import window_part


@verb()
@click.argument("page")
@click.option("-o", "--output", metavar="FILE", required=True, type=click.Path(path_type=Path))
@click.option("--size", default="1600x1000", show_default=True, metavar="WxH")
@click.option("--theme", type=click.Choice(["light", "dark"]), default="light", show_default=True)
@click.option("--select", metavar="REF", help="A block, as version:3.")
def screenshot(call: Call, page: str, *, output: Path, size: str, theme: str, select: str | None) -> None:
    """Render PAGE of the window offscreen: start, workflow, projects, tasks, models, reports …"""
    width, cross, height = size.partition("x")
    if not (cross and width.isdecimal() and height.isdecimal() and int(width) and int(height)):
        raise UsageError(f"A size is written 1600x1000, not {size}")
    workspace = None if page == "start" else find_workspace(call.workspace_named)
    render = window_part("clew.gui.screenshot", "screenshot")
    render(workspace, page, output, size=(int(width), int(height)), theme=theme, select=select)
    call.answer({"path": str(output.absolute())}, f"Wrote {output}")
