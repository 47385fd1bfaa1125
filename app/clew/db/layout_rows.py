"""What a person arranged: positions, pins, frames, notes, descriptions."""

from collections.abc import Mapping, Sequence
from typing import Any

from sqlalchemy import Connection, Table, delete, insert, select, update
from sqlalchemy.dialects.sqlite import insert as upsert

from clew.base.clock import now_us
from clew.db import tables as t
from clew.db.database import Transaction
from clew.model.refs import BlockKind, BlockRef
from clew.model.view import Frame, Note

Position = tuple[float, float]


def positions(connection: Connection, scope: str) -> dict[BlockRef, Position]:
    """Where the blocks of a scope were put."""
    p = t.block_position
    query = select(p.c.kind, p.c.ref_id, p.c.x, p.c.y).where(p.c.scope == scope)
    return {BlockRef(BlockKind(kind), id_): (x, y) for kind, id_, x, y in connection.execute(query)}


def put_positions(transaction: Transaction, scope: str, places: Mapping[BlockRef, Position | None]) -> None:
    """Put blocks of a scope somewhere; None takes the position away."""
    p = t.block_position
    rows = [
        {"scope": scope, "kind": ref.kind.value, "ref_id": ref.id, "x": place[0], "y": place[1]}
        for ref, place in places.items()
        if place is not None
    ]
    if rows:
        query = upsert(p)
        query = query.on_conflict_do_update(
            index_elements=["scope", "kind", "ref_id"], set_={"x": query.excluded.x, "y": query.excluded.y}
        )
        transaction.connection.execute(query, rows)
    for ref, place in places.items():
        if place is None:
            transaction.connection.execute(
                delete(p).where(p.c.scope == scope, p.c.kind == ref.kind.value, p.c.ref_id == ref.id)
            )
    transaction.touch("position", 0)


def pins(connection: Connection, scope: str) -> frozenset[BlockRef]:
    """The blocks of a scope that are pinned to their places."""
    p = t.block_pin
    query = select(p.c.kind, p.c.ref_id).where(p.c.scope == scope)
    return frozenset(BlockRef(BlockKind(kind), id_) for kind, id_ in connection.execute(query))


def put_pin(transaction: Transaction, scope: str, ref: BlockRef, *, pinned: bool) -> None:
    """Pin a block of a scope to its place, or let it go."""
    p, row = t.block_pin, {"scope": scope, "kind": ref.kind.value, "ref_id": ref.id}
    where = [p.c[name] == value for name, value in row.items()]
    transaction.connection.execute(delete(p).where(*where))
    if pinned:
        transaction.connection.execute(insert(p).values(**row))
    transaction.touch("position", 0)


def descriptions(connection: Connection) -> dict[BlockRef, str]:
    """All descriptions that people wrote on blocks."""
    b = t.block_text
    return {
        BlockRef(BlockKind(kind), id_): text
        for kind, id_, text in connection.execute(select(b.c.kind, b.c.ref_id, b.c.description))
    }


def descriptions_of(connection: Connection, refs: Sequence[BlockRef]) -> dict[BlockRef, str]:
    """The descriptions of a few blocks, as far as they have one."""
    b = t.block_text
    found: dict[BlockRef, str] = {}
    for ref in refs:
        where = (b.c.kind == ref.kind.value, b.c.ref_id == ref.id)
        text = connection.execute(select(b.c.description).where(*where)).scalar_one_or_none()
        if text:
            found[ref] = text
    return found


def put_description(transaction: Transaction, ref: BlockRef, text: str) -> None:
    """Write the description of a block; an empty one takes it away."""
    b = t.block_text
    where = (b.c.kind == ref.kind.value, b.c.ref_id == ref.id)
    transaction.connection.execute(delete(b).where(*where))
    if text:
        row = {"kind": ref.kind.value, "ref_id": ref.id, "description": text}
        transaction.connection.execute(insert(b).values(**row))
    transaction.touch(ref.kind.value, ref.id)
    transaction.touch("description", 0)


def frames(connection: Connection, scope: str) -> tuple[Frame, ...]:
    """The frames of a scope with their members."""
    f, m = t.frame, t.frame_member
    members: dict[int, list[BlockRef]] = {}
    query = select(m).join(f, f.c.id == m.c.frame_id).where(f.c.scope == scope)
    for row in connection.execute(query):
        members.setdefault(row.frame_id, []).append(BlockRef(BlockKind(row.kind), row.ref_id))
    rows = list(connection.execute(select(f).where(f.c.scope == scope).order_by(f.c.id)))
    there = {row.id for row in rows}
    return tuple(
        Frame(
            row.id,
            row.title,
            tuple(sorted(members.get(row.id, ()))),
            row.colour,
            row.parent_id if row.parent_id in there else None,
            bool(row.folded),
        )
        for row in rows
    )


def put_frame(transaction: Transaction, scope: str, frame: Frame, *, user_id: int) -> int:
    """Make a frame what it is given as, or make it anew; an id of 0 takes the next. Gives the id."""
    row = {"title": frame.title, "colour": frame.colour, "parent_id": frame.parent, "folded": frame.folded}
    frame_id = _put(transaction, t.frame, frame.id, row, scope, user_id)
    m = t.frame_member
    transaction.connection.execute(delete(m).where(m.c.frame_id == frame_id))
    rows = [{"frame_id": frame_id, "kind": ref.kind.value, "ref_id": ref.id} for ref in set(frame.members)]
    if rows:
        transaction.connection.execute(insert(m), rows)
    transaction.touch("frame", frame_id)
    return frame_id


def remove_frame(transaction: Transaction, frame_id: int) -> None:
    """Take a frame away; its blocks stay."""
    transaction.connection.execute(delete(t.frame).where(t.frame.c.id == frame_id))
    transaction.touch("frame", frame_id)


def notes(connection: Connection, scope: str) -> tuple[Note, ...]:
    """The notes of a scope, the oldest first."""
    n = t.note
    query = select(n).where(n.c.scope == scope).order_by(n.c.id)
    return tuple(
        Note(row.id, row.text, row.x, row.y, row.width, row.height, row.created_at)
        for row in connection.execute(query)
    )


def put_note(transaction: Transaction, scope: str, note: Note, *, user_id: int) -> int:
    """Make a note what it is given as, or make it anew; an id of 0 takes the next. Gives the id."""
    row = {"text": note.text, "x": note.x, "y": note.y, "width": note.width, "height": note.height}
    note_id = _put(transaction, t.note, note.id, row, scope, user_id)
    transaction.touch("note", note_id)
    return note_id


def remove_note(transaction: Transaction, note_id: int) -> None:
    transaction.connection.execute(delete(t.note).where(t.note.c.id == note_id))
    transaction.touch("note", note_id)


def drawn(connection: Connection, kind: BlockKind, ids: set[int] | None = None) -> list[Any]:
    """The rows of all frames, or of all notes, of every scope; or only those with some ids."""
    table = t.frame if kind is BlockKind.FRAME else t.note
    query = select(table) if ids is None else select(table).where(table.c.id.in_(ids))
    return list(connection.execute(query))


def scope_of(connection: Connection, ref: BlockRef) -> str | None:
    """The key of the scope that a frame or a note lies in; None when there is no such."""
    table = t.frame if ref.kind is BlockKind.FRAME else t.note
    found: str | None = connection.execute(
        select(table.c.scope).where(table.c.id == ref.id)
    ).scalar_one_or_none()
    return found


def _put(
    transaction: Transaction, table: Table, id_: int, row: dict[str, Any], scope: str, user_id: int
) -> int:
    """Change the row with an id, or insert it; an id of 0 takes the next."""
    connection = transaction.connection
    if id_ and connection.execute(update(table).where(table.c.id == id_).values(**row)).rowcount:
        return id_
    made = {"scope": scope, "created_at": now_us(), "created_by": user_id, **({"id": id_} if id_ else {})}
    done = connection.execute(insert(table).values(**row, **made))
    assert done.inserted_primary_key is not None
    return int(done.inserted_primary_key[0])
