"""Notes: quiet paper cards, and how their text is broken into lines."""

from functools import lru_cache

from PySide6.QtCore import QPointF, QRectF
from PySide6.QtGui import QPainter, QPen, QTextLayout, QTextOption

from clew.gui.canvas.pane import Pane
from clew.gui.canvas.scene import Ints, Scene
from clew.gui.canvas.style import BRIEF, Style, font, metrics
from clew.gui.words import elided

NOTE_SIZE = (224.0, 92.0)  # of a new note
LEAST_NOTE = (96.0, 44.0)
NOTE_PAD = 12.0
NOTE_PX = 12.0
NOTE_RADIUS = 6.0
LINE = 17.0  # from one line of text to the next, scene pixels
_SMALLEST = 9.0  # logical pixels; smaller letters are not worth drawing


@lru_cache(maxsize=512)
def note_lines(text: str, px: float, room: float) -> tuple[str, ...]:
    """A text in lines no wider than `room`; words that are longer are broken."""
    lines: list[str] = []
    option = QTextOption()
    option.setWrapMode(QTextOption.WrapMode.WrapAtWordBoundaryOrAnywhere)
    for paragraph in text.split("\n"):
        layout = QTextLayout(paragraph, font(px))
        layout.setTextOption(option)
        layout.beginLayout()
        empty = True
        while (line := layout.createLine()).isValid():
            line.setLineWidth(max(room, 8.0))
            lines.append(paragraph[line.textStart() : line.textStart() + line.textLength()].rstrip())
            empty = False
        layout.endLayout()
        if empty:
            lines.append("")
    return tuple(lines)


def fitting_height(text: str, width: float) -> float:
    """How high a note has to be to show all of a text, on the grid of 8 pixels."""
    lines = note_lines(text.strip(), NOTE_PX, width - 2 * NOTE_PAD)
    height = max(len(lines) * LINE + 2 * NOTE_PAD - 4, LEAST_NOTE[1])
    return float(-(-height // 8) * 8)


def paint_notes(painter: QPainter, scene: Scene, rows: Ints, style: Style, pane: Pane) -> None:
    """Draw some notes; from far away only the paper."""
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    ends = scene.position[rows] + scene.size[rows]
    for row, low, high in zip(rows.tolist(), scene.position[rows].tolist(), ends.tolist()):
        rect = pane.outline(*low, *high)
        painter.setPen(QPen(style.note_line, pane.ratio))
        painter.setBrush(style.note_fill)
        corner = NOTE_RADIUS * pane.scale
        painter.drawRoundedRect(rect, corner, corner)
        if pane.zoom >= BRIEF or pane.vector:
            _text(painter, scene.blocks[row].description, rect, style, pane)


def _text(painter: QPainter, text: str, rect: QRectF, style: Style, pane: Pane) -> None:
    px = max(NOTE_PX * pane.zoom, _SMALLEST) * pane.ratio
    pad, step = NOTE_PAD * pane.scale, px / NOTE_PX * LINE
    room = rect.width() - 2 * pad
    # Broken at one size for every zoom, so that the lines do not jump, unless the letters had to grow.
    grown = px > NOTE_PX * pane.scale * 1.001
    lines = note_lines(text, px if grown else NOTE_PX, room if grown else room / pane.scale)
    most = max(int((rect.height() - 2 * pad + step * 0.4) / step), 1)
    measure = metrics(px)
    painter.setFont(font(px))
    painter.setPen(style.note_text)
    at = QPointF(rect.left() + pad, rect.top() + pad + measure.ascent())
    for i, line in enumerate(lines[:most]):
        if i == most - 1 and len(lines) > most:
            line = f"{line}…"
        shown = elided(measure, line, room + 2)
        painter.drawText(at + QPointF(0, i * step), shown)
