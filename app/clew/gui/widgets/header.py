"""The bar at the top of a page: title, chips, actions."""

from PySide6.QtCore import Qt
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QFrame, QHBoxLayout, QLabel, QPushButton, QWidget

from clew.gui.widgets.basic import Elided, button, chip, clear
from clew.gui.widgets.menu import Menu


class Header(QFrame):
    """Title and chips at the left, widgets given to `add` at the right.

    Args:
        title: what stands there at first.
        least: pixels that the title has, if it needs them, before it ends in "…"; a fifth of the bar at most.
    """

    def __init__(self, title: str, *, least: int = 0) -> None:
        super().__init__()
        self._least = least
        self.setProperty("look", "header")
        self.setFixedHeight(52)
        self.title = Elided(title, 16, 600)
        self._yielding: tuple[QWidget, ...] = ()
        self._away: list[QWidget] = []
        self._more = button("…", self._show_more, "quiet", name="More actions", tip="More actions")
        self._more.hide()
        self._before = QHBoxLayout()
        self._before.setSpacing(7)
        self._chips = QHBoxLayout()
        self._chips.setSpacing(8)
        self._actions = QHBoxLayout()
        self._actions.setSpacing(8)
        layout = self._line = QHBoxLayout(self)
        layout.setContentsMargins(16, 0, 14, 0)
        layout.setSpacing(8)
        layout.addLayout(self._before)
        layout.addWidget(self.title)
        layout.addLayout(self._chips)
        layout.addStretch(1)
        layout.addLayout(self._actions)
        layout.addWidget(self._more)
        layout.setAlignment(Qt.AlignmentFlag.AlignVCenter)

    def set_title(self, title: str, *chips: str) -> None:
        """Change the title and the chips beside it."""
        self.title.setText(title)
        self.title.updateGeometry()
        if chips != tuple(self._shown_chips()):
            clear(self._chips)
            for text in chips:
                self._chips.addWidget(chip(text))
        self.make_room()

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self.make_room()

    def make_room(self) -> None:
        """Chips make way where the title would be cut, then what may go into the menu, one by one."""
        if self._least:
            most = min(self._least, self.width() // 5)
            self.title.setMinimumWidth(min(self.title.sizeHint().width(), most))
        chips = self._chip_labels()
        rest = self._line.sizeHint().width() - self._chips.sizeHint().width()
        wide = sum(label.width() + self._chips.spacing() for label in chips)
        for label in chips:
            label.setVisible(rest + wide <= self.width())
        if not self._yielding:
            return
        for widget in self._away:
            widget.setVisible(bool(_buttons_of(widget)))
        self._away = []
        self._more.hide()
        for widget in self._yielding:
            if self._least_width() <= self.width():
                break
            if not widget.isHidden():
                widget.hide()
                self._away.append(widget)
                self._more.show()

    def give_way(self, *widgets: QWidget) -> None:
        """Let buttons, or widgets with buttons, go into a menu one by one where there is no room."""
        self._yielding = widgets
        self.make_room()

    def _least_width(self) -> int:
        for layout in (self._before, self._chips, self._actions, self._line):
            layout.invalidate()
        return self._line.minimumSize().width()

    def _show_more(self) -> None:
        menu = Menu(self, "More actions")
        for made in (made for widget in self._away for made in _buttons_of(widget)):
            action = menu.addAction(made.text() or made.accessibleName())
            action.setEnabled(made.isEnabled())
            action.triggered.connect(made.click)
        menu.under(self._more)

    def lead(self, *widgets: QWidget) -> None:
        """Put widgets before the title, as the way back to the list."""
        for widget in widgets:
            self._before.addWidget(widget)

    def add(self, *widgets: QWidget) -> None:
        """Put actions at the right."""
        for widget in widgets:
            self._actions.addWidget(widget)

    def buttons(self) -> list[QPushButton]:
        """The buttons at the right that can be pressed now."""
        items = (self._actions.itemAt(place) for place in range(self._actions.count()))
        widgets = (item.widget() for item in items if item is not None)
        found = [widget for widget in widgets if isinstance(widget, QPushButton) and widget.text()]
        return [m for m in found if (m.isVisible() or m in self._away) and m.isEnabled()]

    def _shown_chips(self) -> list[str]:
        return [label.text() for label in self._chip_labels()]

    def _chip_labels(self) -> list[QLabel]:
        items = (self._chips.itemAt(index) for index in range(self._chips.count()))
        return [item.widget() for item in items if item is not None]  # type: ignore[misc]  # only labels are put there


def _buttons_of(widget: QWidget) -> list[QPushButton]:
    return [widget] if isinstance(widget, QPushButton) else widget.findChildren(QPushButton)
