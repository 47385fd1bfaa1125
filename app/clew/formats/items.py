"""The items of a project, read from its working folder or from a stored tree, in whatever format it has."""

from collections.abc import Iterator

from clew.base.errors import UserError
from clew.formats.readers import READERS, PlainReader, open_reader
from clew.formats.reading import Reader, refuse
from clew.formats.sources import Files
from clew.model.annotations import BrokenFile, ClassInfo, Item


def read_items(files: Files, format: str, problems: list[BrokenFile] | None = None) -> Iterator[Item]:
    """Every item of a project with its annotation, sorted by path.

    Args:
        files: the working folder (`FolderFiles`) or a stored tree.
        format: "clew", "coco", "yolo", "images" or "files".
        problems: takes what is damaged; the item then comes without the damaged part. When the one file
            that holds all annotations is damaged, it stands there with the path "".

    Raises:
        UserError: an annotation is damaged and `problems` was not given.
    """
    reader = _open(files, format, problems)
    for path in reader.paths():
        yield Item(path, reader.annotation(path))


def read_item(files: Files, format: str, path: str, problems: list[BrokenFile] | None = None) -> Item:
    """One item of a project; for many, use `read_items` or keep a reader from `readers.open_reader`.

    Raises:
        UserError: there is no such item, or its annotation is damaged.
    """
    reader = _open(files, format, problems)
    if path not in reader.paths():
        raise UserError(f"There is no item {path} in this project.")
    return Item(path, reader.annotation(path))


def classes(files: Files, format: str) -> tuple[ClassInfo, ...]:
    """The classes of a project in their own order; empty for formats without classes.

    Raises:
        UserError: the file that names them is damaged.
    """
    return open_reader(files, format, lambda _path, _reason: None).classes()


def _open(files: Files, format: str, problems: list[BrokenFile] | None) -> Reader:
    """A reader that raises, or one that collects and has bare pictures when the main file is damaged."""
    if problems is None:
        return open_reader(files, format, refuse)
    collected = problems

    def collect(path: str, reason: str) -> None:
        collected.append(BrokenFile(path, reason))

    try:
        return open_reader(files, format, collect)
    except UserError as error:
        if format not in READERS:
            raise
        collect("", str(error).rstrip("."))
        return PlainReader(files, pictures_only=True)
