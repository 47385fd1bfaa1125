"""Hints in the inspector: of the chosen block, and of the workspace when none is chosen."""

from PySide6.QtWidgets import QFrame, QVBoxLayout, QWidget

from clew.gui import block_actions as do
from clew.gui.context import Context
from clew.gui.hint_book import hint_book
from clew.gui.history import history
from clew.gui.inspector.load import Shown
from clew.gui.inspector.section import Env, Section
from clew.gui.widgets.basic import button, clear, column, label, section
from clew.gui.widgets.flow import Flow
from clew.gui.words import sentence
from clew.model.hints import Hint, HintGroup, Mend, grouped
from clew.model.refs import BlockKind, BlockRef
from clew.model.view import Scope

MOST = 50  # hints of a group that are listed at once


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


def dismiss(env: Env, id_: str, told: tuple[Hint, ...]) -> None:
    """Dismiss a hint or a group for good; an undo of the canvas brings it back."""
    from clew.services.hints import dismiss as do

    ws, book = env.ws, hint_book(env.ws, env.ops)
    words = "Dismissing the hint" if len(told) == 1 else "Dismissing the hints"
    history(ws, env.ops).run(words, Scope(), lambda: do(ws, id_), lambda _edit: book.drop(told))


class HintCard(QFrame):
    """One hint: the sentence, why, the button that mends it, and Dismiss."""

    def __init__(self, env: Env, hint: Hint, *, show: bool = False, why: bool = True) -> None:
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
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 6)
        layout.setSpacing(4)
        layout.addWidget(label(sentence(hint.sentence), wrap=True))
        if why:
            layout.addWidget(label(hint.why, 12, tone="dim", wrap=True))
        layout.addLayout(Flow(*shown, spacing=4))

    def _mend(self) -> None:
        mend(self._env.context, self.hint)

    def _show(self) -> None:
        self._env.state.select((self.hint.about,))

    def _dismiss(self) -> None:
        dismiss(self._env, self.hint.id, (self.hint,))


class GroupCard(QFrame):
    """Hints of one kind under one sentence; they unfold, each with its own buttons."""

    def __init__(self, env: Env, group: HintGroup, *, unfolded: bool) -> None:
        super().__init__()
        self._env, self.group, self.unfolded = env, group, unfolded
        self.setAccessibleName(f"Hint: {group.sentence}")
        self.unfold = button("", self._turn)
        self.dismiss = button("Dismiss all", self._dismiss, "quiet", name=f"Dismiss all: {group.sentence}")
        self.dismiss.setToolTip("Never show these hints again")
        self.dismiss.setEnabled(not getattr(env.ws, "read_only", False))
        self.inside = QWidget()
        self.cards = column(spacing=7, margins=(12, 4, 0, 0))
        self.inside.setLayout(self.cards)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 6)
        layout.setSpacing(4)
        layout.addWidget(label(sentence(group.sentence), wrap=True))
        layout.addWidget(label(group.why, 12, tone="dim", wrap=True))
        layout.addLayout(Flow(self.unfold, self.dismiss, spacing=4))
        layout.addWidget(self.inside)
        self._show()

    def _turn(self) -> None:
        self.unfolded = not self.unfolded
        self._show()

    def _show(self) -> None:
        words = "Fold" if self.unfolded else "Show them"
        self.unfold.setText(words)
        self.unfold.setAccessibleName(f"{words}: {self.group.sentence}")
        if self.unfolded and not self.cards.count():
            for hint in self.group.hints[:MOST]:
                self.cards.addWidget(HintCard(self._env, hint, show=True, why=False))
            if (more := len(self.group.hints) - MOST) > 0:
                self.cards.addWidget(label(f"and {more:,} more", 12, tone="dim"))
        self.inside.setVisible(self.unfolded)

    def _dismiss(self) -> None:
        dismiss(self._env, self.group.id, self.group.hints)


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
    """How many hints the workspace has, those of one kind under one sentence; hidden without one."""

    def __init__(self, env: Env) -> None:
        super().__init__()
        self._env = env
        self.shown: tuple[HintGroup, ...] = ()
        self.book = hint_book(env.ws, env.ops)
        self.heading = section("Hints")
        self.cards = QVBoxLayout()
        self.cards.setSpacing(7)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 10, 0, 0)
        layout.setSpacing(7)
        layout.addWidget(self.heading)
        layout.addLayout(self.cards)
        self.begun = False
        self.hide()
        self.book.changed.connect(self._fill)

    def show_for(self, whole: bool) -> None:
        """The summary is in front: of the whole workspace it tells the hints, of a part it does not."""
        self.begun = whole
        if whole:
            self.book.begin()
        self._fill()

    def _fill(self) -> None:
        found = self.book.hints
        self.setVisible(self.begun and bool(found))
        self.heading.setText(f"Hints ({len(found):,})")
        groups = grouped(found)
        if groups != self.shown:
            unfolded = {card.group.id for card in self.findChildren(GroupCard) if card.unfolded}
            self.shown = groups
            clear(self.cards)
            for group in groups:
                self.cards.addWidget(self._card(group, unfolded=group.id in unfolded))

    def _card(self, group: HintGroup, *, unfolded: bool) -> QWidget:
        if len(group.hints) == 1:
            return HintCard(self._env, group.hints[0], show=True)
        return GroupCard(self._env, group, unfolded=unfolded)
