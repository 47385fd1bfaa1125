"""Numbers and names as the field writes them."""

import math

import pytest

from clew.base.words import as_written, figure, measured, named, setting, titled


@pytest.mark.parametrize(
    ("value", "shown"),
    [
        (None, "–"),
        (math.nan, "–"),
        (math.inf, "∞"),
        (0.6504166666, "0.650"),
        (1.0, "1.000"),
        (0.0, "0.000"),
        (0.0312, "0.031"),
        (0.00031234, "0.000312"),
        (1.234e-7, "1.23e-7"),
        (-0.25, "-0.250"),
        (27, "27"),
        (12.0, "12"),
        (1240.0, "1,240"),
        (1234.56, "1,234.6"),
        (31.456, "31.46"),
        (312.456, "312.5"),
    ],
)
def test_a_figure_has_the_digits_that_count(value, shown):
    assert figure(value) == shown


def test_a_score_has_three_digits_and_a_time_one():
    assert [measured("map", v) for v in (0.5, 1.0, None)] == ["0.500", "1.000", "–"]
    assert measured("inference_ms", 1234.56) == "1,234.6"


@pytest.mark.parametrize(
    ("value", "shown"),
    [
        (1e-4, "0.0001"),
        (0.0005, "0.0005"),
        (1e-5, "1e-5"),
        (3e10, "3e10"),
        (0.1 + 0.2, "0.3"),
        (640, "640"),
        (20000, "20000"),
        (0.65041666666, "0.650417"),
        (True, "yes"),
        (None, "–"),
        ("sgd", "sgd"),
        ([640, 480], "[640, 480]"),
    ],
)
def test_a_parameter_keeps_its_meaning(value, shown):
    assert setting(value) == shown


@pytest.mark.parametrize(
    ("key", "line"),
    [
        ("map", "mAP"),
        ("map50", "mAP50"),
        ("ap75", "AP75"),
        ("f1", "F1"),
        ("mean_iou", "Mean IoU"),
        ("roc_auc", "ROC AUC"),
        ("precision", "Precision"),
        ("val_map50", "Val mAP50"),
        ("learning_rate", "Learning rate"),
        ("mAP50-95", "mAP50-95"),
        ("map50_95", "mAP50 95"),
        ("mapping", "Mapping"),
        ("lr", "LR"),
    ],
)
def test_names_are_written_as_the_field_writes_them(key, line):
    assert titled(key) == line


def test_names_within_a_line_stay_small():
    assert named("val_loss") == "val loss"
    assert as_written("val_map") == "val_mAP"
