"""Pulling a thread from a port: what it may be tied to is lit, the rest fades."""

from typing import TYPE_CHECKING

import numpy as np
from PySide6.QtCore import QPointF, Qt

from clew.gui.canvas.hit import Port, block_at, port_point
from clew.gui.canvas.scene import KINDS, Mask, Scene
from clew.model.linking import why_not

if TYPE_CHECKING:
    from clew.gui.canvas.canvas import Canvas


def reached(scene: Scene, row: int, *, onwards: bool) -> Mask:
    """Rows that can be reached from one along the links, spines too, or against them; bool (n,)."""
    ends = (scene.source, scene.target) if onwards else (scene.target, scene.source)
    seen = scene.mask(np.array([row]))
    count = 0
    while count != (count := int(seen.sum())):
        seen[ends[1][seen[ends[0]]]] = True
    return seen


def may_tie(scene: Scene, port: Port) -> Mask:
    """The rows that a thread from a port may be tied to: the kinds fit, no ring in time, not tied yet."""
    kind = KINDS[scene.kind[port.row]]
    fits = np.array([not why_not(*((kind, k) if port.output else (k, kind))) for k in KINDS])
    mask: Mask = scene.linkable & fits[scene.kind] & ~reached(scene, port.row, onwards=not port.output)
    near, far = (scene.source, scene.target) if port.output else (scene.target, scene.source)
    mask[far[near == port.row]] = False
    return mask


class LinkDrag:
    """Pull a thread from a port to another block, or to an empty place."""

    cursor: Qt.CursorShape | None = Qt.CursorShape.CrossCursor
    scrolls = True

    def __init__(self, canvas: "Canvas", at: QPointF, port: Port) -> None:
        self._canvas, self._port = canvas, port
        self._anchor = port_point(canvas.scene, port)
        self._ref = canvas.scene.ref(port.row)
        canvas.marks.allowed = may_tie(canvas.scene, port)
        canvas.marks.allowed_output = not port.output
        self.move(at)

    def move(self, at: QPointF) -> None:
        point = self._canvas.camera.to_scene(at)
        self.aim(self._over(point), point)

    def aim(self, row: int | None, point: QPointF) -> None:
        """Point the thread at a block, or at a point of the scene where there is none that fits."""
        scene, marks = self._canvas.scene, self._canvas.marks
        fits = row is not None and marks.allowed is not None and bool(marks.allowed[row])
        goal = Port(row, not self._port.output) if row is not None and fits else None
        # The thread snaps to the port that it would be tied to.
        end = port_point(scene, goal) if goal is not None else point
        marks.thread = (self._anchor, end) if self._port.output else (end, self._anchor)
        marks.hover = row if fits else None
        marks.port = goal or self._port
        self._canvas.viewport().update()

    def _over(self, point: QPointF) -> int | None:
        row = block_at(self._canvas.scene, point.x(), point.y())
        return None if row is None or self._canvas.scene.ref(row) == self._ref else row

    def end(self, at: QPointF) -> None:
        point = self._canvas.camera.to_scene(at)
        row = self._over(point)
        if row is not None:  # the service says why a link cannot be
            self.tie_to(row)
            return
        self.cancel()
        if self._port.output and block_at(self._canvas.scene, point.x(), point.y()) is None:
            self._canvas.port_dropped.emit(self._ref, self._canvas.viewport().mapToGlobal(at.toPoint()))

    def tie_to(self, row: int) -> None:
        """Let go of the thread and wish for the link to a block."""
        self.cancel()
        other = self._canvas.scene.ref(row)
        pair = (self._ref, other) if self._port.output else (other, self._ref)
        self._canvas.link_requested.emit(*pair)

    def cancel(self) -> None:
        marks = self._canvas.marks
        marks.thread = marks.port = marks.allowed = None
        self._canvas.viewport().update()
