"""Kills a migration before each of its statements, COMMIT too: kill_migration.py FOLDER. Prints how many."""

import os
import shutil
import signal
import sqlite3
import sys
from pathlib import Path

from old_schema import count_rows, make_old
from sqlalchemy import Engine, event

from clew.db.migrate import SCHEMA, bring_up_to_date, schema_of
from clew.services import projects, versions
from clew.services.workspace import create_workspace


def killed_at(n: int, path: Path) -> bool:
    """Migrate in a child that is killed before its n-th statement; False when it got to its end."""
    child = os.fork()
    if child == 0:
        left = n

        def count(statement: str) -> None:
            nonlocal left
            left -= 1
            if left == 0:
                os.kill(os.getpid(), signal.SIGKILL)

        @event.listens_for(Engine, "connect")
        def trace(connection: sqlite3.Connection, _record: object) -> None:
            connection.set_trace_callback(count)

        try:
            bring_up_to_date(path)
        except BaseException as error:
            print("child failed:", repr(error), file=sys.stderr)
            os._exit(3)
        os._exit(0)
    status = os.waitpid(child, 0)[1]
    if os.WIFSIGNALED(status):
        return True
    assert os.WEXITSTATUS(status) == 0, status
    return False


def main(base: Path) -> int:
    with create_workspace(base / "ws") as ws:
        folder = Path(projects.create_project(ws, "Files", format="files").folder)
        for text in ("one", "two"):
            (folder / "a.txt").write_text(text)
            versions.create_version(ws, 1)
    facts = make_old(base / "ws" / "workspace.db")
    assert facts["version"] == 2
    n, left = 0, set()
    while True:
        n += 1
        path = base / f"{n}.db"
        shutil.copyfile(base / "ws" / "workspace.db", path)
        killed = killed_at(n, path)
        left.add(schema_of(path))
        bring_up_to_date(path)
        assert schema_of(path) == SCHEMA, n
        there = count_rows(path)
        assert {table: there[table] for table in facts} == facts, n
        for leftover in base.glob(f"{n}.db*"):
            leftover.unlink()
        if not killed:
            assert left == {1, SCHEMA}
            return n


if __name__ == "__main__":
    print(main(Path(sys.argv[1])))
