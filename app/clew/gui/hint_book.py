"""The hints of a workspace in a window: read off the UI thread, read again a moment after news.

The hints are read once for all news of a pause, which is longer where reading takes longer, so that at most
a twentieth of the time goes to it. A training task brings news of its progress ten times a second; no hint
hangs on that, so once a pause its status is looked at, and the hints are not read.
"""

from collections.abc import Collection
from time import perf_counter
from typing import TYPE_CHECKING, Any

from PySide6.QtCore import QObject, QTimer, Signal

from clew.gui.inspector.ask import Ask
from clew.gui.ops import Ops
from clew.gui.settings import load_settings
from clew.model.entities import Changes
from clew.model.hints import Hint
from clew.model.refs import BlockRef

if TYPE_CHECKING:
    from clew.services.workspace import Workspace

PAUSE = 1000  # milliseconds, at least
_TIMES = 20  # the pause against the time that the last reading took
_NEWS = frozenset({"project", "dataset", "version", "state", "model", "report", "file", "link"}) | {
    "hint",
    "description",
}


Marks = tuple[str, str, str]


class HintBook(QObject):
    """What is to be told now. `changed` says that it is something else.

    Attributes:
        hints: all of them, the weightiest first.
        marking: whether blocks that have a hint are marked on the canvas.
    """

    changed = Signal()

    def __init__(self, ws: "Workspace", ops: Ops) -> None:
        super().__init__(ops)
        self._ws = ws
        self._ask = Ask(self, ops)
        self._timer = QTimer(self, singleShot=True, interval=PAUSE)
        self._timer.timeout.connect(self._look)
        self.hints: tuple[Hint, ...] = ()
        self.marking = load_settings().hint_marks
        self._asked = self._due = False
        self._owed = False  # a reading was asked for whose answer has not come
        self._touched: set[int] = set()  # tasks
        self._known: dict[int, Marks] = {}  # what of those that were touched before hints hang on

    def apply(self, changes: Changes) -> None:
        """News of what hints are made of; more of it within the pause costs nothing."""
        if not self._asked:
            return
        self._due = self._due or bool(changes.kinds() & _NEWS)
        self._touched |= {id_ for kind, id_ in changes.touched if kind == "task"}
        if (self._due or self._touched) and not self._timer.isActive():
            self._timer.start()

    def look_again(self) -> None:
        """Read them soon, if anybody wants them."""
        if self._asked:
            self._due = True
            self._timer.start()

    def begin(self) -> None:
        """Read the hints, if nobody has wanted them yet."""
        if not self._asked:
            self.read()

    def mark(self, on: bool) -> None:
        """Mark blocks that have a hint, or do not."""
        self.marking = on
        self.changed.emit()

    def read(self) -> None:
        """Read them now."""
        self._asked = self._due = True
        self._look()

    def _look(self) -> None:
        """Read the hints if one may be another now."""
        from clew.services.hints import hints, task_marks

        ws, due, known = self._ws, self._due or self._owed, self._known
        ids, self._touched, self._due = frozenset(self._touched), set(), False
        self._owed = due  # a newer question drops the answer to an older one

        def work() -> tuple[tuple[Hint, ...] | None, float, dict[int, Marks]]:
            began = perf_counter()
            marks = task_marks(ws, ids) if ids else {}
            if not due and all(known.get(id_) == marks.get(id_) for id_ in ids):
                return None, 0.0, marks
            return hints(ws), perf_counter() - began, marks

        def done(found: tuple[tuple[Hint, ...] | None, float, dict[int, Marks]]) -> None:
            told, seconds, marks = found
            self._owed = False
            self._known = {**self._known, **marks}
            if told is not None:
                self._timer.setInterval(max(PAUSE, round(seconds * 1000 * _TIMES)))
                self._take(told)

        self._ask(work, done)

    def of(self, ref: BlockRef) -> tuple[Hint, ...]:
        """The hints that a block is the first subject of."""
        return tuple(hint for hint in self.hints if hint.about == ref)

    def drop(self, gone: Collection[Hint]) -> None:
        """Show hints no more, before the workspace says so too."""
        self._take(tuple(hint for hint in self.hints if hint not in gone))

    def _take(self, found: tuple[Hint, ...]) -> None:
        if found != self.hints:
            self.hints = found
            self.changed.emit()


def hint_book(ws: Any, ops: Ops) -> HintBook:
    """The hints of a workspace in a window; all its pages share them."""
    found: HintBook = ops.shared.get("hints") or HintBook(ws, ops)
    ops.shared["hints"] = found
    return found
