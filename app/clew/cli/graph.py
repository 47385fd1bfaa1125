"""`clew graph`: what was made from what, for people and programs."""

from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING

import click

from clew.base.atomic import write_atomic
from clew.base.errors import UsageError, UserError, explain_os_error
from clew.base.words import count
from clew.cli.call import Call, verb
from clew.cli.refs import project_of, task_number
from clew.cli.window import window_part
from clew.graph.export.as_dot import as_dot
from clew.graph.export.as_json import as_json, graph_facts
from clew.graph.export.as_mermaid import as_mermaid
from clew.model.view import GraphView, Scope

if TYPE_CHECKING:
    from clew.services.workspace import Workspace


@verb()
@click.option("--project", metavar="PROJECT", help="Only what has to do with this project.")
@click.option("--task", metavar="TASK", help="Only what this task read and made, and what led to it.")
@click.option(
    "--format",
    "format_",
    type=click.Choice(["json", "svg", "png", "pdf", "dot", "mermaid", "openlineage"]),
    help="By the ending of the output, else json.",
)
@click.option(
    "--theme", type=click.Choice(["light", "dark"]), default="light", help="The colours of a picture."
)
@click.option("-o", "--output", metavar="FILE", type=click.Path(path_type=Path))
def graph(
    call: Call,
    *,
    project: str | None,
    task: str | None,
    format_: str | None,
    theme: str,
    output: Path | None,
) -> None:
    """Write the graph of the workspace, of a project, or of a task.

    SVG, PDF and PNG look like the canvas and need the window's packages, but no display. Without them SVG is
    written in plain lines and light colours. OpenLineage writes the runs of tasks, one event a line.
    """
    from clew.services.graph_view import graph as read_graph

    if project and task:
        raise UsageError("Name a project or a task, not both")
    chosen = format_ or ENDINGS.get(output.suffix.lower() if output else "", "json")
    if output is None and chosen in ("png", "pdf"):
        raise UsageError(f"A picture of this kind needs a file: -o graph.{chosen}")
    with call.workspace() as ws:
        scope = _scope(ws, project, task)
        view = read_graph(ws, scope)
        drawn = _drawn(ws, view, chosen, theme)
    if output is None:
        call.answer(graph_facts(view), lambda: WRITERS[chosen](view) if drawn is None else drawn.decode())
        return
    try:
        write_atomic(output, f"{WRITERS[chosen](view)}\n".encode() if drawn is None else drawn)
    except OSError as error:
        raise explain_os_error(error, f"writing {output}") from error
    call.answer(
        {"path": str(output.absolute()), "blocks": len(view.blocks), "links": len(view.links)},
        f"Wrote {count(len(view.blocks), 'block')} and {count(len(view.links), 'link')} to {output}",
    )


ENDINGS = {".json": "json", ".dot": "dot", ".gv": "dot", ".mmd": "mermaid", ".md": "mermaid"}
ENDINGS |= {".svg": "svg", ".png": "png", ".pdf": "pdf", ".ndjson": "openlineage", ".jsonl": "openlineage"}


def _drawn(ws: "Workspace", view: GraphView, form: str, theme: str) -> bytes | None:
    """What the canvas draws, or what the tasks tell; None where the view alone is enough.

    An SVG has to be made without the window where that is not installed.
    """
    if form == "openlineage":
        from clew.services.run_events import openlineage

        return openlineage(ws, view).encode()
    if form not in ("svg", "png", "pdf"):
        return None
    try:
        drawn: bytes = window_part("clew.gui.graph_picture", "graph_picture")(ws, view, form, theme)
    except UserError:
        if form != "svg" or theme == "dark":
            raise
        return None
    return drawn


def _scope(ws: "Workspace", project: str | None, task: str | None) -> Scope:
    if project:
        return Scope("project", project_of(ws, project)[0].id)
    if task:
        from clew.services.tasks import get_task

        return Scope("task", get_task(ws, task_number(task)).id)
    return Scope()


def as_svg(view: GraphView) -> str:
    from clew.cli import graph_svg  # numpy

    return graph_svg.as_svg(view)


WRITERS: dict[str, Callable[[GraphView], str]] = {
    "json": as_json,
    "dot": as_dot,
    "mermaid": as_mermaid,
    "svg": as_svg,
}
