"""Questions off the UI thread of which only the newest answer counts."""

from collections.abc import Callable
from time import perf_counter
from typing import Any, TypeVar

import shiboken6
from PySide6.QtCore import QObject

from clew.gui.ops import Ops

T = TypeVar("T")


class Pace:
    """How long to wait after news before a question is asked anew: a multiple of the time that it takes.

    A training task brings news ten times a second; reading after each would slow the window down.
    """

    def __init__(self, least: int, times: int) -> None:
        """`least` in milliseconds."""
        self._least, self._times = least, times
        self.pause = least

    def timed(self, work: Callable[[], T]) -> Callable[[], T]:
        """The same work; what it takes counts for the next pause."""

        def run() -> T:
            began = perf_counter()
            found = work()
            self.pause = max(self._least, round((perf_counter() - began) * 1000 * self._times))
            return found

        return run


class Ask:
    """One stream of questions of a widget: a newer one, or the end of the widget, drops older answers."""

    def __init__(self, owner: QObject, ops: Ops) -> None:
        self._owner = owner
        self._ops = ops
        self._newest = 0

    def __call__(
        self,
        work: Callable[[], Any],
        done: Callable[[Any], None],
        failed: Callable[[BaseException], None] | None = None,
    ) -> None:
        """Run `work` off the UI thread and hand its result to `done`, unless something newer was asked."""
        self._newest += 1
        number = self._newest
        if self._ops.closed:  # a timer of a page that outlives its window by a moment
            return
        self._ops.query(
            work,
            lambda result: done(result) if self._current(number) else None,
            None if failed is None else lambda error: failed(error) if self._current(number) else None,
        )

    def forget(self) -> None:
        """Drop the answers that are still to come."""
        self._newest += 1

    def _current(self, number: int) -> bool:
        return number == self._newest and shiboken6.isValid(self._owner)
