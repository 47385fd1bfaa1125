"""A scope is found again as it was left: zoom, place and selection, between pages, scopes and sessions."""

from typing import Any

from PySide6.QtCore import QEvent, QObject, QPointF, QTimer

from clew.gui.canvas.camera import Camera
from clew.gui.scope_views import ScopeViews, Seen
from clew.model.refs import BlockRef

_EVERY = 3000  # milliseconds between two looks at whether the view is another
_MOST = 50  # selected blocks that are remembered


class Lookout(QObject):
    """Remembers the view of the page's scope when it is left, and now and then while it is seen."""

    def __init__(self, page: Any) -> None:
        super().__init__(page)
        self.page, self.canvas = page, page.canvas
        self._views = ScopeViews(page.ws.id)
        self._timer = QTimer(self)
        self._timer.setInterval(_EVERY)
        self._timer.timeout.connect(self.keep)
        page.installEventFilter(self)

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        if event.type() == QEvent.Type.Show:
            self._timer.start()
        elif event.type() == QEvent.Type.Hide:  # another page, or the window closes
            self._timer.stop()
            self.keep()
        return super().eventFilter(watched, event)

    def keep(self) -> None:
        """Remember how the scope is looked at."""
        page, canvas = self.page, self.canvas
        if page.view is None or not len(canvas.scene) or not page.state.keeps_views:
            return
        if page.sieve.only is not None:  # only a few blocks are shown just now; all of them come back
            return
        middle = canvas.visible_window().center()
        chosen = tuple(str(ref) for ref in canvas.selection()[-_MOST:])
        seen = Seen(round(canvas.zoom(), 4), round(middle.x()), round(middle.y()), canvas.untouched, chosen)
        self._views.keep(page.scope.key, seen)

    def recall(self, *, choose: bool) -> None:
        """Look at the scope as it was left, and select what was selected; the first time show all of it."""
        seen = self._views.get(self.page.scope.key) if self.page.state.keeps_views else None
        if seen is None or seen.fitted:
            self.canvas.fit()
        else:
            camera = Camera().zoomed(seen.zoom, QPointF())
            size = self.canvas.viewport().size().toSizeF()
            self.canvas.look(camera.centred(QPointF(seen.x, seen.y), size))
        if seen is not None and choose:
            self.canvas.select([ref for text in seen.chosen if (ref := _ref(text)) is not None])


def _ref(text: str) -> BlockRef | None:
    try:
        return BlockRef.parse(text)
    except ValueError:
        return None
