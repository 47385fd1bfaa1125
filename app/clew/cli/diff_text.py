"""What changed between two states, for reading on a terminal."""

from typing import TYPE_CHECKING

from clew.base.words import count, signed
from clew.cli.table import align

if TYPE_CHECKING:
    from clew.model.changes import ItemChange, VersionDiff

MOST = 40  # items that are named one by one


def diff_text(project: str, diff: "VersionDiff") -> str:
    """A summary, the classes whose counts changed, and the items."""
    head = f"{project}: from {diff.old_label} to {diff.new_label}"
    if diff.empty:
        return f"{head}: nothing changed"
    lines = [head]
    for name, counts in (("Items", diff.items_count), ("Objects", diff.objects_count)):
        lines.append(f"{name}: {counts.old:,} to {counts.new:,} ({signed(counts.difference)})")
    if diff.labels_changed:
        lines.append(f"{count(diff.labels_changed, 'label')} changed")
    if diff.boxes_moved:
        lines.append(f"{count(diff.boxes_moved, 'box', 'boxes')} moved")
    changed = {name: c for name, c in diff.classes.items() if c.difference}
    if changed:
        rows = [(n, f"{c.old:,}", f"{c.new:,}", signed(c.difference)) for n, c in sorted(changed.items())]
        lines += ["", align(("Class", "Before", "After", "Change"), rows, (False, True, True, True))]
    listed = [
        (i.change.value, f"{i.old_path} → {i.path}" if i.old_path else i.path, _what(i)) for i in diff.items
    ]
    listed += [(f.change.value, f"{f.old_path} → {f.path}" if f.old_path else f.path, "") for f in diff.files]
    lines += ["", align(("Change", "Item", "What"), listed[:MOST], (False, False, False))]
    if len(listed) > MOST:
        lines.append(f"and {count(len(listed) - MOST, 'more item')}; --json names them all")
    return "\n".join(lines)


def _what(item: "ItemChange") -> str:
    """What is different, unless it only says "added" again."""
    return "" if item.what == item.change.value else item.what
