"""The end of a task's log, growing while the task runs."""

from typing import Any

from PySide6.QtCore import QTimer
from PySide6.QtGui import QHideEvent, QShowEvent, QTextCursor
from PySide6.QtWidgets import QPlainTextEdit

from clew.gui.fonts import mono_font
from clew.gui.inspector.ask import Ask
from clew.gui.inspector.load import Shown
from clew.gui.inspector.section import Section
from clew.model.entities import Task

_TAIL = 48_000  # bytes
_LINES = 600
_EMPTY = "Nothing was written to the log."
_EVERY_MS = 500


class LogSection(Section):
    """Follows the log; scrolling up stops the following, scrolling to the end goes on."""

    title = "Log"

    def build(self) -> None:
        self.task: int | None = None
        self.running = False
        self._offset: int | None = None
        self._ask = Ask(self, self.env.ops)
        self.text = QPlainTextEdit()
        self.text.setReadOnly(True)
        self.text.setProperty("look", "log")
        self.text.setFont(mono_font(11))
        self.text.setLineWrapMode(QPlainTextEdit.LineWrapMode.NoWrap)
        self.text.setMaximumBlockCount(_LINES)
        self.text.setFixedHeight(170)
        self.text.setAccessibleName("Log")
        self.text.setPlaceholderText(_EMPTY)
        self.body.addWidget(self.text)
        self._timer = QTimer(self, interval=_EVERY_MS)
        self._timer.timeout.connect(self.follow)

    def take(self, shown: Shown) -> bool:
        task: Task = shown.details.entity
        if task.id != self.task:
            self.task, self._offset = task.id, None
            self.text.clear()
        self.running = not task.status.over
        self.text.setPlaceholderText("Nothing written yet" if self.running else _EMPTY)
        self.follow()
        self._set_timer()
        return True

    def follow(self) -> None:
        """Read what is new."""
        task, offset, ws = self.task, self._offset, self.env.ws
        if task is not None:
            self._ask(lambda: _read(ws, task, offset), self._append, lambda _error: None)

    def showEvent(self, event: QShowEvent) -> None:
        super().showEvent(event)
        self._set_timer()

    def hideEvent(self, event: QHideEvent) -> None:
        super().hideEvent(event)
        self._timer.stop()

    def _set_timer(self) -> None:
        if self.running and self.isVisible():
            self._timer.start()
        else:
            self._timer.stop()

    def _append(self, read: tuple[str, int]) -> None:
        text, self._offset = read
        if not text:
            return
        bar = self.text.verticalScrollBar()
        at_end = bar.value() >= bar.maximum() - 4
        cursor = QTextCursor(self.text.document())
        cursor.movePosition(QTextCursor.MoveOperation.End)
        cursor.insertText(text)
        if at_end:
            bar.setValue(bar.maximum())


def _read(ws: Any, task: int, offset: int | None) -> tuple[str, int]:
    from clew.services.tasks import log_file, read_log

    if offset is None:
        path = log_file(ws, task)
        size = path.stat().st_size if path.exists() else 0
        text, end = read_log(ws, task, max(0, size - _TAIL))
        return (text.partition("\n")[2] if size > _TAIL else text), end
    return read_log(ws, task, offset)
