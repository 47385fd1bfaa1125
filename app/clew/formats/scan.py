"""Reads an import source whole: every item, what is broken, and where each item goes in the project."""

import os
from collections import defaultdict
from collections.abc import Iterator, Mapping
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

from clew.base.errors import ClewError, UserError, explain_os_error
from clew.base.progress import Progress
from clew.base.words import count
from clew.formats.coco_read import CocoReader, coco_texts
from clew.formats.detect import detect
from clew.formats.names import is_picture
from clew.formats.native import ANNOTATION_SUFFIX, PROJECT_FILE
from clew.formats.pictures import BrokenPicture, Size, check_picture
from clew.formats.readers import READERS, open_reader
from clew.formats.reading import Problem, Reader, open_file
from clew.formats.sources import FolderFiles
from clew.formats.yolo_layout import read_yaml
from clew.formats.yolo_read import YoloReader
from clew.model.annotations import BrokenFile, Item, SourceScan

_BATCH = 64  # pictures looked at between two looks at "cancel"


def scan(
    source: Path, format: str = "auto", *, images: Path | None = None, progress: Progress | None = None
) -> SourceScan:
    """Read a folder, a COCO JSON file or a YOLO YAML file as an import source.

    Every picture is opened and read to its end. What is damaged stands in `broken`, each with a short
    reason; a damaged picture is no item, a damaged object is left out of its item.

    Args:
        source: the folder or file.
        format: a format, or "auto" to find out.
        images: the folder of the pictures where a COCO file lies elsewhere.
        progress: counts pictures.

    Raises:
        UserError: nothing usable is there, or the main file of the format is damaged.
        Cancelled: the person stopped it.
    """
    chosen = detect(source) if format == "auto" else format
    if chosen not in READERS:
        raise UserError(f'There is no format "{chosen}". Choose one of: auto, {", ".join(READERS)}.')
    if not source.exists():
        raise UserError(f"There is no file or folder {source}. Check the path.")
    if images is not None and not images.is_dir():
        raise UserError(f"There is no folder {images}. Choose the folder that the pictures are in.")
    broken: list[BrokenFile] = []

    def problem(path: str, reason: str) -> None:
        broken.append(BrokenFile(path, reason))

    files, reader = _open_source(source, chosen, images, problem)
    paths = reader.paths()
    if not paths:
        raise UserError(_nothing_here(files.root, reader))
    broken.extend(reader.missing())
    sizes = _check(files, paths, chosen, broken, progress)
    places = project_paths(sorted(sizes), reader.groups()) if chosen in ("coco", "yolo") else {}
    items = []
    for path in sizes:
        if progress:
            progress.check()
        annotation = reader.annotation(path, sizes[path])
        items.append((Item(places.get(path, path), annotation), files.absolute(path)))
    items.sort(key=lambda pair: pair[0].path)
    taken = {*paths, PROJECT_FILE} if chosen == "clew" else set(paths)
    used = taken | {path + ANNOTATION_SUFFIX for path in taken} if chosen == "clew" else taken
    ignored = tuple(path for path in files.paths() if path not in used and _is_stray(path, chosen))
    return SourceScan(chosen, tuple(items), reader.classes(), tuple(broken), ignored)


def _nothing_here(folder: Path, reader: Reader) -> str:
    if missing := reader.missing():
        return (
            f"None of the {count(len(missing), 'picture')} that the annotations name, "
            f"{missing[0].path} first, is in {folder}. Choose the folder of the pictures."
        )
    return f"The folder {folder} holds nothing to import in this format."


def _is_stray(path: str, format: str) -> bool:
    """Whether a file that is no item is worth naming: labels and descriptions were read, so they are not."""
    described = {"coco": (".json",), "yolo": (".txt", ".yaml", ".yml", ".names", ".cache")}.get(format, ())
    return not path.lower().endswith(described) if described else True


def _open_source(
    source: Path, format: str, images: Path | None, problem: Problem
) -> tuple[FolderFiles, Reader]:
    if source.is_dir() and images is None:
        files = FolderFiles(source)
        return files, open_reader(files, format, problem)
    if format == "coco":
        if source.is_dir() and images is not None:
            beside = FolderFiles(source)
            files = FolderFiles(images)
            return files, CocoReader(files, problem, coco_texts(beside, beside.paths()))
        folder = images or _picture_root(source.parent)
        files = FolderFiles(folder)
        data = FolderFiles(source.parent).read(source.name)
        inside = source.parent.relative_to(folder).as_posix() if source.parent.is_relative_to(folder) else "."
        name = source.name if inside == "." else f"{inside}/{source.name}"
        return files, CocoReader(files, problem, {name: data})
    if format == "yolo" and source.is_file():
        folder, described = _yolo_folder(source)
        files = FolderFiles(folder)
        return files, YoloReader(files, problem, described)
    if images is not None:
        raise UserError("A separate folder of pictures goes with COCO files only.")
    raise UserError(f"{source.name} is a single file. Choose the folder that the pictures are in.")


def link_root(source: Path) -> Path:
    """The folder to link for a source, so that annotations and pictures both lie in it.

    That is the folder itself; for a COCO file in a folder of annotations only, the folder above.
    """
    return source if source.is_dir() else _picture_root(source.parent)


def _picture_root(folder: Path) -> Path:
    """The folder of a COCO file, or the one above when the file lies in a folder for annotations only."""
    if folder.name.lower() in ("annotations", "labels") and not any(
        map(is_picture, FolderFiles(folder).paths())
    ):
        return folder.parent
    return folder


def _yolo_folder(source: Path) -> tuple[Path, tuple[str, dict[str, Any]]]:
    """The folder that a YAML file speaks of (its own, or the `path` in it) and what the file says.

    Raises:
        UserError: the YAML is damaged, or neither folder has pictures.
    """
    raw = read_yaml(FolderFiles(source.parent).read(source.name), source.name)
    if not isinstance(raw, dict):
        raise UserError(
            f"{source.name} describes no YOLO data set: it must have names and the parts train and val."
        )
    for folder in (source.parent / str(raw.get("path") or "."), source.parent):
        if folder.is_dir() and any(map(is_picture, FolderFiles(folder).paths())):
            return folder, (source.name, raw)
    raise UserError(
        f"{source.name} lies in a folder without pictures. Choose the folder of the data set itself."
    )


def _check(
    files: FolderFiles,
    paths: tuple[str, ...],
    format: str,
    broken: list[BrokenFile],
    progress: Progress | None,
) -> dict[str, Size | None]:
    """Look at every file; sizes of the good ones (None for files that are no pictures), in order."""
    if progress:
        progress.start(f"Reading {count(len(paths), 'file' if format == 'files' else 'picture')}", len(paths))
    good: dict[str, Size | None] = {}
    with ThreadPoolExecutor(max_workers=min(4, os.cpu_count() or 1)) as pool:
        for batch in _batches(paths):
            look = pool.map(lambda path: _look(files, path, format), batch)
            for path, (size, reason) in zip(batch, look, strict=True):
                if progress:
                    progress.advance()
                if reason:
                    broken.append(BrokenFile(path, reason))
                else:
                    good[path] = size
    return good


def _batches(paths: tuple[str, ...]) -> Iterator[tuple[str, ...]]:
    for at in range(0, len(paths), _BATCH):
        yield paths[at : at + _BATCH]


def _look(files: FolderFiles, path: str, format: str) -> tuple[Size | None, str]:
    """The size of a picture, or the reason why it cannot be taken."""
    try:
        with open_file(files, path) as stream:
            if format == "files" or not is_picture(path):
                stream.read(1)
                return None, ""
            return check_picture(stream), ""
    except BrokenPicture as error:
        return None, str(error)
    except FileNotFoundError:
        return None, "the link points to nothing" if os.path.islink(
            files.absolute(path)
        ) else "the file is gone"
    except OSError as error:
        return None, str(explain_os_error(error, "reading it"))
    except ClewError as error:
        return None, str(error)


def project_paths(paths: list[str], groups: Mapping[str, str]) -> dict[str, str]:
    """Where pictures of a COCO or YOLO source go in a project.

    Folders called "images" say nothing and are left out; where two parts ("train", "val") share a folder,
    the part becomes a folder. When two pictures would get one path, all keep the path that they have.

    Args:
        paths: of the pictures in the source.
        groups: the part that a picture belongs to, where that is known.
    """
    short = {path: "/".join(p for p in path.split("/")[:-1] if p.lower() != "images") for path in paths}
    parts: dict[str, set[str]] = defaultdict(set)
    for path in paths:
        parts[short[path]].add(groups.get(path, ""))
    placed = {}
    for path in paths:
        folder, part = short[path], groups.get(path, "")
        if len(parts[folder]) > 1 and part:
            folder = f"{part}/{folder}" if folder else part
        name = path.rpartition("/")[2]
        placed[path] = f"{folder}/{name}" if folder else name
    return placed if len(set(placed.values())) == len(placed) else {path: path for path in paths}
