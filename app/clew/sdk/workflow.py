"""Records what a task took and made. No call here ever breaks the program that makes it."""

import os
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING, Any

from clew.base.errors import UserError
from clew.model.refs import BlockKind, BlockRef
from clew.sdk.infos import DatasetInfo, FileInfo, ProjectInfo
from clew.sdk.meta import WorkflowMeta, link_meta

if TYPE_CHECKING:
    from clew.sdk.api import Api

Meta = WorkflowMeta | dict[str, Any] | None
Resolve = Callable[[int], BlockRef]


class WorkflowApi:
    """`api.app.workflow`: each method returns a dict with "recorded".

    What could not be recorded is kept as a note on the task, and told as {"recorded": False, "reason": …}.
    """

    def __init__(self, api: "Api") -> None:
        self._api = api
        self._enabled = True

    def enable(self) -> None:
        """Record again."""
        self._enabled = True

    def disable(self) -> None:
        """Record nothing until `enable`."""
        self._enabled = False

    def is_enabled(self) -> bool:
        """Whether calls record."""
        return self._enabled

    def check_instance_compatibility(self, min_instance_version: str | None = None) -> bool:
        """Whether recording works for a program that needs `min_instance_version`."""
        return min_instance_version is None or self._api.is_version_supported(min_instance_version)

    def add_input_project(
        self,
        project: int | ProjectInfo | None = None,
        version_id: int | None = None,
        version_num: int | None = None,
        task_id: int | None = None,
        meta: Meta = None,
    ) -> dict[str, Any]:
        """The task reads a project: a version of it, or without one the state it is in now."""
        return self._record("input", self._project(project, version_id, version_num), task_id, meta)

    def add_input_dataset(
        self, dataset: int | DatasetInfo, task_id: int | None = None, meta: Meta = None
    ) -> dict[str, Any]:
        """The task reads a dataset."""
        return self._record("input", self._dataset(dataset), task_id, meta)

    def add_input_file(
        self,
        file: int | FileInfo | str,
        model_weight: bool = False,
        task_id: int | None = None,
        meta: Meta = None,
    ) -> dict[str, Any]:
        """The task reads a file; with `model_weight` it is kept as a model, its content with it."""
        return self._record("input", self._file(file, model_weight), task_id, meta)

    def add_input_folder(self, path: str, task_id: int | None = None, meta: Meta = None) -> dict[str, Any]:
        """The task reads a folder of files."""
        return self._record("input", self._file(path, False), task_id, meta)

    def add_input_task(
        self, input_task_id: int, task_id: int | None = None, meta: Meta = None
    ) -> dict[str, Any]:
        """The task uses what another task offers."""
        return self._record("input", self._task(input_task_id), task_id, meta)

    def add_input_job(self, id: int, task_id: int | None = None, meta: Meta = None) -> dict[str, Any]:
        """The task reads the result of a labeling job."""
        return self._record("input", self._job(id), task_id, meta)

    def add_output_project(
        self,
        project: int | ProjectInfo,
        version_id: int | None = None,
        task_id: int | None = None,
        meta: Meta = None,
    ) -> dict[str, Any]:
        """The task made or changed a project: a version of it, or without one the state it is in now."""
        return self._record("output", self._project(project, version_id, None), task_id, meta)

    def add_output_dataset(
        self, dataset: int | DatasetInfo, task_id: int | None = None, meta: Meta = None
    ) -> dict[str, Any]:
        """The task made or changed a dataset."""
        return self._record("output", self._dataset(dataset), task_id, meta)

    def add_output_file(
        self,
        file: int | FileInfo | str,
        model_weight: bool = False,
        task_id: int | None = None,
        meta: Meta = None,
    ) -> dict[str, Any]:
        """The task made a file; with `model_weight` it is kept as a model, its content with it."""
        return self._record("output", self._file(file, model_weight, made=True), task_id, meta)

    def add_output_folder(self, path: str, task_id: int | None = None, meta: Meta = None) -> dict[str, Any]:
        """The task made a folder of files."""
        return self._record("output", self._file(path, False), task_id, meta)

    def add_output_app(self, task_id: int | None = None, meta: Meta = None) -> dict[str, Any]:
        """The task leaves its own folder behind, to be opened later."""
        return self._record("output", self._own_folder(), task_id, meta)

    def add_output_task(
        self, output_task_id: int, task_id: int | None = None, meta: Meta = None
    ) -> dict[str, Any]:
        """The task started another task."""
        return self._record("output", self._task(output_task_id), task_id, meta)

    def add_output_job(self, id: int, task_id: int | None = None, meta: Meta = None) -> dict[str, Any]:
        """The task made a labeling job."""
        return self._record("output", self._job(id), task_id, meta)

    def _record(self, side: str, resolve: Resolve, task_id: int | None, meta: Meta) -> dict[str, Any]:
        """The one door: find out what is meant, write the link, and let no failure out."""
        if not self._enabled:
            return {"recorded": False, "reason": "recording is switched off (api.app.workflow.enable())"}
        session = self._api.session

        def work() -> dict[str, Any]:
            from clew.services.workflow import record_input, record_output

            task = session.task() if task_id is None else task_id
            ref = resolve(task)
            title, kept = link_meta(meta)
            write = record_input if side == "input" else record_output
            link = write(session.workspace, task, ref, title=title, meta=kept)
            return {
                "recorded": True,
                "id": link.id,
                "task_id": task,
                "type": side,
                "data_type": ref.kind.value,
                "data_id": ref.id,
            }

        answer, reason = session.quietly("1 link not recorded", work, task_id)
        return {"recorded": False, "reason": reason} if reason else dict(answer)

    def _project(
        self, project: int | ProjectInfo | None, version_id: int | None, version_num: int | None
    ) -> Resolve:
        def resolve(task: int) -> BlockRef:
            from clew.services.versions import get_version
            from clew.services.workflow import project_ref

            ws = self._api.workspace
            if project is not None:
                project_id = project if isinstance(project, int) else project.id
            elif version_id is not None:
                project_id = get_version(ws, version_id).project_id
            else:
                raise UserError("Neither a project nor the id of a version is given")
            return project_ref(ws, project_id, version_id=version_id, version_num=version_num, task_id=task)

        return resolve

    def _dataset(self, dataset: int | DatasetInfo) -> Resolve:
        def resolve(_task: int) -> BlockRef:
            from clew.services.projects import get_dataset

            wanted = dataset if isinstance(dataset, int) else dataset.id
            return BlockRef(BlockKind.DATASET, get_dataset(self._api.workspace, wanted).id)

        return resolve

    def _file(
        self, file: int | FileInfo | str | os.PathLike[str], model_weight: bool, *, made: bool = False
    ) -> Resolve:
        def resolve(task: int) -> BlockRef:
            from clew.services.files import register_file
            from clew.services.weights import keep_weights

            path = self._path_of(file)
            if model_weight:
                return keep_weights(self._api.workspace, path, task_id=task if made else None).ref
            return BlockRef(BlockKind.FILE, register_file(self._api.workspace, path).id)

        return resolve

    def _path_of(self, file: int | FileInfo | str | os.PathLike[str]) -> Path:
        if isinstance(file, FileInfo):
            return Path(file.full_storage_url)
        if isinstance(file, int):
            from clew.services.files import get_file

            return Path(get_file(self._api.workspace, file).path)
        path = Path(file).expanduser()
        if not path.exists():  # "/models/best.pt" is a file of the workspace for programs that moved here
            from clew.sdk.file import local_path

            inside = local_path(self._api.workspace_path, os.fspath(file))
            path = inside if inside.exists() else path
        return path.absolute()

    def _own_folder(self) -> Resolve:
        def resolve(task: int) -> BlockRef:
            from clew.services.files import register_file
            from clew.services.tasks import task_folder

            folder = task_folder(self._api.workspace, task)
            return BlockRef(BlockKind.FILE, register_file(self._api.workspace, folder).id)

        return resolve

    def _task(self, other: int) -> Resolve:
        def resolve(_task: int) -> BlockRef:
            from clew.services.tasks import get_task

            return get_task(self._api.workspace, other).ref

        return resolve

    def _job(self, job: int) -> Resolve:
        def resolve(_task: int) -> BlockRef:
            from clew.services.jobs import get_job

            return BlockRef(BlockKind.JOB, get_job(self._api.workspace, job).id)

        return resolve
