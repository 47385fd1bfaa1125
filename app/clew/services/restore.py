"""Bring a saved state back, in place or as a new project, or write it out as plain files."""

from dataclasses import dataclass
from pathlib import Path

from clew.base.errors import NothingToDo, UserError
from clew.base.progress import Progress
from clew.model.changes import VersionDiff
from clew.model.entities import Project, Version, VersionStatus
from clew.services.diffs import diff_trees
from clew.services.parts import part_of, with_project_file
from clew.services.projects import (
    create_project,
    get_project,
    remove_project,
    set_format,
    sync_datasets,
    touch_project,
)
from clew.services.projects import plan_remove as plan_remove_project
from clew.services.versions import create_version, current_version, get_version, same_as
from clew.services.workspace import Workspace
from clew.store.types import RestorePlan


@dataclass(frozen=True)
class RestoreInPlace:
    """What a restore would do. `unsaved` is what the folder holds that no version has: it is saved first."""

    project: Project
    version: Version
    write: int  # files
    delete: int
    keep: int
    bytes_to_write: int
    unsaved: VersionDiff | None
    store_plan: RestorePlan

    @property
    def nothing(self) -> bool:
        return not self.write and not self.delete


@dataclass(frozen=True)
class Restored:
    """What a restore did; `safety` is the version that took the unsaved state, if there was one."""

    project: Project
    version: Version
    safety: Version | None


def plan_restore(
    ws: Workspace, version_id: int, *, only: tuple[str, ...] = (), classes: tuple[str, ...] = ()
) -> RestoreInPlace:
    """Work out what restoring a version into its project's folder would write, delete and save first.

    Args:
        ws: the workspace.
        version_id: which version.
        only: paths inside the project (datasets or files); all else stays as it is. Empty: everything.
        classes: only pictures with an object of these classes, with their annotations.
    """
    version = _saved(ws, version_id)
    project = get_project(ws, version.project_id)
    only = part_of(ws, project, version, only, classes)
    folder = Path(project.folder)
    unsaved = None
    if folder.is_dir() and any(folder.iterdir()):
        here = ws.store.identify(folder, walk=True)
        if same_as(ws, project, here) is None:
            current = current_version(ws, project)
            unsaved = diff_trees(
                ws,
                project.id,
                current.tree if current else None,
                None,
                old_label=f"version {current.number}" if current else "nothing",
                new_label="working folder",
            )
    folder.mkdir(parents=True, exist_ok=True)  # a folder that somebody removed comes back with its content
    plan = ws.store.plan_restore(version.tree, folder, only=only)
    return RestoreInPlace(
        project, version, len(plan.write), len(plan.delete), plan.keep, plan.bytes_to_write, unsaved, plan
    )


def apply_restore(ws: Workspace, plan: RestoreInPlace, *, progress: Progress | None = None) -> Restored:
    """Do what was planned: save the unsaved state as a version, then bring the planned version back.

    Raises:
        DamagedError: stored content is damaged; nothing was changed.
        SurroundingsError: disk full or no permission; the folder is as it was.
    """
    project, version = plan.project, plan.version
    safety = None
    try:
        folder = Path(project.folder)
        if folder.is_dir() and any(folder.iterdir()):
            safety = create_version(
                ws,
                project.id,
                f"Before restoring version {version.number}",
                "Saved by itself, so that nothing is lost by the restore.",
                progress=progress,
            )
    except NothingToDo:
        pass
    # The folder may have changed since the plan was shown; what is written follows what is there now.
    now = ws.store.plan_restore(version.tree, Path(project.folder), only=plan.store_plan.only)
    ws.store.restore(now, progress=progress)
    with ws.db.write() as transaction:
        touch_project(transaction, project.id, at=version.number)
        transaction.touch("version", version.id)
    sync_datasets(ws, project)
    return Restored(get_project(ws, project.id), version, safety)


def restore_as_project(
    ws: Workspace,
    version_id: int,
    name: str,
    *,
    description: str = "",
    only: tuple[str, ...] = (),
    classes: tuple[str, ...] = (),
    progress: Progress | None = None,
) -> Project:
    """Write a version, or a part of it, out as a new managed project, and save it there as version 1."""
    version = _saved(ws, version_id)
    origin = get_project(ws, version.project_id)
    only = with_project_file(ws, version, part_of(ws, origin, version, only, classes))
    part = "A part of" if only else "Restored from"
    words = description or f"{part} {origin.name}, version {version.number}."
    project = create_project(ws, name, words)
    try:
        plan = ws.store.plan_restore(version.tree, Path(project.folder), only=only)
        ws.store.restore(plan, progress=progress)
        if origin.format != "clew":
            with ws.db.write() as transaction:
                set_format(transaction, project.id, origin.format)
            project = get_project(ws, project.id)
        create_version(
            ws, project.id, f"From {origin.name}, version {version.number}", words, progress=progress
        )
    except BaseException:
        remove_project(ws, plan_remove_project(ws, project.id))
        raise
    return get_project(ws, project.id)


def download_version(
    ws: Workspace,
    version_id: int,
    target: Path,
    *,
    only: tuple[str, ...] = (),
    classes: tuple[str, ...] = (),
    progress: Progress | None = None,
) -> int:
    """Write a version as plain files into a new folder, or into an archive: a ".zip" or ".tar.zst".

    Returns:
        How many files were written.

    Raises:
        UserError: the target exists and is not an empty folder.
    """
    version = _saved(ws, version_id)
    only = part_of(ws, get_project(ws, version.project_id), version, only, classes)
    return export_tree(ws, version.tree, target, only=only, progress=progress)


def export_tree(
    ws: Workspace, tree: str, target: Path, *, only: tuple[str, ...] = (), progress: Progress | None = None
) -> int:
    """Write a stored tree as a folder or an archive; see `download_version`."""
    target = target.expanduser().absolute()
    for ending, write in ((".zip", ws.store.export_zip), (".tar.zst", ws.store.export_tar)):
        if target.name.lower().endswith(ending):
            if target.exists():
                raise UserError(f"{target} exists already. Choose another name.")
            return write(tree, target, only=only, progress=progress)
    return ws.store.export(tree, target, only=only, progress=progress)


def _saved(ws: Workspace, version_id: int) -> Version:
    version = get_version(ws, version_id)
    if version.status is VersionStatus.DELETED:
        raise UserError(f"Version {version.number} is deleted. Undelete it first.")
    return version
