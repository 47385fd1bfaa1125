"""The database: schema, transactions, the change log, several processes at once."""

import sqlite3
import subprocess
import sys
from pathlib import Path

import pytest
from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext

from clew.base.errors import SurroundingsError, UserError
from clew.db import mapping, migrate, queries
from clew.db.database import Database
from clew.db.tables import metadata
from clew.model.entities import Project, User


@pytest.fixture
def path(tmp_path: Path) -> Path:
    target = tmp_path / "workspace.db"
    sqlite3.connect(target).close()
    migrate.bring_up_to_date(target)
    return target


@pytest.fixture
def db(path: Path):
    database = Database(path)
    yield database
    database.close()


def add_project(db: Database, name: str) -> int:
    with db.write() as tx:
        user = queries.user_id(tx, "Ann", "desk")
        return mapping.add(
            tx,
            Project,
            name=name,
            description="",
            folder=name,
            managed=True,
            format="clew",
            created_at=1,
            updated_at=1,
            created_by=user,
            custom={"a": [1]},
        )


def test_migrations_make_what_the_tables_say(db: Database) -> None:
    with db.read() as connection:
        differences = compare_metadata(MigrationContext.configure(connection), metadata)
    assert differences == []


def test_a_newer_database_is_refused_with_a_sentence(path: Path) -> None:
    connection = sqlite3.connect(path)
    connection.execute(f"PRAGMA user_version={migrate.SCHEMA + 1}")
    connection.close()
    with pytest.raises(UserError, match=r"newer Clew.*Update Clew"):
        migrate.bring_up_to_date(path)


def test_a_file_that_is_no_database_is_refused(tmp_path: Path) -> None:
    (tmp_path / "workspace.db").write_bytes(b"not a database at all, " * 100)
    with pytest.raises(UserError, match="not a database"):
        migrate.bring_up_to_date(tmp_path / "workspace.db")


def test_a_kill_during_migration_leaves_the_old_schema(tmp_path: Path) -> None:
    target = tmp_path / "workspace.db"
    sqlite3.connect(target).close()
    code = (
        "import os, sys; from pathlib import Path; from clew.db import migrate\n"
        "from sqlalchemy import event; from sqlalchemy.engine import Engine\n"
        "count = [0]\n"
        "@event.listens_for(Engine, 'before_cursor_execute')\n"
        "def die(*a):\n"
        "    count[0] += 1\n"
        "    if count[0] == 14: os._exit(9)\n"
        f"migrate.migrate(Path({str(target)!r}))\n"
    )
    assert subprocess.run([sys.executable, "-c", code], check=False).returncode == 9
    assert migrate.schema_of(target) == 0
    migrate.bring_up_to_date(target)
    assert migrate.schema_of(target) == migrate.SCHEMA


def test_rows_become_values_and_back(db: Database) -> None:
    id_ = add_project(db, "Coins")
    with db.read() as connection:
        project = mapping.first(connection, Project, id=id_)
        assert project == Project(id_, "Coins", "", "Coins", True, "clew", 1, 1, 1, {"a": [1]})
        assert mapping.count(connection, Project, name="nothing") == 0
        assert mapping.find(connection, User) == [User(1, "Ann", "desk")]


def test_a_failed_transaction_leaves_nothing(db: Database) -> None:
    with pytest.raises(ZeroDivisionError), db.write() as tx:
        queries.user_id(tx, "Bob", "desk")
        tx.touch("user", 1)
        _ = 1 / 0
    with db.read() as connection:
        assert mapping.find(connection, User) == []
        assert queries.newest_seq(connection) == 0


def test_every_write_logs_what_it_touched(db: Database) -> None:
    first = add_project(db, "A")
    second = add_project(db, "B")
    with db.write() as tx:
        mapping.change(tx, Project, first, name="C")
    with db.read() as connection:
        assert queries.changes_since(connection, 0).touched == {("project", first), ("project", second)}
        assert queries.changes_since(connection, 2).touched == {("project", first)}
        assert queries.changes_since(connection, 3).seq == 3


def test_names_of_projects_are_unique_until_removed(db: Database) -> None:
    first = add_project(db, "Coins")
    with pytest.raises(Exception, match="UNIQUE"):
        add_project(db, "Coins")
    with db.write() as tx:
        mapping.change(tx, Project, first, removed_at=5)
    assert add_project(db, "Coins") != first


def test_four_processes_write_at_once_and_none_is_turned_away(db: Database, path: Path) -> None:
    code = (
        "import sys; from pathlib import Path; from clew.db import mapping, queries\n"
        "from clew.db.database import Database\n"
        "db = Database(Path(sys.argv[1]))\n"
        "for i in range(40):\n"
        "    with db.write(durable=False) as tx:\n"
        "        queries.user_id(tx, f'{sys.argv[2]} {i}', 'desk'); tx.touch('user', i)\n"
        "db.close()\n"
    )
    processes = [subprocess.Popen([sys.executable, "-c", code, str(path), str(n)]) for n in range(4)]
    assert [p.wait(60) for p in processes] == [0, 0, 0, 0]
    with db.read() as connection:
        assert mapping.count(connection, User) == 160
        assert queries.newest_seq(connection) == 160


def test_a_read_only_database_refuses_to_change(path: Path) -> None:
    database = Database(path, read_only=True)
    with pytest.raises(SurroundingsError, match="only be read"), database.write():
        pass
    database.close()


def test_names_that_are_no_text_come_back_unchanged(db: Database) -> None:
    names = ["s\udce9t", "\udc80\udcff", "plain", "Münze \U0001f4b0"]
    ids = [add_project(db, name) for name in names]
    with db.read() as connection:
        assert [mapping.first(connection, Project, id=id_).name for id_ in ids] == names
        assert mapping.first(connection, Project, name=names[0]).id == ids[0]
