"""What every dialog is: a title, a body, one sentence of trouble, progress, and two buttons.

A dialog works while it is open, shows how far it is, and closes when the work is done. "Go on in the
background" closes it early; the status bar takes over.
"""

from collections.abc import Callable
from typing import Any

import shiboken6
from PySide6.QtCore import QEvent, Qt, QTimer
from PySide6.QtGui import QKeyEvent, QShowEvent
from PySide6.QtWidgets import QHBoxLayout, QProgressBar, QVBoxLayout, QWidget

from clew.base.progress import Progress
from clew.gui.errors import trouble
from clew.gui.ops import Operation, Ops
from clew.gui.state import State
from clew.gui.widgets.basic import button, label
from clew.gui.widgets.front import FrontDialog
from clew.gui.words import READ_ONLY


class Dialog(FrontDialog):
    """Modal to its window and never blocking: `open()` returns at once.

    A dialog that `writes` says why it does not open in a workspace that can only be read.
    """

    writes = True

    def __init__(
        self, parent: QWidget, ops: Ops, state: State, title: str, action: str, *, width: int = 460
    ) -> None:
        super().__init__(parent.window())
        self.ops, self.state = ops, state
        self._operation: Operation | None = None
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        self.setWindowModality(Qt.WindowModality.WindowModal)
        self.setWindowTitle(title)
        self.setMinimumWidth(width)
        self.heading = label(title, 16, 600, wrap=True)
        self.body = QVBoxLayout()
        self.body.setSpacing(8)
        self.problem = label("", wrap=True)
        self.problem.setProperty("look", "banner")
        self.problem.setAccessibleName("Problem")
        self.problem.hide()
        self._stage = label("", 11, tone="dim")
        self._bar = QProgressBar()
        self._bar.setTextVisible(False)
        self._bar.setAccessibleName("Progress")
        self.primary = button(action, self.accept, "primary")
        self.primary.setAccessibleName("")  # it is called what is written on it, and that changes
        self.primary.setDefault(True)
        self.cancel_button = button("Cancel", self.reject)
        self._later = button("Go on in the background", self._let_go, "quiet")
        self._frame()
        self._timer = QTimer(self)
        self._timer.setInterval(100)
        self._timer.timeout.connect(self._look)

    def _frame(self) -> None:
        buttons = QHBoxLayout()
        buttons.setSpacing(8)
        buttons.addWidget(self._later)
        buttons.addStretch(1)
        buttons.addWidget(self.cancel_button)
        buttons.addWidget(self.primary)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(22, 20, 22, 18)
        layout.setSpacing(12)
        layout.addWidget(self.heading)
        layout.addLayout(self.body, 1)
        layout.addWidget(self.problem)
        layout.addWidget(self._stage)
        layout.addWidget(self._bar)
        layout.addLayout(buttons)
        self._hide_progress()

    def open(self) -> None:
        if self.writes and self.state.read_only:
            self.state.say(READ_ONLY)
            self.deleteLater()
            return
        super().open()

    def show_problem(self, sentence: str) -> None:
        """One sentence about what is wrong; empty takes it away."""
        self.problem.setText(sentence)
        self.problem.setVisible(bool(sentence))

    def show_trouble(self, error: BaseException, doing: str) -> None:
        """Why something failed, in a sentence for people."""
        found = trouble(error, doing)
        self.show_problem(found.sentence if found else "")

    def work(
        self,
        doing: str,
        work: Callable[[Progress], Any],
        done: Callable[[Any], None] | None = None,
        *,
        said: Callable[[Any], str] | str = "",
        reads: bool = False,
        stay: bool = False,
    ) -> None:
        """Run the dialog's work; close and say so when it is done, stay and explain when it fails.

        Args:
            doing: as "Saving version".
            work: gets the progress, in a worker.
            done: gets the result.
            said: the sentence for the window.
            reads: the work changes nothing, so nobody who wants to save waits for it.
            stay: the dialog stays open, to show the result.
        """
        state = self.state
        self.show_problem("")
        self._busy(True)

        def finished(result: Any) -> None:
            if stay and shiboken6.isValid(self):
                self._busy(False)
            if done is not None and not (stay and not shiboken6.isValid(self)):
                done(result)
            sentence = said(result) if callable(said) else said
            if sentence:
                state.say(sentence)
            if shiboken6.isValid(self) and not stay:
                self._busy(False)
                super(Dialog, self).accept()

        def failed(error: BaseException) -> None:
            if shiboken6.isValid(self) and self.isVisible():
                self._busy(False)
                self.show_trouble(error, doing)
            else:
                self.ops.on_error(error, doing)

        run = self.ops.read if reads else self.ops.write
        self._operation = run(doing, work, finished, failed)
        self._timer.start()

    def reject(self) -> None:
        """Esc and Cancel: stop the work first, if there is any, and close when it has stopped."""
        if self._operation is not None and not self._operation.over:
            self._operation.cancel()
            self._stage.setText("Stopping")
            return
        super().reject()

    def event(self, event: QEvent) -> bool:
        """Stay as tall as what is shown, whatever appears or goes."""
        handled = super().event(event)
        if event.type() == QEvent.Type.LayoutRequest:
            self._fit()
        return handled

    def showEvent(self, event: QShowEvent) -> None:
        super().showEvent(event)
        self._fit()
        if self.focusWidget() in (None, self.cancel_button, self._later):
            self.setFocus()  # Enter is the primary action, Esc cancels; no button starts with a ring

    def _fit(self) -> None:
        layout = self.layout()
        if layout is not None and self.isVisible():
            width = max(self.width(), layout.totalMinimumSize().width())
            tall = (
                layout.totalHeightForWidth(width)
                if layout.hasHeightForWidth()
                else layout.totalSizeHint().height()
            )
            self.resize(width, tall)
            room, frame = self.screen().availableGeometry(), self.frameGeometry()
            if frame.bottom() > room.bottom():  # it grew after it was placed: its buttons stay on the screen
                self.move(frame.left(), max(room.top(), room.bottom() - frame.height()))

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter) and self.primary.isEnabled():
            self.primary.click()
            return
        super().keyPressEvent(event)

    def _busy(self, busy: bool) -> None:
        self.primary.setEnabled(not busy)
        for index in range(self.body.count()):
            _enable(self.body.itemAt(index), not busy)
        if not busy:
            self._operation = None
            self._timer.stop()
            self._hide_progress()

    def _hide_progress(self) -> None:
        for widget in (self._stage, self._bar, self._later):
            widget.setVisible(False)

    def _look(self) -> None:
        if self._operation is None or self._operation.over:
            return
        now = self._operation.progress.state()
        stopping = self._operation.progress.cancelled
        counted = f", {now.done:,} of {now.total:,}" if now.total else ""
        self._stage.setText("Stopping" if stopping else (now.text or self._operation.label) + counted)
        self._bar.setRange(0, 0 if now.fraction is None else 1000)
        if now.fraction is not None:
            self._bar.setValue(round(now.fraction * 1000))
        for widget in (self._stage, self._bar, self._later):
            widget.show()

    def _let_go(self) -> None:
        self._timer.stop()
        super().reject()


def _enable(item: Any, enabled: bool) -> None:
    if (widget := item.widget()) is not None:
        widget.setEnabled(enabled)
    elif (layout := item.layout()) is not None:
        for index in range(layout.count()):
            _enable(layout.itemAt(index), enabled)
