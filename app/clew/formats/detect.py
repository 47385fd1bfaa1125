"""Finds out what format a source is in."""

import json
from pathlib import Path

from clew.base.errors import UserError
from clew.formats.coco_read import looks_like_coco
from clew.formats.names import is_picture, suffix
from clew.formats.native import PROJECT_FILE
from clew.formats.sources import FolderFiles
from clew.formats.yolo_layout import find_yaml, label_path


def detect(source: Path) -> str:
    """Name the format of a folder or of a COCO JSON or YOLO YAML file.

    Returns:
        "clew", "coco", "yolo", "images" or "files".

    Raises:
        UserError: there is no such source, or nothing in it that Clew can import.
    """
    if not source.exists():
        raise UserError(f"There is no file or folder {source}. Check the path.")
    if source.is_file():
        return _detect_file(source)
    files = FolderFiles(source)
    paths = files.paths()
    if not paths:
        raise UserError(f"The folder {source} holds no files to import.")
    if PROJECT_FILE in paths and _is_project(files.read(PROJECT_FILE)):
        return "clew"
    pictures = [path for path in paths if is_picture(path)]
    present = frozenset(paths)
    jsons = [path for path in paths if path.lower().endswith(".json") and path[:-5] not in present]
    if any(looks_like_coco(files.read(path)) for path in jsons):
        return "coco"
    if pictures and (find_yaml(files, paths) or _has_labels(files, pictures, present)):
        return "yolo"
    return "images" if pictures else "files"


def _detect_file(source: Path) -> str:
    ending = suffix(source.name)
    if ending == ".json" and looks_like_coco(FolderFiles(source.parent).read(source.name)):
        return "coco"
    if ending in (".yaml", ".yml"):
        return "yolo"
    if ending == ".json":
        raise UserError(
            f"{source.name} is no COCO file: images, annotations and categories are not all in it."
        )
    raise UserError(
        f"{source.name} is a single file. Choose the folder it is in, a COCO JSON or a YOLO YAML file."
    )


def _is_project(data: bytes) -> bool:
    try:
        raw = json.loads(data)
    except ValueError:
        return False
    return isinstance(raw, dict) and type(raw.get("clew")) is int


def _has_labels(files: FolderFiles, pictures: list[str], present: frozenset[str]) -> bool:
    """Whether text files beside the pictures look like labels, from the first filled ones."""
    seen = 0
    for picture in pictures:
        label = label_path(picture, present)
        text = files.read(label)[:400].decode("utf-8", "replace") if label else ""
        if words := text.partition("\n")[0].split():
            seen += 1
            if len(words) >= 5 and words[0].isdigit() and all(_is_number(word) for word in words[1:5]):
                return True
            if seen == 5:
                break
    return False


def _is_number(word: str) -> bool:
    try:
        float(word)
    except ValueError:
        return False
    return True
