"""Labeling jobs: annotation work given to someone."""

from typing import TYPE_CHECKING

from clew.base.errors import UserError
from clew.sdk.convert import labeling_job_info
from clew.sdk.infos import LabelingJobInfo

if TYPE_CHECKING:
    from clew.model.entities import LabelingJob
    from clew.sdk.api import Api


class LabelingJobApi:
    """`api.labeling_job`."""

    def __init__(self, api: "Api") -> None:
        self._api = api

    def get_info_by_id(self, id: int) -> LabelingJobInfo:
        """One labeling job.

        Raises:
            UserError: there is none.
        """
        from clew.services.jobs import get_job

        return self._info(get_job(self._api.workspace, id))

    def get_list(self, project_id: int | None = None) -> list[LabelingJobInfo]:
        """All labeling jobs, or those of one project."""
        from clew.services.jobs import list_jobs

        found = list_jobs(self._api.workspace)
        return [self._info(job) for job in found if project_id in (None, job.project_id)]

    def create(
        self,
        name: str,
        project_id: int,
        assigned_to: str,
        dataset_id: int | None = None,
        description: str = "",
    ) -> LabelingJobInfo:
        """Give the items of a project, or of one dataset of it, to a person to annotate."""
        from clew.services.jobs import create_job

        return self._info(
            create_job(
                self._api.workspace,
                name,
                project_id,
                dataset_id=dataset_id,
                assigned_to=assigned_to,
                description=description,
            )
        )

    def update(self, id: int, status: str | None = None, items_done: int | None = None) -> LabelingJobInfo:
        """Say how far the work is; the status is "open", "in progress" or "done"."""
        from clew.services.jobs import update_job

        return self._info(update_job(self._api.workspace, id, status=status, items_done=items_done))

    def _info(self, job: "LabelingJob") -> LabelingJobInfo:
        from clew.services.projects import get_project

        try:
            name = get_project(self._api.workspace, job.project_id).name
        except UserError:
            name = None
        return labeling_job_info(job, name)
