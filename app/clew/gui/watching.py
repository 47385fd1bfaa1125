"""An open window watches the folders of its projects, so that changes are known before somebody asks."""

from typing import TYPE_CHECKING, Any

from PySide6.QtCore import QObject, QTimer

from clew.base.progress import Progress
from clew.gui.ops import Ops

if TYPE_CHECKING:
    from clew.services.workspace import Workspace

FIRST_MS = 1500
"""After the window opened: the page in front comes first."""
AGAIN_MS = 9 * 60_000
"""A watch is trusted for ten minutes; before they are over the folders are read again."""


class Watching(QObject):
    """Begins by itself; `stop` before the workspace is closed."""

    def __init__(self, ws: "Workspace", ops: Ops, parent: QObject) -> None:
        super().__init__(parent)
        self._ws, self._ops = ws, ops
        self._progress: Progress | None = None
        self._again = False
        self._timer = QTimer(self)
        self._timer.setSingleShot(True)
        self._timer.timeout.connect(self.look)
        self._timer.start(FIRST_MS)

    def look(self) -> None:
        """Watch what is not watched yet and read what is due, off the UI thread; one look at a time."""
        if self._progress is not None:
            self._again = True
            return
        if self._ops.closed:
            return
        progress = self._progress = Progress()
        self._ops.query(lambda: _look(self._ws, progress), self._looked, self._looked)

    def stop(self) -> None:
        """No more looks; one that runs ends soon."""
        self._timer.stop()
        if self._progress is not None:
            self._progress.cancel()

    def _looked(self, _result: Any) -> None:
        """Whatever came of it: a check that finds no watch reads the folder itself."""
        self._progress = None
        self._timer.start(0 if self._again else AGAIN_MS)
        self._again = False


def _look(ws: "Workspace", progress: Progress) -> None:
    from clew.services.watching import watch_projects

    watch_projects(ws, progress)
