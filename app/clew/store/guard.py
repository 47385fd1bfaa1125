"""What keeps reclaiming away from content that is about to be pointed at (FORMAT.md, Reclaiming)."""

import contextlib
import os
import threading
import time
from collections.abc import Iterator
from pathlib import Path

from clew.base.errors import SurroundingsError, explain_os_error
from clew.store.pack import BINARY, clean_orphans, temporary_name, write_all

LOCK, GATE, HOLDS = "lock", "gate", "holds"
WAIT_S = 10.0  # how long the swap of a reclaim waits for those who are just beginning
_STEP_S = 0.01
_SLOTS = 64  # Windows: bytes of the lock file; one is a reader's, all are the writer's


def _try_lock(fd: int, *, alone: bool) -> bool:
    """Take the lock of an open file without waiting; it is let go when the file is closed."""
    try:
        import fcntl
    except ImportError:  # Windows knows exclusive ranges only: a reader takes a slot, the writer takes all
        return _try_lock_range(fd, alone=alone)
    try:
        fcntl.flock(fd, (fcntl.LOCK_EX if alone else fcntl.LOCK_SH) | fcntl.LOCK_NB)
    except BlockingIOError:
        return False
    return True


def _try_lock_range(fd: int, *, alone: bool) -> bool:
    from importlib import import_module

    msvcrt = import_module("msvcrt")  # by name: type checkers on other systems do not know it
    start = os.getpid() % _SLOTS
    for slot in (0,) if alone else tuple((start + i) % _SLOTS for i in range(_SLOTS)):
        os.lseek(fd, slot, os.SEEK_SET)
        with contextlib.suppress(OSError):
            msvcrt.locking(fd, msvcrt.LK_NBLCK, _SLOTS if alone else 1)
            return True
    return False


class _Hold:
    """One file in `holds/` and the trees it names."""

    def __init__(self) -> None:
        self.name = ""
        self.trees: set[str] = set()


class Guard:
    """The lock, and the trees that this open store holds on to.

    Safe from any thread: every use of the lock opens the file anew.
    """

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._always = _Hold()
        self._blocks = threading.local()

    @contextlib.contextmanager
    def holding(self) -> Iterator[None]:
        """What this thread holds inside of the block is let go at its end: its commit is done, or failed."""
        outer = getattr(self._blocks, "hold", None)
        if outer is not None:  # the outer block keeps it long enough
            yield
            return
        self._blocks.hold = own = _Hold()
        try:
            yield
        finally:
            self._blocks.hold = None
            self._let_go(own)

    @contextlib.contextmanager
    def locked(self, *, alone: bool = False) -> Iterator[None]:
        """Hold the store's lock: shared while something is saved or moved, alone while packs are taken away.

        Raises:
            SurroundingsError: others held it all the time.
        """
        until = time.monotonic() + WAIT_S
        # Whoever wants it alone stands in the gate meanwhile, so that a row of savers does not keep it out.
        gate = self._take(GATE, until if alone else None, alone=alone)
        try:
            lock = self._take(LOCK, until if alone else None, alone=alone)
        finally:
            os.close(gate)
        try:
            yield
        finally:
            os.close(lock)

    def _take(self, name: str, until: float | None, *, alone: bool) -> int:
        try:
            fd = os.open(self._folder / name, os.O_RDWR | os.O_CREAT | BINARY, 0o644)
        except OSError as error:
            raise explain_os_error(error, "locking the store") from error
        try:
            while not _try_lock(fd, alone=alone):
                if until is not None and time.monotonic() > until:
                    raise SurroundingsError(
                        "Other programs keep the store busy, so nothing was changed. "
                        "Try again when they have saved."
                    )
                time.sleep(_STEP_S)
        except BaseException:
            os.close(fd)
            raise
        return fd

    def hold(self, tree: str) -> None:
        """Keep a tree from being reclaimed until the block or this store is closed; the caller has the lock.

        Raises:
            SurroundingsError: the store cannot be written.
        """
        own = getattr(self._blocks, "hold", None) or self._always
        if tree not in own.trees:
            try:
                self._append(own, tree)
            except OSError as error:
                raise explain_os_error(error, "noting what is being saved") from error

    def _append(self, own: "_Hold", tree: str) -> None:
        path = self._folder / HOLDS / (own.name or temporary_name())
        fd = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_APPEND | BINARY, 0o644)
        own.name = path.name
        try:
            # A line of its own even after one that a full disk cut off; flushed never: a hold matters only
            # as long as its process lives, and an hour after that.
            write_all(fd, f"\n{tree}\n".encode())
        finally:
            os.close(fd)
        own.trees.add(tree)

    def held(self) -> list[str]:
        """The trees that any open store holds, and those of processes that died within the hour."""
        folder = self._folder / HOLDS
        clean_orphans(folder)
        out: dict[str, None] = {}
        for name in sorted(os.listdir(folder)):
            with contextlib.suppress(FileNotFoundError):
                text = (folder / name).read_text("ascii", "replace")
                out.update(dict.fromkeys(line for line in text.split() if len(line) == 64))
        return list(out)

    def close(self) -> None:
        """Let go of everything that is held."""
        self._let_go(self._always)
        self._always = _Hold()

    def _let_go(self, own: "_Hold") -> None:
        if own.name:
            with contextlib.suppress(OSError):
                os.unlink(self._folder / HOLDS / own.name)
