# ruff: noqa: ARG002 - signatures are those of the Supervisely SDK, used or not
"""Datasets: folders of items in a project."""

from typing import TYPE_CHECKING, Any

from clew.base.errors import UserError
from clew.sdk.convert import dataset_info
from clew.sdk.infos import DatasetInfo

if TYPE_CHECKING:
    from clew.sdk.api import Api


class DatasetApi:
    """`api.dataset`."""

    def __init__(self, api: "Api") -> None:
        self._api = api

    def get_info_by_id(self, id: int, raise_error: bool = False) -> DatasetInfo | None:
        """A dataset, or None when there is none.

        Raises:
            UserError: there is none and `raise_error` is set.
        """
        from clew.services.projects import get_dataset

        try:
            return dataset_info(get_dataset(self._api.workspace, id))
        except UserError:
            if raise_error:
                raise
            return None

    def get_list(
        self,
        project_id: int,
        filters: list[dict[str, Any]] | None = None,
        recursive: bool = False,
        parent_id: int | None = None,
        include_custom_data: bool = False,
    ) -> list[DatasetInfo]:
        """The datasets directly in the project or in `parent_id`; with `recursive` all below it too."""
        from clew.sdk.filters import keep
        from clew.services.projects import list_datasets

        found = list_datasets(self._api.workspace, project_id)
        inside: set[int | None] = {parent_id}
        chosen = []
        for dataset in found:  # sorted by path, so a parent comes before its children
            if dataset.parent_id in inside:
                chosen.append(dataset_info(dataset))
                if recursive:
                    inside.add(dataset.id)
        return keep(chosen, filters)

    def create(
        self,
        project_id: int,
        name: str,
        description: str = "",
        change_name_if_conflict: bool = False,
        parent_id: int | None = None,
        custom_data: dict[str, Any] | None = None,
    ) -> DatasetInfo:
        """Make an empty dataset, inside another one with `parent_id`.

        Raises:
            UserError: there is one of this name and `change_name_if_conflict` is not set.
        """
        from clew.services.projects import create_dataset, get_dataset, list_datasets

        ws = self._api.workspace
        prefix = f"{get_dataset(ws, parent_id).path}/" if parent_id is not None else ""
        taken = {d.path for d in list_datasets(ws, project_id)}
        path, number = prefix + name, 1
        while path in taken:
            if not change_name_if_conflict:
                raise UserError(f"There is a dataset called {path} already. Choose another name.")
            number += 1
            path = f"{prefix}{name} {number}"
        return dataset_info(create_dataset(ws, project_id, path))
