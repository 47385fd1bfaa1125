"""The entities of a workspace as values. Moments are microseconds since 1970 in UTC, sizes are bytes."""

from dataclasses import dataclass, field
from enum import StrEnum
from typing import Any

from clew.model.refs import BlockKind, BlockRef


@dataclass(frozen=True)
class User:
    """Who did something: a person on a machine."""

    id: int
    name: str
    machine: str


@dataclass(frozen=True)
class Project:
    """A named working folder; `folder` is absolute, `format` is what its annotations are written in."""

    id: int
    name: str
    description: str
    folder: str
    managed: bool  # inside the workspace, or linked: where the person has it
    format: str  # "clew" when managed; "images", "coco", "yolo" or "files" when linked
    created_at: int
    updated_at: int
    created_by: int
    custom: dict[str, Any] = field(default_factory=dict)


@dataclass(frozen=True)
class Dataset:
    """A folder of items inside a project; `path` is relative with "/" ("train/grass")."""

    id: int
    project_id: int
    parent_id: int | None
    name: str
    path: str
    created_at: int
    items: int = 0  # items directly in it, at the last look


class VersionStatus(StrEnum):
    SAVED = "saved"
    DELETED = "deleted"  # the tombstone: history stays readable


@dataclass(frozen=True)
class Version:
    """A saved, immutable, bit-exact state of a project; `tree` is the id of its root folder object."""

    id: int
    project_id: int
    number: int
    title: str
    description: str
    tree: str
    status: VersionStatus
    files: int
    size: int  # bytes of all its files
    added: int  # bytes that were new to the store when it was saved
    created_at: int
    created_by: int
    task_id: int | None = None  # the task that had it saved, if any
    deleted_at: int | None = None

    @property
    def ref(self) -> BlockRef:
        return BlockRef(BlockKind.VERSION, self.id)


@dataclass(frozen=True)
class State:
    """An intermediate state: what an app saw or left between versions; "2.1" is `after`=2, `minor`=1."""

    id: int
    project_id: int
    after: int  # number of the version before it, 0 for none
    minor: int
    tree: str
    version_id: int | None  # the version it became, if it was promoted
    task_id: int | None
    created_at: int
    created_by: int

    @property
    def label(self) -> str:
        return f"{self.after}.{self.minor}"


@dataclass(frozen=True)
class Statistics:
    """What a tree of a project holds, counted once per tree."""

    items: int = 0  # pictures, videos or other files that are items
    annotated: int = 0  # items with at least one object
    objects: int = 0
    classes: dict[str, int] = field(default_factory=dict)  # objects per class
    datasets: dict[str, int] = field(default_factory=dict)  # items per dataset path
    previews: tuple[str, ...] = ()  # paths of a few pictures, spread over the datasets
    pictures: int = 0  # items that are pictures


class AppKind(StrEnum):
    IMPORT = "import"
    TRAIN = "train"
    EVALUATE = "evaluate"
    EXPORT = "export"
    PROCESS = "process"


@dataclass(frozen=True)
class Parameter:
    """One parameter of an app, from which the dialog builds its field."""

    name: str
    type: str  # "int", "float", "bool", "text", "choice", "file", "folder"
    default: Any = None
    label: str = ""
    help: str = ""
    minimum: float | None = None
    maximum: float | None = None
    choices: tuple[str, ...] = ()
    required: bool = False


@dataclass(frozen=True)
class AppInput:
    """One input that an app takes: `kind` is "project", "model" or "file"."""

    name: str
    kind: str
    label: str = ""
    required: bool = True


@dataclass(frozen=True)
class App:
    """A program that Clew can start, as `app.toml` describes it."""

    slug: str
    name: str
    kind: AppKind
    description: str
    command: tuple[str, ...]
    inputs: tuple[AppInput, ...]
    parameters: tuple[Parameter, ...]
    folder: str  # where app.toml lies
    built_in: bool
    version: str = ""
    hidden: bool = False  # started by Clew itself, not offered in lists
    requires: tuple[str, ...] = ()  # modules that must be importable by the Python that runs it
    extra: str = ""  # the extra of Clew that brings them


class TaskStatus(StrEnum):
    WAITING = "waiting"
    RUNNING = "running"
    DONE = "done"
    FAILED = "failed"
    CANCELLED = "cancelled"
    LOST = "lost"  # its process is gone and left no outcome: killed, or the machine went down

    @property
    def over(self) -> bool:
        return self not in (TaskStatus.WAITING, TaskStatus.RUNNING)


@dataclass(frozen=True)
class Task:
    """One run of an app, or of a script that uses the SDK."""

    id: int
    app: str | None  # slug; None for a plain script
    name: str
    kind: str  # an AppKind value, or "script"
    status: TaskStatus
    params: dict[str, Any]
    code: dict[str, Any]  # script, git commit, app version
    environment: dict[str, Any]  # Python, packages, machine
    created_at: int
    started_at: int | None
    finished_at: int | None
    created_by: int
    progress: float | None = None  # 0 to 1
    progress_text: str = ""
    message: str = ""  # how it ended, in one sentence
    exit_code: int | None = None
    pid: int | None = None
    notes: tuple[str, ...] = ()  # what could not be recorded, and other remarks
    metrics: dict[str, float] = field(default_factory=dict)  # last values that the app reported
    parent_id: int | None = None  # the task that started this one (the evaluation after a training)
    inputs: dict[str, str] = field(default_factory=dict)  # what it was started with: {"project": "version:3"}
    icon: str = ""  # shown instead of the kind's icon, set by a script's WorkflowSettings
    pace: tuple[
        tuple[float, float], ...
    ] = ()  # (seconds since the start, fraction), as `model.pace` keeps it
    last_metric: str = ""  # the figure in `metrics` that was reported last

    @property
    def ref(self) -> BlockRef:
        return BlockRef(BlockKind.TASK, self.id)

    @property
    def seconds(self) -> float | None:
        if self.started_at is None or self.finished_at is None:
            return None
        return (self.finished_at - self.started_at) / 1e6


@dataclass(frozen=True)
class LabelingJob:
    """A piece of annotation work given to someone."""

    id: int
    name: str
    description: str
    project_id: int
    dataset_id: int | None
    assigned_to: str
    status: str  # "open", "in progress", "done"
    items_total: int
    items_done: int
    created_at: int
    created_by: int


@dataclass(frozen=True)
class FileEntry:
    """A file or folder that took part in a task, known by path and content."""

    id: int
    name: str
    path: str  # absolute, or as the program gave it
    size: int
    hash: str  # BLAKE3 of the content in hex; "" for a folder
    is_dir: bool
    model_weight: bool
    created_at: int
    created_by: int


@dataclass(frozen=True)
class Model:
    """A trained model; `tree` holds its weight files and everything needed to run it again."""

    id: int
    name: str
    number: int  # counts models of the same name: 1, 2, 3
    framework: str
    classes: tuple[str, ...]
    tree: str
    size: int
    files: int
    task_id: int | None
    version_id: int | None  # trained on
    created_at: int
    created_by: int
    info: dict[str, Any] = field(default_factory=dict)

    @property
    def ref(self) -> BlockRef:
        return BlockRef(BlockKind.MODEL, self.id)


@dataclass(frozen=True)
class Report:
    """The result of evaluating one model, or one set of predictions, on one split of one version."""

    id: int
    name: str
    model_id: int | None
    version_id: int
    task_id: int | None
    split: str  # a dataset path, or "all"
    metrics: dict[str, float | None]  # "map", "ap50", … as metrics.detection names them; None is undefined
    tree: str  # holds evaluation.json and predictions.json
    created_at: int
    created_by: int

    @property
    def ref(self) -> BlockRef:
        return BlockRef(BlockKind.REPORT, self.id)


@dataclass(frozen=True)
class Link:
    """Something went from `source` to `target`; one end is a task unless a person drew it by hand."""

    id: int
    source: BlockRef
    target: BlockRef
    task_id: int | None
    title: str
    meta: dict[str, Any]
    by_hand: bool
    created_at: int
    created_by: int


@dataclass(frozen=True)
class Changes:
    """What was touched in the workspace since a moment: kinds ("version", "task", "position" …) and ids."""

    seq: int
    touched: frozenset[tuple[str, int]] = frozenset()

    def kinds(self) -> frozenset[str]:
        return frozenset(kind for kind, _ in self.touched)

    def touches(self, *kinds: str) -> bool:
        return any(kind in kinds for kind, _ in self.touched)
