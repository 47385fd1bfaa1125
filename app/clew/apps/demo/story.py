"""What the demo tells: three versions of Coin finds, each better than the one before because of its data."""

import io
import json
from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from functools import lru_cache
from pathlib import Path
from typing import Any

import numpy as np

from clew.apps.demo.pictures import GROUNDS, HEIGHT, METALS, WIDTH, make
from clew.model.annotations import Annotation, Thing

PROJECT = "Coin finds"
CLASSES = METALS
TEST = "test"


@dataclass(frozen=True)
class Chapter:
    """One version of the story, with the texts that it is saved under."""

    number: int
    title: str
    description: str


CHAPTERS = (
    Chapter(
        1,
        "First finds on grass and brick",
        "80 pictures for training, labelled in a hurry. Few copper coins.",
    ),
    Chapter(
        2,
        "Gravel added",
        "30 pictures on gravel, so that the detector learns what is no coin there. Labels not checked yet.",
    ),
    Chapter(
        3,
        "Labels corrected, copper added",
        "Mixed-up silver, bronze and copper labels corrected; 30 pictures with much copper added.",
    ),
)


@dataclass(frozen=True)
class Shot:
    """One picture of the story, not drawn yet; `hasty` ones carry wrong labels until chapter 3."""

    path: str
    ground: str
    seed: int
    weights: tuple[tuple[str, float], ...]
    coins: tuple[int, int] = (5, 13)
    hasty: bool = False


def _weights(bronze: float, copper: float, silver: float, gold: float) -> tuple[tuple[str, float], ...]:
    return (("bronze", bronze), ("copper", copper), ("silver", silver), ("gold", gold))


_COMMON = _weights(0.42, 0.025, 0.38, 0.175)  # copper is rare
_GRAVEL = _weights(0.40, 0.03, 0.37, 0.20)
_COPPER = _weights(0.12, 0.64, 0.12, 0.12)
_TEST = _weights(0.28, 0.24, 0.28, 0.20)


def _series(
    dataset: str, number: int, seed: int, weights: tuple[tuple[str, float], ...], grounds: tuple[str, ...]
) -> list[Shot]:
    name = dataset.rpartition("/")[2]
    return [
        Shot(f"{dataset}/{name}_{i + 1:03d}.jpg", grounds[i % len(grounds)], seed + i, weights)
        for i in range(number)
    ]


def shots(chapter: int) -> tuple[Shot, ...]:
    """All pictures of the project in one chapter (1, 2 or 3), sorted by path."""
    hasty = chapter < 3
    every = _series("train/grass", 40, 1000, _COMMON, ("grass",))
    every += _series("train/brick", 40, 2000, _COMMON, ("brick",))
    every = [replace(shot, hasty=hasty) for shot in every]
    every += _series(TEST, 30, 9000, _TEST, GROUNDS)
    if chapter >= 2:
        gravel = _series("train/gravel", 30, 3000, _GRAVEL, ("gravel",))
        every += [replace(shot, hasty=hasty) for shot in gravel]
    if chapter >= 3:
        every += _series("train/copper", 30, 4000, _COPPER, GROUNDS)
    return tuple(sorted(every, key=lambda shot: shot.path))


def changed_shots(chapter: int) -> tuple[Shot, ...]:
    """What is new or labelled differently since the chapter before; all of it in chapter 1."""
    before = set(shots(chapter - 1)) if chapter > 1 else set()
    return tuple(shot for shot in shots(chapter) if shot not in before)


def take(shot: Shot) -> tuple[bytes, Annotation]:
    """Draw one picture: JPEG bytes (640 x 480) and its objects, with the labels of its chapter."""
    data, things = _developed(replace(shot, hasty=False))
    return data, annotate(shot, things)


@lru_cache(maxsize=256)
def _developed(shot: Shot) -> tuple[bytes, tuple[Thing, ...]]:
    """Corrected labels need no new picture: the last ones are kept, about 15 MB."""
    picture, things = make(shot.ground, shot.seed, dict(shot.weights), shot.coins)
    out = io.BytesIO()
    picture.save(out, "JPEG", quality=88)
    return out.getvalue(), things


def annotate(shot: Shot, things: tuple[Thing, ...]) -> Annotation:
    """The objects as the story's labeller has them: right, or with a hasty hand's mistakes."""
    if shot.hasty:
        rng = np.random.default_rng([shot.seed, 77])
        things = tuple(replace(thing, cls=_mislabel(thing.cls, float(rng.random()))) for thing in things)
    return Annotation(WIDTH, HEIGHT, things)


def _mislabel(metal: str, chance: float) -> str:
    """15 % of silver and bronze are swapped; four copper coins in ten are called bronze."""
    wrong = {"silver": ("bronze", 0.15), "bronze": ("silver", 0.15), "copper": ("bronze", 0.4)}
    other, share = wrong.get(metal, (metal, 0.0))
    return other if chance < share else metal


def pictures(chapter: int) -> Iterator[tuple[str, bytes, Annotation]]:
    """Draw what changed in a chapter, one picture after the other: path, JPEG bytes, objects."""
    for shot in changed_shots(chapter):
        yield shot.path, *take(shot)


def write_coco(chapter: int, folder: Path, tell: Callable[[int, int], None] | None = None) -> Path:
    """Write what changed in a chapter as a COCO folder, ready to be imported; returns the JSON's path.

    Args:
        chapter: 1, 2 or 3.
        folder: made if need be; pictures go below it under their paths in the project.
        tell: called after each picture with how many are done, of how many.
    """
    chosen = changed_shots(chapter)
    taken: list[tuple[Shot, Annotation]] = []
    for shot in chosen:
        data, annotation = take(shot)
        target = folder / shot.path
        target.parent.mkdir(parents=True, exist_ok=True)
        target.write_bytes(data)
        taken.append((shot, annotation))
        if tell:
            tell(len(taken), len(chosen))
    path = folder / "annotations.json"
    path.write_text(json.dumps(_coco(taken)), encoding="utf-8")
    return path


def _coco(taken: list[tuple[Shot, Annotation]]) -> dict[str, Any]:
    """The COCO document; ids follow from a picture's seed, so that they are the same in every chapter."""
    images: list[dict[str, Any]] = []
    annotations: list[dict[str, Any]] = []
    for shot, seen in taken:
        images.append({"id": shot.seed, "file_name": shot.path, "width": seen.width, "height": seen.height})
        for order, thing in enumerate(seen.things):
            what = {"image_id": shot.seed, "category_id": CLASSES.index(thing.cls) + 1, "iscrowd": 0}
            area = thing.box[2] * thing.box[3]
            id_ = shot.seed * 100 + order
            annotations.append({"id": id_, **what, "bbox": list(thing.box), "area": area})
    categories = [{"id": number, "name": name} for number, name in enumerate(CLASSES, start=1)]
    return {"images": images, "annotations": annotations, "categories": categories}
