"""The result of an evaluation, and results side by side. Scores and rates are 0 to 1, times milliseconds."""

from dataclasses import dataclass, field

METRICS: tuple[tuple[str, str, bool], ...] = (  # key, label, whether higher is better
    ("map", "mAP", True),
    ("ap50", "AP50", True),
    ("ap75", "AP75", True),
    ("precision", "Precision", True),
    ("recall", "Recall", True),
    ("f1", "F1", True),
    ("mean_iou", "Mean IoU of matches", True),
    ("confidence", "Best confidence", True),
    ("inference_ms", "Inference, ms per picture", False),
)
"""Metrics of detection in the order of the tables; "confidence" only informs, see NEUTRAL_METRICS."""

NEUTRAL_METRICS = frozenset({"confidence"})


@dataclass(frozen=True)
class ClassResult:
    """One class at the best confidence; None where a figure is undefined (no such objects)."""

    name: str
    objects: int  # in the ground truth
    detections: int
    ap: float | None
    ap50: float | None
    precision: float | None
    recall: float | None
    f1: float | None


@dataclass(frozen=True)
class Curve:
    """A curve as two arrays of equal length: precision over recall at IoU 0.50, at most 501 points."""

    x: tuple[float, ...]
    y: tuple[float, ...]


@dataclass(frozen=True)
class Evaluation:
    """Detection results; `confusion[i][j]` counts truth i found as j, the last of both being background."""

    metrics: dict[str, float | None]
    classes: tuple[ClassResult, ...]
    pr_curve: Curve
    class_curves: dict[str, Curve]
    confusion: tuple[tuple[int, ...], ...]
    confusion_names: tuple[str, ...]
    images: int
    objects: int
    detections: int
    per_image: tuple[tuple[str, int, int, int], ...] = ()  # path, true positives, false positives, misses


@dataclass(frozen=True)
class MetricRow:
    """One metric of all compared reports; `better` is +1, 0 or -1 per report against the baseline."""

    key: str
    label: str
    values: tuple[float | None, ...]
    differences: tuple[float | None, ...]
    better: tuple[int, ...]
    best: int | None  # index of the best value


@dataclass(frozen=True)
class DifferenceRow:
    """One thing about how the results were made ("Training data", "App", "Ran on", a parameter)."""

    label: str
    values: tuple[str, ...]

    @property
    def different(self) -> bool:
        return len(set(self.values)) > 1


@dataclass(frozen=True)
class Compared:
    """One report of a comparison."""

    report_id: int
    label: str  # "Coin detector, version 2"
    evaluation: Evaluation


@dataclass(frozen=True)
class Comparison:
    """Reports side by side; the first is the baseline unless another index is named."""

    reports: tuple[Compared, ...]
    baseline: int
    metrics: tuple[MetricRow, ...]
    classes: tuple[MetricRow, ...]  # AP by class, over the union of the classes
    differences: tuple[DifferenceRow, ...]
    evaluated_on: str  # "Coin finds, version 3, test", or "different data"
    warnings: tuple[str, ...] = field(default=())
