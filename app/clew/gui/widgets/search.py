"""A quiet field to search or filter with."""

from PySide6.QtCore import QSize
from PySide6.QtGui import QAction
from PySide6.QtWidgets import QLineEdit, QWidget

from clew.gui.fonts import ui_font
from clew.gui.icons import icon
from clew.gui.state import State
from clew.gui.theme import Theme


class SearchField(QLineEdit):
    """A quiet field with a looking glass."""

    def __init__(self, state: State, name: str, width: int = 190) -> None:
        super().__init__()
        self.setProperty("look", "search")
        self.setFont(ui_font(13))
        self.setPlaceholderText(name)
        self.setAccessibleName(name)
        self.setClearButtonEnabled(True)
        self.setFixedWidth(width)
        self._glass: QAction = self.addAction(
            icon("search", state.theme.dim, 14), QLineEdit.ActionPosition.LeadingPosition
        )
        self._tint(state.theme)
        state.theme_changed.connect(self._tint)
        for inner in self.findChildren(QWidget):
            if not inner.accessibleName():
                inner.setAccessibleName("Clear" if "clear" in inner.objectName().lower() else name)

    def _tint(self, theme: Theme) -> None:
        self._glass.setIcon(icon("search", theme.dim, 14))
        for action in self.findChildren(QAction, "_q_qlineeditclearaction"):
            action.setIcon(icon("x", theme.dim, 14))

    def minimumSizeHint(self) -> QSize:
        return QSize(120, super().minimumSizeHint().height())
