"""Download as a .tar.zst: streamed, with every name, link, mode and time that the store keeps."""

import os
import tarfile
from collections.abc import Iterator
from pathlib import Path

import zstandard

from clew.base.progress import Progress
from clew.store.export import add_chosen, archive_file, mode_of
from clew.store.read import Reader
from clew.store.types import Entry

LEVEL = 3  # pictures and weights do not get smaller by more
_KIND = {"file": tarfile.REGTYPE, "link": tarfile.SYMTYPE, "dir": tarfile.DIRTYPE}


class _Content:
    """The bytes of a file as tarfile wants them: by `read`, in pieces of the size it asks for."""

    def __init__(self, pieces: Iterator[bytes]) -> None:
        self._pieces, self._left = pieces, b""

    def read(self, size: int) -> bytes:
        while len(self._left) < size:
            piece = next(self._pieces, b"")
            if not piece:
                break
            self._left += piece
        out, self._left = self._left[:size], self._left[size:]
        return out


def export_tar(
    reader: Reader, tree: bytes, target: Path, only: tuple[str, ...], progress: Progress | None
) -> int:
    """Write a tree as a tar archive in one zstd stream; returns how many files and links.

    The archive is POSIX.1-2001 (pax): long names, names in any bytes, and times to the nanosecond.

    Raises:
        UserError: the target is there; DamagedError; SurroundingsError; Cancelled.
    """
    with archive_file(target, progress) as file:
        packed = zstandard.ZstdCompressor(level=LEVEL).stream_writer(file, closefd=False)
        with packed, _tar(packed) as archive:
            return add_chosen(reader, tree, only, lambda entry: _add(archive, reader, entry), progress)


def _tar(stream: zstandard.ZstdCompressionWriter) -> tarfile.TarFile:
    return tarfile.open(
        mode="w|", fileobj=stream, format=tarfile.PAX_FORMAT, encoding="utf-8", errors="surrogateescape"
    )


def _add(archive: tarfile.TarFile, reader: Reader, entry: Entry) -> None:
    info = tarfile.TarInfo(entry.path)
    info.type = _KIND[entry.kind]
    info.mode = 0o755 if entry.kind == "dir" else 0o777 if entry.kind == "link" else mode_of(entry)
    seconds, rest = divmod(max(0, entry.mtime_ns), 1_000_000_000)
    info.mtime = seconds
    if rest:
        info.pax_headers = {"mtime": f"{seconds}.{rest:09d}"}
    pieces = reader.content(bytes.fromhex(entry.id)) if entry.kind != "dir" else iter(())
    if entry.kind == "link":
        info.linkname = os.fsdecode(b"".join(pieces))
        archive.addfile(info)
        return
    info.size = entry.size if entry.kind == "file" else 0
    archive.addfile(info, _Content(pieces))  # type: ignore[arg-type]  # only `read` is used
