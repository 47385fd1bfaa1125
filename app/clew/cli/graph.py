"""`clew graph`: what was made from what, for people and programs."""

from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

import click

from clew.base.atomic import write_atomic
from clew.base.errors import UsageError, UserError, explain_os_error
from clew.base.window import window_part
from clew.base.words import count
from clew.cli.call import Call, verb
from clew.cli.refs import block_of, project_of, task_number
from clew.graph.export.as_json import graph_facts
from clew.model.view import GraphView, Scope

if TYPE_CHECKING:
    from clew.services.workspace import Workspace

MOST_SCALE = 4.0


@dataclass(frozen=True)
class Look:
    """How a picture is wanted."""

    theme: str
    scale: float
    paper: bool

    @property
    def plain(self) -> bool:
        """Whether an SVG in plain lines would do."""
        return self.theme == "light" and self.paper


@verb()
@click.option("--project", metavar="PROJECT", help="Only what has to do with this project.")
@click.option("--task", metavar="TASK", help="Only what this task read and made, and what led to it.")
@click.option(
    "--only", metavar="BLOCK", multiple=True, help="Only this block, as PROJECT@N or task:3; may come often."
)
@click.option(
    "--format",
    "format_",
    type=click.Choice(["json", "svg", "png", "pdf", "dot", "mermaid", "openlineage"]),
    help="By the ending of the output, else json.",
)
@click.option(
    "--theme", type=click.Choice(["light", "dark"]), default="light", help="The colours of a picture."
)
@click.option(
    "--scale",
    type=click.FloatRange(0.1, MOST_SCALE),
    default=2.0,
    show_default=True,
    help="Pixels of a PNG for one of the canvas.",
)
@click.option("--transparent", is_flag=True, help="A picture without ground.")
@click.option("-o", "--output", metavar="FILE", type=click.Path(path_type=Path))
def graph(
    call: Call,
    *,
    project: str | None,
    task: str | None,
    only: tuple[str, ...],
    format_: str | None,
    theme: str,
    scale: float,
    transparent: bool,
    output: Path | None,
) -> None:
    """Write the graph of the workspace, of a project, of a task, or of some blocks.

    SVG, PDF and PNG look like the canvas and need the window's packages, but no display. Without them SVG is
    written in plain lines and light colours. OpenLineage writes the runs of tasks, one event a line.
    """
    from clew.services import graph_files
    from clew.services.graph_view import graph as read_graph

    if project and task:
        raise UsageError("Name a project or a task, not both")
    chosen = format_ or (graph_files.format_of(output) if output else None) or "json"
    if output is None and chosen in ("png", "pdf"):
        raise UsageError(f"A picture of this kind needs a file: -o graph.{chosen}")
    with call.workspace() as ws:
        view = read_graph(ws, _scope(ws, project, task))
        if only:
            view = graph_files.only(view, [block_of(ws, text) for text in only])
        body, note = _body(ws, view, chosen, Look(theme, scale, not transparent))
    if output is None:
        call.answer(graph_facts(view), lambda: body.decode().removesuffix("\n"))
        return
    try:
        write_atomic(output, body)
    except OSError as error:
        raise explain_os_error(error, f"writing {output}") from error
    call.answer(
        {"path": str(output.absolute()), "blocks": len(view.blocks), "links": len(view.links)},
        f"Wrote {count(len(view.blocks), 'block')} and {count(len(view.links), 'link')} to {output}{note}",
    )


def _body(ws: "Workspace", view: GraphView, form: str, look: Look) -> tuple[bytes, str]:
    """The file, and what there is to say of it; an SVG in plain lines where the window is not installed."""
    from clew.services.graph_files import PICTURES, graph_text

    if form not in PICTURES:
        return graph_text(ws, view, form).encode(), ""
    try:
        draw = window_part("clew.gui.graph_picture", "graph_picture")
    except UserError:
        if form != "svg" or not look.plain:
            raise
        from clew.cli.graph_svg import as_svg  # numpy

        return f"{as_svg(view)}\n".encode(), ""
    data, scale = draw(ws, view, form, theme=look.theme, scale=look.scale, paper=look.paper)
    lowered = form == "png" and scale < look.scale
    return data, f", at a scale of {scale:.2g}: it would have been too large" if lowered else ""


def _scope(ws: "Workspace", project: str | None, task: str | None) -> Scope:
    if project:
        return Scope("project", project_of(ws, project)[0].id)
    if task:
        from clew.services.tasks import get_task

        return Scope("task", get_task(ws, task_number(task)).id)
    return Scope()
