"""Reading a report and its pictures; runs off the UI thread."""

from dataclasses import dataclass
from typing import Any

from PySide6.QtGui import QImage

from clew.model.annotations import Thing
from clew.model.entities import Report, Version
from clew.model.evaluation import Evaluation


@dataclass(frozen=True)
class LoadedReport:
    """A report with all that was computed, in words what on."""

    report: Report
    evaluation: Evaluation
    model_label: str
    data_label: str
    version: Version


@dataclass(frozen=True)
class Boxes:
    """All objects and all detections of the evaluated pictures, by path."""

    truth: dict[str, tuple[Thing, ...]]
    found: dict[str, tuple[Thing, ...]]


def load_report(ws: Any, report_id: int) -> LoadedReport:
    """Read a report.

    Raises:
        UserError: there is none.
        DamagedError: its content is damaged.
    """
    from clew.services.reports import evaluation, get_report, list_reports
    from clew.services.versions import get_version

    report = get_report(ws, report_id)
    summary = next(iter(list_reports(ws, id=report_id)))
    return LoadedReport(
        report,
        evaluation(ws, report_id),
        summary.model_label,
        summary.data_label,
        get_version(ws, report.version_id),
    )


def load_boxes(ws: Any, loaded: LoadedReport) -> Boxes:
    """The truth of the version and the predictions of the report."""
    from clew.formats.predictions import read_predictions
    from clew.services.projects import list_classes, list_items
    from clew.services.reports import predictions

    version = loaded.version
    items = list_items(ws, version.project_id, version_id=version.id)
    classes = list_classes(ws, version.project_id, version_id=version.id)
    wanted = {path for path, *_ in loaded.evaluation.per_image}
    found = read_predictions(predictions(ws, loaded.report.id), items, classes).by_path
    return Boxes(
        {i.path: i.annotation.things if i.annotation else () for i in items if i.path in wanted},
        {path: things for path, things in found.items() if path in wanted},
    )


def load_picture(ws: Any, loaded: LoadedReport, path: str) -> QImage:
    """One picture of the evaluated version, decoded; an empty image when it cannot be shown."""
    from clew.services.projects import read_file

    return QImage.fromData(read_file(ws, loaded.version.project_id, path, version_id=loaded.version.id))
