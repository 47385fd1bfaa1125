"""From the values of the services to the named tuples of the SDK."""

from typing import TYPE_CHECKING

from clew.base.clock import to_iso
from clew.sdk.infos import (
    THE_TEAM,
    ChangedItem,
    DatasetInfo,
    DiffInfo,
    FileInfo,
    InputRef,
    LabelingJobInfo,
    ModelInfo,
    ProjectInfo,
    ReportInfo,
    StateInfo,
    VersionInfo,
)

if TYPE_CHECKING:
    from clew.model.changes import CountChange, FileChange, ItemChange, VersionDiff
    from clew.model.entities import (
        Dataset,
        FileEntry,
        LabelingJob,
        Model,
        Project,
        Report,
        State,
        Statistics,
        Version,
    )
    from clew.model.refs import BlockRef
    from clew.services.workspace import Workspace


def project_info(
    project: "Project", latest: "Version | None", statistics: "Statistics | None", *, updated_at: int
) -> ProjectInfo:
    """`statistics` counts the items; size is that of the latest version."""
    items = statistics.items if statistics else 0
    return ProjectInfo(
        id=project.id,
        name=project.name,
        description=project.description,
        size=latest.size if latest else None,
        images_count=items,
        items_count=items,
        datasets_count=len(statistics.datasets) if statistics else 0,
        created_at=to_iso(project.created_at),
        updated_at=to_iso(updated_at),
        custom_data={},
        version={"id": latest.id, "version": latest.number} if latest else None,
        created_by_id=project.created_by,
    )


def version_info(version: "Version") -> VersionInfo:
    changed = version.deleted_at or version.created_at
    return VersionInfo(
        id=version.id,
        project_id=version.project_id,
        created_by=version.created_by,
        version=version.number,
        description=version.description,
        status=version.status.value,
        created_at=to_iso(version.created_at),
        updated_at=to_iso(changed),
        name=version.title,
    )


def state_info(state: "State", kept: bool) -> StateInfo:
    return StateInfo(
        state.id, state.project_id, state.label, kept, state.version_id, to_iso(state.created_at)
    )


def dataset_info(dataset: "Dataset") -> DatasetInfo:
    return DatasetInfo(
        id=dataset.id,
        name=dataset.name,
        project_id=dataset.project_id,
        images_count=dataset.items,
        items_count=dataset.items,
        created_at=to_iso(dataset.created_at),
        updated_at=to_iso(dataset.created_at),
        parent_id=dataset.parent_id,
    )


def file_info(entry: "FileEntry", shown_path: str) -> FileInfo:
    """`shown_path` is the path as the caller knows it; the real one is `full_storage_url`."""
    import mimetypes

    ext = entry.name.rpartition(".")[2] if "." in entry.name.lstrip(".") and not entry.is_dir else ""
    return FileInfo(
        team_id=THE_TEAM,
        id=entry.id,
        user_id=entry.created_by,
        name=entry.name,
        hash=entry.hash,
        path=shown_path,
        storage_path=entry.path,
        mime=None if entry.is_dir else mimetypes.guess_type(entry.name)[0],
        ext=ext,
        sizeb=entry.size,
        created_at=to_iso(entry.created_at),
        updated_at=to_iso(entry.created_at),
        full_storage_url=entry.path,
        is_dir=entry.is_dir,
    )


def labeling_job_info(job: "LabelingJob", project_name: str | None) -> LabelingJobInfo:
    return LabelingJobInfo(
        id=job.id,
        name=job.name,
        description=job.description,
        project_id=job.project_id,
        project_name=project_name,
        dataset_id=job.dataset_id,
        created_by_id=job.created_by,
        assigned_to_login=job.assigned_to,
        created_at=to_iso(job.created_at),
        status=job.status,
        disabled=False,
        images_count=job.items_total,
        finished_images_count=job.items_done,
    )


def model_info(model: "Model") -> ModelInfo:
    return ModelInfo(
        id=model.id,
        name=model.name,
        number=model.number,
        framework=model.framework,
        classes=model.classes,
        size=model.size,
        files_count=model.files,
        task_id=model.task_id,
        version_id=model.version_id,
        created_at=to_iso(model.created_at),
        created_by_id=model.created_by,
        info=dict(model.info),
    )


def report_info(report: "Report") -> ReportInfo:
    return ReportInfo(
        id=report.id,
        name=report.name,
        model_id=report.model_id,
        version_id=report.version_id,
        task_id=report.task_id,
        split=report.split,
        metrics=dict(report.metrics),
        created_at=to_iso(report.created_at),
        created_by_id=report.created_by,
    )


def input_ref(ws: "Workspace", ref: "BlockRef") -> InputRef:
    """A block as the input of a task, with its project and version where it has them."""
    from clew.model.refs import BlockKind

    if ref.kind is BlockKind.VERSION:
        from clew.services.versions import get_version

        version = get_version(ws, ref.id)
        return InputRef("version", ref.id, version.project_id, version.id, version.number)
    if ref.kind is BlockKind.STATE:
        from clew.services.versions import get_state

        state = get_state(ws, ref.id)
        return InputRef("state", ref.id, state.project_id, state.version_id, None)
    if ref.kind is BlockKind.DATASET:
        from clew.services.projects import get_dataset

        return InputRef("dataset", ref.id, get_dataset(ws, ref.id).project_id)
    return InputRef(ref.kind.value, ref.id, ref.id if ref.kind is BlockKind.PROJECT else None)


def diff_info(diff: "VersionDiff") -> DiffInfo:
    def pair(counts: "CountChange") -> tuple[int, int]:
        return (counts.old, counts.new)

    def item(change: "ItemChange | FileChange") -> ChangedItem:
        return ChangedItem(change.path, change.change.value, getattr(change, "what", ""), change.old_path)

    return DiffInfo(
        project_id=diff.project_id,
        old=diff.old_label,
        new=diff.new_label,
        items=tuple(item(change) for change in diff.items),
        items_count=pair(diff.items_count),
        objects_count=pair(diff.objects_count),
        classes={name: pair(counts) for name, counts in diff.classes.items()},
        labels_changed=diff.labels_changed,
        boxes_moved=diff.boxes_moved,
        files=tuple(item(change) for change in diff.files),
    )
