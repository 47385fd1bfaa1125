"""Moving blocks: they snap to neighbours and grid, drop into frames, onto tasks, or onto an app outside."""

from typing import TYPE_CHECKING

import numpy as np
from PySide6.QtCore import QPointF, QRectF, Qt

from clew.gui.canvas.hit import blocks_in
from clew.gui.canvas.moves import edit_of
from clew.gui.canvas.scene import FOLD_CODE, NOTE_CODE, Ints
from clew.gui.canvas.snap import Snap
from clew.gui.canvas.wishes import PutInFrame, RunWith
from clew.model.refs import BlockRef

if TYPE_CHECKING:
    from clew.gui.canvas.canvas import Canvas


class MoveDrag:
    """Move rows; they float over the picture until they are let go. Alt moves freely.

    Args:
        canvas: where.
        at: the press, view pixels.
        rows: int64 (k,).
        frame: the frame that was taken by its name, if it was: it goes as a whole.
    """

    cursor: Qt.CursorShape | None = None
    scrolls = True

    def __init__(self, canvas: "Canvas", at: QPointF, rows: Ints, frame: BlockRef | None = None) -> None:
        self._canvas, self._rows, self._frame = canvas, rows, frame
        self._grip = canvas.camera.to_scene(at)
        self._before = canvas.scene.position[rows].copy()
        ends = self._before + canvas.scene.size[rows]
        self._box = np.concatenate([self._before.min(0), ends.max(0)])
        self._rects = canvas.scene.frame_rects().copy()  # without what stretches while it is dragged
        self._seen: QRectF | None = None
        self._snap = Snap(np.zeros((0, 4)))
        self._outside = False
        canvas.lift(rows)

    def move(self, at: QPointF) -> None:
        canvas = self._canvas
        point = canvas.camera.to_scene(at)
        gap = point - self._grip
        shift = np.round(np.array([gap.x(), gap.y()]))
        canvas.marks.guides = ()
        if not canvas.alt:
            box = self._box + np.concatenate([shift, shift])
            more, canvas.marks.guides = self._neighbours().place(box, canvas.camera.zoom)
            shift = shift + more
        canvas.carry(self._rows, self._before + shift)
        self._outside = canvas.carry_out(self._alone(), at)
        canvas.marks.offer = offer = None if self._outside else self._task_under(point)
        canvas.marks.goal = None if self._outside or offer is not None else self._frame_under(point)

    def end(self, at: QPointF) -> None:
        self.move(at)
        canvas = self._canvas
        goal, offer, alone, out = canvas.marks.goal, canvas.marks.offer, self._alone(), canvas.app_out
        self._clear()
        if self._outside or offer is not None:
            app = out if offer is None else canvas.scene.blocks[offer[0]].app
            self.cancel()
            if alone is not None:
                canvas.wish.emit(RunWith(alone, app))
            return
        if goal is None:
            canvas.drop(self._rows, self._before)
            return
        canvas.drop(self._rows, None)
        after = canvas.scene.position[self._rows]
        edit = edit_of(canvas.scene, self._rows, self._before, after, "Move")
        things = (self._frame,) if self._frame else tuple(map(canvas.scene.ref, self._rows.tolist()))
        canvas.wish.emit(PutInFrame(things, canvas.scene.frames[goal].id, edit))

    def cancel(self) -> None:
        self._clear()
        self._canvas.carry(self._rows, self._before)
        self._canvas.drop(self._rows, None)

    def _clear(self) -> None:
        marks = self._canvas.marks
        marks.guides, marks.goal, marks.offer = (), None, None
        self._canvas.carry_out(None, QPointF(0, 0))

    def _neighbours(self) -> Snap:
        """What can be snapped to: the blocks in view that are not dragged; read anew when the view moves."""
        canvas, scene = self._canvas, self._canvas.scene
        window = canvas.visible_window()
        if window != self._seen:
            self._seen = window
            rows = blocks_in(scene, window.left(), window.top(), window.right(), window.bottom())
            rows = rows[~scene.floating[rows]]
            self._snap.others = np.concatenate(
                [scene.position[rows], scene.position[rows] + scene.size[rows]], 1
            )
        return self._snap

    def _frame_under(self, point: QPointF) -> int | None:
        """The smallest frame under the hand that the rows would go into."""
        scene, rects = self._canvas.scene, self._rects
        if not len(rects):
            return None
        x, y = point.x(), point.y()
        under = np.flatnonzero(
            (rects[:, 0] <= x) & (x < rects[:, 2]) & (rects[:, 1] <= y) & (y < rects[:, 3])
        )
        mask = scene.mask(self._rows)
        best: int | None = None
        area = np.inf
        for i in under.tolist():
            rows = scene.frame_rows[i]
            size = float(np.prod(rects[i, 2:] - rects[i, :2]))
            if size < area and not mask[rows].all():
                best, area = i, size
        if best is None:
            return None
        inside = int(mask[scene.frame_rows[best]].sum()) == len(self._rows)
        return None if inside else best

    def _alone(self) -> BlockRef | None:
        """The block that is dragged, if it is one."""
        if len(self._rows) != 1 or self._frame is not None:
            return None
        kind = self._canvas.scene.kind[self._rows[0]]
        return None if kind in (NOTE_CODE, FOLD_CODE) else self._canvas.scene.ref(int(self._rows[0]))

    def _task_under(self, point: QPointF) -> tuple[int, str] | None:
        """The task whose app would run on the dragged block, and the words that say so."""
        alone, canvas = self._alone(), self._canvas
        if alone is None or canvas.taker is None:
            return None
        x, y = point.x(), point.y()
        for row in blocks_in(canvas.scene, x, y, x + 0.01, y + 0.01).tolist():
            if row != self._rows[0] and (words := canvas.taker(alone, canvas.scene.blocks[row])):
                return row, words
        return None
