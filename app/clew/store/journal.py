"""The swap of a restore: staged files change places with what is there; a kill at any moment loses nothing.

Layout of the staging folder and its commit point: FORMAT.md, "Beside the store".
"""

import contextlib
import json
import os
import shutil
import stat
import threading
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from clew.base.atomic import fsync_dir, write_atomic
from clew.base.errors import UserError
from clew.store.durable import is_ordered
from clew.store.pack import temporary_name
from clew.store.places import Places
from clew.store.scan import is_ignored, stats_of

PREFIX = ".clew-restore-"
JOURNAL, DONE, NEW, OLD, LOCK = "journal", "done", "new", "old", "lock"
MANY = 256
Stats = tuple[int, ...]


@dataclass(frozen=True)
class Move:
    """One step: what lies at `path` goes to old/`number`; when `write`, new/`number` takes its place."""

    number: int
    path: str
    write: bool
    before: Stats | None  # inode, size, mtime_ns of what is to be there; None: nothing
    mode: bool = False  # the staged file has the mode that it was saved with


@dataclass(frozen=True)
class Journal:
    """All that the swap does, in this order: moves without write, rmdirs, mkdirs, moves with write."""

    tree: str
    moves: tuple[Move, ...]
    rmdirs: tuple[str, ...]  # deepest first
    mkdirs: tuple[str, ...]  # parents first

    def dump(self) -> str:
        moves = [
            {"number": m.number, "path": m.path, "write": m.write, "before": m.before, "mode": m.mode}
            for m in self.moves
        ]
        return json.dumps({"tree": self.tree, "moves": moves, "rmdirs": self.rmdirs, "mkdirs": self.mkdirs})

    @staticmethod
    def parse(text: bytes) -> "Journal":
        data: dict[str, Any] = json.loads(text)
        moves = tuple(
            Move(m["number"], m["path"], m["write"], m["before"] and tuple(m["before"]), m.get("mode", False))
            for m in data["moves"]
        )
        return Journal(data["tree"], moves, tuple(data["rmdirs"]), tuple(data["mkdirs"]))


def lock_staging(staging: str) -> int | None:
    """Hold the lock of a staging folder; None when its process lives and holds it."""
    fd = os.open(os.path.join(staging, LOCK), os.O_RDWR | os.O_CREAT, 0o644)
    try:
        import fcntl

        fcntl.flock(fd, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except ImportError:  # Windows: an open file cannot be removed, which serves as the lock
        return fd
    except OSError:
        os.close(fd)
        return None
    return fd


def staging_folders(root: str) -> list[str]:
    try:
        return sorted(
            e.path for e in os.scandir(root) if e.name.startswith(PREFIX) and e.is_dir(follow_symlinks=False)
        )
    except (FileNotFoundError, NotADirectoryError, PermissionError):
        return []  # whoever works in the folder next is told why it cannot be read


def _finish(staging: str) -> None:
    """From here on nothing in it is needed."""
    with contextlib.suppress(FileNotFoundError):
        os.replace(os.path.join(staging, JOURNAL), os.path.join(staging, DONE))


def throw_away(staging: str, tmp: str) -> None:
    """Take a staging folder out of the working folder, and remove it while the caller goes on.

    Giving back the space of what was replaced can take as long as the whole restore. Where the folder cannot
    be moved (another volume, Windows) it is removed at once, or what is left by the next open.

    Args:
        tmp: where nobody minds it; what a dead process leaves there is removed later.
    """
    _finish(staging)
    try:
        os.rename(staging, away := os.path.join(tmp, temporary_name()))
    except OSError:
        remove_staging(staging)
        return
    threading.Thread(target=remove_staging, args=(away,), name="clew-away").start()


def remove_staging(staging: str) -> None:
    """Throw a staging folder away; the journal goes first, so that a kill in between is harmless."""
    _finish(staging)
    _remove_files(os.path.join(staging, OLD))
    shutil.rmtree(staging, ignore_errors=True)


def _remove_files(folder: str) -> None:
    """Remove many files in two threads: giving their blocks back takes a processor's time in the system."""
    with contextlib.suppress(OSError):
        names = os.listdir(folder)
        if len(names) < MANY:
            return

        def remove(some: list[str]) -> None:
            for name in some:
                with contextlib.suppress(OSError):  # a folder; whatever stays here is removed with the rest
                    os.unlink(f"{folder}/{name}")

        other = threading.Thread(target=remove, args=(names[::2],), name="clew-away-2", daemon=True)
        other.start()
        remove(names[1::2])
        other.join()


def write_journal(staging: str, journal: Journal) -> None:
    """The commit point of a restore."""
    write_atomic(os.path.join(staging, JOURNAL), journal.dump())


def read_journal(staging: str) -> Journal | None:
    try:
        with open(os.path.join(staging, JOURNAL), "rb") as file:
            return Journal.parse(file.read())
    except FileNotFoundError:
        return None


class Swap:
    """Does the moves of a journal, and can take them back. Paths are relative to the working folder."""

    def __init__(self, root: str, staging: str, journal: Journal) -> None:
        self._root, self._journal = root, journal
        self._staging = os.path.basename(staging)
        self._places = Places(root)
        self._undo: list[Callable[[], None]] = []
        self.skipped: list[str] = []

    def _rename(self, source: str, target: str) -> None:
        self._places.rename(source, target)
        self._undo.append(lambda: self._places.rename(target, source))

    def run(self, *, strict: bool) -> None:
        """Put everything in its place; steps that are done already are passed over.

        Args:
            strict: raise UserError when a file is not as planned; else leave that file alone (`skipped`).

        Raises:
            OSError, UserError: something is in the way; call `undo`.
        """
        with self._places:
            for move in self._journal.moves:
                if not move.write:
                    self._take_away(move, strict)
            for path in self._journal.rmdirs:
                self._rmdir(path)
            for path in self._journal.mkdirs:
                self._mkdir(path, strict)
            for move in self._journal.moves:
                if move.write:
                    self._place(move, strict)

    def _changed(self, path: str, strict: bool) -> None:
        if strict:
            raise UserError(
                f"{self._root}/{path} changed while it was being restored, so nothing was restored. "
                "Save a version or wait for the program that writes it, then try again."
            )
        self.skipped.append(path)

    def _take_away(self, move: Move, strict: bool) -> bool:
        """Move what is there to old/; True when the place is free now."""
        old = f"{self._staging}/{OLD}/{move.number}"
        st = self._places.stat(move.path)
        if st is None:
            if move.before is not None and strict and self._places.stat(old) is None:
                self._changed(move.path, strict)
            return True
        if stats_of(st)[:3] != move.before or (not strict and self._places.stat(old) is not None):
            self._changed(move.path, strict)
            return False
        self._rename(move.path, old)
        return True

    def _rmdir(self, path: str) -> None:
        left = self._places.listdir(path)
        if left is None or any(not is_ignored(name) for name in left):
            return  # it is gone, or there is something new in it: it stays, and shows as a change
        if left:
            self._rename(path, f"{self._staging}/{OLD}/d{len(self._undo)}-{os.getpid()}")
            self._places.close()
            return
        self._places.rmdir(path)
        self._undo.append(lambda: self._places.mkdir(path))

    def _mkdir(self, path: str, strict: bool) -> None:
        st = self._places.stat(path)
        if st is not None and stat.S_ISDIR(st.st_mode):
            return
        if st is not None or not self._places.has_above(path):
            self._changed(path, strict)
            return
        self._places.mkdir(path)
        self._undo.append(lambda: self._places.rmdir(path))

    def _place(self, move: Move, strict: bool) -> None:
        new = f"{self._staging}/{NEW}/{move.number}"
        if not strict and self._places.stat(new) is None:
            return  # done before a kill
        if not self._places.has_above(move.path):
            self._changed(move.path, strict)
        elif self._take_away(move, strict):
            if move.before is not None and not move.mode:
                self._keep_permissions(f"{self._staging}/{OLD}/{move.number}", new)
            self._rename(new, move.path)

    def _keep_permissions(self, old: str, new: str) -> None:
        """A file of which no mode was saved gets the permissions of the one whose place it takes.

        Executable is what was saved so.
        """
        was, now = self._places.stat(old), self._places.stat(new)
        if was is None or now is None or not (stat.S_ISREG(was.st_mode) and stat.S_ISREG(now.st_mode)):
            return
        mode = was.st_mode & 0o666
        if now.st_mode & stat.S_IXUSR:
            mode |= (was.st_mode & 0o444) >> 2 | stat.S_IXUSR
        if mode != stat.S_IMODE(now.st_mode):
            self._places.chmod(new, mode)

    def undo(self) -> None:
        """Take back what `run` did, last step first.

        Raises:
            OSError: a step cannot be taken back; the journal stays for the next open.
        """
        with self._places:
            while self._undo:
                self._undo.pop()()

    def sync(self) -> None:
        """Make the renames durable, or sure to be done again.

        Where the file system keeps the order of changes, the journal, which is durable already, is not thrown
        away in any state of the disk in which a rename is missing: the next open does that one again.
        """
        if is_ordered(self._root):
            return
        above = {os.path.dirname(move.path) for move in self._journal.moves} - {""}
        with self._places:
            # A folder may be gone now, or be a link, which is not followed here either.
            folders = {f"{self._root}/{path}" for path in above if self._places.has_above(f"{path}/.")}
        staging = f"{self._root}/{self._staging}"
        for folder in sorted(folders | {self._root, f"{staging}/{OLD}", f"{staging}/{NEW}"}):
            with contextlib.suppress(FileNotFoundError, NotADirectoryError):
                fsync_dir(folder)
