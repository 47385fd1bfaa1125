"""What a person arranged: positions, frames, descriptions; rows without an id of their own."""

from collections.abc import Iterable, Mapping

from sqlalchemy import Connection, delete, insert, select
from sqlalchemy.dialects.sqlite import insert as upsert

from clew.base.clock import now_us
from clew.db import tables as t
from clew.db.database import Transaction
from clew.model.refs import BlockKind, BlockRef
from clew.model.view import Frame

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


def descriptions(connection: Connection) -> dict[BlockRef, str]:
    """All descriptions that people wrote on blocks."""
    b = t.block_text
    return {
        BlockRef(BlockKind(kind), id_): text
        for kind, id_, text in connection.execute(select(b.c.kind, b.c.ref_id, b.c.description))
    }


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
    return tuple(
        Frame(row.id, row.title, tuple(members.get(row.id, ())), row.colour)
        for row in connection.execute(select(f).where(f.c.scope == scope).order_by(f.c.id))
    )


def add_frame(
    transaction: Transaction,
    scope: str,
    title: str,
    members: Iterable[BlockRef],
    *,
    user_id: int,
    colour: str = "",
) -> int:
    """Group blocks under a name and give the frame's id."""
    row = {"scope": scope, "title": title, "colour": colour, "created_at": now_us(), "created_by": user_id}
    done = transaction.connection.execute(insert(t.frame).values(**row))
    assert done.inserted_primary_key is not None
    frame_id = int(done.inserted_primary_key[0])
    rows = [{"frame_id": frame_id, "kind": ref.kind.value, "ref_id": ref.id} for ref in members]
    if rows:
        transaction.connection.execute(insert(t.frame_member), rows)
    transaction.touch("frame", frame_id)
    return frame_id


def remove_frame(transaction: Transaction, frame_id: int) -> None:
    """Take a frame away; its blocks stay."""
    transaction.connection.execute(delete(t.frame).where(t.frame.c.id == frame_id))
    transaction.touch("frame", frame_id)
