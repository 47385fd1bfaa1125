"""Blocks that move on the surface: a new graph, an arrangement, a drag, an undo."""

from collections.abc import Mapping, Sequence

import numpy as np
from PySide6.QtCore import QRectF, Signal
from PySide6.QtWidgets import QWidget

from clew.gui.canvas.arrangement import Arrangement, arrangement
from clew.gui.canvas.camera import Camera
from clew.gui.canvas.merge import merge
from clew.gui.canvas.motion import NOBODY, Glide, Motion
from clew.gui.canvas.moves import edit_of, rows_of
from clew.gui.canvas.scene import Floats, Ints, Mask
from clew.gui.canvas.surface import Surface
from clew.gui.theme import Theme
from clew.model.refs import BlockRef
from clew.model.view import Block, GraphView, Note

Place = tuple[float, float]


class Movable(Surface):
    """A surface whose blocks come, go and move; it tells of moves that the person made."""

    moved = Signal(object)  # Edit
    frozen = False  # the past is shown: nothing is moved or written

    def __init__(self, theme: Theme, parent: QWidget | None = None) -> None:
        super().__init__(theme, parent)
        self.motion = Motion(self, self._glide_step, self._glide_done)

    def cancel_gesture(self) -> None:
        """Call off what the hand is doing; the surface alone has no hand."""

    def refuse(self) -> bool:
        """Whether nothing can be changed now."""
        return self.frozen

    def show_until(self, later: Mask, *, glide: bool = False) -> None:
        """Leave out rows that are not there yet, bool (n,); nothing moves but what glides in."""
        self.motion.finish()
        changed = np.flatnonzero(later != self.scene.later)
        if not len(changed):
            return
        self.scene.hide(later)
        self.tiles.invalidate(self.scene.touched(changed))
        if later[self.selected_rows].any():
            self.choose(self.selected_rows)
        fresh = changed[~later[changed]]
        if glide and len(fresh):
            self._glide_in(fresh)
        self.viewport().update()

    def set_graph(self, view: GraphView, *, animate: bool = False) -> dict[BlockRef, Place]:
        """Show a graph; view, selection and places of blocks that stay are kept.

        Args:
            view: the graph; its positions win over those on screen.
            animate: let new blocks glide in (unless motion is to be reduced).

        Returns:
            Places that were given to blocks without one, for the caller to keep.
        """
        self.cancel_gesture()
        self.motion.finish()
        chosen = self.selection()
        empty = not len(self.scene)
        found = merge(self.scene, view)
        self.scene = self.scene_painter.scene = found.scene
        self.scene_painter.forget(set(found.changed))
        self.mark_hinted()
        self.tiles.bounds = found.scene.bounds()
        self.marks.hover = self.marks.port = None
        if empty:
            self._redraw_all()
        else:
            self.tiles.invalidate(found.dirty)
        self.ways.seek()
        self.choose(found.scene.rows(chosen), tell=False)
        if self.selection() != chosen:
            self.selection_changed.emit(self.selection())
        self.keep_fitted(grown=bool(found.fresh))
        if animate and found.fresh and not empty:
            self._glide_in(found.scene.rows(found.fresh))
        self.minimap.outdate()
        self.minimap.stand()
        self.viewport().update()
        return found.given

    def apply_positions(self, positions: Mapping[BlockRef, Place | Note]) -> None:
        """Put blocks and notes somewhere without telling: after an undo, or because another window did."""
        self.cancel_gesture()
        self.motion.finish()
        self._glide_to(*rows_of(self.scene, dict(positions)))

    # --- moving ----------------------------------------------------------------------------------

    def arrangement(self, *, only_selection: bool = False) -> Arrangement:
        """What there is to lay out, all or the selected blocks, for its places to be worked out elsewhere."""
        self.motion.finish()
        return arrangement(self.scene, self.selected_rows if only_selection else None)

    def still(self, asked: Arrangement) -> bool:
        """Whether nothing of it came, went or was moved since it was asked for."""
        rows = None if asked.whole else self.scene.rows(asked.refs)
        return asked.same_as(arrangement(self.scene, rows))

    def put(self, asked: Arrangement, after: Floats) -> None:
        """Let the blocks of an arrangement glide to their places, float64 (k, 2); one edit."""
        if self.frozen:
            return
        self.cancel_gesture()
        self.motion.finish()
        rows = self.scene.rows(asked.refs)
        edit = edit_of(self.scene, rows, self.scene.position[rows].copy(), after, "Arrange")
        self._glide_to(rows, after)
        if asked.whole:
            low, high = after.min(0), (after + self.scene.size[rows]).max(0)
            self.look(Camera.fitting(QRectF(*low.tolist(), *(high - low).tolist()), self._size()))
        if edit is not None:
            self.moved.emit(edit)

    def loose(self, rows: Ints) -> Ints:
        """Those of some rows that are not pinned."""
        found: Ints = rows[~self.scene.pinned[rows]]
        return found

    def nudge(self, dx: float, dy: float) -> None:
        """Move the selected blocks a little; one edit."""
        if self.refuse():
            return
        rows = self.loose(self.selected_rows)
        before = self.scene.position[rows].copy()
        self.lift(rows)
        self.carry(rows, before + np.array([dx, dy]))
        self.drop(rows, before)

    def lift(self, rows: Ints) -> None:
        """Take rows off the tiles; the overlay draws them until `drop`."""
        self.tiles.invalidate(self.scene.touched(rows))
        self.scene.floating[rows] = True
        self.viewport().update()

    def carry(self, rows: Ints, position: Floats) -> None:
        """Put lifted rows somewhere."""
        self.scene.move(rows, position)
        self.viewport().update()

    def drop(self, rows: Ints, before: Floats | None) -> None:
        """Set lifted rows down; tells of the move if `before`, where they were, is given and different."""
        self.scene.floating[rows] = False
        self.ways.seek(rows)
        self.tiles.invalidate(self.scene.touched(rows))
        self.tiles.bounds = self.scene.bounds()
        self.minimap.outdate()
        self.viewport().update()
        if before is not None:
            edit = edit_of(self.scene, rows, before, self.scene.position[rows], "Move")
            if edit is not None:
                self.moved.emit(edit)

    def settle(self) -> None:
        self.motion.finish()
        super().settle()

    def update_blocks(self, blocks: Sequence[Block]) -> None:
        """Show other content in blocks that are here already: progress, a metric."""
        resized, changed = False, set()
        for block in blocks:
            row = self.scene.row.get(block.ref)
            if row is not None and self.scene.blocks[row] != block:
                resized |= self.scene.blocks[row].tall != block.tall
                self.scene.replace(row, block)
                changed.add(block.ref)
        if changed:
            self._redraw(changed)
        if resized:
            self.ways.seek()
            self._redraw_all()

    def _glide_to(self, rows: Ints, after: Floats) -> None:
        start = self.scene.position[rows].copy()
        self.tiles.bounds = self.scene.bounds()
        self.lift(rows)
        self.motion.play(Glide(rows, start, after, NOBODY))

    def _glide_in(self, rows: Ints) -> None:
        """Let rows appear where they stand; that they glide is only how they are drawn."""
        place = self.scene.position[rows].copy()
        self.lift(rows)
        self.motion.play(Glide(rows, place, place, rows))

    def _glide_step(self, glide: Glide, share: float) -> None:
        self.marks.fading, self.marks.shown = glide.fading, share
        if len(glide.fading):
            self.viewport().update()
        else:
            self.carry(glide.rows, glide.at(share))

    def _glide_done(self, glide: Glide) -> None:
        self.marks.fading = NOBODY
        if len(glide.fading):
            self.scene.floating[glide.rows] = False
            self.tiles.invalidate(self.scene.touched(glide.rows))
            self.viewport().update()
        else:
            self.drop(glide.rows, None)
