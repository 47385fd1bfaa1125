"""What is different between two states of a project: versions, trees, or the working folder."""

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path

from clew.base.errors import UserError
from clew.base.progress import Progress
from clew.formats.changes import AnnotationChange, describe
from clew.formats.items import read_items
from clew.formats.native import ANNOTATION_SUFFIX, PROJECT_FILE, is_picture, read_annotation
from clew.formats.readers import open_reader
from clew.formats.sources import Files
from clew.model.annotations import Annotation, Item
from clew.model.changes import Change, CountChange, FileChange, ItemChange, VersionDiff
from clew.model.entities import Project, Statistics
from clew.services.project_files import files_of
from clew.services.projects import get_project
from clew.services.statistics import statistics_of
from clew.services.versions import current_version, version_by_number
from clew.services.workspace import Workspace

WORKING = "working folder"


@dataclass(frozen=True)
class Side:
    """One item on one side of a difference; `picture` are the bytes of its file."""

    picture: bytes
    annotation: Annotation | None


@dataclass(frozen=True)
class ItemSides:
    """One item before and after, and what changed in its annotation, object by object."""

    path: str
    old: Side | None
    new: Side | None
    change: AnnotationChange


def diff_versions(
    ws: Workspace,
    project_id: int,
    old: int | None,
    new: int | None,
    *,
    walk: bool = False,
    progress: Progress | None = None,
) -> VersionDiff:
    """What changed from version `old` to version `new` of a project.

    Args:
        old: a version number; None is the version before `new`, or the one the working folder comes from.
        new: a version number; None is the working folder as it is now.
        walk: read the working folder whole, also when it is watched.
        progress: counts files.
    """
    project = get_project(ws, project_id)
    old_tree, old_label = _old_side(ws, project, old, new)
    if new is None:
        return diff_trees(
            ws,
            project_id,
            old_tree,
            None,
            old_label=old_label,
            new_label=WORKING,
            walk=walk,
            progress=progress,
        )
    version = version_by_number(ws, project_id, new)
    return diff_trees(
        ws,
        project_id,
        old_tree,
        version.tree,
        old_label=old_label,
        new_label=f"version {new}",
        progress=progress,
    )


def _old_side(ws: Workspace, project: Project, old: int | None, new: int | None) -> tuple[str | None, str]:
    if old is not None:
        return version_by_number(ws, project.id, old).tree, f"version {old}"
    if new is None:
        current = current_version(ws, project)
        return (current.tree, f"version {current.number}") if current else (None, "nothing")
    if new > 1:
        return version_by_number(ws, project.id, new - 1).tree, f"version {new - 1}"
    return None, "nothing"


def diff_trees(
    ws: Workspace,
    project_id: int,
    old: str | None,
    new: str | None,
    *,
    old_label: str = "before",
    new_label: str = "after",
    walk: bool = False,
    progress: Progress | None = None,
) -> VersionDiff:
    """What changed between two trees; `old` None is nothing at all, `new` None is the working folder."""
    project = get_project(ws, project_id)
    if new is None:
        if not Path(project.folder).is_dir():
            raise UserError(f"The folder of {project.name}, {project.folder}, is not there.")
        changed = ws.store.check(Path(project.folder), old, walk=walk, progress=progress)
    else:
        changed = ws.store.diff(old, new)
    before = _Nothing() if old is None else files_of(ws.store, project.folder, old)
    after = files_of(ws.store, project.folder, new)
    old_statistics = Statistics() if old is None else statistics_of(ws, old, project)
    if project.format == "clew":
        pairs, rest = _native_pairs(changed, before, after)
    else:
        pairs, rest = _all_pairs(changed, before, after, project.format)
    return _summarise(project.id, pairs, rest, old_statistics, old_label, new_label)


def item_sides(
    ws: Workspace, project_id: int, path: str, old: int | None, new: int | None, old_path: str | None = None
) -> ItemSides:
    """One item of two versions (None: the working folder) with its pictures and annotations."""
    project = get_project(ws, project_id)
    sides: list[Side | None] = []
    for number, name in ((old, old_path or path), (new, path)):
        tree = None if number is None else version_by_number(ws, project_id, number).tree
        files = files_of(ws.store, project.folder, tree)
        sides.append(_side(files, project.format, name))
    before, after = sides
    change = describe(before.annotation if before else None, after.annotation if after else None)
    return ItemSides(path, before, after, change)


def _side(files: Files, format_: str, path: str) -> Side | None:
    try:
        picture = files.read(path)
    except (UserError, FileNotFoundError):
        return None
    if format_ == "clew":
        return Side(picture, _item(files, path).annotation)
    return Side(picture, open_reader(files, format_, _pass_over).annotation(path))


class _Nothing:
    """The state before the first version."""

    def paths(self) -> list[str]:
        return []

    def read(self, path: str) -> bytes:
        raise FileNotFoundError(path)


@dataclass(frozen=True)
class _Pair:
    """An item before and after; None where it does not exist."""

    old: Item | None
    new: Item | None
    picture_changed: bool


def _native_pairs(
    changed: Iterable[FileChange], before: Files, after: Files
) -> tuple[list[_Pair], list[FileChange]]:
    """Only items whose files changed are read: a difference costs what changed, not what there is."""
    touched: dict[str, FileChange] = {}
    pictures: dict[str, FileChange] = {}
    rest: list[FileChange] = []
    renamed: dict[str, str] = {}
    for change in changed:
        path = change.path
        item = path.removesuffix(ANNOTATION_SUFFIX)
        if path == PROJECT_FILE:
            rest.append(change)
        elif item != path and is_picture(item):
            touched[item] = change
            if change.old_path:
                touched.setdefault(change.old_path.removesuffix(ANNOTATION_SUFFIX), change)
        else:
            pictures[path] = change
            if change.change is Change.RENAMED and change.old_path:
                renamed[path] = change.old_path
    gone = set(renamed.values())
    pairs = []
    for path in sorted((touched.keys() | pictures.keys()) - gone):
        picture = pictures.get(path)
        old_path: str | None = renamed.get(path, path)
        if picture is not None and picture.change is Change.ADDED:
            old_path = None
        new_path = None if picture is not None and picture.change is Change.REMOVED else path
        pairs.append(
            _Pair(
                _item(before, old_path) if old_path else None,
                _item(after, new_path) if new_path else None,
                picture is not None and picture.change is Change.EDITED,
            )
        )
    return [p for p in pairs if p.old or p.new], rest


def _item(files: Files, path: str) -> Item:
    """An item of the native format, straight from its two files; without annotation when that is damaged."""
    try:
        return Item(path, read_annotation(files.read(path + ANNOTATION_SUFFIX)))
    except (UserError, FileNotFoundError):
        return Item(path)


def _pass_over(_path: str, _reason: str) -> None:
    """A damaged annotation shows as none; importing and the project page name it."""


def _all_pairs(
    changed: Iterable[FileChange], before: Files, after: Files, format_: str
) -> tuple[list[_Pair], list[FileChange]]:
    """Linked formats keep many annotations in one file, so both sides are read whole."""
    files = {change.path: change for change in changed}
    if not files:
        return [], []
    old_items = {item.path: item for item in (read_items(before, format_, []) if before.paths() else ())}
    new_items = {item.path: item for item in read_items(after, format_, [])}
    pairs = []
    for path in sorted(old_items.keys() | new_items.keys()):
        old, new, file = old_items.get(path), new_items.get(path), files.get(path)
        edited = file is not None and file.change is Change.EDITED
        if old != new or edited:
            pairs.append(_Pair(old, new, edited))
    known = old_items.keys() | new_items.keys()
    return pairs, [change for path, change in files.items() if path not in known]


def _summarise(
    project_id: int,
    pairs: list[_Pair],
    rest: list[FileChange],
    old: Statistics,
    old_label: str,
    new_label: str,
) -> VersionDiff:
    items: list[ItemChange] = []
    classes = Counter(old.classes)
    labels = boxes = added = removed = 0
    for pair in pairs:
        before = pair.old.annotation if pair.old else None
        after = pair.new.annotation if pair.new else None
        change = describe(before, after)
        labels += change.labels_changed if pair.old and pair.new else 0
        boxes += change.boxes_moved if pair.old and pair.new else 0
        added += pair.old is None
        removed += pair.new is None
        classes.subtract(thing.cls for thing in (before.things if before else ()))
        classes.update(thing.cls for thing in (after.things if after else ()))
        if row := _item_change(pair, change):
            items.append(row)
    return VersionDiff(
        project_id,
        old_label,
        new_label,
        tuple(items),
        tuple(rest),
        CountChange(old.items, old.items + added - removed),
        CountChange(sum(old.classes.values()), sum(classes.values())),
        _class_changes(old.classes, classes),
        labels,
        boxes,
    )


def _item_change(pair: _Pair, change: AnnotationChange) -> ItemChange | None:
    if pair.new is None:
        assert pair.old is not None
        return ItemChange(pair.old.path, Change.REMOVED, "removed")
    if pair.old is None:
        things = pair.new.annotation.things if pair.new.annotation else ()
        return ItemChange(
            pair.new.path, Change.ADDED, f"added with {len(things)} objects" if things else "added"
        )
    annotation_changed = pair.old.annotation != pair.new.annotation
    words = [change.text] if change.text else []
    if pair.picture_changed:
        words.append("picture changed")
    if pair.old.path != pair.new.path:
        words.insert(0, f"was {pair.old.path}")
        return ItemChange(
            pair.new.path,
            Change.RENAMED,
            ", ".join(words),
            pair.picture_changed,
            annotation_changed,
            pair.old.path,
        )
    if not annotation_changed and not pair.picture_changed:
        return None
    text = ", ".join(words) or "annotation changed"
    return ItemChange(pair.new.path, Change.EDITED, text, pair.picture_changed, annotation_changed)


def _class_changes(old: Mapping[str, int], new: Mapping[str, int]) -> dict[str, CountChange]:
    names = sorted(old.keys() | {name for name, n in new.items() if n})
    return {name: CountChange(old.get(name, 0), new.get(name, 0)) for name in names}
