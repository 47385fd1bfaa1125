"""A table of values: sorting, a filter, hairlines, icons and progress; made for thousands of rows."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

from PySide6.QtCore import (
    QAbstractTableModel,
    QModelIndex,
    QPersistentModelIndex,
    QRectF,
    QSize,
    QSortFilterProxyModel,
    Qt,
    Signal,
)
from PySide6.QtGui import QColor, QKeyEvent, QPainter
from PySide6.QtWidgets import (
    QAbstractItemView,
    QHeaderView,
    QStyle,
    QStyledItemDelegate,
    QStyleOptionViewItem,
    QTableView,
)

from clew.gui.fonts import ui_font
from clew.gui.icons import icon_pixmap
from clew.gui.state import State
from clew.gui.theme import mix
from clew.gui.widgets.focus_ring import FocusRing
from clew.gui.words import elided

_Index = QModelIndex | QPersistentModelIndex
_ROW = Qt.ItemDataRole.UserRole
_COLUMN = Qt.ItemDataRole.UserRole + 1
_SORT = Qt.ItemDataRole.UserRole + 2
ROW_HEIGHT = 36


@dataclass(frozen=True)
class Column:
    """One column: how a row is shown and sorted. `icon` gives (icon name, theme colour name)."""

    title: str
    text: Callable[[Any], str]
    sort: Callable[[Any], Any] | None = None
    width: int = 140  # 0 takes what is left
    right: bool = False
    strong: bool = False
    dim: bool = False
    icon: Callable[[Any], tuple[str, str]] | None = None
    progress: Callable[[Any], float | None] | None = None
    bar_tone: str = "accent"
    swatch: Callable[[Any], str] | None = None  # "#rrggbb"


class TableModel(QAbstractTableModel):
    """Rows are frozen values; the view asks for text only of what it shows."""

    def __init__(self, columns: Sequence[Column]) -> None:
        super().__init__()
        self.columns = tuple(columns)
        self.rows: tuple[Any, ...] = ()
        self._texts: list[str | None] = []
        self.sorted_by, self.sign = -1, ""

    def set_rows(self, rows: Sequence[Any]) -> None:
        self.beginResetModel()
        self.rows = tuple(rows)
        self._texts = [None] * len(self.rows)
        self.endResetModel()

    def words_of(self, row: int) -> str:
        """All that a row shows in small letters, made once for the filter."""
        text = self._texts[row]
        if text is None:
            value = self.rows[row]
            text = self._texts[row] = " ".join(c.text(value) for c in self.columns).casefold()
        return text

    def show_order(self, place: int, order: Qt.SortOrder) -> None:
        """Put an arrow beside the title of the column that the table is sorted by."""
        self.sorted_by = place
        self.sign = "↑" if order == Qt.SortOrder.AscendingOrder else "↓"
        self.headerDataChanged.emit(Qt.Orientation.Horizontal, 0, len(self.columns) - 1)

    def rowCount(self, parent: _Index | None = None) -> int:
        return 0 if parent is not None and parent.isValid() else len(self.rows)

    def columnCount(self, parent: _Index | None = None) -> int:
        return 0 if parent is not None and parent.isValid() else len(self.columns)

    def data(self, index: _Index, role: int = Qt.ItemDataRole.DisplayRole) -> Any:
        row, column = self.rows[index.row()], self.columns[index.column()]
        if role in (Qt.ItemDataRole.DisplayRole, Qt.ItemDataRole.AccessibleTextRole):
            return column.text(row)
        if role == _ROW:
            return row
        if role == _COLUMN:
            return column
        if role == _SORT:
            return column.sort(row) if column.sort else column.text(row).casefold()
        if role == Qt.ItemDataRole.ToolTipRole:
            text = column.text(row)
            return text if len(text) > 24 else None
        return None

    def headerData(
        self, place: int, orientation: Qt.Orientation, role: int = Qt.ItemDataRole.DisplayRole
    ) -> Any:
        if orientation == Qt.Orientation.Vertical:
            return None
        column = self.columns[place]
        if role == Qt.ItemDataRole.DisplayRole:
            return f"{column.title} {self.sign}" if place == self.sorted_by else column.title
        if role == Qt.ItemDataRole.TextAlignmentRole:
            side = Qt.AlignmentFlag.AlignRight if column.right else Qt.AlignmentFlag.AlignLeft
            return int(side | Qt.AlignmentFlag.AlignVCenter)
        if role == Qt.ItemDataRole.FontRole:
            return ui_font(12, 500)
        return None


class _Filter(QSortFilterProxyModel):
    """Keeps rows in whose text every word of the filter occurs; sorts by the column's own key."""

    def __init__(self, model: TableModel) -> None:
        super().__init__()
        self._model = model
        self._words: tuple[str, ...] = ()
        self.setSourceModel(model)

    def set_filter(self, text: str) -> None:
        self.beginFilterChange()
        self._words = tuple(text.casefold().split())
        self.endFilterChange(QSortFilterProxyModel.Direction.Rows)

    def filterAcceptsRow(self, row: int, _parent: _Index) -> bool:
        if not self._words:
            return True
        text = self._model.words_of(row)
        return all(word in text for word in self._words)

    def lessThan(self, left: _Index, right: _Index) -> bool:
        return _order(self._model.data(left, _SORT)) < _order(self._model.data(right, _SORT))


def _order(value: Any) -> tuple[int, Any]:
    """What is not known sorts before everything."""
    return (0, 0) if value is None else (1, value)


class _Cells(QStyledItemDelegate):
    def __init__(self, state: State, table: "Table") -> None:
        super().__init__(table)
        self._state, self._table = state, table

    def paint(self, painter: QPainter, option: QStyleOptionViewItem, index: _Index) -> None:
        theme, column = self._state.theme, index.data(_COLUMN)
        value = index.data(_ROW)
        rect = QRectF(option.rect)
        selected = bool(option.state & QStyle.StateFlag.State_Selected)
        if selected:
            painter.fillRect(rect, mix(theme.project, theme.bg, 0.12))
        elif index.row() == self._table.hovered:
            painter.fillRect(rect, mix(theme.text, theme.bg, 0.04))
        painter.fillRect(QRectF(rect.left(), rect.bottom() - 1, rect.width(), 1), theme.line)
        inner = rect.adjusted(8, 0, -8, -1)
        ratio = painter.device().devicePixelRatio()
        if column.swatch is not None:
            painter.fillRect(
                QRectF(inner.left(), inner.center().y() - 6, 12, 12), QColor(column.swatch(value))
            )
            inner.setLeft(inner.left() + 22)
        if column.icon is not None:
            name, tone = column.icon(value)
            pixmap = icon_pixmap(name, getattr(theme, tone), 15, ratio)
            painter.drawPixmap(int(inner.left()), int(inner.center().y() - 7), pixmap)
            inner.setLeft(inner.left() + 24)
        fraction = column.progress(value) if column.progress is not None else None
        if fraction is not None:
            self._bar(painter, inner, fraction, getattr(theme, column.bar_tone), index.data() or "")
            return
        painter.setFont(ui_font(13, 500 if column.strong else 400))
        painter.setPen(theme.dim if column.dim and not selected else theme.text)
        side = Qt.AlignmentFlag.AlignRight if column.right else Qt.AlignmentFlag.AlignLeft
        text = elided(painter.fontMetrics(), index.data() or "", inner.width())
        painter.drawText(inner, int(side | Qt.AlignmentFlag.AlignVCenter), text)

    def sizeHint(self, _option: QStyleOptionViewItem, _index: _Index) -> QSize:
        return QSize(80, ROW_HEIGHT)

    def _bar(self, painter: QPainter, inner: QRectF, fraction: float, colour: QColor, words: str) -> None:
        """A bar, and the words of the cell beside it; without words the share in percent."""
        theme = self._state.theme
        wide = min(110.0, inner.width() * 0.4) if words else min(110.0, inner.width() - 44)
        track = QRectF(inner.left(), inner.center().y() - 2, wide, 4)
        painter.save()
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(mix(theme.text, theme.bg, 0.10))
        painter.drawRoundedRect(track, 2, 2)
        painter.setBrush(colour)
        painter.drawRoundedRect(
            QRectF(track.left(), track.top(), max(4.0, track.width() * min(1.0, fraction)), 4), 2, 2
        )
        painter.restore()
        painter.setPen(theme.dim)
        painter.setFont(ui_font(11))
        room = inner.adjusted(track.width() + 8, 0, 0, 0)
        text = elided(painter.fontMetrics(), words or f"{fraction * 100:.0f} %", room.width())
        painter.drawText(room, int(Qt.AlignmentFlag.AlignVCenter), text)


class Table(QTableView):
    """The view: `opened` for Enter or a double click, `chosen` when the selection is another."""

    opened = Signal(object)
    chosen = Signal(list)
    menu_wanted = Signal(object, object)  # row, global point

    def __init__(
        self, state: State, columns: Sequence[Column], name: str, *, key: Callable[[Any], Any] = lambda r: r
    ) -> None:
        super().__init__()
        self.hovered = -1
        self._key = key
        self._model = TableModel(columns)
        self._proxy = _Filter(self._model)
        self.setModel(self._proxy)
        self.setItemDelegate(_Cells(state, self))
        self.focus_ring = FocusRing(self, self, lambda: state.theme)
        self.setAccessibleName(name)
        self.setShowGrid(False)
        self.setSortingEnabled(True)
        self.setWordWrap(False)
        self.setMouseTracking(True)
        self.setTabKeyNavigation(False)
        self.setSelectionBehavior(QAbstractItemView.SelectionBehavior.SelectRows)
        self.setSelectionMode(QAbstractItemView.SelectionMode.ExtendedSelection)
        self.setVerticalScrollMode(QAbstractItemView.ScrollMode.ScrollPerPixel)
        self.setHorizontalScrollMode(QAbstractItemView.ScrollMode.ScrollPerPixel)
        self.setContextMenuPolicy(Qt.ContextMenuPolicy.CustomContextMenu)
        self._lay_out(columns)
        self.sortByColumn(-1, Qt.SortOrder.AscendingOrder)
        self.doubleClicked.connect(lambda index: self.opened.emit(index.data(_ROW)))
        self.customContextMenuRequested.connect(self._menu)
        self.entered.connect(lambda index: self._hover(index.row()))
        self.selectionModel().selectionChanged.connect(lambda *_: self.chosen.emit(self.selected()))
        state.theme_changed.connect(lambda _theme: self.viewport().update())

    def _lay_out(self, columns: Sequence[Column]) -> None:
        sides = self.verticalHeader()
        sides.hide()
        sides.setDefaultSectionSize(ROW_HEIGHT)
        sides.setSectionResizeMode(QHeaderView.ResizeMode.Fixed)
        top = self.horizontalHeader()
        top.setHighlightSections(False)
        top.setAccessibleName("Columns")
        top.setMinimumSectionSize(48)
        top.sortIndicatorChanged.connect(self._model.show_order)
        for place, column in enumerate(columns):
            if column.width:
                self.setColumnWidth(place, column.width)
            else:
                top.setSectionResizeMode(place, QHeaderView.ResizeMode.Stretch)

    def set_rows(self, rows: Sequence[Any]) -> None:
        """Show these; what was selected stays selected where it is still there."""
        kept = {self._key(row) for row in self.selected()}
        place = self.verticalScrollBar().value()
        self._model.set_rows(rows)
        if kept:
            self.select_keys(kept)
        self.verticalScrollBar().setValue(place)

    def select_keys(self, keys: set[Any]) -> None:
        """Select the rows with these keys."""
        choose = self.selectionModel()
        flags = choose.SelectionFlag.Select | choose.SelectionFlag.Rows
        for line, row in enumerate(self._model.rows):
            if self._key(row) in keys:
                choose.select(self._proxy.mapFromSource(self._model.index(line, 0)), flags)

    def set_filter(self, text: str) -> None:
        self._proxy.set_filter(text)

    def selected(self) -> list[Any]:
        """The selected rows from top to bottom."""
        found = sorted(self.selectionModel().selectedRows(), key=lambda index: index.row())
        return [index.data(_ROW) for index in found]

    @property
    def shown(self) -> int:
        """How many rows the filter lets through."""
        return self._proxy.rowCount()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter) and self.currentIndex().isValid():
            self.opened.emit(self.currentIndex().data(_ROW))
            return
        super().keyPressEvent(event)

    def leaveEvent(self, event: Any) -> None:
        self._hover(-1)
        super().leaveEvent(event)

    def _hover(self, row: int) -> None:
        self.hovered = row
        self.viewport().update()

    def _menu(self, at: Any) -> None:
        index = self.indexAt(at)
        if index.isValid():
            self.menu_wanted.emit(index.data(_ROW), self.viewport().mapToGlobal(at))
