"""Reads YOLO labels: one text file a picture, one object a line, numbers from 0 to 1 of its size.

Lines are "class cx cy w h", the same with a confidence, or "class x1 y1 x2 y2 …" for an outline. Source:
https://docs.ultralytics.com/datasets/detect/ and https://docs.ultralytics.com/datasets/segment/.
"""

import math
from collections.abc import Mapping
from typing import Any

from clew.formats.geometry import clip_box, enclosing_box
from clew.formats.native import class_colour
from clew.formats.pictures import BrokenPicture, Size
from clew.formats.reading import Problem, size_of
from clew.formats.sources import Files
from clew.formats.yolo_layout import label_path, read_layout
from clew.model.annotations import Annotation, Box, BrokenFile, ClassInfo, Thing

_SLACK = 0.01  # exporters round: -0.0004 or 1.002 is still meant as the border


class YoloReader:
    """YOLO labels over a set of files.

    Args:
        files: where pictures and labels lie.
        problem: told about each damaged line.
        described: name and content of data.yaml when it lies elsewhere.

    Raises:
        UserError: data.yaml is damaged or points elsewhere.
    """

    def __init__(
        self, files: Files, problem: Problem, described: tuple[str, dict[str, Any]] | None = None
    ) -> None:
        self._files = files
        self._problem = problem
        paths = files.paths()
        self._present = frozenset(paths)
        self._layout = read_layout(files, paths, described)
        self._names = self._layout.names or self._numbered_names()

    def classes(self) -> tuple[ClassInfo, ...]:
        return tuple(ClassInfo(name, class_colour(at), at) for at, name in enumerate(self._names))

    def paths(self) -> tuple[str, ...]:
        return tuple(sorted(self._layout.pictures))

    def missing(self) -> tuple[BrokenFile, ...]:
        return ()

    def groups(self) -> Mapping[str, str]:
        return {path: part for path, part in self._layout.pictures.items() if part}

    def annotation(self, path: str, size: Size | None = None) -> Annotation | None:
        label = label_path(path, self._present)
        if label is None:
            return None
        if size is None:
            try:
                size = size_of(self._files, path)
            except (BrokenPicture, OSError) as error:
                self._problem(path, str(error))
                return None
        things: list[Thing] = []
        for number, line in enumerate(self._lines(label), 1):
            try:
                if line.strip():
                    things.append(self._thing(line, size, str(len(things) + 1)))
            except ValueError as error:
                self._problem(label, f"line {number}: {error}")
        return Annotation(*size, tuple(things))

    def _lines(self, label: str) -> list[str]:
        return self._files.read(label).decode("utf-8-sig", "replace").splitlines()

    def _thing(self, line: str, size: Size, id: str) -> Thing:
        words = line.split()
        try:
            values = [float(word) for word in words]
        except ValueError:
            raise ValueError(f"not all of it are numbers, as in {line.strip()[:40]!r}") from None
        if not all(map(math.isfinite, values)):
            raise ValueError("a number is not finite")
        if not values[0].is_integer() or values[0] < 0:
            raise ValueError("the class must be a whole number")
        if values[0] >= len(self._names):
            raise ValueError(f"class {int(values[0])}, but there are only {len(self._names)} classes")
        box, polygon, score = self._shape(values[1:], size)
        clipped = clip_box(box, *size)
        if clipped is None:
            raise ValueError("the box has no area inside the picture")
        return Thing(self._names[int(values[0])], clipped, polygon, False, id, score)

    def _shape(self, values: list[float], size: Size) -> tuple[Box, tuple[float, ...], float | None]:
        width, height = size
        keypoints = self._layout.keypoints
        if keypoints and len(values) == 4 + keypoints:
            values = values[:4]
        if len(values) in (4, 5):
            _check_range(values[:4])
            cx, cy, w, h = values[:4]
            box = (
                _round((cx - w / 2) * width),
                _round((cy - h / 2) * height),
                _round(w * width),
                _round(h * height),
            )
            return box, (), values[4] if len(values) == 5 else None
        if len(values) < 6 or len(values) % 2:
            raise ValueError(f"{len(values) + 1} numbers; a box has 5, an outline has 7, 9, 11 and so on")
        _check_range(values)
        outline = tuple(_round(value * (height if at % 2 else width)) for at, value in enumerate(values))
        return enclosing_box(outline), outline, None

    def _numbered_names(self) -> tuple[str, ...]:
        """Names for classes that nothing names: as many as the labels use."""
        highest = -1
        for picture in self._layout.pictures:
            label = label_path(picture, self._present)
            for line in self._lines(label) if label else ():
                word = line.split(maxsplit=1)[0] if line.strip() else ""
                if word.isascii() and word.isdigit() and len(word) < 5:
                    highest = max(highest, int(word))
        return tuple(f"class {at}" for at in range(highest + 1))


def _check_range(values: list[float]) -> None:
    if min(values) < -_SLACK or max(values) > 1 + _SLACK:
        raise ValueError("numbers must be from 0 to 1, as parts of the picture's width and height")


def _round(value: float) -> float:
    """Thousandths of a pixel: labels carry six digits at most, the rest is noise of the division."""
    return round(value, 3) + 0.0
