"""The quick detector: classified pixels grow into regions; regions are classified and their boxes mended."""

import json
import time
from collections.abc import Callable, Sequence
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Self

import numpy as np
from numpy.typing import NDArray

from clew.apps.predictions import Predicted
from clew.apps.quick_trainer.features import Floats, Unreadable, View, grid_shape, load, respond
from clew.apps.quick_trainer.forest import Forest
from clew.apps.quick_trainer.regions import Regions, find, overlaps
from clew.model.annotations import Thing

LEAST_SCORE = 0.02


@dataclass(frozen=True)
class Settings:
    """What a person can choose."""

    picture_size: int = 320
    trees: int = 24
    pixel_samples: int = 600
    seed: int = 1
    pixel_pictures: int = 1000  # at most so many pictures teach pixels …
    region_pictures: int = 300  # … and regions


@dataclass(frozen=True)
class Detector:
    """A trained detector."""

    settings: Settings
    classes: tuple[str, ...]
    pixels: Forest
    regions: Forest
    mending: Forest

    def detect(self, data: bytes, threads: int = 1) -> tuple[tuple[int, int], tuple[Thing, ...]]:
        """Find objects in an encoded picture: its (width, height), and things with boxes in its pixels.

        Raises:
            Unreadable: the bytes are no picture.
        """
        view = load(data, self.settings.picture_size)
        found = find(view, shares_of(self.pixels, view, threads))
        return (view.width, view.height), self._judge(view, found)

    def _judge(self, view: View, found: Regions) -> tuple[Thing, ...]:
        if not len(found.boxes):
            return ()
        chances = self.regions.predict(found.described)
        mended = self.mending.predict(found.described)
        boxes = _mend(found.boxes, mended, view)
        scores = chances[:, 1:] * np.clip(mended[:, 4:5], 0.05, 1)
        things: list[Thing] = []
        for cls, name in enumerate(self.classes):
            for index in _keep_best(boxes, scores[:, cls]):
                x, y, wide, high = (float(value) for value in boxes[index])
                box = (x / view.scale_x, y / view.scale_y, wide / view.scale_x, high / view.scale_y)
                things.append(Thing(name, box, score=round(float(scores[index, cls]), 5)))
        return tuple(sorted(things, key=lambda thing: -(thing.score or 0)))

    def save(self, folder: Path) -> None:
        """Write `weights.npz`, plain arrays that can be loaded without running any code of theirs."""
        arrays: dict[str, NDArray[np.generic]] = {}
        for name in ("pixels", "regions", "mending"):
            arrays.update(getattr(self, name).to_arrays(name))
        about = json.dumps({"settings": asdict(self.settings), "classes": self.classes})
        np.savez_compressed(folder / "weights.npz", about=np.array(about), **arrays)  # type: ignore[arg-type]

    @classmethod
    def open(cls, folder: Path) -> Self:
        """Load what `save` wrote.

        Raises:
            ValueError, KeyError, OSError: the file is missing or damaged.
        """
        with np.load(folder / "weights.npz", allow_pickle=False) as arrays:
            about = json.loads(str(arrays["about"]))
            forests = [Forest.from_arrays(arrays, name) for name in ("pixels", "regions", "mending")]
        return cls(Settings(**about["settings"]), tuple(about["classes"]), *forests)


def shares_of(pixels: Forest, view: View, threads: int = 1) -> Floats:
    """The probability of background and of each class on the grid: (rows, columns, 1 + classes)."""
    rows, columns = grid_shape(view.shape)
    return pixels.predict(respond(view), threads).reshape(rows, columns, -1)


def _mend(boxes: Floats, mended: Floats, view: View) -> Floats:
    """Move the four sides as learned, and keep the boxes inside the picture."""
    size = boxes[:, 2:]
    limit = np.array([view.shape[1], view.shape[0]], np.float32)
    low = np.clip(boxes[:, :2] + mended[:, :2] * size, 0, limit)
    high = np.clip(boxes[:, :2] + size + mended[:, 2:4] * size, 0, limit)
    return np.column_stack([low, np.maximum(high - low, 0.5)]).astype(np.float32)


def _keep_best(boxes: Floats, scores: Floats) -> list[int]:
    """Indices from the best down; what overlaps a better one by more than half is left out."""
    order = [int(index) for index in np.argsort(-scores, kind="stable") if scores[index] >= LEAST_SCORE]
    if not order:
        return []
    share = overlaps(boxes, boxes)
    kept: list[int] = []
    for index in order:
        if all(share[index, other] <= 0.5 for other in kept):
            kept.append(index)
    return kept[:100]


def predict_all(
    detector: Detector,
    paths: Sequence[str],
    read: Callable[[str], bytes],
    tell: Callable[[int, int, str], None] | None = None,
) -> tuple[list[Predicted], float, list[str]]:
    """Detect in all pictures: what was found, the seconds spent, and what could not be read."""
    found: list[Predicted] = []
    unreadable: list[str] = []
    spent = 0.0
    for done, path in enumerate(paths, start=1):
        data = read(path)
        began = time.perf_counter()
        try:
            size, things = detector.detect(data)
        except Unreadable:
            unreadable.append(path)
        else:
            spent += time.perf_counter() - began
            found.append(Predicted(path, *size, things))
        if tell:
            tell(done, len(paths), "Finding objects")
    return found, spent, unreadable
