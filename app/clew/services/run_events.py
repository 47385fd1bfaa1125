"""What the tasks of a graph read and made, as events for other lineage tools."""

from clew.graph.export.as_openlineage import as_openlineage
from clew.model.refs import BlockKind, BlockRef
from clew.model.view import GraphView
from clew.services.graph_view import read_rows
from clew.services.workspace import Workspace


def openlineage(ws: Workspace, view: GraphView) -> str:
    """OpenLineage run events of the tasks in a view, one JSON object a line; see `graph.export`."""
    with ws.db.read() as connection:
        rows = read_rows(connection)
    numbers = {version.ref: str(version.number) for version in rows.versions.values()}
    numbers |= {BlockRef(BlockKind.STATE, state.id): state.label for state in rows.states.values()}
    numbers |= {model.ref: str(model.number) for model in rows.models.values()}
    return as_openlineage(view, rows.tasks, ws.id, numbers)
