"""Precision, recall and F1 at any confidence, from one pass of matching."""

from dataclasses import dataclass

import numpy as np

from clew.metrics.matching import Floats, Matches

STEPS = 101


@dataclass(frozen=True)
class Sweep:
    """Figures per threshold; NaN where undefined (no detection left, no object at all)."""

    thresholds: Floats
    precision: Floats
    recall: Floats
    f1: Floats


def sweep(matches: Matches, objects: int, thresholds: Floats | None = None) -> Sweep:
    """Precision, recall and F1 of the detections whose score is at least each threshold.

    precision = TP / (TP + FP), recall = TP / objects, F1 = 2 TP / (TP + FP + objects).

    Args:
        matches: from `matching.match`.
        objects: number of objects in the truth, without crowds.
        thresholds: by default 0, 0.01 … 1.
    """
    at = np.linspace(0.0, 1.0, STEPS) if thresholds is None else thresholds
    counted = matches.score[~matches.ignored][::-1]
    right = matches.score[matches.hit][::-1]
    number = len(counted) - np.searchsorted(counted, at, "left")
    hits = len(right) - np.searchsorted(right, at, "left")
    return Sweep(at, ratio(hits, number), ratio(hits, objects), ratio(2 * hits, number + objects))


def best_confidence(matches: Matches, objects: int) -> float | None:
    """The score that is the best threshold: the largest F1, and of equal ones the highest.

    None when no detection is right, because then no threshold is better than another.
    """
    counted = ~matches.ignored
    score, hit = matches.score[counted], matches.hit[counted]
    if not hit.any():
        return None
    hits = np.cumsum(hit)
    f1 = 2.0 * hits / (np.arange(1, len(hits) + 1) + objects)
    last_of_score = np.append(score[1:] != score[:-1], True)  # equal scores are in or out together
    return float(score[int(np.argmax(np.where(last_of_score, f1, -1.0)))])


def ratio(part: object, whole: object) -> Floats:
    """The quotient as floats, NaN where the whole is 0."""
    above, below = np.broadcast_arrays(np.asarray(part, np.float64), np.asarray(whole, np.float64))
    quotient: Floats = np.divide(above, below, out=np.full(below.shape, np.nan), where=below > 0)
    return quotient
