"""The bar under the canvas that goes through time: play, speed, a slider with the date under its thumb."""

import numpy as np
from PySide6.QtCore import QPointF, QRectF, QSize, Qt, Signal
from PySide6.QtGui import QKeyEvent, QMouseEvent, QPainter, QPaintEvent, QPen
from PySide6.QtWidgets import QFrame, QSizePolicy, QSlider

from clew.base.clock import friendly
from clew.gui.canvas.moments import Moments
from clew.gui.canvas.scene import Ints
from clew.gui.fonts import ui_font
from clew.gui.icons import icon
from clew.gui.state import State
from clew.gui.theme import mix
from clew.gui.widgets.basic import IconButton, button, row

SPEEDS = (0.5, 1.0, 2.0, 4.0)
_EDGE = 62.0  # room at both ends of the line, so that the date under the thumb is never cut
_LINE_Y = 15.0


class TimeTrack(QSlider):
    """Each step is a moment at which something was made; page keys go from mark to mark."""

    def __init__(self, state: State) -> None:
        super().__init__(Qt.Orientation.Horizontal)
        self._state = state
        self._marks = np.zeros(0, np.int64)
        self.words = ""
        self.setRange(1, 1)
        self.setAccessibleName("Time")
        self.setFont(ui_font(11))
        self.setFixedHeight(42)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        state.theme_changed.connect(lambda _theme: self.update())

    def set_moments(self, steps: int, marks: Ints) -> None:
        """Other steps, with marks at some of them."""
        self._marks = marks
        self.setRange(1, max(steps, 1))
        self.update()

    def say(self, words: str) -> None:
        """The date under the thumb."""
        self.words = words
        self.setAccessibleDescription(words)
        self.update()

    def sizeHint(self) -> QSize:
        return QSize(320, 42)

    def _x(self, step: float) -> float:
        return _EDGE + (step - 1) * self._wide

    @property
    def _wide(self) -> float:
        """Pixels of one step."""
        return (self.width() - 2 * _EDGE) / max(self.maximum() - 1, 1)

    def _go(self, x: float) -> None:
        share = (x - _EDGE) / max(self.width() - 2 * _EDGE, 1.0)
        self.setValue(1 + round(share * (self.maximum() - 1)))

    def mousePressEvent(self, event: QMouseEvent) -> None:
        if event.button() == Qt.MouseButton.LeftButton:
            self.setSliderDown(True)
            self._go(event.position().x())

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        if self.isSliderDown():
            self._go(event.position().x())

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:  # noqa: ARG002 - Qt's name
        self.setSliderDown(False)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        ways = {Qt.Key.Key_PageUp: 1, Qt.Key.Key_PageDown: -1}
        if event.key() not in ways:
            super().keyPressEvent(event)
        elif ways[Qt.Key(event.key())] > 0:
            ahead = self._marks[self._marks > self.value()]
            self.setValue(int(ahead[0]) if len(ahead) else self.maximum())
        else:
            back = self._marks[self._marks < self.value()]
            self.setValue(int(back[-1]) if len(back) else self.minimum())

    def paintEvent(self, event: QPaintEvent) -> None:  # noqa: ARG002 - Qt's name
        theme, here = self._state.theme, self._x(self.value())
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        for end, colour, width in ((self.width() - _EDGE, theme.line, 3.0), (here, theme.dim, 3.0)):
            painter.setPen(QPen(colour, width, Qt.PenStyle.SolidLine, Qt.PenCapStyle.RoundCap))
            painter.drawLine(QPointF(_EDGE, _LINE_Y), QPointF(end, _LINE_Y))
        painter.setPen(QPen(mix(theme.version, theme.bg, 0.7), 1.0))
        spots = np.unique(np.round(_EDGE + (self._marks - 1) * self._wide))
        for x in spots.tolist():
            painter.drawLine(QPointF(x + 0.5, _LINE_Y - 9), QPointF(x + 0.5, _LINE_Y - 4))
        painter.setPen(QPen(theme.project if self.hasFocus() else theme.dim, 2.0 if self.hasFocus() else 1.5))
        painter.setBrush(theme.surface)
        painter.drawEllipse(QPointF(here, _LINE_Y), 6.5, 6.5)
        painter.setPen(theme.text)
        box = QRectF(here - 150, _LINE_Y + 9, 300, 16)
        box.moveLeft(min(max(box.left(), -150 + _EDGE), self.width() - _EDGE - 150))
        painter.drawText(box, int(Qt.AlignmentFlag.AlignCenter), self.words)
        painter.end()


class TimeBar(QFrame):
    """Tells what the hand wants; `stepped` carries a step, or the last one for "now"."""

    stepped = Signal(int)
    play_pressed = Signal()
    now_pressed = Signal()
    close_pressed = Signal()
    escape_pressed = Signal()

    def __init__(self, state: State) -> None:
        super().__init__()
        self._state = state
        self._playing = False
        self.setProperty("look", "timebar")
        self.setAccessibleName("Time slider")
        self.setFixedHeight(46)
        self.play = IconButton(state, "play", "Play", self.play_pressed.emit)
        self.speed = button("1×", self._faster, "quiet", name="Speed: 1×", tip="How fast time goes by")
        self.track = TimeTrack(state)
        self.now = button("Now", self.now_pressed.emit, tip="Back to the present (Esc)")
        self.close_button = IconButton(state, "x", "Close the time slider", self.close_pressed.emit)
        self.setLayout(
            row(self.play, self.speed, self.track, self.now, self.close_button, margins=(12, 0, 10, 0))
        )
        self.track.valueChanged.connect(self.stepped)
        state.theme_changed.connect(lambda _theme: self.show_playing(playing=self._playing))
        self.hide()

    @property
    def factor(self) -> float:
        """How many times faster than usual time goes by."""
        return float(self.speed.text().rstrip("×").replace("½", "0.5"))

    def set_moments(self, found: Moments, step: int) -> None:
        """Other steps; the thumb goes to one of them without a word."""
        self.track.blockSignals(True)
        self.track.set_moments(len(found), found.marks)
        self.track.setValue(step)
        self.track.blockSignals(False)
        self.show_step(found, step)

    def show_step(self, found: Moments, step: int) -> None:
        """Thumb and date at a step."""
        now = step >= len(found)
        if self.track.value() != step:
            self.track.blockSignals(True)
            self.track.setValue(step)
            self.track.blockSignals(False)
        self.track.say("now" if now else friendly(found.at(step)))
        self.now.setEnabled(not now)
        self.play.setEnabled(len(found) > 1)

    def show_playing(self, *, playing: bool) -> None:
        """Whether the button pauses."""
        self._playing = playing
        words = "Pause" if playing else "Play"
        self.play.setIcon(icon("pause" if playing else "play", self._state.theme.dim, 16))
        self.play.setAccessibleName(words)
        self.play.setToolTip(words)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """What neither slider nor buttons take."""
        if event.key() == Qt.Key.Key_Escape:
            self.escape_pressed.emit()
        elif event.key() == Qt.Key.Key_Space:
            self.play_pressed.emit()
        else:
            super().keyPressEvent(event)

    def _faster(self) -> None:
        following = SPEEDS[(SPEEDS.index(self.factor) + 1) % len(SPEEDS)]
        words = "½×" if following == 0.5 else f"{following:g}×"
        self.speed.setText(words)
        self.speed.setAccessibleName(f"Speed: {words}")
