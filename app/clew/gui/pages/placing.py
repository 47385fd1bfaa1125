"""What the page of the graph reads beside the UI thread: the graph, and places for many new blocks."""

from collections.abc import Mapping
from dataclasses import dataclass, replace

from clew.gui.canvas.merge import merge
from clew.gui.canvas.scene import Scene
from clew.model.refs import BlockRef
from clew.model.view import GraphView, Place, Scope
from clew.services.graph_view import graph
from clew.services.task_blocks import TaskNews, task_news
from clew.services.tasks import running_tasks
from clew.services.workspace import Workspace

MANY = 60  # new blocks; fewer get their places in a few milliseconds where they are shown


@dataclass(frozen=True)
class Reading:
    """A graph with a place for every block, if many had none.

    Attributes:
        view: the graph.
        given: the places that were given just now and are to be kept.
        running: the tasks that ran just before it was read.
    """

    view: GraphView
    given: dict[BlockRef, Place]
    running: tuple[TaskNews, ...]


def read_graph(ws: Workspace, scope: Scope, known: Mapping[BlockRef, Place]) -> Reading:
    """Read the graph of a scope; `known` are places on screen, for blocks that have none in the workspace."""
    running = task_news(ws, [task.id for task in running_tasks(ws)])
    view = graph(ws, scope)
    return Reading(*placed(replace(view, positions={**known, **view.positions})), running)


def placed(view: GraphView) -> tuple[GraphView, dict[BlockRef, Place]]:
    """The graph with a place for every block if many have none, and those places, which are to be kept."""
    new = sum(block.ref not in view.positions for block in view.blocks)
    if new < MANY:
        return view, {}
    given = merge(Scene(), view).given
    return replace(view, positions={**view.positions, **given}), given
