"""The database of a workspace: one engine, transactions that log what they touched.

SQLite in WAL mode with foreign keys on. Every write transaction is `BEGIN IMMEDIATE`: a deferred one
that reads first and writes later fails with "database is locked" as soon as two processes work.
"""

import contextlib
import json
import sqlite3
from collections.abc import Iterator
from pathlib import Path
from typing import Any
from urllib.parse import quote

from sqlalchemy import Connection, Engine, create_engine, event, insert
from sqlalchemy.exc import DatabaseError, OperationalError
from sqlalchemy.pool import QueuePool

from clew.base.clock import now_us
from clew.base.errors import ClewError, SurroundingsError
from clew.db.tables import change_log

BUSY_SECONDS = 20


class Transaction:
    """An open write transaction; `touch` says which entity it changed."""

    def __init__(self, connection: Connection) -> None:
        self.connection = connection
        self.touched: dict[tuple[str, int], None] = {}

    def touch(self, kind: str, id_: int) -> None:
        """Say that an entity of a kind was made, changed or removed; the change feed tells the window."""
        self.touched[(kind, id_)] = None


class Database:
    """Opens connections for reading and writing; safe to share between threads."""

    def __init__(self, path: Path, *, read_only: bool = False) -> None:
        self.path = path
        self.read_only = read_only
        self.user_id: int | None = None
        self.engine = _engine(path, read_only)

    @contextlib.contextmanager
    def read(self) -> Iterator[Connection]:
        """A connection with one consistent view of the workspace."""
        with _explained(), self.engine.connect() as connection:
            yield connection

    @contextlib.contextmanager
    def write(self, *, durable: bool = True) -> Iterator[Transaction]:
        """A write transaction: all of it happens or nothing; the change log is written with it.

        Args:
            durable: wait until the disk has it. False only for what may be lost in a power cut, as progress.

        Raises:
            SurroundingsError: the workspace is read-only, busy for too long, or the disk is full.
        """
        if self.read_only:
            raise SurroundingsError("The workspace can only be read, not changed.")
        with _explained(), self.engine.connect() as connection:
            connection = connection.execution_options(clew_write="FULL" if durable else "NORMAL")
            with connection.begin():
                transaction = Transaction(connection)
                yield transaction
                if transaction.touched:
                    touched = [[kind, id_] for kind, id_ in transaction.touched]
                    row = {"at": now_us(), "user_id": self.user_id, "touched": touched}
                    connection.execute(insert(change_log).values(**row))

    def close(self) -> None:
        self.engine.dispose()


def _engine(path: Path, read_only: bool) -> Engine:
    def connect() -> sqlite3.Connection:
        mode = "ro&immutable=1" if read_only else "rw"
        uri = f"file:{quote(str(path))}?mode={mode}"
        return sqlite3.connect(
            uri, uri=True, timeout=BUSY_SECONDS, isolation_level=None, check_same_thread=False
        )

    engine = create_engine(
        "sqlite://",
        creator=connect,
        poolclass=QueuePool,
        pool_size=4,
        max_overflow=16,
        json_deserializer=_read_json,
    )

    @event.listens_for(engine, "connect")
    def _prepare(connection: sqlite3.Connection, _record: Any) -> None:
        connection.execute("PRAGMA foreign_keys=ON")
        connection.execute("PRAGMA synchronous=FULL")
        if not read_only:
            connection.execute("PRAGMA journal_mode=WAL")

    @event.listens_for(engine, "begin")
    def _begin(connection: Connection) -> None:
        level = connection.get_execution_options().get("clew_write")
        if level is None:
            connection.exec_driver_sql("BEGIN")
            return
        connection.exec_driver_sql(f"PRAGMA synchronous={level}")
        connection.exec_driver_sql("BEGIN IMMEDIATE")

    return engine


def _read_json(text: str) -> Any:
    """What JSON says; most columns of a large workspace say nothing, which takes no parser."""
    if text == "{}":
        return {}
    return [] if text == "[]" else json.loads(text)


@contextlib.contextmanager
def _explained() -> Iterator[None]:
    try:
        yield
    except OperationalError as error:
        raise _explain(error) from error
    except DatabaseError as error:
        if "malformed" in str(error.orig) or "not a database" in str(error.orig):
            raise SurroundingsError(
                "The workspace's database is damaged. Make it anew with: clew doctor --rebuild"
            ) from error
        raise


def _explain(error: OperationalError) -> ClewError:
    said = str(error.orig)
    if "locked" in said or "busy" in said:
        return SurroundingsError(
            "Another program keeps the workspace busy. Close it or try again in a moment."
        )
    if "full" in said:
        return SurroundingsError("The disk is full. Nothing was changed; free some space and try again.")
    if "readonly" in said or "read-only" in said:
        return SurroundingsError("The workspace can only be read, not changed.")
    if "unable to open" in said:
        return SurroundingsError("The workspace's database cannot be opened. Check that its folder is there.")
    return SurroundingsError(f"The workspace's database failed: {said}.")
