import pytest

from clew.metrics.compare import compare
from clew.model.evaluation import ClassResult, Compared, Curve, DifferenceRow, Evaluation


def report(id: int, classes: dict[str, float | None], **metrics: float | None) -> Compared:
    results = tuple(ClassResult(name, 1, 1, ap, ap, None, None, None) for name, ap in classes.items())
    evaluation = Evaluation(dict(metrics), results, Curve((), ()), {}, (), (), 1, 1, 1)
    return Compared(id, f"Model {id}", evaluation)


REPORTS = (
    report(1, {"gold": 0.5, "tin": 0.1}, map=0.4, recall=0.5, inference_ms=20.0, confidence=0.3, f1=None),
    report(
        2, {"gold": 0.6, "lead": 0.2}, map=0.4 + 1e-12, recall=0.4, inference_ms=30.0, confidence=0.9, f1=0.5
    ),
    report(3, {"gold": None}, map=0.6, recall=None, inference_ms=10.0, confidence=0.1, f1=0.7),
)


def test_directions_differences_and_the_best() -> None:
    result = compare(REPORTS, evaluated_on="Coin finds, version 3, test")
    rows = {row.key: row for row in result.metrics}
    assert (rows["map"].better, rows["map"].best) == ((0, 0, 1), 2)
    assert rows["map"].differences[2] == pytest.approx(0.2)
    assert (rows["recall"].better, rows["recall"].best, rows["recall"].differences[2]) == (
        (0, -1, 0),
        0,
        None,
    )
    assert (rows["inference_ms"].better, rows["inference_ms"].best) == ((0, -1, 1), 2)
    assert (rows["confidence"].better, rows["confidence"].best) == ((0, 0, 0), None)
    assert (rows["f1"].better, rows["f1"].best, rows["f1"].differences) == ((0, 0, 0), 2, (None, None, None))
    assert (rows["ap50"].values, rows["ap50"].best) == ((None, None, None), None)


def test_another_baseline_turns_the_signs() -> None:
    rows = {row.key: row for row in compare(REPORTS, baseline=2, evaluated_on="").metrics}
    assert rows["map"].better == (-1, -1, 0)
    assert rows["inference_ms"].better == (-1, -1, 0)
    with pytest.raises(ValueError, match="baseline"):
        compare(REPORTS, baseline=3, evaluated_on="")


def test_classes_are_the_union_in_order() -> None:
    rows = compare(REPORTS, evaluated_on="").classes
    assert [(row.key, row.values, row.best) for row in rows] == [
        ("gold", (0.5, 0.6, None), 1),
        ("tin", (0.1, None, None), 0),
        ("lead", (None, 0.2, None), 1),
    ]


def test_of_equal_values_the_first_is_best() -> None:
    twice = (report(1, {}, map=0.5), report(2, {}, map=0.5 + 1e-12))
    assert compare(twice, evaluated_on="").metrics[0].best == 0


def test_what_is_handed_in_is_handed_on() -> None:
    row = DifferenceRow("App", ("Quick trainer", "Train YOLO", "Train YOLO"))
    result = compare(
        REPORTS, differences=(row,), evaluated_on="different data", warnings=("Not the same data.",)
    )
    assert (result.differences, result.evaluated_on, result.warnings) == (
        (row,),
        "different data",
        ("Not the same data.",),
    )
    assert row.different
