"""A version as the project page lists it: a dot on the spine, what it is, and actions when it is chosen."""

from collections.abc import Callable
from functools import partial
from html import escape

from PySide6.QtCore import QPointF, QRectF, Qt, Signal
from PySide6.QtGui import QKeyEvent, QMouseEvent, QPainter, QPaintEvent, QPen
from PySide6.QtWidgets import QHBoxLayout, QVBoxLayout, QWidget

from clew.gui.actions import Action
from clew.gui.context import Context
from clew.gui.state import State
from clew.gui.theme import css
from clew.gui.widgets.basic import Elided, button, label
from clew.gui.widgets.paint import paint_card, paint_dashed, paint_focus
from clew.gui.words import breakable

LEFT = 34  # room for the spine
_WIDEST = 300  # pixels for when and by whom; the rest is the title's


class VersionCard(QWidget):
    """Click, Enter or Space chooses it; the chosen one is raised and has its actions."""

    chosen = Signal(int)

    def __init__(
        self,
        context: Context,
        version_id: int,
        texts: tuple[str, str, str, str],
        actions: list[Action],
        *,
        last: bool,
        deleted: bool,
    ) -> None:
        super().__init__()
        self._state, self._context = context.state, context
        self._id, self._last, self._deleted = version_id, last, deleted
        self._open = False
        self._actions = actions
        name, title, when, change = texts
        self.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        self.setAccessibleName(f"{name} {title}, {when}, {change}")
        self._buttons = QWidget()
        self._made = False
        heading = QHBoxLayout()
        heading.setSpacing(8)
        heading.addWidget(label(name, 13.5, 600, "dim" if deleted else "text"))
        heading.addWidget(Elided(title, 13, tone="dim" if deleted else "text"), 1)
        side = Elided(when, 13, tone="dim")
        side.setAlignment(Qt.AlignmentFlag.AlignRight)
        side.setMaximumWidth(_WIDEST)
        heading.addWidget(side)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(LEFT + 16, 15, 22, 18)
        layout.setSpacing(5)
        layout.addLayout(heading)
        if change:
            layout.addWidget(label(change, 13, tone="dim", wrap=True))
        layout.addWidget(self._buttons)
        self._buttons.hide()
        context.state.theme_changed.connect(lambda _theme: self.update())

    @property
    def version_id(self) -> int:
        return self._id

    def set_open(self, shown: bool) -> None:
        """Raise it and show its actions, or lay it flat again."""
        self._open = shown
        if shown and not self._made:
            self._make_buttons()
        self._buttons.setVisible(shown)
        self.update()

    def _make_buttons(self) -> None:
        self._made = True
        layout = QHBoxLayout(self._buttons)
        layout.setContentsMargins(0, 7, 0, 0)
        layout.setSpacing(8)
        for action in self._actions:
            look = "quiet" if action.dangerous else "normal"
            layout.addWidget(button(action.label, partial(action.run, self._context), look))
        layout.addStretch(1)

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:
        if event.button() == Qt.MouseButton.LeftButton:
            self.chosen.emit(self._id)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter, Qt.Key.Key_Space):
            self.chosen.emit(self._id)
        else:
            super().keyPressEvent(event)

    def paintEvent(self, _event: QPaintEvent) -> None:
        theme = self._state.theme
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        rect = QRectF(LEFT, 2, self.width() - LEFT - 6, self.height() - 10)
        if self._open:
            paint_card(painter, rect, theme)
        middle = QPointF(8, 26)
        painter.setPen(QPen(theme.edge, 1.5))
        end = self.height() if not self._last else self.height() - 8
        painter.drawLine(QPointF(middle.x(), middle.y() + 11), QPointF(middle.x(), end))
        colour = theme.faint if self._deleted else theme.project
        painter.setPen(QPen(colour, 2))
        painter.setBrush(colour if self._open else theme.bg)
        painter.drawEllipse(middle, 4.5, 4.5)
        if self.hasFocus():
            paint_focus(painter, rect, theme, 11)


class UnsavedCard(QWidget):
    """What changed since the last version, in a dashed frame, with the button that saves it."""

    def __init__(self, state: State, save: Callable[[], object]) -> None:
        super().__init__()
        self._state = state
        self._heading = self._sentence = ""
        self.words = label("", 13, wrap=True)
        self.words.setTextFormat(Qt.TextFormat.RichText)
        self.save = button("Save version", save, "primary")
        self.see = button("See changes", look="quiet")
        layout = QHBoxLayout(self)
        layout.setContentsMargins(LEFT + 16, 14, 20, 16)
        layout.setSpacing(9)
        layout.addWidget(self.words, 1)
        layout.addWidget(self.see)
        layout.addWidget(self.save)
        state.theme_changed.connect(lambda _theme: self.say(self._heading, self._sentence))

    def say(self, heading: str, sentence: str) -> None:
        """The heading, and the sentence behind it; both wrap together where there is little room."""
        self._heading, self._sentence = heading, sentence
        dim = css(self._state.theme.dim)
        self.words.setText(
            f"<span style='font-weight:600'>{escape(breakable(heading))}</span>&nbsp; "
            f"<span style='color:{dim}'>{escape(breakable(sentence))}</span>"
        )
        self.words.setAccessibleName(f"{heading}: {sentence}")
        self.update()

    def paintEvent(self, _event: QPaintEvent) -> None:
        painter = QPainter(self)
        rect = QRectF(LEFT, 2, self.width() - LEFT - 6, self.height() - 4)
        paint_dashed(painter, rect, self._state.theme)
