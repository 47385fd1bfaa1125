"""Drags as objects: each is begun by a press, moved, and ended or cancelled. All points are view pixels."""

from typing import TYPE_CHECKING, Protocol

import numpy as np
from PySide6.QtCore import QPointF, QRectF, Qt

from clew.gui.canvas.hit import Port, block_at, blocks_in, port_point
from clew.gui.canvas.scene import Ints

if TYPE_CHECKING:
    from clew.gui.canvas.canvas import Canvas


class Gesture(Protocol):
    """One drag, from press to release."""

    cursor: Qt.CursorShape | None
    scrolls: bool  # whether the view scrolls by itself when the pointer comes to its edge

    def move(self, at: QPointF) -> None: ...

    def end(self, at: QPointF) -> None: ...

    def cancel(self) -> None: ...


class PanDrag:
    """Move the view with the hand."""

    cursor: Qt.CursorShape | None = Qt.CursorShape.ClosedHandCursor
    scrolls = False

    def __init__(self, canvas: "Canvas", at: QPointF) -> None:
        self._canvas, self._start, self._camera = canvas, at, canvas.camera

    def move(self, at: QPointF) -> None:
        gap = at - self._start
        self._canvas.look(self._camera.panned(gap.x(), gap.y()))

    def end(self, at: QPointF) -> None:
        self.move(at)

    def cancel(self) -> None:
        self._canvas.look(self._camera)


class MoveDrag:
    """Move blocks; they float over the picture until they are let go."""

    cursor: Qt.CursorShape | None = None
    scrolls = True

    def __init__(self, canvas: "Canvas", at: QPointF, rows: Ints) -> None:
        self._canvas, self._rows = canvas, rows
        self._grip = canvas.camera.to_scene(at)
        self._before = canvas.scene.position[rows].copy()
        canvas.lift(rows)

    def move(self, at: QPointF) -> None:
        gap = self._canvas.camera.to_scene(at) - self._grip
        self._canvas.carry(self._rows, self._before + np.round([gap.x(), gap.y()]))

    def end(self, at: QPointF) -> None:
        self.move(at)
        self._canvas.drop(self._rows, self._before)

    def cancel(self) -> None:
        self._canvas.carry(self._rows, self._before)
        self._canvas.drop(self._rows, None)


class BandDrag:
    """Select with a rectangle; with Shift what was selected stays."""

    cursor: Qt.CursorShape | None = None
    scrolls = True

    def __init__(self, canvas: "Canvas", at: QPointF, *, add: bool) -> None:
        self._canvas = canvas
        self._start = canvas.camera.to_scene(at)
        self._before = canvas.selected_rows
        self._kept = self._before if add else self._before[:0]

    def move(self, at: QPointF) -> None:
        band = QRectF(self._start, self._canvas.camera.to_scene(at)).normalized()
        self._canvas.marks.band = band
        inside = blocks_in(self._canvas.scene, band.left(), band.top(), band.right(), band.bottom())
        self._canvas.choose(np.union1d(self._kept, inside).astype(np.int64))

    def end(self, at: QPointF) -> None:
        self.move(at)
        self._close()

    def cancel(self) -> None:
        self._canvas.choose(self._before)
        self._close()

    def _close(self) -> None:
        self._canvas.marks.band = None
        self._canvas.viewport().update()


class LinkDrag:
    """Pull a thread from a port to another block, or to an empty place."""

    cursor: Qt.CursorShape | None = Qt.CursorShape.CrossCursor
    scrolls = True

    def __init__(self, canvas: "Canvas", at: QPointF, port: Port) -> None:
        self._canvas, self._port = canvas, port
        self._anchor = port_point(canvas.scene, port)
        self._ref = canvas.scene.ref(port.row)
        self.move(at)

    def move(self, at: QPointF) -> None:
        scene, point = self._canvas.scene, self._canvas.camera.to_scene(at)
        row = self._over(point)
        goal = Port(row, not self._port.output) if row is not None else None
        # The thread snaps to the port that it would be tied to.
        end = port_point(scene, goal) if goal is not None else point
        self._canvas.marks.thread = (self._anchor, end) if self._port.output else (end, self._anchor)
        self._canvas.marks.hover = row
        self._canvas.marks.port = goal or self._port
        self._canvas.viewport().update()

    def _over(self, point: QPointF) -> int | None:
        row = block_at(self._canvas.scene, point.x(), point.y())
        return None if row is None or self._canvas.scene.ref(row) == self._ref else row

    def end(self, at: QPointF) -> None:
        point = self._canvas.camera.to_scene(at)
        row = self._over(point)
        self.cancel()
        if row is not None:
            other = self._canvas.scene.ref(row)
            pair = (self._ref, other) if self._port.output else (other, self._ref)
            self._canvas.link_requested.emit(*pair)
        elif self._port.output and block_at(self._canvas.scene, point.x(), point.y()) is None:
            self._canvas.port_dropped.emit(self._ref, self._canvas.viewport().mapToGlobal(at.toPoint()))

    def cancel(self) -> None:
        self._canvas.marks.thread = None
        self._canvas.marks.port = None
        self._canvas.viewport().update()
