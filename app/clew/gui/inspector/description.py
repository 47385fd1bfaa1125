"""The description of a block, edited where it stands."""

from typing import Any

from PySide6.QtCore import QEvent, QObject, Qt, Signal
from PySide6.QtGui import QFocusEvent, QKeyEvent, QMouseEvent
from PySide6.QtWidgets import QLabel, QPlainTextEdit

from clew.gui.fonts import ui_font
from clew.gui.history import history, scope_in
from clew.gui.inspector.load import Shown
from clew.gui.inspector.section import Section
from clew.gui.widgets.basic import label, restyle
from clew.model.refs import BlockRef
from clew.model.view import Edit

_INVITATION = "Add a description"


class _Reader(QLabel):
    """The text as it is read; a click or Enter asks to edit it."""

    wanted = Signal()

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:
        if event.button() == Qt.MouseButton.LeftButton:
            self.wanted.emit()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter, Qt.Key.Key_Space):
            self.wanted.emit()
        else:
            super().keyPressEvent(event)


class _Editor(QPlainTextEdit):
    """Saves when it is left or with Ctrl+Enter; Escape leaves things as they were."""

    left = Signal(bool)  # whether to save

    def focusOutEvent(self, event: QFocusEvent) -> None:
        super().focusOutEvent(event)
        if event.reason() != Qt.FocusReason.PopupFocusReason:
            self.left.emit(True)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() == Qt.Key.Key_Escape:
            self.left.emit(False)
        elif event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter) and event.modifiers() & (
            Qt.KeyboardModifier.ControlModifier | Qt.KeyboardModifier.MetaModifier
        ):
            self.left.emit(True)
        else:
            super().keyPressEvent(event)


class DescriptionSection(Section):
    """Click, write, go on: the text is saved when the field is left."""

    title = "Description"

    def build(self) -> None:
        self.ref: BlockRef | None = None
        self.text = ""
        self.version_title = label("", weight=600, wrap=True)
        self.reader = _Reader()
        self.reader.setFont(ui_font(13))
        self.reader.setTextFormat(Qt.TextFormat.PlainText)
        self.reader.setWordWrap(True)
        self.reader.setCursor(Qt.CursorShape.IBeamCursor)
        self.reader.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        self.reader.setToolTip("Click to edit")
        self.reader.wanted.connect(self.edit)
        self.reader.installEventFilter(self)
        self.editor = _Editor()
        self.editor.setFont(ui_font(13))
        self.editor.setFixedHeight(86)
        self.editor.setTabChangesFocus(True)
        self.editor.setAccessibleName("Description")
        self.editor.setPlaceholderText("What is this, and why is it like this?")
        self.editor.left.connect(self._leave)
        self.editor.hide()
        for widget in (self.version_title, self.reader, self.editor):
            self.body.addWidget(widget)

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        if event.type() in (QEvent.Type.FocusIn, QEvent.Type.FocusOut):
            font = ui_font(13)
            font.setUnderline(event.type() == QEvent.Type.FocusIn)
            self.reader.setFont(font)
        return super().eventFilter(watched, event)

    def take(self, shown: Shown) -> bool:
        found = shown.details
        if found.ref.id < 0:
            return False
        if found.ref != self.ref and not self.editor.isHidden():
            self._leave(True)  # another block was chosen while writing
        self.ref = found.ref
        self.text = found.description
        title = getattr(found.entity, "title", "")
        self.version_title.setText(title)
        self.version_title.setVisible(bool(title))
        self._show_text()
        return True

    @property
    def editing(self) -> bool:
        return not self.editor.isHidden()

    def edit(self) -> None:
        """Open the field."""
        if self.env.ws is not None and getattr(self.env.ws, "read_only", False):
            return
        self.editor.setPlainText(self.text)
        self.reader.hide()
        self.editor.show()
        self.editor.setFocus()
        self.editor.selectAll()

    def _leave(self, save: bool) -> None:
        if not self.editing:
            return
        self.editor.hide()
        self.reader.show()
        written, ref = self.editor.toPlainText().strip(), self.ref
        if save and ref is not None and written != self.text.strip():
            self.text = written
            ws: Any = self.env.ws
            kept = history(ws, self.env.ops)
            kept.run("Saving the description", scope_in(self.env.state), lambda: _describe(ws, ref, written))
        self._show_text()

    def _show_text(self) -> None:
        self.reader.setText(self.text or _INVITATION)
        self.reader.setAccessibleName(self.text or _INVITATION)
        tone = "text" if self.text else "dim"
        if self.reader.property("tone") != tone:
            restyle(self.reader, tone=tone)


def _describe(ws: Any, ref: BlockRef, text: str) -> Edit:
    from clew.services.arrange import describe

    return describe(ws, ref, text)
