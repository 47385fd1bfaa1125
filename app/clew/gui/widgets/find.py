"""Find a block: a field, and a list below it that narrows while one types.

What the blocks show is looked through at once; what only the search finds (descriptions, people, parameters,
metrics, messages) comes in below, a moment later and off the UI thread.
"""

from collections.abc import Callable, Collection, Sequence

from PySide6.QtCore import QEvent, QObject, QPoint, Qt, QTimer
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QListWidget, QListWidgetItem

from clew.gui.fonts import ui_font
from clew.gui.icons import KIND_ICONS, icon
from clew.gui.state import State
from clew.gui.widgets.search import SearchField
from clew.model.refs import BlockRef
from clew.model.search import Found, Hit
from clew.model.view import Block

_MOST = 12
Search = Callable[[str, Callable[[Found], None]], object]


class FindField(SearchField):
    """Enter or a click goes to a block, Shift+Enter selects all that were found; Esc closes the list.

    Args:
        found: goes to a block.
        search: looks for words off the UI thread and hands on what it found.
        choose: selects blocks.
    """

    def __init__(
        self,
        state: State,
        found: Callable[[BlockRef], object],
        search: Search,
        choose: Callable[[list[BlockRef]], object],
    ) -> None:
        super().__init__(state, "Find a block", 160)
        self._state, self._found, self._search, self._choose = state, found, search, choose
        self._blocks: tuple[Block, ...] = ()
        self._all: list[BlockRef] = []  # that were found
        self._left = True
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
        self._search("", lambda _found: None)  # makes the index while the first word is typed

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        if event.type() == QEvent.Type.FocusOut:
            QTimer.singleShot(120, self._list, self._leave)  # a click into the list comes first
        return super().eventFilter(watched, event)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        steps = {Qt.Key.Key_Down: 1, Qt.Key.Key_Up: -1}
        number = self._list.count()
        if event.key() in steps and self._list.isVisible() and number:
            number -= self._list.item(number - 1).data(Qt.ItemDataRole.UserRole) is None  # the line below
            row = self._list.currentRow() + steps[Qt.Key(event.key())]
            self._list.setCurrentRow(row % max(1, number))
        elif event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter) and self._list.currentItem():
            shift = event.modifiers() & Qt.KeyboardModifier.ShiftModifier
            self._select_all() if shift else self._go(self._list.currentItem())
        elif event.key() == Qt.Key.Key_Escape:
            self._leave()
            self.clear()
        else:
            super().keyPressEvent(event)

    def matches(self) -> list[Block]:
        """Blocks that show every word, the newest first, those whose title begins so before others."""
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
        return found

    def _leave(self) -> None:
        self._left = True
        self._list.hide()

    def _narrow(self) -> None:
        self._left = False
        shown = self.matches()
        self._fill(shown, (), ())
        self._show()
        text = self.text()
        if text.strip():
            self._search(text, lambda found: self._widen(shown, found) if self.text() == text else None)

    def _widen(self, shown: list[Block], found: Found) -> None:
        """What the search found beside what the blocks show."""
        there = {block.ref for block in shown}
        drawn = {block.ref for block in self._blocks}
        beside = (drawn - there) & found.refs
        if not beside or self._left:  # a list that was left meanwhile does not come back
            return
        row = self._list.currentRow()
        self._fill(shown, [hit for hit in found.hits if hit.ref in beside], beside)
        self._list.setCurrentRow(max(0, row))
        self._show()

    def _fill(self, blocks: list[Block], hits: Sequence[Hit], beside: Collection[BlockRef]) -> None:
        """Blocks that show the words, then hits; `beside` are all that the search found besides."""
        self._list.clear()
        self._all = [*(block.ref for block in blocks), *beside]
        for block in blocks[:_MOST]:
            self._add(block.ref, f"{block.title}   {block.caption}")
        for hit in hits[: max(3, _MOST - len(blocks))]:
            self._add(hit.ref, f"{hit.title}   {hit.field}: {hit.snippet}")
        if len(self._all) != 1:
            words = f"{len(self._all):,} found: Shift+Enter selects them" if self._all else ""
            foot = QListWidgetItem(words or "No block with these words")
            foot.setFlags(Qt.ItemFlag.NoItemFlags)
            self._list.addItem(foot)
        if self._all:
            self._list.setCurrentRow(0)

    def _add(self, ref: BlockRef, text: str) -> None:
        item = QListWidgetItem(icon(KIND_ICONS[ref.kind], self._state.theme.kind(ref.kind), 15), text)
        item.setData(Qt.ItemDataRole.UserRole, ref)
        item.setToolTip(text)
        self._list.addItem(item)

    def _show(self) -> None:
        height = self._list.sizeHintForRow(0) * self._list.count() + 12
        self._list.resize(420, height)
        corner = self.mapToGlobal(QPoint(0, self.height() + 4))
        self._list.move(corner)
        self._list.setVisible(self.hasFocus() or self.window().isActiveWindow())

    def _select_all(self) -> None:
        found = self._all
        self._leave()
        self.clear()
        self._choose(found)

    def _go(self, item: QListWidgetItem) -> None:
        ref = item.data(Qt.ItemDataRole.UserRole)
        self._leave()
        self.clear()
        if ref is not None:
            self._found(ref)
