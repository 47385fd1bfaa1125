"""The swap of a restore: staged files change places with what is there; a kill at any moment loses nothing.

Layout of the staging folder and its commit point: FORMAT.md, "Beside the store".
"""

import contextlib
import json
import os
import shutil
import stat
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from clew.base.atomic import fsync_dir, write_atomic
from clew.base.errors import UserError
from clew.store.durable import is_ordered
from clew.store.scan import is_ignored, stats_of

PREFIX = ".clew-restore-"
JOURNAL, DONE, NEW, OLD, LOCK = "journal", "done", "new", "old", "lock"
Stats = tuple[int, ...]


@dataclass(frozen=True)
class Move:
    """One step: what lies at `path` goes to old/`number`; when `write`, new/`number` takes its place."""

    number: int
    path: str
    write: bool
    before: Stats | None  # inode, size, mtime_ns of what is to be there; None: nothing


@dataclass(frozen=True)
class Journal:
    """All that the swap does, in this order: moves without write, rmdirs, mkdirs, moves with write."""

    tree: str
    moves: tuple[Move, ...]
    rmdirs: tuple[str, ...]  # deepest first
    mkdirs: tuple[str, ...]  # parents first

    def dump(self) -> str:
        moves = [
            {"number": m.number, "path": m.path, "write": m.write, "before": m.before} for m in self.moves
        ]
        return json.dumps({"tree": self.tree, "moves": moves, "rmdirs": self.rmdirs, "mkdirs": self.mkdirs})

    @staticmethod
    def parse(text: bytes) -> "Journal":
        data: dict[str, Any] = json.loads(text)
        moves = tuple(
            Move(m["number"], m["path"], m["write"], tuple(m["before"]) if m["before"] is not None else None)
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


def remove_staging(staging: str) -> None:
    """Throw a staging folder away; the journal goes first, so that a kill in between is harmless."""
    with contextlib.suppress(FileNotFoundError):
        os.replace(os.path.join(staging, JOURNAL), os.path.join(staging, DONE))
    shutil.rmtree(staging, ignore_errors=True)


def write_journal(staging: str, journal: Journal) -> None:
    """The commit point of a restore."""
    write_atomic(os.path.join(staging, JOURNAL), journal.dump())


def read_journal(staging: str) -> Journal | None:
    try:
        with open(os.path.join(staging, JOURNAL), "rb") as file:
            return Journal.parse(file.read())
    except FileNotFoundError:
        return None


def seen(path: str) -> Stats | None:
    """What is at a path now, so far as a rename does not change it."""
    try:
        st = os.lstat(path)
    except (FileNotFoundError, NotADirectoryError):
        return None
    return stats_of(st)[:3]


def _keep_permissions(old: str, new: str) -> None:
    """A file that takes the place of another gets its permissions; executable is what was saved so."""
    try:
        was, now = os.lstat(old).st_mode, os.lstat(new).st_mode
    except FileNotFoundError:
        return
    if stat.S_ISREG(was) and stat.S_ISREG(now):
        mode = was & 0o666
        if now & stat.S_IXUSR:
            mode |= (was & 0o444) >> 2 | stat.S_IXUSR
        if mode != stat.S_IMODE(now):
            os.chmod(new, mode)


class Swap:
    """Does the moves of a journal, and can take them back."""

    def __init__(self, root: str, staging: str, journal: Journal) -> None:
        self._root, self._staging, self._journal = root, staging, journal
        self._undo: list[Callable[[], None]] = []
        self.skipped: list[str] = []

    def _at(self, path: str) -> str:
        return f"{self._root}/{path}"

    def _rename(self, source: str, target: str) -> None:
        os.rename(source, target)
        self._undo.append(lambda: os.rename(target, source))

    def run(self, *, strict: bool) -> None:
        """Put everything in its place; steps that are done already are passed over.

        Args:
            strict: raise UserError when a file is not as planned; else leave that file alone (`skipped`).

        Raises:
            OSError, UserError: something is in the way; call `undo`.
        """
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
                f"{self._at(path)} changed while it was being restored, so nothing was restored. "
                "Save a version or wait for the program that writes it, then try again."
            )
        self.skipped.append(path)

    def _inside(self, path: str) -> bool:
        """True when every folder above a path is a real one: no link is ever followed."""
        above = self._root
        for name in path.split("/")[:-1]:  # from the top, because lstat follows links on the way
            above += "/" + name
            try:
                if not stat.S_ISDIR(os.lstat(above).st_mode):
                    return False
            except (FileNotFoundError, NotADirectoryError):
                return False
        return True

    def _take_away(self, move: Move, strict: bool) -> bool:
        """Move what is there to old/; True when the place is free now."""
        old, target = f"{self._staging}/{OLD}/{move.number}", self._at(move.path)
        now = seen(target) if self._inside(move.path) else None
        if now is None:
            if move.before is not None and not os.path.lexists(old) and strict:
                self._changed(move.path, strict)
            return True
        if now != move.before or (not strict and os.path.lexists(old)):
            self._changed(move.path, strict)
            return False
        self._rename(target, old)
        return True

    def _rmdir(self, path: str) -> None:
        target = self._at(path)
        if not self._inside(path) or not os.path.isdir(target) or os.path.islink(target):
            return
        left = os.listdir(target)
        if any(not is_ignored(name) for name in left):
            return  # something new in it: it stays, and shows as a change
        if left:
            self._rename(target, f"{self._staging}/{OLD}/d{len(self._undo)}-{os.getpid()}")
            return
        os.rmdir(target)
        self._undo.append(lambda: os.mkdir(target))

    def _mkdir(self, path: str, strict: bool) -> None:
        target = self._at(path)
        inside = self._inside(path)
        if inside and os.path.isdir(target) and not os.path.islink(target):
            return
        if not inside or os.path.lexists(target):
            self._changed(path, strict)
            return
        os.mkdir(target)
        self._undo.append(lambda: os.rmdir(target))

    def _place(self, move: Move, strict: bool) -> None:
        new = f"{self._staging}/{NEW}/{move.number}"
        if not strict and not os.path.lexists(new):
            return  # done before a kill
        if not self._inside(move.path):
            self._changed(move.path, strict)
        elif self._take_away(move, strict):
            _keep_permissions(f"{self._staging}/{OLD}/{move.number}", new)
            self._rename(new, self._at(move.path))

    def undo(self) -> None:
        """Take back what `run` did, last step first.

        Raises:
            OSError: a step cannot be taken back; the journal stays for the next open.
        """
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
        # A folder may be gone now, or be a link, which is not followed here either.
        folders = {self._at(path) for path in above if self._inside(f"{path}/.")}
        for folder in sorted(folders | {self._root, f"{self._staging}/{OLD}", f"{self._staging}/{NEW}"}):
            with contextlib.suppress(FileNotFoundError, NotADirectoryError):
                fsync_dir(folder)
