"""Labeling jobs: annotation work given to someone."""

from typing import Any

from clew.base.clock import now_us
from clew.base.errors import UserError
from clew.db import mapping
from clew.model.entities import LabelingJob
from clew.services.projects import get_project
from clew.services.workspace import Workspace

STATUSES = ("open", "in progress", "done")


def create_job(
    ws: Workspace,
    name: str,
    project_id: int,
    *,
    dataset_id: int | None = None,
    assigned_to: str = "",
    description: str = "",
    items_total: int = 0,
) -> LabelingJob:
    """Give annotation work to someone."""
    get_project(ws, project_id)
    if not name.strip():
        raise UserError("A labeling job needs a name.")
    with ws.db.write() as transaction:
        job_id = mapping.add(
            transaction,
            LabelingJob,
            name=name.strip(),
            description=description,
            project_id=project_id,
            dataset_id=dataset_id,
            assigned_to=assigned_to,
            status="open",
            items_total=items_total,
            items_done=0,
            created_at=now_us(),
            created_by=ws.user.id,
        )
    return get_job(ws, job_id)


def get_job(ws: Workspace, job_id: int) -> LabelingJob:
    with ws.db.read() as connection:
        found = mapping.first(connection, LabelingJob, id=job_id)
    if found is None:
        raise UserError(f"There is no labeling job with the id {job_id}.")
    return found


def update_job(
    ws: Workspace, job_id: int, *, status: str | None = None, items_done: int | None = None
) -> LabelingJob:
    """Say how far the work is."""
    values: dict[str, Any] = {}
    if status is not None:
        if status not in STATUSES:
            raise UserError(f"The status of a labeling job is one of {', '.join(STATUSES)}, not {status}.")
        values["status"] = status
    if items_done is not None:
        values["items_done"] = items_done
    get_job(ws, job_id)
    with ws.db.write() as transaction:
        mapping.change(transaction, LabelingJob, job_id, **values)
    return get_job(ws, job_id)


def list_jobs(ws: Workspace) -> tuple[LabelingJob, ...]:
    """Labeling jobs, newest first."""
    with ws.db.read() as connection:
        return tuple(mapping.find(connection, LabelingJob, order=("-id",)))
