"""A precision and recall curve in a few lines of paint, for the inspector; needs no chart library."""

from PySide6.QtCore import QPointF, QRectF, QSize, Qt
from PySide6.QtGui import QPainter, QPaintEvent, QPen, QPolygonF
from PySide6.QtWidgets import QSizePolicy, QWidget

from clew.gui.charts.series import resample
from clew.gui.fonts import ui_font
from clew.gui.state import State
from clew.model.evaluation import Curve


class MiniCurve(QWidget):
    """The curve in its unit square."""

    def __init__(self, state: State) -> None:
        super().__init__()
        self._state = state
        self.curve = Curve((), ())
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        self.setAccessibleName("Precision over recall at IoU 0.50")
        state.theme_changed.connect(lambda _theme: self.update())

    def sizeHint(self) -> QSize:
        return QSize(240, 124)

    def set_curve(self, curve: Curve) -> None:
        """Show this curve; an empty one hides the widget."""
        self.curve = resample(curve, 201)
        self.setVisible(bool(curve.x))
        self.update()

    def paintEvent(self, _event: QPaintEvent) -> None:
        theme = self._state.theme
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        area = QRectF(28, 6, self.width() - 32, self.height() - 26)
        painter.setFont(ui_font(11))
        for share in (0.0, 0.5, 1.0):
            y = area.bottom() - share * area.height()
            painter.setPen(QPen(theme.line, 1))
            painter.drawLine(QPointF(area.left(), y), QPointF(area.right(), y))
            painter.setPen(theme.dim)
            middle = int(Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter)
            painter.drawText(QRectF(0, y - 8, 23, 16), middle, f"{share:.1f}")
        right = int(Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignTop)
        painter.drawText(QRectF(area.left(), area.bottom() + 4, area.width(), 16), right, "recall")
        points = [
            QPointF(area.left() + x * area.width(), area.bottom() - y * area.height())
            for x, y in zip(self.curve.x, self.curve.y)
        ]
        painter.setPen(QPen(theme.report, 2))
        painter.drawPolyline(QPolygonF(points))
