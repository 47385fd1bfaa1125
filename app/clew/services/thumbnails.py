"""Small pictures for blocks and lists, made once and kept in the workspace's cache."""

import hashlib
from pathlib import Path

from clew.base.atomic import write_atomic
from clew.base.errors import ClewError
from clew.formats.native import ANNOTATION_SUFFIX, PROJECT_FILE, read_annotation, read_classes
from clew.formats.pictures import thumbnail as draw
from clew.formats.readers import open_reader
from clew.model.annotations import Annotation, ClassInfo, Thing
from clew.model.view import Preview
from clew.services.project_files import files_of
from clew.services.projects import get_project
from clew.services.workspace import Workspace


def thumbnail(
    ws: Workspace, preview: Preview, width: int, height: int, *, boxes: bool = True
) -> bytes | None:
    """A JPEG of `width` x `height` pixels of one picture, with its boxes; None where there is no picture."""
    try:
        project = get_project(ws, preview.project_id)
        key = _key(ws, preview, project.folder)
        if key is None:
            return None
        name = hashlib.blake2b(f"{key}|{width}x{height}|{boxes}".encode(), digest_size=16).hexdigest()
        kept = ws.cache_dir / "thumbnails" / name[:2] / f"{name}.jpg"
        if kept.exists():
            return kept.read_bytes()
        files = files_of(ws.store, project.folder, preview.tree or None)
        picture = files.read(preview.path)
        things: tuple[Thing, ...] = ()
        colours: dict[str, str] = {}
        if boxes:
            annotation, classes = _annotation(ws, preview, project.folder, project.format)
            things = annotation.things if annotation else ()
            colours = {c.name: c.colour for c in classes}
        data = draw(picture, width, height, things, colours)
    except (ClewError, OSError):
        return None
    if not ws.read_only:
        kept.parent.mkdir(parents=True, exist_ok=True)
        write_atomic(kept, data, durable=False)
    return data


def _key(ws: Workspace, preview: Preview, folder: str) -> str | None:
    """Names the content: ids for a stored picture and its annotation, stats for one in the working folder."""
    paths = (preview.path, preview.path + ANNOTATION_SUFFIX, PROJECT_FILE)
    if preview.tree:
        entries = [ws.store.entry(preview.tree, path) for path in paths]
        if entries[0] is None:
            return None
        if entries[1] is None:
            return f"{preview.tree} {preview.path}"
        return " ".join(entry.id if entry else "" for entry in entries)
    stats = []
    for path in paths:
        file = Path(folder).joinpath(*path.split("/"))
        stats.append(str(file.stat().st_mtime_ns) + str(file.stat().st_size) if file.exists() else "")
    return f"{folder}/{preview.path} {stats}" if stats[0] else None


def _annotation(
    ws: Workspace, preview: Preview, folder: str, format_: str
) -> tuple[Annotation | None, tuple[ClassInfo, ...]]:
    files = files_of(ws.store, folder, preview.tree or None)
    if format_ == "clew":
        try:
            annotation = read_annotation(files.read(preview.path + ANNOTATION_SUFFIX))
            return annotation, read_classes(files.read(PROJECT_FILE))
        except (ClewError, OSError):
            return None, ()
    reader = open_reader(files, format_, lambda _path, _reason: None)
    return reader.annotation(preview.path), reader.classes()
