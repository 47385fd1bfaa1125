"""Annotations of pictures. Boxes are (x, y, width, height) in pixels from the top left corner, floats."""

from dataclasses import dataclass, field

Box = tuple[float, float, float, float]


@dataclass(frozen=True)
class Thing:
    """One annotated object of a picture; `polygon` is x, y, x, y … in pixels."""

    cls: str
    box: Box
    polygon: tuple[float, ...] = ()
    crowd: bool = False
    id: str = ""  # stays the same when the object is edited; "" until given
    score: float | None = None  # for predictions


@dataclass(frozen=True)
class Annotation:
    """All objects of one picture of `width` x `height` pixels (0 when not known)."""

    width: int
    height: int
    things: tuple[Thing, ...] = ()
    tags: tuple[str, ...] = ()
    source_id: str = ""  # the picture's id where it was imported from, so that predictions by id find it


@dataclass(frozen=True)
class Item:
    """One picture or file of a project with its annotation; `path` is relative to the project, with "/"."""

    path: str
    annotation: Annotation | None = None

    @property
    def dataset(self) -> str:
        return self.path.rpartition("/")[0]

    @property
    def name(self) -> str:
        return self.path.rpartition("/")[2]


@dataclass(frozen=True)
class ClassInfo:
    """A class of a project; `colour` is "#rrggbb"."""

    name: str
    colour: str
    source_id: int | None = None  # the category id where it was imported from


@dataclass(frozen=True)
class BrokenFile:
    """A file that could not be read, and why, in a few words."""

    path: str
    reason: str


@dataclass(frozen=True)
class SourceScan:
    """What a reader found in a source folder or file.

    `items` maps the path that an item gets in the project to the file it comes from.
    """

    format: str
    items: tuple[tuple[Item, str], ...]  # (item with its path in the project, absolute source path)
    classes: tuple[ClassInfo, ...] = ()
    broken: tuple[BrokenFile, ...] = ()
    ignored: tuple[str, ...] = field(default=())  # files that belong to no item, left alone
