"""Reading a difference and its pictures; runs off the UI thread."""

from dataclasses import dataclass
from typing import Any

from PySide6.QtGui import QImage

from clew.formats.changes import AnnotationChange, describe
from clew.model.annotations import Annotation
from clew.model.changes import Change, FileChange, ItemChange, VersionDiff
from clew.model.entities import Project, Version
from clew.model.view import Preview

Row = ItemChange | FileChange


@dataclass(frozen=True)
class LoadedDiff:
    """A difference, both trees (None: nothing, "": the working folder) and the versions to choose from."""

    project: Project
    diff: VersionDiff
    old: int | None  # the number that was meant; None when there was nothing before
    new: int | None  # None is the working folder
    old_tree: str | None
    new_tree: str
    versions: tuple[Version, ...]


@dataclass(frozen=True)
class LoadedSide:
    """One item on one side."""

    image: QImage
    annotation: Annotation | None


@dataclass(frozen=True)
class LoadedItem:
    """One item on both sides."""

    row: Row
    old: LoadedSide | None
    new: LoadedSide | None
    change: AnnotationChange


def load_diff(ws: Any, project_id: int, old: int | None, new: int | None) -> LoadedDiff:
    """What changed from `old` to `new`; None means what `diff_versions` takes it for.

    Raises:
        UserError: there is no such project or version.
    """
    from clew.services.diffs import diff_versions
    from clew.services.projects import get_project
    from clew.services.versions import current_version, list_versions, version_by_number

    project = get_project(ws, project_id)
    diff = diff_versions(ws, project_id, old, new)
    if old is None and new is None:
        current = current_version(ws, project)
        old = current.number if current else None
    elif old is None and new is not None and new > 1:
        old = new - 1
    old_tree = version_by_number(ws, project_id, old).tree if old is not None else None
    new_tree = version_by_number(ws, project_id, new).tree if new is not None else ""
    versions = tuple(s.version for s in list_versions(ws, project_id, deleted=False))
    return LoadedDiff(project, diff, old, new, old_tree, new_tree, versions)


def load_item(ws: Any, loaded: LoadedDiff, row: Row) -> LoadedItem:
    """Both sides of one changed item, decoded."""
    from clew.services.diffs import item_sides

    sides = item_sides(ws, loaded.project.id, row.path, loaded.old, loaded.new, row.old_path)
    before = None if row.change is Change.ADDED else sides.old
    after = None if row.change is Change.REMOVED else sides.new
    change = sides.change
    if (before, after) != (sides.old, sides.new):
        change = describe(before.annotation if before else None, after.annotation if after else None)
    return LoadedItem(row, _side(before), _side(after), change)


def _side(side: Any) -> LoadedSide | None:
    return None if side is None else LoadedSide(QImage.fromData(side.picture), side.annotation)


def preview_of(loaded: LoadedDiff, row: Row) -> Preview | None:
    """Where the thumbnail of a row comes from; None for files that are no items."""
    tree = loaded.old_tree if row.change is Change.REMOVED else loaded.new_tree
    if tree is None or isinstance(row, FileChange):
        return None
    return Preview(tree, row.path, loaded.project.id)
