"""One picture large, with its boxes; arrow keys go to the next."""

from PySide6.QtCore import QRectF, Qt
from PySide6.QtGui import QKeyEvent, QPainter, QPaintEvent
from PySide6.QtWidgets import QVBoxLayout, QWidget

from clew.base.words import count
from clew.gui.context import Context
from clew.gui.widgets.basic import Elided, IconButton, button, label, row
from clew.gui.widgets.front import FrontDialog
from clew.gui.widgets.paint import paint_cover
from clew.gui.widgets.thumbs import thumbnails
from clew.model.annotations import Item
from clew.model.view import Preview


class _View(QWidget):
    def __init__(self, context: Context) -> None:
        super().__init__()
        self._state = context.state
        self._thumbs = thumbnails(context.ws, context.ops)
        self.preview: Preview | None = None
        self.shape = (4, 3)
        self._thumbs.ready.connect(self.update)
        self.setMinimumSize(640, 440)
        self.setAccessibleName("Picture")

    def paintEvent(self, _event: QPaintEvent) -> None:
        painter = QPainter(self)
        width, height = self.shape
        scale = min(self.width() / width, self.height() / height)
        place = QRectF(0, 0, width * scale, height * scale)
        place.moveCenter(QRectF(self.rect()).center())
        image = None
        if self.preview is not None:
            ratio = self.devicePixelRatioF()
            image = self._thumbs.get(
                self.preview, round(place.width() * ratio), round(place.height() * ratio)
            )
        paint_cover(painter, place, image, self._state.theme, 8)


class PictureDialog(FrontDialog):
    """Walks through the items that the grid showed."""

    def __init__(self, context: Context, project_id: int, items: tuple[Item, ...], start: int) -> None:
        super().__init__(context.parent.window())
        self._project_id, self._items, self._at = project_id, items, start
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        self.setWindowModality(Qt.WindowModality.WindowModal)
        self.resize(1000, 760)
        self._view = _View(context)
        self._name = Elided("", 13, 600, middle=True)
        self._objects = label("", 12, tone="dim")
        before = IconButton(context.state, "chevron-left", "Previous picture", lambda: self._step(-1))
        after = IconButton(context.state, "chevron-right", "Next picture", lambda: self._step(1))
        layout = QVBoxLayout(self)
        layout.setContentsMargins(18, 14, 18, 14)
        layout.setSpacing(10)
        layout.addLayout(row(before, after, self._name, self._objects, None, button("Close", self.accept)))
        layout.addWidget(self._view, 1)
        self._step(0)
        self.setFocus()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        steps = {Qt.Key.Key_Left: -1, Qt.Key.Key_Right: 1, Qt.Key.Key_Up: -1, Qt.Key.Key_Down: 1}
        if event.key() in steps:
            self._step(steps[Qt.Key(event.key())])
        else:
            super().keyPressEvent(event)

    def _step(self, by: int) -> None:
        self._at = max(0, min(len(self._items) - 1, self._at + by))
        item = self._items[self._at]
        annotation = item.annotation
        self.setWindowTitle(item.path)
        self._name.setText(item.path)
        self._name.updateGeometry()
        parts = [f"{self._at + 1:,} of {len(self._items):,}"]
        if annotation is not None:
            parts.append(count(len(annotation.things), "object"))
            names = sorted({thing.cls for thing in annotation.things})
            if names:
                parts.append(", ".join(names[:6]))
        self._objects.setText("   ".join(parts))
        known = annotation is not None and annotation.width and annotation.height
        self._view.shape = (annotation.width, annotation.height) if known and annotation else (4, 3)
        self._view.preview = Preview("", item.path, self._project_id)
        self._view.update()
