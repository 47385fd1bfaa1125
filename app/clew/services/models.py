"""Trained models: their files in the store, and what made them."""

from dataclasses import dataclass
from pathlib import Path
from typing import Any

from clew.base.clock import now_us
from clew.base.errors import UserError
from clew.base.progress import Progress
from clew.db import mapping, queries
from clew.model.entities import Model, Project, Report, Task, Version
from clew.model.refs import BlockKind, BlockRef
from clew.services.links import put_link
from clew.services.restore import export_tree
from clew.services.trusted import mark_own
from clew.services.version_records import record_model
from clew.services.workspace import Workspace
from clew.store.types import Entry


@dataclass(frozen=True)
class ModelSummary:
    """A model as a list shows it."""

    model: Model
    trained_on: str  # "Coin finds, version 2"
    task_name: str
    report: Report | None  # the newest


def create_model(
    ws: Workspace,
    name: str,
    folder: Path,
    *,
    framework: str,
    classes: tuple[str, ...],
    task_id: int | None = None,
    version_id: int | None = None,
    info: dict[str, Any] | None = None,
    progress: Progress | None = None,
) -> Model:
    """Keep a model's folder in the store, and link it as output of the task that made it.

    Raises:
        UserError: the folder is not there or empty.
    """
    if not folder.is_dir() or not any(folder.iterdir()):
        raise UserError(f"There are no model files in {folder}.")
    if not name.strip():
        raise UserError("A model needs a name.")
    with ws.store.holding():
        saved = ws.store.save(folder, progress=progress)
        with ws.db.write() as transaction:
            number = queries.next_number(transaction.connection, "model", "number", name=name.strip())
            model_id = mapping.add(
                transaction,
                Model,
                name=name.strip(),
                number=number,
                framework=framework,
                classes=classes,
                tree=saved.tree,
                size=saved.size,
                files=saved.files,
                task_id=task_id,
                version_id=version_id,
                created_at=now_us(),
                created_by=ws.user.id,
                info=info or {},
            )
            record_model(ws, transaction, model_id)
            if task_id is not None:
                made, task = BlockRef(BlockKind.MODEL, model_id), BlockRef(BlockKind.TASK, task_id)
                put_link(transaction, task, made, user_id=ws.user.id, task_id=task_id)
    if task_id is not None:
        mark_own(saved.tree)  # the program that made it ran here anyway
    return get_model(ws, model_id)


def get_model(ws: Workspace, model_id: int) -> Model:
    """The model with this id.

    Raises:
        UserError: there is none.
    """
    with ws.db.read() as connection:
        found = mapping.first(connection, Model, id=model_id)
    if found is None:
        raise UserError(f"There is no model with the id {model_id}.")
    return found


def list_models(ws: Workspace) -> tuple[ModelSummary, ...]:
    """All models, newest first."""
    with ws.db.read() as connection:
        models = mapping.find(connection, Model, order=("-id",))
        versions = {v.id: v for v in mapping.find(connection, Version)}
        projects = {p.id: p for p in mapping.find(connection, Project)}
        tasks = {t.id: t.name for t in mapping.find(connection, Task)}
        reports = {r.model_id: r for r in mapping.find(connection, Report)}
    result = []
    for model in models:
        version = versions.get(model.version_id) if model.version_id else None
        trained_on = f"{projects[version.project_id].name}, version {version.number}" if version else ""
        task = tasks.get(model.task_id, "") if model.task_id else ""
        result.append(ModelSummary(model, trained_on, task, reports.get(model.id)))
    return tuple(result)


def model_files(ws: Workspace, model_id: int) -> tuple[Entry, ...]:
    """The files of a model."""
    return tuple(e for e in ws.store.entries(get_model(ws, model_id).tree) if e.kind == "file")


def download_model(ws: Workspace, model_id: int, target: Path, *, progress: Progress | None = None) -> int:
    """Write a model's files into a new folder or a .zip; returns how many.

    Raises:
        UserError: the target exists already.
    """
    return export_tree(ws, get_model(ws, model_id).tree, target, progress=progress)
