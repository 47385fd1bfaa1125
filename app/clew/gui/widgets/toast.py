"""One quiet sentence over the bottom of the window that goes away by itself; an error stays until closed."""

from collections.abc import Callable

from PySide6.QtCore import QEvent, QObject, QRectF, Qt, QTimer
from PySide6.QtGui import QAccessible, QAccessibleAnnouncementEvent, QPainter, QPaintEvent
from PySide6.QtWidgets import QHBoxLayout, QWidget

from clew.gui.state import State
from clew.gui.widgets.basic import IconButton, button, label
from clew.gui.widgets.paint import paint_card

_STAYS = 4000  # ms
_STAYS_WITH_ACTION = 10_000


class Toast(QWidget):
    """Floats over `parent`; shows the newest sentence."""

    def __init__(self, parent: QWidget, state: State) -> None:
        super().__init__(parent)
        self._host = parent
        self._state = state
        self.setAccessibleName("Message")
        self.text = label("", 13, wrap=False)
        self._action = button("Copy details", look="quiet")
        self._close = IconButton(state, "x", "Close the message", self.hide)
        self._run: Callable[[], object] | None = None
        self._action.clicked.connect(self._act)
        layout = QHBoxLayout(self)
        layout.setContentsMargins(22, 14, 14, 14)
        layout.setSpacing(8)
        layout.addWidget(self.text)
        layout.addWidget(self._action)
        layout.addWidget(self._close)
        self._timer = QTimer(self)
        self._timer.setSingleShot(True)
        self._timer.timeout.connect(self.hide)
        parent.installEventFilter(self)
        self.hide()

    def show_sentence(self, sentence: str) -> None:
        """Something was done."""
        self._show(sentence, "", None)
        self._timer.start(_STAYS)

    def show_offer(self, sentence: str, action: str, run: Callable[[], object]) -> None:
        """Something was done, and there is something to do with it."""
        self._show(sentence, action, run)
        self._timer.start(_STAYS_WITH_ACTION)

    def show_error(self, sentence: str, action: str = "", run: Callable[[], object] | None = None) -> None:
        """Something failed; stays until it is closed."""
        self._show(sentence, action, run)
        self._timer.stop()

    def _show(self, sentence: str, action: str, run: Callable[[], object] | None) -> None:
        self.text.setText(sentence)
        self._fit_text()
        self._action.setText(action)
        self._action.setAccessibleName(action or "Details")
        self._action.setVisible(bool(action))
        self._run = run
        self.adjustSize()
        self._place()
        self.show()
        self.raise_()
        if QAccessible.isActive():  # it never has the keyboard, so it is said aloud
            QAccessible.updateAccessibility(QAccessibleAnnouncementEvent(self, sentence))

    def _fit_text(self) -> None:
        room = max(200, min(640, self._host.width() - 200))
        wide = self.text.fontMetrics().horizontalAdvance(self.text.text()) > room
        self.text.setWordWrap(wide)
        self.text.setMinimumWidth(room if wide else 0)
        self.text.setMaximumWidth(room if wide else 16777215)

    def _act(self) -> None:
        if self._run is not None:
            self._run()
        self.hide()

    def _place(self) -> None:
        host = self._host
        self.move((host.width() - self.width()) // 2, host.height() - self.height() - 40)

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        if event.type() == QEvent.Type.Resize and self.isVisible():
            self._place()
        return super().eventFilter(watched, event)

    def paintEvent(self, _event: QPaintEvent) -> None:
        painter = QPainter(self)
        paint_card(painter, QRectF(self.rect()).adjusted(6, 4, -6, -8), self._state.theme, 9)
        painter.setPen(Qt.PenStyle.NoPen)
