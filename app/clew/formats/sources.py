"""Where files come from: a folder, or a stored tree that answers the same two questions."""

import os
from pathlib import Path
from typing import BinaryIO, Protocol, runtime_checkable

from clew.base.errors import explain_os_error
from clew.formats.names import is_litter


class Files(Protocol):
    """A set of files under relative paths with "/"."""

    def paths(self) -> list[str]:
        """All paths, sorted."""
        ...

    def read(self, path: str) -> bytes:
        """The whole content of one file."""
        ...


@runtime_checkable
class OpenFiles(Protocol):
    """Files that can also be opened, so that the head of a large picture is read without the rest."""

    def open(self, path: str) -> BinaryIO:
        """The file as a binary stream; the caller closes it."""
        ...


class FolderFiles:
    """The files of a folder on disk, without hidden files and litter.

    Links to folders are followed once per real folder, after all real ones, so that loops end and a link
    never takes the place of what it points to.
    """

    def __init__(self, root: Path) -> None:
        self.root = root

    def paths(self) -> list[str]:
        """All visible files, sorted; links whose target is gone are among them, so that they get named.

        Raises:
            ClewError: the folder cannot be read.
        """
        found: list[str] = []
        seen: set[tuple[int, int]] = set()
        waiting = [""]
        links: list[str] = []
        while waiting or links:
            inside = waiting.pop() if waiting else links.pop()
            try:
                stat = os.stat(self._absolute(inside))
                if (stat.st_dev, stat.st_ino) in seen:
                    continue
                seen.add((stat.st_dev, stat.st_ino))
                self._look(inside, found, waiting, links)
            except OSError as error:
                raise explain_os_error(error, f"reading the folder {self._absolute(inside)}") from error
        return sorted(found)

    def read(self, path: str) -> bytes:
        """The content of one file.

        Raises:
            ClewError: it cannot be read.
        """
        try:
            with self.open(path) as stream:
                return stream.read()
        except OSError as error:
            raise explain_os_error(error, f"reading {path}") from error

    def open(self, path: str) -> BinaryIO:
        """The file as a binary stream; raises OSError as the system does."""
        return open(self._absolute(path), "rb")

    def absolute(self, path: str) -> str:
        """The absolute path of one of the files."""
        return os.path.abspath(self._absolute(path))

    def _absolute(self, path: str) -> str:
        return os.path.join(self.root, *path.split("/")) if path else os.fspath(self.root)

    def _look(self, inside: str, found: list[str], waiting: list[str], links: list[str]) -> None:
        with os.scandir(self._absolute(inside)) as entries:
            for entry in entries:
                if is_litter(entry.name):
                    continue
                path = f"{inside}/{entry.name}" if inside else entry.name
                if entry.is_dir(follow_symlinks=False):
                    waiting.append(path)
                elif entry.is_symlink() and entry.is_dir():
                    links.append(path)
                elif entry.is_file() or (entry.is_symlink() and not os.path.exists(entry.path)):
                    found.append(path)  # not pipes and sockets: reading them would wait for ever
