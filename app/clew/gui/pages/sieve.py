"""What of the graph is shown: a filter, or only the blocks on a way; chips say so and take it back."""

from collections.abc import Callable
from dataclasses import dataclass, replace
from functools import partial
from typing import Any

from PySide6.QtCore import QObject, QSize, Qt, Signal
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QFrame, QLayout, QPushButton, QSizePolicy

from clew.base.words import count
from clew.graph import ways
from clew.gui.canvas.camera import Camera
from clew.gui.canvas.wishes import ChooseWay, GoThroughTime, ShowOnly
from clew.gui.fonts import ui_font
from clew.gui.icons import icon
from clew.gui.theme import Theme
from clew.gui.widgets.basic import clear, row
from clew.gui.widgets.empty import Empty
from clew.gui.widgets.filter import BlockFilter, only_blocks
from clew.gui.widgets.filter_panel import FilterPanel
from clew.model.refs import BlockRef
from clew.model.view import Block, GraphView

_WIDEST = 330  # pixels of the words on a chip
_LEAST = 150  # pixels of a chip that makes way for others
WAYS = {
    "these": "",
    "to": " on the way to {}",
    "from": " that came from {}",
    "between": " on the way between {}",
}
"""What the chip says after "Only 12 blocks"."""


@dataclass(frozen=True)
class Only:
    """The blocks on a way; worked out anew for each graph, so that what is made meanwhile comes in."""

    way: str
    roots: tuple[BlockRef, ...]
    titles: str

    def kept(self, view: GraphView) -> set[BlockRef]:
        """The blocks and notes that stay."""
        if self.way == "between":
            return ways.between(view.links, self.roots[0], self.roots[1])
        follow = {"to": ways.before, "from": ways.after}.get(self.way)
        return follow(view.links, self.roots) if follow is not None else set(self.roots)


Chip = tuple[str, str, Callable[[], object]]
"""Words, what a press does, and the press itself."""


class _Chip(QPushButton):
    """A chip whose words end in "…" where the line has no room for all of them."""

    def __init__(self, words: str) -> None:
        super().__init__()
        self.setProperty("look", "chip")
        self.setFont(ui_font(11))
        self.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        self.setAutoDefault(False)
        self._words = words
        self.setText(self._cut(_WIDEST))

    def _cut(self, wide: int) -> str:
        shown = self.fontMetrics().elidedText(self._words, Qt.TextElideMode.ElideRight, wide)
        return shown.replace("&", "&&")

    def _wide(self, text: str) -> int:
        return self.fontMetrics().horizontalAdvance(text.replace("&&", "&")) + 2  # it measures in fractions

    @property
    def _edge(self) -> int:
        """Pixels beside the words: the sign, and what is around both."""
        return super().sizeHint().width() - self._wide(self.text())

    def sizeHint(self) -> QSize:
        return QSize(self._edge + self._wide(self._cut(_WIDEST)), super().sizeHint().height())

    def minimumSizeHint(self) -> QSize:
        return QSize(min(_LEAST, self.sizeHint().width()), super().minimumSizeHint().height())

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        text = self._cut(min(_WIDEST, event.size().width() - self._edge))
        if text != self.text():
            self.setText(text)


class Strip(QFrame):
    """The line under the header: a chip for each thing that is filtered; a press takes it back."""

    left_empty = Signal()  # the chip that had the keyboard was the last one

    def __init__(self, theme: Theme) -> None:
        super().__init__()
        self.setProperty("look", "strip")
        self.setAccessibleName("What is filtered")
        self.setFixedHeight(32)
        self.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Fixed)  # no chip widens the window
        self._theme = theme
        self._shown: object = None
        self.chips = row(spacing=6, margins=(16, 0, 14, 0))
        self.chips.setSizeConstraint(QLayout.SizeConstraint.SetNoConstraint)
        self.setLayout(self.chips)
        self.hide()

    def show_chips(self, chips: list[Chip], key: object) -> None:
        """Show what is filtered; made anew only where `key` is another than before."""
        shown = ([words for words, _, _ in chips], key)
        if shown == self._shown:
            return
        self._shown = shown
        focused = self.window().focusWidget()
        held = focused is not None and self.isAncestorOf(focused)
        clear(self.chips)
        made = [self._chip(*chip) for chip in chips]
        for one in made:
            self.chips.addWidget(one)
            one.show()  # at once: a line that is seen already would flicker
        self.chips.addStretch(1)
        self.setVisible(bool(chips))
        if held and made:
            made[0].setFocus(Qt.FocusReason.OtherFocusReason)
        elif held:
            self.left_empty.emit()

    def _chip(self, words: str, does: str, run: Callable[[], object]) -> QPushButton:
        made = _Chip(words)
        made.clicked.connect(lambda _on=False: run())
        made.setAccessibleName(f"{words}: {does}")
        made.setToolTip(f"{words}. {does}")
        made.setIcon(icon("x", self._theme.dim, 11))
        return made

    def set_theme(self, theme: Theme) -> None:
        self._theme = theme
        for made in self.findChildren(QPushButton):
            made.setIcon(icon("x", theme.dim, 11))


class Sieve(QObject):
    """Narrows the graph of a page before it is drawn.

    Attributes:
        filter: what is hidden.
        only: the way whose blocks are shown alone, or None.
        strip: the line that says so.
        nothing: stands in for the canvas where nothing is left to show.
    """

    def __init__(self, page: Any) -> None:
        super().__init__(page)
        self._page = page
        self.filter = BlockFilter()
        self.only: Only | None = None
        self._before: Camera | None = None  # the view to come back to
        self._kept: set[BlockRef] = set()
        self.strip = Strip(page.state.theme)
        self.nothing = Empty(page.state, "filter", "", "Show everything", self.everything)
        page.state.theme_changed.connect(self.strip.set_theme)
        self.strip.left_empty.connect(self._to_canvas)

    @property
    def active(self) -> bool:
        return self.filter.active or self.only is not None

    def narrow(self, view: GraphView) -> GraphView:
        """What of a view is shown; says in the strip what is not."""
        shown, only = view, self.only
        chips: list[Chip] = []
        if only is not None:
            kept = only.kept(view)
            notes = tuple(note for note in view.notes if note.ref in kept)
            shown = only_blocks(replace(view, notes=notes), kept)
            words = f"Only {count(len(shown.blocks), 'block')}{WAYS[only.way].format(only.titles)}"
            chips.append((words, "Show all blocks again (Esc)", self.leave))
        chips += [
            (words, "Show these blocks again", partial(self.set_filter, without))
            for words, without in self.filter.told(view, self._names())
        ]
        shown = self.filter.narrow(shown)
        self._kept = {block.ref for block in shown.blocks}
        self.strip.show_chips(chips, self.filter)
        hidden = count(len(view.blocks), "block")
        self.nothing.sentence.setText(f"The filter hides all {hidden} of this graph.")
        return shown

    def open(self) -> None:
        """The panel to filter with, under its button."""
        page = self._page
        if page.view is not None and not page.view.blocks:
            page.state.say("There is nothing to filter yet.")
        elif page.view is not None:
            names, theme = self._names(), page.state.theme
            panel = FilterPanel(page.filter_button, page.view, self.filter, names, self.set_filter, theme)
            panel.under(page.filter_button)

    def set_filter(self, chosen: BlockFilter) -> None:
        self.filter = chosen
        self._draw()

    def everything(self) -> None:
        """Filter nothing any more."""
        self.filter, self.only = BlockFilter(), None
        self._draw()
        self._page.canvas.setFocus()

    def leave(self) -> bool:
        """Show all blocks again, from where one looked before; whether only some were shown."""
        if self.only is None:
            return False
        self.only = None
        self._draw()
        if self._before is not None:
            self._page.canvas.look(self._before)
            self._page.canvas.setFocus()
        return True

    def forget_way(self) -> None:
        """Another graph comes: the blocks of the way are not in it."""
        self.only = None

    def reveal(self, refs: list[BlockRef]) -> None:
        """Filter nothing, and be at now, if that is what hides a block which somebody wants to see."""
        view: GraphView | None = self._page.view
        there = {block.ref for block in view.blocks} if view is not None and self.active else set()
        if any(ref in there and ref not in self._kept for ref in refs):
            self.everything()
            self._page.state.say("Showing everything again")
        self._page.past.reveal(refs)

    def show_only(self, wish: ShowOnly) -> None:
        """Leave only the selection, what leads to it, what came from it, or what lies between two blocks."""
        view, roots, say = self._page.view, self._roots(), self._page.state.say
        if wish.way == "between" and len(roots) != 2:
            say("Select two blocks to see the way between them.")
            return
        if view is None or not roots:
            say("Select a block first.")
            return
        titles = self._titles(view, roots)
        only = Only(wish.way, roots, " and ".join(titles) if len(titles) < 3 else count(len(titles), "block"))
        if not only.kept(view):
            say(f"No way leads from {titles[0]} to {titles[1]}, nor back.")
            return
        if self.only is None:
            self._before = self._page.canvas.camera
        self.only = only
        self._draw()
        self._page.canvas.fit()

    def choose_way(self, wish: ChooseWay) -> None:
        """Select what the selection is made from, or what depends on it."""
        view, roots, page = self._page.view, self._roots(), self._page
        if view is None or not roots:
            page.state.say("Select a block first.")
            return
        follow = ways.before if wish.way == "to" else ways.after
        found = [ref for ref in follow(view.links, roots) if ref not in roots]
        if not found:
            page.state.say("Nothing leads here." if wish.way == "to" else "Nothing depends on this yet.")
            return
        self.reveal(found)
        page.canvas.select(found, reveal=True)
        page.state.say(f"Selected {count(len(found), 'block')}")

    def _roots(self) -> tuple[BlockRef, ...]:
        """What is selected, of folded frames what is in them."""
        canvas = self._page.canvas
        roots: list[BlockRef] = []
        for ref in canvas.selection():
            roots += canvas.scene.hidden.get(ref, (ref,))
        return tuple(roots)

    def _titles(self, view: GraphView, roots: tuple[BlockRef, ...]) -> list[str]:
        blocks: dict[BlockRef, Block] = {block.ref: block for block in view.blocks}
        return [f"“{blocks[ref].title}”" for ref in roots if ref in blocks] or ["these notes"]

    def _to_canvas(self) -> None:
        self._page.canvas.setFocus()

    def _names(self) -> dict[str, str]:
        """Better words for apps and people than those that blocks carry."""
        apps = {slug: app.name for slug, app in self._page.editing.apps.items()}
        me = self._page.ws.user.name
        return {**apps, me: f"{me} (you)"}

    def _draw(self) -> None:
        if self._page.view is not None:
            self._page._draw(self._page.view)


GRANTS: dict[type, Callable[[Any, Any], None]] = {
    ShowOnly: lambda editing, wish: editing.page.sieve.show_only(wish),
    ChooseWay: lambda editing, wish: editing.page.sieve.choose_way(wish),
    GoThroughTime: lambda editing, wish: editing.page.past.grant(wish),
}
"""Wishes of the canvas that are about what is shown."""
