# ruff: noqa: ARG002 - signatures are those of the Supervisely SDK, used or not
"""Projects: list, make, read, import into."""

from collections.abc import Callable, Iterable
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING, Any

from clew.base.errors import UserError
from clew.base.progress import ToldProgress
from clew.sdk.convert import project_info
from clew.sdk.infos import BrokenItem, ImportResult, ProjectInfo
from clew.sdk.version import VersionApi

if TYPE_CHECKING:
    from clew.model.annotations import Item
    from clew.model.entities import Project
    from clew.sdk.api import Api


class ProjectApi:
    """`api.project`."""

    def __init__(self, api: "Api") -> None:
        self._api = api

    @cached_property
    def version(self) -> VersionApi:
        """The versions of a project."""
        return VersionApi(self._api)

    def get_info_by_id(
        self,
        id: int,
        expected_type: str | None = None,
        raise_error: bool = False,
        extra_fields: list[str] | None = None,
    ) -> ProjectInfo | None:
        """A project with counts of its working folder, or None when there is none.

        Raises:
            UserError: there is none and `raise_error` is set, or it is not of `expected_type`.
        """
        from clew.services.projects import find_project, get_project

        def find() -> "Project":
            ws = self._api.workspace
            by_number = find_project(ws, f"#{id}")  # passes over removed projects
            return by_number if by_number.id == id else get_project(ws, id)

        return self._look(find, expected_type, raise_error)

    def get_info_by_name(
        self,
        parent_id: int | None,
        name: str,
        expected_type: str | None = None,
        raise_error: bool = False,
    ) -> ProjectInfo | None:
        """As `get_info_by_id`, by name."""
        from clew.services.projects import list_projects

        def find() -> "Project":
            for summary in list_projects(self._api.workspace):
                if summary.project.name == name:
                    return summary.project
            raise UserError(f"There is no project called {name}.")

        return self._look(find, expected_type, raise_error)

    def get_list(
        self,
        workspace_id: int | None = None,
        filters: list[dict[str, Any]] | None = None,
        fields: Iterable[str] = (),
        team_id: int | None = None,
    ) -> list[ProjectInfo]:
        """All projects by name; counts are those of the latest version.

        Args:
            workspace_id: accepted for compatibility.
            filters: [{"field": "name", "operator": "=", "value": "Coin finds"}, …]; all must hold.
            fields: accepted for compatibility.
            team_id: accepted for compatibility.
        """
        from clew.sdk.filters import keep
        from clew.services.projects import list_projects

        infos = [
            project_info(s.project, s.latest, s.statistics, updated_at=s.updated_at)
            for s in list_projects(self._api.workspace)
        ]
        return keep(infos, filters)

    def create(
        self,
        workspace_id: int | None,
        name: str,
        type: str = "images",
        description: str = "",
        change_name_if_conflict: bool = False,
        readme: str | None = None,
        settings: dict[str, Any] | None = None,
        custom_data: dict[str, Any] | None = None,
        read_only: bool | None = None,
    ) -> ProjectInfo:
        """Make an empty managed project.

        Raises:
            UserError: the name is taken and `change_name_if_conflict` is not set.
        """
        from clew.services.projects import create_project

        _check_type(str(type))
        if change_name_if_conflict:
            name = self.free_name(name)
        return self.info(create_project(self._api.workspace, name, description))

    def edit_info(
        self,
        id: int,
        name: str | None = None,
        description: str | None = None,
        readme: str | None = None,
        custom_data: dict[str, Any] | None = None,
        project_type: str | None = None,
    ) -> ProjectInfo:
        """Rename or describe a project."""
        from clew.services.projects import edit_project

        if project_type is not None:
            _check_type(str(project_type))
        return self.info(edit_project(self._api.workspace, id, name=name, description=description))

    def remove_permanently(
        self,
        ids: int | list[int],
        batch_size: int = 50,
        progress_cb: Callable[[int], Any] | None = None,
    ) -> list[dict[str, Any]]:
        """Remove projects; their versions stay in the history, a linked folder stays where it is.

        Returns:
            One {"id", "success"} per project.
        """
        from clew.services.projects import plan_remove, remove_project

        answers = []
        for project_id in [ids] if isinstance(ids, int) else ids:
            remove_project(self._api.workspace, plan_remove(self._api.workspace, project_id))
            answers.append({"id": project_id, "success": True})
            if progress_cb is not None:
                progress_cb(1)
        return answers

    def items(self, project_id: int, version_id: int | None = None) -> "list[Item]":
        """The items with their annotations, of the working folder or of a version."""
        from clew.services.projects import list_items

        return list(list_items(self._api.workspace, project_id, version_id=version_id))

    def read(self, project_id: int, path: str, version_id: int | None = None) -> bytes:
        """The bytes of one file, of the working folder or of a version; `path` as in `Item.path`."""
        from clew.services.projects import read_file

        return read_file(self._api.workspace, project_id, path, version_id=version_id)

    def classes(self, project_id: int, version_id: int | None = None) -> list[str]:
        """The names of the classes, of the working folder or of a version."""
        from clew.services.projects import list_classes

        return [c.name for c in list_classes(self._api.workspace, project_id, version_id=version_id)]

    def folder(self, project_id: int) -> Path:
        """The working folder. What is changed in it is in the next version."""
        from clew.services.projects import get_project

        return Path(get_project(self._api.workspace, project_id).folder)

    def import_data(
        self,
        source: str | Path,
        name: str | None = None,
        project_id: int | None = None,
        format: str = "auto",
        on_broken: str = "refuse",
        *,
        link: bool = False,
        on_clash: str = "refuse",
        progress_cb: Callable[[int, int, str], object] | None = None,
    ) -> ImportResult:
        """Bring pictures with their annotations into a project.

        Args:
            source: a folder, or the annotation file of it.
            name: of a new project, or of the one to add to; the source's own name unless given.
            project_id: the project to add to.
            format: "auto", "images", "coco", "yolo" … as the readers are called.
            on_broken: "refuse" imports nothing when a file cannot be read, "skip" leaves it out.
            link: leave the files where they are and make that folder the project.
            on_clash: what happens when the project has other content under a name: "refuse" imports
                nothing, "replace" takes the new content.
            progress_cb: called with how many of how many files are done, and what is being done.

        Raises:
            UserError: a file cannot be read (all are named), or names clash.
        """
        from clew.services.imports import apply_import, plan_import
        from clew.services.projects import get_project

        ws = self._api.workspace
        if on_broken not in ("refuse", "skip"):
            raise UserError(f'on_broken must be "refuse" or "skip", but it is {on_broken!r}')
        if on_clash not in ("refuse", "replace"):
            raise UserError(f'on_clash must be "refuse" or "replace", but it is {on_clash!r}')
        if project_id is not None:
            name = get_project(ws, project_id).name
        progress = ToldProgress(progress_cb) if progress_cb else None
        plan = plan_import(ws, Path(source).expanduser(), project=name, format=format, progress=progress)
        done = apply_import(
            ws,
            plan,
            skip_broken=on_broken == "skip",
            link=link,
            replace=on_clash == "replace",
            progress=progress,
        )
        return ImportResult(
            project=self.info(done.project),
            items=done.items,
            objects=done.objects,
            skipped=tuple(BrokenItem(b.path, b.reason) for b in done.skipped),
        )

    def _look(
        self, find: "Callable[[], Project]", expected_type: str | None, raise_error: bool
    ) -> ProjectInfo | None:
        try:
            project = find()
        except UserError:
            if raise_error:
                raise
            return None
        if expected_type is not None:
            _check_type(str(expected_type))
        return self.info(project)

    def info(self, project: "Project") -> ProjectInfo:
        """The project of a service as a ProjectInfo that counts the working folder."""
        from clew.services.statistics import working_statistics
        from clew.services.versions import latest_version

        ws = self._api.workspace
        counted = working_statistics(ws, project) if Path(project.folder).is_dir() else None
        return project_info(project, latest_version(ws, project.id), counted, updated_at=project.updated_at)

    def free_name(self, name: str) -> str:
        """`name`, or with the first number behind it that no project has."""
        taken = {info.name for info in self.get_list()}
        candidate, number = name, 1
        while candidate in taken:
            number += 1
            candidate = f"{name} {number}"
        return candidate


def _check_type(name: str) -> None:
    if name.rpartition(".")[2].lower() != "images":
        raise UserError(f'Projects are of the type "images"; {name!r} is not supported')
