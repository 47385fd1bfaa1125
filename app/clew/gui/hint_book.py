"""The hints of a workspace in a window: read off the UI thread, read again a moment after news.

A training task brings news ten times a second; the hints are read once for all news of a pause, which is
longer where reading takes longer, so that at most a twentieth of the time goes to it.
"""

from time import perf_counter
from typing import TYPE_CHECKING, Any

from PySide6.QtCore import QObject, QTimer, Signal

from clew.gui.inspector.ask import Ask
from clew.gui.ops import Ops
from clew.model.entities import Changes
from clew.model.hints import Hint
from clew.model.refs import BlockRef

if TYPE_CHECKING:
    from clew.services.workspace import Workspace

PAUSE = 1000  # milliseconds, at least
_TIMES = 20  # the pause against the time that the last reading took
_NO_NEWS = frozenset({"position", "frame", "note"})


class HintBook(QObject):
    """What is to be told now. `changed` says that it is something else."""

    changed = Signal()

    def __init__(self, ws: "Workspace", ops: Ops) -> None:
        super().__init__(ops)
        self._ws = ws
        self._ask = Ask(self, ops)
        self._timer = QTimer(self, singleShot=True, interval=PAUSE)
        self._timer.timeout.connect(self.read)
        self.hints: tuple[Hint, ...] = ()
        self._asked = False

    def apply(self, changes: Changes) -> None:
        """News of what hints are made of; more of it within the pause costs nothing."""
        if self._asked and not changes.kinds() <= _NO_NEWS and not self._timer.isActive():
            self._timer.start()

    def look_again(self) -> None:
        """Read them soon, if anybody wants them."""
        if self._asked:
            self._timer.start()

    def begin(self) -> None:
        """Read the hints, if nobody has wanted them yet."""
        if not self._asked:
            self.read()

    def read(self) -> None:
        """Read them now."""
        from clew.services.hints import hints

        self._asked = True
        ws = self._ws

        def work() -> tuple[tuple[Hint, ...], float]:
            began = perf_counter()
            return hints(ws), perf_counter() - began

        def done(found: tuple[tuple[Hint, ...], float]) -> None:
            self._timer.setInterval(max(PAUSE, round(found[1] * 1000 * _TIMES)))
            self._take(found[0])

        self._ask(work, done)

    def of(self, ref: BlockRef) -> tuple[Hint, ...]:
        """The hints that a block is the first subject of."""
        return tuple(hint for hint in self.hints if hint.about == ref)

    def drop(self, hint: Hint) -> None:
        """Show a hint no more, before the workspace says so too."""
        self._take(tuple(h for h in self.hints if h != hint))

    def _take(self, found: tuple[Hint, ...]) -> None:
        if found != self.hints:
            self.hints = found
            self.changed.emit()


def hint_book(ws: Any, ops: Ops) -> HintBook:
    """The hints of a workspace in a window; all its pages share them."""
    found: HintBook = ops.shared.get("hints") or HintBook(ws, ops)
    ops.shared["hints"] = found
    return found
