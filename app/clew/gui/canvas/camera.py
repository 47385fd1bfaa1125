"""Where the eye is: zoom and the scene point in the top left corner of the view."""

from dataclasses import dataclass, replace

from PySide6.QtCore import QPointF, QRectF, QSizeF

LEAST_ZOOM, MOST_ZOOM = 0.02, 3.0


@dataclass(frozen=True)
class Camera:
    """A view of the scene; `zoom` is view pixels per scene pixel."""

    zoom: float = 1.0
    x: float = 0.0
    y: float = 0.0

    def to_scene(self, point: QPointF) -> QPointF:
        return QPointF(self.x + point.x() / self.zoom, self.y + point.y() / self.zoom)

    def to_view(self, point: QPointF) -> QPointF:
        return QPointF((point.x() - self.x) * self.zoom, (point.y() - self.y) * self.zoom)

    def window(self, size: QSizeF) -> QRectF:
        """The part of the scene that a view of this size shows."""
        return QRectF(self.x, self.y, size.width() / self.zoom, size.height() / self.zoom)

    def panned(self, dx: float, dy: float) -> "Camera":
        """Move the scene by view pixels."""
        return replace(self, x=self.x - dx / self.zoom, y=self.y - dy / self.zoom)

    def zoomed(self, zoom: float, anchor: QPointF) -> "Camera":
        """Zoom so that the scene point under `anchor` (view pixels) stays there."""
        zoom = min(max(zoom, LEAST_ZOOM), MOST_ZOOM)
        fixed = self.to_scene(anchor)
        return Camera(zoom, fixed.x() - anchor.x() / zoom, fixed.y() - anchor.y() / zoom)

    def centred(self, point: QPointF, size: QSizeF) -> "Camera":
        return replace(
            self, x=point.x() - size.width() / self.zoom / 2, y=point.y() - size.height() / self.zoom / 2
        )

    @staticmethod
    def fitting(rect: QRectF, size: QSizeF, *, margin: float = 40.0, most: float = 1.0) -> "Camera":
        """Show the whole of `rect` with a margin in view pixels, no larger than `most`."""
        room_x, room_y = max(size.width() - 2 * margin, 40.0), max(size.height() - 2 * margin, 40.0)
        zoom = min(room_x / max(rect.width(), 1.0), room_y / max(rect.height(), 1.0), most)
        return Camera(max(zoom, LEAST_ZOOM)).centred(rect.center(), size)
