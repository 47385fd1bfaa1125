"""Tasks: the current one, any other, starting one and waiting for it."""

import time
from collections.abc import Mapping
from enum import StrEnum
from pathlib import Path
from typing import TYPE_CHECKING, Any

from clew.base.clock import to_iso
from clew.model.refs import BlockKind, BlockRef
from clew.sdk.convert import input_ref
from clew.sdk.infos import THE_TEAM, THE_WORKSPACE, InputRef, ModelInfo, ProjectInfo

if TYPE_CHECKING:
    from clew.model.entities import Task
    from clew.sdk.api import Api

PROGRESS_EVERY = 0.1  # seconds between two rows of progress


class TaskApi:
    """`api.task`."""

    class Status(StrEnum):
        """Names as in the Supervisely SDK, values as Clew keeps them."""

        QUEUED = "waiting"
        STARTED = "running"
        FINISHED = "done"
        ERROR = "failed"
        STOPPED = "cancelled"
        LOST = "lost"

    def __init__(self, api: "Api") -> None:
        self._api = api
        self._current: CurrentTask | None = None

    def get_info_by_id(self, id: int) -> dict[str, Any]:
        """A task as a dict with "id", "name", "status", "teamId", "meta" ({"app": {"id", "name"}, …}) …

        Raises:
            UserError: there is none.
        """
        from clew.services.tasks import get_task

        return _as_dict(get_task(self._api.workspace, id))

    def current(self) -> "CurrentTask":
        """The task that this program records into; for a plain script its session."""
        if self._current is None:
            self._current = CurrentTask(self._api)
        return self._current

    def start(
        self,
        app: str,
        inputs: Mapping[str, "InputRef | ProjectInfo | ModelInfo | BlockRef | str"] | None = None,
        params: Mapping[str, Any] | None = None,
    ) -> int:
        """Start an app and return the id of its task at once.

        Args:
            app: its name in app.toml, as "evaluate".
            inputs: by the names that the app gives them: what `api.task.current().inputs` holds, a
                ProjectInfo (its latest state), a ModelInfo, or a text such as "version:12".
            params: by name; checked against what the app takes.

        Raises:
            UserError: there is no such app, or an input or a parameter does not fit.
        """
        from clew.runner.launch import launch

        refs = {name: _block(value) for name, value in (inputs or {}).items()}
        task = launch(self._api.workspace, app, refs, dict(params or {}), parent=self._api.task_id)
        return task.id

    def wait(self, id: int, timeout: float | None = None) -> dict[str, Any]:
        """Wait until a task is over, and return it as `get_info_by_id` does.

        Args:
            id: the task.
            timeout: seconds after which it is returned as it is; without one, wait as long as it takes.
        """
        from clew.services.tasks import get_task

        ends = None if timeout is None else time.monotonic() + timeout
        if ends is None:
            from clew.runner.wait import wait

            return _as_dict(wait(self._api.workspace, id))
        while True:
            task = get_task(self._api.workspace, id)
            if task.status.over or time.monotonic() >= ends:
                return _as_dict(task)
            time.sleep(PROGRESS_EVERY)


class CurrentTask:
    """The running task, from inside. Reporting never breaks the program."""

    def __init__(self, api: "Api") -> None:
        self._api = api
        self._session = api.session
        self._reported = 0.0

    @property
    def id(self) -> int:
        """The id; a plain script's session is made when it is asked for."""
        return self._session.task()

    @property
    def name(self) -> str:
        """What the app or the script is called."""
        return self._task().name

    @property
    def params(self) -> dict[str, Any]:
        """The parameters it was started with."""
        return dict(self._task().params)

    @property
    def inputs(self) -> dict[str, InputRef]:
        """The inputs it was started with, by the names that app.toml gives them."""
        from clew.services.tasks import named_inputs

        ws = self._api.workspace
        return {name: input_ref(ws, ref) for name, ref in named_inputs(ws, self.id).items()}

    @property
    def folder(self) -> Path:
        """A folder of its own, kept with the task."""
        from clew.services.tasks import task_folder

        folder = task_folder(self._api.workspace, self.id)
        folder.mkdir(parents=True, exist_ok=True)
        return folder

    def progress(self, done: float, total: float | None = None, text: str = "") -> None:
        """Say how far it is: `done` of `total`, or without a total a fraction from 0 to 1.

        A total of 0 is one that is not known.

        May be called as often as you like: at most ten a second are kept, and the last one is.
        """
        now = time.monotonic()
        last = done >= (1.0 if total is None else total)
        if not last and now - self._reported < PROGRESS_EVERY:
            return
        self._reported = now
        whole = 1.0 if total is None else float(total)
        fraction = min(1.0, max(0.0, done / whole)) if whole > 0 else None

        def work() -> None:
            from clew.services.tasks import set_progress

            set_progress(self._session.workspace, self.id, fraction, text)

        self._session.quietly("Progress not kept", work)

    def metric(self, name: str, value: float) -> None:
        """Keep the last value of a figure, as `metric("loss", 0.31)`."""

        def work() -> None:
            from clew.services.tasks import set_metric

            set_metric(self._session.workspace, self.id, **{name: float(value)})

        self._session.quietly(f"Metric {name} not kept", work)

    def message(self, text: str) -> None:
        """Say in one sentence what it came to."""

        def work() -> None:
            from clew.services.tasks import set_message

            set_message(self._session.workspace, self.id, text)

        self._session.quietly("Message not kept", work)

    def _task(self) -> "Task":
        from clew.services.tasks import get_task

        return get_task(self._api.workspace, self.id)


def _block(value: "InputRef | ProjectInfo | ModelInfo | BlockRef | str") -> BlockRef:
    if isinstance(value, BlockRef):
        return value
    if isinstance(value, InputRef):
        return BlockRef(BlockKind(value.kind), value.id)
    if isinstance(value, ProjectInfo):
        return BlockRef(BlockKind.PROJECT, value.id)
    if isinstance(value, ModelInfo):
        return BlockRef(BlockKind.MODEL, value.id)
    return BlockRef.parse(value)


def _as_dict(task: "Task") -> dict[str, Any]:
    def moment(at: int | None) -> str | None:
        return None if at is None else to_iso(at)

    return {
        "id": task.id,
        "name": task.name,
        "type": task.kind,
        "status": task.status.value,
        "teamId": THE_TEAM,
        "workspaceId": THE_WORKSPACE,
        "createdBy": task.created_by,
        "createdAt": to_iso(task.created_at),
        "startedAt": moment(task.started_at),
        "finishedAt": moment(task.finished_at),
        "exitCode": task.exit_code,
        "message": task.message,
        "progress": task.progress,
        "notes": list(task.notes),
        "metrics": dict(task.metrics),
        "parentId": task.parent_id,
        "settings": {"params": dict(task.params)},
        "meta": {
            "app": {"id": task.app, "name": task.name},
            "params": dict(task.params),
            "code": dict(task.code),
        },
    }
