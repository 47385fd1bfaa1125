"""What lies in a working folder: names, kinds and stats, folder by folder, links never followed."""

from __future__ import annotations  # array is generic for type checkers only

import os
from array import array
from collections.abc import Sequence
from dataclasses import dataclass, field
from fnmatch import fnmatchcase
from operator import attrgetter
from stat import S_ISDIR, S_ISLNK, S_ISREG, S_IXUSR

from clew.store.tree import DIR, EXECUTABLE, FILE, LINK

# Names that belong to Clew's own work or to a file manager, never to a project.
IGNORED = (".clew-restore*", ".clew-import*", ".DS_Store", "Thumbs.db", "*.clew-part")
_SUSPECT = (".clew-", ".DS_Store", "Thumbs.db")  # a fast question first
_MASK = (1 << 63) - 1  # inode numbers may use all 64 bits
_BY_FD = os.scandir in os.supports_fd
_NUMBERS = attrgetter("st_mode", "st_ino", "st_size", "st_mtime_ns", "st_ctime_ns")
NOTHING = -1
_Seen = tuple[str, int, int, int, int, int]  # name and _NUMBERS


def is_ignored(name: str) -> bool:
    """True for a file name that no version contains."""
    return any(fnmatchcase(name, pattern) for pattern in IGNORED)


@dataclass(slots=True)
class Found:
    """One folder as it is on disk; files and links sorted by name."""

    joined: bytes = b""  # the names, with a zero byte between
    kinds: bytes = b""
    stats: array[int] = field(default_factory=lambda: array("q"))  # inode, size, mtime_ns, ctime_ns of each
    subs: list[bytes] = field(default_factory=list)
    _names: list[bytes] | None = None

    @property
    def names(self) -> list[bytes]:
        if self._names is None:
            self._names = self.joined.split(b"\0") if self.kinds else []
        return self._names

    def part(self, numbers: Sequence[int]) -> Found:
        """Some of the files, without the sub folders."""
        names, kinds, stats = self.names, self.kinds, self.stats
        return Found(
            b"\0".join([names[i] for i in numbers]),
            bytes([kinds[i] for i in numbers]),
            array("q", [value for i in numbers for value in stats[4 * i : 4 * i + 4]]),
        )


def stats_of(st: os.stat_result) -> tuple[int, int, int, int]:
    """The four numbers by which an unchanged file is known."""
    return st.st_ino & _MASK, st.st_size, st.st_mtime_ns, st.st_ctime_ns


def _kind_of(mode: int) -> int:
    if S_ISREG(mode):
        return EXECUTABLE if mode & S_IXUSR else FILE
    return LINK if S_ISLNK(mode) else DIR if S_ISDIR(mode) else NOTHING


def scan(path: bytes) -> Found:
    """Read one folder. Sockets, pipes and devices are left out.

    Raises:
        OSError: the folder cannot be read.
    """
    rows: list[_Seen] = []
    subs: list[str] = []
    fd = os.open(path, os.O_RDONLY | os.O_DIRECTORY | os.O_NOFOLLOW) if _BY_FD else -1
    try:
        # This loop runs for every file at every check: what can be asked of all names at once is asked later.
        with os.scandir(fd if _BY_FD else os.fsdecode(path)) as entries:
            for entry in entries:
                if entry.is_dir(follow_symlinks=False):
                    subs.append(entry.name)
                    continue
                try:
                    rows.append((entry.name, *_NUMBERS(entry.stat(follow_symlinks=False))))
                except FileNotFoundError:  # removed while we read the folder
                    continue
    finally:
        if fd >= 0:
            os.close(fd)
    kinds = {mode: _kind_of(mode) for mode in {row[1] for row in rows}}
    if any(kind in {DIR, NOTHING} for kind in kinds.values()):
        subs += [row[0] for row in rows if kinds[row[1]] == DIR]  # became a folder meanwhile
        rows = [row for row in rows if kinds[row[1]] not in {DIR, NOTHING}]
    return _found(rows, kinds, sorted(os.fsencode(name) for name in subs if not is_ignored(name)))


def _found(rows: list[_Seen], kinds: dict[int, int], subs: list[bytes]) -> Found:
    rows.sort()
    joined = "\0".join([row[0] for row in rows])
    if any(part in joined for part in _SUSPECT):
        rows = [row for row in rows if not is_ignored(row[0])]
        joined = "\0".join([row[0] for row in rows])
    try:
        raw = joined.encode()
    except UnicodeEncodeError:  # such names sort otherwise as bytes
        rows.sort(key=lambda row: os.fsencode(row[0]))
        raw = b"\0".join([os.fsencode(row[0]) for row in rows])
    try:
        stats = array("q", [value for row in rows for value in row[2:]])
    except OverflowError:
        stats = array("q", [v & _MASK if not j else v for row in rows for j, v in enumerate(row[2:])])
    return Found(raw, bytes([kinds[row[1]] for row in rows]), stats, subs)
