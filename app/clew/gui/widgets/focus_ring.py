"""A ring around a large widget that got the keyboard by a key; a click needs none."""

from collections.abc import Callable

from PySide6.QtCore import QEvent, QObject, QRect, QRectF, Qt
from PySide6.QtGui import QFocusEvent, QPainter, QPaintEvent, QRegion
from PySide6.QtWidgets import QWidget

from clew.gui.theme import Theme
from clew.gui.widgets.paint import paint_focus

_BY_KEY = (
    Qt.FocusReason.TabFocusReason,
    Qt.FocusReason.BacktabFocusReason,
    Qt.FocusReason.ShortcutFocusReason,
)
_WIDE = 3


class FocusRing(QWidget):
    """Lies over the edge of `over` and lets the mouse through; seen while `watched` has the keyboard."""

    def __init__(self, watched: QWidget, over: QWidget, theme: Callable[[], Theme]) -> None:
        super().__init__(over)
        self._over, self._theme = over, theme
        self.setAttribute(Qt.WidgetAttribute.WA_TransparentForMouseEvents)
        self.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        watched.installEventFilter(self)
        over.installEventFilter(self)
        self.hide()

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        if isinstance(event, QFocusEvent):
            if event.gotFocus() and event.reason() in _BY_KEY:
                self._lie()
                self.show()
                self.raise_()
            elif event.lostFocus():
                self.hide()
        elif event.type() == QEvent.Type.MouseButtonPress and self.isVisible():
            self.hide()
        elif event.type() == QEvent.Type.Resize and watched is self._over:
            self._lie()
        return super().eventFilter(watched, event)

    def _lie(self) -> None:
        """Cover the edge alone, so that nothing under the ring is painted with it."""
        whole = QRect(self._over.rect())
        self.setGeometry(whole)
        self.setMask(QRegion(whole) - QRegion(whole.adjusted(_WIDE, _WIDE, -_WIDE, -_WIDE)))

    def paintEvent(self, _event: QPaintEvent) -> None:
        painter = QPainter(self)
        paint_focus(painter, QRectF(self.rect()), self._theme(), 3)
