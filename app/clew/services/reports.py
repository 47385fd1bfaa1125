"""Reports: predictions evaluated against a split of a version."""

import tempfile
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np

from clew.base.clock import now_us
from clew.base.errors import UserError
from clew.base.progress import Progress
from clew.db import mapping
from clew.formats.predictions import read_predictions
from clew.formats.splits import choose_name, part
from clew.metrics.detection import evaluate
from clew.metrics.matching import DetectionData
from clew.metrics.serial import evaluation_from_json, evaluation_to_json
from clew.model.annotations import Item, Thing
from clew.model.entities import Model, Project, Report, Task, TaskStatus, Version, VersionStatus
from clew.model.evaluation import Evaluation
from clew.model.refs import BlockKind, BlockRef
from clew.services.links import put_link
from clew.services.models import get_model
from clew.services.projects import get_project, list_classes, list_items
from clew.services.tasks import create_task, finish_task
from clew.services.version_records import record_report
from clew.services.versions import get_version
from clew.services.workspace import Workspace

EVALUATION = "evaluation.json"
PREDICTIONS = "predictions.json"


@dataclass(frozen=True)
class ReportSummary:
    """A report as a list shows it."""

    report: Report
    model_label: str  # "Coin detector, version 2", or "predictions"
    data_label: str  # "Coin finds, version 3, test"


def evaluate_predictions(
    ws: Workspace,
    version_id: int,
    split: str,
    predictions: bytes,
    *,
    model_id: int | None = None,
    task_id: int | None = None,
    name: str | None = None,
    progress: Progress | None = None,
) -> Report:
    """Evaluate predictions in COCO form on a split of a version, and keep the report.

    Args:
        split: a dataset path, "held out", "all", or "auto".
        task_id: the task that evaluates; None makes one of its own.

    Raises:
        UserError: the version has no objects in that split, or the predictions do not fit its pictures.
    """
    version = get_version(ws, version_id)
    if version.status is VersionStatus.DELETED:
        raise UserError(f"Version {version.number} is deleted. Undelete it to evaluate on it.")
    project = get_project(ws, version.project_id)
    if progress:
        progress.start("Reading annotations")
    items = list_items(ws, project.id, version_id=version_id)
    split = choose_name(items, split)
    chosen = part(items, split)
    result = _evaluate(ws, project, version, items, chosen, predictions)
    own_task = None if task_id is not None else _own_task(ws, version)
    task_id = task_id if own_task is None else own_task.id
    assert task_id is not None
    with ws.store.holding(), tempfile.TemporaryDirectory(prefix="clew-report-") as folder:
        (Path(folder) / EVALUATION).write_bytes(evaluation_to_json(result))
        (Path(folder) / PREDICTIONS).write_bytes(predictions)
        saved = ws.store.save(Path(folder))
        label = name or _default_name(ws, model_id, project)
        with ws.db.write() as transaction:
            report_id = mapping.add(
                transaction,
                Report,
                name=label,
                model_id=model_id,
                version_id=version_id,
                task_id=task_id,
                split=split,
                metrics=result.metrics,
                tree=saved.tree,
                created_at=now_us(),
                created_by=ws.user.id,
            )
            record_report(ws, transaction, report_id)
            made, task = BlockRef(BlockKind.REPORT, report_id), BlockRef(BlockKind.TASK, task_id)
            put_link(transaction, task, made, user_id=ws.user.id, task_id=task_id)
    if own_task is not None:
        finish_task(ws, own_task.id, TaskStatus.DONE, message=f"Evaluated on {len(chosen)} pictures.")
    return get_report(ws, report_id)


def _own_task(ws: Workspace, version: Version) -> Task:
    """An evaluation that somebody asked for outside any task becomes one, so that the graph shows it."""
    inputs = {"project": version.ref}
    return create_task(ws, "Evaluate predictions", "evaluate", inputs=inputs, status=TaskStatus.RUNNING)


def _default_name(ws: Workspace, model_id: int | None, project: Project) -> str:
    if model_id is None:
        return f"Predictions on {project.name}"
    model = get_model(ws, model_id)
    return f"{model.name} v{model.number}"


def _evaluate(
    ws: Workspace,
    project: Project,
    version: Version,
    everything: tuple[Item, ...],
    items: tuple[Item, ...],
    predictions: bytes,
) -> Evaluation:
    if not items:
        raise UserError(
            f"There are no pictures to evaluate on in version {version.number} of {project.name}."
        )
    classes = list_classes(ws, project.id, version_id=version.id)
    found = read_predictions(predictions, everything, classes)  # predictions outside the split do not count
    names = [c.name for c in classes]
    answered = [found.by_path.get(item.path, ()) for item in items]
    for things in (*(i.annotation.things for i in items if i.annotation), *answered):
        names.extend(sorted({thing.cls for thing in things} - set(names)))
    if not any(item.annotation and item.annotation.things for item in items):
        raise UserError(
            f"No picture of that part of {project.name}, version {version.number}, has annotated objects, "
            "so there is nothing to compare with."
        )
    truth = _data([item.annotation.things if item.annotation else () for item in items], names)
    answers = _data(answered, names, scored=True)
    return evaluate(
        truth,
        answers,
        class_names=tuple(names),
        image_names=tuple(item.path for item in items),
        inference_ms=found.inference_ms,
    )


def _data(pictures: list[tuple[Thing, ...]], names: list[str], *, scored: bool = False) -> DetectionData:
    index = {name: number for number, name in enumerate(names)}
    rows = [(picture, thing) for picture, things in enumerate(pictures) for thing in things]
    return DetectionData(
        image=np.array([picture for picture, _ in rows], np.int32),
        cls=np.array([index[thing.cls] for _, thing in rows], np.int32),
        box=np.array([thing.box for _, thing in rows], np.float64).reshape(-1, 4),
        score=np.array([thing.score or 0.0 for _, thing in rows], np.float64) if scored else None,
        crowd=None if scored else np.array([thing.crowd for _, thing in rows], bool),
    )


def get_report(ws: Workspace, report_id: int) -> Report:
    """The report with this id.

    Raises:
        UserError: there is none.
    """
    with ws.db.read() as connection:
        found = mapping.first(connection, Report, id=report_id)
    if found is None:
        raise UserError(f"There is no report with the id {report_id}.")
    return found


def list_reports(ws: Workspace, *, limit: int | None = None, **where: Any) -> tuple[ReportSummary, ...]:
    """Reports, newest first: all, the first few, or those of which columns equal what is given."""
    with ws.db.read() as connection:
        reports = mapping.find(connection, Report, order=("-id",), limit=limit, **where)
        wanted = {report.model_id for report in reports if report.model_id is not None}
        models = {m.id: m for m in mapping.find(connection, Model, id=wanted)}
        versions = {v.id: v for v in mapping.find(connection, Version)}
        projects = {p.id: p for p in mapping.find(connection, Project)}
    result = []
    for report in reports:
        model = models.get(report.model_id) if report.model_id else None
        version = versions[report.version_id]
        data = f"{projects[version.project_id].name}, version {version.number}, {report.split}"
        result.append(
            ReportSummary(report, f"{model.name}, version {model.number}" if model else "predictions", data)
        )
    return tuple(result)


def evaluation(ws: Workspace, report_id: int) -> Evaluation:
    """All that was computed for a report, from the store."""
    return evaluation_from_json(ws.store.read(get_report(ws, report_id).tree, EVALUATION))


def predictions(ws: Workspace, report_id: int) -> bytes:
    """The predictions that a report was computed from, in COCO form as they were given."""
    return ws.store.read(get_report(ws, report_id).tree, PREDICTIONS)
