"""The canvas: shows a graph view, and tells what the hand wants done with it."""

import math
from collections.abc import Callable
from functools import partial
from typing import cast

import numpy as np
from PySide6.QtCore import QEvent, QPoint, QPointF, Qt, QTimer, Signal
from PySide6.QtGui import (
    QContextMenuEvent,
    QCursor,
    QFocusEvent,
    QKeyEvent,
    QMouseEvent,
    QNativeGestureEvent,
    QWheelEvent,
)
from PySide6.QtWidgets import QApplication, QGestureEvent, QPinchGesture, QWidget

from clew.gui.canvas.access import install_access
from clew.gui.canvas.acts import ACTS, open_chosen
from clew.gui.canvas.editable import Editable
from clew.gui.canvas.gestures import BandDrag, Gesture, PanDrag
from clew.gui.canvas.hit import block_at, frame_at, port_at
from clew.gui.canvas.keyboard import Keyboard
from clew.gui.canvas.link_drag import LinkDrag
from clew.gui.canvas.move_drag import MoveDrag
from clew.gui.canvas.note_drag import NoteDrag, corner_of_note
from clew.gui.canvas.scene import Ints
from clew.gui.canvas.style import PORTS
from clew.gui.canvas.wishes import Add, FrameMenu
from clew.gui.keys import bound
from clew.gui.theme import Theme
from clew.gui.widgets.focus_ring import FocusRing
from clew.model.refs import BlockKind, BlockRef
from clew.model.view import Block

Key = Qt.Key
Mod = Qt.KeyboardModifier
Button = Qt.MouseButton
_EDGE = 28.0  # view pixels from the edge where dragging scrolls


class Canvas(Editable):
    """Shows blocks, links and frames; never changes the graph, only where blocks stand on screen.

    Signals carry values of `clew.model`: the page decides what becomes of them. Besides these there are
    `selection_changed`, `zoom_changed` and `moved`.
    """

    activated = Signal(object)  # BlockRef
    menu_requested = Signal(object, object)  # BlockRef | None, QPoint on the screen
    link_requested = Signal(object, object)  # BlockRef, BlockRef
    port_dropped = Signal(object, object)  # BlockRef, QPoint on the screen
    delete_requested = Signal(tuple)  # tuple[BlockRef, ...]
    gesture_over = Signal()  # a drag or press ended or was called off

    def __init__(self, theme: Theme, parent: QWidget | None = None) -> None:
        super().__init__(theme, parent)
        install_access()
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.focus_ring = FocusRing(self, self.viewport(), lambda: self.look_of.theme)
        self.viewport().setMouseTracking(True)
        self.viewport().grabGesture(Qt.GestureType.PinchGesture)
        self.gesture: Gesture | None = None
        self._press: QPointF | None = None
        self._pending: Callable[[], Gesture] | None = None
        self._click: Callable[[], None] | None = None
        self.keyboard: Keyboard = Keyboard(self)
        self.alt = False  # whether blocks move freely, without snapping
        self.taker: Callable[[BlockRef, Block], str] | None = None
        self.outside: Callable[[BlockRef | None, QPoint], str] | None = None
        self.app_out = ""
        self.leave: Callable[[], bool] = lambda: False  # what Esc ends before it selects nothing
        self._scroll = QTimer(self, interval=16)
        self._scroll.timeout.connect(self._scroll_at_edge)

    # --- mouse -----------------------------------------------------------------------------------

    def mousePressEvent(self, event: QMouseEvent) -> None:
        at = event.position()
        self.motion.finish()
        self.link_hand.leave()
        if self.gesture is not None:  # a second button during a drag calls it off
            self.cancel_gesture()
            return
        self.pointer = self._press = at
        self._pending = self._click = None
        if event.button() == Button.MiddleButton or (
            event.button() == Button.LeftButton and self.keyboard.space
        ):
            self._begin(PanDrag(self, at), at)
        elif event.button() == Button.LeftButton:
            self._left_press(at, event.modifiers())
            if self.frozen:  # nothing is moved then: every drag selects
                self._pending = lambda: BandDrag(self, at, add=bool(event.modifiers() & Mod.ShiftModifier))
        elif event.button() == Button.RightButton:
            self._choose_under(at)

    def _left_press(self, at: QPointF, modifiers: Mod) -> None:
        point = self.camera.to_scene(at)
        add = bool(modifiers & (Mod.ShiftModifier | Mod.ControlModifier))
        reach = 9.0 / min(max(self.camera.zoom, 0.5), 1.5)
        port = None
        if self.camera.zoom > PORTS:
            port = port_at(self.scene, point.x(), point.y(), reach)
        if port is not None:
            self._pending = lambda: LinkDrag(self, at, port)
            self._click = lambda: self.choose(np.array([port.row]))
            return
        row = block_at(self.scene, point.x(), point.y())
        if row is None:
            self._ground_press(at, add=add)
            return
        chosen = row in self.selected_rows
        if corner_of_note(self, row, at):
            self._click = lambda: self.choose(np.array([row]))
            self._pending = lambda: NoteDrag(self, at, row)
        elif add:
            self._click = lambda: self.choose(
                np.setxor1d(self.selected_rows, np.array([row])).astype(np.int64)
            )
            self._pending = lambda: self._drag_with(at, row)
        else:
            if not chosen:
                self.choose(np.array([row]))
            self._click = lambda: self.choose(np.array([row]))
            self._pending = lambda: self._carry(at, self.selected_rows)

    def _drag_with(self, at: QPointF, row: int) -> Gesture:
        self.choose(np.union1d(self.selected_rows, np.array([row])).astype(np.int64))
        return self._carry(at, self.selected_rows)

    def _carry(self, at: QPointF, rows: Ints, frame: BlockRef | None = None) -> Gesture:
        """Take blocks along; those that are pinned are part of the paper, and alone they take it along."""
        loose = self.loose(rows)
        return MoveDrag(self, at, loose, frame) if len(loose) else PanDrag(self, at)

    def _ground_press(self, at: QPointF, *, add: bool) -> None:
        """Press beside all blocks: on a link, a frame's name, which takes the whole frame, or on paper."""
        link = self.link_hand.under(at)
        frame = self.frame_title_at(at)
        if frame is not None:
            whole = self.scene.frames[frame].ref
            self._pending = lambda: self._carry(at, self.scene.frame_rows[frame], whole)
            self._click = lambda: self.choose_frame(frame)
            return
        self._pending = lambda: BandDrag(self, at, add=add)
        if link is not None:
            self._click = partial(self.link_hand.choose, link)
            return
        self._click = None if add else lambda: self.choose(np.zeros(0, np.int64))

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        at = self.pointer = event.position()
        self.alt = bool(event.modifiers() & Mod.AltModifier)
        if (
            self._pending is not None and self.gesture is None and not event.buttons()
        ):  # it was let go of where nobody told us
            self.cancel_gesture()
        if self.gesture is not None:
            self.gesture.move(at)
        elif self._press is not None and self._pending is not None:
            if (at - self._press).manhattanLength() >= QApplication.startDragDistance():
                self._begin(self._pending(), at)
        elif not event.buttons():
            self._hover(at)
        self.setToolTip("")

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:
        gesture, click, pressed = self.gesture, self._click, self._press
        self._leave_gesture()
        if gesture is not None:
            gesture.end(event.position())
        elif click is not None and pressed is not None and event.button() == Button.LeftButton:
            click()
        self._hover(event.position())
        if gesture is not None or pressed is not None:
            self.gesture_over.emit()

    def mouseDoubleClickEvent(self, event: QMouseEvent) -> None:
        """The second press: a drag as after any other, or a double click if it is let go of where it is."""
        self.mousePressEvent(event)
        if self._press is not None and self.gesture is None and event.button() == Button.LeftButton:
            self._click = partial(self._double, event.position(), event.globalPosition().toPoint())

    def _double(self, at: QPointF, where: QPoint) -> None:
        point = self.camera.to_scene(at)
        row, frame = block_at(self.scene, point.x(), point.y()), self.frame_title_at(at)
        if row is not None:
            self.choose(np.array([row]))
            self.open_row(row)
        elif frame is not None:
            self.choose_frame(frame)
            self.write()
        elif self.link_hand.under(at) is None:
            self.wish.emit(Add(where))

    def open_row(self, row: int) -> None:
        """Enter or a double click: a folded frame unfolds, a note is written on, a block opens its page."""
        kind = self.scene.ref(row).kind
        if kind.drawn:
            self.choose(np.array([row]))
            (self.fold if kind is BlockKind.FRAME else self.write)()
        else:
            self.activated.emit(self.scene.ref(row))

    def frame_title_at(self, at: QPointF) -> int | None:
        """The frame whose name a point of the view is on, or the strip beside it."""
        point = self.camera.to_scene(at)
        frame = frame_at(self.scene, point.x(), point.y())
        if frame is None:
            return None
        below = (point.y() - float(self.scene.frame_rects()[frame, 1])) * self.camera.zoom
        return frame if below < max(34 * self.camera.zoom, 18) else None

    def contextMenuEvent(self, event: QContextMenuEvent) -> None:
        if event.reason() == QContextMenuEvent.Reason.Keyboard:
            self.keyboard.menu()
            event.accept()
            return
        at = QPointF(event.pos())
        row, where = self._choose_under(at), event.globalPos()
        point = self.camera.to_scene(at)
        frame = frame_at(self.scene, point.x(), point.y()) if row is None else None
        if frame is not None:
            self.choose_frame(frame)
            self.wish.emit(FrameMenu(self.scene.frames[frame].id, where))
            event.accept()
            return
        self.menu_requested.emit(self.scene.ref(row) if row is not None else None, QPoint(where))
        event.accept()

    def _choose_under(self, at: QPointF) -> int | None:
        point = self.camera.to_scene(at)
        row = block_at(self.scene, point.x(), point.y())
        if row is not None and row not in self.selected_rows:
            self.choose(np.array([row]))
        return row

    def _hover(self, at: QPointF) -> None:
        point = self.camera.to_scene(at)
        near = self.camera.zoom > PORTS
        port = port_at(self.scene, point.x(), point.y()) if near else None
        row = port.row if port is not None else block_at(self.scene, point.x(), point.y())
        if (row, port) != (self.marks.hover, self.marks.port):
            self.marks.hover, self.marks.port = row, port
            self.viewport().update()
        self.link_hand.hover(at, free=row is None)
        self.show_cursor()

    def leaveEvent(self, event: QEvent) -> None:  # noqa: ARG002 - Qt's name
        self.marks.hover = self.marks.port = None
        self.link_hand.leave()
        self.viewport().update()

    # --- drags -----------------------------------------------------------------------------------

    def _begin(self, gesture: Gesture, at: QPointF) -> None:
        self.gesture = gesture
        gesture.move(at)
        if gesture.scrolls:
            self._scroll.start()
        self.show_cursor()

    @property
    def in_hand(self) -> bool:
        """Whether something is dragged, or pressed and perhaps about to be."""
        return self.gesture is not None or self._pending is not None

    def hold(self, gesture: Gesture) -> None:
        """Begin what the keyboard does in several steps, as a drag is."""
        self.cancel_gesture()
        self._begin(gesture, self.pointer)

    def let_go_of(self, end: Callable[[], object]) -> None:
        """The keyboard ends what it holds."""
        self._leave_gesture()
        end()
        self.gesture_over.emit()

    def _leave_gesture(self) -> None:
        self.gesture = self._press = self._pending = self._click = None
        self._scroll.stop()
        self.show_cursor()

    def cancel_gesture(self) -> None:
        """Call off the drag under way: everything is as it was before."""
        gesture, pending = self.gesture, self._pending
        self._leave_gesture()
        if gesture is not None:
            gesture.cancel()
        if gesture is not None or pending is not None:
            self.gesture_over.emit()

    def show_cursor(self) -> None:
        """The shape of the pointer for what a press would do."""
        shape = Qt.CursorShape.ArrowCursor
        if self.gesture is not None and self.gesture.cursor is not None:
            shape = self.gesture.cursor
        elif self.keyboard.space:
            shape = Qt.CursorShape.OpenHandCursor
        elif self.marks.port is not None:
            shape = Qt.CursorShape.CrossCursor
        elif self.marks.hover_link is not None:
            shape = Qt.CursorShape.PointingHandCursor
        elif corner_of_note(self, self.marks.hover, self.pointer):
            shape = Qt.CursorShape.SizeFDiagCursor
        if self.viewport().cursor().shape() != shape:
            self.viewport().setCursor(QCursor(shape))

    def _scroll_at_edge(self) -> None:
        """Move the view while something is held at its edge, the faster the further out."""
        if self.gesture is None or self.app_out:
            return
        size = self.viewport().size()

        def push(at: float, length: float) -> float:
            return max(_EDGE - at, 0.0) - max(at - (length - _EDGE), 0.0)

        dx, dy = push(self.pointer.x(), size.width()), push(self.pointer.y(), size.height())
        if dx or dy:
            self.look(self.camera.panned(min(max(dx, -60), 60) * 0.4, min(max(dy, -60), 60) * 0.4))
            self.gesture.move(self.pointer)

    def carry_out(self, ref: BlockRef | None, at: QPointF) -> bool:
        """Whether a block that is dragged out of the canvas is over an app that takes it."""
        if self.outside is not None:
            out = ref is not None and not self.viewport().rect().contains(at.toPoint())
            where = self.viewport().mapToGlobal(at.toPoint())
            self.app_out = self.outside(ref if out else None, where)
        return bool(self.app_out)

    # --- wheel and touch pad ---------------------------------------------------------------------

    def wheelEvent(self, event: QWheelEvent) -> None:
        angle = event.angleDelta()
        if event.modifiers() & Mod.ControlModifier:
            self.set_zoom(self.camera.zoom * math.exp(angle.y() / 120 * 0.18), event.position())
        else:
            exact = event.pixelDelta()
            dx, dy = (exact.x(), exact.y()) if not exact.isNull() else (angle.x() * 0.5, angle.y() * 0.5)
            if event.modifiers() & Mod.ShiftModifier and not dx:
                dx, dy = dy, 0
            self.look(self.camera.panned(dx, dy))
        if self.gesture is not None:
            self.gesture.move(event.position())
        event.accept()

    def viewportEvent(self, event: QEvent) -> bool:
        if isinstance(event, QNativeGestureEvent):
            if event.gestureType() == Qt.NativeGestureType.ZoomNativeGesture:
                self.set_zoom(self.camera.zoom * (1 + event.value()), event.position())
                return True
        elif event.type() == QEvent.Type.Gesture:
            pinch = cast("QGestureEvent", event).gesture(Qt.GestureType.PinchGesture)
            if isinstance(pinch, QPinchGesture):
                at = self.viewport().mapFromGlobal(pinch.centerPoint())
                self.set_zoom(self.camera.zoom * pinch.scaleFactor(), at)
                return True
        return super().viewportEvent(event)

    # --- keys ------------------------------------------------------------------------------------

    def keyPressEvent(self, event: QKeyEvent) -> None:
        modifiers = event.modifiers() & ~Mod.KeypadModifier
        if self.keyboard.press(event):
            return
        if (int(event.key()), modifiers) in _KEYS:
            _KEYS[int(event.key()), modifiers](self)
        else:
            super().keyPressEvent(event)

    def keyReleaseEvent(self, event: QKeyEvent) -> None:
        self.keyboard.release(event)

    def focusNextPrevChild(self, onwards: bool) -> bool:
        return self.keyboard.tab(onwards=onwards) or super().focusNextPrevChild(onwards)

    def focusOutEvent(self, event: QFocusEvent) -> None:  # noqa: ARG002 - Qt's name
        self.keyboard.leave()
        self.viewport().update()


_KEYS = bound(ACTS) | {(int(Key.Key_Enter), Mod.NoModifier): open_chosen}
