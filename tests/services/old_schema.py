"""Turns a database into one as the first Clew made it, with all its rows: old_schema.py DATABASE."""

import sqlite3
import sys
from contextlib import closing
from pathlib import Path

from alembic import command
from alembic.config import Config

from clew.db import migrate
from clew.db.database import Database


def make_old(path: Path) -> dict[str, int]:
    """How many rows each table has. The old schema knows no newer columns; the rows lose those."""
    old = path.with_name(f"{path.name}.old")
    sqlite3.connect(old).close()
    database = Database(old)
    with database.write() as transaction:
        config = Config()
        config.set_main_option("script_location", str(Path(migrate.__file__).parent / "migrations"))
        config.attributes["connection"] = transaction.connection
        command.upgrade(config, "0001")
        transaction.connection.exec_driver_sql("PRAGMA user_version=1")
    database.close()
    with closing(sqlite3.connect(old)) as connection:
        connection.execute("PRAGMA foreign_keys=OFF")
        connection.execute("ATTACH ? AS new", (str(path),))
        for table in tables(connection):
            there = {row[1] for row in connection.execute(f"PRAGMA new.table_info('{table}')")}
            columns = [
                f'"{row[1]}"'
                for row in connection.execute(f"PRAGMA table_info('{table}')")
                if row[1] in there
            ]
            names = ", ".join(columns)
            connection.execute(f'DELETE FROM main."{table}"')
            connection.execute(f'INSERT INTO main."{table}" ({names}) SELECT {names} FROM new."{table}"')
        connection.commit()
        counted = rows(connection)
        connection.execute("PRAGMA wal_checkpoint(TRUNCATE)")
    for leftover in path.parent.glob(f"{path.name}-*"):
        leftover.unlink()
    old.replace(path)
    for leftover in path.parent.glob(f"{old.name}*"):
        leftover.unlink()
    return counted


def tables(connection: sqlite3.Connection) -> list[str]:
    found = connection.execute(
        "SELECT name FROM main.sqlite_master WHERE type = 'table' AND name NOT LIKE 'sqlite%'"
    )
    return [name for (name,) in found if name != "alembic_version"]


def rows(connection: sqlite3.Connection) -> dict[str, int]:
    return {
        t: connection.execute(f'SELECT count(*) FROM main."{t}"').fetchone()[0] for t in tables(connection)
    }


def count_rows(path: Path) -> dict[str, int]:
    with closing(sqlite3.connect(path)) as connection:
        return rows(connection)


if __name__ == "__main__":
    make_old(Path(sys.argv[1]))
