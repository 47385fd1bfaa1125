import contextlib
import io
from collections.abc import Callable
from typing import Any

import numpy as np
import pytest
from pycocotools.coco import COCO
from pycocotools.cocoeval import COCOeval

from clew.metrics.coco import SUMMARY, coco_evaluate, coco_summary
from clew.metrics.matching import DetectionData


def reference(truth: DetectionData, found: DetectionData, classes: int, images: int) -> Any:
    """The same data through pycocotools."""
    crowd = truth.crowd if truth.crowd is not None else np.zeros(len(truth), bool)
    area = truth.area if truth.area is not None else truth.box[:, 2] * truth.box[:, 3]
    known = COCO()
    known.dataset = {
        "info": {},
        "images": [{"id": at + 1} for at in range(images)],
        "categories": [{"id": at + 1, "name": str(at)} for at in range(classes)],
        "annotations": [
            {
                "id": at + 1,
                "image_id": int(truth.image[at]) + 1,
                "category_id": int(truth.cls[at]) + 1,
                "bbox": truth.box[at].tolist(),
                "area": float(area[at]),
                "iscrowd": int(crowd[at]),
            }
            for at in range(len(truth))
        ],
    }
    assert found.score is not None
    rows = [
        {
            "image_id": int(found.image[at]) + 1,
            "category_id": int(found.cls[at]) + 1,
            "bbox": found.box[at].tolist(),
            "score": float(found.score[at]),
        }
        for at in range(len(found))
    ]
    with contextlib.redirect_stdout(io.StringIO()):
        known.createIndex()
        run = COCOeval(known, known.loadRes(rows), "bbox")
        run.evaluate()
        run.accumulate()
        run.summarize()
    return run


def mean_or_nan(values: Any) -> float:
    return float(values[values > -1].mean()) if (values > -1).any() else float("nan")


@pytest.mark.parametrize("seed", range(12))
@pytest.mark.parametrize(
    "shape",
    [{}, {"images": 3, "classes": 1, "objects": 40, "detections": 900}, {"objects": 3}, {"objects": 0}],
    ids=["usual", "crowded", "few", "no truth"],
)
def test_all_numbers_equal_those_of_pycocotools(
    make_data: Callable[..., Any], seed: int, shape: dict[str, int]
) -> None:
    truth, found = make_data(seed, **shape)
    classes, images = shape.get("classes", 4), shape.get("images", 25)
    ours, theirs = coco_evaluate(truth, found, classes, images), reference(truth, found, classes, images)
    expected = np.where(theirs.stats < 0, np.nan, theirs.stats)
    assert list(ours.summary) == list(SUMMARY)
    np.testing.assert_allclose(list(ours.summary.values()), expected, rtol=0, atol=1e-12)
    precision = theirs.eval["precision"]
    for at in range(classes):
        assert ours.ap[at] == pytest.approx(
            mean_or_nan(precision[:, :, at, 0, 2]), rel=0, abs=1e-12, nan_ok=True
        )
        assert ours.ap50[at] == pytest.approx(
            mean_or_nan(precision[0, :, at, 0, 2]), rel=0, abs=1e-12, nan_ok=True
        )


def test_given_areas_decide_what_is_small(make_data: Callable[..., Any]) -> None:
    truth, found = make_data(5)
    area = np.random.default_rng(0).uniform(100, 20_000, len(truth))
    truth = DetectionData(truth.image, truth.cls, truth.box, None, truth.crowd, area)
    ours = coco_summary(truth, found, 4, 25)
    np.testing.assert_allclose(list(ours.values()), reference(truth, found, 4, 25).stats, rtol=0, atol=1e-12)


def test_nothing_is_printed(make_data: Callable[..., Any], capfd: pytest.CaptureFixture[str]) -> None:
    coco_summary(*make_data(1), 4, 25)
    assert capfd.readouterr() == ("", "")


def test_no_classes_or_pictures_is_undefined() -> None:
    none = DetectionData.empty()
    assert all(np.isnan(list(coco_summary(none, DetectionData.empty(scores=True), 0, 0).values())))
