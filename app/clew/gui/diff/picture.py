"""A picture with boxes drawn over it, scaled to the room there is."""

from dataclasses import dataclass

from PySide6.QtCore import QPointF, QRectF, QSize, Qt, Signal
from PySide6.QtGui import (
    QColor,
    QFontMetricsF,
    QImage,
    QMouseEvent,
    QPainter,
    QPainterPath,
    QPaintEvent,
    QPen,
)
from PySide6.QtWidgets import QSizePolicy, QWidget

from clew.gui.fonts import ui_font
from clew.gui.theme import Theme, load_theme
from clew.model.annotations import Box

RADIUS = 9.0
_INK = {"same": "#FFFFFF", "old": load_theme("dark").accent.name(), "new": "#34E08A"}


@dataclass(frozen=True)
class Mark:
    """One box in pixels of the picture; `role` is "same", "old" or "new", `key` is what a click tells."""

    box: Box
    role: str = "same"
    dashed: bool = False
    words: str = ""
    key: int = -1


class PictureView(QWidget):
    """Shows one picture with its marks, or a sentence where there is none."""

    picked = Signal(int)  # key of a mark

    def __init__(self, theme: Theme, name: str) -> None:
        super().__init__()
        self.theme = theme
        self.image: QImage | None = None
        self.marks: tuple[Mark, ...] = ()
        self.chosen = -1
        self.sentence = ""
        self.tallest = 620
        self.shape = (4, 3)  # kept while the next picture is loading, so that nothing jumps
        self.setAccessibleName(name)
        policy = QSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Preferred)
        policy.setHeightForWidth(True)
        self.setSizePolicy(policy)

    def set_theme(self, theme: Theme) -> None:
        self.theme = theme
        self.update()

    def set_picture(self, image: QImage | None, marks: tuple[Mark, ...] = (), sentence: str = "") -> None:
        """Show a picture; with None, the sentence."""
        self.image = None if image is None or image.isNull() else image
        self.marks, self.sentence, self.chosen = marks, sentence, -1
        if self.image is not None and (self.image.width(), self.image.height()) != self.shape:
            self.shape = (self.image.width(), self.image.height())
            self.updateGeometry()
        words = [m.words for m in marks if m.words]
        self.setAccessibleDescription(sentence if self.image is None else ", ".join(words) or "No boxes")
        self.update()

    def choose(self, key: int) -> None:
        """Make the marks with this key stand out; -1 for none."""
        self.chosen = key
        self.update()

    def hasHeightForWidth(self) -> bool:
        return True

    def heightForWidth(self, width: int) -> int:
        return max(80, min(self.tallest, round(width * self.shape[1] / self.shape[0])))

    def sizeHint(self) -> QSize:
        return QSize(360, self.heightForWidth(360))

    def minimumSizeHint(self) -> QSize:
        return QSize(160, 100)

    def target(self) -> QRectF:
        """Where the picture lies in the widget."""
        wide, tall = self.shape
        scale = min(self.width() / wide, self.height() / tall)
        return QRectF(0, 0, wide * scale, tall * scale)

    def mark_rect(self, mark: Mark) -> QRectF:
        """A mark in widget pixels."""
        target = self.target()
        scale = target.width() / self.shape[0]
        x, y, width, height = mark.box
        return QRectF(target.left() + x * scale, target.top() + y * scale, width * scale, height * scale)

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:
        hits = [m for m in self.marks if self.mark_rect(m).contains(QPointF(event.position()))]
        if hits and event.button() == Qt.MouseButton.LeftButton:
            self.picked.emit(min(hits, key=lambda m: m.box[2] * m.box[3]).key)

    def paintEvent(self, _event: QPaintEvent) -> None:
        painter = QPainter(self)
        painter.setRenderHints(QPainter.RenderHint.Antialiasing | QPainter.RenderHint.SmoothPixmapTransform)
        target = self.target()
        path = QPainterPath()
        path.addRoundedRect(target, RADIUS, RADIUS)
        painter.setClipPath(path)
        if self.image is None:
            painter.fillRect(target, self.theme.sunken)
            painter.setPen(self.theme.dim)
            painter.setFont(ui_font(13))
            flags = int(Qt.AlignmentFlag.AlignCenter | Qt.TextFlag.TextWordWrap)
            painter.drawText(target.adjusted(16, 8, -16, -8), flags, self.sentence)
            return
        painter.drawImage(target, self.image)
        for mark in self.marks:
            self._draw(painter, mark)

    def _draw(self, painter: QPainter, mark: Mark) -> None:
        rect = self.mark_rect(mark)
        chosen = mark.key == self.chosen and self.chosen >= 0
        width = 3.0 if chosen else 2.0
        painter.setBrush(Qt.BrushStyle.NoBrush)
        if not mark.dashed:  # a dashed box may lie on a plain one, which shows between its dashes
            painter.setPen(QPen(QColor(0, 0, 0, 90), width + 1.5))
            painter.drawRoundedRect(rect, 2, 2)
        pen = QPen(QColor(_INK[mark.role]), width)
        if mark.dashed:
            pen.setDashPattern([3.0, 2.0])
        painter.setPen(pen)
        painter.drawRoundedRect(rect, 2, 2)
        if chosen and mark.words:
            self._tag(painter, rect, mark)

    def _tag(self, painter: QPainter, rect: QRectF, mark: Mark) -> None:
        font = ui_font(11, 500)
        wide = QFontMetricsF(font).horizontalAdvance(mark.words) + 10
        top = rect.top() - 20 if rect.top() >= 20 else rect.bottom() + 3
        left = max(0.0, min(rect.left(), self.width() - wide))
        tag = QRectF(left, top, wide, 17)
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(QColor(0, 0, 0, 190))
        painter.drawRoundedRect(tag, 4, 4)
        painter.setPen(QColor(_INK[mark.role]))
        painter.setFont(font)
        painter.drawText(tag, int(Qt.AlignmentFlag.AlignCenter), mark.words)
