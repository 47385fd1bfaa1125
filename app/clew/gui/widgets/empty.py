"""What an empty page shows: one sentence and the button that fills it."""

from collections.abc import Callable

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QLabel, QVBoxLayout, QWidget

from clew.gui.fonts import ui_font
from clew.gui.icons import icon_pixmap
from clew.gui.state import State
from clew.gui.theme import Theme
from clew.gui.widgets.basic import button


class _Sentence(QLabel):
    """Wraps at a width that reads well, and is as tall as it then needs."""

    def __init__(self, text: str) -> None:
        super().__init__()
        self.setFont(ui_font(14))
        self.setTextFormat(Qt.TextFormat.PlainText)
        self.setProperty("tone", "dim")
        self.setWordWrap(True)
        self.setAlignment(Qt.AlignmentFlag.AlignHCenter)
        self.setText(text)

    def setText(self, text: str) -> None:
        super().setText(text)
        width = min(440, self.fontMetrics().horizontalAdvance(text) + 8)
        self.setFixedWidth(width)
        self.setFixedHeight(max(self.heightForWidth(width), self.fontMetrics().height()))


class Empty(QWidget):
    """An invitation in the middle of the page."""

    def __init__(
        self,
        state: State,
        icon_name: str,
        sentence: str,
        action: str = "",
        run: Callable[[], object] | None = None,
    ) -> None:
        super().__init__()
        self._icon_name = icon_name
        self._icon = QLabel()
        self._icon.setAccessibleName("")
        self.sentence = _Sentence(sentence)
        self.button = button(action, run, "primary")
        layout = QVBoxLayout(self)
        layout.setSpacing(14)
        layout.addStretch(2)
        for widget in (self._icon, self.sentence, self.button):
            layout.addWidget(widget, 0, Qt.AlignmentFlag.AlignHCenter)
        self.button.setVisible(bool(action))  # once it has a parent: alone it would be a window
        layout.addStretch(3)
        self._tint(state.theme)
        state.theme_changed.connect(self._tint)

    def _tint(self, theme: Theme) -> None:
        self._icon.setPixmap(icon_pixmap(self._icon_name, theme.faint, 32, self.devicePixelRatioF()))
