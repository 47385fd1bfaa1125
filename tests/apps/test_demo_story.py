"""The point of the demo is true: the same trainer does better from chapter to chapter through the data."""

import numpy as np
import pytest

from clew.apps.demo import story
from clew.apps.quick_trainer.learn import Lesson, fit
from clew.apps.quick_trainer.model import Settings, predict_all
from clew.metrics.detection import evaluate
from clew.metrics.matching import DetectionData


def gather(pictures, scored=False):
    rows = [(number, thing) for number, things in enumerate(pictures) for thing in things]
    return DetectionData(
        image=np.array([number for number, _ in rows], np.int32),
        cls=np.array([story.CLASSES.index(thing.cls) for _, thing in rows], np.int32),
        box=np.array([thing.box for _, thing in rows], np.float64).reshape(-1, 4),
        score=np.array([thing.score for _, thing in rows], np.float64) if scored else None,
        crowd=None if scored else np.zeros(len(rows), bool),
    )


@pytest.mark.slow
def test_results_get_better_because_of_the_data():
    """Half of the training pictures and of the test pictures show it already."""
    settings = Settings(picture_size=256, trees=12)
    results = []
    for chapter in story.CHAPTERS:
        taken = {shot.path: story.take(shot) for shot in story.shots(chapter.number)[::2]}
        lessons = [Lesson(path, seen.things) for path, (_, seen) in taken.items() if "train/" in path]
        tests = [path for path in taken if path.startswith("test/")]
        detector, _ = fit(lessons, story.CLASSES, lambda p, t=taken: t[p][0], settings, lambda *_: None)
        found, _, _ = predict_all(detector, tests, lambda p, t=taken: t[p][0])
        result = evaluate(
            gather([taken[path][1].things for path in tests]),
            gather([picture.things for picture in found], scored=True),
            class_names=story.CLASSES,
            image_names=tuple(tests),
            inference_ms=1.0,
        )
        results.append(result)
    first, second, third = (result.metrics["map"] for result in results)
    assert first + 0.05 < second < third, (first, second, third)
    copper = [next(c.ap for c in result.classes if c.name == "copper") for result in results]
    assert copper[2] > copper[1], copper
    assert third > 0.6
