"""The list of changed items: a picture, its path and what happened, for thousands of them."""

from typing import Any

from PySide6.QtCore import QAbstractListModel, QModelIndex, QPersistentModelIndex, QRectF, QSize, Qt, Signal
from PySide6.QtGui import QFontMetrics, QPainter
from PySide6.QtWidgets import QAbstractItemView, QListView, QStyle, QStyledItemDelegate, QStyleOptionViewItem

from clew.gui.diff.load import LoadedDiff, Row
from clew.gui.diff.words import row_words
from clew.gui.fonts import ui_font
from clew.gui.icons import icon_pixmap
from clew.gui.ops import Ops
from clew.gui.state import State
from clew.gui.theme import mix
from clew.gui.widgets.paint import paint_card, paint_cover
from clew.gui.widgets.thumbs import thumbnails
from clew.model.changes import Change, ItemChange
from clew.model.view import Preview

_Index = QModelIndex | QPersistentModelIndex
HEIGHT, THUMB = 56, (52, 40)


class ChangeModel(QAbstractListModel):
    """Rows are looked at only when they are seen."""

    def __init__(self) -> None:
        super().__init__()
        self.rows: tuple[Row, ...] = ()

    def set_rows(self, rows: tuple[Row, ...]) -> None:
        self.beginResetModel()
        self.rows = rows
        self.endResetModel()

    def rowCount(self, parent: _Index | None = None) -> int:
        return 0 if parent is not None and parent.isValid() else len(self.rows)

    def data(self, index: _Index, role: int = Qt.ItemDataRole.DisplayRole) -> Any:
        row = self.rows[index.row()]
        if role == Qt.ItemDataRole.DisplayRole:
            return row.path
        if role == Qt.ItemDataRole.AccessibleTextRole:
            return f"{row.path}, {row_words(row)}"
        if role == Qt.ItemDataRole.ToolTipRole:
            return f"{row.path}\n{row_words(row)}"
        return None


class ChangeList(QListView):
    """The view; `row_chosen` for the item that is now looked at."""

    row_chosen = Signal(object)

    def __init__(self, ws: Any, ops: Ops, state: State) -> None:
        super().__init__()
        self.changes = ChangeModel()
        self.setModel(self.changes)
        self.loaded: LoadedDiff | None = None
        self.thumbs = thumbnails(ws, ops)
        self.setAccessibleName("Changed pictures and files")
        self.setUniformItemSizes(True)
        self.setVerticalScrollMode(QAbstractItemView.ScrollMode.ScrollPerPixel)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setMouseTracking(True)
        self.setItemDelegate(_RowPainter(self, state))
        self.thumbs.ready.connect(self.viewport().update)
        self.selectionModel().currentChanged.connect(self._chosen)

    def set_rows(self, loaded: LoadedDiff, rows: tuple[Row, ...]) -> None:
        """Show these and keep the place where the same path is still there."""
        index = self.currentIndex()
        kept = self.changes.rows[index.row()].path if index.isValid() else ""
        self.loaded = loaded
        self.changes.set_rows(rows)
        place = next((i for i, row in enumerate(rows) if row.path == kept), 0)
        if rows:
            self.setCurrentIndex(self.changes.index(place))

    def preview(self, row: Row) -> Preview | None:
        """Where the thumbnail of a row comes from; None for files that are no items."""
        if self.loaded is None or not isinstance(row, ItemChange):
            return None
        gone = row.change is Change.REMOVED
        tree = self.loaded.old_tree if gone else self.loaded.new_tree
        return None if tree is None else Preview(tree, row.path, self.loaded.project.id)

    def sizeHint(self) -> QSize:
        return QSize(300, 400)

    def _chosen(self, current: QModelIndex, _previous: QModelIndex) -> None:
        if current.isValid():
            self.row_chosen.emit(self.changes.rows[current.row()])


class _RowPainter(QStyledItemDelegate):
    def __init__(self, view: ChangeList, state: State) -> None:
        super().__init__(view)
        self._view, self._state = view, state

    def sizeHint(self, _option: QStyleOptionViewItem, _index: _Index) -> QSize:
        return QSize(120, HEIGHT)

    def paint(self, painter: QPainter, option: QStyleOptionViewItem, index: _Index) -> None:
        theme, row = self._state.theme, self._view.changes.rows[index.row()]
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
        preview, ratio = self._view.preview(row), self._view.devicePixelRatioF()
        if preview is not None:
            image = self._view.thumbs.get(preview, round(THUMB[0] * ratio), round(THUMB[1] * ratio))
            paint_cover(painter, picture, image, theme, 5)
        else:
            painter.drawPixmap(picture.center() - _half(18), icon_pixmap("file", theme.dim, 18, ratio))
        left = picture.right() + 9
        room = card.right() - left - 8
        for top, font, ink, text, mode in (
            (8, ui_font(13, 500), theme.text, row.path, Qt.TextElideMode.ElideMiddle),
            (27, ui_font(11), theme.dim, row_words(row), Qt.TextElideMode.ElideRight),
        ):
            painter.setFont(font)
            painter.setPen(ink)
            shown = QFontMetrics(font).elidedText(text, mode, int(room))
            painter.drawText(
                QRectF(left, card.top() + top, room, 18), int(Qt.AlignmentFlag.AlignVCenter), shown
            )
        painter.restore()


def _half(size: int) -> Any:
    from PySide6.QtCore import QPointF

    return QPointF(size / 2, size / 2)
