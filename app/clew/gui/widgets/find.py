"""Find a block: a field, a list below it that narrows while one types, and a way from hit to hit.

What the blocks show is looked through at once; what only the search finds (descriptions, people, parameters,
metrics, messages), and what lies in another graph, comes in below, a moment later and off the UI thread.
"""

from collections.abc import Callable, Mapping

from PySide6.QtCore import QEvent, QObject, QPoint, QSize, Qt, QTimer, Signal
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QListWidgetItem, QSizePolicy

from clew.gui.state import State
from clew.gui.widgets.basic import label
from clew.gui.widgets.find_list import ENTRY, Entry, FindList, spans
from clew.gui.widgets.search import SearchField
from clew.gui.words import block_words
from clew.model.refs import BlockRef
from clew.model.search import Found, Hit
from clew.model.view import Block, GraphView, Scope

_MOST, _LEAST = 12, 3  # lines; and hits that are shown whatever the number of blocks
_WIDE, _NARROW = 160, 112  # pixels of the field; narrow where the way to the graph needs the room
_ELSEWHERE = 4  # lines for what another graph shows
Scopes = Mapping[BlockRef, Scope]
Search = Callable[[str, Callable[[Found, Scopes], None]], object]


class FindField(SearchField):
    """Enter or a click goes to a hit, Shift+Enter selects all in view; Esc lets go of what was found.

    Args:
        search: looks for words off the UI thread; hands on what it found, and which graph shows it.

    Attributes:
        counter: which of how many hits one is at; stands beside the field.
    """

    found = Signal(list)  # list[BlockRef]: the hits in this graph, in the order of F3
    went = Signal(object)  # BlockRef: a hit to look at
    elsewhere = Signal(object, object)  # BlockRef, Scope: a hit that another graph shows
    looking = Signal(bool)  # whether the counter is shown
    chosen = Signal(list)  # list[BlockRef]: all are to be selected

    def __init__(self, state: State, search: Search) -> None:
        super().__init__(state, "Find a block", _WIDE)
        self.setMinimumWidth(_NARROW)
        self.setSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Fixed)
        self._search = search
        self._view: GraphView | None = None
        self._hits: list[BlockRef] = []  # in this graph
        self._beside: list[BlockRef] = []  # those that only the search found
        self._at = -1
        self._left = True
        self.counter = label("", 11, tone="dim")
        self.counter.hide()
        self._list = FindList(state, self)
        self._list.itemClicked.connect(self._go)
        self.textEdited.connect(lambda _text: self._narrow())
        self.textChanged.connect(lambda text: None if text else self._nothing())
        self.installEventFilter(self)

    def sizeHint(self) -> QSize:
        return QSize(_WIDE, super().sizeHint().height())

    def set_view(self, view: GraphView) -> None:
        """Take the graph in view; what was looked for is looked for in it too."""
        self._view = view
        if self.text().strip():
            drawn = self._drawn()
            self._tell([block.ref for block in self.matches()], [r for r in self._beside if r in drawn])

    def start(self) -> None:
        """Ctrl+F: ready to type."""
        self.setFocus(Qt.FocusReason.ShortcutFocusReason)
        self.selectAll()
        self._narrow()
        self._search("", lambda _found, _scopes: None)  # makes the index while the first word is typed

    def step(self, way: int) -> None:
        """F3: go to the next hit (`way` 1) or the one before (-1); without words, ask for some."""
        if not self._hits:
            self.start()
            return
        self._leave()
        self._at = (self._at + way) % len(self._hits) if self._at >= 0 or way > 0 else len(self._hits) - 1
        self._count()
        self.went.emit(self._hits[self._at])

    def let_go(self) -> bool:
        """Forget what was found; whether anything was looked for."""
        held = bool(self.text())
        self._leave()
        self.clear()
        return held

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        if event.type() == QEvent.Type.FocusOut:
            QTimer.singleShot(120, self._list, self._leave)  # a click into the list comes first
        return super().eventFilter(watched, event)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        steps = {Qt.Key.Key_Down: 1, Qt.Key.Key_Up: -1}
        number = len(self._list.entries())
        if event.key() in steps and self._list.isVisible() and number:
            self._list.setCurrentRow((self._list.currentRow() + steps[Qt.Key(event.key())]) % number)
            self._announce()
        elif event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter) and self._list.currentItem():
            shift = event.modifiers() & Qt.KeyboardModifier.ShiftModifier
            self._choose_all() if shift else self._go(self._list.currentItem())
        elif event.key() == Qt.Key.Key_Escape:
            self.let_go()
        else:
            super().keyPressEvent(event)

    def matches(self) -> list[Block]:
        """Blocks that show every word, the newest first, those whose title begins so before others."""
        words = self._words()
        blocks = self._view.blocks if self._view is not None else ()
        found = [b for b in blocks if _all_in(words, block_words(b))] if words else list(blocks)
        first = words[0] if words else ""
        found.sort(key=lambda b: (not b.title.casefold().startswith(first), -b.created_at))
        return found

    def _words(self) -> list[str]:
        return self.text().casefold().split()

    def _drawn(self) -> set[BlockRef]:
        """All that this graph shows: blocks, notes, frames."""
        view = self._view
        if view is None:
            return set()
        return {thing.ref for part in (view.blocks, view.notes, view.frames) for thing in part}

    def _leave(self) -> None:
        self._left = True
        self._list.hide()

    def _nothing(self) -> None:
        """The field is empty."""
        self._tell([], [])

    def _narrow(self) -> None:
        self._left = False
        shown = self.matches()
        self._list.show_entries(self._entries(shown, ()), self._foot(len(shown)))
        self._show()
        text = self.text()
        if not text.strip():
            self._tell([], [])
            return
        self._tell([block.ref for block in shown], [])
        self._search(
            text, lambda found, scopes: self._widen(shown, found, scopes) if self.text() == text else None
        )

    def _widen(self, shown: list[Block], found: Found, scopes: Scopes) -> None:
        """What the search found beside what the blocks show, here and in other graphs."""
        there, drawn = {block.ref for block in shown}, self._drawn()
        here = [hit for hit in found.hits if hit.ref in drawn and hit.ref not in there]
        told = {hit.ref for hit in here}
        more = sorted((drawn & found.refs) - there - told)
        mine = self._view.scope if self._view is not None else None
        other = [h for h in found.hits if h.ref not in drawn and h.ref in scopes and scopes[h.ref] != mine]
        if self._left or not (here or more or other):  # a list that was left meanwhile does not come back
            return
        row = self._list.currentRow()
        self._tell([block.ref for block in shown], [*(hit.ref for hit in here), *more])
        room = max(_LEAST, _MOST - len(shown))
        entries = self._entries(shown, here[:room]) + [_entry(h, scopes[h.ref]) for h in other[:_ELSEWHERE]]
        self._list.show_entries(entries, self._foot(len(self._hits), len(other)))
        self._list.setCurrentRow(max(0, row))
        self._show()

    def _entries(self, blocks: list[Block], hits: tuple[Hit, ...] | list[Hit]) -> list[Entry]:
        words = self.text().lower().split()
        found = []
        for block in blocks[:_MOST]:
            fact = f"{block.caption}, {block.fact}" if block.fact else block.caption
            found.append(Entry(block.ref, block.title, fact, spans(fact, words), spans(block.title, words)))
        return found + [_entry(hit) for hit in hits]

    def _foot(self, number: int, other: int = 0) -> str:
        if not number:
            return "" if other else "No block with these words"
        return f"{number:,} found here: Shift+Enter selects them, F3 goes through them" if number > 1 else ""

    def _tell(self, hits: list[BlockRef], beside: list[BlockRef]) -> None:
        """Go by other hits; the one that was looked at stays the one."""
        now = self._hits[self._at] if 0 <= self._at < len(self._hits) else None
        fresh = [*hits, *beside]
        self._beside = beside
        if fresh != self._hits:
            self._hits = fresh
            self._at = fresh.index(now) if now in fresh else -1
            self.found.emit(fresh)
        self._count()

    def _count(self) -> None:
        number = len(self._hits)
        words = f"{self._at + 1:,} of {number:,}" if self._at >= 0 else f"{number:,} found"
        self.counter.setText(words)
        self.counter.setAccessibleName(f"Hit {words}" if self._at >= 0 else words)
        looking = bool(self.text().strip())
        self.counter.setVisible(looking)
        self.looking.emit(looking)

    def _show(self) -> None:
        self._list.move(self.mapToGlobal(QPoint(0, self.height() + 4)))
        self._list.setVisible(self.hasFocus() or self.window().isActiveWindow())
        self._announce()

    def _announce(self) -> None:
        """The keyboard stays in the field, so the field says what Enter would do."""
        item = self._list.currentItem()
        self.setAccessibleDescription(item.data(Qt.ItemDataRole.AccessibleTextRole) or "" if item else "")

    def _choose_all(self) -> None:
        self._leave()
        self.chosen.emit(self._hits or [block.ref for block in self.matches()])

    def _go(self, item: QListWidgetItem) -> None:
        entry: Entry | None = item.data(ENTRY)
        self._leave()
        if entry is None:
            return
        if entry.scope is not None:
            self.elsewhere.emit(entry.ref, entry.scope)
            return
        if entry.ref in self._hits:
            self._at = self._hits.index(entry.ref)
            self._count()
        self.went.emit(entry.ref)


def _entry(hit: Hit, scope: Scope | None = None) -> Entry:
    """A hit with the words that were found; a name says itself."""
    if hit.field == "name":
        begin = hit.title.find(hit.snippet.strip("…"))  # of a long name the snippet is a part
        shift = begin - hit.snippet.startswith("…")
        named = tuple((start + shift, end + shift) for start, end in hit.marks) if begin >= 0 else ()
        return Entry(hit.ref, hit.title, hit.caption, (), named, scope)
    before = f"{hit.field}: "
    marks = tuple((start + len(before), end + len(before)) for start, end in hit.marks)
    return Entry(hit.ref, hit.title, before + hit.snippet, marks, (), scope)


def _all_in(words: list[str], text: str) -> bool:
    text = text.casefold()
    return all(word in text for word in words)
