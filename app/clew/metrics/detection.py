"""Evaluates detections: the COCO numbers, and what happens at the best confidence.

Definitions. mAP, AP50, AP75: COCO (https://cocodataset.org/#detection-eval). A detection is right (TP) when
it takes an object of its class at IoU 0.5 or more, strongest first, one detection an object (PASCAL VOC,
Everingham et al. 2010, section 4.2); otherwise it is wrong (FP); objects that nothing took are missed (FN).
precision = TP / (TP + FP), recall = TP / (TP + FN), F1 = 2 TP / (2 TP + FP + FN), over all classes together.
The best confidence is the score threshold with the largest F1. Mean IoU is over the matches above it.
"""

import math
from dataclasses import dataclass

import numpy as np

from clew.base.errors import UserError
from clew.metrics.coco import CocoResult, coco_evaluate
from clew.metrics.matching import (
    Bools,
    DetectionData,
    Floats,
    Indices,
    Ints,
    Matches,
    countable,
    find_candidates,
    match,
)
from clew.metrics.sweep import best_confidence
from clew.model.evaluation import ClassResult, Curve, Evaluation

CURVE_POINTS = 501
BACKGROUND = "background"
_DIGITS = 6  # of the points of a curve

__all__ = ["BACKGROUND", "CURVE_POINTS", "DetectionData", "evaluate"]


def evaluate(
    truth: DetectionData,
    found: DetectionData,
    *,
    class_names: tuple[str, ...],
    image_names: tuple[str, ...],
    inference_ms: float | None = None,
) -> Evaluation:
    """Evaluate detections on some pictures.

    Args:
        truth: objects; crowds count neither as found nor as missed.
        found: detections with scores.
        class_names: names that `cls` counts into, those of the truth and of the detections.
        image_names: paths that `image` counts into, pictures without objects too.
        inference_ms: mean time per picture, if known.

    Returns:
        All of it; figures are None where they are undefined: precision without any detection, recall and
        AP without any object.

    Raises:
        UserError: a box or score is not finite.
        ValueError: columns of different lengths, or an index outside the names.
    """
    for data, what in ((truth, "truth"), (found, "detections")):
        _check(data, what, len(class_names), len(image_names))
    if found.score is None:
        raise ValueError("detections need scores")
    coco = coco_evaluate(truth, found, len(class_names), len(image_names))
    candidates = find_candidates(truth, found)
    matches = match(truth, found, candidates)
    counts = countable(truth)
    objects = int(counts.sum())
    confidence = best_confidence(matches, objects)
    kept = matches.score >= (-np.inf if confidence is None else confidence)
    loose = match(truth, found, candidates, by_class=False)
    return Evaluation(
        metrics=_metrics(coco, matches, kept, objects)
        | {"confidence": confidence, "inference_ms": inference_ms},
        classes=_by_class(
            _count(found.cls[matches.order], truth.cls[counts], matches, kept, len(class_names)),
            coco,
            class_names,
        ),
        pr_curve=_curve(matches.hit[~matches.ignored], objects),
        class_curves=_class_curves(coco, class_names),
        confusion=_confusion(truth, found, loose, kept, len(class_names)),
        confusion_names=(*class_names, BACKGROUND),
        images=len(image_names),
        objects=objects,
        detections=len(found),
        per_image=_by_image(
            _count(found.image[matches.order], truth.image[counts], matches, kept, len(image_names)),
            image_names,
        ),
    )


def _metrics(coco: CocoResult, matches: Matches, kept: Bools, objects: int) -> dict[str, float | None]:
    hit = matches.hit & kept
    return {
        "map": known(coco.summary["AP"]),
        "ap50": known(coco.summary["AP50"]),
        "ap75": known(coco.summary["AP75"]),
        **_rates(int(hit.sum()), int((kept & ~matches.ignored).sum()), objects),
        "mean_iou": float(matches.iou[hit].mean()) if hit.any() else None,
    }


def known(value: float) -> float | None:
    """A figure, or None for NaN."""
    return None if math.isnan(value) else float(value)


def _check(data: DetectionData, what: str, classes: int, images: int) -> None:
    n = len(data)
    columns = (data.cls, data.score, data.crowd, data.area)
    if data.box.shape != (n, 4) or any(column is not None and len(column) != n for column in columns):
        raise ValueError(f"the columns of the {what} have different lengths")
    for column, size in ((data.image, images), (data.cls, classes)):
        if n and not 0 <= int(column.min()) <= int(column.max()) < size:
            raise ValueError(f"an index of the {what} is outside its names")
    if (
        not np.isfinite(data.box).all()
        or not np.isfinite(data.score if data.score is not None else 0.0).all()
    ):
        raise UserError(
            f"The {what} hold a box or score that is not a finite number. Correct it and evaluate again."
        )


def _rates(hits: int, number: int, objects: int) -> dict[str, float | None]:
    """Precision, recall and F1 of `number` detections, `hits` of them right, on `objects` objects."""
    return {
        "precision": hits / number if number else None,
        "recall": hits / objects if objects else None,
        "f1": 2 * hits / (number + objects) if objects else None,
    }


@dataclass(frozen=True)
class _Counts:
    """How many, per class or per picture."""

    hits: Indices
    number: Indices  # detections that count
    objects: Indices


def _count(found: Ints, objects: Ints, matches: Matches, kept: Bools, size: int) -> _Counts:
    """Count by a column of the detections, in order of score, and the same column of the objects."""
    return _Counts(
        np.bincount(found[kept & matches.hit], minlength=size),
        np.bincount(found[kept & ~matches.ignored], minlength=size),
        np.bincount(objects, minlength=size),
    )


def _by_class(counts: _Counts, coco: CocoResult, names: tuple[str, ...]) -> tuple[ClassResult, ...]:
    results = []
    for at, name in enumerate(names):
        hits, number, objects = (int(column[at]) for column in (counts.hits, counts.number, counts.objects))
        ap, ap50 = known(coco.ap[at]), known(coco.ap50[at])
        results.append(ClassResult(name, objects, number, ap, ap50, **_rates(hits, number, objects)))
    return tuple(results)


def _curve(hit: Bools, objects: int) -> Curve:
    """Precision over recall of all classes together, at evenly spaced recalls.

    Precision is the best that is had at this recall or a higher one (as in VOC 2010 and COCO), 0 beyond the
    highest recall.
    """
    if not objects:
        return Curve((), ())
    hits = np.cumsum(hit)
    precision = hits / np.arange(1, len(hits) + 1)
    best = np.append(np.maximum.accumulate(precision[::-1])[::-1], 0.0)
    grid = np.linspace(0.0, 1.0, CURVE_POINTS)
    first = np.searchsorted(hits / objects, grid - 1e-12, "left")
    return Curve(_rounded(grid), _rounded(best[first]))


def _class_curves(coco: CocoResult, names: tuple[str, ...]) -> dict[str, Curve]:
    """COCO's own curves per class, at 101 recalls: the mean of one is the class's AP50."""
    grid = _rounded(np.linspace(0.0, 1.0, len(coco.precision50)))
    defined = ~np.isnan(coco.ap50)
    return {
        name: Curve(grid, _rounded(coco.precision50[:, at])) for at, name in enumerate(names) if defined[at]
    }


def _rounded(values: Floats) -> tuple[float, ...]:
    return tuple(np.round(values, _DIGITS).tolist())


def _confusion(
    truth: DetectionData, found: DetectionData, matches: Matches, kept: Bools, classes: int
) -> tuple[tuple[int, ...], ...]:
    """Truth i found as j, matched whatever the class; the last row and column stand for the background."""
    hit = matches.hit & kept
    cls = found.cls[matches.order]
    missed = countable(truth)
    missed[matches.truth[hit]] = False
    extra = cls[kept & ~matches.hit & ~matches.ignored]
    rows = np.concatenate([truth.cls[matches.truth[hit]], truth.cls[missed], np.full(len(extra), classes)])
    columns = np.concatenate([cls[hit], np.full(int(missed.sum()), classes), extra])
    size = classes + 1
    table = np.bincount(rows.astype(np.int64) * size + columns, minlength=size * size).reshape(size, size)
    return tuple(map(tuple, table.tolist()))


def _by_image(counts: _Counts, names: tuple[str, ...]) -> tuple[tuple[str, int, int, int], ...]:
    wrong, missed = counts.number - counts.hits, counts.objects - counts.hits
    return tuple(zip(names, counts.hits.tolist(), wrong.tolist(), missed.tolist(), strict=True))
