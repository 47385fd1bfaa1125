"""A menu that is made for one showing and goes away after it."""

from PySide6.QtCore import QPoint
from PySide6.QtWidgets import QMenu, QWidget


class Menu(QMenu):
    """`under(widget)` opens it below a button."""

    def __init__(self, parent: QWidget, name: str) -> None:
        super().__init__(parent)
        self.setAccessibleName(name)
        self.aboutToHide.connect(self.deleteLater)

    def under(self, widget: QWidget) -> None:
        """Open below a widget, kept inside the screen by Qt."""
        self.popup(widget.mapToGlobal(QPoint(0, widget.height() + 4)))
