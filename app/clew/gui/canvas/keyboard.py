"""What the keyboard does on the canvas beside the table of acts: walks, ties a link, opens menus."""

from typing import TYPE_CHECKING

import numpy as np
from PySide6.QtCore import QPoint, QPointF, Qt
from PySide6.QtGui import QKeyEvent

from clew.gui.canvas.hit import Port
from clew.gui.canvas.key_link import KeyLink
from clew.gui.canvas.walk import Way, in_reading_order, nearest_to, step
from clew.gui.canvas.wishes import FrameMenu, IntoFrame, LinkMenu, Say
from clew.model.refs import BlockKind

if TYPE_CHECKING:
    from clew.gui.canvas.canvas import Canvas

Key = Qt.Key
Mod = Qt.KeyboardModifier
NUDGE = 8.0
_WAYS: dict[int, Way] = {Key.Key_Left: "left", Key.Key_Right: "right", Key.Key_Up: "up", Key.Key_Down: "down"}
_NUDGE = {Key.Key_Left: (-1, 0), Key.Key_Right: (1, 0), Key.Key_Up: (0, -1), Key.Key_Down: (0, 1)}
_PAGE = 0.4  # of the view that one key pans


class Keyboard:
    """Keys on a canvas.

    Attributes:
        space: whether the space bar is held, so that a drag pans.
    """

    def __init__(self, canvas: "Canvas") -> None:
        self._canvas = canvas
        self.space = False

    def press(self, event: QKeyEvent) -> bool:
        """Take a key that is no act of the table; whether it was one."""
        canvas, key, modifiers = self._canvas, event.key(), event.modifiers() & ~Mod.KeypadModifier
        if isinstance(canvas.gesture, KeyLink) and self._tie(canvas.gesture, key):
            return True
        if key == Key.Key_Alt and canvas.gesture is not None:
            self._move_freely(on=True)
        elif key == Key.Key_Space:
            self.space = True
            canvas.show_cursor()
        elif key in _WAYS and modifiers in (Mod.NoModifier, Mod.ShiftModifier):
            self._walk(_WAYS[key], extend=modifiers == Mod.ShiftModifier)
        elif key in _WAYS and modifiers & Mod.ControlModifier:
            far = 1.0 if modifiers & Mod.ShiftModifier else NUDGE
            dx, dy = _NUDGE[Key(key)]
            canvas.nudge(dx * far, dy * far)
        else:
            return False
        return True

    def release(self, event: QKeyEvent) -> None:
        """A key was let go."""
        if event.key() == Key.Key_Alt and self._canvas.gesture is not None:
            self._move_freely(on=False)
        if event.key() == Key.Key_Space and not event.isAutoRepeat():
            self.space = False
            self._canvas.show_cursor()

    def tab(self, *, onwards: bool) -> bool:
        """Tab goes through what a link may be tied to; whether one is being tied."""
        gesture = self._canvas.gesture
        if isinstance(gesture, KeyLink):
            gesture.next(1 if onwards else -1)
            return True
        return False

    def leave(self) -> None:
        """The keyboard goes elsewhere."""
        self.space = False
        if isinstance(self._canvas.gesture, KeyLink):
            self._canvas.cancel_gesture()

    def _move_freely(self, *, on: bool) -> None:
        canvas = self._canvas
        canvas.alt = on
        if canvas.gesture is not None:
            canvas.gesture.move(canvas.pointer)

    # --- walking ---------------------------------------------------------------------------------

    def _walk(self, way: Way, *, extend: bool) -> None:
        canvas = self._canvas
        rows = canvas.selected_rows
        if not len(rows):
            middle = canvas.visible_window().center()
            to = nearest_to(canvas.scene, middle.x(), middle.y())
        else:
            to = step(canvas.scene, int(rows[-1]), way)
        if to is None:
            return
        # The block walked to stands last: the next step starts there.
        kept = rows[rows != to] if extend else rows[:0]
        canvas.choose(np.append(kept, to))
        canvas.reveal(np.array([to]))

    def read_on(self, way: int, what: BlockKind | None = None) -> None:
        """Go to the next thing as one reads, from top to bottom: of all, or only frames, or only notes."""
        canvas, scene = self._canvas, self._canvas.scene
        order = in_reading_order(scene, what)
        if not order:
            none = {BlockKind.FRAME: "There is no frame here", BlockKind.NOTE: "There is no note here"}
            canvas.wish.emit(Say(none[what] if what is not None else "There is nothing here"))
            return
        now = self._thing()
        if now in order:
            place = (order.index(now) + way) % len(order)
        else:
            place = 0 if way > 0 else len(order) - 1
        is_frame, index = order[place]
        if is_frame:
            canvas.choose_frame(index)
            canvas.reveal(scene.frame_rows[index])
        else:
            canvas.choose(np.array([index]))
            canvas.reveal(np.array([index]))

    def _thing(self) -> tuple[bool, int] | None:
        """What the keyboard is at: a frame or a row."""
        canvas = self._canvas
        if canvas.marks.frame is not None:
            return True, canvas.marks.frame
        return (False, int(canvas.selected_rows[-1])) if len(canvas.selected_rows) else None

    def pan(self, x: int, y: int) -> None:
        """Move the view by a part of it."""
        canvas = self._canvas
        size = canvas.viewport().size()
        canvas.look(canvas.camera.panned(-x * size.width() * _PAGE, -y * size.height() * _PAGE))

    # --- links -----------------------------------------------------------------------------------

    def begin_link(self, *, onwards: bool) -> None:
        """Tie a link from the selected block to another one, or from another one to it."""
        canvas = self._canvas
        if canvas.refuse():
            return
        if len(canvas.selected_rows) != 1:
            canvas.wish.emit(Say("Select one block to link it."))
            return
        row = int(canvas.selected_rows[0])
        gesture = KeyLink(canvas, Port(row, output=onwards)) if canvas.scene.linkable[row] else None
        if gesture is None or not gesture.rows:
            if gesture is not None:
                gesture.cancel()
            title = canvas.scene.blocks[row].title
            canvas.wish.emit(Say(f"{title} can be linked to no block here."))
            return
        canvas.hold(gesture)
        canvas.wish.emit(Say("Choose a block with the arrow keys. Enter links it, Esc calls it off."))
        gesture.tell()

    def _tie(self, gesture: KeyLink, key: int) -> bool:
        """A key while a link is tied; those of the view and Esc are left to the table."""
        canvas = self._canvas
        if key in _WAYS:
            gesture.step(_WAYS[key])
        elif key in (Key.Key_Return, Key.Key_Enter):
            canvas.let_go_of(gesture.tie)
        elif key in (Key.Key_Tab, Key.Key_Backtab):
            gesture.next(1 if key == Key.Key_Tab else -1)
        else:
            return key not in (Key.Key_Escape, Key.Key_Plus, Key.Key_Minus, Key.Key_PageUp, Key.Key_PageDown)
        return True

    # --- menus -----------------------------------------------------------------------------------

    def menu(self) -> None:
        """The menu of what the keyboard is at: a frame, a link, the selection, or the paper."""
        canvas, where = self._canvas, self.place()
        if canvas.frame is not None:
            canvas.wish.emit(FrameMenu(canvas.frame, where))
        elif canvas.marks.link is not None:
            canvas.wish.emit(LinkMenu(canvas.marks.link, where))
        else:
            rows = canvas.selected_rows
            canvas.menu_requested.emit(canvas.scene.ref(int(rows[-1])) if len(rows) else None, where)

    def place(self) -> QPoint:
        """Where a menu of the keyboard opens, on the screen: on what is chosen, within the view."""
        canvas, scene = self._canvas, self._canvas.scene
        if canvas.marks.link is not None:
            middle = QPointF(*scene.control[canvas.marks.link].mean(0).tolist())
        elif len(canvas.selected_rows):
            middle = scene.bounds(canvas.selected_rows[-1:]).center()
        else:
            middle = canvas.visible_window().center()
        at, view = canvas.camera.to_view(middle).toPoint(), canvas.viewport().rect()
        inside = QPoint(min(max(at.x(), 0), view.width()), min(max(at.y(), 0), view.height()))
        return canvas.viewport().mapToGlobal(inside)

    def offer_apps(self) -> None:
        """The apps that take the selected block, as when its port is dropped on empty paper."""
        canvas = self._canvas
        refs = canvas.selection()
        if len(refs) == 1 and not refs[0].kind.drawn:
            canvas.port_dropped.emit(refs[0], self.place())
        else:
            canvas.wish.emit(Say("Select one block to run an app on it."))

    def into_frame(self) -> None:
        """Ask for the frame that the selection goes into."""
        canvas = self._canvas
        if canvas.refuse():
            return
        if canvas.chosen_things():
            canvas.wish.emit(IntoFrame(canvas.chosen_things(), self.place()))
        else:
            canvas.wish.emit(Say("Select the blocks to put into a frame."))
