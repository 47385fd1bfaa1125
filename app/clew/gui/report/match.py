"""What a model got right, missed and made up in one picture, at any confidence."""

from dataclasses import dataclass

from clew.formats.geometry import iou
from clew.model.annotations import Thing

SAME = 0.5  # least overlap (IoU) for a detection to be an object


@dataclass(frozen=True)
class Pairing:
    """Objects of the truth (or None) with what was found there (or None)."""

    pairs: tuple[tuple[Thing | None, Thing | None], ...]

    def count(self) -> tuple[int, int, int]:
        """Right (place and class), too many, missed."""
        right = sum(t is not None and f is not None and t.cls == f.cls for t, f in self.pairs)
        found = sum(f is not None for _, f in self.pairs)
        truth = sum(t is not None for t, _ in self.pairs)
        return right, found - right, truth - right

    def has(self, truth: str | None, found: str | None) -> bool:
        """Whether an object of one class was found as another; None is background."""
        return any((t.cls if t else None) == truth and (f.cls if f else None) == found for t, f in self.pairs)


def pair_up(truth: tuple[Thing, ...], found: tuple[Thing, ...], confidence: float) -> Pairing:
    """Match detections with objects as the confusion matrix does: whatever the class, strongest first.

    Args:
        truth: objects of the picture; crowds take detections away without counting.
        found: detections with scores.
        confidence: detections below it are left out.
    """
    free = [thing for thing in truth if not thing.crowd]
    crowds = [thing for thing in truth if thing.crowd]
    kept = sorted(
        (t for t in found if (t.score or 0.0) >= confidence), key=lambda t: t.score or 0.0, reverse=True
    )
    pairs: list[tuple[Thing | None, Thing | None]] = []
    for thing in kept:
        best = max(free, key=lambda other: iou(other.box, thing.box), default=None)
        if best is not None and iou(best.box, thing.box) >= SAME:
            free.remove(best)
            pairs.append((best, thing))
        elif not any(_inside(thing, crowd) >= SAME for crowd in crowds):
            pairs.append((None, thing))
    return Pairing((*pairs, *((thing, None) for thing in free)))


def _inside(thing: Thing, crowd: Thing) -> float:
    """The share of a detection that lies in a crowd."""
    x, y, w, h = thing.box
    cx, cy, cw, ch = crowd.box
    across, down = min(x + w, cx + cw) - max(x, cx), min(y + h, cy + ch) - max(y, cy)
    return across * down / (w * h) if across > 0 and down > 0 and w > 0 and h > 0 else 0.0


def error_words(right: int, extra: int, missed: int) -> str:
    """The errors of one picture in words: "2 missed, 1 too many, 5 right"."""
    parts = [f"{missed:,} missed"] if missed else []
    parts += [f"{extra:,} too many"] if extra else []
    parts += [f"{right:,} right"] if right else []
    return ", ".join(parts) or "nothing there, nothing found"
