"""Predictions of a detector as a COCO document with a score for each object."""

import json
from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import Any, NamedTuple

from clew.base.atomic import write_atomic
from clew.model.annotations import Thing


class Predicted(NamedTuple):
    """What was found in one picture of `width` x `height` pixels."""

    path: str
    width: int
    height: int
    things: tuple[Thing, ...]


def document(pictures: Iterable[Predicted], classes: Sequence[str], **info: Any) -> dict[str, Any]:
    """The COCO document; `info` takes what it was computed on: version_id, split, inference_ms."""
    categories = {name: number for number, name in enumerate(classes, start=1)}
    images: list[dict[str, Any]] = []
    annotations: list[dict[str, Any]] = []
    for number, picture in enumerate(pictures, start=1):
        path, width, height, things = picture
        images.append({"id": number, "file_name": path, "width": width, "height": height})
        for thing in things:
            box = [round(value, 2) for value in thing.box]
            annotations.append(
                {
                    "id": len(annotations) + 1,
                    "image_id": number,
                    "category_id": categories[thing.cls],
                    "bbox": box,
                    "area": round(box[2] * box[3], 2),
                    "iscrowd": 0,
                    "score": thing.score,
                }
            )
    named = [{"id": number, "name": name} for name, number in categories.items()]
    return {"info": info, "images": images, "categories": named, "annotations": annotations}


def write(path: Path, content: dict[str, Any]) -> None:
    """Write a document whole or not at all."""
    write_atomic(path, json.dumps(content, separators=(",", ":")))


def read_info(path: Path) -> dict[str, Any]:
    """What a predictions file says about itself; empty when there is no such file or it says nothing."""
    try:
        content = json.loads(path.read_text(encoding="utf-8"))
    except (OSError, ValueError):
        return {}
    info = content.get("info") if isinstance(content, dict) else None
    return info if isinstance(info, dict) else {}
