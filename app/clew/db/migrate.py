"""Brings a workspace's database to the schema of this Clew.

`PRAGMA user_version` holds the schema's number, so that the usual start costs one read; Alembic, which
takes half a second to import, is loaded only when a migration is due.
"""

import sqlite3
from pathlib import Path
from urllib.parse import quote

from clew.base.errors import UserError

SCHEMA = 5
"""The number of the newest migration under `migrations/versions`."""


def schema_of(path: Path, *, read_only: bool = False) -> int:
    """The schema number of a database file; 0 for an empty one. `read_only`: its medium cannot be written.

    Raises:
        UserError: the file is no SQLite database.
    """
    mode = "?mode=ro&immutable=1" if read_only else ""
    connection = sqlite3.connect(f"file:{quote(str(path))}{mode}", uri=True)
    try:
        return int(connection.execute("PRAGMA user_version").fetchone()[0])
    except sqlite3.DatabaseError as error:
        raise UserError(
            f"{path} is not a database of Clew ({error}). Make it anew with: clew doctor --rebuild"
        ) from error
    finally:
        connection.close()


def bring_up_to_date(path: Path) -> None:
    """Run the migrations that are due, all in one transaction: a kill in the middle leaves the old schema.

    Raises:
        UserError: the workspace was made by a newer Clew.
    """
    present = schema_of(path)
    if present == SCHEMA:
        return
    if present > SCHEMA:
        raise UserError(
            f"The workspace {path.parent} was made by a newer Clew (schema {present}, this one knows "
            f"{SCHEMA}). Update Clew to open it."
        )
    migrate(path)


def migrate(path: Path) -> None:
    """Run Alembic up to the newest migration."""
    from alembic import command
    from alembic.config import Config

    from clew.db.database import Database

    database = Database(path)
    try:
        with database.write() as transaction:
            config = Config()
            config.set_main_option("script_location", str(Path(__file__).parent / "migrations"))
            config.attributes["connection"] = transaction.connection
            command.upgrade(config, "head")
            transaction.connection.exec_driver_sql(f"PRAGMA user_version={SCHEMA}")
    finally:
        database.close()
