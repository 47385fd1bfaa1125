# ruff: noqa: ARG002 - signatures are those of the Supervisely SDK, used or not
"""Versions of a project: save, list, compare, restore, download, delete, verify."""

from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

from clew.base.errors import UsageError
from clew.sdk.convert import diff_info, state_info, version_info
from clew.sdk.infos import DiffInfo, ProjectInfo, StateInfo, VerifyInfo, VersionInfo

if TYPE_CHECKING:
    from clew.sdk.api import Api


class VersionApi:
    """`api.project.version`. A project is given as its id or its ProjectInfo."""

    def __init__(self, api: "Api") -> None:
        self._api = api

    def create(
        self,
        project_info: int | ProjectInfo,
        version_title: str | None = None,
        version_description: str | None = None,
        enable_preview: bool = False,
    ) -> int:
        """Save the state of a project and return the id of the new version.

        Raises:
            NothingToDo: the folder is exactly a version that is there already.
        """
        from clew.services.versions import create_version

        version = create_version(
            self._api.workspace,
            _id(project_info),
            version_title or "",
            version_description or "",
            task_id=self._api.task_id,
        )
        return version.id

    def restore(
        self,
        project_info: int | ProjectInfo,
        version_id: int | None = None,
        version_num: int | None = None,
        skip_missed_entities: bool = False,
        workspace_id: int | None = None,
        project_name: str | None = None,
        project_description: str | None = None,
        local_binary_path: str | None = None,
        *,
        in_place: bool = False,
        only: Sequence[str] = (),
        only_classes: Sequence[str] = (),
    ) -> ProjectInfo:
        """Bring a version back as a new project, or with `in_place` into the project itself.

        In place, a state that was never saved is saved as a version first. `only` limits it to datasets or
        files, `only_classes` to the pictures with an object of these classes.

        Raises:
            UsageError: neither or both of the id and the number are given.
        """
        from clew.services import restore
        from clew.services.projects import get_project

        ws = self._api.workspace
        project_id = _id(project_info)
        if (version_id is None) == (version_num is None):
            raise UsageError("Give the version either by version_id or by version_num")
        if version_id is None:
            version_id = self.get_id_by_number(project_id, version_num or 0)
        if in_place:
            plan = restore.plan_restore(ws, version_id, only=tuple(only), classes=tuple(only_classes))
            restored = restore.apply_restore(ws, plan).project
        else:
            number = self.get_info_by_id(project_id, version_id).version
            name = project_name or f"{get_project(ws, project_id).name}, version {number}"
            name = self._api.project.free_name(name)
            restored = restore.restore_as_project(
                ws,
                version_id,
                name,
                description=project_description or "",
                only=tuple(only),
                classes=tuple(only_classes),
            )
        return self._api.project.info(restored)

    def get_list(self, project_id: int, filters: list[dict[str, Any]] | None = None) -> list[VersionInfo]:
        """The versions of a project by number; deleted ones are there with the status "deleted"."""
        from clew.sdk.filters import keep
        from clew.services.versions import list_versions

        found = list_versions(self._api.workspace, project_id)
        return keep([version_info(s.version) for s in reversed(found)], filters)

    def get_info_by_id(self, project_id: int, version_id: int) -> VersionInfo:
        """One version.

        Raises:
            UserError: there is none in this project.
        """
        from clew.services.versions import get_version, version_by_number

        ws = self._api.workspace
        version = get_version(ws, version_id)
        if version.project_id != project_id:  # says which versions the project has
            version = version_by_number(ws, project_id, -1)
        return version_info(version)

    def get_info_by_number(self, project_id: int, version_num: int) -> VersionInfo:
        """The version with this number."""
        from clew.services.versions import version_by_number

        return version_info(version_by_number(self._api.workspace, project_id, version_num))

    def get_id_by_number(self, project_id: int, version_num: int) -> int:
        """The id of the version with this number."""
        return self.get_info_by_number(project_id, version_num).id

    def update(
        self,
        version_id: int,
        name: str | None = None,
        description: str | None = None,
        preview_project_id: int | None = None,
    ) -> VersionInfo:
        """Change the title or the description; the content of a version never changes."""
        from clew.services.versions import update_version

        return version_info(
            update_version(self._api.workspace, version_id, title=name, description=description)
        )

    def delete(self, version_id: int) -> None:
        """Delete a version. Its block stays, titled "deleted", and `undelete` brings it back."""
        from clew.services.versions import delete_version, plan_delete

        delete_version(self._api.workspace, plan_delete(self._api.workspace, version_id))

    def undelete(self, version_id: int) -> VersionInfo:
        """Bring a deleted version back while its content is in the store."""
        from clew.services.versions import undelete_version

        return version_info(undelete_version(self._api.workspace, version_id))

    def get_states(self, project_id: int) -> list[StateInfo]:
        """The intermediate states of a project (2.1, 2.2 …): what apps saw or left between versions."""
        from clew.services.versions import list_states

        found = list_states(self._api.workspace, project_id)
        kept = self._api.workspace.store.kept(state.tree for state in found)
        return [state_info(state, state.tree in kept) for state in found]

    def promote(self, state_id: int, title: str | None = None, description: str | None = None) -> VersionInfo:
        """Make a version of an intermediate state.

        Raises:
            NothingToDo: it is a version already; UserError: its content was not kept.
        """
        from clew.services.versions import promote_state

        return version_info(promote_state(self._api.workspace, state_id, title or "", description or ""))

    def diff(self, project_id: int, old: int | None = None, new: int | None = None) -> DiffInfo:
        """What is different between two versions, given by number.

        Without `new` it is the working folder; without `old` the version before (or the latest).
        """
        from clew.services.diffs import diff_versions

        return diff_info(diff_versions(self._api.workspace, project_id, old, new))

    def download(
        self,
        version_id: int,
        target: str | Path,
        *,
        only: Sequence[str] = (),
        only_classes: Sequence[str] = (),
    ) -> int:
        """Write a version as plain files into a new folder, or as an archive: ".zip" or ".tar.zst".

        `only` and `only_classes` limit it as for `restore`.

        Returns:
            How many files were written.
        """
        from clew.services.restore import download_version

        return download_version(
            self._api.workspace, version_id, Path(target), only=tuple(only), classes=tuple(only_classes)
        )

    def verify(self, version_id: int) -> VerifyInfo:
        """Read every byte of a version and compare it with what was saved."""
        from clew.services.verify import verify_version

        checked = verify_version(self._api.workspace, version_id)
        version = checked.versions[0]
        return VerifyInfo(version.project_id, version_id, version.files, checked.damaged)


def _id(project: int | ProjectInfo) -> int:
    return project if isinstance(project, int) else project.id
