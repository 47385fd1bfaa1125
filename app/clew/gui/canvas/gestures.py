"""Drags as objects: each is begun by a press, moved, and ended or cancelled. All points are view pixels."""

from typing import TYPE_CHECKING, Protocol

import numpy as np
from PySide6.QtCore import QPointF, QRectF, Qt

from clew.gui.canvas.hit import blocks_in

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
