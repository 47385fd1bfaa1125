"""A comparison as text: CSV, Markdown or JSON."""

import csv
import io
import json

from clew.base.words import measured
from clew.gui.compare.rows import difference_text
from clew.model.evaluation import Comparison


def to_csv(comparison: Comparison) -> str:
    """All tables below each other, figures unrounded, an undefined figure as an empty field."""
    out = io.StringIO()
    write = csv.writer(out, lineterminator="\n").writerow
    names = [r.label for r in comparison.reports]
    write(["table", "row", *names])
    for table, rows in (("metric", comparison.metrics), ("ap by class", comparison.classes)):
        for row in rows:
            write([table, row.label, *("" if v is None else repr(v) for v in row.values)])
    for difference in comparison.differences:
        write(["input", difference.label, *difference.values])
    return out.getvalue()


def to_markdown(comparison: Comparison) -> str:
    """The tables of the page, with the difference to the baseline in brackets."""
    names = [
        r.label + (" (baseline)" if i == comparison.baseline else "")
        for i, r in enumerate(comparison.reports)
    ]
    lines = [f"# Comparison of {len(names)} reports", "", f"Evaluated on {comparison.evaluated_on}.", ""]
    lines += [f"> {warning}\n" for warning in comparison.warnings]
    for title, rows in (("Metric", comparison.metrics), ("AP by class", comparison.classes)):
        lines += _head([title, *names], right=True)
        for row in rows:
            cells = []
            for i, value in enumerate(row.values):
                text = measured(row.key, value)
                if i != comparison.baseline and row.differences[i] is not None:
                    text += f" ({difference_text(row.key, row.differences[i])})"
                cells.append(f"**{text}**" if i == row.best else text)
            lines.append(_line([row.label, *cells]))
        lines.append("")
    lines += _head(["Input", *names], right=False)
    lines += [_line([d.label, *d.values]) for d in comparison.differences]
    return "\n".join(lines) + "\n"


def to_json(comparison: Comparison) -> str:
    """Everything by key, for programs."""
    names = [r.label for r in comparison.reports]
    data = {
        "evaluated_on": comparison.evaluated_on,
        "warnings": list(comparison.warnings),
        "baseline": comparison.baseline,
        "reports": [{"id": r.report_id, "label": r.label} for r in comparison.reports],
        "metrics": [_row(row) for row in comparison.metrics],
        "classes": [_row(row) for row in comparison.classes],
        "inputs": [
            {"label": d.label, "values": list(d.values), "different": d.different}
            for d in comparison.differences
        ],
        "curves": {
            name: {"recall": list(r.evaluation.pr_curve.x), "precision": list(r.evaluation.pr_curve.y)}
            for name, r in zip(names, comparison.reports)
        },
    }
    return json.dumps(data, indent=2, ensure_ascii=False) + "\n"


def _row(row: object) -> dict[str, object]:
    return {name: getattr(row, name) for name in ("key", "label", "values", "differences", "better", "best")}


def _head(cells: list[str], *, right: bool) -> list[str]:
    ruler = ["---"] + ["---:" if right else "---"] * (len(cells) - 1)
    return [_line(cells), "| " + " | ".join(ruler) + " |"]


def _line(cells: list[str]) -> str:
    return "| " + " | ".join(cell.replace("|", "\\|").replace("\n", " ") for cell in cells) + " |"


FORMATS = (
    ("CSV", "csv", to_csv),
    ("Markdown", "md", to_markdown),
    ("JSON", "json", to_json),
)
