"""How the tree looks: an icon in the kind's colour, words, and a fact at the right; its keys and its menu."""

from PySide6.QtCore import (
    QEvent,
    QModelIndex,
    QPersistentModelIndex,
    QPoint,
    QRect,
    QRectF,
    QSize,
    Qt,
    Signal,
)
from PySide6.QtGui import QContextMenuEvent, QKeyEvent, QPainter
from PySide6.QtWidgets import (
    QAbstractItemView,
    QStyledItemDelegate,
    QStyleOptionViewItem,
    QTreeView,
)

from clew.gui.fonts import ui_font
from clew.gui.icons import KIND_ICONS, icon_pixmap
from clew.gui.outline.model import DETAIL, LINE, STATE, OutlineModel
from clew.gui.outline.tree import Line
from clew.gui.state import State
from clew.gui.theme import mix
from clew.gui.widgets.paint import paint_focus
from clew.gui.words import elided
from clew.model.view import BlockState

Index = QModelIndex | QPersistentModelIndex
HIGH = 27
_LEFT = int(Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter)


class _Lines(QStyledItemDelegate):
    def __init__(self, state: State, parent: QTreeView) -> None:
        super().__init__(parent)
        self._state = state

    def sizeHint(self, _option: QStyleOptionViewItem, _index: Index) -> QSize:
        return QSize(60, HIGH)

    def paint(self, painter: QPainter, option: QStyleOptionViewItem, index: Index) -> None:
        theme = self._state.theme
        line: Line = index.data(LINE)
        state: BlockState = index.data(STATE)
        room = QRect(option.rect).adjusted(2, 0, -8, 0)
        if line.ref is not None:
            colour = theme.kind(line.ref.kind)
            if state in (BlockState.UNSAVED, BlockState.DELETED):
                colour = mix(colour, theme.surface, 0.55)
            pixmap = icon_pixmap(KIND_ICONS[line.ref.kind], colour, 14, painter.device().devicePixelRatio())
            painter.drawPixmap(room.left(), room.center().y() - 6, pixmap)
            room.setLeft(room.left() + 21)
        words, detail = index.data(), index.data(DETAIL)
        painter.setFont(ui_font(11))
        wide = painter.fontMetrics().horizontalAdvance(detail) if detail else 0
        if wide and 2 * wide <= room.width():  # no half facts: without room for both, the name has it
            painter.setPen(theme.bad if state is BlockState.FAILED else theme.dim)
            place = QRect(room.right() - wide, room.top(), wide + 1, room.height())
            painter.drawText(place, _LEFT, detail)
            room.setRight(room.right() - wide - 8)
        painter.setFont(ui_font(13, 400 if line.ref is not None else 600))
        heading = line.ref is None
        painter.setPen(theme.dim if heading or state is BlockState.DELETED else theme.text)
        painter.drawText(room, _LEFT, elided(painter.fontMetrics(), words, room.width()))


class OutlineView(QTreeView):
    """`opened` for Enter or a double click on a block, `menu_wanted` for its menu."""

    opened = Signal(object)  # Line
    menu_wanted = Signal(object, QPoint)  # Line, where on the screen

    def __init__(self, state: State, model: OutlineModel) -> None:
        super().__init__()
        self._state, self._hovered = state, QPersistentModelIndex()
        self.setModel(model)
        self.setItemDelegate(_Lines(state, self))
        self.setAccessibleName("Outline of the graph")
        self.setHeaderHidden(True)
        self.setUniformRowHeights(True)
        self.setIndentation(15)
        self.setMouseTracking(True)
        self.setExpandsOnDoubleClick(False)
        self.setTabKeyNavigation(False)
        self.setSelectionMode(QAbstractItemView.SelectionMode.ExtendedSelection)
        self.setVerticalScrollMode(QAbstractItemView.ScrollMode.ScrollPerPixel)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setEditTriggers(QAbstractItemView.EditTrigger.NoEditTriggers)
        self.doubleClicked.connect(self._open)
        self.entered.connect(self._hover)
        state.theme_changed.connect(lambda _theme: self.viewport().update())

    def drawRow(self, painter: QPainter, option: QStyleOptionViewItem, index: Index) -> None:
        theme, rect = self._state.theme, QRectF(option.rect).adjusted(4, 0, -4, 0)
        painter.save()
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setPen(Qt.PenStyle.NoPen)
        if self.selectionModel().isSelected(index):
            painter.setBrush(mix(theme.project, theme.surface, 0.14))
            painter.drawRoundedRect(rect, 6, 6)
        elif self._hovered == index:
            painter.setBrush(mix(theme.text, theme.surface, 0.05))
            painter.drawRoundedRect(rect, 6, 6)
        if self.hasFocus() and self.currentIndex() == index:
            paint_focus(painter, rect, theme, 6)
        painter.restore()
        super().drawRow(painter, option, index)

    def drawBranches(self, painter: QPainter, rect: QRect, index: Index) -> None:
        if self.model().hasChildren(index):
            name = "chevron-down" if self.isExpanded(index) else "chevron-right"
            ratio = painter.device().devicePixelRatio()
            pixmap = icon_pixmap(name, self._state.theme.dim, 12, ratio)
            painter.drawPixmap(rect.right() - 12, rect.center().y() - 5, pixmap)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter) and self.currentIndex().isValid():
            self._open(self.currentIndex())
        else:
            super().keyPressEvent(event)

    def contextMenuEvent(self, event: QContextMenuEvent) -> None:
        by_hand = event.reason() != QContextMenuEvent.Reason.Keyboard
        index = self.indexAt(event.pos()) if by_hand else self.currentIndex()
        if index.isValid():
            below = self.visualRect(index).bottomLeft() + QPoint(24, 0)
            at = event.globalPos() if by_hand else self.viewport().mapToGlobal(below)
            self.menu_wanted.emit(index.data(LINE), at)
        event.accept()

    def leaveEvent(self, event: QEvent) -> None:
        self._hover(QModelIndex())
        super().leaveEvent(event)

    def _hover(self, index: QModelIndex) -> None:
        self._hovered = QPersistentModelIndex(index)
        self.viewport().update()

    def _open(self, index: QModelIndex) -> None:
        """A block opens; a heading unfolds or folds."""
        line = index.data(LINE)
        if line.ref is None:
            self.setExpanded(index, not self.isExpanded(index))
        else:
            self.opened.emit(line)
