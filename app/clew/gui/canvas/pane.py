"""What is being drawn: a window of the scene at a scale, and how scene and device pixels go together."""

from dataclasses import dataclass

import numpy as np
from PySide6.QtCore import QPointF, QRectF

from clew.gui.canvas.scene import Floats


@dataclass(frozen=True)
class Pane:
    """A window whose top left corner lies at the origin of an untransformed painter.

    Attributes:
        scale: device pixels per scene pixel.
        window: the part of the scene.
        ratio: device pixels per logical pixel.
        vector: draw shapes and text for a file, not cached pictures for a screen.
    """

    scale: float
    window: QRectF
    ratio: float = 1.0
    vector: bool = False

    @property
    def zoom(self) -> float:
        """Logical pixels per scene pixel: decides how much detail is drawn."""
        return self.scale / self.ratio

    @property
    def area(self) -> QRectF:
        """The whole pane in device pixels."""
        return QRectF(0, 0, self.window.width() * self.scale, self.window.height() * self.scale)

    @property
    def edges(self) -> tuple[float, float, float, float]:
        """Left, top, right, bottom of the window in scene pixels."""
        w = self.window
        return w.left(), w.top(), w.right(), w.bottom()

    def around(self, margin: float) -> tuple[float, float, float, float]:
        """The edges, further out by some scene pixels."""
        left, top, right, bottom = self.edges
        return left - margin, top - margin, right + margin, bottom + margin

    @property
    def origin(self) -> Floats:
        """Where the window begins, in device pixels from the scene's origin."""
        return np.array([self.window.left() * self.scale, self.window.top() * self.scale])

    def spots(self, points: Floats) -> Floats:
        """Scene points (k, 2) in device pixels; whole ones on a screen, so that neighbouring tiles agree."""
        if self.vector:
            return points * self.scale - self.origin
        result: Floats = np.round(points * self.scale) - np.round(self.origin)
        return result

    def point(self, point: QPointF) -> QPointF:
        """A scene point in device pixels."""
        return QPointF(
            (point.x() - self.window.left()) * self.scale, (point.y() - self.window.top()) * self.scale
        )

    def outline(self, left: float, top: float, right: float, bottom: float) -> QRectF:
        """A scene rectangle in device pixels, on half pixels so that a hairline around it is sharp."""
        (x1, y1), (x2, y2) = self.spots(np.array([[left, top], [right, bottom]])).tolist()
        return QRectF(x1 + 0.5, y1 + 0.5, x2 - x1 - 1, y2 - y1 - 1)
