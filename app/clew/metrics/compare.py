"""Lays evaluations side by side."""

from clew.model.evaluation import (
    METRICS,
    NEUTRAL_METRICS,
    Compared,
    Comparison,
    DifferenceRow,
    MetricRow,
)

TOLERANCE = 1e-9  # differences up to this are rounding


def compare(
    reports: tuple[Compared, ...],
    *,
    baseline: int = 0,
    differences: tuple[DifferenceRow, ...] = (),
    evaluated_on: str,
    warnings: tuple[str, ...] = (),
) -> Comparison:
    """Compare evaluations metric by metric and class by class.

    Args:
        reports: two or more, or one alone.
        baseline: index of the report that differences are taken against.
        differences: how the results were made.
        evaluated_on: the data, in words.
        warnings: what a reader should know before comparing.

    Raises:
        ValueError: the baseline is not among the reports.
    """
    if not 0 <= baseline < len(reports):
        raise ValueError("the baseline is not among the reports")
    metrics = [
        _row(
            key,
            label,
            tuple(r.evaluation.metrics.get(key) for r in reports),
            baseline,
            _direction(key, higher),
        )
        for key, label, higher in METRICS
    ]
    tables = [{result.name: result.ap for result in report.evaluation.classes} for report in reports]
    names = dict.fromkeys(name for table in tables for name in table)
    classes = [_row(name, name, tuple(table.get(name) for table in tables), baseline, 1) for name in names]
    return Comparison(reports, baseline, tuple(metrics), tuple(classes), differences, evaluated_on, warnings)


def _direction(key: str, higher_is_better: bool) -> int:
    if key in NEUTRAL_METRICS:
        return 0
    return 1 if higher_is_better else -1


def _row(key: str, label: str, values: tuple[float | None, ...], baseline: int, direction: int) -> MetricRow:
    base = values[baseline]
    differences = tuple(None if value is None or base is None else value - base for value in values)
    better = tuple(_sign(difference) * direction for difference in differences)
    present = [(value * direction, -at) for at, value in enumerate(values) if value is not None]
    top = max((value for value, _ in present), default=0.0)
    best = next((-at for value, at in present if value >= top - TOLERANCE), None) if direction else None
    return MetricRow(key, label, values, differences, better, best)


def _sign(difference: float | None) -> int:
    if difference is None or abs(difference) <= TOLERANCE:
        return 0
    return 1 if difference > 0 else -1
