"""Download: a saved tree as a plain folder or a zip, whole or not at all."""

import contextlib
import os
import secrets
import shutil
import stat
import time
import zipfile
from array import array
from collections.abc import Callable, Iterable, Iterator
from pathlib import Path
from typing import BinaryIO

from clew.base.atomic import fsync_dir
from clew.base.errors import UserError, explain_os_error
from clew.base.log import log
from clew.base.progress import Progress
from clew.base.words import count
from clew.store.crew import Crew, HelperLost
from clew.store.damage import naming
from clew.store.entries import KIND, entries
from clew.store.folder_writer import MODE, PIECE, FolderWriter, Sheet, Written
from clew.store.keep import TEXTS
from clew.store.read import Reader
from clew.store.tree import EXECUTABLE, MODE_KEPT, NO_MODE, Folder
from clew.store.types import Entry

STEP = 256  # files between two words to the progress
NUMBER = {name: kind for kind, name in KIND.items() if kind != EXECUTABLE}


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


def mode_of(entry: Entry) -> int:
    """The permission bits of a file in an archive."""
    return MODE[entry.executable] if entry.mode is None else entry.mode


def part_beside(target: Path) -> Path:
    return target.with_name(f"{target.name[:40]}-{secrets.token_hex(4)}.clew-part")


def _sheets(entries_: Iterator[Entry]) -> Iterator[Sheet]:
    """Runs of entries of one folder."""
    above, run = "", list[Entry]()
    for entry in entries_:
        folder = entry.path.rpartition("/")[0]
        if run and (folder != above or len(run) == PIECE):
            yield _sheet(above, run)
            run = []
        above = folder
        run.append(entry)
    if run:
        yield _sheet(above, run)


def _sheet(above: str, run: list[Entry]) -> Sheet:
    names = [os.fsencode(entry.path.rpartition("/")[2]) for entry in run]
    kinds = bytes([EXECUTABLE if entry.executable else NUMBER[entry.kind] for entry in run])
    ids = b"".join([bytes.fromhex(entry.id) for entry in run])
    mtimes = array("q", [entry.mtime_ns for entry in run])
    modes = array("H", [NO_MODE if entry.mode is None else MODE_KEPT | entry.mode for entry in run])
    folder = Folder(names, kinds, array("q"), ids, mtimes, modes)
    return Sheet(os.fsencode(above), b"", folder=folder)


def write_sheets(
    reader: Reader,
    root: str,
    sheets: Iterable[Sheet],
    *,
    sync: bool = False,
    crew: Crew | None = None,
    progress: Progress | None = None,
) -> int:
    """Write sheets below `root`, with the crew's help; returns how many files and links.

    Raises:
        DamagedError: content does not match; OSError: something cannot be written; Cancelled.
    """
    files = 0

    def done(_: Sheet, written: Written) -> list[Sheet]:
        nonlocal files
        files += written.files
        if progress:
            progress.advance(written.files)
        return written.more

    where = os.fsencode(root)
    local = FolderWriter(reader, where, sync, progress)
    (crew or Crew(0)).share("write", (os.fspath(reader.store), where, sync), local, sheets, done, progress)
    return files


def _fill(
    reader: Reader,
    tree: bytes,
    part: str,
    only: tuple[str, ...],
    progress: Progress | None,
    crew: Crew | None,
) -> int:
    def sheets() -> Iterable[Sheet]:
        return _sheets(chosen(reader, tree, only)) if only else [Sheet(b"", tree)]

    try:
        return write_sheets(reader, part, sheets(), crew=crew, progress=progress)
    except HelperLost as error:
        log.warning("A helper process ended, so the files are written again without it: %s", error)
        shutil.rmtree(part)
        os.mkdir(part)
        return write_sheets(reader, part, sheets(), progress=progress)


def export(
    reader: Reader,
    tree: bytes,
    target: Path,
    only: tuple[str, ...],
    progress: Progress | None,
    crew: Crew | None = None,
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
        files = _fill(reader, tree, os.fspath(part), only, progress, crew)
        if target.exists():
            target.rmdir()
        os.rename(part, target)
        fsync_dir(target.parent)
    except OSError as error:
        raise explain_os_error(error, f"writing {count(files, 'file')} to {target}") from error
    finally:
        shutil.rmtree(part, ignore_errors=True)
    return files


@contextlib.contextmanager
def archive_file(target: Path, progress: Progress | None) -> Iterator[BinaryIO]:
    """A file beside `target` to write an archive into; it takes the name when it is whole and on the disk.

    Raises:
        UserError: the target is there; SurroundingsError: it cannot be written. Nothing is left then.
    """
    if target.is_symlink() or target.exists():
        raise UserError(f"{target} is already there. Choose another name or remove it first.")
    part = part_beside(target)
    if progress:
        progress.start("Writing the archive")
    try:
        target.parent.mkdir(parents=True, exist_ok=True)
        with part.open("xb") as file:
            yield file
            file.flush()
            os.fsync(file.fileno())
        os.rename(part, target)
        fsync_dir(target.parent)
    except OSError as error:
        raise explain_os_error(error, f"writing {target}") from error
    finally:
        with contextlib.suppress(OSError):
            part.unlink()


def add_chosen(
    reader: Reader,
    tree: bytes,
    only: tuple[str, ...],
    add: Callable[[Entry], None],
    progress: Progress | None,
) -> int:
    """Put the chosen entries into an archive one by one; returns how many files and links."""
    files = 0
    for entry in chosen(reader, tree, only):
        with naming(entry.path):
            add(entry)
        files += entry.kind != "dir"
        if progress and files % STEP == 0:
            progress.advance(STEP)
    return files


def export_zip(
    reader: Reader, tree: bytes, target: Path, only: tuple[str, ...], progress: Progress | None
) -> int:
    """Write a tree as a zip archive, streamed; names that are not UTF-8 get replacement characters.

    Raises:
        UserError: the target is there; DamagedError; SurroundingsError; Cancelled.
    """
    with (
        archive_file(target, progress) as file,
        zipfile.ZipFile(file, "w", allowZip64=True) as archive,
    ):
        return add_chosen(reader, tree, only, lambda entry: _add(archive, reader, entry), progress)


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
        "file": stat.S_IFREG | mode_of(entry),
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
