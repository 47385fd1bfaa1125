"""Fields to choose from a list or a calendar, with the arrow that says so: a styled one draws none."""

from PySide6.QtGui import QPainter, QPaintEvent, QPalette
from PySide6.QtWidgets import QComboBox, QDateEdit, QWidget

from clew.gui.icons import icon_pixmap

_SIDE = 14


class Dropdown(QComboBox):
    """A list that folds down."""

    def paintEvent(self, event: QPaintEvent) -> None:
        super().paintEvent(event)
        _arrow(self)


class DayField(QDateEdit):
    """A day with its calendar below."""

    def paintEvent(self, event: QPaintEvent) -> None:
        super().paintEvent(event)
        _arrow(self)


def _arrow(field: QWidget) -> None:
    colour = field.palette().color(QPalette.ColorRole.PlaceholderText)
    painter = QPainter(field)
    painter.setOpacity(1.0 if field.isEnabled() else 0.45)
    arrow = icon_pixmap("chevron-down", colour, _SIDE, field.devicePixelRatioF())
    painter.drawPixmap(field.width() - _SIDE - 8, (field.height() - _SIDE) // 2, arrow)
    painter.end()
