# ruff: noqa: ARG002 - signatures are those of the Supervisely SDK, used or not
"""What the running app says about itself."""

from functools import cached_property
from typing import TYPE_CHECKING, Any

from clew.sdk.workflow import WorkflowApi

if TYPE_CHECKING:
    from clew.sdk.api import Api


class AppApi:
    """`api.app`."""

    def __init__(self, api: "Api") -> None:
        self._api = api

    @cached_property
    def workflow(self) -> WorkflowApi:
        """Records the inputs and outputs of the task."""
        return WorkflowApi(self._api)

    def set_output_text(
        self,
        task_id: int | None,
        title: str,
        description: str | None = None,
        show_logs: bool = False,
        zmdi_icon: str = "zmdi-comment-alt-text",
        icon_color: str = "#33c94c",
        background_color: str = "#d9f7e4",
        download: bool = False,
    ) -> dict[str, Any]:
        """Say in a sentence what the task came to; it is shown as the message of the task."""
        return self._say(task_id, f"{title}: {description}" if description else title)

    def set_output_project(
        self,
        task_id: int | None,
        project_id: int,
        project_name: str | None = None,
        image_url: str | None = None,
        project_preview: str | None = None,
    ) -> dict[str, Any]:
        """Say that a project is what the task made: its message names it, and the output is recorded."""
        recorded = self.workflow.add_output_project(project_id, task_id=task_id)
        if project_name is None:
            project = self._api.project.get_info_by_id(project_id)
            project_name = project.name if project else f"project {project_id}"
        return {**self._say(task_id, f"Made {project_name}"), **recorded}

    def _say(self, task_id: int | None, text: str) -> dict[str, Any]:
        from clew.services.tasks import set_message

        session = self._api.session

        def work() -> int:
            task = session.task() if task_id is None else task_id
            set_message(session.workspace, task, text)
            return task

        task, reason = session.quietly("The message was not kept", work)
        return {"recorded": False, "reason": reason} if reason else {"recorded": True, "task_id": task}
