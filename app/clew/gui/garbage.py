"""Python's garbage is collected on the UI thread alone.

Python looks for cycles in whichever thread happens to make an object too many. A closed window is one large
cycle: in a worker its widgets, pictures and model indexes would be torn down beside the thread that paints,
which Qt forbids, and now and then the process dies of it.
"""

import gc
import time

from PySide6.QtCore import QObject, Qt, QTimer
from PySide6.QtGui import QGuiApplication

LOOK_MS = 400
"""Between two looks: what a worker leaves in that time is small."""
_SHARE = 50
"""A look at all objects may take one part in so many of the time."""


class Garbage(QObject):
    """Looks for garbage from a timer, as often as Python would by itself; a child of `parent`."""

    def __init__(self, parent: QObject) -> None:
        super().__init__(parent)
        self._made = self._in_all = (
            0  # objects more than before: since the middle-aged, since all were looked at
        )
        self._all_after = 0.0
        timer = QTimer(self)
        timer.timeout.connect(self.look)
        timer.start(LOOK_MS)

    def look(self) -> None:
        """Collect what Python would have by now; all objects only while nothing is held by the mouse."""
        more = gc.get_count()[0]
        young, middle, old = (max(most, 1) for most in gc.get_threshold())
        if more > young:
            self._made += more
            self._in_all += more
        if self._in_all > young * middle * old and self._free():
            begun = time.monotonic()
            gc.collect()
            now = time.monotonic()
            self._made, self._in_all, self._all_after = 0, 0, now + (now - begun) * _SHARE
        elif self._made > young * middle:
            gc.collect(1)
            self._made = 0
        elif more > young:
            gc.collect(0)

    def _free(self) -> bool:
        held = QGuiApplication.mouseButtons() != Qt.MouseButton.NoButton
        return not held and time.monotonic() >= self._all_after


def collect_here(app: QObject) -> None:
    """From now on garbage is collected on the thread of `app` alone; once for an application."""
    gc.disable()
    if app.findChild(Garbage) is None:
        Garbage(app)
