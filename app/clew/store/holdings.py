"""All objects of all packs in arrays, and which of them can be reached from the trees that are wanted."""

import os
import time
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import numpy.typing as npt

from clew.base.errors import DamagedError
from clew.store.index import Index, Place
from clew.store.pack import CONTENT, RECIPE, RECORD_TYPE, TREE
from clew.store.read import Reader, decode_recipe
from clew.store.tree import ID, decode

YOUNG_S = 3600  # what is younger is never touched

Keys = npt.NDArray[np.uint64]
Mask = npt.NDArray[np.bool_]


def keys_of(ids: bytes) -> Keys:
    """The first eight bytes of each id: should two ids share them, both are kept, which does no harm."""
    words = np.frombuffer(ids, ">u8").reshape(-1, ID // 8)
    return words[:, 0].astype(np.uint64)


def is_young(mtime: float, now: float) -> bool:
    """True within the hour, and when the clock was set back since: what comes from the future is kept."""
    return now - mtime < YOUNG_S


@dataclass(frozen=True)
class Pack:
    """One pack on the disk."""

    name: str
    size: int
    young: bool


class Holdings:
    """A view of the packs as they are now; rows are copies of objects, sorted by pack and offset."""

    def __init__(self, folder: Path, now: float | None = None) -> None:
        self._index = Index(folder / "packs")
        self._index.refresh()
        self.reader = Reader(folder / "packs", self._index)
        self.unreadable = tuple(sorted(self._index.bad))
        now = time.time() if now is None else now
        self.packs: list[Pack] = []
        rows = []
        for name in self._index.names:
            st = os.stat(folder / "packs" / name)
            self.packs.append(Pack(name, st.st_size, is_young(st.st_mtime, now)))
            rows.append(self._index.of_pack(name))
        self.records = np.concatenate(rows) if rows else np.empty(0, RECORD_TYPE)
        self.pack = np.repeat(np.arange(len(rows), dtype=np.int32), [len(r) for r in rows])
        ids = np.ascontiguousarray(self.records["id"]).tobytes()
        self.row_keys = keys_of(ids) if ids else np.empty(0, np.uint64)
        self.keys, self.at = np.unique(self.row_keys, return_inverse=True)
        self.copies = np.bincount(self.at, minlength=len(self.keys))
        self.live: Mask = np.zeros(len(self.keys), np.bool_)
        self._walked: Mask = np.zeros(len(self.records), np.bool_)
        self._refs: dict[int, Keys | None] = {}  # by row: what a tree or recipe points to; None: damaged
        self.cost = self._costs()

    def close(self) -> None:
        self.reader.close()

    def _costs(self) -> npt.NDArray[np.float64]:
        """Bytes on the disk that each row takes; objects in one frame share it by their lengths."""
        if not len(self.records):
            return np.empty(0)
        size = self.records["size"].astype(np.float64)
        new_frame = np.ones(len(size), np.bool_)
        offset = self.records["offset"]
        new_frame[1:] = (offset[1:] != offset[:-1]) | (self.pack[1:] != self.pack[:-1])
        frame = np.cumsum(new_frame) - 1
        whole = np.maximum(np.bincount(frame, size)[frame], 1)
        share: npt.NDArray[np.float64] = self.records["stored"] * (size / whole)
        return share

    def id_of(self, row: int) -> bytes:
        return bytes(self.records["id"][row].tobytes())

    def place(self, row: int) -> Place:
        _, offset, stored, size, start, kind, coding, _ = self.records[row].item()
        return Place(self.packs[self.pack[row]].name, offset, stored, size, start, kind, coding)

    def read(self, row: int) -> bytes | None:
        """The stored bytes at a row, unchecked; None when they cannot be read."""
        try:
            return self.reader.at(self.place(row))
        except DamagedError:
            return None

    def refs(self, row: int) -> Keys | None:
        """What the tree or recipe at a row points to; None when it is damaged there."""
        if row not in self._refs:
            try:
                data = self.reader.at(self.place(row))
                if self.records["kind"][row] == TREE:
                    ids = decode(self.id_of(row), data).ids
                else:
                    ids = b"".join(id_ for id_, _ in decode_recipe(data))
                self._refs[row] = keys_of(ids) if ids else np.empty(0, np.uint64)
            except DamagedError:
                self._refs[row] = None
        return self._refs[row]

    def mark(self, keys: Keys) -> bool:
        """Take objects as wanted; `spread` goes on to what they point to. False when some are not there."""
        if not len(self.keys) or not len(keys):
            return not len(keys)
        at = np.minimum(np.searchsorted(self.keys, keys), len(self.keys) - 1)
        there = self.keys[at] == keys
        self.live[at[there]] = True
        return bool(there.all())

    def mark_trees(self, trees: list[bytes]) -> None:
        self.mark(keys_of(b"".join(trees)) if trees else np.empty(0, np.uint64))
        self.spread()

    def mark_young(self) -> None:
        """Everything in a young pack is wanted: a save that is not committed yet may point to it."""
        young = np.array([pack.young for pack in self.packs], np.bool_)
        if young.any():
            self.live[self.at[young[self.pack]]] = True
        self.spread()

    def spread(self) -> None:
        """Mark all that is reachable from what is marked.

        Raises:
            DamagedError: a wanted tree or recipe has no good copy, or points to something that is missing.
        """
        pointing = self.records["kind"] != CONTENT
        while True:
            rows = np.flatnonzero(pointing & self.live[self.at] & ~self._walked)
            if not len(rows):
                return
            self._walked[rows] = True
            good = np.zeros(len(self.keys), np.bool_)
            for row in rows.tolist():
                refs = self.refs(row)
                if refs is not None:
                    good[self.at[row]] = True
                    if not self.mark(refs):
                        raise self._damage(row)
            for row in rows.tolist():
                if not good[self.at[row]] and not self._has_content(row):
                    raise self._damage(row)

    def _damage(self, row: int) -> DamagedError:
        return DamagedError(
            "Stored data is damaged or missing, so nobody can tell what is still needed, and nothing was "
            "reclaimed. Run: clew verify --repair",
            (self.id_of(row).hex(),),
        )

    def _has_content(self, row: int) -> bool:
        """True when a damaged recipe does no harm, because the file is stored whole as well."""
        same = self.records["kind"][self.at == self.at[row]]
        return self.records["kind"][row] == RECIPE and bool((same == CONTENT).any())

    def snapshot(self) -> tuple[Mask, Mask]:
        return self.live.copy(), self._walked.copy()

    def go_back(self, before: tuple[Mask, Mask]) -> None:
        self.live, self._walked = before

    def live_bytes(self) -> float:
        """Bytes that one copy of each marked object takes."""
        first = np.zeros(len(self.records), np.bool_)
        first[np.unique(self.at, return_index=True)[1]] = True
        return float(self.cost[first & self.live[self.at]].sum()) if len(self.records) else 0.0

    @staticmethod
    def keys_of_many(ids: set[bytes]) -> Keys:
        return keys_of(b"".join(ids))

    def has_row(self, id_: bytes, rows: Mask) -> bool:
        """True when one of the chosen rows is the tree with this id."""
        chosen = rows & (self.row_keys == keys_of(id_)[0]) & (self.records["kind"] == TREE)
        return bool(chosen.any())

    def broken(self, rows: Mask) -> list[tuple[int, Keys]]:
        """Unwanted trees and recipes among the chosen rows that point to something outside of them.

        Each row comes with what it misses; one that is damaged misses nothing that could be named.
        """
        present = np.zeros(len(self.keys), np.bool_)
        present[self.at[rows]] = True
        out = []
        for row in np.flatnonzero(rows & (self.records["kind"] != CONTENT) & ~self.live[self.at]).tolist():
            refs = self.refs(row)
            if refs is None:
                out.append((row, np.empty(0, np.uint64)))
            elif len(refs):
                at = np.minimum(np.searchsorted(self.keys, refs), len(self.keys) - 1)
                there = (self.keys[at] == refs) & present[at]
                if not there.all():
                    out.append((row, refs[~there]))
        return out
