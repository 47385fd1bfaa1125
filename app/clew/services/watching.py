"""Keeps the answer to "what has changed?" ready for the projects of an open window."""

from pathlib import Path

from clew.base.errors import ClewError
from clew.base.log import log
from clew.base.progress import Progress
from clew.db import mapping
from clew.model.entities import Project
from clew.services.projects import located
from clew.services.workspace import Workspace


def watch_projects(ws: Workspace, progress: Progress | None = None) -> None:
    """Watch the folders of all projects on the list, and read each once, so that a check reads no more of it.

    A folder that is watched already is read again only where something was touched, or when its last reading
    was long ago. What is no project any more is watched no longer. For a worker thread: the first reading of
    a large folder takes as long as a walk.

    Raises:
        Cancelled: the window closes.
    """
    with ws.db.read() as connection:
        projects = mapping.find(connection, Project, removed_at=None)
    folders = [Path(located(ws, project).folder) for project in projects]
    for gone in set(ws.store.watched()) - set(folders):
        ws.store.unwatch(gone)
    for folder in folders:
        if progress:
            progress.check()
        if not folder.is_dir():
            ws.store.unwatch(folder)
        elif ws.store.watch(folder):
            try:
                ws.store.identify(folder, progress=progress)
            except ClewError as error:  # who asks for a version is told; here nobody has asked
                log.info("The changes in %s are not known in advance: %s", folder, error)


def is_watched(ws: Workspace, folder: str) -> bool:
    """True when a check of the folder may go by what the system has told, instead of reading it."""
    return Path(folder) in ws.store.watched()
