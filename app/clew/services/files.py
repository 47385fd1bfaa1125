"""Files and folders that took part in a task."""

import os
from pathlib import Path

from clew.base.clock import now_us
from clew.base.errors import UserError, explain_os_error
from clew.db import mapping
from clew.model.entities import FileEntry
from clew.services.workspace import Workspace
from clew.store.hashing import hash_file


def register_file(ws: Workspace, path: str | os.PathLike[str], *, model_weight: bool = False) -> FileEntry:
    """Know a file or folder by its path and content; the same content at the same place is one entry.

    Raises:
        UserError: there is no such file.
    """
    place = Path(path).expanduser().absolute()
    if not place.exists():
        raise UserError(f"There is no file or folder {place}.")
    try:
        digest = "" if place.is_dir() else hash_file(place)
        size = 0 if place.is_dir() else place.stat().st_size
    except OSError as error:
        raise explain_os_error(error, f"reading {place}") from error
    with ws.db.write() as transaction:
        known = mapping.first(transaction.connection, FileEntry, path=str(place), hash=digest)
        if known is not None:
            return known
        file_id = mapping.add(
            transaction,
            FileEntry,
            name=place.name,
            path=str(place),
            size=size,
            hash=digest,
            is_dir=place.is_dir(),
            model_weight=model_weight,
            created_at=now_us(),
            created_by=ws.user.id,
        )
    return get_file(ws, file_id)


def get_file(ws: Workspace, file_id: int) -> FileEntry:
    with ws.db.read() as connection:
        found = mapping.first(connection, FileEntry, id=file_id)
    if found is None:
        raise UserError(f"There is no file with the id {file_id}.")
    return found


def list_files(ws: Workspace) -> tuple[FileEntry, ...]:
    """Files and folders, newest first."""
    with ws.db.read() as connection:
        return tuple(mapping.find(connection, FileEntry, order=("-id",)))
