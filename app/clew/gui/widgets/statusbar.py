"""The bar at the bottom: the workspace, what runs and how far it is, the size of the graph and the zoom."""

from PySide6.QtCore import QSize, Qt, QTimer
from PySide6.QtGui import QPainter, QPaintEvent
from PySide6.QtWidgets import QFrame, QHBoxLayout, QProgressBar, QWidget

from clew.base.words import count
from clew.gui.ops import Operation, Ops
from clew.gui.state import State
from clew.gui.widgets.basic import Elided, IconButton, label

_WIDEST = 300  # pixels of one name: a long one leaves room for the others
_TENTH = 100  # ms between looks at the progress of the running operation


class Dot(QWidget):
    """A small round sign: the workspace is open."""

    def __init__(self, state: State) -> None:
        super().__init__()
        self._state = state
        self.setFixedSize(QSize(8, 8))
        state.theme_changed.connect(lambda _theme: self.update())

    def paintEvent(self, _event: QPaintEvent) -> None:
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(self._state.theme.good)
        painter.drawEllipse(0, 1, 7, 7)


def bar(name: str, width: int = 138) -> QProgressBar:
    """A thin progress bar without a number."""
    widget = QProgressBar()
    widget.setTextVisible(False)
    widget.setFixedSize(width, 4)
    widget.setRange(0, 1000)
    widget.setAccessibleName(name)
    widget.hide()
    return widget


class StatusBar(QFrame):
    """Polls the oldest running operation ten times a second while there is one."""

    def __init__(self, ops: Ops, state: State) -> None:
        super().__init__()
        self._ops = ops
        self.setProperty("look", "status")
        self.setFixedHeight(28)
        self._dot = Dot(state)
        self._name = Elided("", 11, tone="dim")
        self._running = label("", 11, tone="dim")
        self._task = Elided("", 11, tone="dim")
        self._task_bar = bar("Progress of the running task")
        self._operation = Elided("", 11, tone="dim")
        self._operation_bar = bar("Progress of the operation")
        self._cancel = IconButton(state, "x", "Cancel the operation", self._stop)
        self._cancel.setFixedSize(22, 22)
        self._cancel.hide()
        self._graph = label("", 11, tone="dim")
        self._zoom = label("", 11, tone="dim")
        for words in (self._name, self._task, self._operation):
            words.setMaximumWidth(_WIDEST)
        layout = QHBoxLayout(self)
        layout.setContentsMargins(12, 1, 12, 0)
        layout.setSpacing(16)
        for group in (
            (self._dot, self._name),
            (self._running,),
            (self._task, self._task_bar),
            (self._operation, self._operation_bar, self._cancel),
        ):
            inner = QHBoxLayout()
            inner.setSpacing(6)
            for widget in group:
                inner.addWidget(widget)
            layout.addLayout(inner)
        layout.addStretch(1)
        layout.addWidget(self._graph)
        layout.addWidget(self._zoom)
        self._dot.hide()
        self._timer = QTimer(self)
        self._timer.setInterval(_TENTH)
        self._timer.timeout.connect(self._look)
        ops.running_changed.connect(self._look)

    def set_workspace(self, name: str, note: str = "") -> None:
        """Show the open workspace; an empty name when none is."""
        self._dot.setVisible(bool(name))
        words = f"{name} workspace" if name and not name.lower().endswith("workspace") else name
        self._name.setText(f"{words}{note}")
        self._name.updateGeometry()
        if not name:
            self.set_counts({})
            self.set_task("", None)
            self.set_zoom(None)

    def set_counts(self, counts: dict[str, int]) -> None:
        running = counts.get("running", 0)
        self._running.setText(f"{count(running, 'task')} running" if running else "")
        if not counts:
            self._graph.setText("")

    def set_graph(self, blocks: int, links: int) -> None:
        """Show how large the graph of the scope is."""
        self._graph.setText(f"{count(blocks, 'block')}, {count(links, 'link')}")

    def set_task(self, name: str, fraction: float | None, words: str = "") -> None:
        """Show the task that runs and how far it is, also in words: "62 %, about 2 min left"."""
        self._task.setText(f"{name}, {words}" if name and words else name)
        self._task.updateGeometry()
        self._task_bar.setVisible(bool(name) and fraction is not None)
        self._task_bar.setValue(round((fraction or 0) * 1000))

    def set_zoom(self, zoom: float | None) -> None:
        self._zoom.setText("" if zoom is None else f"{zoom * 100:.0f}%")

    def _oldest(self) -> Operation | None:
        running = self._ops.running()
        return running[0] if running else None

    def _look(self) -> None:
        operation = self._oldest()
        if operation is None:
            self._timer.stop()
        elif not self._timer.isActive():
            self._timer.start()
            return  # what is over within a tenth of a second is not worth a flicker
        for widget in (self._operation, self._operation_bar, self._cancel):
            widget.setVisible(operation is not None)
        if operation is None:
            return
        now = operation.progress.state()
        parts = [now.text or operation.label]
        if now.total:
            parts.append(f"{now.done:,} of {now.total:,}")
        self._operation.setText(", ".join(parts))
        self._operation.updateGeometry()
        if now.fraction is None:
            self._operation_bar.setRange(0, 0)
        else:
            self._operation_bar.setRange(0, 1000)
            self._operation_bar.setValue(round(now.fraction * 1000))
        self._cancel.setAccessibleName(f"Cancel: {operation.label}")
        self._cancel.setEnabled(not operation.progress.cancelled)

    def _stop(self) -> None:
        operation = self._oldest()
        if operation is not None:
            operation.cancel()
