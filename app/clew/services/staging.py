"""The staging folder of an import: files are copied there first, then renamed into place under a list.

A kill before the list is in place leaves the project as it was; after it, the next open finishes the moves.
"""

import json
import os
import shutil
import uuid
from collections.abc import Sequence
from pathlib import Path

from clew.store.journal import lock_staging

PREFIX = ".clew-import-"
"""Begins the name of a staging folder; the store passes over everything that begins like this."""

_MOVES = "moves"


class Staging:
    """A locked staging folder inside a project's folder, so that every move is a rename on one volume."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.path = folder / f"{PREFIX}{uuid.uuid4().hex[:12]}"
        self.path.mkdir()
        self._lock = lock_staging(str(self.path))

    def commit(self, moves: Sequence[tuple[str, str]]) -> None:
        """Move staged files into place: pairs of a staged name and a path in the project.

        From the moment that the list is in place the import counts as done, whatever happens next.
        """
        (self.path / f"{_MOVES}.new").write_text(json.dumps(list(moves)), "utf-8")
        if hasattr(os, "sync"):  # one flush of everything is far cheaper than one per file
            os.sync()
        os.rename(self.path / f"{_MOVES}.new", self.path / _MOVES)
        _finish(self.folder, self.path)

    def discard(self) -> None:
        """Take the staging folder away, unless its list is in place: then the next open finishes it."""
        if not (self.path / _MOVES).exists():
            shutil.rmtree(self.path, ignore_errors=True)

    def close(self) -> None:
        if self._lock is not None:
            os.close(self._lock)
            self._lock = None


def _finish(folder: Path, staging: Path) -> None:
    for name, path in json.loads((staging / _MOVES).read_text("utf-8")):
        source = staging / name
        if source.exists():
            target = folder.joinpath(*path.split("/"))
            target.parent.mkdir(parents=True, exist_ok=True)
            os.replace(source, target)
    shutil.rmtree(staging)


def finish_imports(folder: Path) -> None:
    """Finish what a kill interrupted: an import that was ready is completed, any other is taken away.

    An import that another process is at right now is left alone.
    """
    for staging in folder.glob(f"{PREFIX}*"):
        lock = lock_staging(str(staging))
        if lock is None:
            continue
        try:
            if (staging / _MOVES).exists():
                _finish(folder, staging)
            else:
                shutil.rmtree(staging, ignore_errors=True)
        finally:
            os.close(lock)
