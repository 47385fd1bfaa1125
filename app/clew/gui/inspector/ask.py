"""Questions off the UI thread of which only the newest answer counts."""

from collections.abc import Callable
from typing import Any

import shiboken6
from PySide6.QtCore import QObject

from clew.gui.ops import Ops


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
