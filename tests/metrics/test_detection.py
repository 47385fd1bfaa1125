from collections.abc import Callable
from typing import Any

import numpy as np
import pytest

from clew.base.errors import UserError
from clew.metrics import matching
from clew.metrics.detection import DetectionData, evaluate
from clew.metrics.matching import countable, find_candidates, match
from clew.metrics.sweep import best_confidence, sweep
from clew.model.evaluation import METRICS, Curve, Evaluation

Row = tuple[int, int, float, float, float, float]
NAMES = ("gold", "silver")
IMAGES = ("a.jpg", "b.jpg", "c.jpg")


def boxes(*rows: Row, scores: list[float] | None = None, crowd: list[bool] | None = None) -> DetectionData:
    table = np.array(rows, np.float64).reshape(-1, 6)
    return DetectionData(
        table[:, 0].astype(np.int32),
        table[:, 1].astype(np.int32),
        table[:, 2:],
        None if scores is None else np.array(scores, np.float64),
        None if crowd is None else np.array(crowd),
    )


def run(truth: DetectionData, found: DetectionData) -> Evaluation:
    return evaluate(truth, found, class_names=NAMES, image_names=IMAGES, inference_ms=4.0)


TRUTH = boxes((0, 0, 0, 0, 10, 10), (0, 1, 50, 50, 20, 20), (1, 0, 0, 0, 10, 10), (1, 1, 30, 30, 10, 10))
FOUND = boxes(
    (0, 0, 0, 0, 10, 10),  # right
    (0, 0, 50, 50, 20, 20),  # silver taken for gold
    (0, 0, 1, 0, 10, 10),  # a second time
    (1, 0, 0, 0, 10, 8),  # right, IoU 0.8
    (2, 1, 0, 0, 5, 5),  # nothing there
    (1, 1, 30, 30, 10, 10),  # right but weak
    scores=[0.9, 0.8, 0.1, 0.7, 0.05, 0.6],
)


def test_an_example_worked_out_by_hand() -> None:
    result = run(TRUTH, FOUND)
    # in order of score: right, wrong, right, right, then two wrong; F1 is best after the fourth: 6 / 8
    assert result.metrics["confidence"] == 0.6
    assert result.metrics["precision"] == result.metrics["recall"] == result.metrics["f1"] == 0.75
    assert result.metrics["mean_iou"] == pytest.approx((1 + 0.8 + 1) / 3)
    assert result.metrics["inference_ms"] == 4.0
    assert list(result.metrics) == [key for key, _, _ in METRICS]
    gold, silver = result.classes
    assert (gold.objects, gold.detections, gold.precision, gold.recall) == (2, 3, 2 / 3, 1.0)
    assert (silver.objects, silver.detections, silver.precision, silver.recall) == (2, 1, 1.0, 0.5)
    assert silver.f1 == 2 / 3
    assert result.confusion == ((2, 0, 0), (1, 1, 0), (0, 0, 0))
    assert result.confusion_names == ("gold", "silver", "background")
    assert result.per_image == (("a.jpg", 1, 1, 1), ("b.jpg", 2, 0, 0), ("c.jpg", 0, 0, 0))
    assert (result.images, result.objects, result.detections) == (3, 4, 6)


def test_the_curve_goes_through_the_best_point() -> None:
    curve = run(TRUTH, FOUND).pr_curve
    points = dict(zip(curve.x, curve.y, strict=True))
    assert len(curve.x) == 501
    assert (points[0.0], points[0.25], points[0.5], points[0.75], points[0.752]) == (
        1.0,
        1.0,
        0.75,
        0.75,
        0.0,
    )
    assert all(a >= b for a, b in zip(curve.y, curve.y[1:], strict=False))


def test_no_detections_is_a_whole_evaluation() -> None:
    result = run(TRUTH, DetectionData.empty(scores=True))
    assert result.metrics == {
        "map": 0.0,
        "ap50": 0.0,
        "ap75": 0.0,
        "precision": None,
        "recall": 0.0,
        "f1": 0.0,
        "mean_iou": None,
        "confidence": None,
        "inference_ms": 4.0,
    }
    assert [(c.ap, c.precision, c.recall) for c in result.classes] == [(0.0, None, 0.0)] * 2
    assert result.confusion == ((0, 0, 2), (0, 0, 2), (0, 0, 0))
    assert set(result.pr_curve.y) == {0.0}
    assert result.per_image[0] == ("a.jpg", 0, 0, 2)


def test_no_truth_leaves_recall_and_ap_undefined() -> None:
    result = run(DetectionData.empty(), FOUND)
    assert [result.metrics[key] for key in ("map", "ap50", "recall", "f1", "confidence")] == [None] * 5
    assert result.metrics["precision"] == 0.0
    assert result.pr_curve == Curve((), ())
    assert result.class_curves == {}
    assert result.confusion[2] == (4, 2, 0)
    nothing = run(DetectionData.empty(), DetectionData.empty(scores=True))
    assert nothing.metrics["precision"] is None
    empty = evaluate(DetectionData.empty(), DetectionData.empty(scores=True), class_names=(), image_names=())
    assert empty.confusion == ((0,),)


def test_detections_on_a_crowd_count_neither_way() -> None:
    truth = boxes((0, 0, 0, 0, 100, 100), (0, 0, 200, 200, 10, 10), crowd=[True, False])
    found = boxes(
        (0, 0, 10, 10, 5, 5), (0, 0, 50, 50, 5, 5), (0, 0, 200, 200, 10, 10), scores=[0.9, 0.8, 0.7]
    )
    result = run(truth, found)
    assert (result.metrics["precision"], result.metrics["recall"], result.objects) == (1.0, 1.0, 1)
    assert result.confusion == ((1, 0, 0), (0, 0, 0), (0, 0, 0))
    assert result.per_image[0] == ("a.jpg", 1, 0, 0)


def test_equal_scores_are_in_or_out_together() -> None:
    truth = boxes((0, 0, 0, 0, 10, 10), (1, 0, 0, 0, 10, 10))
    found = boxes((0, 0, 0, 0, 10, 10), (1, 0, 50, 50, 10, 10), (2, 0, 0, 0, 9, 9), scores=[0.5, 0.5, 0.5])
    result = run(truth, found)
    assert (result.metrics["confidence"], result.metrics["precision"]) == (0.5, 1 / 3)


def test_when_nothing_is_right_no_confidence_is_best() -> None:
    result = run(TRUTH, boxes((2, 0, 0, 0, 5, 5), scores=[0.9]))
    assert (result.metrics["confidence"], result.metrics["precision"], result.metrics["f1"]) == (
        None,
        0.0,
        0.0,
    )


@pytest.mark.parametrize("seed", range(8))
def test_one_pass_serves_every_threshold(make_data: Callable[..., Any], seed: int) -> None:
    truth, found = make_data(seed)
    candidates = find_candidates(truth, found)
    matches, objects = match(truth, found, candidates), int(countable(truth).sum())
    swept = sweep(matches, objects)
    best = best_confidence(matches, objects)
    for at in range(0, 101, 10):
        keep = found.score >= swept.thresholds[at]
        part = DetectionData(found.image[keep], found.cls[keep], found.box[keep], found.score[keep])
        alone = match(truth, part, find_candidates(truth, part))
        hits, number = int(alone.hit.sum()), int((~alone.ignored).sum())
        assert swept.precision[at] == pytest.approx(hits / number if number else np.nan, nan_ok=True)
        assert swept.recall[at] == hits / objects
        assert swept.f1[at] == pytest.approx(2 * hits / (number + objects))
    assert best is not None
    every = np.unique(found.score)
    of_scores = sweep(matches, objects, every)
    assert of_scores.f1[every == best] == of_scores.f1.max()


@pytest.mark.parametrize("seed", range(4))
def test_the_parts_add_up(make_data: Callable[..., Any], seed: int) -> None:
    truth, found = make_data(seed)
    names = tuple("abcd")
    result = evaluate(truth, found, class_names=names, image_names=tuple(map(str, range(25))))
    table = np.array(result.confusion)
    assert table[:-1].sum(axis=1).tolist() == [c.objects for c in result.classes]
    hits = sum(row[1] for row in result.per_image)
    wrong = sum(row[2] for row in result.per_image)
    missed = sum(row[3] for row in result.per_image)
    assert hits + missed == result.objects
    assert hits / (hits + wrong) == result.metrics["precision"]
    assert sum(c.detections for c in result.classes) == hits + wrong
    for info in result.classes:
        if info.ap50 is not None:
            curve = result.class_curves[info.name]
            assert sum(curve.y) / len(curve.y) == pytest.approx(info.ap50, abs=1e-6)


def test_small_steps_give_the_same_candidates(
    make_data: Callable[..., Any], monkeypatch: pytest.MonkeyPatch
) -> None:
    truth, found = make_data(3)
    whole = find_candidates(truth, found)
    monkeypatch.setattr(matching, "_PAIRS_AT_ONCE", 7)
    parts = find_candidates(truth, found)
    for name in ("order", "rank", "truth", "iou"):
        assert np.array_equal(getattr(whole, name), getattr(parts, name))


def test_what_cannot_be_evaluated_is_refused() -> None:
    with pytest.raises(UserError, match="not a finite number"):
        run(TRUTH, boxes((0, 0, 0, 0, np.nan, 1), scores=[0.5]))
    with pytest.raises(UserError, match="not a finite number"):
        run(TRUTH, boxes((0, 0, 0, 0, 1, 1), scores=[np.inf]))
    with pytest.raises(ValueError, match="outside its names"):
        run(TRUTH, boxes((3, 0, 0, 0, 1, 1), scores=[0.5]))
    with pytest.raises(ValueError, match="different lengths"):
        run(TRUTH, boxes((0, 0, 0, 0, 1, 1), scores=[0.5, 0.6]))
    with pytest.raises(ValueError, match="need scores"):
        run(TRUTH, boxes((0, 0, 0, 0, 1, 1)))
