"""What is different between two states of a project."""

from dataclasses import dataclass, field
from enum import StrEnum


class Change(StrEnum):
    ADDED = "added"
    REMOVED = "removed"
    EDITED = "edited"
    RENAMED = "renamed"


@dataclass(frozen=True)
class FileChange:
    """One file of two trees; sizes are None on the side where it does not exist."""

    path: str
    change: Change
    old_size: int | None = None
    new_size: int | None = None
    old_path: str | None = None  # for renamed


@dataclass(frozen=True)
class ItemChange:
    """One item that is different; `what` says it in words: "2 silver became copper, 1 box moved"."""

    path: str
    change: Change
    what: str = ""
    picture_changed: bool = False
    annotation_changed: bool = False
    old_path: str | None = None


@dataclass(frozen=True)
class CountChange:
    """A number on both sides."""

    old: int
    new: int

    @property
    def difference(self) -> int:
        return self.new - self.old


@dataclass(frozen=True)
class VersionDiff:
    """All that is different from `old` to `new`; labels are "version 2", "working folder", "nothing"."""

    project_id: int
    old_label: str
    new_label: str
    items: tuple[ItemChange, ...]
    files: tuple[FileChange, ...]  # changed files that belong to no item
    items_count: CountChange
    objects_count: CountChange
    classes: dict[str, CountChange] = field(default_factory=dict)
    labels_changed: int = 0  # objects whose class is another one
    boxes_moved: int = 0

    def number(self, change: Change) -> int:
        """How many items were added, removed, edited or renamed."""
        return sum(1 for item in self.items if item.change is change)

    @property
    def empty(self) -> bool:
        return not self.items and not self.files
