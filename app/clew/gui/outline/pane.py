"""The outline beside the canvas: a filter, and the tree of the graph below it."""

from collections.abc import Callable, Iterable, Sequence

from PySide6.QtCore import QEvent, QItemSelection, QModelIndex, QObject, Qt, Signal
from PySide6.QtGui import QShowEvent
from PySide6.QtWidgets import QFrame, QStackedLayout, QVBoxLayout, QWidget

from clew.gui.outline.model import LINE, OutlineModel
from clew.gui.outline.tree import Key, Tree
from clew.gui.outline.view import OutlineView
from clew.gui.state import State
from clew.gui.widgets.basic import is_press, label
from clew.gui.widgets.search import SearchField
from clew.model.refs import BlockRef
from clew.model.view import Block, GraphView

EMPTY = "The graph is empty. What happens in it is listed here."
NOTHING = "Nothing in this graph has these words."
_FEW = 80  # blocks up to which everything is unfolded at first
_SHOWN = 400  # hits up to which the filter unfolds what holds them
_MOST = 100  # selected blocks that are marked
_WIDEST = 16777215  # as Qt says that there is no limit


class OutlinePane(QFrame):
    """Mirrors a graph view while it is seen; it only tells what was chosen."""

    chosen = Signal(tuple)  # tuple[BlockRef, ...]

    def __init__(self, state: State) -> None:
        super().__init__()
        self.setProperty("look", "panel")
        self._state = state
        self._view: GraphView | None = None
        self._stale = self._still = False
        self._unfolded: dict[str, set[Key]] = {}  # keys of nodes by scope
        self.filter = SearchField(state, "Filter the outline")
        self.filter.setMinimumWidth(100)
        self.filter.setMaximumWidth(_WIDEST)
        self.model = OutlineModel()
        self.tree = OutlineView(state, self.model)
        self.sentence = label(EMPTY, tone="dim", wrap=True)
        self.sentence.setAlignment(Qt.AlignmentFlag.AlignTop)
        self.sentence.setContentsMargins(14, 8, 14, 0)
        body = QWidget()
        self._stack = QStackedLayout(body)
        self._stack.addWidget(self.tree)
        self._stack.addWidget(self.sentence)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 6, 1, 0)
        layout.setSpacing(4)
        top = QVBoxLayout()
        top.setContentsMargins(8, 0, 8, 0)
        top.addWidget(self.filter)
        layout.addLayout(top)
        layout.addWidget(body, 1)
        self.setFocusProxy(self.tree)
        self.filter.textChanged.connect(lambda _text: self._fill())
        self.filter.installEventFilter(self)
        self.tree.expanded.connect(lambda index: self._note(index, unfolded=True))
        self.tree.collapsed.connect(lambda index: self._note(index, unfolded=False))
        self.tree.selectionModel().selectionChanged.connect(lambda *_: self._tell())

    def show_view(self, view: GraphView) -> None:
        """Show a graph; nothing is done for an outline that is not seen."""
        same = self._view is not None and not self._stale and _shape(view) == _shape(self._view)
        self._view = view
        if not self.isVisible():
            self._stale = True
        elif same:
            self.update_blocks(view.blocks)
        else:
            self._fill()

    def update_blocks(self, blocks: Sequence[Block]) -> None:
        """Show other content in lines that are here already."""
        self.model.tree.blocks.update((block.ref, block) for block in blocks)
        self.tree.viewport().update()

    def follow(self, refs: tuple[BlockRef, ...]) -> None:
        """Mark what is selected on the canvas."""
        if self._still or not self.isVisible() or set(refs) == set(self._refs()):
            return
        self._mark(refs if len(refs) <= _MOST else (), Tree.find)

    def showEvent(self, event: QShowEvent) -> None:
        super().showEvent(event)
        if self._stale:
            self._fill()
        self.follow(self._state.selection)

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """From the filter down into the tree; Esc lets go of the words."""
        if is_press(event, Qt.Key.Key_Down, Qt.Key.Key_Return, Qt.Key.Key_Enter):
            self.tree.setFocus(Qt.FocusReason.ShortcutFocusReason)
            return True
        if is_press(event, Qt.Key.Key_Escape) and self.filter.text():
            self.filter.clear()
            return True
        return super().eventFilter(watched, event)

    # --- the tree --------------------------------------------------------------------------------

    def _fill(self) -> None:
        """Make the tree anew; what was unfolded, selected and in view stays so."""
        if self._view is None:
            return
        self._stale = False
        words, tree = self.filter.text(), self.tree
        kept, place = self._keys(), tree.verticalScrollBar().value()
        current = self._key(tree.currentIndex())
        self._still = True
        made = Tree(self._view, words)
        self.model.set_tree(made)
        for key in self._wanted(made):
            if (number := made.at(key)) is not None:
                tree.setExpanded(self.model.index_of(number), True)
        self._still = False
        self._mark(kept, Tree.at, scroll=False)
        if current and (number := made.at(current)) is not None:
            flag = tree.selectionModel().SelectionFlag.NoUpdate
            tree.selectionModel().setCurrentIndex(self.model.index_of(number), flag)
        tree.verticalScrollBar().setValue(place)
        self.follow(self._state.selection)
        self.sentence.setText(NOTHING if words.strip() else EMPTY)
        self._stack.setCurrentWidget(tree if made.kids(-1) else self.sentence)

    def _wanted(self, tree: Tree) -> Iterable[Key]:
        """What is unfolded: what the person left so, what the filter found, or all of a small graph."""
        assert self._view is not None
        filtered, chosen = bool(self.filter.text().strip()), self._unfolded.get(self._view.scope.key)
        if chosen is not None and not filtered:
            return sorted(chosen, key=len)
        groups = tree.kids(-1)
        if filtered:
            few = sum(tree.nodes[n].line.total for n in groups) <= _SHOWN
            groups = groups if few else []
        else:
            few = len(self._view.blocks) <= _FEW
            groups = [n for n in groups if few or tree.nodes[n].line.total <= _FEW]
        projects = [n for n in groups if tree.nodes[n].line.name == "projects"] if few else []
        return [tree.key(n) for n in (*groups, *(kid for n in projects for kid in tree.kids(n)))]

    def _note(self, index: QModelIndex, *, unfolded: bool) -> None:
        if self._still or self._view is None or self.filter.text().strip():
            return
        key = self._view.scope.key
        if key not in self._unfolded:
            made = (self.model.index_of(node.number) for node in self.model.tree.nodes)
            self._unfolded[key] = {self._key(i) for i in made if self.tree.isExpanded(i)}
        (self._unfolded[key].add if unfolded else self._unfolded[key].discard)(self._key(index))

    # --- the selection ---------------------------------------------------------------------------

    def _mark(
        self, things: Sequence[object], find: Callable[..., int | None], *, scroll: bool = True
    ) -> None:
        selection, last = QItemSelection(), QModelIndex()
        for thing in things:
            number = find(self.model.tree, thing)
            if number is not None:
                last = self.model.index_of(number)
                selection.select(last, last)
        choose = self.tree.selectionModel()
        self._still = True
        choose.select(selection, choose.SelectionFlag.ClearAndSelect)
        if scroll and last.isValid():
            choose.setCurrentIndex(last, choose.SelectionFlag.NoUpdate)
            self.tree.scrollTo(last)
        self._still = False

    def _tell(self) -> None:
        refs = self._refs()
        if not self._still and refs:
            self._still = True
            self.chosen.emit(refs)
            self._still = False

    def _refs(self) -> tuple[BlockRef, ...]:
        """The blocks of the selected lines, each once."""
        found: list[BlockRef] = []
        for index in self.tree.selectionModel().selectedIndexes():
            line = index.data(LINE)
            found += line.refs or ((line.ref,) if line.ref is not None else ())
        return tuple(dict.fromkeys(found))

    def _keys(self) -> list[Key]:
        return [self._key(index) for index in self.tree.selectionModel().selectedIndexes()]

    def _key(self, index: QModelIndex) -> Key:
        return self.model.tree.key(index.internalId()) if index.isValid() else ()


def _shape(view: GraphView) -> tuple[object, ...]:
    """What the tree is made of; the rest of a block only changes the words of its line."""
    return (
        view.scope,
        [(block.ref, block.title, block.project_id) for block in view.blocks],
        view.links,
        view.frames,
        view.notes,
    )
