"""Painting that several widgets share: cards with a soft shadow, dashed frames, covering pictures."""

from PySide6.QtCore import QRectF, Qt
from PySide6.QtGui import QColor, QImage, QPainter, QPainterPath, QPen

from clew.gui.theme import Theme


def paint_card(
    painter: QPainter, rect: QRectF, theme: Theme, radius: float = 11, *, shadow: bool = True
) -> None:
    """A raised surface with a hairline; the shadow needs 6 px around `rect`."""
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    if shadow:
        painter.setPen(Qt.PenStyle.NoPen)
        strength = 8 if theme.dark else 2
        for spread in range(6, 0, -1):
            painter.setBrush(QColor(0, 0, 0, strength))
            grown = rect.adjusted(-spread * 0.5, 1, spread * 0.5, spread * 0.8 + 1)
            painter.drawRoundedRect(grown, radius + spread * 0.6, radius + spread * 0.6)
    painter.setPen(QPen(theme.line, 1))
    painter.setBrush(theme.surface)
    painter.drawRoundedRect(rect.adjusted(0.5, 0.5, -0.5, -0.5), radius, radius)


def paint_dashed(painter: QPainter, rect: QRectF, theme: Theme, radius: float = 11) -> None:
    """The frame of what is not saved."""
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    pen = QPen(theme.edge, 1)
    pen.setDashPattern([4, 3])
    painter.setPen(pen)
    painter.setBrush(Qt.BrushStyle.NoBrush)
    painter.drawRoundedRect(rect.adjusted(0.5, 0.5, -0.5, -0.5), radius, radius)


def paint_focus(painter: QPainter, rect: QRectF, theme: Theme, radius: float = 7) -> None:
    """The ring around what has the keyboard."""
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    painter.setPen(QPen(theme.project, 2))
    painter.setBrush(Qt.BrushStyle.NoBrush)
    painter.drawRoundedRect(rect.adjusted(1, 1, -1, -1), radius, radius)


def paint_cover(
    painter: QPainter, rect: QRectF, image: QImage | None, theme: Theme, radius: float = 5
) -> None:
    """A picture that fills `rect`, cut where its shape is another; a quiet field until it is there."""
    painter.save()
    painter.setRenderHints(QPainter.RenderHint.Antialiasing | QPainter.RenderHint.SmoothPixmapTransform)
    path = QPainterPath()
    path.addRoundedRect(rect, radius, radius)
    painter.setClipPath(path, Qt.ClipOperation.IntersectClip)
    if image is None or image.isNull():
        painter.fillRect(rect, theme.sunken)
    else:
        scale = max(rect.width() / image.width(), rect.height() / image.height())
        width, height = rect.width() / scale, rect.height() / scale
        source = QRectF((image.width() - width) / 2, (image.height() - height) / 2, width, height)
        painter.drawImage(rect, image, source)
    painter.restore()
