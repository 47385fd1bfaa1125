"""What is edited on the canvas besides places: notes, frames, descriptions. It only tells what is wanted."""

from collections.abc import Callable, Sequence

import numpy as np
from PySide6.QtCore import QMimeData, QPointF, QRectF, Signal
from PySide6.QtGui import QDragEnterEvent, QDragLeaveEvent, QDragMoveEvent, QDropEvent
from PySide6.QtWidgets import QWidget

from clew.base.words import count
from clew.gui.canvas.align import ALIGNMENTS
from clew.gui.canvas.camera import Camera
from clew.gui.canvas.hit import block_at
from clew.gui.canvas.inplace import InPlace
from clew.gui.canvas.link_hand import LinkHand
from clew.gui.canvas.movable import Movable
from clew.gui.canvas.moves import edit_of
from clew.gui.canvas.notes import NOTE_SIZE, fitting_height
from clew.gui.canvas.scene import Ints
from clew.gui.canvas.wishes import (
    ChangeFrame,
    Describe,
    MakeFrame,
    NotNow,
    Pin,
    PutInFrame,
    RemoveFrame,
    RunWith,
    WriteNote,
)
from clew.gui.theme import Theme
from clew.model.refs import BlockKind, BlockRef
from clew.model.view import FRAME_MARGIN, Frame, GraphView, Place

NEW_NOTE = "A note for whoever comes here next"
_UNDER = 28.0  # scene pixels between what stands in a frame and what is put into it by the keyboard
APP_MIME = "application/x-clew-app"  # the slug of an app, dragged from the side bar


def _slug(data: QMimeData) -> str:
    return bytes(data.data(APP_MIME).data()).decode()


class Editable(Movable):
    """A surface on which texts are written in place and blocks are grouped.

    Attributes:
        frame: id of the frame that was chosen by its name, or None.
    """

    wish = Signal(object)  # one of `gui.canvas.wishes`

    def __init__(self, theme: Theme, parent: QWidget | None = None) -> None:
        super().__init__(theme, parent)
        self.frame: int | None = None
        self.pointer = QPointF()  # where the mouse was seen last, view pixels
        self.inplace = InPlace(self.viewport(), self)
        self.app_words: Callable[[str, BlockRef], str] | None = None
        self.setAcceptDrops(True)
        self.link_hand = LinkHand(self)
        self._writers = {BlockKind.NOTE: self.write_note, BlockKind.FRAME: self._name_fold}
        self.inplace.dress(theme)
        self.link_hand.dress(theme)

    def set_graph(self, view: GraphView, *, animate: bool = False) -> dict[BlockRef, Place]:
        chosen, link = self.frame, self.link_hand.link
        self.link_hand.leave()
        self.marks.link = None
        given = super().set_graph(view, animate=animate)
        place = self._place_of(chosen) if chosen is not None else None
        self.frame, self.marks.frame = (chosen, place) if place is not None else (None, None)
        self.link_hand.keep(link)
        return given

    def set_theme(self, theme: Theme) -> None:
        super().set_theme(theme)
        self.inplace.dress(theme)
        self.link_hand.dress(theme)

    def look(self, camera: Camera) -> None:
        super().look(camera)
        self.link_hand.leave()
        self.inplace.stand(self.camera)

    def refuse(self) -> bool:
        if self.frozen:
            self.wish.emit(NotNow())
        return self.frozen

    # --- texts in place --------------------------------------------------------------------------

    def write(self) -> None:
        """F2: the name of the chosen frame, the words of the note, else the block's description."""
        if self.refuse():
            return
        frame = self.frame_under_hand() if self.frame is not None else None
        if frame is not None:
            self.name_frame(frame.id)
        elif len(self.selected_rows):
            row = int(self.selected_rows[-1])
            self._writers.get(self.scene.ref(row).kind, self.describe)(row)

    def describe(self, row: int) -> None:
        """Write a description under a block."""
        block, rect = self.scene.blocks[row], self.scene.bounds(np.array([row]))
        if block.ref.id < 0:
            return  # what is still to come has nobody to keep it
        self.inplace.begin(
            f"Description of {block.title}",
            block.description,
            QRectF(rect.left(), rect.bottom() + 6, rect.width(), 76),
            self.camera,
            lambda text: self.wish.emit(Describe(block.ref, text)),
            hint="What is this, and why is it like this?",
            least=(230.0, 76.0),
        )

    def write_note(self, row: int) -> None:
        """Change the words of a note."""
        block, rect = self.scene.blocks[row], self.scene.bounds(np.array([row]))
        size = rect.width(), rect.height()

        def done(text: str) -> None:
            self.wish.emit(WriteNote(block.ref, text, (rect.left(), rect.top()), size))

        self.inplace.begin("Note", block.description, rect, self.camera, done, hint=NEW_NOTE)

    def new_note(self, point: QPointF | None = None) -> None:
        """Write a note at a point of the scene, or in the middle of the view; no words, no note."""
        if self.refuse():
            return
        corner = point if point is not None else self.visible_window().center()
        place = round(corner.x() / 8) * 8.0, round(corner.y() / 8) * 8.0

        def done(text: str) -> None:
            size = NOTE_SIZE[0], fitting_height(text, NOTE_SIZE[0])
            self.wish.emit(WriteNote(None, text, place, size))

        self.inplace.begin("New note", "", QRectF(*place, *NOTE_SIZE), self.camera, done, hint=NEW_NOTE)

    def _name_fold(self, row: int) -> None:
        self.name_frame(self.scene.ref(row).id)

    def name_frame(self, frame_id: int) -> None:
        """Write another name on a frame, folded or not."""
        fold = self.scene.row.get(BlockRef(BlockKind.FRAME, frame_id))
        if fold is not None:
            title, rect = self.scene.blocks[fold].title, self.scene.bounds(np.array([fold]))
            rect.setHeight(30)
        else:
            place = self._place_of(frame_id)
            if place is None:
                return
            left, top, right, _ = self.scene.frame_rects()[place].tolist()
            title = self.scene.frames[place].title
            rect = QRectF(left + 10, top + 6, min(right - left - 20, 260), FRAME_MARGIN[1] - 12)

        def done(text: str) -> None:
            if text:
                self.wish.emit(ChangeFrame(frame_id, title=text))

        self.inplace.begin(
            "Name of the frame",
            title,
            rect,
            self.camera,
            done,
            line=True,
            least=(170.0, 32.0),
        )

    # --- frames ----------------------------------------------------------------------------------

    def choose_frame(self, place: int) -> None:
        """Choose a frame by its place in the scene: all in it is selected, and keys are about the frame."""
        self.choose(np.sort(self.scene.frame_rows[place]))
        self.frame = self.scene.frames[place].id
        self.marks.frame = place
        self.viewport().update()
        blocks = count(len(self.scene.frame_rows[place]), "block")
        self.tell_item(self.item_of_frame(place), f"Frame {self.scene.frames[place].title}, {blocks}")

    def choose(self, rows: Ints, *, tell: bool = True) -> None:
        self._forget_frame()
        if tell:
            self.link_hand.choose(None)
        super().choose(rows, tell=tell)

    def _forget_frame(self) -> None:
        self.frame = self.marks.frame = None

    def frame_under_hand(self) -> Frame | None:
        """The frame that keys are about: the chosen one, else the smallest around all that is selected."""
        if self.frame is not None and (place := self._place_of(self.frame)) is not None:
            return self.scene.frames[place]
        if not len(self.selected_rows):
            return None
        mask = self.scene.mask(self.selected_rows)
        holding = [
            i for i, rows in enumerate(self.scene.frame_rows) if mask[rows].sum() == len(self.selected_rows)
        ]
        best = min(holding, key=lambda i: len(self.scene.frame_rows[i]), default=None)
        return self.scene.frames[best] if best is not None else None

    def chosen_things(self) -> tuple[BlockRef, ...]:
        """What is selected; a frame that was chosen by its name counts as itself."""
        if self.frame is not None:
            return (BlockRef(BlockKind.FRAME, self.frame),)
        return self.selection()

    def make_frame(self) -> None:
        """Ctrl+J: a frame around the selection."""
        if len(self.selected_rows):
            self.wish.emit(MakeFrame(self.chosen_things()))

    def show_frame(self, frame_id: int) -> None:
        """After folding or unfolding: choose what stands for the frame now."""
        ref, place = BlockRef(BlockKind.FRAME, frame_id), self._place_of(frame_id)
        if ref in self.scene.row:
            self.select((ref,))
        elif place is not None:
            self.choose_frame(place)

    def bring(self, refs: Sequence[BlockRef]) -> None:
        """Select blocks, or choose a frame, and bring them into view."""
        if len(refs) == 1 and refs[0].kind is BlockKind.FRAME:
            self.show_frame(refs[0].id)
            self.reveal(self.selected_rows)
        else:
            self.select(refs, reveal=True)

    def fold(self) -> None:
        """H: fold the frame under the hand into one block, or unfold the selected one."""
        folds = [ref for ref in self.selection() if ref.kind is BlockKind.FRAME]
        frame = self.frame_under_hand()
        if folds and self.frame is None:
            self.wish.emit(ChangeFrame(folds[-1].id, folded=False))
        elif frame is not None:
            self.wish.emit(ChangeFrame(frame.id, folded=True))

    def put_into(self, refs: tuple[BlockRef, ...], frame_id: int) -> None:
        """Put what is selected into a frame, under what stands in it unless it is there already."""
        rows, place, move = self.loose(self.selected_rows), self._place_of(frame_id), None
        inside = np.setdiff1d(self.scene.frame_rows[place], rows) if place is not None else rows[:0]
        if len(inside) and len(rows):
            around, now = self.scene.bounds(inside), self.scene.bounds(rows)
            if not around.adjusted(-FRAME_MARGIN[0], -FRAME_MARGIN[1], 0, 0).intersects(now):
                before = self.scene.position[rows]
                shift = np.array([around.left() - now.left(), around.bottom() + _UNDER - now.top()])
                move = edit_of(self.scene, rows, before, before + np.round(shift), "Move")
        self.wish.emit(PutInFrame(refs, frame_id, move))

    def take_out(self) -> None:
        """Take the selection out of the frame that it is in."""
        if self.frame_under_hand() is not None:
            self.wish.emit(PutInFrame(self.chosen_things(), None))

    def remove_frame(self) -> bool:
        """Take the chosen frame away; whether there was one."""
        if self.frame is None:
            return False
        self.wish.emit(RemoveFrame(self.frame))
        return True

    def _place_of(self, frame_id: int) -> int | None:
        return next((i for i, f in enumerate(self.scene.frames) if f.id == frame_id), None)

    # --- items for assistive technology ------------------------------------------------------------

    def item_of_frame(self, place: int) -> int:
        """Where a frame is in the accessible list, which has the rows of the scene first."""
        return len(self.scene) + place

    def item_of_link(self, place: int) -> int:
        """Where a link is in it: after the frames."""
        return len(self.scene) + len(self.scene.frames) + place

    def item_at_hand(self) -> int | None:
        """The item that keys are about: the chosen frame or link, else the block selected last."""
        if self.marks.frame is not None:
            return self.item_of_frame(self.marks.frame)
        if self.marks.link is not None:
            return self.item_of_link(self.marks.link)
        return int(self.selected_rows[-1]) if len(self.selected_rows) else None

    # --- apps dropped from outside -----------------------------------------------------------------

    def dragEnterEvent(self, event: QDragEnterEvent) -> None:
        if event.mimeData().hasFormat(APP_MIME):
            event.acceptProposedAction()
        else:
            event.ignore()  # folders are for the window

    def dragMoveEvent(self, event: QDragMoveEvent) -> None:
        row, words = self._taken_by(_slug(event.mimeData()), event.position())
        self.marks.offer = (row, words) if row is not None else None
        self.viewport().update()
        event.acceptProposedAction()

    def dragLeaveEvent(self, event: QDragLeaveEvent) -> None:  # noqa: ARG002 - Qt's name
        self.marks.offer = None
        self.viewport().update()

    def dropEvent(self, event: QDropEvent) -> None:
        slug = _slug(event.mimeData())
        row, _ = self._taken_by(slug, event.position())
        self.marks.offer = None
        self.viewport().update()
        event.acceptProposedAction()
        self.wish.emit(RunWith(self.scene.ref(row) if row is not None else None, slug))

    def _taken_by(self, slug: str, at: QPointF) -> tuple[int | None, str]:
        """The block under a point that an app can take, and what dropping it there would do."""
        point = self.camera.to_scene(at)
        row = block_at(self.scene, point.x(), point.y())
        words = self.app_words(slug, self.scene.ref(row)) if row is not None and self.app_words else ""
        return (row, words) if words else (None, "")

    def pin(self) -> None:
        """Pin the selected blocks to their places; if all of them are, let them go."""
        rows = self.selected_rows
        refs = tuple(ref for ref in map(self.scene.ref, rows.tolist()) if not ref.kind.drawn)
        if refs:
            self.wish.emit(Pin(refs, pinned=not self.scene.pinned[self.scene.rows(refs)].all()))

    # --- order -----------------------------------------------------------------------------------

    def align(self, name: str) -> None:
        """Align or distribute the selected blocks; one edit."""
        if self.refuse():
            return
        self.cancel_gesture()
        self.motion.finish()
        rows = self.selected_rows
        way = ALIGNMENTS[name]
        if len(rows) < way.least:
            return
        before = self.scene.position[rows].copy()
        after = np.round(way.place(before, self.scene.size[rows]))
        after[self.scene.pinned[rows]] = before[self.scene.pinned[rows]]
        edit = edit_of(self.scene, rows, before, after, way.label)
        self._glide_to(rows, after)
        if edit is not None:
            self.moved.emit(edit)
