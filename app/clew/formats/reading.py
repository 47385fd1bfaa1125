"""What a reader of any format is, and how it says that something is damaged."""

import io
from collections.abc import Callable, Mapping
from typing import BinaryIO, Protocol

from clew.base.errors import UserError
from clew.formats.pictures import Size, stream_size
from clew.formats.sources import Files, OpenFiles
from clew.model.annotations import Annotation, BrokenFile, ClassInfo

Problem = Callable[[str, str], None]
"""Takes the path of a file and what is wrong with it in a few words; may raise."""


def refuse(path: str, reason: str) -> None:
    """The strict way to take a problem: it is an error.

    Raises:
        UserError: always.
    """
    raise UserError(f"{path}: {reason}. Correct the file, then try again.")


class Reader(Protocol):
    """What a format makes of a set of files."""

    def classes(self) -> tuple[ClassInfo, ...]:
        """The classes in their own order."""
        ...

    def paths(self) -> tuple[str, ...]:
        """The items, sorted."""
        ...

    def annotation(self, path: str, size: Size | None = None) -> Annotation | None:
        """The annotation of one item; `size` spares a look into the picture where it is known."""
        ...

    def missing(self) -> tuple[BrokenFile, ...]:
        """Items that the annotations speak of but that are not there."""
        ...

    def groups(self) -> Mapping[str, str]:
        """The part ("train") that an item belongs to, where the format says so apart from the folder."""
        ...


def open_file(files: Files, path: str) -> BinaryIO:
    """One file as a stream, read from disk only as far as needed; raises OSError or ClewError."""
    return files.open(path) if isinstance(files, OpenFiles) else io.BytesIO(files.read(path))


def size_of(files: Files, path: str) -> Size:
    """The size of a picture as shown.

    Raises:
        BrokenPicture: it is no picture.
        OSError: it cannot be read.
    """
    with open_file(files, path) as stream:
        return stream_size(stream)
