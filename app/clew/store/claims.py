"""Which process of a save stores an object: a table in memory that all see, so that none is stored twice.

Nothing depends on it: a claim that is lost (the table is full, two claims at one moment, no such memory on
this system) means that an object is in two packs, which does no harm. Whoever claims must store, or the whole
save fails.
"""

import contextlib
import mmap
import os

from clew.store.tree import ID

SLOTS, PROBES = 1 << 18, 8
NOTHING = bytes(ID)


class Claims:
    """Made by the one who saves; helpers open it by its `path` while the save runs."""

    def __init__(self, fd: int, path: str) -> None:
        self._fd, self.path = fd, path
        self._table = mmap.mmap(fd, SLOTS * ID)

    @staticmethod
    def make() -> "Claims | None":
        """A new table; None where the system has no such memory."""
        if not hasattr(os, "memfd_create") or not os.path.isdir("/proc/self/fd"):
            return None
        try:
            fd = os.memfd_create("clew-claims")
            os.truncate(fd, SLOTS * ID)
            return Claims(fd, f"/proc/{os.getpid()}/fd/{fd}")
        except OSError:
            return None

    @staticmethod
    def open(path: str | None) -> "Claims | None":
        """The table of another process."""
        if path is not None:
            with contextlib.suppress(OSError):
                return Claims(os.open(path, os.O_RDWR), path)
        return None

    def close(self) -> None:
        self._table.close()
        os.close(self._fd)

    def claim(self, id_: bytes) -> bool:
        """True when the caller has to store the object; False when another process does."""
        table = self._table
        slot = int.from_bytes(id_[:4], "little") % SLOTS
        for i in range(PROBES):
            at = (slot + i) % SLOTS * ID
            there = table[at : at + ID]
            if there == id_:
                return False
            if there == NOTHING:
                table[at : at + ID] = id_
                return True
        return True
