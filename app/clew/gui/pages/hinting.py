"""A light bulb on the blocks of the graph that have a hint; pointed at, it says the hint."""

from html import escape

from PySide6.QtCore import QEvent, QObject, QPointF
from PySide6.QtGui import QHelpEvent
from PySide6.QtWidgets import QToolTip

from clew.gui.canvas.canvas import Canvas
from clew.gui.canvas.card import hint_spot
from clew.gui.canvas.hit import block_at
from clew.gui.canvas.style import WHOLE
from clew.gui.hint_book import hint_book
from clew.gui.ops import Ops
from clew.model.refs import BlockRef
from clew.services.workspace import Workspace

_REACH = 10.0  # scene pixels around the middle of a light bulb


class Hinting(QObject):
    """Keeps the marks of a canvas as the hints of its workspace are."""

    def __init__(self, canvas: Canvas, ws: Workspace, ops: Ops) -> None:
        super().__init__(canvas)
        self.canvas, self.book = canvas, hint_book(ws, ops)
        self.book.changed.connect(self._mark)
        canvas.viewport().installEventFilter(self)

    def begin(self) -> None:
        """A graph is shown: its hints are wanted from now on."""
        if self.book.marking:
            self.book.begin()

    def _mark(self) -> None:
        self.begin()
        found: dict[BlockRef, str] = {}
        for hint in self.book.hints if self.book.marking else ():
            found[hint.about] = (
                f"{found[hint.about]} {hint.sentence}" if hint.about in found else hint.sentence
            )
        self.canvas.set_hinted(found)

    def told_at(self, at: QPointF) -> str:
        """What the light bulb under a point of the view says; nothing beside one."""
        canvas, scene = self.canvas, self.canvas.scene
        point = canvas.camera.to_scene(at)
        row = block_at(scene, point.x(), point.y())
        if row is None or canvas.zoom() < WHOLE:
            return ""
        corner = QPointF(*scene.position[row].tolist())
        away = point - corner - hint_spot(scene.blocks[row])
        near = max(abs(away.x()), abs(away.y())) <= _REACH
        return canvas.scene_painter.hinted.get(scene.ref(row), "") if near else ""

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        if event.type() == QEvent.Type.ToolTip and isinstance(event, QHelpEvent):
            said = self.told_at(QPointF(event.pos()))
            if said:
                # Plain text would not be wrapped, and a name may hold what looks like markup.
                QToolTip.showText(event.globalPos(), f"<p>{escape(said)}</p>", self.canvas.viewport())
                return True
        return super().eventFilter(watched, event)
