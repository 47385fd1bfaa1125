"""Recording which task turned what into what."""

from typing import Any

from clew.db import mapping
from clew.model.entities import Link
from clew.model.refs import BlockKind, BlockRef
from clew.services.graph_view import graph
from clew.services.links import put_link
from clew.services.observe import project_ref
from clew.services.workspace import Workspace

__all__ = ["add_link", "graph", "project_ref", "record_input", "record_output"]


def record_input(
    ws: Workspace, task_id: int, ref: BlockRef, *, title: str = "", meta: dict[str, Any] | None = None
) -> Link:
    """Note that a task read something; the same link is kept once."""
    return add_link(ws, ref, BlockRef(BlockKind.TASK, task_id), task_id=task_id, title=title, meta=meta)


def record_output(
    ws: Workspace, task_id: int, ref: BlockRef, *, title: str = "", meta: dict[str, Any] | None = None
) -> Link:
    """Note that a task made something; the same link is kept once."""
    return add_link(ws, BlockRef(BlockKind.TASK, task_id), ref, task_id=task_id, title=title, meta=meta)


def add_link(
    ws: Workspace,
    source: BlockRef,
    target: BlockRef,
    *,
    task_id: int | None = None,
    title: str = "",
    meta: dict[str, Any] | None = None,
    by_hand: bool = False,
) -> Link:
    """Keep a link between two entities that exist.

    Raises:
        UserError: one end is not there, or both are the same.
    """
    with ws.db.write() as transaction:
        link_id = put_link(
            transaction,
            source,
            target,
            user_id=ws.user.id,
            task_id=task_id,
            title=title,
            meta=meta,
            by_hand=by_hand,
        )
    with ws.db.read() as connection:
        found = mapping.first(connection, Link, id=link_id)
    assert found is not None
    return found
