"""Which saved state a project's folder is in, or an intermediate state when it is none."""

from pathlib import Path

from clew.base.clock import now_us
from clew.base.errors import UserError
from clew.base.progress import Progress
from clew.db import mapping, queries
from clew.model.entities import State, Version
from clew.model.refs import BlockKind, BlockRef
from clew.services.projects import get_project
from clew.services.versions import current_version, get_version, same_as, version_by_number
from clew.services.workspace import Workspace


def observe(
    ws: Workspace, project_id: int, *, task_id: int | None = None, progress: Progress | None = None
) -> BlockRef:
    """The version that the folder is exactly equal to, or the intermediate state that it is in now.

    A state that was not seen before gets the next number after its version (2.1, 2.2, …). Its content is
    put into the store, so that it can be promoted to a version.
    """
    project = get_project(ws, project_id)
    if not Path(project.folder).is_dir():
        raise UserError(f"The folder of {project.name}, {project.folder}, is not there.")
    with ws.store.holding():
        saved = ws.store.save(Path(project.folder), progress=progress)
        if version := same_as(ws, project, saved.tree):
            return version.ref
        current = current_version(ws, project)
        after = current.number if current else 0
        with ws.db.write() as transaction:
            known = mapping.first(
                transaction.connection,
                State,
                order=("-id",),
                project_id=project_id,
                tree=saved.tree,
                after=after,
            )
            if known is not None and known.version_id is None:
                return BlockRef(BlockKind.STATE, known.id)
            minor = queries.next_number(
                transaction.connection, "state", "minor", project_id=project_id, after=after
            )
            state_id = mapping.add(
                transaction,
                State,
                project_id=project_id,
                after=after,
                minor=minor,
                tree=saved.tree,
                version_id=None,
                task_id=task_id,
                created_at=now_us(),
                created_by=ws.user.id,
            )
        return BlockRef(BlockKind.STATE, state_id)


def project_ref(
    ws: Workspace,
    project_id: int,
    *,
    version_id: int | None = None,
    version_num: int | None = None,
    task_id: int | None = None,
) -> BlockRef:
    """The block that stands for a project as an input or output: the named version, or its present state.

    Raises:
        UserError: there is no such project or version.
    """
    if version_id is not None:
        version: Version = get_version(ws, version_id)
        if version.project_id != project_id:
            raise UserError(f"Version id {version_id} belongs to another project.")
        return version.ref
    if version_num is not None:
        return version_by_number(ws, project_id, version_num).ref
    return observe(ws, project_id, task_id=task_id)
