"""One task: how it stands, its parameters and metrics, what went in and came out, its notes and its log."""

from dataclasses import dataclass
from functools import partial

from PySide6.QtCore import QTimer
from PySide6.QtGui import QHideEvent, QShowEvent, QTextCursor
from PySide6.QtWidgets import QFrame, QHBoxLayout, QPlainTextEdit, QVBoxLayout, QWidget

from clew.base.clock import friendly
from clew.base.words import setting, titled
from clew.gui.actions import actions_for, open_entity
from clew.gui.context import Context
from clew.gui.fonts import mono_font
from clew.gui.inspector.ask import Ask
from clew.gui.inspector.load import Named
from clew.gui.inspector.section import Facts, RefRow
from clew.gui.task_words import STATUS, outcome, took
from clew.gui.widgets.basic import button, clear, hairline, label, scrolled, section, tab_after
from clew.gui.widgets.statusbar import bar
from clew.model.entities import Changes, Task
from clew.model.refs import BlockRef
from clew.services.details import details
from clew.services.task_words import metric_words
from clew.services.tasks import get_task, read_log, task_inputs, task_outputs

_LOOK = 500  # ms between two looks at a log that grows
_MOST_LINES = 20_000
_ANY = (1 << 24) - 1  # Qt's own largest size of a widget


@dataclass(frozen=True)
class _Found:
    task: Task
    inputs: tuple[Named, ...]
    outputs: tuple[Named, ...]


class TaskPanel(QFrame):
    """Follows the log while the task runs and the panel is seen."""

    def __init__(self, context: Context) -> None:
        super().__init__()
        self.setProperty("look", "panel")
        self._ws, self._ops = context.ws, context.ops
        self.context = Context(context.ws, context.ops, context.state, self)
        self._ask, self._ask_log = Ask(self, context.ops), Ask(self, context.ops)
        self.task_id = 0
        self.task: Task | None = None
        self._offset = 0
        self._reading = False
        self.title = label("", 15, 600, wrap=True)
        self.subtitle = label("", 12, tone="dim", wrap=True)
        self.message = label("", 13, wrap=True)
        self.bar = bar("Progress of this task", 240)
        self._buttons = QHBoxLayout()
        self._buttons.setSpacing(8)
        self._facts = QVBoxLayout()
        self._facts.setSpacing(6)
        self.log = QPlainTextEdit()
        self.log.setReadOnly(True)
        self.log.setPlaceholderText("Nothing was written to the log.")
        self.log.setProperty("look", "log")
        self.log.setFont(mono_font(11))
        self.log.setAccessibleName("Log")
        self.log.setMaximumBlockCount(_MOST_LINES)
        self.log.setTabChangesFocus(True)
        self._give_room(False)
        self._lay_out()
        self._timer = QTimer(self)
        self._timer.setInterval(_LOOK)
        self._timer.timeout.connect(self._follow)

    def _lay_out(self) -> None:
        inside = QWidget()
        facts = QVBoxLayout(inside)
        facts.setContentsMargins(18, 16, 18, 8)
        facts.setSpacing(9)
        for widget in (self.title, self.subtitle, self.bar, self.message):
            facts.addWidget(widget)
        facts.addLayout(self._buttons)
        facts.addLayout(self._facts)
        facts.addStretch(1)
        log = QVBoxLayout()
        log.setContentsMargins(18, 10, 18, 14)
        log.setSpacing(6)
        log.addWidget(section("Log"))
        log.addWidget(self.log, 1)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(1, 0, 0, 0)
        layout.setSpacing(0)
        layout.addWidget(scrolled(inside, "About the task"), 5)
        layout.addWidget(hairline())  # what scrolls ends here
        layout.addLayout(log, 4)

    def _give_room(self, written: bool) -> None:
        """A log with nothing in it leaves its room to what is known of the task."""
        self.log.setMinimumHeight(140 if written else 60)
        self.log.setMaximumHeight(_ANY if written else 60)
        if isinstance(layout := self.layout(), QVBoxLayout):
            layout.setStretch(layout.count() - 1, 4 if written else 0)  # the log is the last part

    def show_task(self, task_id: int) -> None:
        """Show another task, or look again at this one."""
        if task_id != self.task_id:
            self.task_id, self.task, self._offset = task_id, None, 0
            self._reading = False
            self._ask_log.forget()
            self.log.clear()
            self._give_room(False)
        self.refresh()

    def apply(self, changes: Changes) -> None:
        if self.task_id and self.isVisible() and changes.touches("task", "link", "model", "report"):
            self.refresh()

    def refresh(self) -> None:
        task_id = self.task_id

        def read() -> _Found:
            task = get_task(self._ws, task_id)
            return _Found(
                task,
                self._named(task_inputs(self._ws, task_id)),
                self._named(task_outputs(self._ws, task_id)),
            )

        self._ask(read, self._show)

    def showEvent(self, event: QShowEvent) -> None:
        super().showEvent(event)
        self._timer.start()

    def hideEvent(self, event: QHideEvent) -> None:
        super().hideEvent(event)
        self._timer.stop()

    def _named(self, refs: tuple[BlockRef, ...]) -> tuple[Named, ...]:
        found = []
        for ref in refs[:30]:
            about = details(self._ws, ref)
            found.append(Named(ref, about.caption, about.title))
        return tuple(found)

    def _show(self, found: _Found) -> None:
        task = self.task = found.task
        _, tone, word = STATUS[task.status]
        self.title.setText(task.name)
        started = friendly(task.started_at or task.created_at)
        time = f", took {took(task)}" if task.started_at else ""
        self.subtitle.setText(f"{word}. Started {started}{time}")
        self.message.setText(outcome(task))
        self.message.setVisible(bool(self.message.text()))
        self.message.setProperty("tone", tone if tone in ("good", "bad") else "text")
        self.bar.setVisible(not task.status.over and task.progress is not None)
        self.bar.setValue(round((task.progress or 0) * 1000))
        self._show_buttons(task)
        clear(self._facts)
        self._rows("Parameters", [(titled(key), setting(value)) for key, value in task.params.items()])
        self._rows("Metrics", list(metric_words(task.metrics)))
        self._links("Went in", found.inputs)
        self._links("Came out", found.outputs)
        if task.notes:
            self._heading("Notes")
            for note in task.notes:
                self._facts.addWidget(label(note, 12, wrap=True))
        self._read_log()

    def _show_buttons(self, task: Task) -> None:
        clear(self._buttons)
        before: QWidget = self.bar
        for action in actions_for(task.ref, task, without=("log", "describe")):
            made = button(action.label, partial(action.run, self.context), look="normal")
            self._buttons.addWidget(made)
            tab_after(before, made)
            before = made
        self._buttons.addStretch(1)

    def _rows(self, title: str, rows: list[tuple[str, str]]) -> None:
        if not rows:
            return
        self._heading(title)
        facts = Facts()
        facts.set_rows(tuple(rows))
        self._facts.addWidget(facts)

    def _heading(self, title: str) -> None:
        made = section(title)
        made.setContentsMargins(0, 10, 0, 0)
        self._facts.addWidget(made)

    def _links(self, title: str, refs: tuple[Named, ...]) -> None:
        if not refs:
            return
        self._heading(title)
        for named in refs:
            made = RefRow(self.context.state, named)
            made.chosen.connect(partial(open_entity, self.context))
            self._facts.addWidget(made)

    def _follow(self) -> None:
        if self.task is not None and not self.task.status.over:
            self._read_log()

    def _read_log(self) -> None:
        if self._reading:
            return
        self._reading = True
        task_id, offset = self.task_id, self._offset
        self._ask_log(lambda: read_log(self._ws, task_id, offset), self._append, self._stopped)

    def _append(self, found: tuple[str, int]) -> None:
        self._reading = False
        text, self._offset = found
        if not text:
            return
        self._give_room(True)
        slider = self.log.verticalScrollBar()
        at_end = slider.value() >= slider.maximum() - 4
        cursor = QTextCursor(self.log.document())
        cursor.movePosition(QTextCursor.MoveOperation.End)
        cursor.insertText(text)
        if at_end:
            slider.setValue(slider.maximum())

    def _stopped(self, _error: BaseException) -> None:
        self._reading = False  # a log that is not there yet is tried again at the next look
