"""In which graph something that was found can be seen."""

from collections.abc import Sequence

from clew.db import queries
from clew.model.refs import BlockKind, BlockRef
from clew.model.search import Hit
from clew.model.view import Scope
from clew.services.workspace import Workspace

_BY_LINKS = (BlockKind.STATE, BlockKind.DATASET, BlockKind.TASK, BlockKind.FILE)  # drawn when they have one


def locate(ws: Workspace, hits: Sequence[Hit]) -> dict[BlockRef, Scope]:
    """The scope that shows each hit; what is in no graph is left out.

    A project has a graph of its own, a frame or a note lies in one, all else is in the whole workspace's.
    """
    with ws.db.read() as connection:
        linked = queries.linked(connection, [hit.ref for hit in hits if hit.ref.kind in _BY_LINKS])
    found: dict[BlockRef, Scope] = {}
    for hit in hits:
        if hit.ref.kind is BlockKind.PROJECT:
            found[hit.ref] = Scope("project", hit.ref.id)
        elif hit.ref.kind not in _BY_LINKS or hit.ref in linked:
            found[hit.ref] = Scope.parse(hit.scope)
    return found
