"""The tree of a graph for Qt: asks for a branch when the view does, says each line in words."""

from typing import Any

from PySide6.QtCore import QAbstractItemModel, QModelIndex, QPersistentModelIndex, Qt

from clew.gui.outline.tree import Line, Tree
from clew.gui.words import capital
from clew.model.refs import BlockKind
from clew.model.view import Block, BlockState, GraphView, Scope

Index = QModelIndex | QPersistentModelIndex
LINE = Qt.ItemDataRole.UserRole
DETAIL = Qt.ItemDataRole.UserRole + 1
STATE = Qt.ItemDataRole.UserRole + 2
_NOWHERE = QModelIndex()
_NUMBERED = (BlockKind.VERSION, BlockKind.MODEL)
_SAID = {BlockState.FAILED: "failed", BlockState.DELETED: "deleted", BlockState.UNSAVED: "not saved"}


class OutlineModel(QAbstractItemModel):
    """One column. The words of a line are made from its block when they are drawn."""

    def __init__(self) -> None:
        super().__init__()
        self.tree = Tree(GraphView(Scope(), "", (), ()))

    def set_tree(self, tree: Tree) -> None:
        self.beginResetModel()
        self.tree = tree
        self.endResetModel()

    def index_of(self, number: int) -> QModelIndex:
        """The index of a node."""
        return self.createIndex(self.tree.nodes[number].row, 0, number)

    def line(self, index: Index) -> Line:
        return self.tree.nodes[index.internalId()].line

    def index(self, row: int, column: int, parent: Index = _NOWHERE) -> QModelIndex:
        kids = self.tree.kids(_number(parent))
        return self.createIndex(row, column, kids[row]) if column == 0 and 0 <= row < len(kids) else _NOWHERE

    def parent(self, index: Index) -> QModelIndex:  # type: ignore[override]  # QObject's parent() is another
        above = self.tree.nodes[index.internalId()].parent if index.isValid() else -1
        return self.index_of(above) if above >= 0 else _NOWHERE

    def rowCount(self, parent: Index = _NOWHERE) -> int:
        return len(self.tree.kids(_number(parent)))

    def columnCount(self, _parent: Index = _NOWHERE) -> int:
        return 1

    def hasChildren(self, parent: Index = _NOWHERE) -> bool:
        return self.tree.has_kids(_number(parent))

    def data(self, index: Index, role: int = Qt.ItemDataRole.DisplayRole) -> Any:
        line = self.line(index)
        block = self.tree.blocks.get(line.ref) if line.ref is not None else None
        if role == Qt.ItemDataRole.DisplayRole:
            return self._title(line, block)
        if role == DETAIL:
            return self._detail(line, block)
        if role == LINE:
            return line
        if role == STATE:
            return block.state if block is not None else BlockState.SAVED
        if role in (Qt.ItemDataRole.AccessibleTextRole, Qt.ItemDataRole.ToolTipRole):
            parts = [self._title(line, block), self._detail(line, block)]
            if block is not None:
                said = _SAID.get(block.state, "")
                parts += [block.caption, block.description, said if said != parts[1] else ""]
            if role == Qt.ItemDataRole.ToolTipRole and line.ref is None:
                return None
            return ", ".join(part for part in parts if part)
        return None

    def _title(self, line: Line, block: Block | None) -> str:
        if block is None:
            note = self.tree.notes.get(line.ref) if line.ref is not None else None
            words = note.text.strip().split("\n", 1)[0] if note is not None else line.title
            return words or "Empty note"
        if line.own and block.ref.kind is BlockKind.VERSION:
            return capital(_number_in(block))
        if line.own and block.ref.kind is BlockKind.STATE:
            return f"State {block.chips[0]}" if block.chips else block.caption
        return line.title or block.title

    def _detail(self, line: Line, block: Block | None) -> str:
        if block is None:
            return f"{line.total:,}" if line.total else ""
        if block.state is BlockState.DELETED:
            return "deleted"
        if block.ref.kind is BlockKind.TASK:
            return block.chips[0] if block.chips else ""
        if block.ref.kind is BlockKind.STATE and block.chips:
            return block.chips[-1] if line.own else f"state {block.chips[0]}"
        if block.ref.kind in _NUMBERED and not line.own:
            return _number_in(block)
        return block.fact


def _number(index: Index) -> int:
    return index.internalId() if index.isValid() else -1


def _number_in(block: Block) -> str:
    """The end of a caption: of "Project, version 2" it is "version 2"."""
    return block.caption.rpartition(", ")[2]
