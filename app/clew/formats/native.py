"""Clew's own format: `project.json` and one annotation file beside each picture. See FORMAT.md."""

import json
import math
from typing import Any

from clew.base.errors import UserError
from clew.formats.names import is_picture, is_visible
from clew.model.annotations import Annotation, ClassInfo, Thing

ANNOTATION_SUFFIX = ".json"
PROJECT_FILE = "project.json"
FORMAT_NUMBER = 1

_COLOURS = (
    *("#e6482e", "#2f6fde", "#1e9e62", "#f0a202", "#8a46c8", "#0fa3b1", "#d6408f", "#7a9a01"),
    *("#a0522d", "#4b57c9", "#ff7f50", "#3cb4e7", "#5fd38d", "#ffd23f", "#c79bf7", "#7fded6"),
    *("#ff9ecb", "#b6d94c", "#d9a679", "#9aa5b1"),
)

__all__ = [
    "ANNOTATION_SUFFIX",
    "PROJECT_FILE",
    "class_colour",
    "is_picture",
    "item_paths",
    "read_annotation",
    "read_classes",
    "write_annotation",
    "write_project",
]


def class_colour(index: int) -> str:
    """A colour "#rrggbb" for the class at `index`; 20 hand-picked ones, later ones by the golden angle."""
    if index < len(_COLOURS):
        return _COLOURS[index]
    import colorsys

    turn = (index * 0.61803398875) % 1.0
    red, green, blue = colorsys.hls_to_rgb(turn, (0.45, 0.6, 0.52)[index % 3], 0.62)
    return f"#{round(red * 255):02x}{round(green * 255):02x}{round(blue * 255):02x}"


def item_paths(paths: list[str]) -> list[str]:
    """Which of a project's files are items: all but `project.json` and annotation files."""
    present = set(paths)
    return [path for path in paths if is_visible(path) and not _is_part(path, present)]


def _is_part(path: str, present: set[str]) -> bool:
    if path == PROJECT_FILE:
        return True
    owner = path.removesuffix(ANNOTATION_SUFFIX)
    return owner != path and (owner in present or is_picture(owner))


def read_annotation(data: bytes, where: str = "") -> Annotation:
    """Read an annotation file; unknown keys are passed over.

    Args:
        data: its bytes, UTF-8 JSON.
        where: its path, for the sentence when something is wrong.

    Raises:
        UserError: it is no annotation; the sentence says where and what.
    """
    name = where or "The annotation"
    raw = load_json(data, name)
    if not isinstance(raw, dict):
        raise UserError(f"{name} is no annotation: it must be a JSON object with size and objects.")
    size = raw.get("size", [0, 0])
    if not (isinstance(size, list) and len(size) == 2 and all(type(n) is int and n >= 0 for n in size)):
        raise UserError(f'{name}: "size" must be two whole numbers, width and height.')
    objects = raw.get("objects", [])
    if not isinstance(objects, list):
        raise UserError(f'{name}: "objects" must be a list.')
    tags = raw.get("tags", [])
    if not (isinstance(tags, list) and all(isinstance(tag, str) for tag in tags)):
        raise UserError(f'{name}: "tags" must be a list of texts.')
    things = tuple(_read_thing(thing, f"{name}, object {at}") for at, thing in enumerate(objects, 1))
    return Annotation(size[0], size[1], give_ids(things), tuple(tags), str(raw.get("source_id", "")))


def load_json(data: bytes, name: str) -> Any:
    """Parse UTF-8 JSON.

    Raises:
        UserError: it is no JSON; the sentence names the line.
    """
    try:
        return json.loads(data.decode("utf-8-sig"))
    except UnicodeDecodeError as error:
        raise UserError(f"{name} is no UTF-8 text, so it cannot be read as JSON.") from error
    except json.JSONDecodeError as error:
        raise UserError(f"{name} is no valid JSON: line {error.lineno}, {error.msg}.") from error
    except (RecursionError, ValueError) as error:
        raise UserError(f"{name} is no JSON that can be read: {error}.") from error


def _read_thing(raw: Any, name: str) -> Thing:
    if not isinstance(raw, dict):
        raise UserError(f"{name} must be a JSON object.")
    cls = raw.get("class")
    if not isinstance(cls, str):
        raise UserError(f'{name}: "class" must be a text.')
    box = numbers(raw.get("box"))
    if box is None or len(box) != 4 or box[2] < 0 or box[3] < 0:
        raise UserError(f'{name}: "box" must be four numbers: x, y, width, height.')
    polygon = numbers(raw.get("polygon", []))
    if polygon is None or len(polygon) % 2:
        raise UserError(f'{name}: "polygon" must be an even count of numbers: x, y, x, y.')
    score = numbers([raw["score"]]) if "score" in raw else ()
    if score is None:
        raise UserError(f'{name}: "score" must be a number.')
    crowd = raw.get("crowd", False) is True
    return Thing(
        cls,
        (box[0], box[1], box[2], box[3]),
        polygon,
        crowd,
        str(raw.get("id", "")),
        score[0] if score else None,
    )


def numbers(raw: Any) -> tuple[float, ...] | None:
    """A JSON list as finite floats, or None when it is something else."""
    if not isinstance(raw, list):
        return None
    if not all(type(value) in (int, float) for value in raw):
        return None
    try:
        values = tuple(float(value) for value in raw)
    except OverflowError:
        return None
    return values if all(map(math.isfinite, values)) else None


def give_ids(things: tuple[Thing, ...]) -> tuple[Thing, ...]:
    """Give each thing without an id, or with one that is taken, the smallest free number as its id."""
    taken = {thing.id for thing in things if thing.id}
    if len(taken) == len(things):
        return things
    seen: set[str] = set()
    given: list[Thing] = []
    number = 1
    for thing in things:
        if not thing.id or thing.id in seen:
            while str(number) in taken:
                number += 1
            taken.add(str(number))
            thing = Thing(thing.cls, thing.box, thing.polygon, thing.crowd, str(number), thing.score)
        seen.add(thing.id)
        given.append(thing)
    return tuple(given)


def write_annotation(annotation: Annotation) -> bytes:
    """The bytes of an annotation file; equal annotations give equal bytes.

    Objects without an id get one. Reading the bytes gives the same annotation back, exactly.

    Raises:
        UserError: a number is not finite, so JSON cannot hold it.
    """
    lines = [_thing_text(thing) for thing in give_ids(annotation.things)]
    objects = "[\n" + ",\n".join(lines) + "\n]" if lines else "[]"
    text = f'{{"size":[{annotation.width:d},{annotation.height:d}],"objects":{objects}'
    if annotation.tags:
        text += f',"tags":[{",".join(map(quoted, annotation.tags))}]'
    if annotation.source_id:
        text += f',"source_id":{quoted(annotation.source_id)}'
    return (text + "}\n").encode()


def _thing_text(thing: Thing) -> str:
    text = f'{{"id":{quoted(thing.id)},"class":{quoted(thing.cls)},"box":{_list_text(thing.box)}'
    if thing.polygon:
        text += f',"polygon":{_list_text(thing.polygon)}'
    if thing.crowd:
        text += ',"crowd":true'
    if thing.score is not None:
        text += f',"score":{short_number(thing.score)}'
    return text + "}"


def _list_text(values: tuple[float, ...]) -> str:
    return "[" + ",".join(map(short_number, values)) + "]"


def quoted(text: str) -> str:
    return json.dumps(text, ensure_ascii=False)


def short_number(value: float) -> str:
    """The shortest text that reads back as the same float: 12, 0.5, 1e+300.

    Raises:
        UserError: it is not finite.
    """
    value = float(value)
    if not math.isfinite(value):
        raise UserError(
            f"An annotation holds the number {value}, which cannot be written. Correct the box or score."
        )
    if value.is_integer() and abs(value) < 2**53:
        return str(int(value))
    return repr(value)


def read_classes(data: bytes) -> tuple[ClassInfo, ...]:
    """The classes that a `project.json` names; a class without colour gets the one of its place.

    Raises:
        UserError: it is no project file, or of a newer format than this Clew knows.
    """
    raw = load_json(data, PROJECT_FILE)
    if not isinstance(raw, dict) or type(raw.get("clew")) is not int:
        raise UserError(f'{PROJECT_FILE} is no project file of Clew: "clew" must be its format number.')
    if raw["clew"] > FORMAT_NUMBER:
        raise UserError(
            f"{PROJECT_FILE} has format {raw['clew']}; this Clew reads {FORMAT_NUMBER}. Update Clew."
        )
    classes = raw.get("classes", [])
    if not (
        isinstance(classes, list)
        and all(isinstance(c, dict) and isinstance(c.get("name"), str) for c in classes)
    ):
        raise UserError(f'{PROJECT_FILE}: "classes" must be a list of objects with a name.')
    found: dict[str, ClassInfo] = {}
    for entry in classes:
        colour, source = entry.get("colour"), entry.get("source_id")
        found.setdefault(
            entry["name"],
            ClassInfo(
                entry["name"],
                colour if isinstance(colour, str) and _is_colour(colour) else class_colour(len(found)),
                source if type(source) is int else None,
            ),
        )
    return tuple(found.values())


def _is_colour(text: str) -> bool:
    return len(text) == 7 and text[0] == "#" and all(c in "0123456789abcdefABCDEF" for c in text[1:])


def write_project(classes: tuple[ClassInfo, ...]) -> bytes:
    """The bytes of `project.json`, one class a line."""
    lines = []
    for info in classes:
        source = "" if info.source_id is None else f',"source_id":{info.source_id:d}'
        lines.append(f'{{"name":{quoted(info.name)},"colour":{quoted(info.colour)}{source}}}')
    body = "[\n" + ",\n".join(lines) + "\n]" if lines else "[]"
    return f'{{"clew":{FORMAT_NUMBER},"classes":{body}}}\n'.encode()
