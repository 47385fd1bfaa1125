"""Pulling a note by its corner."""

from dataclasses import replace
from typing import TYPE_CHECKING, Any

import numpy as np
from PySide6.QtCore import QPointF, Qt

from clew.gui.canvas.moves import note_at
from clew.gui.canvas.notes import LEAST_NOTE, fitting_height
from clew.gui.canvas.scene import NOTE_CODE
from clew.gui.canvas.snap import GRID
from clew.gui.canvas.wishes import Say
from clew.model.view import Edit, Note

if TYPE_CHECKING:
    from clew.gui.canvas.canvas import Canvas

_CORNER = 14.0  # view pixels


def corner_of_note(canvas: "Canvas", row: int | None, at: QPointF) -> bool:
    """Whether a point of the view is on the corner of the note in a row."""
    if row is None or canvas.scene.kind[row] != NOTE_CODE:
        return False
    corner = canvas.camera.to_view(canvas.scene.bounds(np.array([row])).bottomRight())
    gap = corner - at
    return max(abs(gap.x()), abs(gap.y())) <= _CORNER


class NoteDrag:
    """Make a note larger or smaller; in steps of the grid, freely with Alt."""

    cursor: Qt.CursorShape | None = Qt.CursorShape.SizeFDiagCursor
    scrolls = True

    def __init__(self, canvas: "Canvas", at: QPointF, row: int) -> None:
        self._canvas, self._row = canvas, row
        self._note = note_at(canvas.scene, row)
        self._grip = canvas.camera.to_scene(at)
        canvas.lift(np.array([row]))

    def move(self, at: QPointF) -> None:
        gap = self._canvas.camera.to_scene(at) - self._grip
        size = np.array([self._note.width + gap.x(), self._note.height + gap.y()])
        size = np.round(size) if self._canvas.alt else np.round(size / GRID) * GRID
        width, height = np.maximum(size, LEAST_NOTE).tolist()
        self.show(replace(self._note, width=width, height=height))

    def end(self, at: QPointF) -> None:
        self.move(at)
        now = note_at(self._canvas.scene, self._row)
        self.put_down()
        if now != self._note:
            self._canvas.moved.emit(Edit("Resize a note", {now.ref: self._note}, {now.ref: now}))

    def cancel(self) -> None:
        self.show(self._note)
        self.put_down()

    def show(self, note: Note) -> None:
        """Draw the note with another size."""
        scene = self._canvas.scene
        block = scene.blocks[self._row]
        scene.replace(self._row, replace(block, size=(note.width, note.height)))
        self._canvas.viewport().update()

    def put_down(self) -> None:
        """The hand lets go."""
        self._canvas.drop(np.array([self._row]), None)


def widen(canvas: "Canvas", steps: int) -> None:
    """Make the selected notes wider or narrower by steps of the grid, as high as their words are."""
    rows = [row for row in canvas.selected_rows.tolist() if canvas.scene.kind[row] == NOTE_CODE]
    if canvas.refuse():
        return
    was: dict[Any, Any] = {}
    now: dict[Any, Any] = {}
    for row in rows:
        note = note_at(canvas.scene, row)
        width = max(note.width + steps * 3 * GRID, LEAST_NOTE[0])
        if width != note.width:
            drag = NoteDrag(canvas, canvas.pointer, row)
            was[note.ref] = note
            now[note.ref] = replace(note, width=width, height=fitting_height(note.text, width))
            drag.show(now[note.ref])
            drag.put_down()
    if now:
        canvas.moved.emit(Edit("Resize a note", was, now))
    elif not rows:
        canvas.wish.emit(Say("Select a note to make it wider or narrower."))
