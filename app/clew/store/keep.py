"""Keep what a save finds: content that the store does not have yet goes into packs."""

from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import Protocol

from clew.base.errors import explain_os_error
from clew.store.claims import Claims
from clew.store.index import Index
from clew.store.pack import CONTENT, RECIPE, TREE, PackWriter
from clew.store.read import Reader, encode_recipe
from clew.store.tree import ID, Folder

# Text packs well and repeats a lot; anything else is stored as it is.
TEXTS = (
    *(b".json", b".jsonl", b".geojson", b".ndjson", b".txt", b".csv", b".tsv", b".xml", b".yaml", b".yml"),
    *(b".toml", b".md", b".html", b".svg", b".py", b".log", b".ini", b".cfg"),
)


class Keeper(Protocol):
    """Takes content; `None` in its place means that nothing is stored."""

    claims: Claims | None
    recipes: dict[bytes, bytes]

    def known(self, ids: bytes) -> Sequence[bool]: ...

    def add(self, id_: bytes, name: bytes, data: bytes | memoryview) -> None: ...

    def add_all(self, files: Iterable[tuple[bytes, bytes, bytes]]) -> None:
        """Many small files at once: id, name and bytes of each."""

    def add_recipe(self, id_: bytes, parts: list[tuple[bytes, int]]) -> None: ...

    def parts(self, id_: bytes) -> list[tuple[bytes, int]] | None:
        """Id and size of the parts of a large file that is kept already, all of them; None: not known."""

    def has_tree(self, tree: bytes) -> bool: ...

    def add_folder(self, objects: list[tuple[bytes, bytes]], folder: Folder) -> None:
        """Id and stored bytes of the objects that hold a folder, the folder itself last."""


class PackKeeper:
    """Writes what the store does not have yet; trees last, so that a tree that is found is whole."""

    def __init__(
        self, folder: Path, index: Index, reader: Reader, doing: str, claims: Claims | None = None
    ) -> None:
        self.claims = claims
        self._doing = doing
        self.packs = PackWriter(folder)
        self._index, self._reader = index, reader
        self._new: set[bytes] = set()
        self._trees: dict[bytes, bytes] = {}
        self.recipes: dict[bytes, bytes] = {}
        self.added = 0

    def known(self, ids: bytes) -> Sequence[bool]:
        if len(ids) == ID:
            return [ids in self._new or self._index.has(ids)]
        there: list[bool] = self._index.known(ids).tolist()
        return [there[i] or ids[ID * i : ID * i + ID] in self._new for i in range(len(there))]

    def parts(self, id_: bytes) -> list[tuple[bytes, int]] | None:
        return self._reader.parts(id_)

    def has_tree(self, tree: bytes) -> bool:
        return tree in self._trees or self._reader.has_tree_now(tree)

    def add(self, id_: bytes, name: bytes, data: bytes | memoryview) -> None:
        if self._is_mine(id_):
            self.added += len(data)
            self._put(id_, data, CONTENT, name.lower().endswith(TEXTS))

    def add_all(self, files: Iterable[tuple[bytes, bytes, bytes]]) -> None:
        ids, datas = list[bytes](), list[bytes]()
        for id_, name, data in files:
            if not self._is_mine(id_):
                continue
            self.added += len(data)
            if name.lower().endswith(TEXTS):
                self._put(id_, data, CONTENT, True)
            else:
                ids.append(id_)
                datas.append(data)
        try:
            self.packs.add_all(ids, datas)
        except OSError as error:
            raise explain_os_error(error, self._doing) from error

    def _is_mine(self, id_: bytes) -> bool:
        """True when this process has to store it, and has not done so."""
        if id_ in self._new:
            return False
        self._new.add(id_)
        return self.claims is None or self.claims.claim(id_)

    def _put(self, id_: bytes, data: bytes | memoryview, kind: int, text: bool) -> None:
        try:
            self.packs.add(id_, data, kind, text=text)
        except OSError as error:  # told apart here from errors of reading the working folder
            raise explain_os_error(error, self._doing) from error

    def add_recipe(self, id_: bytes, parts: list[tuple[bytes, int]]) -> None:
        """Kept for the end: another process may be the one that stores the parts."""
        self._new.add(id_)
        self.recipes[id_] = encode_recipe(parts)

    def add_folder(self, objects: list[tuple[bytes, bytes]], folder: Folder) -> None:
        for tree, data in objects:
            if not self.has_tree(tree):
                self._trees[tree] = data
        self._reader.remember(objects[-1][0], folder)  # whoever saves compares next

    def close(self) -> None:
        """Remove what is not finished."""
        self.packs.abandon()
        if self.claims is not None:
            self.claims.close()
            self.claims = None

    def finish_content(self) -> dict[bytes, bytes]:
        """Make the content durable; returns the recipes, for the process that writes them when all have."""
        try:
            self.packs.finish()
        except OSError as error:
            raise explain_os_error(error, self._doing) from error
        return self.recipes

    def finish(self) -> None:
        """Make all durable: recipes when all their parts are there, trees last."""
        for id_, data in self.recipes.items():
            self._put(id_, data, RECIPE, True)
        for tree, data in self._trees.items():
            self._put(tree, data, TREE, True)
        self.finish_content()
