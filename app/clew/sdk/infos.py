"""What the SDK answers with: named tuples whose fields are those of the Supervisely SDK 6.74.

Moments are ISO 8601 in UTC, sizes are bytes. A field for which Clew has no thing is None. Team and
workspace are always 1: a workspace of Clew is one folder and has one team.
"""

from typing import Any, NamedTuple

THE_TEAM = 1
THE_WORKSPACE = 1


class ProjectInfo(NamedTuple):
    """A project as it is now; `version` is {"id", "version"} of its latest version, or None."""

    id: int
    name: str
    description: str = ""
    size: int | None = None
    readme: str | None = None
    workspace_id: int = THE_WORKSPACE
    images_count: int = 0
    items_count: int = 0
    datasets_count: int = 0
    created_at: str = ""
    updated_at: str = ""
    type: str = "images"
    reference_image_url: str | None = None
    custom_data: dict[str, Any] | None = None
    backup_archive: dict[str, Any] | None = None
    team_id: int = THE_TEAM
    settings: dict[str, Any] | None = None
    import_settings: dict[str, Any] | None = None
    version: dict[str, int] | None = None
    created_by_id: int | None = None
    embeddings_enabled: bool | None = None
    embeddings_updated_at: str | None = None
    embeddings_in_progress: bool | None = None
    local_entities_count: int | None = None
    remote_entities_count: int | None = None


class VersionInfo(NamedTuple):
    """A version; `version` is its number in the project, `name` its title, `status` "saved" or "deleted"."""

    id: int
    project_id: int
    created_by: int | None = None
    team_file_id: int | None = None
    version: int = 0
    description: str = ""
    status: str = "saved"
    created_at: str = ""
    updated_at: str = ""
    project_updated_at: str | None = None
    team_id: int = THE_TEAM
    name: str = ""
    preview_project_id: int | None = None


class StateInfo(NamedTuple):
    """An intermediate state; `label` is as in the graph ("2.1"), `kept`: it can become a version."""

    id: int
    project_id: int
    label: str
    kept: bool
    version_id: int | None  # the version it became
    created_at: str = ""


class DatasetInfo(NamedTuple):
    """A folder of items in a project; counts are of the items directly in it."""

    id: int
    name: str
    description: str = ""
    size: int | None = None
    project_id: int = 0
    images_count: int = 0
    items_count: int = 0
    created_at: str = ""
    updated_at: str = ""
    reference_image_url: str | None = None
    team_id: int = THE_TEAM
    workspace_id: int = THE_WORKSPACE
    parent_id: int | None = None
    custom_data: dict[str, Any] | None = None
    created_by: int | None = None


class FileInfo(NamedTuple):
    """A file of the workspace's "files" folder (`path` begins with "/"), or one that a task named."""

    team_id: int
    id: int | None
    user_id: int | None
    name: str
    hash: str
    path: str
    storage_path: str
    mime: str | None
    ext: str
    sizeb: int
    created_at: str
    updated_at: str
    full_storage_url: str
    is_dir: bool


class LabelingJobInfo(NamedTuple):
    """A piece of annotation work."""

    id: int
    name: str
    readme: str | None = None
    description: str = ""
    team_id: int = THE_TEAM
    workspace_id: int = THE_WORKSPACE
    workspace_name: str | None = None
    project_id: int | None = None
    project_name: str | None = None
    dataset_id: int | None = None
    dataset_name: str | None = None
    created_by_id: int | None = None
    created_by_login: str | None = None
    assigned_to_id: int | None = None
    assigned_to_login: str | None = None
    reviewer_id: int | None = None
    reviewer_login: str | None = None
    created_at: str = ""
    started_at: str | None = None
    finished_at: str | None = None
    status: str = ""
    disabled: bool | None = None
    labeling_queue_id: int | None = None
    labeling_exam_id: int | None = None
    images_count: int | None = None
    finished_images_count: int | None = None
    rejected_images_count: int | None = None
    accepted_images_count: int | None = None
    progress_images_count: int | None = None
    classes_to_label: list[str] | None = None
    tags_to_label: list[str] | None = None
    images_range: tuple[int, int] | None = None
    objects_limit_per_image: int | None = None
    tags_limit_per_image: int | None = None
    filter_images_by_tags: list[Any] | None = None
    include_images_with_tags: list[str] | None = None
    exclude_images_with_tags: list[str] | None = None
    entities: list[dict[str, Any]] | None = None
    priority: int | None = None
    guide_id: int | None = None


class ModelInfo(NamedTuple):
    """A trained model; `number` counts the models of one name."""

    id: int
    name: str
    number: int
    framework: str
    classes: tuple[str, ...]
    size: int
    files_count: int
    task_id: int | None
    version_id: int | None
    created_at: str
    created_by_id: int | None
    info: dict[str, Any]


class ReportInfo(NamedTuple):
    """The result of one evaluation; a metric that is undefined is None."""

    id: int
    name: str
    model_id: int | None
    version_id: int
    task_id: int | None
    split: str
    metrics: dict[str, float | None]
    created_at: str
    created_by_id: int | None


class InputRef(NamedTuple):
    """One input of a task. `kind` is "version", "state", "project", "dataset", "model", "file", "report" …

    `project_id`, `version_id` and `version_num` are given where the input is (part of) a project;
    `version_id` is None for an intermediate state.
    """

    kind: str
    id: int
    project_id: int | None = None
    version_id: int | None = None
    version_num: int | None = None


class BrokenItem(NamedTuple):
    """A file that an import left out, and why."""

    path: str
    reason: str


class ImportResult(NamedTuple):
    """What an import brought in."""

    project: ProjectInfo
    items: int
    objects: int
    skipped: tuple[BrokenItem, ...]


class ChangedItem(NamedTuple):
    """One item that differs between two states; `change` is "added", "removed", "edited" or "renamed"."""

    path: str
    change: str
    what: str
    old_path: str | None


class DiffInfo(NamedTuple):
    """What is different from `old` to `new`; counts are (old, new)."""

    project_id: int
    old: str
    new: str
    items: tuple[ChangedItem, ...]
    items_count: tuple[int, int]
    objects_count: tuple[int, int]
    classes: dict[str, tuple[int, int]]
    labels_changed: int
    boxes_moved: int
    files: tuple[ChangedItem, ...]


class VerifyInfo(NamedTuple):
    """Whether every byte of a version is what was saved; `damaged` names what is not."""

    project_id: int
    version_id: int
    files: int
    damaged: tuple[str, ...]

    @property
    def ok(self) -> bool:
        return not self.damaged
