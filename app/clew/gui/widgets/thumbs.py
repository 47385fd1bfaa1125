"""Thumbnails for painting: read off the UI thread, kept while there is room."""

from collections import OrderedDict

from PySide6.QtCore import QObject, QRectF, QSize, Qt, Signal
from PySide6.QtGui import QImage, QMouseEvent, QPainter, QPaintEvent
from PySide6.QtWidgets import QSizePolicy, QWidget

from clew.gui.ops import Ops
from clew.gui.state import State
from clew.gui.widgets.paint import paint_cover, paint_focus
from clew.model.view import Preview
from clew.services.thumbnails import thumbnail
from clew.services.workspace import Workspace

_Key = tuple[Preview, int, int, bool]
_MOST_BYTES = 96_000_000
_AT_ONCE = 2


class Thumbnails(QObject):
    """A cache of small pictures; `ready` says that one more has come, so paint again."""

    ready = Signal()

    def __init__(self, ws: Workspace, ops: Ops) -> None:
        super().__init__(ops)
        self._ws, self._ops = ws, ops
        self._kept: OrderedDict[_Key, QImage] = OrderedDict()
        self._bytes = 0
        self._wanted: OrderedDict[_Key, None] = OrderedDict()
        self._asked: set[_Key] = set()

    def get(self, preview: Preview, width: int, height: int, *, boxes: bool = True) -> QImage | None:
        """The picture if it is there; otherwise None, and it is fetched, what was asked last first."""
        key = (preview, width, height, boxes)
        image = self._kept.get(key)
        if image is not None:
            self._kept.move_to_end(key)
            return None if image.isNull() else image
        if key not in self._asked:
            self._wanted[key] = None
            self._wanted.move_to_end(key)
            while len(self._wanted) > 200:  # scrolled past long ago
                self._wanted.popitem(last=False)
            self._pump()
        return None

    @property
    def idle(self) -> bool:
        return not self._wanted and not self._asked

    def forget_working(self, project_id: int | None = None) -> None:
        """Drop pictures of working folders, which may be other ones now."""
        for key in [k for k in self._kept if not k[0].tree and project_id in (None, k[0].project_id)]:
            self._bytes -= self._kept.pop(key).sizeInBytes()

    def _pump(self) -> None:
        while self._wanted and len(self._asked) < _AT_ONCE:
            key, _ = self._wanted.popitem(last=True)
            self._asked.add(key)
            self._fetch(key)

    def _fetch(self, key: _Key) -> None:
        self._ops.query(
            lambda: _load(self._ws, key),
            lambda image: self._keep(key, image),
            lambda _error: self._keep(key, QImage()),  # a picture that cannot be read stays a quiet field
        )

    def _keep(self, key: _Key, image: QImage) -> None:
        self._asked.discard(key)
        self._kept[key] = image
        self._bytes += image.sizeInBytes()
        while self._bytes > _MOST_BYTES and len(self._kept) > 1:
            _, old = self._kept.popitem(last=False)
            self._bytes -= old.sizeInBytes()
        self._pump()
        self.ready.emit()


def _load(ws: Workspace, key: _Key) -> QImage:
    preview, width, height, boxes = key
    data = thumbnail(ws, preview, width, height, boxes=boxes)
    return QImage() if data is None else QImage.fromData(data)


def thumbnails(ws: Workspace, ops: Ops) -> Thumbnails:
    """The one cache of thumbnails of a window."""
    found = ops.shared.get("thumbnails")
    if found is None:
        found = ops.shared["thumbnails"] = Thumbnails(ws, ops)
    return found


class ThumbStrip(QWidget):
    """Some pictures in rows of equal cells; click or Enter opens one, if `picked` is connected."""

    picked = Signal(object)  # Preview

    def __init__(
        self, ws: Workspace, ops: Ops, state: State, name: str, *, across: int = 4, height: int = 88
    ) -> None:
        super().__init__()
        self._thumbs = thumbnails(ws, ops)
        self._state = state
        self._across, self._height = across, height
        self._previews: tuple[Preview, ...] = ()
        self.setAccessibleName(name)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        self._thumbs.ready.connect(self.update)
        state.theme_changed.connect(lambda _theme: self.update())

    def set_previews(self, previews: tuple[Preview, ...]) -> None:
        self._previews = previews
        rows = -(-len(previews) // self._across)
        self.setFixedHeight(max(0, rows * (self._height + 8) - 8))
        self.setVisible(bool(previews))
        self.update()

    def sizeHint(self) -> QSize:
        return QSize(self._across * 110, self.height())

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:
        for index, preview in enumerate(self._previews):
            if event.button() == Qt.MouseButton.LeftButton and self._cell(index).contains(event.position()):
                self.picked.emit(preview)

    def paintEvent(self, _event: QPaintEvent) -> None:
        painter = QPainter(self)
        ratio = self.devicePixelRatioF()
        for index, preview in enumerate(self._previews):
            cell = self._cell(index)
            image = self._thumbs.get(preview, round(cell.width() * ratio), round(cell.height() * ratio))
            paint_cover(painter, cell, image, self._state.theme, 6)
        if self.hasFocus():
            paint_focus(painter, QRectF(self.rect()), self._state.theme)

    def _cell(self, index: int) -> QRectF:
        width = (self.width() - 8 * (self._across - 1)) / self._across
        line, place = divmod(index, self._across)
        return QRectF(place * (width + 8), line * (self._height + 8), width, self._height)
