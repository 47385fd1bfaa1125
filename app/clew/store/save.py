"""Save a working folder: content that is new goes into packs, then the trees."""

from collections.abc import Sequence
from pathlib import Path

from clew.base.errors import UserError, explain_os_error
from clew.base.progress import Progress
from clew.store.identify import identify
from clew.store.index import Index
from clew.store.pack import CONTENT, RECIPE, TREE, PackWriter
from clew.store.read import Reader, encode_recipe
from clew.store.tree import ID
from clew.store.types import SavedTree

# Text packs well and repeats a lot; anything else is stored as it is.
TEXTS = (
    *(b".json", b".jsonl", b".geojson", b".ndjson", b".txt", b".csv", b".tsv", b".xml", b".yaml", b".yml"),
    *(b".toml", b".md", b".html", b".svg", b".py", b".log", b".ini", b".cfg"),
)


class _Keeper:
    """Writes what the store does not have yet; trees last, so that a tree that is found is whole."""

    def __init__(self, folder: Path, index: Index, reader: Reader, doing: str) -> None:
        self._doing = doing
        self.packs = PackWriter(folder)
        self._index, self._reader = index, reader
        self._new: set[bytes] = set()
        self._trees: dict[bytes, bytes] = {}
        self.added = 0

    def known(self, ids: bytes) -> Sequence[bool]:
        if len(ids) == ID:
            return [ids in self._new or self._index.has(ids)]
        there: list[bool] = self._index.known(ids).tolist()
        return [there[i] or ids[ID * i : ID * i + ID] in self._new for i in range(len(there))]

    def has_tree(self, tree: bytes) -> bool:
        return tree in self._trees or self._reader.has_tree_now(tree)

    def add(self, id_: bytes, name: bytes, data: bytes) -> None:
        if id_ in self._new:
            return
        self._new.add(id_)
        self.added += len(data)
        self._put(id_, data, CONTENT, name.lower().endswith(TEXTS))

    def _put(self, id_: bytes, data: bytes, kind: int, text: bool) -> None:
        try:
            self.packs.add(id_, data, kind, text=text)
        except OSError as error:  # told apart here from errors of reading the working folder
            raise explain_os_error(error, self._doing) from error

    def add_recipe(self, id_: bytes, parts: list[tuple[bytes, int]]) -> None:
        self._new.add(id_)
        self._put(id_, encode_recipe(parts), RECIPE, True)

    def add_tree(self, tree: bytes, data: bytes) -> None:
        if not self.has_tree(tree):
            self._trees[tree] = data

    def finish(self) -> None:
        for tree, data in self._trees.items():
            self._put(tree, data, TREE, True)
        self.packs.finish()


def save(
    folder: Path, reader: Reader, root: Path, *, cache: Path | None, progress: Progress | None
) -> SavedTree:
    """Save the state of `root`; on any failure nothing points to what was written.

    Raises:
        UserError: a file cannot be read.
        SurroundingsError: the disk is full, or the store cannot be written.
        Cancelled: the person stopped it.
    """
    if folder.resolve().is_relative_to(root.resolve()):
        raise UserError(
            f"The workspace's store lies inside {root}. Choose a folder that does not contain it."
        )
    index = reader.index
    index.refresh()
    keeper = _Keeper(folder, index, reader, f"saving {root}")
    try:
        work = identify(root, cache, keeper, progress)
        keeper.finish()
    except OSError as error:
        raise explain_os_error(error, f"saving {root}") from error
    finally:
        keeper.packs.abandon()
    index.refresh()
    top = work.root
    return SavedTree(top.tree.hex(), top.files, top.size, keeper.added, tuple(sorted(set(work.unsteady))))
