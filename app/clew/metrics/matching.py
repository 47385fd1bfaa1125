"""Matches detections with the truth, once, in the order of their scores.

Because each detection chooses before all weaker ones, the matches above any confidence threshold are the
first part of one list: every threshold is served by this single pass. The rule is that of COCO's evaluation
(`pycocotools/cocoeval.py`, evaluateImg) at one IoU, without its limit of 100 detections: a detection takes
the free object of its class with the largest overlap, the later one when two are equal; one that only fits
a crowd is left out of the count.
"""

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

Ints = npt.NDArray[np.int32]
Floats = npt.NDArray[np.float64]
Bools = npt.NDArray[np.bool_]
Indices = npt.NDArray[np.int64]

_PAIRS_AT_ONCE = 50_000  # what one step holds stays within the processor's cache, about 10 MB


@dataclass(frozen=True)
class DetectionData:
    """Boxes of many pictures in columns of equal length n.

    `image` and `cls` count from 0 into the names given with them; `box` is x, y, width, height in pixels.
    `score` is None for the truth; `crowd` marks regions of many objects; `area` in square pixels replaces
    width times height where COCO sorts by size.
    """

    image: Ints
    cls: Ints
    box: Floats
    score: Floats | None = None
    crowd: Bools | None = None
    area: Floats | None = None

    def __len__(self) -> int:
        return len(self.image)

    @staticmethod
    def empty(*, scores: bool = False) -> "DetectionData":
        """No boxes at all."""
        none = np.zeros(0, np.int32)
        return DetectionData(none, none, np.zeros((0, 4)), np.zeros(0) if scores else None)


@dataclass(frozen=True)
class Candidates:
    """Pairs of a detection and an object of the same picture that overlap enough, best choice first.

    `rank` counts detections by falling score; `order[rank]` is the detection's index.
    """

    order: Indices
    rank: Indices
    truth: Indices
    iou: Floats


@dataclass(frozen=True)
class Matches:
    """The one pass of matching; arrays over detections by falling score."""

    order: Indices  # index of the detection
    score: Floats
    truth: Indices  # index of the object it took, -1 for none
    ignored: Bools  # fits nothing but a crowd: neither right nor wrong
    iou: Floats  # overlap with the object it took, 0 for none

    @property
    def hit(self) -> Bools:
        return self.truth >= 0


def find_candidates(truth: DetectionData, found: DetectionData, iou: float = 0.5) -> Candidates:
    """All pairs within a picture that overlap at least `iou`, in the order in which they are tried.

    The overlap with a crowd is the share of the detection that lies in it, as COCO has it.
    """
    scores = found.score if found.score is not None else np.zeros(len(found))
    order = np.argsort(-scores, kind="stable").astype(np.int64)
    by_image = np.argsort(truth.image, kind="stable").astype(np.int64)
    sorted_images = truth.image[by_image]
    ranks = np.argsort(found.image[order], kind="stable").astype(
        np.int64
    )  # picture by picture, for the cache
    images = found.image[order[ranks]]
    first = np.searchsorted(sorted_images, images, "left")
    number = np.searchsorted(sorted_images, images, "right") - first
    sides, own_sides = _sides(truth.box[by_image]), _sides(found.box[order[ranks]])
    crowd = _crowd(truth)
    crowd_here = crowd[by_image]
    pairs: list[tuple[Indices, Indices, Floats]] = []
    ends = np.cumsum(number)
    start = 0
    while start < len(ranks):
        done = int(ends[start - 1]) if start else 0
        stop = max(start + 1, int(np.searchsorted(ends, done + _PAIRS_AT_ONCE, "right")))
        part = number[start:stop]
        one = np.repeat(np.arange(start, stop), part)
        inside = np.arange(len(one)) - np.repeat(np.cumsum(part) - part, part)
        other = np.repeat(first[start:stop], part) + inside
        overlap = _overlap(own_sides[:, one], sides[:, other], crowd_here[other])
        good = overlap >= iou
        pairs.append((ranks[one[good]], by_image[other[good]], overlap[good]))
        start = stop
    if not pairs:
        none = np.zeros(0, np.int64)
        return Candidates(order, none, none, np.zeros(0))
    rank = np.concatenate([pair[0] for pair in pairs])
    other = np.concatenate([pair[1] for pair in pairs])
    overlap = np.concatenate([pair[2] for pair in pairs])
    best_first = np.lexsort((-other, -overlap, crowd[other], rank))
    return Candidates(order, rank[best_first], other[best_first], overlap[best_first])


def match(
    truth: DetectionData, found: DetectionData, candidates: Candidates, *, by_class: bool = True
) -> Matches:
    """Let the detections choose, strongest first.

    Args:
        truth: m objects.
        found: n detections.
        candidates: of the two, from `find_candidates`.
        by_class: only objects of the detection's own class count.
    """
    rank, other, overlap = candidates.rank, candidates.truth, candidates.iou
    if by_class:
        same = found.cls[candidates.order[rank]] == truth.cls[other]
        rank, other, overlap = rank[same], other[same], overlap[same]
    n = len(candidates.order)
    taken_by = np.full(n, -1, np.int64)
    ignored = np.zeros(n, np.bool_)
    overlaps = np.zeros(n)
    crowd = _crowd(truth)
    free = [True] * len(truth)
    settled = -1  # the rank that has chosen already
    is_crowd = crowd[other].tolist()
    for at, (one, thing) in enumerate(zip(rank.tolist(), other.tolist(), strict=True)):
        if one == settled:
            continue
        if is_crowd[at]:
            ignored[one] = True
            settled = one
        elif free[thing]:
            free[thing] = False
            taken_by[one] = thing
            overlaps[one] = overlap[at]
            settled = one
    scores = found.score if found.score is not None else np.zeros(n)
    return Matches(candidates.order, scores[candidates.order], taken_by, ignored, overlaps)


def countable(truth: DetectionData) -> Bools:
    """Which objects count: all but crowds."""
    return ~_crowd(truth)


def _crowd(truth: DetectionData) -> Bools:
    return truth.crowd.astype(np.bool_) if truth.crowd is not None else np.zeros(len(truth), np.bool_)


def _sides(box: Floats) -> Floats:
    """Left, top, right, bottom and area of boxes, each in a row of its own."""
    x, y, w, h = box.T
    return np.ascontiguousarray(np.stack([x, y, x + w, y + h, w * h]))


def _overlap(found: Floats, truth: Floats, crowd: Bools) -> Floats:
    across = np.minimum(found[2], truth[2]) - np.maximum(found[0], truth[0])
    down = np.minimum(found[3], truth[3]) - np.maximum(found[1], truth[1])
    both = np.clip(across, 0, None) * np.clip(down, 0, None)
    whole = np.where(crowd, found[4], found[4] + truth[4] - both)
    overlap: Floats = np.divide(both, whole, out=np.zeros_like(both), where=whole > 0)
    return overlap
