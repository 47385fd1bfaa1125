"""What lies in a working folder: names, kinds and stats, folder by folder, links never followed."""

from __future__ import annotations  # array is generic for type checkers only

import os
from array import array
from collections.abc import Sequence
from dataclasses import dataclass, field
from fnmatch import fnmatchcase
from operator import attrgetter
from stat import S_IFREG, S_ISDIR, S_ISLNK, S_ISREG, S_IXUSR

import numpy as np
import numpy.typing as npt
from blake3 import blake3

from clew.store.tree import DIR, EXECUTABLE, FILE, LINK, MODE_KEPT, NO_MODE, PERMISSIONS

# Names that belong to Clew's own work or to a file manager, never to a project.
IGNORED = (".clew-restore*", ".clew-import*", ".DS_Store", "Thumbs.db", "*.clew-part")
_SUSPECT = (".clew-", ".DS_Store", "Thumbs.db")  # a fast question first
_MASK = (1 << 63) - 1  # inode numbers may use all 64 bits
_MODES = os.name != "nt"  # Windows makes permissions up from a file's name and its read-only mark
_BY_FD = os.scandir in os.supports_fd
_NUMBERS = attrgetter("st_mode", "st_ino", "st_size", "st_mtime_ns", "st_ctime_ns")
NOTHING = -1
_FORMAT = 0o170000  # the bits of a mode that say what it is the mode of (inode(7))
WIDTH = 5  # numbers of each


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
    modes: bytes = b""  # uint16 of each, as in a tree
    mark: bytes = b""  # of the listing that this is; empty when some stats are not those of the listing
    _names: list[bytes] | None = None

    @property
    def names(self) -> list[bytes]:
        if self._names is None:
            self._names = self.joined.split(b"\0") if self.kinds else []
        return self._names

    def put(self, i: int, stats: Sequence[int]) -> None:
        """Other stats for one file than the listing gave."""
        self.stats[4 * i : 4 * i + 4] = array("q", stats)
        self.mark = b""

    def part(self, numbers: Sequence[int]) -> Found:
        """Some of the files, without the sub folders."""
        names, kinds, stats = self.names, self.kinds, self.stats
        return Found(
            b"\0".join([names[i] for i in numbers]),
            bytes([kinds[i] for i in numbers]),
            array("q", [value for i in numbers for value in stats[4 * i : 4 * i + 4]]),
            modes=b"".join([self.modes[2 * i : 2 * i + 2] for i in numbers]),
        )


@dataclass(slots=True)
class Listing:
    """One folder in the order in which the system tells it: quick to compare with an earlier listing."""

    names: list[str]
    numbers: array[int]  # WIDTH of each: mode, inode, size, mtime_ns, ctime_ns
    subs: list[bytes]
    _mark: bytes = b""

    def mark(self) -> bytes:
        """16 bytes that two listings share only when every name and number is the same, in the same order."""
        if not self._mark:
            digest = blake3(os.fsencode("\0".join(self.names)))
            self._mark = digest.update(memoryview(self.numbers).cast("B")).digest(length=16)
        return self._mark

    def found(self) -> Found:
        """Sorted by name, without what no version contains."""
        numbers = np.frombuffer(self.numbers, np.int64).reshape(-1, WIDTH)
        kinds = {mode: _kind_of(mode) for mode in set(numbers[:, 0].tolist())}
        names, subs = self.names, self.subs
        joined = "\0".join(names)
        suspect = any(part in joined for part in _SUSPECT)
        order = sorted(range(len(names)), key=names.__getitem__)
        if suspect or any(kind in {DIR, NOTHING} for kind in kinds.values()):
            kind_of = [kinds[mode] for mode in numbers[:, 0].tolist()]
            became = [os.fsencode(names[i]) for i in order if kind_of[i] == DIR and not is_ignored(names[i])]
            subs = sorted([*subs, *became])  # became a folder meanwhile
            order = [i for i in order if kind_of[i] not in {DIR, NOTHING} and not is_ignored(names[i])]
        try:
            raw = "\0".join([names[i] for i in order]).encode()
        except UnicodeEncodeError:  # such names sort otherwise as bytes
            order.sort(key=lambda i: os.fsencode(names[i]))
            raw = b"\0".join([os.fsencode(names[i]) for i in order])
        rows = numbers[order]
        stats = array("q")
        stats.frombytes(rows[:, 1:].tobytes())
        found_kinds = bytes([kinds[mode] for mode in rows[:, 0].tolist()])
        return Found(raw, found_kinds, stats, subs, _kept_modes(rows[:, 0]), self.mark())


def stats_of(st: os.stat_result) -> tuple[int, int, int, int]:
    """The four numbers by which an unchanged file is known."""
    return st.st_ino & _MASK, st.st_size, st.st_mtime_ns, st.st_ctime_ns


def kept_mode(st_mode: int) -> int:
    """What a tree keeps of the mode of a file or link."""
    return MODE_KEPT | (st_mode & PERMISSIONS) if _MODES and S_ISREG(st_mode) else NO_MODE


def _kept_modes(st_modes: npt.NDArray[np.int64]) -> bytes:
    """`kept_mode` of each, as uint16."""
    regular = (st_modes & _FORMAT == S_IFREG) & _MODES
    return np.where(regular, st_modes & PERMISSIONS | MODE_KEPT, NO_MODE).astype(np.uint16).tobytes()


def _kind_of(mode: int) -> int:
    if S_ISREG(mode):
        return EXECUTABLE if mode & S_IXUSR else FILE
    return LINK if S_ISLNK(mode) else DIR if S_ISDIR(mode) else NOTHING


def look(path: bytes) -> Listing:
    """List one folder. Sockets, pipes and devices are left out by `Listing.found`.

    Raises:
        OSError: the folder cannot be read.
    """
    names: list[str] = []
    numbers: list[int] = []
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
                    numbers.extend(_NUMBERS(entry.stat(follow_symlinks=False)))
                except FileNotFoundError:  # removed while we read the folder
                    continue
                names.append(entry.name)
    finally:
        if fd >= 0:
            os.close(fd)
    try:
        columns = array("q", numbers)
    except OverflowError:
        columns = array("q", [v & _MASK if j % WIDTH == 1 else v for j, v in enumerate(numbers)])
    return Listing(names, columns, sorted(os.fsencode(name) for name in subs if not is_ignored(name)))


def scan(path: bytes) -> Found:
    """Read one folder; as `look`, sorted."""
    return look(path).found()
