"""Predictions of a model in COCO form: a results list, or a whole COCO file whose annotations have scores.

Source of the results list: https://cocodataset.org/#format-results.
"""

from collections import Counter, defaultdict
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from clew.base.errors import UserError
from clew.formats.coco_write import class_names, coco_dict, dump, image_ids
from clew.formats.geometry import enclosing_box
from clew.formats.names import is_picture, stem
from clew.formats.native import load_json, numbers
from clew.formats.rle import rle_box
from clew.model.annotations import Annotation, Box, ClassInfo, Item, Thing

_WHERE = "the predictions"


@dataclass(frozen=True)
class PredictionSet:
    """What a model found, by path of the item; items without an entry have no detections.

    `classes` are the classes of the project and after them the ones that only the predictions know.
    """

    by_path: dict[str, tuple[Thing, ...]]
    inference_ms: float | None = None  # per picture
    classes: tuple[str, ...] = field(default=())


def read_predictions(data: bytes, items: Sequence[Item], classes: Sequence[ClassInfo]) -> PredictionSet:
    """Read predictions for some items.

    In a results list an `image_id` is the id that the picture had where it was imported, the id of our own
    export of the same items, or its path or file name; a `category_id` is the class's id at its source, or
    its place, from 1 (from 0 when a 0 is among them). A whole COCO file brings its own names for both.

    Raises:
        UserError: it is neither form, or speaks of an unknown picture or class; the sentence names the first.
    """
    raw = load_json(data, "The predictions file")
    inference_ms = None
    if isinstance(raw, dict):
        inference_ms = _inference_ms(raw)
        entries = raw.get("annotations", raw.get("predictions"))
    else:
        entries = raw
    if not isinstance(entries, list) or not all(isinstance(entry, dict) for entry in entries):
        raise UserError("The predictions file must be a COCO results list, or a COCO file with annotations.")
    find_image = _images_of_file(raw, items) or _images_by_id(entries, items)
    find_class = _classes_of_file(raw) or _classes_by_id(entries, classes)
    found: dict[str, list[Thing]] = defaultdict(list)
    for at, entry in enumerate(entries, 1):
        path, name = find_image(entry.get("image_id")), find_class(entry.get("category_id"))
        found[path].append(_thing(entry, name, at, str(len(found[path]) + 1)))
    by_path = {path: tuple(things) for path, things in sorted(found.items())}
    names = class_names((thing for things in by_path.values() for thing in things), classes)
    return PredictionSet(by_path, inference_ms, tuple(names))


def _inference_ms(raw: dict[str, Any]) -> float | None:
    info = raw.get("info")
    value = numbers([info["inference_ms"]]) if isinstance(info, dict) and "inference_ms" in info else None
    return value[0] if value and value[0] >= 0 else None


def _thing(entry: dict[str, Any], name: str, at: int, id: str) -> Thing:
    score, box = numbers([entry.get("score")]), numbers(entry.get("bbox") or [])
    outline = _outline(entry.get("segmentation"))
    if score is None:
        raise UserError(f'Entry {at} of {_WHERE} has no finite "score". Every prediction needs one.')
    if box == ():
        box = _segmentation_box(entry.get("segmentation"), outline)
    if box is None or len(box) != 4 or box[2] < 0 or box[3] < 0:
        raise UserError(f'Entry {at} of {_WHERE} has no "bbox" of four finite numbers: x, y, width, height.')
    return Thing(name, (box[0], box[1], box[2], box[3]), outline, False, id, score[0])


def _outline(raw: Any) -> tuple[float, ...]:
    if not (isinstance(raw, list) and raw and isinstance(raw[0], list)):
        return ()
    values = numbers(raw[0])
    return values if values and len(values) >= 6 and len(values) % 2 == 0 else ()


def _segmentation_box(raw: Any, outline: tuple[float, ...]) -> Box | None:
    if outline:
        return enclosing_box(outline)
    try:
        return rle_box(raw) if isinstance(raw, dict) else None
    except ValueError:
        return None


def _find(table: Mapping[Any, str], what: str, known: str) -> Callable[[Any], str]:
    def find(id: Any) -> str:
        try:
            return table[id]
        except (KeyError, TypeError):
            raise UserError(
                f"{_WHERE.capitalize()} name the {what} {id!r}, which is not among {known}."
            ) from None

    return find


def _paths_by_name(items: Sequence[Item]) -> dict[Any, str]:
    """Path, file name and name without ending, as far as each is clear, to the path."""
    paths = [item.path for item in items]
    table: dict[Any, str] = {}
    for key in (lambda path: stem(path.rpartition("/")[2]), lambda path: path.rpartition("/")[2], stem, str):
        keys = [key(path) for path in paths]
        once = {name for name, times in Counter(keys).items() if times == 1}
        table.update((name, path) for name, path in zip(keys, paths, strict=True) if name in once)
    return table


def _images_by_id(entries: list[dict[str, Any]], items: Sequence[Item]) -> Callable[[Any], str]:
    by_name = _paths_by_name(items)
    sources: dict[Any, str] = {}
    for item in items:
        if item.annotation and item.annotation.source_id:
            sources[item.annotation.source_id] = item.path
            if item.annotation.source_id.isascii() and item.annotation.source_id.isdigit():
                sources[int(item.annotation.source_id)] = item.path
    exported: dict[Any, str] = {id: path for path, id in image_ids(items).items()}
    wanted = {id for entry in entries if isinstance(id := entry.get("image_id"), int | str)}
    tables = [by_name | sources, by_name | exported]
    best = max(tables, key=lambda table: sum(id in table for id in wanted))
    return _find(best, "picture", f"the {len(items):,} items that are evaluated")


def _images_of_file(raw: Any, items: Sequence[Item]) -> Callable[[Any], str] | None:
    images = raw.get("images") if isinstance(raw, dict) else None
    if not isinstance(images, list) or not images:
        return None
    by_name = _paths_by_name(items)
    table: dict[Any, str] = {}
    for image in images:
        id, name = (image.get("id"), image.get("file_name")) if isinstance(image, dict) else (None, None)
        if not isinstance(id, int | str) or not isinstance(name, str):
            raise UserError(f"An image in {_WHERE} has no id or no file_name.")
        path = _match_name(name, by_name)
        if path is not None:
            table[id] = path
    names = {image["id"]: image["file_name"] for image in images}
    find = _find(table, "picture", f"the {len(items):,} items that are evaluated")
    return lambda id: find(id) if id in table or id not in names else find(names[id])


def _match_name(name: str, by_name: dict[Any, str]) -> str | None:
    """The path for a file name that may start with folders of another machine."""
    parts = name.replace("\\", "/").split("/")
    for at in range(len(parts)):
        if (path := by_name.get("/".join(parts[at:]))) is not None:
            return path
    return None


def _classes_of_file(raw: Any) -> Callable[[Any], str] | None:
    categories = raw.get("categories") if isinstance(raw, dict) else None
    if not isinstance(categories, list) or not categories:
        return None
    table: dict[Any, str] = {}
    for category in categories:
        id, name = (category.get("id"), category.get("name")) if isinstance(category, dict) else (None, None)
        if not isinstance(id, int | str) or not isinstance(name, str):
            raise UserError(f"A category in {_WHERE} has no id or no name.")
        table[id] = name
    return _find(table, "category", "its own categories")


def _classes_by_id(entries: list[dict[str, Any]], classes: Sequence[ClassInfo]) -> Callable[[Any], str]:
    wanted = {id for entry in entries if isinstance(id := entry.get("category_id"), int | str)}
    sources: dict[Any, str] = {info.source_id: info.name for info in classes if info.source_id is not None}
    first = 0 if 0 in wanted else 1
    places: dict[Any, str] = {at: info.name for at, info in enumerate(classes, first)}
    names: dict[Any, str] = {info.name: info.name for info in classes}
    tables = [names | sources, names | places]
    best = max(tables, key=lambda table: sum(id in table for id in wanted))
    return _find(best, "category", f"the {len(classes):,} classes of the project")


def write_predictions(
    by_path: Mapping[str, Sequence[Thing]],
    classes: Sequence[ClassInfo],
    items: Sequence[Item],
    inference_ms: float | None = None,
) -> bytes:
    """Predictions as a whole COCO file, so that they say themselves which pictures and classes they mean.

    Args:
        by_path: what was found in each picture, with scores.
        classes: of the project.
        items: all pictures that the model looked at.
        inference_ms: mean time per picture.

    Raises:
        UserError: a path is not among the items, or a score is missing.
    """
    known = {item.path: item for item in items if is_picture(item.path)}
    for path, things in by_path.items():
        if path not in known:
            raise UserError(f"There are predictions for {path}, which is not among the items.")
        if any(thing.score is None for thing in things):
            raise UserError(f"A prediction for {path} has no score. Every prediction needs one.")
    found = []
    for path, item in known.items():
        size = (item.annotation.width, item.annotation.height) if item.annotation else (0, 0)
        source_id = item.annotation.source_id if item.annotation else ""
        found.append(Item(path, Annotation(*size, tuple(by_path.get(path, ())), (), source_id)))
    raw = coco_dict(found, classes)
    raw["info"] = {"description": "Predictions, written by Clew"}
    if inference_ms is not None:
        raw["info"]["inference_ms"] = inference_ms
    return dump(raw)
