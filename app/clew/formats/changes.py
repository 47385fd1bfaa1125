"""Says in words what is different between two annotations of the same picture."""

from collections import Counter
from dataclasses import dataclass

from clew.base.words import count
from clew.formats.geometry import iou
from clew.model.annotations import Annotation, Thing

Pair = tuple[Thing | None, Thing | None, str]

_SAME_OBJECT = 0.3  # two boxes that overlap this much (IoU) may be one object
_STILL_THERE = 0.1  # with equal ids a little overlap is enough
_UNMOVED = 1e-6  # pixels


@dataclass(frozen=True)
class AnnotationChange:
    """What is different from `old` to `new`.

    `pairs` holds (old, new, what) for every object, changed ones first; `what` is "same", "added",
    "removed", or for example "class changed, moved, IoU 0.86".
    """

    text: str  # "2 silver became copper, 1 box moved"; "" when equal
    labels_changed: int
    boxes_moved: int
    added: int
    removed: int
    pairs: tuple[Pair, ...]


def describe(old: Annotation | None, new: Annotation | None) -> AnnotationChange:
    """Compare two annotations object by object, matched by id and overlap.

    None is a picture without annotation.
    """
    before, after = old.things if old else (), new.things if new else ()
    pairs = [(one, other, _what(one, other)) for one, other in match_things(before, after)]
    pairs.sort(key=lambda pair: pair[2] == "same")
    renamed = Counter(
        (one.cls, other.cls) for one, other, _ in pairs if one and other and one.cls != other.cls
    )
    moved = [(one, other) for one, other, _ in pairs if one and other and _moved(one, other)]
    added = Counter(other.cls for one, other, _ in pairs if one is None and other)
    removed = Counter(one.cls for one, other, _ in pairs if other is None and one)
    parts = [f"{number:,} {a} became {b}" for (a, b), number in renamed.items()]
    if moved:
        parts.append(f"{count(len(moved), 'box', 'boxes')} moved")
        if len(moved) == 1 and not renamed:
            parts[-1] += f", IoU {iou(moved[0][0].box, moved[0][1].box):.2f}"
    if old is None and new is not None:
        parts = ["annotated, " + (count(len(after), "object") if after else "no objects")]
    elif new is None and old is not None:
        parts = ["annotation removed" + (f", {count(len(before), 'object')}" if before else "")]
    else:
        parts += [f"{number:,} new {name}" for name, number in added.items()]
        parts += [f"{number:,} {name} removed" for name, number in removed.items()]
        parts += _other_parts(pairs, old, new)
    if not parts and old != new:
        parts = ["objects numbered or ordered anew"]
    return AnnotationChange(
        ", ".join(parts), renamed.total(), len(moved), added.total(), removed.total(), tuple(pairs)
    )


def _other_parts(pairs: list[Pair], old: Annotation | None, new: Annotation | None) -> list[str]:
    both = [(one, other) for one, other, _ in pairs if one and other]
    outlines = sum(one.polygon != other.polygon and not _moved(one, other) for one, other in both)
    parts = [f"{count(outlines, 'outline')} changed"] if outlines else []
    if crowds := sum(one.crowd != other.crowd for one, other in both):
        parts.append(f"{count(crowds, 'object')} marked otherwise as crowd")
    if scores := sum(one.score != other.score for one, other in both):
        parts.append(f"{count(scores, 'score')} changed")
    if old is None or new is None:
        return parts
    parts += [f"tag {tag} added" for tag in new.tags if tag not in old.tags]
    parts += [f"tag {tag} removed" for tag in old.tags if tag not in new.tags]
    if (old.width, old.height) != (new.width, new.height):
        parts.append(f"size {old.width} x {old.height} became {new.width} x {new.height}")
    if old.source_id != new.source_id:
        parts.append("id at its source changed")
    return parts


def _moved(one: Thing, other: Thing) -> bool:
    return max(abs(a - b) for a, b in zip(one.box, other.box, strict=True)) > _UNMOVED


def _what(one: Thing | None, other: Thing | None) -> str:
    if one is None:
        return "added"
    if other is None:
        return "removed"
    parts = ["class changed"] if one.cls != other.cls else []
    if _moved(one, other):
        parts.append(f"moved, IoU {iou(one.box, other.box):.2f}")
    elif one.polygon != other.polygon:
        parts.append("outline changed")
    if one.crowd != other.crowd:
        parts.append("is a crowd now" if other.crowd else "is no crowd now")
    if one.score != other.score:
        parts.append("score changed")
    return ", ".join(parts) or "same"


def match_things(old: tuple[Thing, ...], new: tuple[Thing, ...]) -> list[tuple[Thing | None, Thing | None]]:
    """Pair the objects of two annotations: new ones in their order, then what was removed.

    In turn: equal id and unchanged place or class; equal class and box; equal id with some overlap; and what
    is left by overlap, best first. Ids alone prove nothing, because formats like YOLO only count lines.
    """
    partner: dict[int, int] = {}  # index in new -> index in old
    free = set(range(len(old)))

    def join(key_old: dict[object, list[int]], keys_new: list[object], fits: bool) -> None:
        for at, key in enumerate(keys_new):
            for other in key_old.get(key, ()) if at not in partner else ():
                if other in free and (not fits or _fits(old[other], new[at])):
                    partner[at] = other
                    free.discard(other)
                    break

    join(_index([(t.id, t.box) for t in old]), [(t.id, t.box) for t in new], False)
    join(_index([(t.cls, t.box) for t in old]), [(t.cls, t.box) for t in new], False)
    join(_index([t.id for t in old]), [t.id or None for t in new], True)
    rest = [at for at in range(len(new)) if at not in partner]
    overlaps = [(iou(old[other].box, new[at].box), old[other].cls == new[at].cls, -other, -at)
                for at in rest for other in free]  # fmt: skip
    for overlap, _, other, at in sorted(overlaps, reverse=True):
        if overlap < _SAME_OBJECT:
            break
        if -at not in partner and -other in free:
            partner[-at] = -other
            free.discard(-other)
    matched: list[tuple[Thing | None, Thing | None]] = [
        (old[partner[at]] if at in partner else None, thing) for at, thing in enumerate(new)
    ]
    return matched + [(old[other], None) for other in sorted(free)]


def _fits(one: Thing, other: Thing) -> bool:
    return one.cls == other.cls or iou(one.box, other.box) >= _STILL_THERE


def _index(keys: list[object]) -> dict[object, list[int]]:
    found: dict[object, list[int]] = {}
    for at, key in enumerate(keys):
        found.setdefault(key, []).append(at)
    return found
