"""A working folder as it was when it was read."""

from array import array

from clew.store.cache import Row
from clew.store.tree import DIR, Folder


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
    folder = Folder(row.name_list(), row.kinds, numbers[1::4], row.ids, numbers[2::4])
    if not row.subs:
        return folder
    subs = row.subs.split(b"\0")
    folder.names += subs
    folder.kinds += bytes([DIR]) * len(subs)
    folder.ids += row.sub_ids
    prefix = rel + b"/" if rel else b""
    folder.sizes.extend(rows[prefix + name].size for name in subs)
    folder.mtimes.extend([0] * len(subs))
    order = sorted(range(len(folder.names)), key=folder.names.__getitem__)
    return Folder(
        [folder.names[i] for i in order],
        bytes([folder.kinds[i] for i in order]),
        array("q", [folder.sizes[i] for i in order]),
        b"".join([folder.id_of(i) for i in order]),
        array("q", [folder.mtimes[i] for i in order]),
    )
