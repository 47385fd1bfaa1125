"""Recording which task turned what into what."""

from typing import Any

from clew.base.clock import now_us
from clew.base.errors import UserError
from clew.db import mapping
from clew.model.entities import (
    Dataset,
    FileEntry,
    LabelingJob,
    Link,
    Model,
    Project,
    Report,
    State,
    Task,
    Version,
)
from clew.model.refs import BlockKind, BlockRef
from clew.services.graph_view import graph
from clew.services.observe import project_ref
from clew.services.workspace import Workspace

__all__ = ["ENTITY_OF", "add_link", "check_ref", "graph", "project_ref", "record_input", "record_output"]

ENTITY_OF: dict[BlockKind, type[Any]] = {
    BlockKind.PROJECT: Project,
    BlockKind.VERSION: Version,
    BlockKind.STATE: State,
    BlockKind.DATASET: Dataset,
    BlockKind.TASK: Task,
    BlockKind.MODEL: Model,
    BlockKind.REPORT: Report,
    BlockKind.FILE: FileEntry,
    BlockKind.JOB: LabelingJob,
}


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
    if source == target:
        raise UserError("A block cannot be linked with itself.")
    with ws.db.write() as transaction:
        for ref in (source, target):
            check_ref(transaction.connection, ref)
        known = mapping.first(
            transaction.connection,
            Link,
            source_kind=source.kind.value,
            source_id=source.id,
            target_kind=target.kind.value,
            target_id=target.id,
        )
        if known is not None:
            if title or meta:
                mapping.change(transaction, Link, known.id, title=title, meta={**known.meta, **(meta or {})})
            link_id = known.id
        else:
            link_id = mapping.add(
                transaction,
                Link,
                source=source,
                target=target,
                task_id=task_id,
                title=title,
                meta=meta or {},
                by_hand=by_hand,
                created_at=now_us(),
                created_by=ws.user.id,
            )
    with ws.db.read() as connection:
        found = mapping.first(connection, Link, id=link_id)
    assert found is not None
    return found


def check_ref(connection: Any, ref: BlockRef) -> Any:  # the one place where any entity may come out
    """The entity that a reference points at.

    Raises:
        UserError: there is none.
    """
    found = mapping.first(connection, ENTITY_OF[ref.kind], id=ref.id)
    if found is None:
        raise UserError(f"There is no {ref.kind.value} with the id {ref.id}.")
    return found
