"""A report as tiles, tables and text. Values in, values out."""

import csv
import io
import json
from dataclasses import asdict

from PySide6.QtGui import QColor

from clew.base.words import measured
from clew.gui.compare.table import Cell, Column, number_cell
from clew.model.evaluation import METRICS, Evaluation


def tiles(evaluation: Evaluation) -> tuple[tuple[str, str], ...]:
    """The figures at the top: value and what it is; what is undefined is said as "–"."""
    return tuple(
        (measured(key, evaluation.metrics.get(key)), label)
        for key, label, _ in METRICS
        if key != "inference_ms" or evaluation.metrics.get(key) is not None
    )


def class_table(
    evaluation: Evaluation, colours: dict[str, QColor] | None = None
) -> tuple[list[Column], list[list[Cell]]]:
    """One row for each class, at the best confidence."""
    columns = [Column("Class", stretch=True, least=90, most=220)]
    columns += [
        Column(title, right=True, least=58, most=96)
        for title in ("Objects", "Found", "AP", "AP50", "Precision", "Recall", "F1")
    ]
    rows = []
    for c in evaluation.classes:
        dot = colours.get(c.name) if colours else None
        counts = [Cell(f"{n:,}", key=n) for n in (c.objects, c.detections)]
        figures = [number_cell(v) for v in (c.ap, c.ap50, c.precision, c.recall, c.f1)]
        rows.append([Cell(c.name, tip=c.name, dot=dot), *counts, *figures])
    return columns, rows


def worst_first(evaluation: Evaluation) -> tuple[tuple[str, int, int, int], ...]:
    """The pictures with most errors first."""
    return tuple(sorted(evaluation.per_image, key=lambda row: (-(row[2] + row[3]), -row[3], row[0])))


def to_csv(evaluation: Evaluation) -> str:
    """Metrics, classes and pictures below each other."""
    out = io.StringIO()
    write = csv.writer(out, lineterminator="\n").writerow
    write(["metric", "value"])
    for key, value in evaluation.metrics.items():
        write([key, "" if value is None else repr(value)])
    write([])
    names = ["name", "objects", "detections", "ap", "ap50", "precision", "recall", "f1"]
    write(["class", *names[1:]])
    for c in evaluation.classes:
        write(["" if getattr(c, name) is None else getattr(c, name) for name in names])
    write([])
    write(["picture", "right", "too many", "missed"])
    for row in evaluation.per_image:
        write(row)
    return out.getvalue()


def to_json(evaluation: Evaluation) -> str:
    """Everything that was computed."""
    return json.dumps(asdict(evaluation), indent=2, ensure_ascii=False) + "\n"


FORMATS = (("CSV", "csv", to_csv), ("JSON", "json", to_json))
