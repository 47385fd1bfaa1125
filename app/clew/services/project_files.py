"""The files of a project, from its working folder or from a stored tree, as `formats` reads them."""

from pathlib import Path

from clew.formats.sources import Files, FolderFiles
from clew.store.store import Store


class TreeFiles:
    """The files of one stored tree; reading verifies each file's bytes."""

    def __init__(self, store: Store, tree: str) -> None:
        self._store = store
        self._tree = tree

    def paths(self) -> list[str]:
        return [entry.path for entry in self._store.entries(self._tree) if entry.kind == "file"]

    def read(self, path: str) -> bytes:
        return self._store.read(self._tree, path)


def files_of(store: Store, folder: str, tree: str | None) -> Files:
    """The files of a stored tree, or of the working folder when `tree` is None."""
    return FolderFiles(Path(folder)) if tree is None else TreeFiles(store, tree)
