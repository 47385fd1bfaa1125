"""An evaluation as JSON, to be kept beside its report."""

import json
from typing import Any

from clew.base.errors import UserError
from clew.model.evaluation import ClassResult, Curve, Evaluation

FORMAT_NUMBER = 1


def evaluation_to_json(evaluation: Evaluation) -> bytes:
    """The bytes of `evaluation.json`: UTF-8, compact, one newline at the end, no NaN.

    Raises:
        ValueError: a figure is not finite.
    """
    raw = {
        "clew_evaluation": FORMAT_NUMBER,
        "metrics": evaluation.metrics,
        "images": evaluation.images,
        "objects": evaluation.objects,
        "detections": evaluation.detections,
        "classes": [vars(result) for result in evaluation.classes],
        "confusion_names": evaluation.confusion_names,
        "confusion": evaluation.confusion,
        "pr_curve": _curve_out(evaluation.pr_curve),
        "class_curves": {name: _curve_out(curve) for name, curve in evaluation.class_curves.items()},
        "per_image": evaluation.per_image,
    }
    return (json.dumps(raw, ensure_ascii=False, separators=(",", ":"), allow_nan=False) + "\n").encode()


def evaluation_from_json(data: bytes) -> Evaluation:
    """Read the bytes that `evaluation_to_json` wrote.

    Raises:
        UserError: it is no evaluation, or one of a newer Clew.
    """
    try:
        raw = json.loads(data)
        number = raw["clew_evaluation"]
    except (ValueError, KeyError, TypeError) as error:
        raise UserError("This is no evaluation of Clew. Evaluate the model again.") from error
    if not isinstance(number, int) or number > FORMAT_NUMBER:
        raise UserError(f"This evaluation has format {number}; this Clew reads {FORMAT_NUMBER}. Update Clew.")
    try:
        return _evaluation(raw)
    except (KeyError, TypeError, ValueError) as error:
        raise UserError("This evaluation is incomplete. Evaluate the model again.") from error


def _evaluation(raw: dict[str, Any]) -> Evaluation:
    return Evaluation(
        metrics=dict(raw["metrics"]),
        classes=tuple(ClassResult(**result) for result in raw["classes"]),
        pr_curve=_curve_in(raw["pr_curve"]),
        class_curves={name: _curve_in(curve) for name, curve in raw["class_curves"].items()},
        confusion=tuple(tuple(row) for row in raw["confusion"]),
        confusion_names=tuple(raw["confusion_names"]),
        images=raw["images"],
        objects=raw["objects"],
        detections=raw["detections"],
        per_image=tuple((path, hits, wrong, missed) for path, hits, wrong, missed in raw["per_image"]),
    )


def _curve_out(curve: Curve) -> dict[str, tuple[float, ...]]:
    return {"x": curve.x, "y": curve.y}


def _curve_in(raw: dict[str, Any]) -> Curve:
    x, y = tuple(raw["x"]), tuple(raw["y"])
    if len(x) != len(y):
        raise ValueError("a curve needs as many x as y")
    return Curve(x, y)
