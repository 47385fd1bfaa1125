"""A working folder as it was when it was read."""

from array import array

from clew.store.cache import Row
from clew.store.tree import DIR, ID, NO_MODE, Folder


class WorkTree:
    """A working folder as it was when it was read."""

    def __init__(self) -> None:
        self.rows: dict[bytes, Row] = {}
        self.unsteady: list[str] = []
        self.added = 0  # bytes of new content that helpers have kept
        self._by_tree: dict[bytes, bytes] = {}

    @property
    def root(self) -> Row:
        return self.rows[b""]

    def folder(self, tree: bytes) -> Folder:
        """The entries of one of its folders, by the folder's id."""
        if not self._by_tree:
            self._by_tree = {row.tree: rel for rel, row in self.rows.items()}
        rel = self._by_tree[tree]
        return as_folder(rel, self.rows)


def as_folder(rel: bytes, rows: dict[bytes, Row]) -> Folder:
    """Files, links and sub folders of one row as the columns of a tree."""
    row = rows[rel]
    numbers = array("q")
    numbers.frombytes(row.stats)
    modes = array("H", row.modes)
    if not row.subs:
        return Folder(row.names, row.kinds, numbers[1::4], row.ids, numbers[2::4], modes)
    subs = row.subs.split(b"\0")
    names = row.name_list() + subs
    kinds, ids = row.kinds + bytes([DIR]) * len(subs), row.ids + row.sub_ids
    prefix = rel + b"/" if rel else b""
    sizes = [*numbers[1::4], *[rows[prefix + name].size for name in subs]]
    mtimes = [*numbers[2::4], *[0] * len(subs)]
    modes.extend([NO_MODE] * len(subs))
    order = sorted(range(len(names)), key=names.__getitem__)
    return Folder(
        [names[i] for i in order],
        bytes([kinds[i] for i in order]),
        array("q", [sizes[i] for i in order]),
        b"".join([ids[ID * i : ID * i + ID] for i in order]),
        array("q", [mtimes[i] for i in order]),
        array("H", [modes[i] for i in order]),
    )
