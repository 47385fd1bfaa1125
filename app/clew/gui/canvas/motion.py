"""Blocks that glide from place to place, or fade in; nothing does when motion is to be reduced."""

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
from PySide6.QtCore import QEasingCurve, QObject, QVariantAnimation
from PySide6.QtWidgets import QWidget

from clew.gui.canvas.scene import Floats, Ints
from clew.gui.motion import reduced_motion

DURATION = 200  # milliseconds
_MOST = 3000  # blocks; more would not move smoothly


@dataclass(frozen=True)
class Glide:
    """One movement: rows, and where from and to, float64 (k, 2); `fading` rows appear where they stand."""

    rows: Ints
    start: Floats
    end: Floats
    fading: Ints

    def at(self, share: float) -> Floats:
        result: Floats = self.start + (self.end - self.start) * share
        return result


class Motion(QObject):
    """Plays one glide at a time."""

    def __init__(
        self, parent: QWidget, step: Callable[[Glide, float], None], done: Callable[[Glide], None]
    ) -> None:
        super().__init__(parent)
        self._widget, self._step, self._done = parent, step, done
        self.reduced: bool | None = None  # None follows the desktop
        self._glide: Glide | None = None
        self._clock = QVariantAnimation(self)
        self._clock.setStartValue(0.0)
        self._clock.setEndValue(1.0)
        self._clock.setDuration(DURATION)
        self._clock.setEasingCurve(QEasingCurve.Type.OutCubic)
        self._clock.valueChanged.connect(self._tick)
        self._clock.finished.connect(self.finish)

    @property
    def allowed(self) -> bool:
        still = self.reduced if self.reduced is not None else reduced_motion(self._widget)
        return not still and self._widget.isVisible()

    @property
    def glide(self) -> Glide | None:
        return self._glide

    def play(self, glide: Glide) -> None:
        """Start a movement, or jump to its end where motion is reduced; one under way ends at once."""
        self.finish()
        self._glide = glide
        if not self.allowed or len(glide.rows) > _MOST:
            self.finish()
            return
        self._step(glide, 0.0)
        self._clock.start()

    def finish(self) -> None:
        """Go to the end of the movement under way, if there is one."""
        glide, self._glide = self._glide, None
        self._clock.stop()
        if glide is not None:
            self._step(glide, 1.0)
            self._done(glide)

    def _tick(self, share: object) -> None:
        if self._glide is not None and isinstance(share, float):
            self._step(self._glide, share)


NOBODY = np.zeros(0, np.int64)
