"""Reads COCO detection JSON, from a folder with pictures or as a single file.

Source of the format: https://cocodataset.org/#format-data. Several parts of an outline are kept as the
largest one; a mask without a box becomes its box.
"""

from collections import defaultdict
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from clew.base.errors import UserError
from clew.formats.geometry import clip_box, enclosing_box, polygon_area
from clew.formats.names import is_picture, is_visible
from clew.formats.native import class_colour, give_ids, load_json, numbers
from clew.formats.pictures import BrokenPicture, Size
from clew.formats.reading import Problem, size_of
from clew.formats.rle import rle_box
from clew.formats.sources import Files
from clew.model.annotations import Annotation, Box, BrokenFile, ClassInfo, Thing


def looks_like_coco(data: bytes) -> bool:
    """Whether a JSON text has the keys of COCO detection, without parsing it."""
    return all(key in data for key in (b'"images"', b'"annotations"', b'"categories"'))


@dataclass
class _Picture:
    """What the JSON says about one picture."""

    source_id: str
    size: Size
    json_path: str
    raw: list[tuple[str, dict[str, Any]]] = field(default_factory=list)  # (JSON it stands in, annotation)


class PictureFinder:
    """Finds the file that a JSON means by a name: exactly, by the end of its path, or by its name alone."""

    def __init__(self, paths: list[str]) -> None:
        self._paths = frozenset(path for path in paths if is_picture(path) and is_visible(path))
        self._by_name: dict[str, list[str]] = defaultdict(list)
        for path in sorted(self._paths):
            self._by_name[path.rpartition("/")[2]].append(path)

    def find(self, name: str, beside: str) -> str | None:
        """The path of picture `name`; `beside` is the folder of the JSON. None when absent or not clear."""
        wanted = name.replace("\\", "/").lstrip("/").removeprefix("./")
        near = f"{beside}/{wanted}" if beside else wanted
        for candidate in (near, wanted, f"images/{wanted}", f"{beside}/images/{wanted}"):
            if candidate in self._paths:
                return candidate
        same_name = self._by_name.get(wanted.rpartition("/")[2], [])
        ending = [path for path in same_name if path.endswith("/" + wanted)]
        if len(ending) == 1:
            return ending[0]
        return same_name[0] if len(same_name) == 1 else None


class CocoReader:
    """COCO files over a set of files; every picture is an item, those the JSON does not know too.

    Args:
        files: where pictures and JSON lie.
        problem: told about each damaged entry.
        texts: the JSON files as path to bytes, where they are known already.

    Raises:
        UserError: there is no COCO file, or one is not valid.
    """

    def __init__(self, files: Files, problem: Problem, texts: Mapping[str, bytes] | None = None) -> None:
        self._files = files
        self._problem = problem
        all_paths = files.paths()
        self._paths = tuple(path for path in all_paths if is_picture(path) and is_visible(path))
        self._finder = PictureFinder(all_paths)
        self._pictures: dict[str, _Picture] = {}
        self._missing: list[BrokenFile] = []
        self._classes: dict[str, int | None] = {}
        self._names: dict[str, dict[int, str]] = {}  # JSON path -> category id -> class
        self._groups: dict[str, str] = {}
        found = dict(texts) if texts is not None else coco_texts(files, all_paths)
        if not found:
            raise UserError("There is no COCO file here: no JSON with images, annotations and categories.")
        for path in list(found):
            self._read_json(path, found.pop(path))

    def classes(self) -> tuple[ClassInfo, ...]:
        return tuple(
            ClassInfo(name, class_colour(at), id) for at, (name, id) in enumerate(self._classes.items())
        )

    def paths(self) -> tuple[str, ...]:
        return self._paths

    def missing(self) -> tuple[BrokenFile, ...]:
        return tuple(self._missing)

    def groups(self) -> Mapping[str, str]:
        return self._groups if len(self._names) > 1 else {}

    def annotation(self, path: str, size: Size | None = None) -> Annotation | None:
        picture = self._pictures.get(path)
        if picture is None:
            return None
        real = size or (picture.size if all(picture.size) else self._look(path))
        stated = picture.size
        if all(stated) and all(real) and stated not in (real, real[::-1]):
            self._problem(
                picture.json_path,
                f"{path} should be {stated[0]} x {stated[1]} pixels but is {real[0]} x {real[1]}, "
                "so its objects were left out",
            )
            return None
        width, height = stated if all(stated) else real
        things: list[Thing] = []
        first: dict[tuple[str, Box], str] = {}
        for json_path, raw in picture.raw:
            thing = self._thing(raw, path, json_path, (width, height))
            # two files may describe one picture; what both say is one object
            if thing is not None and first.setdefault((thing.cls, thing.box), json_path) == json_path:
                things.append(thing)
        return Annotation(width, height, give_ids(tuple(things)), (), picture.source_id)

    def _look(self, path: str) -> Size:
        try:
            return size_of(self._files, path)
        except (BrokenPicture, OSError):
            return (0, 0)

    def _read_json(self, path: str, data: bytes) -> None:
        raw = load_json(data, path)
        lists = [
            raw.get(key) if isinstance(raw, dict) else None for key in ("images", "annotations", "categories")
        ]
        if not all(
            isinstance(entries, list) and all(isinstance(e, dict) for e in entries) for entries in lists
        ):
            raise UserError(
                f"{path} is no COCO file: images, annotations and categories must be lists of objects."
            )
        images, annotations, categories = (entries or [] for entries in lists)
        names = self._names[path] = self._read_categories(path, categories)
        by_id: dict[Any, _Picture | None] = {}
        for image in images:
            self._read_image(path, image, by_id)
        for annotation in annotations:
            picture = by_id.get(_key(annotation.get("image_id")), _UNKNOWN)
            if picture is _UNKNOWN:
                self._problem(
                    path, f"{_named(annotation)} belongs to image {annotation.get('image_id')}, not listed"
                )
            elif annotation.get("category_id") not in names:
                self._problem(
                    path, f"{_named(annotation)} has the unknown category {annotation.get('category_id')}"
                )
            elif picture is not None:
                picture.raw.append((path, annotation))

    def _read_categories(self, path: str, categories: list[dict[str, Any]]) -> dict[int, str]:
        names: dict[int, str] = {}
        for category in categories:
            id, name = category.get("id"), category.get("name")
            if type(id) is not int or not isinstance(name, str) or not name:
                raise UserError(f"{path}: each category needs a whole number as id and a name.")
            if self._classes.setdefault(name, id) != id:
                self._classes[name] = None  # two files count differently, so the number means nothing
            names[id] = name
        return names

    def _read_image(self, json_path: str, image: dict[str, Any], by_id: dict[Any, "_Picture | None"]) -> None:
        id, name = image.get("id"), image.get("file_name")
        key = _key(id)
        by_id[key] = None
        if key is None or not isinstance(name, str) or not name:
            self._problem(json_path, f"image {id} needs an id and a file_name")
            return
        path = self._finder.find(name, json_path.rpartition("/")[0])
        if path is None:
            self._missing.append(BrokenFile(name, "the picture is missing, or several have this name"))
            return
        known = self._pictures.get(path)
        if known is None:
            known = self._pictures[path] = _Picture(str(id), _size(image), json_path)
            self._groups[path] = _part_name(json_path)
        by_id[key] = known

    def _thing(self, raw: dict[str, Any], path: str, json_path: str, size: Size) -> Thing | None:
        polygon, box = _outline(raw), numbers(raw.get("bbox"))
        if "bbox" in raw and raw["bbox"] and (box is None or len(box) != 4):
            self._problem(json_path, f"{_named(raw)} of {path} has a box that is not four finite numbers")
            return None
        if not box:
            box = _derived_box(raw, polygon)
        clipped = clip_box((box[0], box[1], box[2], box[3]), *size) if box else None
        if clipped is None:
            where = (
                "no box"
                if not box
                else "a box without area"
                if min(box[2:]) <= 0
                else "a box outside the picture"
            )
            self._problem(json_path, f"{_named(raw)} of {path} has {where}")
            return None
        name = self._names[json_path].get(raw["category_id"], "")
        id = raw.get("id")
        score = numbers([raw["score"]]) if "score" in raw else None
        crowd = raw.get("iscrowd") in (1, True)
        return Thing(
            name, clipped, polygon, crowd, "" if id is None else str(id), score[0] if score else None
        )


_UNKNOWN = _Picture("", (0, 0), "")


def coco_texts(files: Files, paths: list[str]) -> dict[str, bytes]:
    """The COCO files among some files, by path."""
    present = set(paths)
    found: dict[str, bytes] = {}
    for path in paths:
        if path.lower().endswith(".json") and is_visible(path) and path[:-5] not in present:
            data = files.read(path)
            if looks_like_coco(data):
                found[path] = data
    instances = {
        path: data for path, data in found.items() if path.rpartition("/")[2].startswith("instances")
    }
    return instances or found  # beside them COCO itself ships keypoints of the same pictures


def _key(id: Any) -> int | str | None:
    return id if isinstance(id, int | str) and not isinstance(id, bool) else None


def _size(image: dict[str, Any]) -> Size:
    width, height = image.get("width"), image.get("height")
    return (
        (width, height) if type(width) is int and type(height) is int and min(width, height) > 0 else (0, 0)
    )


def _named(annotation: dict[str, Any]) -> str:
    return f"annotation {annotation['id']}" if "id" in annotation else "an annotation without id"


def _part_name(json_path: str) -> str:
    name = json_path.rpartition("/")[2][: -len(".json")]
    for word in ("instances_", "annotations_", "_annotations", ".coco"):
        name = name.replace(word, "")
    return name.strip("._") or "annotations"


def _outline(raw: dict[str, Any]) -> tuple[float, ...]:
    """The largest part of a polygon segmentation with at least three points; empty for masks."""
    parts = raw.get("segmentation")
    if not isinstance(parts, list):
        return ()
    if parts and not isinstance(parts[0], list):
        parts = [parts]
    outlines = [
        values for part in parts if (values := numbers(part)) and len(values) >= 6 and len(values) % 2 == 0
    ]
    return max(outlines, key=polygon_area, default=())


def _derived_box(raw: dict[str, Any], polygon: tuple[float, ...]) -> Box | None:
    parts = raw.get("segmentation")
    if isinstance(parts, dict):
        try:
            return rle_box(parts)
        except ValueError:
            return None
    if not polygon or not isinstance(parts, list):
        return None
    nested = parts if isinstance(parts[0], list) else [parts]
    points = [values for part in nested if (values := numbers(part)) and len(values) % 2 == 0]
    return enclosing_box([value for values in points for value in values])
