"""What was found, as a list under the field: name, where the words stand, and in which other graph it is."""

from collections.abc import Sequence
from dataclasses import dataclass

from PySide6.QtCore import QModelIndex, QPersistentModelIndex, QPointF, QRect, QSize, Qt
from PySide6.QtGui import QColor, QFont, QFontMetrics, QPainter, QTextCharFormat, QTextLayout
from PySide6.QtWidgets import (
    QListWidget,
    QListWidgetItem,
    QStyle,
    QStyledItemDelegate,
    QStyleOptionViewItem,
    QWidget,
)

from clew.gui.fonts import ui_font
from clew.gui.icons import KIND_ICONS, icon_pixmap
from clew.gui.state import State
from clew.gui.theme import mix
from clew.gui.words import elided
from clew.model.refs import BlockRef
from clew.model.view import Scope

Spans = tuple[tuple[int, int], ...]
ENTRY = Qt.ItemDataRole.UserRole
WIDE, HIGH = 460, 32
_NEAR = 24  # letters after the first mark in which another is to be seen too
_LEFT = int(Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter)
_Flag = QStyle.StateFlag
_WHERE = {
    "workspace": "in the workspace",
    "project": "in its project’s graph",
    "task": "in a task’s graph",
}


@dataclass(frozen=True)
class Entry:
    """One line of the list.

    Attributes:
        detail: its kind, or the words that were found in it.
        marks: where in the detail the words stand, as (start, end).
        named: the same in the title.
        scope: the graph that shows it, when it is another than the one in view.
    """

    ref: BlockRef
    title: str
    detail: str
    marks: Spans = ()
    named: Spans = ()
    scope: Scope | None = None

    @property
    def where(self) -> str:
        """In which graph it is, in words; empty for the one in view."""
        return _WHERE[self.scope.kind] if self.scope is not None else ""


def spans(text: str, words: Sequence[str]) -> Spans:
    """Where words stand in a text, whatever their case."""
    low, found = text.lower(), []
    for word in words:
        start = low.find(word)
        while word and start >= 0 and len(low) == len(text):
            found.append((start, start + len(word)))
            start = low.find(word, start + len(word))
    return tuple(sorted(found))


class FindList(QListWidget):
    """Stands over the window and never takes the keyboard; the field moves through it."""

    def __init__(self, state: State, parent: QWidget) -> None:
        super().__init__(parent)
        self.setWindowFlags(Qt.WindowType.ToolTip | Qt.WindowType.FramelessWindowHint)
        self.setProperty("look", "popup")
        self.setAccessibleName("Blocks found")
        self.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self.setMouseTracking(True)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setVerticalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setItemDelegate(_Lines(state, self))
        self.hide()

    def show_entries(self, entries: Sequence[Entry], foot: str) -> None:
        """Show lines, and below them a sentence that cannot be chosen; "" for none."""
        self.clear()
        for entry in entries:
            item = QListWidgetItem(entry.title)
            said = ", ".join(part for part in (entry.title, entry.detail, entry.where) if part)
            item.setData(ENTRY, entry)
            item.setData(Qt.ItemDataRole.AccessibleTextRole, said)
            item.setToolTip(said)
            self.addItem(item)
        if foot:
            line = QListWidgetItem(foot)
            line.setFlags(Qt.ItemFlag.NoItemFlags)
            self.addItem(line)
        if entries:
            self.setCurrentRow(0)
        self.resize(WIDE, HIGH * self.count() + 12)

    def entries(self) -> list[Entry]:
        """The lines that can be chosen."""
        found = (self.item(row).data(ENTRY) for row in range(self.count()))
        return [entry for entry in found if entry is not None]


class _Lines(QStyledItemDelegate):
    def __init__(self, state: State, parent: QWidget) -> None:
        super().__init__(parent)
        self._state = state

    def sizeHint(self, _option: QStyleOptionViewItem, _index: QModelIndex | QPersistentModelIndex) -> QSize:
        return QSize(200, HIGH)

    def paint(
        self, painter: QPainter, option: QStyleOptionViewItem, index: QModelIndex | QPersistentModelIndex
    ) -> None:
        theme, entry = self._state.theme, index.data(ENTRY)
        words, state = index.data(), option.state
        strength = 0.10 if state & _Flag.State_Selected else 0.05 if state & _Flag.State_MouseOver else 0.0
        if entry is not None and strength:
            painter.setRenderHint(QPainter.RenderHint.Antialiasing)
            painter.setPen(Qt.PenStyle.NoPen)
            painter.setBrush(mix(theme.text, theme.surface, strength))
            painter.drawRoundedRect(QRect(option.rect).adjusted(1, 1, -1, -1), 5, 5)
        painter.save()
        room = QRect(option.rect).adjusted(10, 0, -10, 0)
        if entry is None:
            painter.setFont(ui_font(11))
            painter.setPen(theme.dim)
            painter.drawText(room, _LEFT, words)
            painter.restore()
            return
        colour, ratio = theme.kind(entry.ref.kind), painter.device().devicePixelRatio()
        painter.drawPixmap(
            room.left(), room.center().y() - 7, icon_pixmap(KIND_ICONS[entry.ref.kind], colour, 15, ratio)
        )
        room.setLeft(room.left() + 24)
        if entry.where:
            room = self._where(painter, room, entry.where)
        bold = ui_font(13, 500)
        wide = min(QFontMetrics(bold).horizontalAdvance(entry.title) + 2, round(room.width() * 0.55))
        _marked(painter, room, wide, entry.title, entry.named, bold, theme.text, theme.text)
        room.setLeft(room.left() + wide + 12)
        _marked(painter, room, room.width(), entry.detail, entry.marks, ui_font(12), theme.dim, theme.text)
        painter.restore()

    def _where(self, painter: QPainter, room: QRect, words: str) -> QRect:
        """The graph that shows it, as a chip at the right; returns the room that is left."""
        theme, small = self._state.theme, ui_font(11)
        wide = QFontMetrics(small).horizontalAdvance(words) + 16
        chip = QRect(room.right() - wide, room.center().y() - 9, wide, 19)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(theme.sunken)
        painter.drawRoundedRect(chip, 9, 9)
        painter.setPen(theme.dim)
        painter.setFont(small)
        painter.drawText(chip, int(Qt.AlignmentFlag.AlignCenter), words)
        return room.adjusted(0, 0, -wide - 10, 0)


def _marked(
    painter: QPainter,
    room: QRect,
    wide: int,
    text: str,
    marks: Spans,
    font: QFont,
    colour: QColor,
    strong: QColor,
) -> None:
    """A text in one line with its marks strong; it begins later where the first mark would not be seen."""
    measure = QFontMetrics(font)
    if marks:
        skip, end = 0, max(end for start, end in marks if start < marks[0][0] + _NEAR)
        while skip < marks[0][0] and measure.horizontalAdvance(text[skip:end]) > wide - 30:
            skip += 4
        skip = min(skip, marks[0][0])
        if skip:
            shortened = text.find("…", skip, marks[0][0])  # one sign is enough
            skip = max(skip, shortened + 1)
            text = "…" + text[skip:]
            marks = tuple((start - skip + 1, end - skip + 1) for start, end in marks)
    text = elided(measure, text, wide)
    layout = QTextLayout(text, font)
    ranges = []
    for start, end in marks:
        if start < len(text):
            part = QTextLayout.FormatRange()
            part.start, part.length = start, min(end, len(text)) - start
            part.format = QTextCharFormat()
            part.format.setForeground(strong)
            part.format.setFontWeight(QFont.Weight.Bold)
            ranges.append(part)
    layout.setFormats(ranges)
    layout.beginLayout()
    line = layout.createLine()
    line.setLineWidth(4 * wide)
    layout.endLayout()
    painter.setPen(colour)
    painter.setFont(font)
    painter.setClipRect(QRect(room.left(), room.top(), wide, room.height()))
    layout.draw(painter, QPointF(room.left(), room.center().y() + 1 - line.height() / 2))
    painter.setClipping(False)
