"""Seeded data sets with everything that is awkward: crowds, empty pictures, ties, classes without truth."""

from collections.abc import Callable

import numpy as np
import pytest

from clew.metrics.matching import DetectionData

Data = tuple[DetectionData, DetectionData]


def make(seed: int, images: int = 25, classes: int = 4, objects: int = 90, detections: int = 260) -> Data:
    """Objects in the first four fifths of pictures and of classes; detections near them and anywhere."""
    random = np.random.default_rng(seed)
    image = random.integers(0, max(1, images * 4 // 5), objects).astype(np.int32)
    cls = random.integers(0, max(1, classes * 4 // 5), objects).astype(np.int32)
    size = np.exp(random.normal(3.9, 0.9, (objects, 2)))
    box = np.round(np.column_stack([random.uniform(0, 600, (objects, 2)), size]), 1)
    truth = DetectionData(image, cls, box, None, random.random(objects) < 0.1)
    if not objects:
        where, kind = random.integers(0, images, detections), random.integers(0, classes, detections)
        near = random.uniform(1, 100, (detections, 4))
    else:
        source = random.integers(0, objects, detections)
        near = box[source] * np.exp(random.normal(0, 0.08, (detections, 4)))
        stray = random.random(detections) < 0.2
        where = np.where(stray, random.integers(0, images, detections), image[source])
        kind = np.where(
            random.random(detections) < 0.15, random.integers(0, classes, detections), cls[source]
        )
    score = np.round(random.random(detections), 2)  # many ties
    found = DetectionData(where.astype(np.int32), kind.astype(np.int32), near, score)
    return truth, found


@pytest.fixture
def make_data() -> Callable[..., Data]:
    return make
