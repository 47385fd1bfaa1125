"""A text edited where it stands on the canvas: a note, a frame's name, a description."""

from collections.abc import Callable

from PySide6.QtCore import QRectF, Qt
from PySide6.QtGui import QFocusEvent, QKeyEvent, QTextOption
from PySide6.QtWidgets import QPlainTextEdit, QWidget

from clew.gui.canvas.camera import Camera
from clew.gui.canvas.style import font
from clew.gui.theme import Theme, css

_SEND = Qt.KeyboardModifier.ControlModifier | Qt.KeyboardModifier.MetaModifier
_ENTER = (Qt.Key.Key_Return, Qt.Key.Key_Enter)


class InPlace(QPlainTextEdit):
    """Leaving it or Ctrl+Enter keeps the text (Enter too, where there is one line), Escape does not.

    It holds on to a rectangle of the scene and follows the view; it never becomes too small to write in.
    """

    def __init__(self, parent: QWidget, back: QWidget) -> None:
        super().__init__(parent)
        self._room = parent
        self._back = back  # who gets the keys when it closes
        self._before = ""
        self._rect = QRectF()
        self._line = False
        self._least = (0.0, 0.0)
        self._done: Callable[[str], object] | None = None
        self.setLineWrapMode(QPlainTextEdit.LineWrapMode.WidgetWidth)
        self.setWordWrapMode(QTextOption.WrapMode.WrapAtWordBoundaryOrAnywhere)
        self.setVerticalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAsNeeded)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setTabChangesFocus(True)
        self.hide()

    @property
    def busy(self) -> bool:
        """Whether somebody is writing."""
        return self._done is not None

    def begin(
        self,
        name: str,
        text: str,
        rect: QRectF,
        camera: Camera,
        done: Callable[[str], object],
        *,
        line: bool = False,
        hint: str = "",
        least: tuple[float, float] = (190.0, 64.0),
    ) -> None:
        """Open over a rectangle of the scene; `done` gets the text, if it is to be kept and is another.

        Args:
            name: what a screen reader says.
            text: what stands there now.
            rect: where, in scene pixels.
            camera: the view.
            done: called with the new text.
            line: one line, which Enter ends.
            hint: what is shown while it is empty.
            least: width and height that it has at least, in view pixels.
        """
        self.leave(keep=True)
        self._rect, self._line, self._least, self._before = rect, line, least, text
        self._done = done
        self.setAccessibleName(name)
        self.setPlaceholderText(hint)
        self.setPlainText(text)
        self.stand(camera)
        self.show()
        self.raise_()
        self.setFocus()
        self.selectAll()

    def stand(self, camera: Camera) -> None:
        """Take the place on screen that the rectangle has now, inside the canvas."""
        if not self.busy:
            return
        px = min(max(12.0 * camera.zoom, 12.0), 20.0)
        self.setFont(font(px, 600 if self._line else 400))
        corner = camera.to_view(self._rect.topLeft())
        width = max(self._rect.width() * camera.zoom, self._least[0])
        height = max(self._rect.height() * camera.zoom, self._least[1])
        room = self._room.rect()
        x = min(max(corner.x(), 4.0), max(room.width() - width - 4, 4.0))
        y = min(max(corner.y(), 4.0), max(room.height() - height - 4, 4.0))
        self.setGeometry(round(x), round(y), round(width), round(height))

    def dress(self, theme: Theme) -> None:
        """Take the colours of a theme."""
        self.setStyleSheet(
            f"QPlainTextEdit {{ background: {css(theme.surface)}; color: {css(theme.text)};"
            f" border: 1.5px solid {css(theme.accent)}; border-radius: 6px; padding: 4px 6px; }}"
        )

    def leave(self, *, keep: bool) -> None:
        """Close; with `keep` the text is handed on if it is another than before."""
        done, self._done = self._done, None
        if done is None:
            return
        text = self.toPlainText().strip()
        if self._line:
            text = " ".join(text.split())
        had_focus = self.hasFocus()
        self.hide()
        if had_focus:
            self._back.setFocus()
        if keep and text != self._before.strip():
            done(text)

    def focusOutEvent(self, event: QFocusEvent) -> None:
        super().focusOutEvent(event)
        if event.reason() not in (Qt.FocusReason.PopupFocusReason, Qt.FocusReason.ActiveWindowFocusReason):
            self.leave(keep=True)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() == Qt.Key.Key_Escape:
            self.leave(keep=False)
        elif event.key() in _ENTER and (self._line or event.modifiers() & _SEND):
            self.leave(keep=True)
        else:
            super().keyPressEvent(event)
        event.accept()  # keys of the canvas have no business here
