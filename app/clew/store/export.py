"""Download: a saved tree as a plain folder or a zip, whole or not at all."""

import contextlib
import os
import secrets
import shutil
import stat
import time
import zipfile
from collections import deque
from collections.abc import Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from pathlib import Path

from clew.base.atomic import fsync_dir
from clew.base.errors import DamagedError, UserError, explain_os_error
from clew.base.progress import Progress
from clew.base.words import count
from clew.store.entries import entries
from clew.store.pack import BINARY, write_all
from clew.store.read import Reader
from clew.store.save import TEXTS
from clew.store.types import Entry

STEP = 256  # files between two words to the progress
WRITERS, MOST_AT_ONCE = 4, 4096  # threads, and entries that one of them takes
MODE = {True: 0o755, False: 0o644}


def chosen(reader: Reader, tree: bytes, only: tuple[str, ...]) -> Iterator[Entry]:
    """The entries under the given paths, each once.

    Raises:
        UserError: one of the paths is not in the tree.
    """
    if not only:
        yield from entries(reader, tree)
        return
    seen: set[str] = set()
    for under in only:
        found = False
        for entry in entries(reader, tree, under):
            found = True
            if entry.path not in seen:
                seen.add(entry.path)
                yield entry
        if not found:
            raise UserError(
                f"There is no “{under}” in this version. Choose a file or folder that it contains."
            )


@contextlib.contextmanager
def naming(path: str) -> Iterator[None]:
    """Damage that is met inside is told with the name of the file."""
    try:
        yield
    except DamagedError as error:
        raise DamagedError(
            f"The file {path} of this version is damaged in the store, so nothing was written. "
            "Take a good copy back with: clew verify --repair",
            (path,),
        ) from error


def write_file(reader: Reader, entry: Entry, target: str) -> None:
    """Write one entry to a path that does not exist yet, with its mode and mtime.

    Raises:
        DamagedError: its content does not match; OSError: it cannot be written.
    """
    with naming(entry.path):
        _write_file(reader, entry, target)


def _write_file(reader: Reader, entry: Entry, target: str) -> None:
    if entry.kind == "dir":
        os.mkdir(target)
        return
    id_ = bytes.fromhex(entry.id)
    if entry.kind == "link":
        os.symlink(os.fsdecode(b"".join(reader.content(id_))), target)
        if os.utime in os.supports_follow_symlinks:
            os.utime(target, ns=(entry.mtime_ns, entry.mtime_ns), follow_symlinks=False)
        return
    fd = os.open(target, os.O_WRONLY | os.O_CREAT | os.O_EXCL | BINARY, MODE[entry.executable])
    try:
        for piece in reader.content(id_):
            write_all(fd, piece)
        if os.utime in os.supports_fd:
            os.utime(fd, ns=(entry.mtime_ns, entry.mtime_ns))
    finally:
        os.close(fd)
    if os.utime not in os.supports_fd:
        os.utime(target, ns=(entry.mtime_ns, entry.mtime_ns))


def sync_volume(folder: str | Path) -> None:
    """Make everything written to the volume of a folder durable, in one call where the system has one."""
    try:
        import ctypes

        syncfs = ctypes.CDLL(None).syncfs
    except (OSError, AttributeError, ImportError, TypeError):
        getattr(os, "sync", lambda: None)()
        return
    fd = os.open(folder, os.O_RDONLY)
    try:
        syncfs(fd)
    finally:
        os.close(fd)


def part_beside(target: Path) -> Path:
    return target.with_name(f"{target.name[:40]}-{secrets.token_hex(4)}.clew-part")


def _by_folder(entries_: Iterator[Entry]) -> Iterator[tuple[str, list[Entry]]]:
    """Runs of entries of one folder, at most MOST_AT_ONCE each."""
    above, run = "", list[Entry]()
    for entry in entries_:
        folder = entry.path.rpartition("/")[0]
        if run and (folder != above or len(run) == MOST_AT_ONCE):
            yield above, run
            run = []
        above = folder
        run.append(entry)
    if run:
        yield above, run


def _write_folders(reader: Reader, part: str, entries_: Iterator[Entry], progress: Progress | None) -> int:
    """Write entries by threads, each a folder at a time: most of the time is the system's, making files."""

    def write(above: str, run: list[Entry]) -> int:
        os.makedirs(f"{part}/{above}" if above else part, exist_ok=True)
        for entry in run:
            write_file(reader, entry, f"{part}/{entry.path}")
            if progress:
                progress.check()
        return sum(entry.kind != "dir" for entry in run)

    files = 0
    running: deque[Future[int]] = deque()
    pool = ThreadPoolExecutor(WRITERS)
    try:
        for above, run in _by_folder(entries_):
            running.append(pool.submit(write, above, run))
            while len(running) > 2 * WRITERS or (running and running[0].done()):
                files += _counted(running.popleft().result(), progress)
        while running:
            files += _counted(running.popleft().result(), progress)
    finally:
        pool.shutdown(cancel_futures=True)
    return files


def _counted(n: int, progress: Progress | None) -> int:
    if progress:
        progress.advance(n)
    return n


def export(
    reader: Reader, tree: bytes, target: Path, only: tuple[str, ...], progress: Progress | None
) -> int:
    """Write a tree as plain files; returns how many files and links.

    As with any copy, the system writes them to the disk within the next half minute.

    Raises:
        UserError: the target is there and not empty; DamagedError; SurroundingsError; Cancelled.
    """
    if target.is_symlink() or (target.exists() and (not target.is_dir() or any(target.iterdir()))):
        raise UserError(f"{target} is already there. Choose a folder that is empty or does not exist yet.")
    part = part_beside(target)
    files = 0
    if progress:
        progress.start("Writing files")
    try:
        target.parent.mkdir(parents=True, exist_ok=True)
        part.mkdir()
        files = _write_folders(reader, os.fspath(part), chosen(reader, tree, only), progress)
        if target.exists():
            target.rmdir()
        os.rename(part, target)
        fsync_dir(target.parent)
    except OSError as error:
        raise explain_os_error(error, f"writing {count(files, 'file')} to {target}") from error
    finally:
        shutil.rmtree(part, ignore_errors=True)
    return files


def export_zip(
    reader: Reader, tree: bytes, target: Path, only: tuple[str, ...], progress: Progress | None
) -> int:
    """Write a tree as a zip archive, streamed; names that are not UTF-8 get replacement characters.

    Raises:
        UserError: the target is there; DamagedError; SurroundingsError; Cancelled.
    """
    if target.is_symlink() or target.exists():
        raise UserError(f"{target} is already there. Choose another name or remove it first.")
    part = part_beside(target)
    files = 0
    if progress:
        progress.start("Writing the archive")
    try:
        target.parent.mkdir(parents=True, exist_ok=True)
        with part.open("xb") as file:
            with zipfile.ZipFile(file, "w", allowZip64=True) as archive:
                for entry in chosen(reader, tree, only):
                    with naming(entry.path):
                        _add(archive, reader, entry)
                    files += entry.kind != "dir"
                    if progress and files % STEP == 0:
                        progress.advance(STEP)
            file.flush()
            os.fsync(file.fileno())
        os.rename(part, target)
        fsync_dir(target.parent)
    except OSError as error:
        raise explain_os_error(error, f"writing {target}") from error
    finally:
        with contextlib.suppress(OSError):
            part.unlink()
    return files


def copy_out(reader: Reader, id_: bytes, target: Path) -> None:
    """Write content to a path by way of a temporary file beside it."""
    part = part_beside(target)
    try:
        with part.open("xb") as file:
            for piece in reader.content(id_):
                file.write(piece)
            file.flush()
            os.fsync(file.fileno())
        os.replace(part, target)
    except OSError as error:
        raise explain_os_error(error, f"writing {target}") from error
    finally:
        with contextlib.suppress(OSError):
            part.unlink()


def _add(archive: zipfile.ZipFile, reader: Reader, entry: Entry) -> None:
    name = os.fsencode(entry.path).decode("utf-8", "replace") + ("/" if entry.kind == "dir" else "")
    moment = time.localtime(max(0, entry.mtime_ns // 1_000_000_000))[:6]
    moment = min(max(moment, (1980, 1, 1, 0, 0, 0)), (2107, 12, 31, 23, 59, 58))
    info = zipfile.ZipInfo(name, moment)
    info.create_system = 3  # Unix: the mode is in the upper half of external_attr
    mode = {
        "file": stat.S_IFREG | MODE[entry.executable],
        "link": stat.S_IFLNK | 0o777,
        "dir": stat.S_IFDIR | 0o755,
    }
    info.external_attr = mode[entry.kind] << 16
    if entry.kind == "dir":
        archive.writestr(info, b"")
        return
    text = entry.kind == "file" and os.fsencode(entry.path).lower().endswith(TEXTS)
    info.compress_type = zipfile.ZIP_DEFLATED if text else zipfile.ZIP_STORED
    info.file_size = entry.size
    with archive.open(info, "w", force_zip64=entry.size >= 1 << 31) as out:
        for piece in reader.content(bytes.fromhex(entry.id)):
            out.write(piece)
