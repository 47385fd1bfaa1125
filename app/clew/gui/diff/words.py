"""A difference as rows, numbers and text. Values in, values out."""

import csv
import io
import json

from clew.base.words import size
from clew.formats.changes import AnnotationChange
from clew.gui.compare.table import Cell, Column
from clew.gui.diff.load import LoadedItem, Row
from clew.gui.diff.picture import Mark
from clew.model.annotations import Thing
from clew.model.changes import Change, FileChange, ItemChange, VersionDiff


def big_numbers(diff: VersionDiff) -> tuple[tuple[str, str, str], ...]:
    """The numbers at the top: figure, what it counts, tone."""
    added, removed = diff.number(Change.ADDED), diff.number(Change.REMOVED)
    renamed, changed = diff.number(Change.RENAMED), sum(item.picture_changed for item in diff.items)
    numbers = [
        (added, "picture added", "pictures added", "good"),
        (removed, "picture removed", "pictures removed", "bad"),
        (diff.labels_changed, "label changed", "labels changed", "accent"),
        (diff.boxes_moved, "box moved", "boxes moved", "accent"),
        (changed, "picture changed", "pictures changed", "accent"),
    ]
    if renamed:
        numbers.append((renamed, "picture renamed", "pictures renamed", ""))
    if diff.files:
        numbers.append((len(diff.files), "other file", "other files", ""))
    return tuple(
        (
            f"+{n:,}" if n and many == "pictures added" else f"{n:,}",
            one if n == 1 else many,
            tone if n else "dim",
        )
        for n, one, many, tone in numbers
    )


def diff_rows(diff: VersionDiff, *, only_labels: bool = False) -> tuple[Row, ...]:
    """What the list shows: edited items first, then added and removed ones, then other files."""
    if only_labels:
        return tuple(
            i for i in diff.items if i.annotation_changed and i.change in (Change.EDITED, Change.RENAMED)
        )
    order = {Change.EDITED: 0, Change.RENAMED: 1, Change.ADDED: 2, Change.REMOVED: 3}
    return (*sorted(diff.items, key=lambda item: order[item.change]), *diff.files)


def row_words(row: Row) -> str:
    """What happened to one item or file, in a few words."""
    if isinstance(row, ItemChange):
        return row.what or row.change.value
    sizes = [size(n) for n in (row.old_size, row.new_size) if n is not None]
    if row.change is Change.RENAMED:
        return f"was {row.old_path}"
    return f"{row.change.value}, {' became '.join(dict.fromkeys(sizes))}" if sizes else row.change.value


def side_name(text: str) -> str:
    """The name of a side ("version 2") as a heading."""
    return text[:1].upper() + text[1:]


def item_marks(item: LoadedItem) -> tuple[tuple[Mark, ...], tuple[Mark, ...]]:
    """The boxes of both sides; unchanged ones in white, the old in the accent, the new in green."""
    old, new = [], []
    for key, (before, after, what) in enumerate(item.change.pairs):
        same = what == "same"
        if before is not None:
            old.append(Mark(before.box, "same" if same else "old", words=before.cls, key=key))
        if after is not None:
            new.append(Mark(after.box, "same" if same else "new", words=after.cls, key=key))
    return _changed_last(old), _changed_last(new)


def overlay_marks(item: LoadedItem) -> tuple[Mark, ...]:
    """Both sides in one picture; what stayed is drawn once, the old dashed."""
    old, new = item_marks(item)
    dashed = [Mark(m.box, m.role, True, m.words, m.key) for m in old if m.role == "old"]
    return _changed_last([*new, *dashed])


def _changed_last(marks: list[Mark]) -> tuple[Mark, ...]:
    return tuple(sorted(marks, key=lambda m: m.role != "same"))


def object_table(
    change: AnnotationChange, old: str, new: str
) -> tuple[list[Column], list[list[Cell]], list[int]]:
    """Columns, rows and the key of the pair behind each row; equal objects are counted in the last row."""
    columns = [
        Column("Object", least=64, most=120),
        Column(side_name(old), stretch=True, least=110, most=280),
        Column(side_name(new), stretch=True, least=110, most=280),
        Column("Change", stretch=True, least=110, most=280),
    ]
    rows, keys, same = [], [], 0
    for key, (before, after, what) in enumerate(change.pairs):
        if what == "same":
            same += 1
            continue
        with_box = "moved" in what or before is None or after is None
        with_class = "class" in what or before is None or after is None
        cells = [_thing(side, with_class, with_box) for side in (before, after)]
        tone = "good" if before is None else "accent"
        rows.append(
            [
                Cell(f"{key + 1}"),
                *(Cell(c, tone="" if c != "–" else "dim") for c in cells),
                Cell(what, tone=tone),
            ]
        )
        keys.append(key)
    if same:
        rows.append(
            [
                Cell(f"{same:,} more" if rows else f"{same:,}", tone="dim"),
                *([Cell("same", tone="dim")] * 2),
                Cell(),
            ]
        )
        keys.append(-1)
    return columns, rows, keys


def _thing(thing: Thing | None, with_class: bool, with_box: bool) -> str:
    if thing is None:
        return "–"
    box = "box " + ", ".join(f"{v:,.0f}" for v in thing.box)
    parts = ([thing.cls] if with_class else []) + ([box] if with_box else [])
    return ", ".join(parts) or thing.cls


def to_csv(diff: VersionDiff) -> str:
    """One line for each item or file."""
    out = io.StringIO()
    write = csv.writer(out, lineterminator="\n").writerow
    write(["path", "change", "was", "what"])
    for row in diff_rows(diff):
        write([row.path, row.change.value, row.old_path or "", row_words(row)])
    return out.getvalue()


def to_json(diff: VersionDiff) -> str:
    """The whole difference for programs."""
    data = {
        "from": diff.old_label,
        "to": diff.new_label,
        "pictures": {"old": diff.items_count.old, "new": diff.items_count.new},
        "objects": {"old": diff.objects_count.old, "new": diff.objects_count.new},
        "labels_changed": diff.labels_changed,
        "boxes_moved": diff.boxes_moved,
        "classes": {name: {"old": c.old, "new": c.new} for name, c in diff.classes.items()},
        "items": [_plain(row) for row in diff.items],
        "files": [_plain(row) for row in diff.files],
    }
    return json.dumps(data, indent=2, ensure_ascii=False) + "\n"


def _plain(row: Row) -> dict[str, object]:
    found: dict[str, object] = {"path": row.path, "change": row.change.value, "what": row_words(row)}
    if row.old_path:
        found["was"] = row.old_path
    if isinstance(row, FileChange):
        found |= {"old_size": row.old_size, "new_size": row.new_size}
    return found


FORMATS = (("CSV", "csv", to_csv), ("JSON", "json", to_json))
