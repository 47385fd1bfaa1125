"""A list of pictures: thumbnail, path, a line of words; for thousands of them."""

from dataclasses import dataclass
from typing import Any

from PySide6.QtCore import (
    QAbstractListModel,
    QModelIndex,
    QPersistentModelIndex,
    QPointF,
    QRectF,
    QSize,
    Qt,
    Signal,
)
from PySide6.QtGui import QFontMetrics, QPainter
from PySide6.QtWidgets import QAbstractItemView, QListView, QStyle, QStyledItemDelegate, QStyleOptionViewItem

from clew.gui.fonts import ui_font
from clew.gui.icons import icon_pixmap
from clew.gui.ops import Ops
from clew.gui.state import State
from clew.gui.theme import mix
from clew.gui.widgets.focus_ring import FocusRing
from clew.gui.widgets.paint import paint_card, paint_cover
from clew.gui.widgets.thumbs import thumbnails
from clew.model.view import Preview

_Index = QModelIndex | QPersistentModelIndex
HEIGHT, THUMB = 56, (52, 40)


@dataclass(frozen=True)
class Entry:
    """One line of the list; without a preview it shows the icon of a file."""

    path: str
    words: str
    preview: Preview | None
    value: Any = None


class EntryModel(QAbstractListModel):
    """Entries are looked at only when they are seen."""

    def __init__(self) -> None:
        super().__init__()
        self.entries: tuple[Entry, ...] = ()

    def set_entries(self, entries: tuple[Entry, ...]) -> None:
        self.beginResetModel()
        self.entries = entries
        self.endResetModel()

    def rowCount(self, parent: _Index | None = None) -> int:
        return 0 if parent is not None and parent.isValid() else len(self.entries)

    def data(self, index: _Index, role: int = Qt.ItemDataRole.DisplayRole) -> Any:
        entry = self.entries[index.row()]
        if role == Qt.ItemDataRole.DisplayRole:
            return entry.path
        if role == Qt.ItemDataRole.AccessibleTextRole:
            return f"{entry.path}, {entry.words}"
        if role == Qt.ItemDataRole.ToolTipRole:
            return f"{entry.path}\n{entry.words}"
        return None


class ThumbList(QListView):
    """The view; `entry_chosen` for the one that is now looked at."""

    entry_chosen = Signal(object)

    def __init__(self, ws: Any, ops: Ops, state: State, name: str) -> None:
        super().__init__()
        self.entries = EntryModel()
        self.setModel(self.entries)
        self.thumbs = thumbnails(ws, ops)
        self.setAccessibleName(name)
        self.setUniformItemSizes(True)
        self.setVerticalScrollMode(QAbstractItemView.ScrollMode.ScrollPerPixel)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setMouseTracking(True)
        self.setItemDelegate(_Painter(self, state))
        self.focus_ring = FocusRing(self, self, lambda: state.theme)
        self.thumbs.ready.connect(self.viewport().update)
        self.selectionModel().currentChanged.connect(self._chosen)

    def set_entries(self, entries: tuple[Entry, ...]) -> None:
        """Show these and keep the place where the same path is still there."""
        index = self.currentIndex()
        kept = self.entries.entries[index.row()].path if index.isValid() else ""
        self.entries.set_entries(entries)
        place = next((i for i, entry in enumerate(entries) if entry.path == kept), 0)
        if entries:
            self.setCurrentIndex(self.entries.index(place))

    def choose(self, path: str) -> bool:
        """Go to the entry of a path; False when there is none."""
        for place, entry in enumerate(self.entries.entries):
            if entry.path == path:
                self.setCurrentIndex(self.entries.index(place))
                self.scrollTo(self.currentIndex(), QAbstractItemView.ScrollHint.PositionAtCenter)
                return True
        return False

    def sizeHint(self) -> QSize:
        return QSize(300, 400)

    def _chosen(self, current: QModelIndex, _previous: QModelIndex) -> None:
        if current.isValid():
            self.entry_chosen.emit(self.entries.entries[current.row()])


class _Painter(QStyledItemDelegate):
    def __init__(self, view: ThumbList, state: State) -> None:
        super().__init__(view)
        self._view, self._state = view, state

    def sizeHint(self, _option: QStyleOptionViewItem, _index: _Index) -> QSize:
        return QSize(120, HEIGHT)

    def paint(self, painter: QPainter, option: QStyleOptionViewItem, index: _Index) -> None:
        theme, entry = self._state.theme, self._view.entries.entries[index.row()]
        rect = QRectF(option.rect)
        painter.save()
        card = rect.adjusted(6, 1, -6, -3)
        if option.state & QStyle.StateFlag.State_Selected:
            paint_card(painter, card, theme, 9)
        elif option.state & QStyle.StateFlag.State_MouseOver:
            painter.setRenderHint(QPainter.RenderHint.Antialiasing)
            painter.setPen(Qt.PenStyle.NoPen)
            painter.setBrush(mix(theme.text, theme.bg, 0.04))
            painter.drawRoundedRect(card, 9, 9)
        picture = QRectF(card.left() + 9, card.center().y() - THUMB[1] / 2, *THUMB)
        ratio = self._view.devicePixelRatioF()
        if entry.preview is not None:
            image = self._view.thumbs.get(entry.preview, round(THUMB[0] * ratio), round(THUMB[1] * ratio))
            paint_cover(painter, picture, image, theme, 5)
        else:
            painter.drawPixmap(picture.center() - QPointF(9, 9), icon_pixmap("file", theme.dim, 18, ratio))
        self._texts(painter, card, picture.right() + 9, entry)
        painter.restore()

    def _texts(self, painter: QPainter, card: QRectF, left: float, entry: Entry) -> None:
        theme = self._state.theme
        room = card.right() - left - 8
        for top, font, ink, text, mode in (
            (8, ui_font(13, 500), theme.text, entry.path, Qt.TextElideMode.ElideMiddle),
            (27, ui_font(11), theme.dim, entry.words, Qt.TextElideMode.ElideRight),
        ):
            painter.setFont(font)
            painter.setPen(ink)
            shown = QFontMetrics(font).elidedText(text, mode, int(room))
            painter.drawText(
                QRectF(left, card.top() + top, room, 18), int(Qt.AlignmentFlag.AlignVCenter), shown
            )
