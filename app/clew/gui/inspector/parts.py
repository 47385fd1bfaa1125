"""Pieces shared by the inspector and the report, comparison and diff pages, on top of the generic widgets."""

from collections.abc import Callable

from PySide6.QtCore import QSize, Qt
from PySide6.QtGui import QAction, QColor, QResizeEvent
from PySide6.QtWidgets import QBoxLayout, QHBoxLayout, QLabel, QMenu, QPushButton, QWidget

from clew.gui.fonts import ui_font
from clew.gui.state import State
from clew.gui.theme import Theme, css, mix
from clew.gui.widgets.basic import button, label

_BLACK = QColor("#000000")
Entry = tuple[str, Callable[[], object]]


def ink(theme: Theme, tone: str) -> QColor:
    """The text colour of a tone: "", "dim", "faint", "good", "bad" or "accent", with enough contrast."""
    if tone == "good" and not theme.dark:
        return mix(theme.good, _BLACK, 0.86)
    if tone == "accent" and not theme.dark:
        return mix(theme.accent, _BLACK, 0.94)
    colour: QColor = getattr(theme, tone or "text")
    return colour


def banner() -> QLabel:
    """A warning or failure in one sentence on a reddish ground; hidden until `say` gives it a text."""
    made = label("", wrap=True)
    made.setProperty("look", "banner")
    made.setVisible(False)
    return made


def say(where: QLabel, text: str) -> None:
    """Show a sentence in a banner, or hide it when there is none."""
    where.setText(text)
    where.setVisible(bool(text))


class Toned(QLabel):
    """A text in one of the tones, also those that the style sheet has no words for."""

    def __init__(self, state: State, text: str, tone: str, px: float = 13, weight: int = 400) -> None:
        super().__init__(text)
        self.tone = tone
        self.setFont(ui_font(px, weight))
        self.setTextFormat(Qt.TextFormat.PlainText)
        self._tint(state.theme)
        state.theme_changed.connect(self._tint)

    def _tint(self, theme: Theme) -> None:
        self.setStyleSheet(f"color: {css(ink(theme, self.tone))};")


def toggle(text: str, changed: Callable[[bool], object], look: str = "quiet") -> QPushButton:
    """A button that stays down; what is on is said by its ground and by its state."""
    made = button(text, None, look)
    made.setCheckable(True)
    made.setStyleSheet("QPushButton:checked { background: rgba(128, 128, 128, 0.20); }")
    made.toggled.connect(changed)
    return made


def flush(made: QPushButton) -> QPushButton:
    """A link button whose words begin where the text around it begins."""
    made.setStyleSheet("padding-left: 0; border-left-width: 0;")
    return made


def menu_button(text: str, entries: list[Entry], look: str = "normal", *, name: str = "") -> QPushButton:
    """A button that opens a menu."""
    made = button(text, None, look, name=name)
    fill_menu(made, entries)
    return made


def fill_menu(owner: QPushButton, entries: list[Entry]) -> None:
    """Replace the menu of a button; without entries the button is disabled."""
    old = owner.menu()
    menu = make_menu(owner, entries, owner.accessibleName() or owner.text())
    owner.setMenu(menu)
    owner.setEnabled(bool(entries))
    if old is not None:
        old.deleteLater()


def make_menu(parent: QWidget, entries: list[Entry], name: str) -> QMenu:
    """A menu of words and what they do; empty words make a line between groups."""
    menu = QMenu(parent)
    menu.setAccessibleName(name)
    for words, call in entries:
        if not words:
            menu.addSeparator()
            continue
        action = QAction(words.replace("&", "&&"), menu)
        action.triggered.connect(lambda *_, call=call: call())
        menu.addAction(action)
    return menu


class TwoColumns(QWidget):
    """A wide and a narrow column; below `least` pixels the second stands under the first."""

    def __init__(
        self, left: QWidget, right: QWidget, *, shares: tuple[int, int] = (57, 43), least: int = 780
    ) -> None:
        super().__init__()
        self._least = least
        self._row = QHBoxLayout(self)
        self._row.setContentsMargins(0, 0, 0, 0)
        self._row.setSpacing(24)
        self._row.addWidget(left, shares[0], Qt.AlignmentFlag.AlignTop)
        self._row.addWidget(right, shares[1], Qt.AlignmentFlag.AlignTop)

    def minimumSizeHint(self) -> QSize:
        return QSize(280, super().minimumSizeHint().height())

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        down = event.size().width() < self._least
        wanted = QBoxLayout.Direction.TopToBottom if down else QBoxLayout.Direction.LeftToRight
        if self._row.direction() != wanted:
            self._row.setDirection(wanted)
            self.updateGeometry()
