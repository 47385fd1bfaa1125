"""What lies in a working folder: names, kinds and stats, folder by folder, links never followed."""

from __future__ import annotations  # array is generic for type checkers only

import os
from array import array
from collections.abc import Callable
from dataclasses import dataclass, field
from fnmatch import fnmatchcase
from stat import S_ISDIR, S_ISLNK, S_ISREG, S_IXUSR

from clew.store.tree import EXECUTABLE, FILE, LINK

# Names that belong to Clew's own work or to a file manager, never to a project.
IGNORED = (".clew-restore*", ".clew-import*", ".DS_Store", "Thumbs.db", "*.clew-part")
_SUSPECT_START = ".clew-"  # a fast question first: this runs for every file at every check
_SUSPECT_ENDS = (".DS_Store", "Thumbs.db", ".clew-part")
_MASK = (1 << 63) - 1  # inode numbers may use all 64 bits
_BY_FD = os.scandir in os.supports_fd


def is_ignored(name: str) -> bool:
    """True for a file name that no version contains."""
    return any(fnmatchcase(name, pattern) for pattern in IGNORED)


@dataclass(slots=True)
class Found:
    """One folder as it is on disk; files and links sorted by name."""

    names: list[bytes] = field(default_factory=list)
    kinds: bytes = b""
    stats: array[int] = field(default_factory=lambda: array("q"))  # inode, size, mtime_ns, ctime_ns of each
    subs: list[bytes] = field(default_factory=list)


def raw_name(name: str) -> bytes:
    """The bytes of a name; the plain way is three times as fast as os.fsencode."""
    try:
        return name.encode()
    except UnicodeEncodeError:
        return os.fsencode(name)


def stats_of(st: os.stat_result) -> tuple[int, int, int, int]:
    """The four numbers by which an unchanged file is known."""
    return st.st_ino & _MASK, st.st_size, st.st_mtime_ns, st.st_ctime_ns


def scan(path: bytes) -> Found:
    """Read one folder. Sockets, pipes and devices are left out.

    Raises:
        OSError: the folder cannot be read.
    """
    rows: list[tuple[bytes, int, int, int, int, int]] = []
    subs: list[bytes] = []
    fd = os.open(path, os.O_RDONLY | os.O_DIRECTORY | os.O_NOFOLLOW) if _BY_FD else -1
    try:
        with os.scandir(fd if _BY_FD else os.fsdecode(path)) as entries:
            for entry in entries:
                name = entry.name
                if (name.endswith(_SUSPECT_ENDS) or name.startswith(_SUSPECT_START)) and is_ignored(name):
                    continue
                if entry.is_dir(follow_symlinks=False):
                    subs.append(raw_name(name))
                    continue
                try:
                    st = entry.stat(follow_symlinks=False)
                except FileNotFoundError:  # removed while we read the folder
                    continue
                mode = st.st_mode
                if S_ISREG(mode):
                    kind = EXECUTABLE if mode & S_IXUSR else FILE
                elif S_ISLNK(mode):
                    kind = LINK
                elif S_ISDIR(mode):  # became a folder meanwhile
                    subs.append(raw_name(name))
                    continue
                else:
                    continue
                ino, size = st.st_ino & _MASK, st.st_size
                rows.append((raw_name(name), kind, ino, size, st.st_mtime_ns, st.st_ctime_ns))
    finally:
        if fd >= 0:
            os.close(fd)
    rows.sort()
    subs.sort()
    stats = array("q", [value for row in rows for value in row[2:]])
    return Found([row[0] for row in rows], bytes([row[1] for row in rows]), stats, subs)


def walk(root: bytes, visit: Callable[[bytes, Found], None], vanished: Callable[[bytes], None]) -> None:
    """Visit all folders below `root`, parents first; `visit` gets the path inside and what is there."""
    waiting = [b""]
    while waiting:
        rel = waiting.pop()
        try:
            found = scan(os.path.join(root, rel) if rel else root)
        except (FileNotFoundError, NotADirectoryError):
            if not rel:
                raise
            vanished(rel)
            continue
        visit(rel, found)
        waiting += [rel + b"/" + name if rel else name for name in reversed(found.subs)]
