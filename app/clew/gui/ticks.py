"""Tick boxes and radio buttons: what Qt draws by itself has an edge that nobody sees on a dark ground."""

from PySide6.QtCore import QPointF, QRectF, Qt
from PySide6.QtGui import QPainter, QPalette, QPen
from PySide6.QtWidgets import QProxyStyle, QStyle, QStyleOption, QWidget

from clew.gui.theme import mix

_TICK, _RADIO = QStyle.PrimitiveElement.PE_IndicatorCheckBox, QStyle.PrimitiveElement.PE_IndicatorRadioButton
_HOOK, _DASH = ((0.26, 0.52), (0.43, 0.69), (0.75, 0.32)), ((0.3, 0.5), (0.7, 0.5))  # shares of the side
_Flag, _Role = QStyle.StateFlag, QPalette.ColorRole


class Ticks(QProxyStyle):
    """Fusion with edges and marks in the colours of the palette, sharp at every scale."""

    def __init__(self) -> None:
        super().__init__("Fusion")

    def drawPrimitive(
        self,
        element: QStyle.PrimitiveElement,
        option: QStyleOption,
        painter: QPainter,
        widget: QWidget | None = None,
    ) -> None:
        if element in (_TICK, _RADIO):
            _draw(painter, option, round_=element is _RADIO)
        else:
            super().drawPrimitive(element, option, painter, widget)


def _draw(painter: QPainter, option: QStyleOption, *, round_: bool) -> None:
    """The box or ring, and what is in it: a tick, a dot, or a dash for what is partly on."""
    state, palette = option.state, option.palette
    text, ground = palette.color(_Role.WindowText), palette.color(_Role.Base)
    enabled = bool(state & _Flag.State_Enabled)
    side = min(option.rect.width(), option.rect.height(), 14)
    box = QRectF(option.rect.left(), option.rect.top() + (option.rect.height() - side) // 2, side, side)
    inner = box.adjusted(0.5, 0.5, -0.5, -0.5)
    edge = mix(text, ground, 0.58 if enabled else 0.7)
    painter.save()
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    painter.setPen(QPen(edge, 1.0))
    painter.setBrush(mix(text, ground, 0.08) if state & _Flag.State_Sunken else ground)
    painter.drawEllipse(inner) if round_ else painter.drawRoundedRect(inner, 3.5, 3.5)
    mark = text if enabled else edge
    if round_ and state & _Flag.State_On:
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(mark)
        painter.drawEllipse(box.center(), side * 0.22, side * 0.22)
    elif state & (_Flag.State_On | _Flag.State_NoChange):
        painter.setPen(QPen(mark, 1.8, Qt.PenStyle.SolidLine, Qt.PenCapStyle.RoundCap))
        shape = _HOOK if state & _Flag.State_On else _DASH
        painter.drawPolyline([box.topLeft() + QPointF(x, y) * side for x, y in shape])
    painter.restore()
