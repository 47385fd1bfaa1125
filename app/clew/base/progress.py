"""Progress and cancel: one object with four methods, handed down and read from any thread."""

import threading
from collections.abc import Callable
from dataclasses import dataclass

from clew.base.errors import Cancelled


@dataclass(frozen=True)
class ProgressState:
    """What a progress object says at one moment; `fraction` is None while the total is unknown."""

    text: str = ""
    done: int = 0
    total: int | None = None

    @property
    def fraction(self) -> float | None:
        if not self.total:
            return None
        return min(1.0, self.done / self.total)


class Progress:
    """Counts work and carries the wish to stop.

    The worker calls `start`, `advance` and `check`; the one who waits polls `state()` and may call
    `cancel()`. Everything is safe from any thread.
    """

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._state = ProgressState()
        self._cancelled = threading.Event()

    def start(self, text: str, total: int | None = None) -> None:
        """Begin a stage, named as a person would: "Saving 1,240 files"."""
        self.check()
        with self._lock:
            self._state = ProgressState(text, 0, total)

    def advance(self, by: int = 1) -> None:
        """Count work as done; raises Cancelled when the person asked to stop."""
        self.check()
        with self._lock:
            now = self._state
            self._state = ProgressState(now.text, now.done + by, now.total)

    def check(self) -> None:
        """Raise Cancelled when the person asked to stop."""
        if self._cancelled.is_set():
            raise Cancelled

    def cancel(self) -> None:
        self._cancelled.set()

    @property
    def cancelled(self) -> bool:
        return self._cancelled.is_set()

    def state(self) -> ProgressState:
        with self._lock:
            return self._state


class ToldProgress(Progress):
    """Progress that tells a function of every step: `tell(done, total, text)`, total 0 while unknown."""

    def __init__(self, tell: Callable[[int, int, str], object]) -> None:
        super().__init__()
        self._tell = tell

    def start(self, text: str, total: int | None = None) -> None:
        super().start(text, total)
        self._tell(0, total or 0, text)

    def advance(self, by: int = 1) -> None:
        super().advance(by)
        now = self.state()
        self._tell(now.done, now.total or 0, now.text)
