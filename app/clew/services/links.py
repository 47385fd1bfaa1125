"""Links between entities, written inside a transaction that makes an entity together with its links.

An entity and its first link belong into one transaction: the canvas places a new block beside what it
is linked to, and would find no place for one that shows itself before its links.
"""

from typing import Any

from clew.base.clock import now_us
from clew.base.errors import UserError
from clew.db import layout_rows, mapping
from clew.db.database import Transaction
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


def check_ref(connection: Any, ref: BlockRef) -> Any:  # the one place where any entity may come out
    """The entity that a reference points at; of a frame or a note the key of its scope.

    Raises:
        UserError: there is none.
    """
    if ref.kind.drawn:
        found = layout_rows.scope_of(connection, ref)
    else:
        found = mapping.first(connection, ENTITY_OF[ref.kind], id=ref.id)
    if found is None:
        raise UserError(f"There is no {ref.kind.value} with the id {ref.id}.")
    return found


def put_link(
    transaction: Transaction,
    source: BlockRef,
    target: BlockRef,
    *,
    user_id: int,
    task_id: int | None = None,
    title: str = "",
    meta: dict[str, Any] | None = None,
    by_hand: bool = False,
) -> int:
    """Keep a link between two entities that exist, once, and give its id.

    Raises:
        UserError: one end is not there, or both are the same.
    """
    if source == target:
        raise UserError("A block cannot be linked with itself.")
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
        return known.id
    return mapping.add(
        transaction,
        Link,
        source=source,
        target=target,
        task_id=task_id,
        title=title,
        meta=meta or {},
        by_hand=by_hand,
        created_at=now_us(),
        created_by=user_id,
    )
