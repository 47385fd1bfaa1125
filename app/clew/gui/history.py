"""Undo and redo: one list of edits for a workspace in a window, across the scopes that were looked at."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, Signal

from clew.gui.ops import Ops
from clew.gui.state import State
from clew.model.view import Edit, Scope, Values

if TYPE_CHECKING:
    from clew.services.workspace import Workspace

_MOST = 500  # edits that are kept


@dataclass(frozen=True)
class Step:
    """An edit and the scope in whose picture it was made."""

    scope: Scope
    edit: Edit


class History(QObject):
    """Keeps what was edited and takes it back; every step is one generic edit.

    `edited` tells what things have become, before the change feed does; `failed` that it was not so.

    Attributes:
        epoch: rises with every edit and every end of one: what was read in an earlier one is old.
        busy: how many edits are shown that the workspace does not know yet; `settled` says it knows them all.
    """

    settled = Signal()

    edited = Signal(object, object, bool)  # Scope, Values, whether the canvas itself did it already
    failed = Signal()
    shown = Signal(object)  # Scope that an undo is about, when another was in view

    def __init__(self, ws: "Workspace", ops: Ops) -> None:
        super().__init__(ops)
        self._ws, self._ops = ws, ops
        self._done: list[Step] = []
        self._undone: list[Step] = []
        self.epoch = self.busy = 0

    @property
    def undo_label(self) -> str:
        """What Ctrl+Z would take back; empty when there is nothing."""
        return self._done[-1].edit.label if self._done else ""

    @property
    def redo_label(self) -> str:
        return self._undone[-1].edit.label if self._undone else ""

    def run(
        self, label: str, scope: Scope, work: Callable[[], Edit], then: Callable[[Edit], object] | None = None
    ) -> None:
        """Do something of a service that gives its edit, off the UI thread; it can be undone then."""

        def done(edit: Edit) -> None:
            self.keep(scope, edit)
            if then is not None:
                then(edit)

        self._ops.write(label, lambda _progress: work(), done)

    def keep(self, scope: Scope, edit: Edit) -> None:
        """Remember an edit that is in the workspace already."""
        if edit.after:
            self._keep(Step(scope, edit))
            self._tell(scope, edit.after)

    def push(self, scope: Scope, edit: Edit) -> None:
        """Keep an edit that the hand already made on the canvas, and write it to the workspace."""
        from clew.services.edits import apply_edit

        self._keep(Step(scope, edit))
        self._tell(scope, edit.after, by_hand=True)
        self._write(edit.label, lambda: apply_edit(self._ws, scope, edit))

    def undo(self) -> None:
        if self._done:
            step = self._done.pop()
            self._undone.append(step)
            self._go(step.scope, step.edit.turned, f"Undo: {step.edit.label}")

    def redo(self) -> None:
        if self._undone:
            step = self._undone.pop()
            self._done.append(step)
            self._go(step.scope, step.edit, step.edit.label)

    def _keep(self, step: Step) -> None:
        self._undone.clear()
        self._done.append(step)
        del self._done[:-_MOST]

    def _go(self, scope: Scope, edit: Edit, label: str) -> None:
        from clew.services.edits import repeat_edit

        self.shown.emit(scope)
        self._tell(scope, edit.after)
        self._write(label, lambda: repeat_edit(self._ws, scope, edit))

    def _tell(self, scope: Scope, values: Values, *, by_hand: bool = False) -> None:
        self.epoch += 1
        self.edited.emit(scope, values, by_hand)

    def _write(self, label: str, work: Callable[[], object]) -> None:
        """Write what is shown already; where it comes out otherwise, `failed` says so."""

        def over() -> None:
            self.epoch += 1
            self.busy -= 1
            if not self.busy:
                self.settled.emit()

        def done(left: object) -> None:
            over()
            if left:
                self.failed.emit()  # what was left alone is not what the canvas shows now

        def trouble(error: BaseException) -> None:
            over()
            self.failed.emit()
            self._ops.on_error(error, label)

        self.busy += 1
        self._ops.write(label, lambda _progress: work(), done, trouble)


def scope_in(state: State) -> Scope:
    """The scope in view; the whole workspace on other pages than the graph's."""
    found = state.route.args.get("scope")
    return found if isinstance(found, Scope) else Scope()


def history(ws: "Workspace", ops: Ops) -> History:
    """The history of a workspace in a window; all its pages share it."""
    found: History = ops.shared.setdefault("history", None) or History(ws, ops)
    ops.shared["history"] = found
    return found
