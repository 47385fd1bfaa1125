"""Bars per class over a few versions, painted."""

from PySide6.QtCore import QEvent, QPointF, QRectF, QSize, Qt
from PySide6.QtGui import QColor, QHelpEvent, QPainter, QPaintEvent
from PySide6.QtWidgets import QSizePolicy, QToolTip, QWidget

from clew.gui.fonts import ui_font
from clew.gui.state import State
from clew.gui.theme import mix

Series = tuple[str, dict[str, int]]  # ("version 3", {"copper": 131})


class BarChart(QWidget):
    """Groups of bars: one group a class, one bar a series, the newest in full colour."""

    def __init__(self, state: State, name: str, height: int = 170) -> None:
        super().__init__()
        self._state, self._name = state, name
        self._series: tuple[Series, ...] = ()
        self._classes: tuple[str, ...] = ()
        self._more = 0
        self.setFixedHeight(height)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        self.setAccessibleName(name)
        state.theme_changed.connect(lambda _theme: self.update())

    def set_series(self, series: tuple[Series, ...], most: int = 8) -> None:
        """Show these, oldest first; the `most` classes with the most objects in the newest."""
        self._series = series
        totals: dict[str, int] = {}
        for _, counts in series:
            for cls, number in counts.items():
                totals[cls] = max(totals.get(cls, 0), number)
        ranked = sorted(totals, key=lambda cls: -totals[cls])
        self._classes = tuple(ranked[:most])
        self._more = len(ranked) - len(self._classes)
        spoken = "; ".join(
            f"{label}: " + ", ".join(f"{c} {n}" for c, n in counts.items()) for label, counts in series
        )
        self.setAccessibleName(f"{self._name}. {spoken}"[:2000])
        self.update()

    def sizeHint(self) -> QSize:
        return QSize(420, self.height())

    def paintEvent(self, _event: QPaintEvent) -> None:
        theme = self._state.theme
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setFont(ui_font(11))
        top = max((counts.get(c, 0) for _, counts in self._series for c in self._classes), default=0) or 1
        for rect, value, place, _ in self._bars(top):
            painter.setPen(Qt.PenStyle.NoPen)
            painter.setBrush(self._colour(place))
            if value:
                painter.drawRoundedRect(rect, 2.5, 2.5)
        painter.setPen(theme.dim)
        for index, cls in enumerate(self._classes):
            cell = QRectF(index * self._step(), self.height() - 22, self._step() - 4, 20)
            text = painter.fontMetrics().elidedText(cls, Qt.TextElideMode.ElideRight, int(cell.width()))
            painter.drawText(cell, int(Qt.AlignmentFlag.AlignHCenter | Qt.AlignmentFlag.AlignVCenter), text)

    def event(self, event: QEvent) -> bool:
        if isinstance(event, QHelpEvent) and event.type() == QEvent.Type.ToolTip:
            tip = self._tip(QPointF(event.pos()))
            QToolTip.showText(event.globalPos(), tip, self)
            return True
        return super().event(event)

    def _tip(self, at: QPointF) -> str:
        index = int(at.x() // max(1.0, self._step()))
        if not 0 <= index < len(self._classes):
            return ""
        cls = self._classes[index]
        return "\n".join([cls, *(f"{name}: {counts.get(cls, 0):,}" for name, counts in self._series)])

    def _step(self) -> float:
        return min(118.0, self.width() / max(1, len(self._classes)))

    def _bars(self, top: int) -> list[tuple[QRectF, int, int, str]]:
        step, number = self._step(), max(1, len(self._series))
        gap = 4.0 if number <= 4 else 1.0
        width = min(26.0, max(2.0, (step - 14 - gap * (number - 1)) / number))
        whole = number * width + gap * (number - 1)
        room = self.height() - 30
        bars = []
        for index, cls in enumerate(self._classes):
            left = index * step + (step - 4 - whole) / 2
            for place, (_, counts) in enumerate(self._series):
                value = counts.get(cls, 0)
                height = max(2.0, value / top * room) if value else 0.0
                bars.append(
                    (
                        QRectF(left + place * (width + gap), room - height + 4, width, height),
                        value,
                        place,
                        cls,
                    )
                )
        return bars

    def _colour(self, place: int) -> QColor:
        theme, number = self._state.theme, len(self._series)
        if place == number - 1:
            return theme.project
        if place == 0 and number > 2:
            return mix(theme.file, theme.bg, 0.38)
        return mix(theme.project, theme.bg, 0.35 + 0.35 * place / max(1, number - 1))
