"""What each kind of entity says on its block: caption, title, one fact, at most two chips."""

from collections.abc import Mapping
from typing import NamedTuple

from clew.base.words import count, duration, measured, signed, size
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
from clew.model.refs import BlockKind, BlockRef
from clew.model.view import Block, BlockState, Preview
from clew.services.task_words import failure, last_metric, percent, time_left
from clew.services.version_words import items_in_words

Texts = Mapping[BlockRef, str]


class Origin(NamedTuple):
    """Who made what a block stands for, and with which app (its slug, or the name of a script)."""

    person: str = ""
    maker: str = ""


UNKNOWN = Origin()


def maker_of(task: Task) -> str:
    """What a filter by apps calls a task."""
    return task.app or task.name


TASK_CAPTIONS = {
    "import": "Import app",
    "train": "Training app",
    "evaluate": "Evaluation",
    "export": "Export app",
    "process": "App",
    "script": "Script",
}

_TASK_STATES = {
    TaskStatus.WAITING: BlockState.RUNNING,
    TaskStatus.RUNNING: BlockState.RUNNING,
    TaskStatus.DONE: BlockState.SAVED,
    TaskStatus.FAILED: BlockState.FAILED,
    TaskStatus.CANCELLED: BlockState.SAVED,  # as the person wished; the chip says so
    TaskStatus.LOST: BlockState.FAILED,
}


def version_block(
    version: Version,
    project: Project,
    statistics: Statistics,
    before: Statistics | None,
    texts: Texts,
    by: Origin = UNKNOWN,
) -> Block:
    caption = f"Project, version {version.number}"
    if version.status is VersionStatus.DELETED:
        return Block(
            version.ref,
            caption,
            "deleted",
            project.name,
            state=BlockState.DELETED,
            project_id=project.id,
            created_at=version.created_at,
            person=by.person,
            maker=by.maker,
        )
    chips = [f"v{version.number}"]
    more = statistics.items - before.items if before else 0
    if more:
        chips.append(signed(more))
    elif version.title and version.title != f"Version {version.number}" and len(version.title) <= 12:
        chips.append(version.title)
    return Block(
        version.ref,
        caption,
        project.name,
        items_in_words(statistics),
        tuple(chips),
        previews=_previews(statistics, version.tree, project.id),
        project_id=project.id,
        created_at=version.created_at,
        person=by.person,
        maker=by.maker,
        description=version.description or texts.get(version.ref, ""),
    )


def state_block(
    state: State, project: Project, statistics: Statistics | None, texts: Texts, by: Origin = UNKNOWN
) -> Block:
    """The block of an intermediate state; without statistics its content was not kept, which it says."""
    ref = BlockRef(BlockKind.STATE, state.id)
    kept, statistics = statistics is not None, statistics or Statistics()
    return Block(
        ref,
        "Intermediate state",
        project.name,
        f"changed after v{state.after}" if state.after else items_in_words(statistics),
        (state.label, "not saved" if kept else "not kept"),
        BlockState.UNSAVED,
        _previews(statistics, state.tree, project.id),
        project_id=project.id,
        created_at=state.created_at,
        person=by.person,
        maker=by.maker,
        description=texts.get(ref, ""),
    )


def project_block(project: Project, texts: Texts, by: Origin = UNKNOWN) -> Block:
    ref = BlockRef(BlockKind.PROJECT, project.id)
    return Block(
        ref,
        "Project",
        project.name,
        "no version yet",
        state=BlockState.UNSAVED,
        project_id=project.id,
        created_at=project.created_at,
        person=by.person,
        maker=by.maker,
        description=project.description or texts.get(ref, ""),
    )


def task_block(task: Task, texts: Texts, by: Origin = UNKNOWN) -> Block:
    running = task.status is TaskStatus.RUNNING
    chips: tuple[str, ...] = ()
    if running:
        chips = (percent(task.progress) or "running",)
    elif task.status is TaskStatus.DONE and task.seconds is not None:
        chips = (duration(task.seconds),)
    elif task.status is not TaskStatus.DONE:
        chips = (task.status.value,)
    metric = last_metric(task) if running else ""
    return Block(
        task.ref,
        TASK_CAPTIONS.get(task.kind, "App"),
        task.name,
        (metric or task.progress_text) if running else failure(task) or task.message,
        chips,
        _TASK_STATES[task.status],
        progress=task.progress if running else None,
        task_kind=task.kind,
        created_at=task.created_at,
        person=by.person,
        maker=by.maker,
        description=texts.get(task.ref, ""),
        step=task.progress_text if metric else "",
        left=time_left(task),
        app=task.app or "",
    )


def pending_model(task: Task, by: Origin = UNKNOWN) -> Block:
    """The model that a running training will make; its id is the task's with a minus."""
    ref = BlockRef(BlockKind.MODEL, -task.id)
    return Block(
        ref,
        "Model",
        "when training ends",
        state=BlockState.UNSAVED,
        created_at=task.created_at,
        person=by.person,
        maker=by.maker,
    )


def model_block(model: Model, report: Report | None, texts: Texts, by: Origin = UNKNOWN) -> Block:
    fact = f"mAP {measured('map', report.metrics.get('map'))}" if report else model.framework
    return Block(
        model.ref,
        f"Model, version {model.number}",
        model.name,
        fact,
        (size(model.size),),
        created_at=model.created_at,
        person=by.person,
        maker=by.maker,
        description=texts.get(model.ref, ""),
    )


def report_block(report: Report, before: Report | None, texts: Texts, by: Origin = UNKNOWN) -> Block:
    value = report.metrics.get("map")
    chips: tuple[str, ...] = ()
    earlier = before.metrics.get("map") if before else None
    if value is not None and earlier is not None:
        chips = (f"{value - earlier:+.3f}",)
    return Block(
        report.ref,
        f"Report on {report.split}" if len(report.split) <= 20 else "Report",
        report.name,
        f"mAP {measured('map', value)}",
        chips,
        created_at=report.created_at,
        person=by.person,
        maker=by.maker,
        description=texts.get(report.ref, ""),
    )


def dataset_block(dataset: Dataset, project: Project, texts: Texts, by: Origin = UNKNOWN) -> Block:
    ref = BlockRef(BlockKind.DATASET, dataset.id)
    return Block(
        ref,
        "Dataset",
        dataset.name,
        count(dataset.items, "item"),
        project_id=project.id,
        created_at=dataset.created_at,
        person=by.person,
        maker=by.maker,
        description=texts.get(ref, ""),
    )


def file_block(file: FileEntry, texts: Texts, by: Origin = UNKNOWN) -> Block:
    ref = BlockRef(BlockKind.FILE, file.id)
    caption = "Model weights" if file.model_weight else "Folder" if file.is_dir else "File"
    fact = "" if file.is_dir else size(file.size)
    return Block(
        ref,
        caption,
        file.name,
        fact,
        created_at=file.created_at,
        description=texts.get(ref, ""),
        person=by.person,
        maker=by.maker,
    )


def job_block(job: LabelingJob, texts: Texts, by: Origin = UNKNOWN) -> Block:
    ref = BlockRef(BlockKind.JOB, job.id)
    fact = f"{job.items_done:,} of {job.items_total:,} done" if job.items_total else job.assigned_to
    return Block(
        ref,
        "Labeling job",
        job.name,
        fact,
        (job.status,),
        project_id=job.project_id,
        created_at=job.created_at,
        person=by.person,
        maker=by.maker,
        description=job.description or texts.get(ref, ""),
    )


def _previews(statistics: Statistics, tree: str, project_id: int) -> tuple[Preview, ...]:
    return tuple(Preview(tree, path, project_id) for path in statistics.previews[:4])
