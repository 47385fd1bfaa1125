"""Writes items as COCO detection JSON. Source of the format: https://cocodataset.org/#format-data."""

import json
from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from clew.formats.geometry import polygon_area
from clew.formats.names import is_picture
from clew.formats.pictures import Size
from clew.model.annotations import ClassInfo, Item, Thing


def image_ids(items: Iterable[Item]) -> dict[str, int]:
    """The image id of each picture in an export, by path.

    The ids from where the pictures were imported when all have one and they are different whole numbers,
    otherwise 1, 2, 3 in the order of the paths.
    """
    pictures = sorted((item for item in items if is_picture(item.path)), key=lambda item: item.path)
    sources = [item.annotation.source_id if item.annotation else "" for item in pictures]
    whole = all(text.isascii() and text.isdigit() and len(text) < 16 for text in sources)
    numbers = [int(text) for text in sources] if whole else []
    if len(set(numbers)) != len(pictures):
        numbers = list(range(1, len(pictures) + 1))
    return {item.path: number for item, number in zip(pictures, numbers, strict=True)}


def category_ids(names: Sequence[str], classes: Sequence[ClassInfo]) -> dict[str, int]:
    """The category id of each class name in an export: that of its source when all have one, or 1, 2, 3."""
    known = {info.name: info.source_id for info in classes}
    sources = [known.get(name) for name in names]
    ids = [source for source in sources if source is not None]
    if len(set(ids)) != len(names):
        ids = list(range(1, len(names) + 1))
    return dict(zip(names, ids, strict=True))


def class_names(things: Iterable[Thing], classes: Sequence[ClassInfo]) -> list[str]:
    """The names of the classes, and after them those that only the things know."""
    names = dict.fromkeys(info.name for info in classes)
    return [*names, *sorted({thing.cls for thing in things} - names.keys())]


def coco_dict(
    items: Iterable[Item], classes: Sequence[ClassInfo], sizes: Mapping[str, Size] | None = None
) -> dict[str, Any]:
    """The COCO form of some items.

    Args:
        items: of a project; what is no picture is left out.
        classes: of the project.
        sizes: (width, height) by path, for pictures whose annotation does not say it.
    """
    pictures = sorted((item for item in items if is_picture(item.path)), key=lambda item: item.path)
    ids = image_ids(pictures)
    things = {item.path: item.annotation.things if item.annotation else () for item in pictures}
    names = class_names((thing for several in things.values() for thing in several), classes)
    categories = category_ids(names, classes)
    images = []
    annotations: list[dict[str, Any]] = []
    for item in pictures:
        width, height = (item.annotation.width, item.annotation.height) if item.annotation else (0, 0)
        if not (width and height):
            width, height = (sizes or {}).get(item.path, (0, 0))
        images.append({"id": ids[item.path], "file_name": item.path, "width": width, "height": height})
        for thing in things[item.path]:
            annotations.append(_entry(thing, len(annotations) + 1, ids[item.path], categories[thing.cls]))
    return {
        "info": {"description": "Written by Clew"},
        "images": images,
        "annotations": annotations,
        "categories": [{"id": id, "name": name} for name, id in categories.items()],
    }


def _entry(thing: Thing, id: int, image_id: int, category_id: int) -> dict[str, Any]:
    area = polygon_area(thing.polygon) if thing.polygon else thing.box[2] * thing.box[3]
    entry: dict[str, Any] = {
        "id": id,
        "image_id": image_id,
        "category_id": category_id,
        "bbox": list(thing.box),
        "area": area,
        "segmentation": [list(thing.polygon)] if thing.polygon else [],
        "iscrowd": int(thing.crowd),
    }
    if thing.score is not None:
        entry["score"] = thing.score
    return entry


def write_coco(
    items: Iterable[Item], classes: Sequence[ClassInfo], sizes: Mapping[str, Size] | None = None
) -> bytes:
    """The bytes of a COCO file for some items; see `coco_dict`."""
    return dump(coco_dict(items, classes, sizes))


def dump(raw: Mapping[str, Any]) -> bytes:
    """COCO as UTF-8 JSON with a newline at its end; numbers that are not finite are refused (ValueError)."""
    return (json.dumps(raw, ensure_ascii=False, separators=(",", ":"), allow_nan=False) + "\n").encode()
