"""The items of a project as a grid of thumbnails; thousands of them cost nothing until seen."""

from typing import Any

from PySide6.QtCore import (
    QAbstractListModel,
    QModelIndex,
    QPersistentModelIndex,
    QRectF,
    QSize,
    Qt,
)
from PySide6.QtGui import QPainter
from PySide6.QtWidgets import (
    QAbstractItemView,
    QHBoxLayout,
    QListView,
    QListWidget,
    QListWidgetItem,
    QStackedLayout,
    QStyle,
    QStyledItemDelegate,
    QStyleOptionViewItem,
    QVBoxLayout,
    QWidget,
)

from clew.gui.context import Context
from clew.gui.dialogs.import_data import ImportDialog
from clew.gui.dialogs.picture import PictureDialog
from clew.gui.fonts import ui_font
from clew.gui.pages.project_tab import ProjectTab
from clew.gui.state import State
from clew.gui.widgets.basic import row, section
from clew.gui.widgets.empty import Empty
from clew.gui.widgets.focus_ring import FocusRing
from clew.gui.widgets.paint import paint_cover, paint_focus
from clew.gui.widgets.search import SearchField
from clew.gui.widgets.thumbs import Thumbnails, thumbnails
from clew.model.annotations import Item
from clew.model.entities import Project, Statistics
from clew.model.view import Preview
from clew.services.projects import list_items

_Index = QModelIndex | QPersistentModelIndex
CELL = QSize(176, 156)
PICTURE = QSize(160, 112)
_ITEM = Qt.ItemDataRole.UserRole


class ItemModel(QAbstractListModel):
    """Items of a project that are shown now."""

    def __init__(self) -> None:
        super().__init__()
        self.items: tuple[Item, ...] = ()

    def set_items(self, items: tuple[Item, ...]) -> None:
        self.beginResetModel()
        self.items = items
        self.endResetModel()

    def rowCount(self, parent: _Index | None = None) -> int:
        return 0 if parent is not None and parent.isValid() else len(self.items)

    def data(self, index: _Index, role: int = Qt.ItemDataRole.DisplayRole) -> Any:
        item = self.items[index.row()]
        if role == Qt.ItemDataRole.DisplayRole:
            return item.name
        if role == Qt.ItemDataRole.ToolTipRole:
            return item.path
        if role == Qt.ItemDataRole.AccessibleTextRole:
            return f"{item.path}, {_objects(item)}"
        return item if role == _ITEM else None


class _Cells(QStyledItemDelegate):
    def __init__(self, parent: QWidget, state: State, thumbs: Thumbnails) -> None:
        super().__init__(parent)
        self._state, self._thumbs = state, thumbs
        self.project_id = 0

    def sizeHint(self, _option: QStyleOptionViewItem, _index: _Index) -> QSize:
        return CELL

    def paint(self, painter: QPainter, option: QStyleOptionViewItem, index: _Index) -> None:
        theme, item = self._state.theme, index.data(_ITEM)
        ratio = painter.device().devicePixelRatio()
        place = QRectF(option.rect.left() + 8, option.rect.top() + 6, PICTURE.width(), PICTURE.height())
        preview = Preview("", item.path, self.project_id)
        image = self._thumbs.get(preview, round(PICTURE.width() * ratio), round(PICTURE.height() * ratio))
        paint_cover(painter, place, image, theme, 6)
        if option.state & QStyle.StateFlag.State_Selected:
            paint_focus(painter, place.adjusted(-3, -3, 3, 3), theme, 8)
        painter.setFont(ui_font(11, 500))
        painter.setPen(theme.text)
        elide = Qt.TextElideMode.ElideMiddle
        line = QRectF(place.left(), place.bottom() + 4, place.width(), 16)
        name = painter.fontMetrics().elidedText(item.name, elide, int(place.width() - 54))
        painter.drawText(line, int(Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter), name)
        painter.setFont(ui_font(11))
        painter.setPen(theme.dim)
        painter.drawText(line, int(Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter), _short(item))


def _objects(item: Item) -> str:
    number = len(item.annotation.things) if item.annotation else 0
    return f"{number:,} object" if number == 1 else f"{number:,} objects"


def _short(item: Item) -> str:
    number = len(item.annotation.things) if item.annotation else 0
    return f"{number:,}" if number else ""


class DataTab(ProjectTab):
    """Datasets at the left, their pictures at the right."""

    def __init__(self, context: Context) -> None:
        super().__init__(context)
        self._all: tuple[Item, ...] = ()
        self._dataset: str | None = None
        self._thumbs = thumbnails(self.ws, self.ops)
        self.datasets = QListWidget()
        self.datasets.setProperty("look", "list")
        self.datasets.setAccessibleName("Datasets")
        self.datasets.setFont(ui_font(13))
        self.datasets.setFixedWidth(220)
        self.datasets.setTextElideMode(Qt.TextElideMode.ElideMiddle)
        self.datasets.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.model = ItemModel()
        self.grid = QListView()
        self._cells = _Cells(self.grid, self.state, self._thumbs)
        self.filter = SearchField(self.state, "Filter by name")
        self._build_grid()
        self._lay_out()
        self.datasets.currentItemChanged.connect(lambda *_: self._choose())
        self.filter.textChanged.connect(lambda _text: self._narrow())
        self._thumbs.ready.connect(self.grid.viewport().update)
        self.grid.activated.connect(self._open)

    def _build_grid(self) -> None:
        grid = self.grid
        grid.setModel(self.model)
        grid.setItemDelegate(self._cells)
        grid.setAccessibleName("Items")
        self.focus_ring = FocusRing(grid, grid, lambda: self.state.theme)
        grid.setViewMode(QListView.ViewMode.IconMode)
        grid.setResizeMode(QListView.ResizeMode.Adjust)
        grid.setMovement(QListView.Movement.Static)
        grid.setUniformItemSizes(True)
        grid.setLayoutMode(QListView.LayoutMode.Batched)
        grid.setBatchSize(2000)
        grid.setSpacing(0)
        grid.setVerticalScrollMode(QAbstractItemView.ScrollMode.ScrollPerPixel)
        grid.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        grid.setEditTriggers(QAbstractItemView.EditTrigger.NoEditTriggers)

    def _lay_out(self) -> None:
        self.empty = Empty(
            self.state,
            "images",
            "This project has no pictures yet. Import a folder, a COCO file or YOLO folders.",
            "Import into this project",
            self._import,
        )
        left = QVBoxLayout()
        left.setSpacing(8)
        left.addWidget(section("Datasets"))
        left.addWidget(self.datasets, 1)
        self._title = section("")
        right = QVBoxLayout()
        right.setSpacing(6)
        right.addLayout(row(self._title, None, self.filter))
        right.addWidget(self.grid, 1)
        body = QWidget()
        inside = QHBoxLayout(body)
        inside.setContentsMargins(22, 14, 14, 0)
        inside.setSpacing(18)
        inside.addLayout(left)
        inside.addLayout(right, 1)
        self._body = body
        self._stack = QStackedLayout(self)
        self._stack.addWidget(body)
        self._stack.addWidget(self.empty)

    def forget(self) -> None:
        super().forget()
        self._all, self._dataset = (), None
        self.model.set_items(())
        self.datasets.clear()

    def load(self, project: Project, _statistics: Statistics) -> None:
        self._cells.project_id = project.id
        self._thumbs.forget_working(project.id)
        self.ask(lambda: list_items(self.ws, project.id), self._show)

    def _show(self, items: tuple[Item, ...]) -> None:
        self._all = items
        numbers: dict[str, int] = {}
        for item in items:
            numbers[item.dataset] = numbers.get(item.dataset, 0) + 1
        kept = self._dataset if self._dataset in numbers else None
        self.datasets.blockSignals(True)
        self.datasets.clear()
        lines: list[tuple[str, str | None, int]] = [("All", None, len(items))]
        lines += [(name or "Top folder", name, n) for name, n in sorted(numbers.items())]
        for word, name, number in lines:
            entry = QListWidgetItem(f"{word}   {number:,}")
            entry.setData(_ITEM, name)
            entry.setData(Qt.ItemDataRole.AccessibleTextRole, f"{word}, {number:,} items")
            self.datasets.addItem(entry)
            if name == kept:
                self.datasets.setCurrentItem(entry)
        if kept is None:
            self.datasets.setCurrentRow(0)
        self.datasets.blockSignals(False)
        self._dataset = kept
        self._stack.setCurrentWidget(self._body if items else self.empty)
        self._narrow()

    def _choose(self) -> None:
        entry = self.datasets.currentItem()
        self._dataset = entry.data(_ITEM) if entry else None
        self._narrow()

    def _narrow(self) -> None:
        words = self.filter.text().casefold().split()
        shown = tuple(
            item
            for item in self._all
            if self._dataset in (None, item.dataset) and all(word in item.path.casefold() for word in words)
        )
        place = self.grid.verticalScrollBar().value()
        if shown != self.model.items:
            self.model.set_items(shown)
            self.grid.verticalScrollBar().setValue(place)
        self._title.setText(f"{len(shown):,} of {len(self._all):,}" if words else f"{len(shown):,} items")

    def _open(self, index: QModelIndex) -> None:
        if self.project is not None:
            PictureDialog(self.context, self.project.id, self.model.items, index.row()).open()

    def _import(self) -> None:
        if self.project is not None:
            ImportDialog(self.context, project=self.project.name).open()
