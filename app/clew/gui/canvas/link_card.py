"""The small card beside the pointer that says what a link is."""

from typing import TYPE_CHECKING

from PySide6.QtCore import QPointF, Qt
from PySide6.QtGui import QColor
from PySide6.QtWidgets import QFrame, QHBoxLayout, QLabel, QVBoxLayout, QWidget

from clew.gui.icons import icon_pixmap, shipped
from clew.gui.theme import Theme
from clew.gui.widgets.basic import label

if TYPE_CHECKING:
    from clew.services.link_facts import LinkFacts

_WIDEST = 320
_OFF = 16  # pixels from the pointer


class LinkCard(QFrame):
    """Title and icon that a program gave, both ends, when and by whom; the mouse goes through it."""

    def __init__(self, parent: QWidget) -> None:
        super().__init__(parent)
        self._room = parent
        self.setProperty("look", "popup")
        self.setAccessibleName("Link")
        self.setStyleSheet("LinkCard { border-radius: 8px; }")
        self.setAttribute(Qt.WidgetAttribute.WA_TransparentForMouseEvents)
        self.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self.icon = QLabel()
        self.title = label("", 13, 600, wrap=True)
        self.ends = label("", 13, wrap=True)
        self.origin = label("", 12, tone="dim", wrap=True)
        self.description = label("", 12, tone="dim", wrap=True)
        top = QHBoxLayout()
        top.setSpacing(7)
        top.addWidget(self.icon)
        top.addWidget(self.title, 1)
        self._rows = layout = QVBoxLayout(self)
        layout.setContentsMargins(12, 9, 12, 10)
        layout.setSpacing(3)
        layout.addLayout(top)
        for widget in (self.ends, self.origin, self.description):
            layout.addWidget(widget)
        self.hide()

    def show_link(self, ends: tuple[str, str], facts: "LinkFacts", at: QPointF, theme: Theme) -> None:
        """Show a link beside a point of the view."""
        self.title.setText(facts.title)
        self.title.setVisible(bool(facts.title))
        self._show_icon(facts, theme)
        self.ends.setText(" → ".join(ends))
        self.origin.setText(origin(facts))
        self.description.setText(facts.description)
        self.description.setVisible(bool(facts.description))
        texts = (self.title, self.ends, self.origin, self.description)
        self.setAccessibleDescription(". ".join(w.text() for w in texts if w.text()))
        wide = max(w.fontMetrics().horizontalAdvance(w.text()) for w in texts) + 58
        self.setFixedWidth(min(wide, _WIDEST))
        self.setFixedHeight(self._rows.heightForWidth(self.width()))
        room = self._room.size()
        x = min(at.x() + _OFF, room.width() - self.width() - 8)
        y = at.y() + _OFF
        if y + self.height() > room.height() - 8:
            y = at.y() - _OFF - self.height()
        self.move(max(round(x), 8), max(round(y), 8))
        self.show()
        self.raise_()

    def _show_icon(self, facts: "LinkFacts", theme: Theme) -> None:
        shown = bool(facts.icon or facts.title)
        self.icon.setVisible(shown)
        if shown:
            colour = QColor(facts.colour)
            tint = colour if colour.isValid() else theme.dim
            self.icon.setPixmap(icon_pixmap(shipped(facts.icon, "link"), tint, 15, self.devicePixelRatioF()))


def origin(facts: "LinkFacts") -> str:
    """How, by whom and when in one line: "Recorded by Quick trainer, today, 10:12"."""
    by = f"{facts.how} by {facts.by}" if facts.by else facts.how
    return ", ".join(part for part in (by, facts.when) if part)
