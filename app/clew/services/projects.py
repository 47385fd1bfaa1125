"""Projects, their datasets and items."""

import dataclasses
import re
import shutil
from dataclasses import dataclass
from pathlib import Path

from clew.base.clock import now_us
from clew.base.errors import UserError, explain_os_error
from clew.db import mapping
from clew.db.database import Transaction
from clew.formats import items as item_files
from clew.formats.native import PROJECT_FILE, write_project
from clew.formats.readers import open_reader
from clew.model.annotations import ClassInfo, Item
from clew.model.entities import Dataset, Project, Statistics, Version, VersionStatus
from clew.services.project_files import files_of
from clew.services.statistics import statistics_of
from clew.services.version_records import record_project
from clew.services.workspace import Workspace


@dataclass(frozen=True)
class ProjectSummary:
    """A project as a list shows it; `statistics` are those of the latest version."""

    project: Project
    versions: int
    latest: Version | None
    statistics: Statistics | None
    updated_at: int


@dataclass(frozen=True)
class RemovePlan:
    """What removing a project touches: its versions stay in the history, its folder goes to the trash."""

    project: Project
    versions: int
    depends: tuple[str, ...]


def located(ws: Workspace, project: Project) -> Project:
    """The project with its folder as an absolute path."""
    if not project.managed:
        return project
    return dataclasses.replace(project, folder=str(ws.path / project.folder))


def get_project(ws: Workspace, project_id: int) -> Project:
    """The project with this id.

    Raises:
        UserError: there is none.
    """
    with ws.db.read() as connection:
        found = mapping.first(connection, Project, id=project_id)
    if found is None:
        raise UserError(f"There is no project with the id {project_id}.")
    return located(ws, found)


def find_project(ws: Workspace, name: str) -> Project:
    """The project with this name, or with this id written as "#3" or "3".

    Raises:
        UserError: there is none; names the projects that are there.
    """
    with ws.db.read() as connection:
        found = mapping.find(connection, Project, removed_at=None)
    number = name.removeprefix("#")
    for project in found:
        if project.name == name:
            return located(ws, project)
    for project in found:
        if number.isdecimal() and project.id == int(number):
            return located(ws, project)
    names = ", ".join(project.name for project in found[:8]) or "none yet"
    raise UserError(f"There is no project called {name}. Projects here: {names}.")


def list_projects(ws: Workspace) -> tuple[ProjectSummary, ...]:
    """All projects by name, with their newest version."""
    with ws.db.read() as connection:
        projects = mapping.find(connection, Project, order=("name",), removed_at=None)
        versions = mapping.find(connection, Version, order=("number",), status=VersionStatus.SAVED.value)
    by_project: dict[int, list[Version]] = {}
    for version in versions:
        by_project.setdefault(version.project_id, []).append(version)
    result = []
    for project in projects:
        own = by_project.get(project.id, [])
        latest = own[-1] if own else None
        counted = statistics_of(ws, latest.tree, project) if latest else None
        result.append(ProjectSummary(located(ws, project), len(own), latest, counted, project.updated_at))
    return tuple(result)


def create_project(
    ws: Workspace, name: str, description: str = "", *, folder: Path | None = None, format: str = "clew"
) -> Project:
    """Make a project: managed with an empty folder of its own, or linked to `folder` where it lies.

    Raises:
        UserError: the name is taken or empty, or the linked folder is not there or inside the workspace.
    """
    name = name.strip()
    if not name:
        raise UserError("A project needs a name.")
    managed = folder is None
    if folder is not None:
        folder = folder.expanduser().absolute()
        if not folder.is_dir():
            raise UserError(f"There is no folder {folder} to link.")
        if folder.is_relative_to(ws.path) or ws.path.is_relative_to(folder):
            raise UserError(f"{folder} and the workspace lie inside each other. Link a folder elsewhere.")
    with ws.db.write() as transaction:
        if mapping.first(transaction.connection, Project, name=name, removed_at=None):
            raise UserError(f"There is a project called {name} already. Choose another name.")
        target = _new_folder(ws, name) if folder is None else folder
        now = now_us()
        project_id = mapping.add(
            transaction,
            Project,
            name=name,
            description=description,
            folder=str(target.relative_to(ws.path)) if managed else str(target),
            managed=managed,
            format=format if not managed else "clew",
            created_at=now,
            updated_at=now,
            created_by=ws.user.id,
            custom={},
        )
        record_project(ws, transaction, project_id)
        if managed:
            try:
                target.mkdir(parents=True)
                (target / PROJECT_FILE).write_bytes(write_project(()))
            except OSError as error:
                raise explain_os_error(error, f"making the project {name}") from error
    return get_project(ws, project_id)


def _new_folder(ws: Workspace, name: str) -> Path:
    """A folder name that every file system takes, near to the project's name and not in use."""
    plain = re.sub(r'[<>:"/\\|?*\x00-\x1f]', "-", name).strip(" .")[:80] or "project"
    folder = ws.projects_dir / plain
    number = 2
    while folder.exists():
        folder = ws.projects_dir / f"{plain} {number}"
        number += 1
    return Path(folder)


def edit_project(
    ws: Workspace, project_id: int, *, name: str | None = None, description: str | None = None
) -> Project:
    """Rename or describe a project; its folder keeps its name."""
    values: dict[str, object] = {"updated_at": now_us()}
    with ws.db.write() as transaction:
        if name is not None:
            taken = mapping.first(transaction.connection, Project, name=name.strip(), removed_at=None)
            if not name.strip() or (taken and taken.id != project_id):
                raise UserError(
                    f"There is a project called {name} already." if name.strip() else "A name, please."
                )
            values["name"] = name.strip()
        if description is not None:
            values["description"] = description
        mapping.change(transaction, Project, project_id, **values)
        record_project(ws, transaction, project_id)
    return get_project(ws, project_id)


def touch_project(transaction: Transaction, project_id: int, **custom: object) -> None:
    """Note that a project's data is another one now; `custom` values are kept with it."""
    project = mapping.first(transaction.connection, Project, id=project_id)
    assert project is not None
    mapping.change(transaction, Project, project_id, updated_at=now_us(), custom={**project.custom, **custom})


def set_format(transaction: Transaction, project_id: int, format: str) -> None:
    """Say in which format a project's annotations are written."""
    mapping.change(transaction, Project, project_id, format=format)


def plan_remove(ws: Workspace, project_id: int) -> RemovePlan:
    """What removing the project would touch."""
    project = get_project(ws, project_id)
    with ws.db.read() as connection:
        versions = mapping.find(connection, Version, project_id=project_id)
    depends = tuple(f"version {v.number}" for v in versions if v.status is VersionStatus.SAVED)
    return RemovePlan(project, len(versions), depends)


def remove_project(ws: Workspace, plan: RemovePlan) -> None:
    """Take a project off the list. A managed folder moves to the workspace's trash, a linked one stays."""
    project = plan.project
    with ws.db.write() as transaction:
        mapping.change(transaction, Project, project.id, removed_at=now_us())
        record_project(ws, transaction, project.id)
        folder = Path(project.folder)
        if project.managed and folder.exists():
            trash = ws.path / "trash"
            trash.mkdir(exist_ok=True)
            shutil.move(folder, trash / f"{folder.name}-{now_us()}")


def list_items(
    ws: Workspace, project_id: int, *, version_id: int | None = None, dataset: str | None = None
) -> tuple[Item, ...]:
    """The items of the working folder, or of a version, sorted by path; `dataset` includes nested ones."""
    project = get_project(ws, project_id)
    files = files_of(ws.store, project.folder, tree_of(ws, version_id))
    found = item_files.read_items(files, project.format, [])
    if dataset is not None:
        found = (i for i in found if i.dataset == dataset or i.dataset.startswith(f"{dataset}/"))
    return tuple(found)


def list_classes(ws: Workspace, project_id: int, *, version_id: int | None = None) -> tuple[ClassInfo, ...]:
    """The classes of the working folder, or of a version."""
    project = get_project(ws, project_id)
    return tuple(
        item_files.classes(files_of(ws.store, project.folder, tree_of(ws, version_id)), project.format)
    )


def read_file(
    ws: Workspace, project_id: int, path: str, *, version_id: int | None = None, tree: str | None = None
) -> bytes:
    """One file of the working folder, of a version, or of a stored tree."""
    project = get_project(ws, project_id)
    return files_of(ws.store, project.folder, tree or tree_of(ws, version_id)).read(path)


def tree_of(ws: Workspace, version_id: int | None) -> str | None:
    """The tree of a version; None stands for the working folder."""
    if version_id is None:
        return None
    with ws.db.read() as connection:
        version = mapping.first(connection, Version, id=version_id)
    if version is None:
        raise UserError(f"There is no version with the id {version_id}.")
    return version.tree


def list_datasets(ws: Workspace, project_id: int) -> tuple[Dataset, ...]:
    """The datasets of the working folder by path; rows follow the folder."""
    project = get_project(ws, project_id)
    if not ws.read_only and Path(project.folder).is_dir():
        sync_datasets(ws, project)
    with ws.db.read() as connection:
        return tuple(mapping.find(connection, Dataset, order=("path",), project_id=project_id))


def get_dataset(ws: Workspace, dataset_id: int) -> Dataset:
    with ws.db.read() as connection:
        found = mapping.first(connection, Dataset, id=dataset_id)
    if found is None:
        raise UserError(f"There is no dataset with the id {dataset_id}.")
    return found


def create_dataset(ws: Workspace, project_id: int, path: str) -> Dataset:
    """Make an empty dataset, which is a folder of the project; `path` may nest with "/"."""
    project = get_project(ws, project_id)
    folder = Path(project.folder).joinpath(*path.split("/"))
    if ".." in path.split("/") or not path.strip("/ "):
        raise UserError(f"{path!r} cannot be the name of a dataset.")
    folder.mkdir(parents=True, exist_ok=True)
    sync_datasets(ws, project, also=path)
    return next(d for d in list_datasets(ws, project_id) if d.path == path)


def sync_datasets(ws: Workspace, project: Project, also: str | None = None) -> None:
    """Make the dataset rows follow the folder: one per folder with items, and their parents."""
    direct: dict[str, int] = {} if also is None else {also: 0}
    reader = open_reader(
        files_of(ws.store, project.folder, None), project.format, lambda _path, _reason: None
    )
    for path in reader.paths():
        folder = path.rpartition("/")[0]
        direct[folder] = direct.get(folder, 0) + 1
    direct.pop("", None)
    for path in list(direct):
        parts = path.split("/")
        for depth in range(1, len(parts)):
            direct.setdefault("/".join(parts[:depth]), 0)
    with ws.db.read() as connection:
        known = {d.path: d for d in mapping.find(connection, Dataset, project_id=project.id)}
    if {path: d.items for path, d in known.items()} == direct:
        return
    with ws.db.write(durable=False) as transaction:
        known = {d.path: d for d in mapping.find(transaction.connection, Dataset, project_id=project.id)}
        ids = {path: d.id for path, d in known.items()}
        for path, items in sorted(direct.items()):
            if path not in known:
                parent, _, name = path.rpartition("/")
                ids[path] = mapping.add(
                    transaction,
                    Dataset,
                    project_id=project.id,
                    parent_id=ids.get(parent),
                    name=name,
                    path=path,
                    items=items,
                    created_at=now_us(),
                )
            elif known[path].items != items:
                mapping.change(transaction, Dataset, ids[path], items=items)
        for path, gone in known.items():
            if path not in direct and gone.items:  # the row stays: links may point to it
                mapping.change(transaction, Dataset, gone.id, items=0)
