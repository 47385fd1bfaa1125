"""`Api`: the workspace from a program of one's own. Heavy parts are imported when they are first used."""

import os
import re
from functools import cached_property
from pathlib import Path
from types import TracebackType
from typing import TYPE_CHECKING

from clew.base.about import VERSION
from clew.base.errors import UsageError
from clew.base.find_workspace import ENV_FILE, find_workspace, read_env_file
from clew.sdk.session import Session, session_for

if TYPE_CHECKING:
    from collections.abc import Sequence

    from clew.model.search import Hit
    from clew.sdk.app import AppApi
    from clew.sdk.dataset import DatasetApi
    from clew.sdk.file import FileApi
    from clew.sdk.labeling_job import LabelingJobApi
    from clew.sdk.lineage import LineageApi
    from clew.sdk.model import ModelApi
    from clew.sdk.project import ProjectApi
    from clew.sdk.report import ReportApi
    from clew.sdk.task import TaskApi
    from clew.services.workspace import Workspace

SURFACE = (6, 74, 51)  # the version of the Supervisely SDK whose names and shapes this one follows


class Api:
    """A workspace, and the task that this program records into.

    `api.app.workflow` records what goes in and out; `api.project`, `api.dataset`, `api.file`,
    `api.task`, `api.labeling_job`, `api.model`, `api.report` and `api.workflow` read and change things.
    """

    def __init__(self, workspace: str | os.PathLike[str] | None = None, task_id: int | None = None) -> None:
        """Use a workspace outright; without a task the program gets a session of its own when it records.

        Raises:
            UserError: there is no workspace.
        """
        self._session = session_for(find_workspace(workspace), task_id)

    @classmethod
    def from_env(
        cls,
        retry_count: int = 10,  # noqa: ARG003 - part of the compatible signature; nothing here is remote
        ignore_task_id: bool = False,
        env_file: str | os.PathLike[str] = ENV_FILE,
        check_instance_version: bool | str = False,
    ) -> "Api":
        """Use the workspace and the task that the environment names.

        Args:
            retry_count: accepted so that programs move over unchanged; nothing here goes over a network.
            ignore_task_id: record into a session of its own even inside a task.
            env_file: lines of NAME=VALUE, asked for CLEW_WORKSPACE and CLEW_TASK_ID when the environment
                has none.
            check_instance_version: a version that must be supported, or True for any.

        Raises:
            UserError: no workspace is named or around; the sentence says what to do.
            UsageError: CLEW_TASK_ID is no number, or the version is not supported.
        """
        kept = read_env_file(env_file)
        task = os.environ.get("CLEW_TASK_ID") or kept.get("CLEW_TASK_ID") or ""
        if task and not task.isdecimal():
            raise UsageError(f"CLEW_TASK_ID must be the number of a task, but it is {task!r}")
        api = cls(find_workspace(env_file=env_file), int(task) if task and not ignore_task_id else None)
        if isinstance(check_instance_version, str) and not api.is_version_supported(check_instance_version):
            raise UsageError(f"This program needs version {check_instance_version}; install a newer Clew")
        return api

    @property
    def task_id(self) -> int | None:
        """The task that is recorded into; None while a plain script has recorded nothing yet."""
        return self._session.known_task

    @property
    def workspace_path(self) -> Path:
        """The folder of the workspace."""
        return self._session.path

    @property
    def workspace(self) -> "Workspace":
        """The open workspace, as the services take it; not part of the stable surface."""
        return self._session.workspace

    @property
    def session(self) -> Session:
        """The session that the parts of the SDK record into; not part of the stable surface."""
        return self._session

    @property
    def instance_version(self) -> str:
        """The version of Clew."""
        return VERSION

    def is_version_supported(self, version: str) -> bool:
        """Whether a program written for `version` finds here what it needs.

        Numbers from 6 up are versions of the Supervisely SDK, whose surface is followed up to 6.74.51;
        smaller ones are versions of Clew.
        """
        wanted = _numbers(version)
        return wanted <= (SURFACE if wanted[:1] >= (6,) else _numbers(self.instance_version))

    def close(self) -> None:
        """Close the workspace and end this script's session; not needed at the end of a program."""
        self._session.close()

    def __enter__(self) -> "Api":
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._session.close(error)

    @cached_property
    def app(self) -> "AppApi":
        """What the running app says about itself, and `workflow`, which records."""
        from clew.sdk.app import AppApi

        return AppApi(self)

    @cached_property
    def project(self) -> "ProjectApi":
        """Projects, and their versions under `project.version`."""
        from clew.sdk.project import ProjectApi

        return ProjectApi(self)

    @cached_property
    def dataset(self) -> "DatasetApi":
        """Datasets: folders of items in a project."""
        from clew.sdk.dataset import DatasetApi

        return DatasetApi(self)

    @cached_property
    def file(self) -> "FileApi":
        """Files that belong to the workspace and to no project."""
        from clew.sdk.file import FileApi

        return FileApi(self)

    @cached_property
    def task(self) -> "TaskApi":
        """Tasks: the current one, any other, starting and waiting."""
        from clew.sdk.task import TaskApi

        return TaskApi(self)

    @cached_property
    def labeling_job(self) -> "LabelingJobApi":
        """Labeling jobs."""
        from clew.sdk.labeling_job import LabelingJobApi

        return LabelingJobApi(self)

    @cached_property
    def model(self) -> "ModelApi":
        """Trained models."""
        from clew.sdk.model import ModelApi

        return ModelApi(self)

    @cached_property
    def report(self) -> "ReportApi":
        """Reports: results of evaluations."""
        from clew.sdk.report import ReportApi

        return ReportApi(self)

    @cached_property
    def workflow(self) -> "LineageApi":
        """The graph of what was made from what, to read."""
        from clew.sdk.lineage import LineageApi

        return LineageApi(self)

    def search(self, words: str, kinds: "Sequence[str]" = (), limit: int = 50) -> "list[Hit]":
        """Things by words, the best first: every word must begin a word of a name, a kind, a person, a
        version, a description, a tag, a parameter, a metric or a message; case and accents do not count.

        Args:
            words: as one would type them; nothing in them is an operator.
            kinds: only these: "project", "version", "task", "model", "report", "file", "note" …
            limit: how many at most.

        Raises:
            UsageError: a kind is not known.
        """
        from clew.model.refs import BlockKind
        from clew.services.search import search

        known = {kind.value: kind for kind in BlockKind}
        if unknown := [kind for kind in kinds if kind not in known]:
            raise UsageError(f"{unknown[0]!r} is no kind; the kinds are {', '.join(known)}")
        found = search(self.workspace, words, kinds=[known[kind] for kind in kinds], limit=limit)
        return list(found.hits)


def _numbers(version: str) -> tuple[int, ...]:
    """(6, 74, 51) of "6.74.51" or "v6.74.51rc1".

    Raises:
        UsageError: there is no number in it.
    """
    found = re.match(r"v?(\d+(?:\.\d+)*)", version.strip())
    if not found:
        raise UsageError(f"{version!r} is no version; write it as 6.74.51")
    return tuple(int(part) for part in found[1].split("."))
