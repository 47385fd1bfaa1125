"""Records in the store: what it takes to list projects, versions, models and reports without the database."""

import uuid
from typing import Any

from clew.base.clock import to_iso
from clew.db import mapping
from clew.db.database import Transaction
from clew.db.queries import removed_at
from clew.model.entities import Model, Project, Report, User, Version
from clew.services.workspace import Workspace

Record = dict[str, Any]


def _key(ws: Workspace, kind: str, *parts: object) -> str:
    """The same name for the same entity, so that what is said of it later replaces what was said before."""
    space = uuid.uuid5(uuid.NAMESPACE_URL, f"clew:{ws.id}")
    return uuid.uuid5(space, "/".join([kind, *map(str, parts)])).hex


def _made(ws: Workspace, transaction: Transaction, entity: Version | Model | Report) -> Record:
    user = mapping.first(transaction.connection, User, id=entity.created_by) or ws.user
    return {
        "workspace": ws.id,
        "workspace_name": ws.name,
        "tree": entity.tree,
        "created_at": to_iso(entity.created_at),
        "created_us": entity.created_at,
        "created_by": user.name,
        "machine": user.machine,
    }


def record_version(ws: Workspace, transaction: Transaction, version_id: int, **more: Any) -> None:
    """Write what is known of a version into the store; called before the transaction ends.

    Raises:
        SurroundingsError: the record cannot be written; let the transaction fail with it.
    """
    version = mapping.first(transaction.connection, Version, id=version_id)
    assert version is not None
    project = mapping.first(transaction.connection, Project, id=version.project_id)
    assert project is not None
    ws.store.write_record(
        {
            **_made(ws, transaction, version),
            "uuid": _key(ws, "version", project.id, version.number),
            "kind": "version",
            **_project(project),
            "number": version.number,
            "title": version.title,
            "description": version.description,
            "status": version.status.value,
            "deleted_us": version.deleted_at,
            "files": version.files,
            "size": version.size,
            "added": version.added,
            **more,
        }
    )


def record_project(ws: Workspace, transaction: Transaction, project_id: int) -> None:
    """Write what is known of a project into the store; it has no tree of its own."""
    project = mapping.first(transaction.connection, Project, id=project_id)
    assert project is not None
    more = {
        "uuid": _key(ws, "project", project.id),
        "kind": "project",
        "removed_us": removed_at(transaction, project.id),
    }
    ws.store.write_record({"workspace": ws.id, "workspace_name": ws.name, **_project(project), **more})


def _project(project: Project) -> Record:
    return {
        "project": project.name,
        "project_id": project.id,
        "project_description": project.description,
        "project_created_us": project.created_at,
        "folder": project.folder,
        "managed": project.managed,
        "format": project.format,
    }


def record_model(ws: Workspace, transaction: Transaction, model_id: int) -> None:
    """The same for a model."""
    model = mapping.first(transaction.connection, Model, id=model_id)
    assert model is not None
    ws.store.write_record(
        {
            **_made(ws, transaction, model),
            "uuid": _key(ws, "model", model.id),
            "kind": "model",
            "model_id": model.id,
            "name": model.name,
            "number": model.number,
            "framework": model.framework,
            "classes": list(model.classes),
            "files": model.files,
            "size": model.size,
            "info": model.info,
            "trained_on": _trained_on(transaction, model.version_id),
        }
    )


def record_report(ws: Workspace, transaction: Transaction, report_id: int) -> None:
    """The same for a report."""
    report = mapping.first(transaction.connection, Report, id=report_id)
    assert report is not None
    ws.store.write_record(
        {
            **_made(ws, transaction, report),
            "uuid": _key(ws, "report", report.id),
            "kind": "report",
            "report_id": report.id,
            "name": report.name,
            "split": report.split,
            "metrics": report.metrics,
            "model_id": report.model_id,
            "evaluated_on": _trained_on(transaction, report.version_id),
        }
    )


def _trained_on(transaction: Transaction, version_id: int | None) -> list[int] | None:
    """A version as project id and number, which outlive the database."""
    if version_id is None:
        return None
    version = mapping.first(transaction.connection, Version, id=version_id)
    return [version.project_id, version.number] if version else None
