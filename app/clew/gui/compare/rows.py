"""A comparison as the rows of its tables. Values in, cells out."""

from clew.base.words import digits_of, measured
from clew.gui.charts.series import BarSeries, CurveSeries, Point, series_colours
from clew.gui.compare.table import Cell, Column
from clew.gui.theme import Theme
from clew.model.evaluation import Comparison, MetricRow

_TONES = {1: "good", -1: "bad", 0: "dim"}


def difference_text(key: str, value: float | None) -> str:
    """A difference with its sign; what rounds to nothing has none."""
    if value is None:
        return "–"
    shown = f"{value:+,.{digits_of(key)}f}"
    return shown if float(shown.replace(",", "")) else f"{0:.{digits_of(key)}f}"


def best_report(comparison: Comparison) -> int | None:
    """The report with the best first metric besides the baseline; None with fewer than two reports."""
    others = [i for i in range(len(comparison.reports)) if i != comparison.baseline]
    for row in comparison.metrics:
        known = [i for i in others if row.values[i] is not None]
        if known:
            return max(known, key=lambda i: row.values[i] or 0.0)
    return others[0] if others else None


def differs(row: MetricRow) -> bool:
    """Whether the row reads differently for any two reports."""
    return len({measured(row.key, v) for v in row.values}) > 1


def metric_table(
    comparison: Comparison,
    theme: Theme,
    target: int | None,
    *,
    only_differences: bool = False,
    signed: bool = False,
) -> tuple[list[Column], list[list[Cell]]]:
    """The table of metrics.

    Args:
        comparison: what is compared.
        theme: for the dots.
        target: which report the last column sets against the baseline; None for the best.
        only_differences: leave out rows that are alike.
        signed: write differences to the baseline instead of values.
    """
    colours = series_colours(theme, len(comparison.reports), comparison.baseline)
    columns = [Column("Metric", least=168, most=220, stretch=True)]
    for index, report in enumerate(comparison.reports):
        mark = "baseline" if index == comparison.baseline else ""
        columns.append(
            Column(
                report.label, right=True, dot=colours[index], chip=mark, least=124 if mark else 72, most=220
            )
        )
    shown = best_report(comparison) if target is None else target
    if shown is not None:
        columns.append(
            Column(_difference_title(comparison, target), right=True, bar=True, least=150, most=260)
        )
    rows = [r for r in comparison.metrics if not only_differences or differs(r)]
    scale = max(
        (abs(r.differences[shown] or 0) for r in rows if shown is not None and _is_score(r)), default=0
    )
    return columns, [_metric_cells(comparison, row, shown, scale, signed) for row in rows]


def _difference_title(comparison: Comparison, target: int | None) -> str:
    if len(comparison.reports) == 2:
        return "Difference"
    return "Best vs baseline" if target is None else f"{comparison.reports[target].label} vs baseline"


def _is_score(row: MetricRow) -> bool:
    return not row.key.endswith("_ms")


def _metric_cells(
    comparison: Comparison, row: MetricRow, shown: int | None, scale: float, signed: bool
) -> list[Cell]:
    cells = [Cell(row.label, tip=row.label)]
    for index, value in enumerate(row.values):
        text, tone, tip = measured(row.key, value), "", ""
        if index != comparison.baseline:
            difference = difference_text(row.key, row.differences[index])
            tip = f"{difference} against {comparison.reports[comparison.baseline].label}"
            if signed:
                text, tone, tip = difference, _TONES[row.better[index]], f"{text}, {tip}"
        cells.append(Cell(text, tone=tone, bold=index == row.best, tip=tip, key=value))
    if shown is not None:
        text = difference_text(row.key, row.differences[shown])
        tone = _TONES[row.better[shown]] if text.startswith(("+", "-")) else "dim"
        tip = f"{comparison.reports[shown].label} against {comparison.reports[comparison.baseline].label}"
        cells.append(Cell(text, tone=tone, bar=_bar(row, shown, comparison.baseline, scale), tip=tip))
    return cells


def _bar(row: MetricRow, shown: int, baseline: int, scale: float) -> float:
    """Scores share one scale; anything else is drawn relative to its baseline."""
    difference, base = row.differences[shown], row.values[baseline]
    if difference is None:
        return 0.0
    if _is_score(row):
        return min(1.0, abs(difference) / scale) if scale else 0.0
    return min(1.0, abs(difference) / abs(base)) if base else 0.0


def difference_table(
    comparison: Comparison, *, only_differences: bool = False
) -> tuple[list[Column], list[list[Cell]]]:
    """How the results were made; what is unlike the baseline is written in the accent."""
    columns = [Column("Input", least=100, most=190)]
    columns += [Column(r.label, stretch=True, least=90, most=320) for r in comparison.reports]
    rows = []
    for row in comparison.differences:
        if only_differences and not row.different:
            continue
        base = row.values[comparison.baseline]
        cells = [Cell(row.label)]
        cells += [Cell(v or "–", tone="accent" if v != base else "", tip=v) for v in row.values]
        rows.append(cells)
    return columns, rows


def curve_series(comparison: Comparison, theme: Theme) -> tuple[CurveSeries, ...]:
    """One precision and recall curve for each report that has one."""
    colours = series_colours(theme, len(comparison.reports), comparison.baseline)
    return tuple(CurveSeries(r.label, c, r.evaluation.pr_curve) for r, c in zip(comparison.reports, colours))


def class_bars(comparison: Comparison, theme: Theme) -> tuple[tuple[str, ...], tuple[BarSeries, ...]]:
    """AP by class: the groups, and one series for each report."""
    colours = series_colours(theme, len(comparison.reports), comparison.baseline)
    groups = tuple(row.label for row in comparison.classes)
    return groups, tuple(
        BarSeries(r.label, colours[i], tuple(row.values[i] for row in comparison.classes))
        for i, r in enumerate(comparison.reports)
    )


def speed_points(comparison: Comparison, theme: Theme) -> tuple[Point, ...]:
    """One point for each report with both an inference time and an mAP."""
    colours = series_colours(theme, len(comparison.reports), comparison.baseline)
    points = []
    for report, colour in zip(comparison.reports, colours):
        ms, score = report.evaluation.metrics.get("inference_ms"), report.evaluation.metrics.get("map")
        if ms is not None and score is not None:
            points.append(Point(report.label, colour, ms, score))
    return tuple(points)
