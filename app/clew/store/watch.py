"""Keeps the answer to "what has changed?" ready while a window is open: folders that the system saw touched.

Linux only, by inotify without a thread: the events wait in the system until somebody asks, so an answer is
never older than the question. (The library watchdog hands events on by a thread of its own, some of them
half a second later, so with it an answer could be.) Elsewhere `Watch.start` returns None: walk.

What inotify does not see: writing through a mapped file, through a second name of the file outside of the
folder, and on network drives. So only checks use it, for at most `MOST_AGE_S`; saving and restoring walk.
"""

import ctypes
import errno
import os
import struct
import threading
import time
from array import array
from collections.abc import Iterable
from functools import lru_cache
from pathlib import Path
from typing import Any

from clew.base.log import log
from clew.store.cache import Row
from clew.store.durable import volume_type

MOST_AGE_S = 600.0
LOCAL = {"ext2", "ext3", "ext4", "xfs", "btrfs", "f2fs", "tmpfs", "zfs", "overlay"}
EVENT = struct.Struct("iIII")  # descriptor, mask, cookie, length of the name; inotify(7)
MODIFY, ATTRIB, CLOSE_WRITE, MOVED_FROM, MOVED_TO = 0x2, 0x4, 0x8, 0x40, 0x80
CREATE, DELETE, DELETE_SELF, MOVE_SELF = 0x100, 0x200, 0x400, 0x800
OVERFLOW, IGNORED, ONLYDIR, DONT_FOLLOW, ISDIR = 0x4000, 0x8000, 0x1000000, 0x2000000, 0x40000000
SEEN = MODIFY | ATTRIB | CLOSE_WRITE | MOVED_FROM | MOVED_TO | CREATE | DELETE | DELETE_SELF | MOVE_SELF
ROOT_GONE = DELETE_SELF | MOVE_SELF
BUFFER = 1 << 20


@lru_cache(maxsize=1)
def _inotify() -> Any:
    try:
        libc = ctypes.CDLL(None, use_errno=True)
        libc.inotify_add_watch.argtypes = (ctypes.c_int, ctypes.c_char_p, ctypes.c_uint32)
        libc.inotify_init1.argtypes = (ctypes.c_int,)
        return libc
    except (OSError, AttributeError, TypeError):
        return None


class Watch:
    """One folder and all below it. Safe from any thread."""

    def __init__(self, root: bytes, fd: int) -> None:
        self.root = root
        self.lock = threading.Lock()  # held by the one who asks, until `settle`
        self._fd = fd
        self._rels: dict[int, bytes] = {}
        self._numbers: dict[bytes, int] = {}
        self._rows: dict[bytes, Row] = {}
        self._dirty: set[bytes] = set()
        self._walked = 0.0
        self._lost = True

    @staticmethod
    def start(root: str | os.PathLike[str]) -> "Watch | None":
        """Begin to watch; None where that cannot be done."""
        libc = _inotify()
        where = os.fsencode(os.path.abspath(root))
        try:
            if libc is None or volume_type(where) not in LOCAL:
                return None
        except OSError:
            return None
        fd = libc.inotify_init1(os.O_NONBLOCK | os.O_CLOEXEC)
        return Watch(where, fd) if fd >= 0 else None

    def close(self) -> None:
        """Stop watching."""
        with self.lock:
            if self._fd >= 0:
                os.close(self._fd)
            self._fd, self._lost = -1, True
            self._rows = {}

    def dirty_folders(self) -> set[bytes] | None:
        """Folders (relative, as bytes) in which something may have changed since `settle`.

        None: not known (events were lost, or the last walk was long ago), walk. Ask while holding `lock`.
        """
        self._drain()
        if self._lost:
            self._restart()
        if self._lost or time.monotonic() - self._walked > MOST_AGE_S:
            return None
        return set(self._dirty)

    def doubt(self, tree: bytes | None = None) -> None:
        """Let the next question walk; with `tree`, which somebody has just read, only if it is another."""
        here = self._rows.get(b"")
        if tree is None or here is None or here.tree != tree:
            self._walked = float("-inf")

    @property
    def rows(self) -> dict[bytes, Row]:
        """All folders as they were at the last `settle`."""
        return self._rows

    def cover(self, rels: Iterable[bytes]) -> set[bytes]:
        """Watch more folders, before they are read; returns those that were not watched until now."""
        fresh = {rel for rel in rels if rel not in self._numbers}
        for rel in sorted(fresh):
            path = os.path.join(self.root, rel) if rel else self.root
            number = _inotify().inotify_add_watch(self._fd, path, SEEN | ONLYDIR | DONT_FOLLOW)
            if number >= 0:
                other = self._rels.get(number)
                if other is not None:  # moved here, and not told yet
                    self._numbers.pop(other, None)
                self._rels[number], self._numbers[rel] = rel, number
            elif ctypes.get_errno() not in {errno.ENOENT, errno.ENOTDIR}:
                log.info("The folder %s cannot be watched: no more watches.", os.fsdecode(self.root))
                self._lost = True
                break
        return fresh

    def settle(self, rows: dict[bytes, Row], *, walked: bool) -> None:
        """Take over what has just been read.

        Args:
            rows: all folders.
            walked: every folder was read, not only the dirty ones.
        """
        self._dirty = self.cover(rows)
        if walked:
            self._lost, self._walked = not rows.keys() <= self._numbers.keys() | self._dirty, time.monotonic()
        before = self._rows
        self._dirty |= {rel for rel, row in rows.items() if row is not before.get(rel) and _young(row)}
        self._rows = rows

    def _restart(self) -> None:
        """Forget all: which folder is which is in doubt after lost events."""
        if self._fd >= 0:
            os.close(self._fd)
            self._fd = _inotify().inotify_init1(os.O_NONBLOCK | os.O_CLOEXEC)
        self._rels, self._numbers, self._rows, self._dirty = {}, {}, {}, set()

    def _drain(self) -> None:
        while self._fd >= 0:
            try:
                data = os.read(self._fd, BUFFER)
            except BlockingIOError:
                return
            except OSError as error:
                log.warning("The watching of %s failed: %s", os.fsdecode(self.root), error)
                self._lost = True
                return
            at = 0
            while at < len(data):
                number, mask, _, length = EVENT.unpack_from(data, at)
                name = data[at + EVENT.size : at + EVENT.size + length].rstrip(b"\0")
                at += EVENT.size + length
                self._take(number, mask, name)

    def _take(self, number: int, mask: int, name: bytes) -> None:
        if mask & OVERFLOW:
            self._lost = True
            return
        rel = self._rels.get(number)
        if rel is None:
            return
        if mask & IGNORED or (mask & ROOT_GONE and not rel):
            self._forget(rel)
            self._lost |= not rel
            return
        self._dirty.add(rel)
        if mask & ISDIR and mask & (MOVED_FROM | MOVED_TO | CREATE | DELETE):
            self._forget(rel + b"/" + name if rel else name)

    def _forget(self, rel: bytes) -> None:
        """A folder is another one now, or gone: nothing that is known of it or below it counts."""
        prefix = rel + b"/"
        for one in [one for one in self._numbers if one == rel or one.startswith(prefix)]:
            number = self._numbers.pop(one)
            if self._rels.pop(number, None) is not None:
                _inotify().inotify_rm_watch(self._fd, number)
            self._dirty.add(one)


class Watches(dict[bytes, Watch]):
    """The watched folders of an open store, by their absolute path."""

    def begin(self, root: Path) -> bool:
        """Watch one more folder; False where that cannot be done."""
        key = _key(root)
        if key not in self:
            started = Watch.start(root)
            if started is None:
                return False
            self[key] = started
        return True

    def end(self, root: Path) -> None:
        """Watch a folder no longer."""
        watch = self.pop(_key(root), None)
        if watch is not None:
            watch.close()

    def doubt(self, root: Path, tree: str | None = None) -> None:
        """Let the next question about a folder walk; see `Watch.doubt`."""
        watch = self.get(_key(root))
        if watch is not None:
            watch.doubt(bytes.fromhex(tree) if tree else None)

    def folders(self) -> tuple[Path, ...]:
        return tuple(Path(os.fsdecode(root)) for root in list(self))


def _key(root: Path) -> bytes:
    return os.fsencode(os.path.abspath(root))


def _young(row: Row) -> bool:
    """True when a file was read so soon after its last change that its stats prove nothing."""
    numbers = array("q")
    numbers.frombytes(row.stats)
    return 0 in numbers[3::4]
