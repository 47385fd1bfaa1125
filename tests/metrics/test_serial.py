import json
from collections.abc import Callable
from typing import Any

import pytest

from clew.base.errors import UserError
from clew.metrics.detection import DetectionData, evaluate
from clew.metrics.serial import evaluation_from_json, evaluation_to_json


@pytest.mark.parametrize("shape", [{}, {"objects": 0}])
def test_an_evaluation_comes_back_exactly(make_data: Callable[..., Any], shape: dict[str, int]) -> None:
    truth, found = make_data(1, **shape)
    names = tuple(f"Bild ä{at}.jpg" for at in range(25))
    for detections in (found, DetectionData.empty(scores=True)):
        result = evaluate(truth, detections, class_names=tuple("abcd"), image_names=names, inference_ms=3.0)
        data = evaluation_to_json(result)
        assert evaluation_from_json(data) == result
        assert b"NaN" not in data
        assert data.endswith(b"}\n")


@pytest.mark.parametrize(
    ("data", "words"),
    [
        (b"", "no evaluation"),
        (b"[]", "no evaluation"),
        (b"{}", "no evaluation"),
        (b'{"clew_evaluation": 2}', "Update Clew"),
        (b'{"clew_evaluation": 1}', "incomplete"),
    ],
)
def test_other_files_are_refused(data: bytes, words: str) -> None:
    with pytest.raises(UserError, match=words):
        evaluation_from_json(data)


def test_a_curve_must_have_as_many_x_as_y(make_data: Callable[..., Any]) -> None:
    result = evaluate(*make_data(1), class_names=tuple("abcd"), image_names=tuple(map(str, range(25))))
    raw = json.loads(evaluation_to_json(result))
    raw["pr_curve"]["y"].pop()
    with pytest.raises(UserError, match="incomplete"):
        evaluation_from_json(json.dumps(raw).encode())
