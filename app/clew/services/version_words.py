"""What a version holds and what is new in it, in the words of a list."""

from clew.base.words import count, signed
from clew.model.entities import Statistics


def plain_title(number: int) -> str:
    """The title of a version to which nobody gave one."""
    return f"Version {number}"


def item_noun(*sides: Statistics) -> str:
    """What items are called on screen: pictures where all are, files where none is, else items."""
    pictures, items = sum(s.pictures for s in sides), sum(s.items for s in sides)
    if pictures == items:
        return "picture"
    return "item" if pictures else "file"


def items_in_words(statistics: Statistics) -> str:
    """For example "1,240 pictures"."""
    return count(statistics.items, item_noun(statistics))


def contents_in_words(statistics: Statistics) -> str:
    """For example "1,240 pictures, 3,902 objects"."""
    words = items_in_words(statistics)
    if statistics.objects:
        words += f", {count(statistics.objects, 'object')}"
    return words


def change_in_words(before: Statistics | None, now: Statistics) -> str:
    """For example "+272 pictures, +909 objects"; for a first version what it holds."""
    if before is None:
        return contents_in_words(now)
    parts = []
    if now.items != before.items:
        parts.append(_more(now.items - before.items, item_noun(before, now)))
    if now.objects != before.objects:
        parts.append(_more(now.objects - before.objects, "object"))
    moved = [
        f"{name} {signed(now.classes.get(name, 0) - before.classes.get(name, 0))}"
        for name in sorted(now.classes.keys() | before.classes.keys())
        if now.classes.get(name, 0) != before.classes.get(name, 0)
    ]
    if moved and len(moved) <= 4:
        parts.append(", ".join(moved))
    return ", ".join(parts) or "same counts, other content"


def _more(difference: int, noun: str) -> str:
    return f"{signed(difference)} {noun}{'' if abs(difference) == 1 else 's'}"
