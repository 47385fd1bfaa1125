"""The command palette: type a few letters, Enter does it."""

from collections.abc import Callable, Sequence
from typing import Protocol

from PySide6.QtCore import QModelIndex, QPersistentModelIndex, QRectF, QSize, Qt, QTimer
from PySide6.QtGui import QKeyEvent, QPainter
from PySide6.QtWidgets import (
    QListWidget,
    QListWidgetItem,
    QStyledItemDelegate,
    QStyleOptionViewItem,
    QVBoxLayout,
    QWidget,
)

from clew.gui.fonts import ui_font
from clew.gui.icons import icon
from clew.gui.state import State
from clew.gui.widgets.front import FrontDialog
from clew.gui.widgets.fuzzy import fits
from clew.gui.widgets.search import SearchField
from clew.gui.words import elided

_KEYS = Qt.ItemDataRole.UserRole + 1
_ABOUT = Qt.ItemDataRole.UserRole + 2
_STEPS = {Qt.Key.Key_Down: 1, Qt.Key.Key_Up: -1, Qt.Key.Key_PageDown: 8, Qt.Key.Key_PageUp: -8}
_MIDDLE = Qt.AlignmentFlag.AlignVCenter


class Command(Protocol):
    """A line of the palette."""

    @property
    def words(self) -> str: ...
    @property
    def icon(self) -> str: ...
    @property
    def run(self) -> Callable[[], object]: ...
    @property
    def keys(self) -> str: ...
    @property
    def about(self) -> str: ...


class _Line(QStyledItemDelegate):
    """Words, to what they belong in dim, and the keys at the right."""

    def __init__(self, state: State, parent: QWidget) -> None:
        super().__init__(parent)
        self._state = state

    def sizeHint(self, _option: QStyleOptionViewItem, _index: QModelIndex | QPersistentModelIndex) -> QSize:
        return QSize(200, 32)

    def paint(
        self, painter: QPainter, option: QStyleOptionViewItem, index: QModelIndex | QPersistentModelIndex
    ) -> None:
        keys, about, words = index.data(_KEYS), index.data(_ABOUT), index.data()
        super().paint(painter, option, index)
        inner = QRectF(option.rect).adjusted(12, 0, -12, 0)
        painter.save()
        painter.setFont(ui_font(11))
        painter.setPen(self._state.theme.dim)
        measure = painter.fontMetrics()
        if keys:
            painter.drawText(inner, int(Qt.AlignmentFlag.AlignRight | _MIDDLE), keys)
            inner.setRight(inner.right() - measure.horizontalAdvance(keys) - 14)
        if about:
            painter.setFont(ui_font(13))
            inner.setLeft(inner.left() + 24 + painter.fontMetrics().horizontalAdvance(words) + 14)
            painter.setFont(ui_font(11))
            text = elided(measure, about, inner.width())
            painter.drawText(inner, int(Qt.AlignmentFlag.AlignLeft | _MIDDLE), text)
        painter.restore()


class Palette(FrontDialog):
    """Closes when something was chosen or on Esc."""

    def __init__(self, parent: QWidget, state: State, commands: Sequence[Command]) -> None:
        super().__init__(parent, Qt.WindowType.Dialog | Qt.WindowType.FramelessWindowHint)
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        self.setWindowTitle("Commands")
        self._state, self._commands = state, tuple(commands)
        self.field = SearchField(state, "What to do", 520)
        self.field.setProperty("look", "")
        self.list = QListWidget()
        self.list.setProperty("look", "popup")
        self.list.setAccessibleName("Commands")
        self.list.setFont(ui_font(13))
        self.list.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self.list.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.list.setItemDelegate(_Line(state, self.list))
        layout = QVBoxLayout(self)
        layout.setContentsMargins(10, 10, 10, 10)
        layout.addWidget(self.field)
        layout.addWidget(self.list)
        self.resize(540, 430)
        self.field.textChanged.connect(lambda _text: self._narrow())
        self.list.itemClicked.connect(self._do)
        self._narrow()
        self.field.setFocus()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        number, step = self.list.count(), _STEPS.get(Qt.Key(event.key()))
        if step is not None and number:
            to = self.list.currentRow() + step
            self.list.setCurrentRow(to % number if abs(step) == 1 else min(max(to, 0), number - 1))
            self._announce()
        elif event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter) and self.list.currentItem():
            self._do(self.list.currentItem())
        else:
            super().keyPressEvent(event)

    def found(self) -> list[Command]:
        """What fits the letters typed, the best first; without letters all, those used last first."""
        typed = self.field.text().strip()
        if not typed:
            return list(self._commands)
        scored = []
        for place, command in enumerate(self._commands):
            score = fits(typed, command.words)
            if score is None and command.about:
                score = fits(typed, f"{command.words} {command.about}")
            if score is not None:
                scored.append((-score, place, command))
        return [command for _, _, command in sorted(scored, key=lambda s: s[:2])]

    def _narrow(self) -> None:
        self.list.clear()
        for command in self.found():
            item = QListWidgetItem(icon(command.icon, self._state.theme.dim, 15), command.words)
            item.setData(Qt.ItemDataRole.UserRole, command)
            item.setData(_KEYS, command.keys)
            item.setData(_ABOUT, command.about)
            said = ", ".join(part for part in (command.words, command.about, command.keys) if part)
            item.setData(Qt.ItemDataRole.AccessibleTextRole, said)
            self.list.addItem(item)
        if not self.list.count():
            item = QListWidgetItem("No command with these letters")
            item.setFlags(Qt.ItemFlag.NoItemFlags)
            self.list.addItem(item)
            return
        self.list.setCurrentRow(0)
        self._announce()

    def _announce(self) -> None:
        """The keyboard stays in the field, so the field says what Enter would do."""
        item = self.list.currentItem()
        self.field.setAccessibleDescription(item.data(Qt.ItemDataRole.AccessibleTextRole) if item else "")

    def _do(self, item: QListWidgetItem) -> None:
        command = item.data(Qt.ItemDataRole.UserRole)
        if command is None:
            return
        host = self.parentWidget() or self
        self.accept()
        QTimer.singleShot(0, host, command.run)  # after this dialog is gone: no dialog over a dialog
