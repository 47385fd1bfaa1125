"""Hints in the inspector: of the chosen block, and of the workspace when none is chosen."""

from PySide6.QtWidgets import QFrame, QVBoxLayout, QWidget

from clew.gui import block_actions as do
from clew.gui.context import Context
from clew.gui.hint_book import hint_book
from clew.gui.history import history
from clew.gui.inspector.load import Shown
from clew.gui.inspector.parts import flush
from clew.gui.inspector.section import Env, Section
from clew.gui.widgets.basic import button, clear, label, row, section
from clew.model.hints import Hint, Mend
from clew.model.refs import BlockKind, BlockRef
from clew.model.view import Scope

MOST = 5  # hints of a workspace that are shown at once


def mend(context: Context, hint: Hint) -> None:
    """Do what a hint proposes: ask what has to be asked, or do it at once."""
    if hint.mend is Mend.LINK:
        from clew.services.arrange import draw_link

        ws = context.ws
        kept = history(ws, context.ops)
        kept.run("Linking", Scope(), lambda: draw_link(ws, hint.target, hint.about))
    elif hint.mend is Mend.PROMOTE:
        do.promote(context, hint.target)
    elif hint.mend is Mend.VERSION:
        do.new_version(context, hint.target)
    elif hint.target.kind is BlockKind.VERSION:
        do.edit_version(context, hint.target)
    else:
        do.describe_block(context, hint.target)


class HintCard(QFrame):
    """One hint: the sentence, why, the button that mends it, and Dismiss."""

    def __init__(self, env: Env, hint: Hint, *, show: bool = False) -> None:
        super().__init__()
        self._env, self.hint = env, hint
        self.setAccessibleName(f"Hint: {hint.sentence}")
        can = not getattr(env.ws, "read_only", False)
        self.mend = button(hint.words, self._mend, name=f"{hint.words}: {hint.sentence}")
        self.dismiss = button("Dismiss", self._dismiss, "quiet", name=f"Dismiss the hint: {hint.sentence}")
        self.dismiss.setToolTip("Never show this hint again")
        shown = [self.mend, self.dismiss]
        if show:
            shown.insert(1, button("Show block", self._show, "quiet", name=f"Show: {hint.sentence}"))
        self.mend.setEnabled(can)
        self.dismiss.setEnabled(can)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 6)
        column.setSpacing(4)
        column.addWidget(label(hint.sentence, wrap=True))
        column.addWidget(label(hint.why, 12, tone="dim", wrap=True))
        column.addLayout(row(*shown, None))

    def _mend(self) -> None:
        mend(self._env.context, self.hint)

    def _show(self) -> None:
        self._env.state.select((self.hint.about,))

    def _dismiss(self) -> None:
        from clew.services.hints import dismiss

        ws, hint, book = self._env.ws, self.hint, hint_book(self._env.ws, self._env.ops)
        kept = history(ws, self._env.ops)
        kept.run("Dismissing the hint", Scope(), lambda: dismiss(ws, hint.id), lambda _edit: book.drop(hint))


class HintSection(Section):
    """What would make this block easier to follow; nothing when all is well."""

    title = "Hints"

    def build(self) -> None:
        self.ref: BlockRef | None = None
        self.shown: tuple[Hint, ...] = ()
        self.cards = QVBoxLayout()
        self.cards.setSpacing(7)
        self.body.addLayout(self.cards)
        self.book = hint_book(self.env.ws, self.env.ops)
        self.book.changed.connect(self._again)

    def take(self, shown: Shown) -> bool:
        self.ref = shown.details.ref
        self.book.begin()
        return self._fill()

    def _again(self) -> None:
        self.setVisible(self._fill())

    def _fill(self) -> bool:
        found = self.book.of(self.ref) if self.ref is not None else ()
        if found != self.shown:
            self.shown = found
            clear(self.cards)
            for hint in found:
                self.cards.addWidget(HintCard(self.env, hint))
        return bool(found)


class HintList(QWidget):
    """How many hints the workspace has, and the weightiest of them; hidden without one."""

    def __init__(self, env: Env) -> None:
        super().__init__()
        self._env = env
        self.shown: tuple[Hint, ...] = ()
        self.all = False
        self.book = hint_book(env.ws, env.ops)
        self.heading = section("Hints")
        self.cards = QVBoxLayout()
        self.cards.setSpacing(7)
        self.more = flush(button("", self._show_all, "link"))
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 10, 0, 0)
        column.setSpacing(7)
        column.addWidget(self.heading)
        column.addLayout(self.cards)
        column.addWidget(self.more)
        self.begun = False
        self.hide()
        self.book.changed.connect(self._fill)

    def show_for(self, whole: bool) -> None:
        """The summary is in front: of the whole workspace it tells the hints, of a part it does not."""
        self.begun = whole
        if whole:
            self.book.begin()
        self._fill()

    def _show_all(self) -> None:
        self.all = not self.all
        self._fill()

    def _fill(self) -> None:
        found = self.book.hints
        self.setVisible(self.begun and bool(found))
        self.heading.setText(f"Hints ({len(found):,})")
        wanted = found[:200] if self.all else found[:MOST]
        if wanted != self.shown:
            self.shown = wanted
            clear(self.cards)
            for hint in wanted:
                self.cards.addWidget(HintCard(self._env, hint, show=True))
        self.more.setVisible(len(found) > MOST)
        self.more.setText("Show fewer" if self.all else f"Show all {len(found):,}")
        self.more.setAccessibleName(f"{self.more.text()} hints")
