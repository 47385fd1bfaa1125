"""How a YOLO folder is laid out: its description file, its class names, the pictures of each part.

Source of the layout: https://docs.ultralytics.com/datasets/detect/ (data.yaml; "images" becomes "labels"),
and classes.txt or obj.names as labelImg and Darknet write them.
"""

import posixpath
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from clew.base.errors import UserError
from clew.formats.names import is_picture, is_visible, stem, suffix
from clew.formats.sources import Files

PARTS = ("train", "val", "valid", "test")
NAME_FILES = ("classes.txt", "obj.names", "classes.names", "labels.names", "_darknet.labels")


@dataclass(frozen=True)
class YoloLayout:
    """What a YOLO folder says about itself; `pictures` maps each to its part ("train", or "")."""

    names: tuple[str, ...]  # empty when nothing names the classes
    pictures: dict[str, str]
    keypoints: int = 0  # numbers per line that follow the box and belong to keypoints


def yolo_names(raw: Any) -> tuple[str, ...]:
    """Class names of a data.yaml as a list or as a mapping from number to name, in order of the numbers.

    Raises:
        UserError: they are neither, or a number is missing.
    """
    names = raw.get("names") if isinstance(raw, dict) else None
    if names is None and isinstance(raw, dict) and type(raw.get("nc")) is int:
        return tuple(f"class {at}" for at in range(raw["nc"]))
    if isinstance(names, dict):
        try:
            by_number = {int(number): str(name) for number, name in names.items()}
        except (TypeError, ValueError):
            by_number = {-1: ""}
        if sorted(by_number) != list(range(len(by_number))):
            raise UserError("The names in the YAML file must be numbered 0, 1, 2 without gaps.")
        names = [by_number[at] for at in range(len(by_number))]
    if not isinstance(names, list) or not all(isinstance(name, str | int | float) for name in names):
        raise UserError('The YAML file must list the classes under "names".')
    return tuple(str(name) for name in names)


def read_yaml(data: bytes, path: str) -> Any:
    """Parse YAML.

    Raises:
        UserError: it is not valid; the sentence names the line.
    """
    import yaml

    try:
        return yaml.safe_load(data)
    except yaml.MarkedYAMLError as error:
        line = f"line {error.problem_mark.line + 1}, " if error.problem_mark else ""
        raise UserError(f"{path} is no valid YAML: {line}{error.problem or 'cannot be read'}.") from error
    except (yaml.YAMLError, ValueError, RecursionError) as error:
        raise UserError(f"{path} is no valid YAML.") from error


def find_yaml(files: Files, paths: Iterable[str]) -> tuple[str, dict[str, Any]] | None:
    """The description file nearest to the root: a YAML that has names and at least one part.

    Raises:
        UserError: a file called data.yaml is not valid YAML.
    """
    candidates = [path for path in paths if suffix(path) in (".yaml", ".yml") and is_visible(path)]
    candidates.sort(key=lambda path: (path.count("/"), stem(posixpath.basename(path)) != "data", path))
    for path in candidates:
        try:
            raw = read_yaml(files.read(path), path)
        except UserError:
            if posixpath.basename(path) in ("data.yaml", "data.yml"):
                raise
            continue
        if isinstance(raw, dict) and ("names" in raw or "nc" in raw) and any(part in raw for part in PARTS):
            return path, raw
    return None


def read_layout(
    files: Files, paths: list[str], described: tuple[str, dict[str, Any]] | None = None
) -> YoloLayout:
    """Read how the folder is laid out.

    Args:
        files: the folder.
        paths: all of its files.
        described: name and content of the description when it lies elsewhere.

    Raises:
        UserError: the YAML file is damaged, or the pictures that it names are not in this folder.
    """
    pictures = [path for path in paths if is_picture(path) and is_visible(path)]
    found = described or find_yaml(files, paths)
    if found is None:
        return YoloLayout(_names_from_text(files, paths), dict.fromkeys(pictures, ""))
    path, raw = found
    home = posixpath.dirname(path)
    listed: dict[str, str] = {}
    for part in PARTS:
        entries = raw.get(part) or []
        for entry in entries if isinstance(entries, list) else [entries]:
            places = _places(str(entry), str(raw.get("path") or ""), home)
            for picture in _part_pictures(files, places, pictures, paths):
                listed.setdefault(picture, "val" if part == "valid" else part)
    if not listed and pictures and any(raw.get(part) for part in PARTS):
        named = ", ".join(str(raw[part]) for part in PARTS if raw.get(part))
        raise UserError(
            f"{path} names pictures in {named}, and this folder has none there. Correct the paths in {path}."
        )
    return YoloLayout(yolo_names(raw), listed or dict.fromkeys(pictures, ""), _keypoint_numbers(raw))


def _keypoint_numbers(raw: dict[str, Any]) -> int:
    shape = raw.get("kpt_shape")
    return shape[0] * shape[1] if isinstance(shape, list) and [type(n) for n in shape] == [int, int] else 0


def _names_from_text(files: Files, paths: list[str]) -> tuple[str, ...]:
    candidates = [path for path in paths if posixpath.basename(path).lower() in NAME_FILES]
    for path in sorted(candidates, key=lambda path: (path.count("/"), path)):
        lines = [line.strip() for line in files.read(path).decode("utf-8-sig", "replace").splitlines()]
        if names := tuple(line for line in lines if line):
            return names
    return ()


def _part_pictures(files: Files, places: list[str], pictures: list[str], paths: list[str]) -> list[str]:
    """The pictures of one entry of train, val or test: a folder, or a text file with one picture a line."""
    for place in places:
        if suffix(place) == ".txt" and place in paths:
            return _listed_pictures(files.read(place), posixpath.dirname(place), pictures)
        inside = [path for path in pictures if place in ("", ".") or path.startswith(place + "/")]
        if inside:
            return inside
    return []


def _places(entry: str, root: str, home: str) -> list[str]:
    """Where an entry may lie inside the folder, likeliest first.

    Folders move: a `path` from another machine is tried by its ends, and leading "../" are dropped, because
    some exporters write "../train/images" for a folder beside the file.
    """
    entry, root = entry.replace("\\", "/"), root.replace("\\", "/")
    tails = [root.strip("/").split("/")[at:] for at in range(len(root.strip("/").split("/")) + 1)]
    tried = [posixpath.normpath(posixpath.join(home, *tail, entry.lstrip("/"))) for tail in tails]
    parts = [part for part in entry.split("/") if part not in ("", ".", "..")]
    tried += [posixpath.normpath(posixpath.join(home, *parts[at:])) for at in range(len(parts))]
    return [place.rstrip("/") for place in dict.fromkeys(tried) if not place.startswith("..")]


def _listed_pictures(data: bytes, home: str, pictures: list[str]) -> list[str]:
    present = set(pictures)
    found = []
    for line in data.decode("utf-8-sig", "replace").splitlines():
        parts = [part for part in line.strip().replace("\\", "/").split("/") if part not in ("", ".", "..")]
        for at in range(len(parts)):
            near = posixpath.join(home, *parts[at:])
            match = near if near in present else "/".join(parts[at:])
            if match in present:
                found.append(match)
                break
    return found


def label_path(picture: str, present: frozenset[str]) -> str | None:
    """The label file of a picture: in "labels" for "images", beside it, or in some folder "labels"."""
    folder, base = posixpath.split(stem(picture))
    parts = folder.split("/") if folder else []
    candidates = []
    for at in reversed(range(len(parts))):
        if parts[at].lower() == "images":
            candidates.append(posixpath.join(*parts[:at], "labels", *parts[at + 1 :], base))
            break
    candidates.append(posixpath.join(folder, base))
    candidates += [
        posixpath.join(*parts[:at], "labels", *parts[at:], base) for at in range(len(parts), -1, -1)
    ]
    for candidate in candidates:
        if candidate + ".txt" in present:
            return candidate + ".txt"
    return None
