"""Learning: a picture teaches pixels first, then regions, in the order in which the detector uses them."""

import zlib
from collections.abc import Callable, Iterable, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from typing import TypeVar

import numpy as np
from numpy.typing import NDArray
from PIL import Image, ImageDraw

from clew.apps.quick_trainer.features import STEP, Floats, Unreadable, View, load, respond
from clew.apps.quick_trainer.forest import Forest
from clew.apps.quick_trainer.model import Detector, Settings, shares_of
from clew.apps.quick_trainer.regions import Regions, find, overlaps
from clew.model.annotations import Thing

THREADS = 2
MOST_PIXEL_CLASSES = 24  # with more classes the pixels learn only thing or background
_UNSURE = 255  # pixels near an object's edge teach nothing

_Out = TypeVar("_Out")
Read = Callable[[str], bytes]


@dataclass(frozen=True)
class Lesson:
    """A picture to learn from."""

    path: str
    things: tuple[Thing, ...]


def fit(
    lessons: Sequence[Lesson],
    classes: Sequence[str],
    read: Read,
    settings: Settings,
    tell: Callable[[int, int, str], None],
) -> tuple[Detector, list[str]]:
    """Train a detector; also returns the paths that could not be read.

    Args:
        lessons: pictures with their objects.
        classes: names of the classes in order.
        read: gives the encoded picture of a path.
        settings: see Settings.
        tell: called with done, total and what is being done.
    """
    numbers = {name: index + 1 for index, name in enumerate(classes)}
    pixel_lessons = _some(lessons, settings.pixel_pictures)
    region_lessons = _some(pixel_lessons, settings.region_pictures)
    total = len(pixel_lessons) + len(region_lessons)
    unreadable: list[str] = []

    def sample(lesson: Lesson) -> tuple[Floats, NDArray[np.uint8]]:
        view = load(read(lesson.path), settings.picture_size)
        return _sample_pixels(view, lesson, numbers, settings)

    pairs = _each(pixel_lessons, sample, unreadable, lambda done: tell(done, total, "Learning pixels"))
    if not pairs:
        raise ValueError("no picture could be read")
    x, y = np.concatenate([one[0] for one in pairs]), np.concatenate([one[1] for one in pairs])
    pixels = Forest.fit_classes(
        x, y.astype(np.int32), int(_pixel_classes(len(classes))) + 1, settings.trees, settings.seed,
        max_depth=16, min_samples_leaf=3, max_features=6,
    )  # fmt: skip

    def regions_of(lesson: Lesson) -> tuple[Floats, Floats, Floats]:
        view = load(read(lesson.path), settings.picture_size)
        found = find(view, shares_of(pixels, view))
        return found.described, *_targets(view, found, lesson, numbers)

    first = len(pixel_lessons)
    triples = _each(
        region_lessons, regions_of, [], lambda done: tell(first + done, total, "Learning regions")
    )
    described, chosen, aims = (np.concatenate([one[part] for one in triples]) for part in range(3))
    regions, mending = _fit_regions(described, chosen, aims, len(classes), settings)
    return Detector(settings, tuple(classes), pixels, regions, mending), unreadable


def _fit_regions(
    described: Floats, chosen: Floats, aims: Floats, classes: int, settings: Settings
) -> tuple[Forest, Forest]:
    if not len(described):  # nothing stood out anywhere: a detector that finds nothing, and says so honestly
        described = np.zeros((1, described.shape[1]), np.float32)
        chosen, aims = np.zeros(1, np.float32), np.zeros((1, 5), np.float32)
    trees = max(10, 5 * settings.trees)
    regions = Forest.fit_classes(
        described, chosen.astype(np.int32), classes + 1, trees, settings.seed,
        min_samples_leaf=2, max_features=0.5,
    )  # fmt: skip
    near = aims[:, 4] > 0.3
    near = near if near.any() else np.ones(len(aims), bool)
    mending = Forest.fit_numbers(
        described[near], aims[near], trees, settings.seed, min_samples_leaf=3, max_features=0.7
    )
    return regions, mending


def _some(lessons: Sequence[Lesson], most: int) -> list[Lesson]:
    """At most so many, always the same ones, spread over the whole by a hash of the name."""
    if len(lessons) <= most:
        return list(lessons)
    drawn = sorted(lessons, key=lambda lesson: (zlib.crc32(lesson.path.encode()), lesson.path))[:most]
    return sorted(drawn, key=lambda lesson: lesson.path)


def _each(
    lessons: Iterable[Lesson],
    work: Callable[[Lesson], _Out],
    unreadable: list[str],
    tell: Callable[[int], None],
) -> list[_Out]:
    """Work on the pictures with two threads, in order; what cannot be read is left out and named."""
    results: list[_Out] = []

    def guarded(lesson: Lesson) -> _Out | None:
        try:
            return work(lesson)
        except Unreadable:
            return None

    every = list(lessons)
    with ThreadPoolExecutor(THREADS) as pool:
        try:
            for done, (lesson, out) in enumerate(zip(every, pool.map(guarded, every), strict=True), start=1):
                if out is None:
                    unreadable.append(lesson.path)
                else:
                    results.append(out)
                tell(done)
        except BaseException:
            pool.shutdown(cancel_futures=True)  # stopping must not wait for all the pictures still queued
            raise
    return results


def _pixel_classes(classes: int) -> int:
    return classes if classes <= MOST_PIXEL_CLASSES else 1


def _at_working_size(view: View, thing: Thing) -> tuple[float, float, float, float]:
    x, y, wide, high = thing.box
    return x * view.scale_x, y * view.scale_y, wide * view.scale_x, high * view.scale_y


def _paint(view: View, lesson: Lesson, numbers: dict[str, int]) -> NDArray[np.uint8]:
    """Which class each pixel of the grid belongs to, 255 where that is unsure."""
    canvas = Image.new("L", (view.shape[1], view.shape[0]))
    brush = ImageDraw.Draw(canvas)
    every = sorted(lesson.things, key=lambda thing: -thing.box[2] * thing.box[3])  # small ones on top
    for margin in (1.08, 0.88):
        for thing in every:
            value = _UNSURE if margin > 1 or thing.crowd else numbers[thing.cls]
            if len(numbers) > MOST_PIXEL_CLASSES and value != _UNSURE:
                value = 1
            x, y, wide, high = _at_working_size(view, thing)
            cx, cy = x + wide / 2, y + high / 2
            if thing.polygon:
                points = np.reshape(thing.polygon, (-1, 2)) * (view.scale_x, view.scale_y)
                corners = ((points - (cx, cy)) * margin + (cx, cy)).ravel().tolist()
                if len(corners) >= 6:
                    brush.polygon(corners, fill=value)
                continue
            half_w, half_h = max(wide * margin / 2, 0.8), max(high * margin / 2, 0.8)
            brush.ellipse((cx - half_w, cy - half_h, cx + half_w - 1, cy + half_h - 1), fill=value)
    return np.asarray(canvas)[::STEP, ::STEP]


def _sample_pixels(
    view: View, lesson: Lesson, numbers: dict[str, int], settings: Settings
) -> tuple[Floats, NDArray[np.uint8]]:
    """Half of the samples from the background, the other half shared by the classes in the picture."""
    rng = np.random.default_rng([settings.seed, zlib.crc32(lesson.path.encode())])
    labels = _paint(view, lesson, numbers).ravel()
    present = [int(value) for value in np.unique(labels) if value not in (0, _UNSURE)]
    chosen: list[NDArray[np.intp]] = []
    for value in (0, *present):
        where = np.flatnonzero(labels == value)
        share = settings.pixel_samples // 2 // (1 if value == 0 else len(present))
        if len(where):
            chosen.append(rng.choice(where, min(len(where), max(1, share)), replace=False))
    index = np.concatenate(chosen) if chosen else np.zeros(0, np.intp)
    return respond(view)[index], labels[index]


def _targets(view: View, found: Regions, lesson: Lesson, numbers: dict[str, int]) -> tuple[Floats, Floats]:
    """For each region its class (0 is none), four offsets to the box of its nearest object, the overlap."""
    things = [thing for thing in lesson.things if not thing.crowd]
    count = len(found.boxes)
    if not things or not count:
        return np.zeros(count, np.float32), np.zeros((count, 5), np.float32)
    truth = np.array([_at_working_size(view, thing) for thing in things], np.float32)
    match = overlaps(found.boxes, truth)
    best = match.argmax(axis=1)
    share = match[np.arange(count), best]
    classes = np.array([numbers[thing.cls] for thing in things], np.float32)
    aim = truth[best]
    size = found.boxes[:, 2:]
    low = (aim[:, :2] - found.boxes[:, :2]) / size
    high = (aim[:, :2] + aim[:, 2:] - found.boxes[:, :2] - size) / size
    return np.where(share >= 0.5, classes[best], 0), np.column_stack([low, high, share]).astype(np.float32)
