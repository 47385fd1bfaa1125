"""Where each object is: the indexes of all packs, merged into sorted arrays."""

import os
import threading
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import numpy.typing as npt

from clew.base.errors import DamagedError
from clew.base.log import log
from clew.store.dropped import read_dropped
from clew.store.pack import RECORD_TYPE, Records, read_index
from clew.store.tree import ID


@dataclass(frozen=True, slots=True)
class Place:
    """One copy of an object."""

    pack: str
    offset: int
    stored: int
    size: int
    start: int
    kind: int
    coding: int


class Index:
    """Finds objects by id; 74 bytes of memory per object. Safe from any thread."""

    def __init__(self, packs: Path) -> None:
        self._folder = packs
        self._lock = threading.Lock()
        self._names: list[str] = []
        self._loaded: set[str] = set()
        self.bad: dict[str, str] = {}  # packs whose index cannot be read, and why
        self._records: Records = np.empty(0, RECORD_TYPE)
        self._numbers: npt.NDArray[np.int32] = np.empty(0, np.int32)
        self._keys: npt.NDArray[np.uint64] = np.empty(0, np.uint64)

    def refresh(self) -> bool:
        """Look for packs that came since; True when there were any."""
        with self._lock:
            there = {name for name in os.listdir(self._folder) if name.endswith(".pack")}
            there -= read_dropped(self._folder.parent)  # read last: a list that came meanwhile counts
            fresh = sorted(there - self._loaded - self.bad.keys())
            self.bad = {name: why for name, why in self.bad.items() if name in there}
            if self._loaded - there:
                return self._load(sorted(there), forget=True)
            return self._load(fresh) if fresh else False

    def _load(self, names: list[str], *, forget: bool = False) -> bool:
        if forget:
            self._names, self._loaded = [], set()
        parts = [] if forget else [self._records]
        numbers = [] if forget else [self._numbers]
        for name in names:
            try:
                records = read_index(self._folder / name)
            except FileNotFoundError:  # reclaimed since the folder was read
                continue
            except (DamagedError, OSError) as error:
                self.bad[name] = str(error)
                log.error("%s", error)
                continue
            self.bad.pop(name, None)
            parts.append(records)
            numbers.append(np.full(len(records), len(self._names), np.int32))
            self._names.append(name)
            self._loaded.add(name)
        merged = np.concatenate(parts) if parts else np.empty(0, RECORD_TYPE)
        keys = _keys(merged["id"])
        order = np.argsort(keys, kind="stable")
        self._records, self._keys = merged[order], keys[order]
        self._numbers = (np.concatenate(numbers) if numbers else np.empty(0, np.int32))[order]
        return True

    def __len__(self) -> int:
        return len(self._keys)

    @property
    def names(self) -> list[str]:
        """The packs that can be read."""
        return list(self._names)

    def places(self, id_: bytes) -> list[Place]:
        """All copies of an object; looks for new packs when there is none."""
        found = self.placed(id_)
        if not found and self.refresh():
            found = self.placed(id_)
        return found

    def placed(self, id_: bytes) -> list[Place]:
        """All copies in the packs that are loaded."""
        with self._lock:
            keys, records, numbers, names = self._keys, self._records, self._numbers, self._names
        key = np.uint64(int.from_bytes(id_[:8], "big"))
        out = []
        i = int(keys.searchsorted(key))
        while i < len(keys) and keys[i] == key:
            found, offset, stored, size, start, kind, coding, _ = records[i].item()
            if found == id_:
                out.append(Place(names[numbers[i]], offset, stored, size, start, kind, coding))
            i += 1
        return out

    def has(self, id_: bytes) -> bool:
        return bool(self.placed(id_))

    def of_kind(self, kind: int) -> set[bytes]:
        """The ids of all objects of one kind."""
        with self._lock:
            ids = self._records["id"][self._records["kind"] == kind].tobytes()
        return {ids[i : i + ID] for i in range(0, len(ids), ID)}

    def known(self, ids: bytes) -> npt.NDArray[np.bool_]:
        """Which of many ids (32 bytes each, one after another) are in a pack."""
        with self._lock:
            keys, records = self._keys, self._records
        return self._where(ids, keys, records) >= 0

    def find(self, ids: bytes) -> tuple[Records, npt.NDArray[np.int32], list[str]]:
        """For each of many ids one record, and the number of its pack in the names (-1: none)."""
        with self._lock:
            keys, records, numbers, names = self._keys, self._records, self._numbers, list(self._names)
        at = self._where(ids, keys, records)
        if not len(records):
            return np.zeros(len(at), RECORD_TYPE), np.full(len(at), -1, np.int32), names
        found: Records = records[at]
        packs = np.where(at >= 0, numbers[at], np.int32(-1)).astype(np.int32)
        return found, packs, names

    @staticmethod
    def _where(ids: bytes, keys: npt.NDArray[np.uint64], records: Records) -> npt.NDArray[np.int64]:
        """The number of a record of each id, -1 where there is none."""
        n = len(ids) // ID
        if not n or not len(keys):
            return np.full(n, -1, np.int64)
        asked = np.frombuffer(ids, "V32")
        wanted = _keys(asked)
        at = np.minimum(np.searchsorted(keys, wanted), len(keys) - 1)
        near = keys[at] == wanted
        same = near & (records["id"][at] == asked)
        out: npt.NDArray[np.int64] = np.where(same, at, -1)
        for i in np.flatnonzero(near & ~same):  # two ids that share eight bytes
            k = int(at[i])
            while k < len(keys) and keys[k] == wanted[i]:
                if records["id"][k] == asked[i]:
                    out[i] = k
                    break
                k += 1
        return out

    def ids_of(self, name: str) -> set[bytes]:
        """The ids of all objects in one pack."""
        ids = self.of_pack(name)["id"].tobytes()
        return {ids[i : i + ID] for i in range(0, len(ids), ID)}

    def of_pack(self, name: str) -> Records:
        """The records of one pack, by offset."""
        with self._lock:
            rows = self._records[self._numbers == self._names.index(name)]
        ordered: Records = rows[np.lexsort((rows["start"], rows["offset"]))]
        return ordered


def _keys(ids: Records) -> npt.NDArray[np.uint64]:
    """The first eight bytes of each id as a number that sorts like the bytes."""
    words = np.ascontiguousarray(ids).view(">u8").reshape(-1, 4)
    first: npt.NDArray[np.uint64] = words[:, 0].astype(np.uint64)
    return first
