"""The workspace: a folder that Clew owns, and the handle through which everything else reaches it."""

import contextlib
import getpass
import os
import platform
import shutil
import sqlite3
import tempfile
import uuid
from pathlib import Path

from clew.base.clock import now_us
from clew.base.errors import ClewError, UserError, explain_os_error
from clew.base.log import log, log_to, stop_log
from clew.db import mapping, queries
from clew.db.database import Database
from clew.db.migrate import SCHEMA, bring_up_to_date, schema_of
from clew.model.entities import (
    Dataset,
    FileEntry,
    LabelingJob,
    Model,
    Project,
    Report,
    Task,
    User,
    Version,
)
from clew.services.staging import finish_imports
from clew.store.store import Store

DATABASE = "workspace.db"
LOG = "clew.log"
GONE = "The database of the workspace {} is gone. Make it anew with: clew doctor --rebuild"
FOLDERS = ("store", "runs", "projects", "files", "cache")


class Workspace:
    """An open workspace; safe to share between threads. Close it when done.

    Attributes:
        path: the workspace's folder, absolute.
        name: what people call it.
        id: a UUID that stays when the folder is moved or renamed.
        read_only: nothing can be changed, since the folder's medium cannot be written.
        user: the person on this machine; stands on everything that is made.
    """

    def __init__(self, path: Path, *, read_only: bool) -> None:
        self.path = path
        self.read_only = read_only
        self.runs_dir = path / "runs"
        self.projects_dir = path / "projects"
        self.cache_dir = path / "cache"
        self.files_dir = path / "files"
        self._copy = _copy_to_read(path / DATABASE) if read_only else None
        self.db = Database(
            path / DATABASE if self._copy is None else Path(self._copy.name) / DATABASE, read_only=read_only
        )
        self.store = Store.open(path / "store", path / "cache", read_only=read_only)
        with self.db.read() as connection:
            facts = queries.read_meta(connection)
        self.name = facts.get("name", path.name)
        self.id = facts.get("id", "")
        self.user = self._user()
        self.db.user_id = self.user.id

    def close(self) -> None:
        self.db.close()
        if self._copy is not None:
            self._copy.cleanup()
        self.store.close()
        stop_log(self.path / LOG)

    def __enter__(self) -> "Workspace":
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def _user(self) -> User:
        name, machine = person()
        with self.db.read() as connection:
            known = mapping.first(connection, User, name=name, machine=machine)
        if known is not None:
            return known
        if self.read_only:
            return User(0, name, machine)
        with self.db.write() as transaction:
            return User(queries.user_id(transaction, name, machine), name, machine)


def person() -> tuple[str, str]:
    """Who works here: the login's name (`CLEW_USER` says otherwise) and the machine's."""
    name = os.environ.get("CLEW_USER", "")
    if not name:
        try:
            name = getpass.getuser()
        except (OSError, KeyError):  # a container without the user's entry
            name = "somebody"
    return name, platform.node() or "this machine"


def is_workspace(path: Path) -> bool:
    return (path / DATABASE).is_file() and (path / "store").is_dir()


def create_workspace(path: Path, name: str | None = None) -> Workspace:
    """Make a new workspace in an empty or new folder, and open it.

    Raises:
        UserError: the folder is a workspace already or holds other things.
        SurroundingsError: it cannot be written.
    """
    path = path.expanduser().absolute()
    if is_workspace(path):
        raise UserError(f"{path} is a workspace already. Open it instead.")
    if path.exists() and (not path.is_dir() or any(path.iterdir())):
        raise UserError(f"{path} holds other things. Choose an empty or a new folder for the workspace.")
    try:
        path.mkdir(parents=True, exist_ok=True)
        for folder in FOLDERS:
            (path / folder).mkdir()
        Store.create(path / "store", path / "cache").close()
        # The database is moved into place last: a half-made folder never looks like a workspace.
        unfinished = path / f"{DATABASE}.new"
        new_database(unfinished, name or path.name).close()
        unfinished.rename(path / DATABASE)
    except OSError as error:
        raise explain_os_error(error, f"making the workspace {path}") from error
    return open_workspace(path)


def new_database(path: Path, name: str, id_: str = "") -> Database:
    """Make an empty database; `id_` is that of the workspace it replaces."""
    sqlite3.connect(path).close()
    bring_up_to_date(path)
    database = Database(path)
    with database.write() as transaction:
        queries.write_meta(transaction, id=id_ or str(uuid.uuid4()), name=name, created_at=str(now_us()))
    return database


def open_workspace(path: Path) -> Workspace:
    """Open a workspace; runs the migrations that are due.

    Raises:
        UserError: there is none, or it was made by a newer Clew.
    """
    path = path.expanduser().absolute()
    if not is_workspace(path):
        if (path / "store" / "format").is_file():
            raise UserError(GONE.format(path))
        raise UserError(f"{path} is no workspace. Make one with 'clew init', or choose another folder.")
    read_only = not os.access(path, os.W_OK) or not os.access(path / DATABASE, os.W_OK)
    if not read_only:
        bring_up_to_date(path / DATABASE)
        log_to(path / LOG)
    ws = Workspace(path, read_only=read_only)
    if not read_only:
        _finish_what_was_interrupted(ws)
    return ws


def _copy_to_read(database: Path) -> "tempfile.TemporaryDirectory[str] | None":
    """A copy of a database that cannot be read as it lies; None when it can.

    On a medium that cannot be written SQLite cannot take in the log of the last commits (after a kill, or
    when the medium is a copy of an open workspace), and an older schema cannot be brought up to date.
    """
    log_file = database.with_name(database.name + "-wal")
    if not (log_file.is_file() and log_file.stat().st_size) and schema_of(database, read_only=True) == SCHEMA:
        return None
    folder = tempfile.TemporaryDirectory(prefix="clew-read-")
    try:
        for path in (database, log_file):
            if path.is_file():
                shutil.copyfile(path, Path(folder.name) / path.name)
        bring_up_to_date(Path(folder.name) / DATABASE)
        with contextlib.closing(sqlite3.connect(Path(folder.name) / DATABASE)) as connection:
            connection.execute("PRAGMA wal_checkpoint(TRUNCATE)")
    except BaseException:
        folder.cleanup()
        raise
    return folder


def _finish_what_was_interrupted(ws: Workspace) -> None:
    """Complete or undo the restores and imports that a kill or a power cut left in the middle."""
    with ws.db.read() as connection:
        projects = mapping.find(connection, Project, removed_at=None)
    for project in projects:
        folder = ws.path / project.folder  # an absolute folder of a linked project stands for itself
        if folder.is_dir():
            try:
                ws.store.finish_restores(folder)
                finish_imports(folder)
            except (OSError, ClewError) as error:
                log.error("What was interrupted in %s cannot be finished: %s", folder, error)


def counts(ws: Workspace) -> dict[str, int]:
    """How many there are of each kind, for the side bar, and how many tasks run now."""
    kinds: dict[str, tuple[type, dict[str, object]]] = {
        "projects": (Project, {"removed_at": None}),
        "datasets": (Dataset, {}),
        "versions": (Version, {}),
        "tasks": (Task, {}),
        "models": (Model, {}),
        "reports": (Report, {}),
        "files": (FileEntry, {}),
        "jobs": (LabelingJob, {}),
        "running": (Task, {"status": "running"}),
    }
    with ws.db.read() as connection:
        found = {name: mapping.count(connection, kind, **where) for name, (kind, where) in kinds.items()}
        return {
            **found,
            "blocks": queries.count_blocks(connection),
            "links": queries.count_links(connection),
        }
