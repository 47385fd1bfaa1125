"""Start an app: check, save a version if it trains, make the task, start the guard, return at once."""

import subprocess
import sys
import threading
from pathlib import Path
from typing import Any

from clew.base.errors import NothingToDo, UserError, explain_os_error
from clew.model.entities import App, AppKind, Task, TaskStatus, VersionStatus
from clew.model.refs import BlockKind, BlockRef
from clew.runner.environment import child_environment, clew_command
from clew.services.apps import check_params, check_requirements, get_app
from clew.services.models import get_model
from clew.services.observe import observe
from clew.services.projects import get_project
from clew.services.tasks import create_task, finish_task, get_task, task_folder
from clew.services.versions import (
    attribute,
    create_version,
    get_state,
    get_version,
    newest_version_id,
    promote_state,
    same_as,
)
from clew.services.workspace import Workspace

_PROJECT_KINDS = (BlockKind.PROJECT, BlockKind.VERSION, BlockKind.STATE)


def launch(
    ws: Workspace,
    slug: str,
    inputs: dict[str, BlockRef],
    params: dict[str, Any],
    *,
    parent: int | None = None,
) -> Task:
    """Start an app in a process of its own; the task it makes outlives this process.

    An app of the kind "train" that is given a project gets a version of it saved first, or uses the
    version that the folder already is.

    Args:
        slug: the app.
        inputs: by the names of the app's inputs: a project, version or state, a model, a file.
        params: by the names of the app's parameters; the rest take their defaults.
        parent: the task that starts this one, if one does.

    Raises:
        UserError: an input or parameter is missing or of the wrong kind.
    """
    app = get_app(ws, slug)
    if "{python}" in app.command:
        check_requirements(app)
    values = check_params(app, params)
    newest = newest_version_id(ws)
    checked = {name: _settle(ws, app, ref) for name, ref in _checked_inputs(ws, app, inputs).items()}
    code = {"command": list(app.command), "app_version": app.version, "folder": app.folder}
    if not app.built_in and (commit := git_commit(Path(app.folder))):
        code["commit"] = commit
    task = create_task(
        ws, app.name, app.kind.value, app=app, params=values, inputs=checked, code=code, parent_id=parent
    )
    for ref in checked.values():
        if ref.kind is BlockKind.VERSION and ref.id > newest:  # saved a moment ago, for this task
            attribute(ws, ref.id, task.id)
    _start_guard(ws, task)
    return get_task(ws, task.id)


def _checked_inputs(ws: Workspace, app: App, inputs: dict[str, BlockRef]) -> dict[str, BlockRef]:
    known = {entry.name: entry for entry in app.inputs}
    for name in inputs:
        if name not in known:
            raise UserError(f'{app.name} has no input "{name}". Its inputs: {", ".join(known) or "none"}.')
    for name, entry in known.items():
        ref = inputs.get(name)
        if ref is None:
            if entry.required:
                raise UserError(f'{app.name} needs "{entry.label or name}" ({entry.kind}) as input.')
            continue
        fits = ref.kind in _PROJECT_KINDS if entry.kind == "project" else ref.kind.value == entry.kind
        if not fits:
            raise UserError(f'{app.name}: "{entry.label or name}" is a {entry.kind}, not a {ref.kind.value}.')
        if entry.kind == "model":
            get_model(ws, ref.id)
    return {name: ref for name, ref in inputs.items() if ref is not None}


def _settle(ws: Workspace, app: App, ref: BlockRef) -> BlockRef:
    """The exact state that the app will read: trainings and evaluations read versions only."""
    if ref.kind is BlockKind.VERSION:
        version = get_version(ws, ref.id)
        if version.status is VersionStatus.DELETED:
            raise UserError(f"Version {version.number} is deleted. Undelete it to use it.")
        return ref
    needs_version = app.kind in (AppKind.TRAIN, AppKind.EVALUATE)
    if ref.kind is BlockKind.STATE:
        state = get_state(ws, ref.id)
        if state.version_id is not None:
            return BlockRef(BlockKind.VERSION, state.version_id)
        return promote_state(ws, ref.id, f"Before {app.name}").ref if needs_version else ref
    if ref.kind is BlockKind.PROJECT:
        if not needs_version:
            return observe(ws, ref.id)
        return _version_of(ws, ref.id, app.name)
    return ref


def _version_of(ws: Workspace, project_id: int, app_name: str) -> BlockRef:
    try:
        return create_version(
            ws, project_id, f"Before {app_name}", f"Saved by itself before {app_name} started."
        ).ref
    except NothingToDo:
        here = ws.store.identify(Path(get_project(ws, project_id).folder))
        version = same_as(ws, get_project(ws, project_id), here)
        if version is None:
            raise
        return version.ref


def git_commit(folder: Path) -> str:
    """The commit of the git checkout that a folder belongs to, with "+" when it has changes; "" for none."""
    try:
        done = subprocess.run(
            ["git", "-C", str(folder), "describe", "--always", "--dirty=+", "--abbrev=12", "--exclude=*"],
            capture_output=True,
            text=True,
            timeout=5,
            check=False,
        )
    except (OSError, subprocess.TimeoutExpired):
        return ""
    return done.stdout.strip() if done.returncode == 0 else ""


def _start_guard(ws: Workspace, task: Task) -> None:
    folder = task_folder(ws, task.id)
    detached: dict[str, Any] = {"start_new_session": True}
    if sys.platform == "win32":
        detached = {"creationflags": subprocess.CREATE_NEW_PROCESS_GROUP | subprocess.DETACHED_PROCESS}
    try:
        with open(folder / "guard.txt", "ab") as out:
            guard = subprocess.Popen(
                clew_command("clew.runner.guard", str(ws.path), str(task.id)),
                stdin=subprocess.DEVNULL,
                stdout=out,
                stderr=out,
                cwd=folder,
                env=child_environment({}),
                close_fds=True,
                **detached,
            )
    except OSError as error:
        finish_task(ws, task.id, TaskStatus.FAILED, message="The app could not be started.")
        raise explain_os_error(error, f"starting {task.name}") from error
    _reap(guard)


def _reap(guard: "subprocess.Popen[bytes]") -> None:
    """Wait for the guard in a thread, so that no dead process stays behind while the window lives."""
    threading.Thread(target=guard.wait, name=f"clew-guard-{guard.pid}", daemon=True).start()
