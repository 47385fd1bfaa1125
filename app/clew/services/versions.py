"""Save, list, rename, delete versions; promote intermediate states."""

from dataclasses import dataclass
from pathlib import Path

from clew.base.clock import now_us
from clew.base.errors import NothingToDo, UserError
from clew.base.progress import Progress
from clew.base.words import listing
from clew.db import mapping, queries
from clew.model.entities import Link, Model, Project, Report, State, Statistics, Task, Version, VersionStatus
from clew.model.refs import BlockKind
from clew.services.projects import get_project, sync_datasets, touch_project
from clew.services.statistics import statistics_of
from clew.services.users import user_names
from clew.services.version_records import record_version
from clew.services.version_words import change_in_words, plain_title
from clew.services.workspace import Workspace
from clew.store.types import SavedTree


@dataclass(frozen=True)
class VersionSummary:
    """A version as a list shows it; `change` says in words what is new against the version before."""

    version: Version
    user: str
    statistics: Statistics
    used_by: tuple[str, ...]
    change: str
    task_name: str | None
    saved_by: str  # "you", "Quick trainer, before it started"


@dataclass(frozen=True)
class DeletePlan:
    """What deleting a version touches: what was made from it stays, and says "deleted" at its input."""

    version: Version
    depends: tuple[str, ...]


def create_version(
    ws: Workspace,
    project_id: int,
    title: str = "",
    description: str = "",
    *,
    task_id: int | None = None,
    progress: Progress | None = None,
) -> Version:
    """Save the state of a project's folder.

    Raises:
        NothingToDo: the folder is exactly a version that is there already.
        UserError: the folder is gone, or a file in it cannot be read.
    """
    project = get_project(ws, project_id)
    if not Path(project.folder).is_dir():
        raise UserError(
            f"The folder of {project.name}, {project.folder}, is not there. Restore a version to get it back."
        )
    with ws.store.holding():
        saved = ws.store.save(Path(project.folder), progress=progress)
        if saved.unsteady:
            named = listing(list(saved.unsteady))
            description = f"{description.strip()}\nChanged while it was being saved: {named}.".strip()
        return _commit(ws, project, saved, title, description, task_id)


def _commit(
    ws: Workspace, project: Project, saved: SavedTree, title: str, description: str, task_id: int | None
) -> Version:
    counted = statistics_of(ws, saved.tree, project)  # before the transaction: reads every annotation
    added = _added(ws, project, saved)
    with ws.db.write() as transaction:
        if same := same_as(ws, project, saved.tree):
            raise NothingToDo(f"Nothing changed: {project.name} is exactly version {same.number}.")
        number = queries.next_number(transaction.connection, "version", "number", project_id=project.id)
        now = now_us()
        title = title.strip() or plain_title(number)
        version_id = mapping.add(
            transaction,
            Version,
            project_id=project.id,
            number=number,
            title=title,
            description=description.strip(),
            tree=saved.tree,
            status=VersionStatus.SAVED,
            files=saved.files,
            size=saved.size,
            added=added,
            created_at=now,
            created_by=ws.user.id,
            task_id=task_id,
        )
        for state in mapping.find(transaction.connection, State, project_id=project.id, tree=saved.tree):
            if state.version_id is None:
                mapping.change(transaction, State, state.id, version_id=version_id)
        touch_project(transaction, project.id, at=number)
        # The store keeps its own record, so that the list of versions can be rebuilt without this database.
        record_version(ws, transaction, version_id, items=counted.items)
    if not ws.read_only:
        sync_datasets(ws, project)
    return get_version(ws, version_id)


def _added(ws: Workspace, project: Project, saved: SavedTree) -> int:
    """Bytes that the version before does not have; a look at an intermediate state may have stored them."""
    before = latest_version(ws, project.id)
    if before is None:
        return saved.size
    return sum(
        change.new_size or 0 for change in ws.store.diff(before.tree, saved.tree) if not change.old_path
    )


def same_as(ws: Workspace, project: Project, tree: str | None) -> Version | None:
    """The newest saved version of a project with this tree."""
    if tree is None:
        return None
    with ws.db.read() as connection:
        return mapping.first(
            connection,
            Version,
            order=("-number",),
            project_id=project.id,
            tree=tree,
            status=VersionStatus.SAVED.value,
        )


def get_version(ws: Workspace, version_id: int) -> Version:
    """The version with this id.

    Raises:
        UserError: there is none.
    """
    with ws.db.read() as connection:
        found = mapping.first(connection, Version, id=version_id)
    if found is None:
        raise UserError(f"There is no version with the id {version_id}.")
    return found


def version_by_number(ws: Workspace, project_id: int, number: int) -> Version:
    """Version `number` of a project.

    Raises:
        UserError: there is none; names those that are there.
    """
    with ws.db.read() as connection:
        found = mapping.first(connection, Version, project_id=project_id, number=number)
        last = queries.next_number(connection, "version", "number", project_id=project_id) - 1
    if found is None:
        there = f"versions 1 to {last}" if last > 1 else "version 1" if last else "no version yet"
        raise UserError(
            f"There is no version {number} of {get_project(ws, project_id).name}; it has {there}."
        )
    return found


def latest_version(ws: Workspace, project_id: int) -> Version | None:
    """The saved version with the highest number."""
    with ws.db.read() as connection:
        return mapping.first(
            connection, Version, order=("-number",), project_id=project_id, status=VersionStatus.SAVED.value
        )


def current_version(ws: Workspace, project: Project) -> Version | None:
    """The version that the working folder was last saved as or restored to."""
    with ws.db.read() as connection:
        found = None
        if at := project.custom.get("at"):
            found = mapping.first(
                connection, Version, project_id=project.id, number=at, status=VersionStatus.SAVED.value
            )
    return found or latest_version(ws, project.id)


def list_versions(ws: Workspace, project_id: int, *, deleted: bool = True) -> tuple[VersionSummary, ...]:
    """All versions of a project, newest first."""
    project = get_project(ws, project_id)
    names = user_names(ws)
    with ws.db.read() as connection:
        versions = mapping.find(connection, Version, order=("number",), project_id=project_id)
        refs = [v.id for v in versions]
        links = mapping.find(connection, Link, source_kind="version", source_id=refs)
        tasks = {t.id: t for t in mapping.find(connection, Task)}
    used: dict[int, list[str]] = {}
    for link in links:
        if link.target.kind is BlockKind.TASK and link.target.id in tasks:
            name = tasks[link.target.id].name
            if name not in used.setdefault(link.source.id, []):
                used[link.source.id].append(name)
    result = []
    before: Statistics | None = None
    for version in versions:
        if version.status is VersionStatus.DELETED and not deleted:
            continue
        counted = (
            statistics_of(ws, version.tree, project)
            if version.status is VersionStatus.SAVED
            else Statistics()
        )
        task = tasks.get(version.task_id) if version.task_id else None
        result.append(
            VersionSummary(
                version,
                names.get(version.created_by, "somebody"),
                counted,
                tuple(used.get(version.id, ())),
                change_in_words(before, counted) if version.status is VersionStatus.SAVED else "",
                task.name if task else None,
                saver(task) if task else names.get(version.created_by, "somebody"),
            )
        )
        if version.status is VersionStatus.SAVED:
            before = counted
    return tuple(reversed(result))


def saver(task: Task) -> str:
    """Who a version was saved by when a task had it saved."""
    return f"{task.name}, before it started" if task.kind == "train" else task.name


def newest_version_id(ws: Workspace) -> int:
    """The largest id of a version of any project, 0 when there is none."""
    with ws.db.read() as connection:
        newest = mapping.first(connection, Version, order=("-id",))
    return newest.id if newest else 0


def attribute(ws: Workspace, version_id: int, task_id: int) -> None:
    """Note that a version was saved for a task, which did not exist yet when it was saved."""
    with ws.db.write() as transaction:
        mapping.change(transaction, Version, version_id, task_id=task_id)


def update_version(
    ws: Workspace, version_id: int, *, title: str | None = None, description: str | None = None
) -> Version:
    """Change a version's title or description; its content never changes."""
    values = {k: v.strip() for k, v in (("title", title), ("description", description)) if v is not None}
    get_version(ws, version_id)
    with ws.db.write() as transaction:
        mapping.change(transaction, Version, version_id, **values)
        record_version(ws, transaction, version_id)
    return get_version(ws, version_id)


def plan_delete(ws: Workspace, version_id: int) -> DeletePlan:
    """What was made from a version: tasks that read it, models trained on it, reports computed on it."""
    version = get_version(ws, version_id)
    if version.status is VersionStatus.DELETED:
        raise NothingToDo(f"Version {version.number} is deleted already.")
    with ws.db.read() as connection:
        links = mapping.find(connection, Link, source_kind="version", source_id=version_id)
        ids = [link.target.id for link in links if link.target.kind is BlockKind.TASK]
        tasks = mapping.find(connection, Task, id=ids) if ids else []
        models = mapping.find(connection, Model, version_id=version_id)
        reports = mapping.find(connection, Report, version_id=version_id)
    depends = [f"task {t.name} (#{t.id})" for t in tasks]
    depends += [f"model {m.name}, version {m.number}" for m in models]
    depends += [f"report {r.name}" for r in reports]
    return DeletePlan(version, tuple(depends))


def delete_version(ws: Workspace, plan: DeletePlan) -> None:
    """Delete a version: a block titled "deleted" stays, and `undelete_version` brings it back."""
    with ws.db.write() as transaction:
        mapping.change(
            transaction, Version, plan.version.id, status=VersionStatus.DELETED, deleted_at=now_us()
        )
        record_version(ws, transaction, plan.version.id)
        touch_project(transaction, plan.version.project_id)


def undelete_version(ws: Workspace, version_id: int) -> Version:
    """Bring a deleted version back, while its content is still in the store.

    Raises:
        NothingToDo: it is not deleted.
        UserError: the space it took was reclaimed.
    """
    version = get_version(ws, version_id)
    if version.status is VersionStatus.SAVED:
        raise NothingToDo(f"Version {version.number} is not deleted.")
    with ws.store.holding(), ws.db.write() as transaction:
        if not ws.store.hold(version.tree):  # asked inside, so that nobody deletes it again before
            raise UserError(
                f"Version {version.number} cannot come back: its space was reclaimed after it was deleted. "
                "Its place in the history stays."
            )
        mapping.change(transaction, Version, version_id, status=VersionStatus.SAVED, deleted_at=None)
        record_version(ws, transaction, version_id)
        touch_project(transaction, version.project_id)
    return get_version(ws, version_id)


def get_state(ws: Workspace, state_id: int) -> State:
    with ws.db.read() as connection:
        found = mapping.first(connection, State, id=state_id)
    if found is None:
        raise UserError(f"There is no intermediate state with the id {state_id}.")
    return found


def list_states(ws: Workspace, project_id: int) -> tuple[State, ...]:
    """The intermediate states of a project in their order, also those that have become versions."""
    with ws.db.read() as connection:
        return tuple(mapping.find(connection, State, order=("after", "minor", "id"), project_id=project_id))


def state_by_label(ws: Workspace, project_id: int, label: str) -> State:
    """The state that is written `label` (2.1) in the graph.

    Raises:
        UserError: there is none; names those that are there.
    """
    states = list_states(ws, project_id)
    for state in reversed(states):
        if state.label == label:
            return state
    there = listing([state.label for state in states]) or "none"
    raise UserError(
        f"There is no intermediate state {label} of {get_project(ws, project_id).name}; there is {there}."
    )


def content_kept(ws: Workspace, state_id: int) -> tuple[str, bool]:
    """The label of a state, and whether it can become a version."""
    state = get_state(ws, state_id)
    return state.label, ws.store.has_tree(state.tree)


def promote_state(ws: Workspace, state_id: int, title: str = "", description: str = "") -> Version:
    """Make a version of an intermediate state whose content is still in the store."""
    state = get_state(ws, state_id)
    if state.version_id is not None:
        raise NothingToDo(
            f"State {state.label} is version {get_version(ws, state.version_id).number} already."
        )
    with ws.store.holding():
        if not ws.store.hold(state.tree):
            raise UserError(
                f"The content of state {state.label} was not kept, so it cannot become a version."
            )
        project = get_project(ws, state.project_id)
        entries = [e for e in ws.store.entries(state.tree) if e.kind != "dir"]
        saved = SavedTree(state.tree, len(entries), sum(e.size for e in entries), 0, ())
        return _commit(ws, project, saved, title, description, state.task_id)
