"""Packs: many objects in one file that is written once (FORMAT.md, Pack)."""

import contextlib
import os
import secrets
import shutil
import socket
import struct
import time
from concurrent.futures import Future, ThreadPoolExecutor
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt
import psutil
import zstandard
from blake3 import blake3

from clew.base.atomic import fsync_dir
from clew.base.errors import DamagedError
from clew.store.durable import start_writing

CONTENT, TREE, RECIPE = range(3)
RAW, ZSTD = range(2)
HEADER = struct.pack("<8sII", b"CLEWPACK", 1, 0)
FOOTER = struct.Struct("<8sQQ32sQ")
FOOTER_MAGIC = b"CLEWINDX"
RECORD = struct.Struct("<32sQQQIBBxx")
RECORD_TYPE = np.dtype(
    [
        ("id", "V32"),
        ("offset", "<u8"),
        ("stored", "<u8"),
        ("size", "<u8"),
        ("start", "<u4"),
        ("kind", "u1"),
        ("coding", "u1"),
        ("zero", "<u2"),
    ]
)
FRAME = 256 << 10  # texts that share a zstd frame
BATCH = 8 << 20  # bytes gathered for one write
APART = 256 << 10  # objects of this size are not worth being copied together first
FULL = 256 << 20  # a pack is closed at about this size
MOST = 1 << 30  # no object is larger
EARLY = 32 << 20  # the disk begins to write, beside, after so many bytes: the last flush is then short
SYNC = getattr(os, "fdatasync", os.fsync)
BINARY = getattr(os, "O_BINARY", 0)
ORPHAN_S, FOREIGN_S = 3600, 7 * 86400

Records = npt.NDArray[Any]


def temporary_name() -> str:
    """A name in `tmp/` that says which process of which machine writes it."""
    host = blake3(socket.gethostname().encode()).hexdigest()[:8]
    return f"{host}-{os.getpid()}-{secrets.token_hex(8)}"


def clean_orphans(tmp: Path) -> None:
    """Remove what dead processes left: those of this machine after an hour, of others after a week."""
    host = blake3(socket.gethostname().encode()).hexdigest()[:8]
    now = time.time()
    for entry in os.scandir(tmp):
        with contextlib.suppress(OSError, ValueError):
            owner, pid = entry.name.split("-")[:2]
            age = now - entry.stat(follow_symlinks=False).st_mtime
            dead = owner == host and not psutil.pid_exists(int(pid))
            if age <= (ORPHAN_S if dead else FOREIGN_S):
                continue
            if entry.is_dir(follow_symlinks=False):  # what a restore has taken away
                shutil.rmtree(entry.path)
            else:
                os.unlink(entry.path)


def write_all(fd: int, data: bytes | memoryview) -> None:
    view = memoryview(data)
    while view:
        view = view[os.write(fd, view) :]


def _begin_sync(fd: int) -> None:
    if not start_writing(fd):
        SYNC(fd)


def put_file(folder: Path, target: Path, body: bytes) -> None:
    """Write a small file of the store by way of `tmp/`, durably; what was there is replaced.

    Raises:
        OSError: nothing was changed and nothing is left.
    """
    temporary = folder / "tmp" / temporary_name()
    try:
        fd = os.open(temporary, os.O_WRONLY | os.O_CREAT | os.O_EXCL | BINARY, 0o644)
        try:
            write_all(fd, body)
            os.fsync(fd)
        finally:
            os.close(fd)
        os.replace(temporary, target)
        fsync_dir(target.parent)
    except OSError:
        with contextlib.suppress(OSError):
            temporary.unlink(missing_ok=True)
        raise


class PackWriter:
    """Appends objects to packs; nothing is visible to readers before a pack is finished.

    Not for several threads at once. Use `finish` or `abandon`.
    """

    def __init__(self, folder: Path, *, full: int = FULL) -> None:
        self._folder = folder
        self._full = full
        self._fd = -1
        self._path = ""
        self._compressor = zstandard.ZstdCompressor(level=3)
        self._pool: ThreadPoolExecutor | None = None
        self.finished: list[str] = []
        self._clear()

    def _clear(self) -> None:
        self._batch: list[bytes | memoryview] = []
        self._batch_size = 0
        self._offset = len(HEADER)
        self._flushed = 0
        self._early: Future[None] | None = None
        self._records: list[bytes] = []
        self._frame: list[tuple[bytes, int, bytes | memoryview]] = []
        self._frame_size = 0

    def add(self, id_: bytes, data: bytes | memoryview, kind: int = CONTENT, *, text: bool = False) -> None:
        """Append one object; texts wait until a frame is full."""
        if text:
            self._frame.append((id_, kind, data))
            self._frame_size += len(data)
            if self._frame_size >= FRAME:
                self._close_frame()
        else:
            self._records.append(RECORD.pack(id_, self._offset, len(data), len(data), 0, kind, RAW))
            self._put(data)
        if self._offset >= self._full:
            self.finish()

    def add_all(self, ids: list[bytes], datas: list[bytes]) -> None:
        """Append the contents of many files as they are; the same as `add` for each, in less time."""
        if not ids:
            return
        records = np.zeros(len(ids), RECORD_TYPE)
        records["id"] = np.frombuffer(b"".join(ids), "V32")
        sizes = np.fromiter(map(len, datas), np.uint64, len(datas))
        records["offset"] = np.uint64(self._offset) + sizes.cumsum() - sizes
        records["stored"] = records["size"] = sizes
        self._records.append(records.tobytes())
        for data in datas if int(sizes.sum()) >= APART * len(datas) else [b"".join(datas)]:
            self._put(data)
        if self._offset >= self._full:
            self.finish()

    def _close_frame(self) -> None:
        if not self._frame:
            return
        packed = self._compressor.compress(b"".join([data for _, _, data in self._frame]))
        start = 0
        for id_, kind, data in self._frame:
            record = RECORD.pack(id_, self._offset, len(packed), len(data), start, kind, ZSTD)
            self._records.append(record)
            start += len(data)
        self._frame, self._frame_size = [], 0
        self._put(packed)

    def _put(self, data: bytes | memoryview) -> None:
        self._batch.append(data)
        self._batch_size += len(data)
        self._offset += len(data)
        if self._batch_size >= BATCH:
            self._flush()

    def _flush(self) -> None:
        if self._fd < 0:
            self._path = os.fspath(self._folder / "tmp" / temporary_name())
            flags = os.O_WRONLY | os.O_CREAT | os.O_EXCL | BINARY
            self._fd = os.open(self._path, flags, 0o644)
            write_all(self._fd, HEADER)
        if self._batch_size >= APART * len(self._batch):
            for data in self._batch:
                write_all(self._fd, data)
        else:
            write_all(self._fd, b"".join(self._batch))
        self._batch, self._batch_size = [], 0
        if self._offset - self._flushed >= EARLY and (self._early is None or self._early.done()):
            self._settle()
            self._flushed = self._offset
            self._pool = self._pool or ThreadPoolExecutor(1, "clew-pack")
            self._early = self._pool.submit(_begin_sync, self._fd)

    def _settle(self) -> None:
        """Wait for the flush that runs beside; raises what it met."""
        early, self._early = self._early, None
        if early is not None:
            early.result()

    def _end(self) -> None:
        if self._pool is not None:
            self._pool.shutdown()
            self._pool = None

    def finish(self) -> None:
        """Close the pack and give it its name; without objects nothing is written.

        Raises:
            OSError: the pack is not there; `abandon` removes the rest.
        """
        self._close_frame()
        if not self._records:
            return
        index = np.frombuffer(b"".join(self._records), RECORD_TYPE)
        order = np.argsort(_keys(index), kind="stable")
        body = index[order].tobytes()
        check = blake3(HEADER + body).digest()
        self._put(body)
        self._put(FOOTER.pack(FOOTER_MAGIC, self._offset - len(body), len(index), check, 0))
        self._flush()
        self._settle()
        os.fsync(self._fd)
        os.close(self._fd)
        self._fd = -1
        name = secrets.token_hex(16) + ".pack"
        os.rename(self._path, self._folder / "packs" / name)
        fsync_dir(self._folder / "packs")
        self.finished.append(name)
        self._clear()
        self._end()

    def abandon(self) -> None:
        """Remove what is not finished; finished packs stay, they do no harm."""
        self._end()
        if self._fd >= 0:
            os.close(self._fd)
            self._fd = -1
        if self._path:
            with contextlib.suppress(OSError):
                os.unlink(self._path)
        self._clear()


def _keys(records: Records) -> npt.NDArray[np.bytes_]:
    # "S32" would strip trailing zeros when read, but sorts like the padded bytes: the order is right.
    keys: npt.NDArray[np.bytes_] = np.ascontiguousarray(records["id"]).view("S32")
    return keys


def read_index_unproved(path: Path) -> Records:
    """What can be made out of the index of a pack whose index is damaged: every record may be wrong."""
    nothing = np.empty(0, RECORD_TYPE)
    try:
        with path.open("rb") as file:
            size = os.fstat(file.fileno()).st_size
            file.seek(max(0, size - FOOTER.size))
            tail = file.read(FOOTER.size)
            if len(tail) < FOOTER.size:
                return nothing
            _, offset, n, _, _ = FOOTER.unpack(tail)
            if n * RECORD.size > size or offset > size:
                return nothing
            file.seek(offset)
            body = file.read(n * RECORD.size)
    except OSError:
        return nothing
    rows = np.frombuffer(body[: len(body) // RECORD.size * RECORD.size], RECORD_TYPE)
    inside: Records = rows[(rows["offset"] < size) & (rows["stored"] < size) & (rows["size"] <= MOST)]
    return inside


def read_index(path: Path) -> Records:
    """The index of a pack, sorted by id.

    Raises:
        DamagedError: the file is cut off or its index does not match its hash.
    """
    damaged = DamagedError(f"The pack {path.name} of the store is damaged.", (path.name,))
    with path.open("rb") as file:
        head = file.read(len(HEADER))
        size = os.fstat(file.fileno()).st_size
        if head != HEADER or size < len(HEADER) + FOOTER.size:
            raise damaged
        file.seek(size - FOOTER.size)
        magic, offset, n, check, _ = FOOTER.unpack(file.read(FOOTER.size))
        if magic != FOOTER_MAGIC or offset + n * RECORD.size + FOOTER.size != size:
            raise damaged
        file.seek(offset)
        body = file.read(n * RECORD.size)
    if blake3(head + body).digest() != check:
        raise damaged
    return np.frombuffer(body, RECORD_TYPE)
