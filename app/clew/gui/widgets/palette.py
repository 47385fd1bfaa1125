"""The command palette: type a few letters, Enter does it."""

from collections.abc import Callable, Sequence

from PySide6.QtCore import Qt, QTimer
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QDialog, QListWidget, QListWidgetItem, QVBoxLayout, QWidget

from clew.gui.fonts import ui_font
from clew.gui.icons import icon
from clew.gui.state import State
from clew.gui.widgets.search import SearchField

Command = tuple[str, str, Callable[[], object]]


class Palette(QDialog):
    """Closes when something was chosen or on Esc."""

    def __init__(self, parent: QWidget, state: State, commands: Sequence[Command]) -> None:
        super().__init__(parent, Qt.WindowType.Dialog | Qt.WindowType.FramelessWindowHint)
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        self.setWindowTitle("Commands")
        self._state, self._commands = state, tuple(commands)
        self.field = SearchField(state, "What to do", 420)
        self.field.setProperty("look", "")
        self.list = QListWidget()
        self.list.setProperty("look", "popup")
        self.list.setAccessibleName("Commands")
        self.list.setFont(ui_font(13))
        self.list.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(10, 10, 10, 10)
        layout.addWidget(self.field)
        layout.addWidget(self.list)
        self.resize(440, 380)
        self.field.textChanged.connect(lambda _text: self._narrow())
        self.list.itemClicked.connect(self._do)
        self._narrow()
        self.field.setFocus()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        number = self.list.count()
        if event.key() in (Qt.Key.Key_Down, Qt.Key.Key_Up) and number:
            step = 1 if event.key() == Qt.Key.Key_Down else -1
            self.list.setCurrentRow((self.list.currentRow() + step) % number)
        elif event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter) and self.list.currentItem():
            self._do(self.list.currentItem())
        else:
            super().keyPressEvent(event)

    def _narrow(self) -> None:
        words = self.field.text().casefold().split()
        self.list.clear()
        for place, (text, name, _) in enumerate(self._commands):
            if all(word in text.casefold() for word in words):
                item = QListWidgetItem(icon(name, self._state.theme.dim, 15), text)
                item.setData(Qt.ItemDataRole.UserRole, place)
                self.list.addItem(item)
        self.list.setCurrentRow(0)

    def _do(self, item: QListWidgetItem) -> None:
        run = self._commands[item.data(Qt.ItemDataRole.UserRole)][2]
        host = self.parentWidget() or self
        self.accept()
        QTimer.singleShot(0, host, run)  # after this dialog is gone: no dialog over a dialog
