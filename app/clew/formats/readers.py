"""The readers by format: one way to get the items of any of them, and the annotation of each."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field

from clew.base.errors import UserError
from clew.formats.coco_read import CocoReader
from clew.formats.names import is_visible
from clew.formats.native import (
    ANNOTATION_SUFFIX,
    PROJECT_FILE,
    is_picture,
    item_paths,
    read_annotation,
    read_classes,
)
from clew.formats.pictures import Size
from clew.formats.reading import Problem, Reader, refuse
from clew.formats.sources import Files
from clew.formats.yolo_read import YoloReader
from clew.model.annotations import Annotation, BrokenFile, ClassInfo


@dataclass
class NativeReader:
    """Clew's own format."""

    files: Files
    problem: Problem
    _present: frozenset[str] = field(init=False)
    _paths: tuple[str, ...] = field(init=False)

    def __post_init__(self) -> None:
        paths = self.files.paths()
        self._present = frozenset(paths)
        self._paths = tuple(item_paths(paths))

    def classes(self) -> tuple[ClassInfo, ...]:
        return read_classes(self.files.read(PROJECT_FILE)) if PROJECT_FILE in self._present else ()

    def paths(self) -> tuple[str, ...]:
        return self._paths

    def annotation(self, path: str, size: Size | None = None) -> Annotation | None:  # noqa: ARG002 - a reader's shape
        beside = path + ANNOTATION_SUFFIX
        if beside not in self._present:
            return None
        try:
            return read_annotation(self.files.read(beside))
        except UserError as error:
            self.problem(beside, str(error).rstrip("."))
            return None

    def missing(self) -> tuple[BrokenFile, ...]:
        return tuple(
            BrokenFile(path, "the picture of this annotation is missing")
            for path in sorted(self._present)
            if path.endswith(ANNOTATION_SUFFIX)
            and is_picture(path.removesuffix(ANNOTATION_SUFFIX))
            and path.removesuffix(ANNOTATION_SUFFIX) not in self._present
        )

    def groups(self) -> Mapping[str, str]:
        return {}


@dataclass
class PlainReader:
    """Files without annotations: all of them, or the pictures only."""

    files: Files
    pictures_only: bool
    _paths: tuple[str, ...] = field(init=False)

    def __post_init__(self) -> None:
        wanted = is_picture if self.pictures_only else bool
        self._paths = tuple(path for path in self.files.paths() if is_visible(path) and wanted(path))

    def classes(self) -> tuple[ClassInfo, ...]:
        return ()

    def paths(self) -> tuple[str, ...]:
        return self._paths

    def annotation(self, path: str, size: Size | None = None) -> Annotation | None:  # noqa: ARG002 - a reader's shape
        return None

    def missing(self) -> tuple[BrokenFile, ...]:
        return ()

    def groups(self) -> Mapping[str, str]:
        return {}


READERS: dict[str, Callable[[Files, Problem], Reader]] = {
    "clew": NativeReader,
    "coco": CocoReader,
    "yolo": YoloReader,
    "images": lambda files, _problem: PlainReader(files, True),
    "files": lambda files, _problem: PlainReader(files, False),
}


def open_reader(files: Files, format: str, problem: Problem = refuse) -> Reader:
    """The reader of a format over some files.

    Args:
        files: a folder or a stored tree.
        format: a key of `READERS`.
        problem: told about each damaged annotation, which is then left out; by default it is an error.

    Raises:
        UserError: there is no such format, or its main file is damaged.
    """
    if format not in READERS:
        raise UserError(f'There is no format "{format}". Choose one of: {", ".join(READERS)}.')
    return READERS[format](files, problem)
