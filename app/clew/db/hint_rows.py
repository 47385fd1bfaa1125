"""Which hints were dismissed for good."""

from sqlalchemy import Connection, delete, insert, select

from clew.base.clock import now_us
from clew.db import tables as t
from clew.db.database import Transaction


def dismissed(connection: Connection) -> frozenset[str]:
    """The ids of the hints that nobody wants to see again."""
    return frozenset(connection.execute(select(t.hint_dismissed.c.id)).scalars())


def put(transaction: Transaction, hint_id: str, *, dismissed: bool, user_id: int) -> None:
    """Dismiss a hint, or take that back."""
    h = t.hint_dismissed
    transaction.connection.execute(delete(h).where(h.c.id == hint_id))
    if dismissed:
        row = {"id": hint_id, "created_at": now_us(), "created_by": user_id}
        transaction.connection.execute(insert(h).values(**row))
    transaction.touch("hint", 0)
