"""A flat table: hairlines between rows, figures at the right, tones, bars, dots and chips as data."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Any

from PySide6.QtCore import (
    QAbstractTableModel,
    QModelIndex,
    QPersistentModelIndex,
    QPoint,
    QRectF,
    QSize,
    Qt,
    Signal,
)
from PySide6.QtGui import QColor, QFontMetrics, QKeyEvent, QMouseEvent, QPainter, QPen, QResizeEvent
from PySide6.QtWidgets import (
    QAbstractItemView,
    QHeaderView,
    QSizePolicy,
    QStyledItemDelegate,
    QStyleOptionViewItem,
    QTableView,
)

from clew.gui.fonts import ui_font
from clew.gui.inspector.parts import ink
from clew.gui.theme import Theme, mix
from clew.gui.widgets.focus_ring import FocusRing
from clew.gui.words import elided

ROW = 32
PAD = 8
BAR = 72
_Index = QModelIndex | QPersistentModelIndex


@dataclass(frozen=True)
class Cell:
    """One cell. `bar` is -1 to 1 drawn as length, coloured by `tone`; `key` sorts instead of the text."""

    text: str = ""
    tone: str = ""
    bold: bool = False
    bar: float | None = None
    tip: str = ""
    key: Any = None
    dot: QColor | None = None


@dataclass(frozen=True)
class Column:
    """One column: title with an optional dot and chip; `stretch` takes the room that is left."""

    title: str
    right: bool = False
    stretch: bool = False
    dot: QColor | None = None
    chip: str = ""
    least: int = 44
    most: int = 300
    bar: bool = False  # its cells have bars: the title stands over the figures


class FlatModel(QAbstractTableModel):
    """Rows of cells for the view."""

    def __init__(self) -> None:
        super().__init__()
        self.columns: tuple[Column, ...] = ()
        self.rows: list[Sequence[Cell]] = []

    def set_table(self, columns: tuple[Column, ...], rows: Sequence[Sequence[Cell]]) -> None:
        self.beginResetModel()
        self.columns, self.rows = columns, list(rows)
        self.endResetModel()

    def rowCount(self, parent: _Index = QModelIndex()) -> int:  # noqa: B008 - Qt's own signature
        return 0 if parent.isValid() else len(self.rows)

    def columnCount(self, parent: _Index = QModelIndex()) -> int:  # noqa: B008 - Qt's own signature
        return 0 if parent.isValid() else len(self.columns)

    def cell(self, index: _Index) -> Cell:
        row = self.rows[index.row()]
        return row[index.column()] if index.column() < len(row) else Cell()

    def data(self, index: _Index, role: int = Qt.ItemDataRole.DisplayRole) -> Any:
        cell = self.cell(index)
        if role == Qt.ItemDataRole.DisplayRole:
            return cell.text
        if role == Qt.ItemDataRole.ToolTipRole:
            return cell.tip or None
        if role == Qt.ItemDataRole.TextAlignmentRole and self.columns[index.column()].right:
            return int(Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter)
        return None

    def headerData(
        self, section: int, orientation: Qt.Orientation, role: int = Qt.ItemDataRole.DisplayRole
    ) -> Any:
        if orientation == Qt.Orientation.Horizontal and 0 <= section < len(self.columns):
            column = self.columns[section]
            if role == Qt.ItemDataRole.DisplayRole:
                return column.title
            if role == Qt.ItemDataRole.ToolTipRole:
                return column.title + (f", {column.chip}" if column.chip else "")
        return None

    def sort(self, column: int, order: Qt.SortOrder = Qt.SortOrder.AscendingOrder) -> None:
        """Sort by a column; undefined figures stay at the end whichever way."""
        down = order == Qt.SortOrder.DescendingOrder
        known = [row for row in self.rows if _key(row[column]) is not None]
        rest = [row for row in self.rows if _key(row[column]) is None]
        self.beginResetModel()
        self.rows = sorted(known, key=lambda row: _key(row[column]), reverse=down) + rest
        self.endResetModel()


def _key(cell: Cell) -> Any:
    if cell.key is not None:
        return cell.key
    return None if cell.text in ("", "–") else cell.text.lower()


class FlatTable(QTableView):
    """The view. With `grow` it is as tall as its rows; otherwise it scrolls by itself."""

    header_clicked = Signal(int, QPoint)  # column, global place under the header
    row_activated = Signal(int)
    row_changed = Signal(int)

    def __init__(
        self,
        theme: Theme,
        name: str,
        *,
        grow: bool = True,
        sortable: bool = False,
        pickable: bool = False,
        header: bool = True,
    ) -> None:
        super().__init__()
        self.theme, self._grow, self._sortable, self.pickable = theme, grow, sortable, pickable
        self.flat = FlatModel()
        self.setModel(self.flat)
        self.setAccessibleName(name)
        self.focus_ring = FocusRing(self, self, lambda: self.theme)
        self.setFont(ui_font(13))
        self.setItemDelegate(_CellPainter(self))
        self.setHorizontalHeader(_Header(self))
        self.horizontalHeader().setVisible(header)
        self.verticalHeader().hide()
        self.verticalHeader().setDefaultSectionSize(ROW)
        self.verticalHeader().setSectionResizeMode(QHeaderView.ResizeMode.Fixed)
        self.setShowGrid(False)
        self.setWordWrap(False)
        self.setMouseTracking(pickable)
        self.setHorizontalScrollMode(QAbstractItemView.ScrollMode.ScrollPerPixel)
        self.setVerticalScrollMode(QAbstractItemView.ScrollMode.ScrollPerPixel)
        self.setSelectionBehavior(QAbstractItemView.SelectionBehavior.SelectRows)
        single, none = (
            QAbstractItemView.SelectionMode.SingleSelection,
            QAbstractItemView.SelectionMode.NoSelection,
        )
        self.setSelectionMode(single if pickable else none)
        self.setEditTriggers(QAbstractItemView.EditTrigger.NoEditTriggers)
        self.setTabKeyNavigation(False)
        if grow:
            self.setVerticalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
            self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        self.activated.connect(lambda index: self.row_activated.emit(index.row()))
        self._sorted: tuple[int, Qt.SortOrder] | None = None

    def set_theme(self, theme: Theme) -> None:
        self.theme = theme
        self.viewport().update()
        self.horizontalHeader().viewport().update()

    def set_table(self, columns: Sequence[Column], rows: Sequence[Sequence[Cell]]) -> None:
        """Show these rows. A sort that the person chose is kept while the columns stay the same."""
        same = tuple(c.title for c in columns) == tuple(c.title for c in self.flat.columns)
        self.flat.set_table(tuple(columns), rows)
        if same and self._sorted is not None:
            self.flat.sort(*self._sorted)
        elif not same:
            self._sorted = None
        self.selectionModel().currentRowChanged.connect(self._moved, Qt.ConnectionType.UniqueConnection)
        self._fit()

    def minimumSizeHint(self) -> QSize:
        return QSize(120, super().minimumSizeHint().height())

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._fit()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if (
            event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter, Qt.Key.Key_Space)
            and self.currentIndex().isValid()
        ):
            self.row_activated.emit(self.currentIndex().row())
            return
        super().keyPressEvent(event)

    def sort_mark(self, column: int) -> str:
        """An arrow beside the title of the column by which the rows are sorted."""
        if self._sorted is None or self._sorted[0] != column:
            return ""
        return " ↑" if self._sorted[1] == Qt.SortOrder.AscendingOrder else " ↓"

    def press_header(self, column: int, at: QPoint) -> None:
        """What a click on a header does: sort, or let the page show a menu."""
        if self._sortable and 0 <= column < len(self.flat.columns):
            figures = self.flat.columns[column].right
            first = Qt.SortOrder.DescendingOrder if figures else Qt.SortOrder.AscendingOrder
            other = Qt.SortOrder.AscendingOrder if figures else Qt.SortOrder.DescendingOrder
            self._sorted = (column, other if self._sorted == (column, first) else first)
            self.flat.sort(*self._sorted)
            self.horizontalHeader().viewport().update()
        self.header_clicked.emit(column, at)

    def _moved(self, current: QModelIndex, _previous: QModelIndex) -> None:
        if current.isValid():
            self.row_changed.emit(current.row())

    def _fit(self) -> None:
        widths = fit_widths(self, self.viewport().width())
        for column, width in enumerate(widths):
            self.setColumnWidth(column, width)
        if self._grow:
            bar = self.horizontalScrollBar()
            over = sum(widths) > self.viewport().width() + 1
            extra = bar.sizeHint().height() if over else 0
            top = self.horizontalHeader().sizeHint().height() if not self.horizontalHeader().isHidden() else 0
            height = top + ROW * self.flat.rowCount() + extra + 1
            if height != self.height() or height != self.minimumHeight():
                self.setFixedHeight(height)


def fit_widths(table: FlatTable, room: int, sample: int = 200) -> list[int]:
    """Widths by content, the stretching columns sharing what is left; too wide columns give way first."""
    columns = table.flat.columns
    if not columns:
        return []
    metrics, bold = QFontMetrics(ui_font(13)), QFontMetrics(ui_font(13, 600))
    widths = []
    for index, column in enumerate(columns):
        natural = header_width(column) + (BAR if column.bar else 0)
        for row in table.flat.rows[:sample]:
            cell = row[index] if index < len(row) else Cell()
            text = (bold if cell.bold else metrics).horizontalAdvance(cell.text)
            natural = max(natural, text + (BAR if cell.bar is not None else 0))
        widths.append(min(column.most, max(column.least, natural + 2 * PAD + 2)))
    over = sum(widths) - room
    while over > 0:
        widest = max(range(len(widths)), key=lambda i: widths[i] - columns[i].least)
        slack = widths[widest] - max(columns[widest].least, 72)
        if slack <= 0:
            break
        given = min(slack, over, 12)
        widths[widest] -= given
        over -= given
    stretching = [i for i, column in enumerate(columns) if column.stretch]
    left = room - sum(widths)
    for i in stretching:
        widths[i] += max(0, left) // len(stretching)
    return widths


def header_width(column: Column) -> int:
    """How much room a title with its dot and chip wants."""
    title = QFontMetrics(ui_font(11, 600)).horizontalAdvance(column.title + " ↓")
    chip = QFontMetrics(ui_font(11)).horizontalAdvance(column.chip) + 20 if column.chip else 0
    return title + chip + (14 if column.dot is not None else 0)


class _CellPainter(QStyledItemDelegate):
    """Paints one cell."""

    def __init__(self, table: FlatTable) -> None:
        super().__init__(table)
        self._table = table

    def sizeHint(self, _option: QStyleOptionViewItem, _index: _Index) -> QSize:
        return QSize(60, ROW)

    def paint(self, painter: QPainter, option: QStyleOptionViewItem, index: _Index) -> None:
        table = self._table
        theme, cell, column = table.theme, table.flat.cell(index), table.flat.columns[index.column()]
        rect = QRectF(option.rect)
        painter.save()
        if table.pickable and table.selectionModel().isRowSelected(index.row(), QModelIndex()):
            painter.fillRect(rect, mix(theme.text, theme.bg, 0.07))
        painter.setPen(QPen(theme.line, 1))
        painter.drawLine(rect.bottomLeft(), rect.bottomRight())
        inner = rect.adjusted(PAD, 0, -PAD, 0)
        if cell.bar is not None:
            self._bar(painter, inner, cell)
            inner.setRight(inner.right() - BAR)
        if cell.dot is not None:
            painter.setRenderHint(QPainter.RenderHint.Antialiasing)
            painter.setBrush(cell.dot)
            painter.setPen(Qt.PenStyle.NoPen)
            painter.drawEllipse(QRectF(inner.left(), inner.center().y() - 4, 8, 8))
            inner.setLeft(inner.left() + 15)
        painter.setFont(ui_font(13, 600 if cell.bold else 400))
        painter.setPen(ink(theme, cell.tone))
        side = Qt.AlignmentFlag.AlignRight if column.right else Qt.AlignmentFlag.AlignLeft
        shown = elided(painter.fontMetrics(), cell.text, inner.width() + 1)
        painter.drawText(inner, int(side | Qt.AlignmentFlag.AlignVCenter), shown)
        painter.restore()

    def _bar(self, painter: QPainter, inner: QRectF, cell: Cell) -> None:
        length = abs(cell.bar or 0.0) * (BAR - 16)
        if length <= 0:
            return
        bar = QRectF(inner.right() - BAR + 16, inner.center().y() - 3, max(3.0, length), 6)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(mix(ink(self._table.theme, cell.tone), self._table.theme.bg, 0.78))
        painter.drawRoundedRect(bar, 3, 3)


class _Header(QHeaderView):
    """Dim titles with dots and chips; a click asks the table."""

    def __init__(self, table: FlatTable) -> None:
        super().__init__(Qt.Orientation.Horizontal, table)
        self._table = table
        self.setSectionsClickable(True)
        self.setHighlightSections(False)
        self.setSectionResizeMode(QHeaderView.ResizeMode.Fixed)
        self.setMinimumSectionSize(24)
        self.setAccessibleName(f"{table.accessibleName()}, column titles")

    def sizeHint(self) -> QSize:
        return QSize(super().sizeHint().width(), ROW - 2)

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:
        column = self.logicalIndexAt(event.position().toPoint())
        if event.button() == Qt.MouseButton.LeftButton and column >= 0:
            x = self.sectionViewportPosition(column)
            self._table.press_header(column, self.viewport().mapToGlobal(QPoint(x, self.height())))
        super().mouseReleaseEvent(event)

    def paintSection(self, painter: QPainter, rect: Any, section: int) -> None:
        columns, theme = self._table.flat.columns, self._table.theme
        if not 0 <= section < len(columns):
            return
        column = replace(columns[section], title=columns[section].title + self._table.sort_mark(section))
        painter.save()
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        area = QRectF(rect)
        painter.setPen(QPen(theme.line, 1))
        painter.drawLine(area.bottomLeft(), area.bottomRight())
        area.adjust(PAD, 0, -PAD - (BAR if column.bar else 0), 0)
        if column.right and (spare := area.width() - header_width(columns[section])) > 0:
            area.setLeft(area.left() + spare + (0 if self._table.sort_mark(section) else _arrow_room()))
        self._paint_title(painter, area, column, theme)
        painter.restore()

    def _paint_title(self, painter: QPainter, area: QRectF, column: Column, theme: Theme) -> None:
        chip_font, middle = ui_font(11), area.center().y()
        if column.dot is not None:
            painter.setPen(Qt.PenStyle.NoPen)
            painter.setBrush(column.dot)
            painter.drawEllipse(QRectF(area.left(), middle - 4.5, 9, 9))
            area.setLeft(area.left() + 14)
        chip = QFontMetrics(chip_font).horizontalAdvance(column.chip) + 14 if column.chip else 0
        painter.setFont(ui_font(11, 600))
        painter.setPen(theme.dim)
        room = area.width() - (chip + 4 if chip else 0)
        shown = elided(painter.fontMetrics(), column.title, room + 1, Qt.TextElideMode.ElideMiddle)
        painter.drawText(area, int(Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter), shown)
        if chip:
            left = min(area.left() + painter.fontMetrics().horizontalAdvance(shown) + 6, area.right() - chip)
            pill = QRectF(left, middle - 9, chip, 18)
            painter.setPen(Qt.PenStyle.NoPen)
            painter.setBrush(mix(theme.text, theme.bg, 0.07))
            painter.drawRoundedRect(pill, 9, 9)
            painter.setFont(chip_font)
            painter.setPen(theme.dim)
            painter.drawText(pill, int(Qt.AlignmentFlag.AlignCenter), column.chip)


def _arrow_room() -> int:
    return QFontMetrics(ui_font(11, 600)).horizontalAdvance(" ↓")


def number_cell(value: float | None, digits: int = 3, **looks: Any) -> Cell:
    """A figure, or "–" where it is undefined."""
    return Cell("–" if value is None else f"{value:,.{digits}f}", key=value, **looks)
