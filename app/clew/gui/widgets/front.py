"""A dialog that takes the keyboard when it opens."""

from PySide6.QtGui import QShowEvent
from PySide6.QtWidgets import QDialog


class FrontDialog(QDialog):
    """Asks for the keyboard itself: a window manager that hears of it late may leave it below."""

    def showEvent(self, event: QShowEvent) -> None:
        super().showEvent(event)
        self.activateWindow()
