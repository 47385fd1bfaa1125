"""Write folders of a saved tree as plain files; runs in the asking process and its helpers (crew.py)."""

import os
import stat
from collections.abc import Iterator
from typing import NamedTuple

import zstandard
from blake3 import blake3

from clew.base.errors import DamagedError
from clew.base.progress import Progress
from clew.store.damage import damaged_file
from clew.store.durable import start_writing, wait_written
from clew.store.folder_reader import store_reader
from clew.store.large import copy_parts
from clew.store.pack import BINARY, CONTENT, ZSTD, write_all
from clew.store.read import Reader
from clew.store.tree import DIR, EMPTY_TREE, EXECUTABLE, LINK, PERMISSIONS, Folder

WINDOW, GAP = 4 << 20, 64 << 10  # bytes read from a pack at once; what may lie unused in between
PIECE = 2048  # entries of one folder that one process writes at a time
ALONE = 4 << 20  # content above this is read in pieces
CHECK = 64  # files between two questions whether to stop
MODE = {True: 0o755, False: 0o644}  # less the umask, of a file whose mode is not known
_FCHMOD = hasattr(os, "fchmod") and os.name != "nt"
_NEW = os.O_WRONLY | os.O_CREAT | os.O_EXCL | BINARY
_DIR_FD = {os.open, os.mkdir, os.symlink, os.utime} <= os.supports_dir_fd


class Sheet(NamedTuple):
    """Entries of one folder to write: the columns `begin` to `end` of a tree, or a folder given here."""

    rel: bytes
    tree: bytes
    begin: int = 0
    end: int = -1  # -1: all; too many are given back in pieces
    folder: Folder | None = None


class Written(NamedTuple):
    """What became of a sheet."""

    files: int  # and links
    more: list[Sheet]


class FolderWriter:
    """A job for sheets.

    Args:
        reader: reads the store.
        root: the folder that all is written below; it exists.
        sync: wait until the bytes of each file are on the disk.
    """

    def __init__(self, reader: Reader, root: bytes, sync: bool, progress: Progress | None) -> None:
        self._reader, self._root, self._sync, self._progress = reader, root, sync, progress
        self._given: dict[int, bool] = {}  # modes that new files of this folder get as asked for, or do not

    def end(self) -> None:
        """Nothing to finish: each sheet is complete when it is done."""

    def drop(self) -> None:
        """Nothing to undo: the caller removes the folder."""

    def do(self, sheet: Sheet) -> Written:
        """Write the files, links and empty folders of a sheet.

        Raises:
            DamagedError: content does not match; OSError: it cannot be written; Cancelled.
        """
        if self._progress:
            self._progress.check()
        rel, more = sheet.rel, list[Sheet]()
        folder = sheet.folder if sheet.folder is not None else self._reader.folder(sheet.tree)
        if sheet.folder is None and sheet.end < 0:
            prefix = rel + b"/" if rel else b""
            for i, kind in enumerate(folder.kinds):
                if kind == DIR and folder.id_of(i) != EMPTY_TREE:
                    more.append(Sheet(prefix + folder.names[i], folder.id_of(i)))
            if len(folder) > 2 * PIECE:
                pieces = range(0, len(folder), PIECE)
                return Written(0, [*(Sheet(rel, sheet.tree, at, at + PIECE) for at in pieces), *more])
        elif sheet.folder is None:
            folder = folder.part(sheet.begin, sheet.end)
        path = os.path.join(self._root, rel) if rel else self._root
        os.makedirs(path, exist_ok=True)
        return Written(self._write(path, folder), more)

    def _write(self, path: bytes, folder: Folder) -> int:
        written = 0
        at = os.open(path, os.O_RDONLY | os.O_DIRECTORY) if _DIR_FD else None
        self._given = {}
        try:
            for n, (i, data) in enumerate(self._contents(folder)):
                if n % CHECK == 0 and self._progress:
                    self._progress.check()
                name = folder.names[i] if at is not None else path + b"/" + folder.names[i]
                try:
                    written += self._entry(folder, i, name, at, data)
                except DamagedError as error:
                    below = os.path.relpath(os.path.join(path, folder.names[i]), self._root)
                    raise damaged_file(os.fsdecode(below)) from error
            if self._sync:
                self._wait(path, folder)
        finally:
            if at is not None:
                os.close(at)
        return written

    def _wait(self, path: bytes, folder: Folder) -> None:
        for i, name in enumerate(folder.names):
            if folder.kinds[i] not in {DIR, LINK}:
                fd = os.open(path + b"/" + name, os.O_RDONLY | BINARY)
                try:
                    wait_written(fd)
                finally:
                    os.close(fd)

    def _entry(
        self, folder: Folder, i: int, name: bytes, at: int | None, data: bytes | memoryview | None
    ) -> int:
        kind, mtime = folder.kinds[i], folder.mtimes[i]
        if kind == DIR:
            if folder.id_of(i) == EMPTY_TREE:
                os.mkdir(name, dir_fd=at)
            return 0
        if kind == LINK:
            target = b"".join(self._reader.content(folder.id_of(i))) if data is None else bytes(data)
            os.symlink(target if os.name != "nt" else os.fsdecode(target), name, dir_fd=at)
            if os.utime in os.supports_follow_symlinks:
                os.utime(name, ns=(mtime, mtime), dir_fd=at, follow_symlinks=False)
            return 1
        mode = folder.modes[i] & PERMISSIONS | stat.S_IRUSR if folder.modes[i] and _FCHMOD else None
        fd = os.open(name, _NEW, MODE[kind == EXECUTABLE] if mode is None else mode, dir_fd=at)
        try:
            if mode is not None:
                self._set_mode(fd, mode)
            if data is None:
                self._alone(fd, folder.id_of(i))
            elif data:
                write_all(fd, data)
            if os.utime in os.supports_fd:
                os.utime(fd, ns=(mtime, mtime))
            if self._sync:
                start_writing(fd)
        finally:
            os.close(fd)
        if os.utime not in os.supports_fd:
            os.utime(name, ns=(mtime, mtime), dir_fd=at)
        return 1

    def _set_mode(self, fd: int, mode: int) -> None:
        """Undo what the umask took away; whether it does is found out once for each mode in a folder."""
        if mode not in self._given:
            self._given[mode] = stat.S_IMODE(os.fstat(fd).st_mode) == mode
        if not self._given[mode]:
            os.fchmod(fd, mode)

    def _alone(self, fd: int, id_: bytes) -> None:
        parts = self._reader.parts(id_) if hasattr(os, "pwrite") else None
        if parts is None:
            for piece in self._reader.content(id_):
                write_all(fd, piece)
            return
        places, offset = [], 0
        for part, size in parts:
            places.append((offset, size, part))
            offset += size
        copy_parts(places, lambda part: b"".join(self._reader.content(part)), fd)

    def _contents(self, folder: Folder) -> Iterator[tuple[int, bytes | memoryview | None]]:
        """Number and checked bytes of each entry, in the order of the packs; None: to be read alone."""
        records, packs, names = self._reader.index.find(folder.ids)
        order = records["offset"].argsort(kind="stable")
        order = order[packs[order].argsort(kind="stable")]
        fields = ("offset", "stored", "size", "start", "kind", "coding")
        columns = [records[field][order].tolist() for field in fields]
        rows = list(zip(order.tolist(), packs[order].tolist(), *columns))
        window, begin, of, frame_at, frame = memoryview(b""), 0, -1, (-1, -1), b""
        engine = zstandard.ZstdDecompressor()
        for k, (i, pack, offset, stored, size, start, kind, coding) in enumerate(rows):
            if folder.kinds[i] == DIR or pack < 0 or kind != CONTENT or stored > ALONE:
                yield i, None
                continue
            if pack != of or offset < begin or offset + stored > begin + len(window):
                window, begin, of = (
                    memoryview(self._reader.span(names[pack], offset, _end(rows, k))),
                    offset,
                    pack,
                )
            data: bytes | memoryview = window[offset - begin : offset - begin + stored]
            if coding == ZSTD:
                if frame_at != (pack, offset):
                    try:
                        frame_at, frame = (pack, offset), engine.decompress(data)
                    except zstandard.ZstdError:
                        frame = b""
                data = frame if start == 0 and size == len(frame) else frame[start : start + size]
            good = len(data) == size and blake3(data).digest() == folder.id_of(i)
            yield i, data if good else None  # a second copy may be well


def _end(rows: list[tuple[int, ...]], k: int) -> int:
    """Where to stop reading a pack that is read from the place of row `k`."""
    _, pack, begin, stored, *_ = rows[k]
    end = begin + stored
    for j in range(k + 1, len(rows)):
        _, other, offset, more, *_ = rows[j]
        if other != pack or offset - end > GAP or offset + more - begin > WINDOW:
            break
        end = max(end, offset + more)
    return end


def make_writer(store: str, root: bytes, sync: bool, *, progress: Progress | None = None) -> FolderWriter:
    """The job in a helper; `store` is the folder of the store."""
    reader = store_reader(store)
    reader.index.refresh()
    return FolderWriter(reader, root, sync, progress)
