"""Find a block: a field, and a list below it that narrows while one types."""

from collections.abc import Callable

from PySide6.QtCore import QEvent, QObject, QPoint, Qt, QTimer
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QListWidget, QListWidgetItem

from clew.gui.fonts import ui_font
from clew.gui.icons import KIND_ICONS, icon
from clew.gui.state import State
from clew.gui.widgets.search import SearchField
from clew.model.refs import BlockRef
from clew.model.view import Block

_MOST = 12


class FindField(SearchField):
    """Enter or a click goes to a block; Esc closes the list."""

    def __init__(self, state: State, found: Callable[[BlockRef], object]) -> None:
        super().__init__(state, "Find a block", 160)
        self._state, self._found = state, found
        self._blocks: tuple[Block, ...] = ()
        self._list = QListWidget(self)
        self._list.setWindowFlags(Qt.WindowType.ToolTip | Qt.WindowType.FramelessWindowHint)
        self._list.setProperty("look", "popup")
        self._list.setAccessibleName("Blocks found")
        self._list.setFont(ui_font(13))
        self._list.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self._list.setMouseTracking(True)
        self._list.hide()
        self._list.itemClicked.connect(self._go)
        self.textEdited.connect(lambda _text: self._narrow())
        self.installEventFilter(self)

    def set_blocks(self, blocks: tuple[Block, ...]) -> None:
        self._blocks = blocks

    def start(self) -> None:
        """Ctrl+F: ready to type."""
        self.setFocus(Qt.FocusReason.ShortcutFocusReason)
        self.selectAll()
        self._narrow()

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        if event.type() == QEvent.Type.FocusOut:
            QTimer.singleShot(120, self._list, self._list.hide)  # a click into the list comes first
        return super().eventFilter(watched, event)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        steps = {Qt.Key.Key_Down: 1, Qt.Key.Key_Up: -1}
        number = self._list.count()
        if event.key() in steps and self._list.isVisible() and number:
            self._list.setCurrentRow((self._list.currentRow() + steps[Qt.Key(event.key())]) % number)
        elif event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter) and self._list.currentItem():
            self._go(self._list.currentItem())
        elif event.key() == Qt.Key.Key_Escape:
            self._list.hide()
            self.clear()
        else:
            super().keyPressEvent(event)

    def matches(self) -> list[Block]:
        """Blocks in which every word occurs, the newest first, those whose title begins so before others."""
        words = self.text().casefold().split()
        found = [
            block
            for block in self._blocks
            if all(
                word in f"{block.title} {block.caption} {block.fact} {' '.join(block.chips)}".casefold()
                for word in words
            )
        ]
        first = words[0] if words else ""
        found.sort(key=lambda b: (not b.title.casefold().startswith(first), -b.created_at))
        return found[:_MOST]

    def _narrow(self) -> None:
        self._list.clear()
        theme = self._state.theme
        for block in self.matches():
            text = f"{block.title}   {block.caption}"
            item = QListWidgetItem(icon(KIND_ICONS[block.ref.kind], theme.kind(block.ref.kind), 15), text)
            item.setData(Qt.ItemDataRole.UserRole, block.ref)
            self._list.addItem(item)
        if not self._list.count():
            item = QListWidgetItem("No block with these words")
            item.setFlags(Qt.ItemFlag.NoItemFlags)
            self._list.addItem(item)
        else:
            self._list.setCurrentRow(0)
        height = self._list.sizeHintForRow(0) * self._list.count() + 12
        self._list.resize(360, height)
        corner = self.mapToGlobal(QPoint(0, self.height() + 4))
        self._list.move(corner)
        self._list.setVisible(self.hasFocus() or self.window().isActiveWindow())

    def _go(self, item: QListWidgetItem) -> None:
        ref = item.data(Qt.ItemDataRole.UserRole)
        self._list.hide()
        self.clear()
        if ref is not None:
            self._found(ref)
