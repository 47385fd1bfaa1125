# ruff: noqa: ARG002 - signatures are those of the Supervisely SDK, used or not
"""Files that belong to the workspace and to no project: they lie in its "files" folder."""

import os
import shutil
from collections.abc import Callable, Iterator
from pathlib import Path, PurePosixPath
from typing import TYPE_CHECKING, Any

from clew.base.errors import UserError, explain_os_error
from clew.sdk.convert import file_info
from clew.sdk.infos import FileInfo

if TYPE_CHECKING:
    from clew.sdk.api import Api

FOLDER = "files"
CHUNK = 1 << 20  # bytes between two calls of a progress callback


class FileApi:
    """`api.file`. Remote paths begin with "/" and use "/"; `team_id` is accepted and ignored."""

    def __init__(self, api: "Api") -> None:
        self._api = api

    def get_info_by_id(self, id: int) -> FileInfo | None:
        """A file or folder that a task named or that was uploaded; None when there is none."""
        from clew.services.files import get_file

        try:
            entry = get_file(self._api.workspace, id)
        except UserError:
            return None
        return file_info(entry, self._shown(Path(entry.path)))

    def get_info_by_path(self, team_id: int | None, remote_path: str) -> FileInfo | None:
        """A file of the workspace, or None when there is none."""
        path = local_path(self._api.workspace_path, remote_path)
        return self._info(path) if path.exists() else None

    def exists(self, team_id: int | None, remote_path: str, recursive: bool = True) -> bool:
        """Whether there is such a file or folder."""
        return local_path(self._api.workspace_path, remote_path).exists()

    def list(
        self,
        team_id: int | None,
        path: str,
        recursive: bool = True,
        return_type: str = "dict",
    ) -> "list[dict[str, Any]] | list[FileInfo]":
        """The files in a folder, sorted by path.

        Args:
            team_id: accepted for compatibility.
            path: a folder of the workspace, "/" for all.
            recursive: also those of the folders in it.
            return_type: "dict" or "fileinfo".
        """
        folder = local_path(self._api.workspace_path, path)
        infos = [self._info(file) for file in _files_below(folder, recursive)]
        if return_type == "fileinfo":
            return infos
        return [{"id": i.id, "name": i.name, "path": i.path, "hash": i.hash, "size": i.sizeb} for i in infos]

    def upload(
        self,
        team_id: int | None,
        src: str | os.PathLike[str],
        dst: str,
        progress_cb: Callable[[int], Any] | None = None,
    ) -> FileInfo:
        """Copy a file into the workspace; one that is there under this name is replaced.

        Args:
            team_id: accepted for compatibility.
            src: the file.
            dst: where it goes, as "/models/best.pt".
            progress_cb: called with the number of bytes just copied.
        """
        target = local_path(self._api.workspace_path, dst)
        _copy(Path(src), target, progress_cb)
        return self._info(target)

    def download(
        self,
        team_id: int | None,
        remote_path: str,
        local_save_path: str | os.PathLike[str],
        cache: Any = None,
        progress_cb: Callable[[int], Any] | None = None,
    ) -> None:
        """Copy a file of the workspace out."""
        _copy(local_path(self._api.workspace_path, remote_path), Path(local_save_path), progress_cb)

    def _info(self, path: Path) -> FileInfo:
        from clew.services.files import register_file

        return file_info(register_file(self._api.workspace, path), self._shown(path))

    def _shown(self, path: Path) -> str:
        root = self._api.workspace_path / FOLDER
        return f"/{path.relative_to(root).as_posix()}" if path.is_relative_to(root) else str(path)


def local_path(workspace: Path, remote_path: str) -> Path:
    """Where a file of the workspace lies on disk.

    Raises:
        UserError: the path leads out of the workspace's files.
    """
    parts = [p for p in PurePosixPath(remote_path.replace("\\", "/")).parts if p not in ("/", ".")]
    if ".." in parts or any(":" in part for part in parts[:1]):
        raise UserError(f"{remote_path} does not lie among the files of the workspace")
    return workspace.joinpath(FOLDER, *parts)


def _files_below(folder: Path, recursive: bool) -> Iterator[Path]:
    if not folder.is_dir():
        if folder.is_file():
            yield folder
        return
    for entry in sorted(folder.iterdir()):
        if entry.is_file():
            yield entry
        elif recursive:
            yield from _files_below(entry, recursive)


def _copy(source: Path, target: Path, progress: Callable[[int], Any] | None) -> None:
    """Copy so that the target is there whole or not at all."""
    unfinished = target.with_name(f".{target.name}.part")
    try:
        target.parent.mkdir(parents=True, exist_ok=True)
        with source.open("rb") as read, unfinished.open("wb") as write:
            while block := read.read(CHUNK):
                write.write(block)
                if progress is not None:
                    progress(len(block))
        shutil.copymode(source, unfinished)
        unfinished.replace(target)
    except OSError as error:
        raise explain_os_error(error, f"copying {source.name}") from error
    finally:
        unfinished.unlink(missing_ok=True)
