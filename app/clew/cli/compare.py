"""`clew compare`: reports side by side."""

import csv
import dataclasses
import io
from collections.abc import Callable
from typing import TYPE_CHECKING

import click

from clew.base.errors import UsageError
from clew.base.words import digits_of, measured
from clew.cli.call import Call, verb
from clew.cli.refs import report_of
from clew.cli.table import align

if TYPE_CHECKING:
    from clew.model.evaluation import Comparison, MetricRow


@verb()
@click.argument("reports", metavar="REPORT REPORT ...", nargs=-1, required=True)
@click.option("--format", "format_", type=click.Choice(["table", "json", "csv", "md"]), default="table")
@click.option("--baseline", metavar="REPORT", help="The report to measure against; the first unless given.")
def compare(call: Call, reports: tuple[str, ...], format_: str, baseline: str | None) -> None:
    """Lay REPORTs side by side: metrics, classes, and what was different in how they came about."""
    from clew.services import compare as comparing

    with call.workspace() as ws:
        ids = tuple(report_of(ws, text).id for text in reports)
        index = 0
        if baseline is not None:
            chosen = report_of(ws, baseline).id
            if chosen not in ids:
                raise UsageError("The baseline must be one of the reports that are compared")
            index = ids.index(chosen)
        found = comparing.compare(ws, ids, baseline=index)
    call.json = call.json or format_ == "json"
    call.answer(comparison_facts(found), lambda: WRITERS[format_](found))


def comparison_facts(found: "Comparison") -> dict[str, object]:
    """The comparison with stable keys."""

    def rows(metrics: "tuple[MetricRow, ...]") -> list[dict[str, object]]:
        return [dataclasses.asdict(row) for row in metrics]

    return {
        "reports": [{"id": r.report_id, "label": r.label} for r in found.reports],
        "baseline": found.baseline,
        "evaluated_on": found.evaluated_on,
        "metrics": rows(found.metrics),
        "classes": rows(found.classes),
        "differences": [
            {"label": d.label, "values": list(d.values), "different": d.different} for d in found.differences
        ],
        "warnings": list(found.warnings),
    }


def as_table(found: "Comparison") -> str:
    """For a terminal: three tables, the difference from the baseline behind each figure."""
    labels = [r.label for r in found.reports]
    right = [False, *[True] * len(labels)]
    parts = [f"On {found.evaluated_on}", *(f"Careful: {text}" for text in found.warnings)]
    parts += ["", align(["Metric", *labels], _figure_rows(found.metrics, found.baseline), right)]
    if found.classes:
        parts += ["", align(["AP by class", *labels], _figure_rows(found.classes, found.baseline), right)]
    different = [[d.label, *d.values] for d in found.differences if d.different]
    if different:
        parts += ["", align(["Different", *labels], different, [False] * len(right))]
    return "\n".join(parts)


def as_markdown(found: "Comparison") -> str:
    """The same tables for a README or a pull request."""
    labels = [r.label for r in found.reports]
    parts = [f"On {found.evaluated_on}", *(f"**Careful:** {text}" for text in found.warnings)]
    parts.append(_markdown(["Metric", *labels], _figure_rows(found.metrics, found.baseline), "---:"))
    if found.classes:
        parts.append(_markdown(["AP by class", *labels], _figure_rows(found.classes, found.baseline), "---:"))
    different = [[d.label, *d.values] for d in found.differences if d.different]
    if different:
        parts.append(_markdown(["Different", *labels], different, "---"))
    return "\n\n".join(parts)


def as_csv(found: "Comparison") -> str:
    """One row per figure, full precision, for a spreadsheet."""
    out = io.StringIO()
    writer = csv.writer(out, lineterminator="\n")
    writer.writerow(["group", "name", *(r.label for r in found.reports)])
    for group, rows in (("metric", found.metrics), ("class AP", found.classes)):
        for row in rows:
            writer.writerow([group, row.label, *("" if v is None else v for v in row.values)])
    for difference in found.differences:
        writer.writerow(["how it was made", difference.label, *difference.values])
    return out.getvalue().rstrip("\n")


WRITERS: "dict[str, Callable[[Comparison], str]]" = {"table": as_table, "md": as_markdown, "csv": as_csv}


def _figure_rows(rows: "tuple[MetricRow, ...]", baseline: int) -> list[list[str]]:
    return [[row.label, *(_figure(row, i, baseline) for i in range(len(row.values)))] for row in rows]


def _figure(row: "MetricRow", index: int, baseline: int) -> str:
    value, difference = row.values[index], row.differences[index]
    if value is None:
        return "–"
    text = measured(row.key, value)
    if index == baseline or difference is None:
        return text
    return f"{text} ({difference:+.{digits_of(row.key)}f})"


def _markdown(headers: list[str], rows: list[list[str]], rule: str) -> str:
    def line(cells: list[str]) -> str:
        return "| " + " | ".join(cell.replace("|", "\\|") for cell in cells) + " |"

    return "\n".join([line(headers), line(["---", *[rule] * (len(headers) - 1)]), *map(line, rows)])
