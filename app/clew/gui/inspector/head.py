"""The top of the inspector: what the block is, and what can be done with it."""

from functools import partial
from typing import Any

from PySide6.QtCore import QPoint, QSize, Signal
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QHBoxLayout, QLabel, QPushButton, QWidget

from clew.gui.icons import KIND_ICONS, icon_pixmap
from clew.gui.inspector.load import Shown
from clew.gui.inspector.parts import Toned
from clew.gui.inspector.section import Section
from clew.gui.theme import KIND_TOKENS, Theme
from clew.gui.widgets.basic import button, clear, label, tab_after
from clew.model.refs import BlockRef

_HIDDEN = ("show", "describe", "edit")
"""The block is in view here, and its description is edited in place."""


class KindCaption(Toned):
    """The kind in its colour."""

    def set_kind(self, ref: BlockRef, text: str, theme: Theme) -> None:
        self.setText(text)
        self.tone = KIND_TOKENS[ref.kind]
        self._tint(theme)


class ActionRow(QWidget):
    """Buttons in a line that ask for no room of their own: what does not fit goes into the menu."""

    resized = Signal()

    def __init__(self) -> None:
        super().__init__()
        self.row = QHBoxLayout(self)
        self.row.setContentsMargins(0, 5, 0, 0)
        self.row.setSpacing(8)

    def minimumSizeHint(self) -> QSize:
        return QSize(60, super().minimumSizeHint().height())

    def sizeHint(self) -> QSize:
        return QSize(200, super().sizeHint().height())

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self.resized.emit()


class HeadSection(Section):
    """Icon and caption in the kind's colour, title, subtitle, actions."""

    def build(self) -> None:
        self.icon = QLabel()
        self.caption = KindCaption(self.env.state, "", "dim", 12, 500)
        self.name = label("", 16, 650, wrap=True)
        self.subtitle = label("", tone="dim", wrap=True)
        top = QHBoxLayout()
        top.setSpacing(7)
        top.addWidget(self.icon)
        top.addWidget(self.caption, 1)
        self._bar = ActionRow()
        self._bar.resized.connect(self._fit)
        self._row = self._bar.row
        self.in_menu: list[Any] = []
        self.offered: list[Any] = []
        self._buttons: list[QPushButton] = []
        self.ref: BlockRef | None = None
        self.body.addLayout(top)
        self.body.addWidget(self.name)
        self.body.addWidget(self.subtitle)
        self.body.addWidget(self._bar)

    def take(self, shown: Shown) -> bool:
        found = shown.details
        self.ref = found.ref
        self.caption.set_kind(found.ref, found.caption, self.env.state.theme)
        self.name.setText(found.title)
        self.subtitle.setText(found.subtitle)
        self.subtitle.setVisible(bool(found.subtitle))
        self.take_theme(self.env.state.theme)
        self._set_actions(found)
        return True

    def take_theme(self, theme: Theme) -> None:
        if self.ref is not None:
            ratio = self.devicePixelRatioF()
            self.icon.setPixmap(icon_pixmap(KIND_ICONS[self.ref.kind], theme.kind(self.ref.kind), 16, ratio))

    def _set_actions(self, found: Any) -> None:
        from clew.gui.actions import actions_for

        pending = found.ref.id < 0  # the model that a running task will make
        wanted = [] if pending else actions_for(found.ref, found.entity, without=_HIDDEN)
        if [(a.name, a.label) for a in wanted] == [(a.name, a.label) for a in self.offered] and self._buttons:
            self.offered = wanted
            return
        self.offered = wanted
        clear(self._row)
        self._buttons = []
        for place, action in enumerate(wanted):
            if action.dangerous:
                break
            look = "primary" if action.primary and place == 0 else "normal"
            made = button(action.label, partial(self._run, place), look)
            self._row.addWidget(made)
            self._buttons.append(made)
        self._more = button("…", self._open_menu, "quiet", name="More actions")
        self._more.setStyleSheet("padding-left: 7px; padding-right: 7px;")
        self._row.addWidget(self._more)
        self._row.addStretch(1)
        tab_after(self._bar, *self._buttons, self._more)
        self._fit()

    def _run(self, place: int) -> None:
        self.offered[place].run(self.env.context)

    def _fit(self) -> None:
        """As many buttons as there is room for; the others are in the menu."""
        self._bar.setVisible(bool(self._buttons))
        if not self._buttons:
            return
        room = self._bar.width() - self._more.sizeHint().width()
        shown = 0
        for made in self._buttons:
            room -= made.sizeHint().width() + self._row.spacing()
            if room < 0 or shown == 3:
                break
            shown += 1
        self.in_menu = self.offered[max(1, shown) :]
        for place, made in enumerate(self._buttons):
            made.setVisible(place < max(1, shown))
        self._more.setVisible(bool(self.in_menu))

    def _open_menu(self) -> None:
        from clew.gui.actions import menu_for

        at = self._more.mapToGlobal(QPoint(0, self._more.height() + 2))
        menu_for(self, self.in_menu, self.env.context).popup(at)
