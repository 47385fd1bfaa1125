"""What each kind of entity offers to a search: its words by field."""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, replace
from typing import Any

from clew.base.words import as_written, figure, setting
from clew.db import layout_rows, mapping, queries
from clew.model.entities import (
    Dataset,
    FileEntry,
    LabelingJob,
    Model,
    Project,
    Report,
    State,
    Task,
    User,
    Version,
)
from clew.model.refs import BlockKind, BlockRef
from clew.services.blocks import TASK_CAPTIONS


@dataclass(frozen=True)
class Entry:
    """One thing that can be found: what a hit says of it, and its words by field of `model.search`."""

    ref: BlockRef
    title: str
    caption: str
    created_at: int
    words: dict[str, str]
    scope: str = "workspace"


@dataclass(frozen=True)
class Around:
    """What the words of an entity need of others."""

    projects: dict[int, Project]
    people: dict[int, str]
    texts: dict[BlockRef, str]
    removed: set[int]  # projects that were taken off the list


Wanted = Mapping[str, set[int]]
"""Ids by the kind that the change log names."""

_PARTS = ("version", "state", "dataset", "job")  # carry the name of their project


def entries(connection: Any, wanted: Wanted | None = None) -> Iterator[Entry]:
    """Everything that can be found, or only some: what is named and is not there has no entry."""
    around = Around(
        {p.id: p for p in mapping.find(connection, Project)},
        {u.id: u.name for u in mapping.find(connection, User)},
        layout_rows.descriptions(connection),
        queries.removed_projects(connection),
    )
    for kind, (entity, entry) in _ENTITIES.items():
        for value in _rows(connection, entity, kind, wanted):
            if (made := entry(value, around)) is not None:
                yield made
    for kind in (BlockKind.FRAME, BlockKind.NOTE):
        if wanted is None or kind.value in wanted:
            ids = None if wanted is None else wanted[kind.value]
            yield from _drawn(connection, kind, around, ids)


def _rows(connection: Any, entity: type[Any], kind: str, wanted: Wanted | None) -> list[Any]:
    if wanted is None:
        return mapping.find(connection, entity)
    found = {v.id: v for v in mapping.find(connection, entity, id=wanted[kind])} if kind in wanted else {}
    if kind in _PARTS and wanted.get("project"):
        found |= {v.id: v for v in mapping.find(connection, entity, project_id=wanted["project"])}
    return list(found.values())


def _drawn(connection: Any, kind: BlockKind, around: Around, ids: set[int] | None) -> Iterator[Entry]:
    for row in layout_rows.drawn(connection, kind, ids):
        text = row.title if kind is BlockKind.FRAME else row.text
        title = text.strip().split("\n", 1)[0]
        caption = "Frame" if kind is BlockKind.FRAME else "Note"
        more = {"description": text} if text.strip() != title else {}
        yield _entry(BlockRef(kind, row.id), title, caption, row, around, row.scope, **more)


def _entry(
    ref: BlockRef, title: str, caption: str, value: Any, around: Around, scope: str = "workspace", **more: str
) -> Entry:
    said = "\n".join(part for part in (more.pop("description", ""), around.texts.get(ref, "")) if part)
    person = around.people.get(getattr(value, "created_by", 0), "")
    words = {"name": title, "kind": more.pop("kind", caption), "person": person, "description": said, **more}
    return Entry(ref, title, caption, value.created_at, words, scope)


def _project(value: Project, around: Around) -> Entry | None:
    if value.id in around.removed:
        return None
    return _entry(
        BlockRef(BlockKind.PROJECT, value.id),
        value.name,
        "Project",
        value,
        around,
        kind=f"Project, {value.format}",
        description=value.description,
        tags=pairs(value.custom),
    )


def _version(value: Version, around: Around) -> Entry:
    project = around.projects[value.project_id]
    number = f"Version {value.number}, v{value.number}"
    title = f", {value.title}" if value.title != f"Version {value.number}" and value.title else ""
    return _entry(
        value.ref,
        project.name,
        f"Project, version {value.number}",
        value,
        around,
        kind=f"Project, version, {value.status.value}",
        version=number + title,
        description=value.description,
    )


def _state(value: State, around: Around) -> Entry | None:
    if value.version_id is not None:  # the version that it became stands for it
        return None
    project, ref = around.projects[value.project_id], BlockRef(BlockKind.STATE, value.id)
    return _entry(ref, project.name, f"Intermediate state {value.label}", value, around, version=value.label)


def _dataset(value: Dataset, around: Around) -> Entry:
    project, ref = around.projects[value.project_id], BlockRef(BlockKind.DATASET, value.id)
    return _entry(ref, value.name, f"Dataset of {project.name}", value, around, description=value.path)


def _task(value: Task, around: Around) -> Entry:
    caption = TASK_CAPTIONS.get(value.kind, "App")
    said = (value.progress_text, value.message, *value.notes)
    return _entry(
        value.ref,
        value.name,
        caption,
        value,
        around,
        kind=", ".join(part for part in (caption, "task", value.status.value, value.app or "") if part),
        parameters=pairs(value.params),
        metrics=figures(value.metrics),
        message="\n".join(part for part in said if part),
    )


def _job(value: LabelingJob, around: Around) -> Entry:
    entry = _entry(
        BlockRef(BlockKind.JOB, value.id),
        value.name,
        "Labeling job",
        value,
        around,
        kind=f"Labeling job, {value.status}",
        description=value.description,
        tags=around.projects[value.project_id].name,
    )
    people = ", ".join(part for part in (value.assigned_to, entry.words["person"]) if part)
    return replace(entry, words={**entry.words, "person": people})


def _file(value: FileEntry, around: Around) -> Entry:
    caption = "Model weights" if value.model_weight else "Folder" if value.is_dir else "File"
    return _entry(
        BlockRef(BlockKind.FILE, value.id), value.name, caption, value, around, description=value.path
    )


def _model(value: Model, around: Around) -> Entry:
    return _entry(
        value.ref,
        value.name,
        f"Model, version {value.number}",
        value,
        around,
        kind=f"Model, {value.framework}",
        version=f"Version {value.number}, v{value.number}",
        tags=", ".join(value.classes),
        parameters=pairs(value.info),
    )


def _report(value: Report, around: Around) -> Entry:
    caption = f"Report on {value.split}"
    return _entry(value.ref, value.name, caption, value, around, metrics=figures(value.metrics))


_ENTITIES: dict[str, tuple[type[Any], Callable[[Any, Around], Entry | None]]] = {
    "project": (Project, _project),
    "version": (Version, _version),
    "state": (State, _state),
    "dataset": (Dataset, _dataset),
    "task": (Task, _task),
    "job": (LabelingJob, _job),
    "file": (FileEntry, _file),
    "model": (Model, _model),
    "report": (Report, _report),
}


def pairs(values: Mapping[str, Any]) -> str:
    """Names and values in one line: "epochs = 40, learning rate = 0.001"."""
    return ", ".join(f"{name} = {setting(value)}" for name, value in values.items() if value is not None)


def figures(values: Mapping[str, float | None]) -> str:
    """Metrics in one line: "mAP = 0.768, val_loss = 0.312"; underscores stay, so that both ways find them."""
    known = ((name, value) for name, value in values.items() if value is not None)
    return ", ".join(f"{as_written(name)} = {figure(value)}" for name, value in known)
