"""Everything that the inspector shows of one block, read at once."""

from dataclasses import dataclass
from typing import Any

from clew.base.clock import friendly
from clew.base.errors import ClewError, UserError
from clew.base.words import count, duration, measured, setting, size, titled
from clew.db import layout_rows, mapping, queries
from clew.graph import lineage
from clew.model.changes import VersionDiff
from clew.model.entities import (
    Dataset,
    FileEntry,
    LabelingJob,
    Model,
    Project,
    Report,
    State,
    Statistics,
    Task,
    TaskStatus,
    Version,
    VersionStatus,
)
from clew.model.evaluation import METRICS
from clew.model.refs import BlockKind, BlockRef
from clew.model.view import BlockState, Preview
from clew.services.apps import params_in_words
from clew.services.blocks import TASK_CAPTIONS
from clew.services.diffs import diff_versions
from clew.services.drawn import drawn_words
from clew.services.links import check_ref
from clew.services.projects import get_project
from clew.services.reports import list_reports
from clew.services.statistics import statistics_of
from clew.services.task_words import metric_words
from clew.services.tasks import get_task
from clew.services.users import user_names
from clew.services.versions import get_version, saver
from clew.services.workspace import Workspace


@dataclass(frozen=True)
class Fact:
    """One line of a table: "Python", "3.11.7"."""

    label: str
    value: str


@dataclass(frozen=True)
class Details:
    """One block in full; what a kind does not have stays empty."""

    ref: BlockRef
    caption: str
    title: str
    subtitle: str = ""
    description: str = ""
    state: BlockState = BlockState.SAVED
    facts: tuple[Fact, ...] = ()
    change_since: VersionDiff | None = None
    previews: tuple[Preview, ...] = ()
    stored: str = ""
    hash: str = ""
    project_id: int | None = None
    version_id: int | None = None
    inputs: tuple[BlockRef, ...] = ()
    outputs: tuple[BlockRef, ...] = ()
    entity: Any = None


def details(ws: Workspace, ref: BlockRef) -> Details:
    """Read all about one block.

    Raises:
        UserError: there is no such entity.
    """
    if ref.kind is BlockKind.MODEL and ref.id < 0:
        return _pending_model(ws, ref)
    if ref.kind.drawn:
        with ws.db.read() as connection:
            text = layout_rows.descriptions(connection).get(ref, "")
        return Details(ref, description=text, **drawn_words(ws, ref))
    with ws.db.read() as connection:
        entity = check_ref(connection, ref)
        arriving, leaving = queries.links_of(connection, ref)
        aliases = lineage.promoted(mapping.find(connection, State))
        for state, version in aliases.items():
            if version == ref:  # what was linked to the state that became this version belongs to it
                more_in, more_out = queries.links_of(connection, state)
                arriving += more_in
                leaving += more_out
        text = layout_rows.descriptions(connection).get(ref, "")
    shown = _READERS[ref.kind](ws, entity)
    inputs = tuple(dict.fromkeys(aliases.get(link.source, link.source) for link in arriving))
    outputs = tuple(dict.fromkeys(aliases.get(link.target, link.target) for link in leaving))
    return Details(ref=ref, inputs=inputs, outputs=outputs, entity=entity, **{"description": text, **shown})


def _pending_model(ws: Workspace, ref: BlockRef) -> Details:
    task = get_task(ws, -ref.id)
    return Details(
        ref,
        "Model",
        "when training ends",
        f"{task.name} is still running.",
        state=BlockState.UNSAVED,
        inputs=(task.ref,),
    )


def _by(ws: Workspace, user_id: int) -> str:
    return user_names(ws).get(user_id, "somebody")


def _version(ws: Workspace, version: Version) -> dict[str, Any]:
    project = get_project(ws, version.project_id)
    saved_by = f"by {_by(ws, version.created_by)}"
    if version.task_id is not None:
        saved_by = f"by {saver(get_task(ws, version.task_id))}"
    result: dict[str, Any] = {
        "caption": f"Project, version {version.number}",
        "title": project.name,
        "subtitle": f"Saved {friendly(version.created_at)} {saved_by}",
        "project_id": project.id,
        "version_id": version.id,
        "hash": version.tree,
    }
    if version.description:
        result["description"] = version.description
    if version.status is VersionStatus.DELETED:
        when = friendly(version.deleted_at or version.created_at)
        result |= {
            "title": "deleted",
            "state": BlockState.DELETED,
            "subtitle": f"Version {version.number} of {project.name}, deleted {when}.",
        }
        return result
    counted = statistics_of(ws, version.tree, project)
    facts = [
        Fact("Title", version.title),
        Fact("Items", f"{counted.items:,}"),
        Fact("Objects", f"{counted.objects:,}"),
    ]
    facts += [Fact(name, f"{n:,}") for name, n in sorted(counted.classes.items())]
    diff = None
    if version.number > 1:
        try:
            diff = diff_versions(ws, project.id, None, version.number)
        except ClewError:
            diff = None  # the version before was reclaimed
    return result | {
        "facts": tuple(facts),
        "change_since": diff,
        "previews": tuple(Preview(version.tree, path, project.id) for path in counted.previews[:6]),
        "stored": f"{size(version.size)} in {count(version.files, 'file')}, "
        f"{size(version.added)} of them new in this version",
    }


def _state(ws: Workspace, state: State) -> dict[str, Any]:
    project = get_project(ws, state.project_id)
    kept = ws.store.has_tree(state.tree)
    counted = statistics_of(ws, state.tree, project) if kept else Statistics()
    seen = f"Seen {friendly(state.created_at)}"
    if state.task_id is not None:
        seen += f" by {get_task(ws, state.task_id).name}"
    became = ""
    if state.version_id is not None:
        became = f" It is version {get_version(ws, state.version_id).number} now."
    return {
        "caption": f"Intermediate state {state.label}",
        "title": project.name,
        "subtitle": f"{seen}.{became}",
        "state": BlockState.UNSAVED,
        "facts": (
            Fact("After", f"version {state.after}" if state.after else "nothing saved"),
            Fact("Items", f"{counted.items:,}"),
            Fact("Objects", f"{counted.objects:,}"),
        ),
        "previews": tuple(Preview(state.tree, path, project.id) for path in counted.previews[:6]),
        "stored": "Its content is kept, so it can become a version." if kept else "Its content was not kept.",
        "hash": state.tree,
        "project_id": project.id,
    }


def _project(ws: Workspace, project: Project) -> dict[str, Any]:
    project = get_project(ws, project.id)
    return {
        "caption": "Project",
        "title": project.name,
        "subtitle": f"Made {friendly(project.created_at)} by {_by(ws, project.created_by)}, no version yet",
        "description": project.description,
        "facts": (
            Fact("Folder", project.folder),
            Fact("Kept", "in the workspace" if project.managed else "linked, where it lies"),
            Fact("Format", project.format),
        ),
        "state": BlockState.UNSAVED,
        "project_id": project.id,
    }


_ENDS = {
    TaskStatus.WAITING: "Waiting to start",
    TaskStatus.RUNNING: "Running",
    TaskStatus.DONE: "Done",
    TaskStatus.FAILED: "Failed",
    TaskStatus.CANCELLED: "Cancelled",
    TaskStatus.LOST: "Lost: its process ended without an outcome",
}


def _task(ws: Workspace, task: Task) -> dict[str, Any]:
    took = f", took {duration(task.seconds)}" if task.seconds is not None else ""
    facts = [Fact("Outcome", _ENDS[task.status])]
    facts += [Fact(titled(k), setting(v)) for k, v in task.params.items()]
    facts += [Fact(name, value) for name, value in metric_words(task.metrics)]
    for key, label in (("script", "Script"), ("commit", "Commit"), ("app_version", "App version")):
        if task.code.get(key):
            facts.append(Fact(label, str(task.code[key])))
    for key, label in (("python", "Python"), ("machine", "Machine"), ("system", "System")):
        if task.environment.get(key):
            facts.append(Fact(label, str(task.environment[key])))
    states = {TaskStatus.DONE: BlockState.SAVED, TaskStatus.RUNNING: BlockState.RUNNING}
    states[TaskStatus.CANCELLED] = BlockState.SAVED
    return {
        "caption": TASK_CAPTIONS.get(task.kind, "App"),
        "title": task.name,
        "subtitle": f"Started {friendly(task.started_at or task.created_at)} "
        f"by {_by(ws, task.created_by)}{took}",
        "state": states.get(task.status, BlockState.FAILED),
        "facts": tuple(facts),
        "stored": params_in_words(task.params),
    }


def _model(ws: Workspace, model: Model) -> dict[str, Any]:
    facts = [Fact("Framework", model.framework), Fact("Classes", ", ".join(model.classes) or "–")]
    version_id = model.version_id
    if version_id is not None:
        version = get_version(ws, version_id)
        facts.append(
            Fact("Trained on", f"{get_project(ws, version.project_id).name}, version {version.number}")
        )
    for summary in list_reports(ws, model_id=model.id, limit=1):
        facts += [Fact("Evaluated on", summary.data_label), *_metric_facts(summary.report)]
    return {
        "caption": f"Model, version {model.number}",
        "title": model.name,
        "subtitle": f"Made {friendly(model.created_at)} by "
        + (get_task(ws, model.task_id).name if model.task_id else _by(ws, model.created_by)),
        "facts": tuple(facts),
        "stored": f"{size(model.size)} in {count(model.files, 'file')}",
        "hash": model.tree,
        "version_id": version_id,
    }


def _metric_facts(report: Report) -> list[Fact]:
    return [
        Fact(label, measured(key, value))
        for key, label, _ in METRICS
        if (value := report.metrics.get(key)) is not None
    ]


def _report(ws: Workspace, report: Report) -> dict[str, Any]:
    version = get_version(ws, report.version_id)
    project = get_project(ws, version.project_id)
    return {
        "caption": "Report",
        "title": report.name,
        "subtitle": f"On {project.name}, version {version.number}, {report.split}; "
        f"{friendly(report.created_at)}",
        "facts": tuple(_metric_facts(report)),
        "hash": report.tree,
        "version_id": version.id,
        "project_id": project.id,
    }


def _dataset(ws: Workspace, dataset: Dataset) -> dict[str, Any]:
    project = get_project(ws, dataset.project_id)
    return {
        "caption": "Dataset",
        "title": dataset.name,
        "subtitle": f"In {project.name}",
        "facts": (Fact("Path", dataset.path), Fact("Items", f"{dataset.items:,}")),
        "project_id": project.id,
    }


def _file(_ws: Workspace, file: FileEntry) -> dict[str, Any]:
    facts = [Fact("Path", file.path)]
    if not file.is_dir:
        facts.append(Fact("Size", size(file.size)))
    return {
        "caption": "Model weights" if file.model_weight else "Folder" if file.is_dir else "File",
        "title": file.name,
        "subtitle": f"Known since {friendly(file.created_at)}",
        "facts": tuple(facts),
        "hash": file.hash,
    }


def _job(ws: Workspace, job: LabelingJob) -> dict[str, Any]:
    project = get_project(ws, job.project_id)
    facts = [Fact("Status", job.status), Fact("Assigned to", job.assigned_to or "nobody")]
    if job.items_total:
        facts.append(Fact("Done", f"{job.items_done:,} of {job.items_total:,}"))
    return {
        "caption": "Labeling job",
        "title": job.name,
        "subtitle": f"In {project.name}, given {friendly(job.created_at)} by {_by(ws, job.created_by)}",
        "description": job.description,
        "facts": tuple(facts),
        "project_id": project.id,
    }


_READERS: dict[BlockKind, Any] = {
    BlockKind.VERSION: _version,
    BlockKind.STATE: _state,
    BlockKind.PROJECT: _project,
    BlockKind.TASK: _task,
    BlockKind.MODEL: _model,
    BlockKind.REPORT: _report,
    BlockKind.DATASET: _dataset,
    BlockKind.FILE: _file,
    BlockKind.JOB: _job,
}


def find_ref(text: str) -> BlockRef:
    """Read a reference such as "version:2" that a person typed.

    Raises:
        UserError: it is no reference.
    """
    try:
        return BlockRef.parse(text)
    except ValueError:
        kinds = ", ".join(kind.value for kind in BlockKind)
        raise UserError(f'"{text}" is no block. Write KIND:ID with a kind of {kinds}.') from None
