"""A dialog that takes the keyboard when it opens."""

from PySide6.QtCore import Qt, QTimer
from PySide6.QtGui import QShowEvent
from PySide6.QtWidgets import QApplication, QDialog, QWidget

_AGAIN = 150  # milliseconds until a window manager that is busy is asked once more
_MOST = 40  # times


class FrontDialog(QDialog):
    """Asks for the keyboard itself: a window manager that hears of it late may leave it below.

    It asks again while the window that it stands over has the keyboard; never when another app has it.
    """

    def __init__(self, parent: QWidget | None = None, flags: Qt.WindowType = Qt.WindowType.Dialog) -> None:
        super().__init__(parent, flags)
        self._front_looks = 0
        self._front_clock = QTimer(self, interval=_AGAIN)
        self._front_clock.timeout.connect(self._come_forward)

    def showEvent(self, event: QShowEvent) -> None:
        super().showEvent(event)
        self.activateWindow()
        self._front_looks = 0
        self._front_clock.start()

    def _come_forward(self) -> None:
        below = self.parentWidget()
        self._front_looks += 1
        if not self.isVisible() or below is None or self._front_looks > _MOST:
            self._front_clock.stop()
        elif QApplication.activeWindow() is below.window():
            self.activateWindow()
