"""What the tasks of a graph read and made, as events for other lineage tools."""

from clew.graph.export.as_openlineage import as_openlineage
from clew.model.view import GraphView
from clew.services.tasks import list_tasks
from clew.services.workspace import Workspace


def openlineage(ws: Workspace, view: GraphView) -> str:
    """OpenLineage run events of the tasks in a view, one JSON object a line; see `graph.export`."""
    return as_openlineage(view, {task.id: task for task in list_tasks(ws)}, ws.id)
