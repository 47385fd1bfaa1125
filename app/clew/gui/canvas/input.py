"""What mouse, wheel, touch pad and keys do on the canvas."""

import math
from collections.abc import Callable
from typing import TYPE_CHECKING, cast

import numpy as np
from PySide6.QtCore import QEvent, QPoint, QPointF, Qt, QTimer
from PySide6.QtGui import (
    QAccessible,
    QAccessibleEvent,
    QContextMenuEvent,
    QCursor,
    QFocusEvent,
    QKeyEvent,
    QMouseEvent,
    QNativeGestureEvent,
    QWheelEvent,
)
from PySide6.QtWidgets import QApplication, QGestureEvent, QPinchGesture, QWidget

from clew.gui.canvas.gestures import BandDrag, Gesture, LinkDrag, MoveDrag, PanDrag
from clew.gui.canvas.hit import block_at, frame_at, port_at
from clew.gui.canvas.style import BRIEF
from clew.gui.canvas.walk import Way, nearest_to, step

if TYPE_CHECKING:
    from clew.gui.canvas.canvas import Canvas

Key = Qt.Key
Mod = Qt.KeyboardModifier
Button = Qt.MouseButton
_EDGE = 28.0  # view pixels from the edge where dragging scrolls
_WAYS: dict[int, Way] = {Key.Key_Left: "left", Key.Key_Right: "right", Key.Key_Up: "up", Key.Key_Down: "down"}
_NUDGE = {Key.Key_Left: (-1, 0), Key.Key_Right: (1, 0), Key.Key_Up: (0, -1), Key.Key_Down: (0, 1)}
NUDGE = 8.0


class Input:
    """Event handlers of the canvas; mixed into it."""

    def set_up_input(self) -> None:
        canvas = cast("Canvas", self)
        canvas.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        canvas.viewport().setMouseTracking(True)
        canvas.viewport().setAttribute(Qt.WidgetAttribute.WA_OpaquePaintEvent)
        canvas.viewport().grabGesture(Qt.GestureType.PinchGesture)
        self.gesture: Gesture | None = None
        self._press: QPointF | None = None
        self._pending: Callable[[], Gesture] | None = None
        self._click: Callable[[], None] | None = None
        self._at = QPointF()
        self._space = False
        self._scroll = QTimer(canvas, interval=16)
        self._scroll.timeout.connect(self._scroll_at_edge)

    # --- mouse -----------------------------------------------------------------------------------

    def mousePressEvent(self, event: QMouseEvent) -> None:
        canvas = cast("Canvas", self)
        at = event.position()
        canvas.motion.finish()
        if self.gesture is not None:  # a second button during a drag calls it off
            self.cancel_gesture()
            return
        self._at = self._press = at
        self._pending = self._click = None
        if event.button() == Button.MiddleButton or (event.button() == Button.LeftButton and self._space):
            self._begin(PanDrag(canvas, at))
        elif event.button() == Button.LeftButton:
            self._left_press(at, event.modifiers())
        elif event.button() == Button.RightButton:
            self._choose_under(at)

    def _left_press(self, at: QPointF, modifiers: Mod) -> None:
        canvas = cast("Canvas", self)
        point = canvas.camera.to_scene(at)
        add = bool(modifiers & (Mod.ShiftModifier | Mod.ControlModifier))
        reach = 9.0 / min(max(canvas.camera.zoom, 0.5), 1.5)
        port = (
            port_at(canvas.scene, point.x(), point.y(), reach) if canvas.camera.zoom > BRIEF * 1.6 else None
        )
        if port is not None:
            self._pending = lambda: LinkDrag(canvas, at, port)
            self._click = lambda: canvas.choose(np.array([port.row]))
            return
        row = block_at(canvas.scene, point.x(), point.y())
        if row is None:
            self._ground_press(at, add=add)
            return
        chosen = row in canvas.selected_rows
        if add:
            self._click = lambda: canvas.choose(
                np.setxor1d(canvas.selected_rows, np.array([row])).astype(np.int64)
            )
            self._pending = lambda: self._drag_with(at, row)
        else:
            if not chosen:
                canvas.choose(np.array([row]))
            self._click = lambda: canvas.choose(np.array([row]))
            self._pending = lambda: MoveDrag(canvas, at, canvas.selected_rows)

    def _drag_with(self, at: QPointF, row: int) -> Gesture:
        canvas = cast("Canvas", self)
        canvas.choose(np.union1d(canvas.selected_rows, np.array([row])).astype(np.int64))
        return MoveDrag(canvas, at, canvas.selected_rows)

    def _ground_press(self, at: QPointF, *, add: bool) -> None:
        """Press beside all blocks: on a frame's name it takes the frame's blocks, else a rubber band begins."""
        canvas = cast("Canvas", self)
        point = canvas.camera.to_scene(at)
        frame = frame_at(canvas.scene, point.x(), point.y())
        top = canvas.scene.frame_rects()[frame, 1] if frame is not None else 0.0
        if frame is not None and (point.y() - top) * canvas.camera.zoom < max(34 * canvas.camera.zoom, 18):
            members = canvas.scene.frame_rows[frame]
            self._pending = lambda: MoveDrag(canvas, at, members)
            self._click = lambda: canvas.choose(np.sort(members))
            return
        self._pending = lambda: BandDrag(canvas, at, add=add)
        self._click = None if add else lambda: canvas.choose(np.zeros(0, np.int64))

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        canvas = cast("Canvas", self)
        at = self._at = event.position()
        if self.gesture is not None:
            self.gesture.move(at)
        elif self._press is not None and self._pending is not None:
            if (at - self._press).manhattanLength() >= QApplication.startDragDistance():
                self._begin(self._pending())
                self.gesture.move(at)
        elif not event.buttons():
            self._hover(at)
        canvas.setToolTip("")

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:
        gesture, click, pressed = self.gesture, self._click, self._press
        self._leave_gesture()
        if gesture is not None:
            gesture.end(event.position())
        elif click is not None and pressed is not None and event.button() == Button.LeftButton:
            click()
        self._hover(event.position())

    def mouseDoubleClickEvent(self, event: QMouseEvent) -> None:
        canvas = cast("Canvas", self)
        point = canvas.camera.to_scene(event.position())
        row = block_at(canvas.scene, point.x(), point.y())
        if row is not None and event.button() == Button.LeftButton:
            canvas.choose(np.array([row]))
            canvas.activated.emit(canvas.scene.ref(row))

    def contextMenuEvent(self, event: QContextMenuEvent) -> None:
        canvas = cast("Canvas", self)
        if event.reason() == QContextMenuEvent.Reason.Keyboard:
            rows = canvas.selected_rows
            row = int(rows[-1]) if len(rows) else None
            middle = (
                canvas.scene.bounds(rows[-1:]).center()
                if row is not None
                else canvas.visible_window().center()
            )
            where = canvas.viewport().mapToGlobal(canvas.camera.to_view(middle).toPoint())
        else:
            at = QPointF(event.pos())
            row, where = self._choose_under(at), event.globalPos()
        canvas.menu_requested.emit(canvas.scene.ref(row) if row is not None else None, QPoint(where))
        event.accept()

    def _choose_under(self, at: QPointF) -> int | None:
        canvas = cast("Canvas", self)
        point = canvas.camera.to_scene(at)
        row = block_at(canvas.scene, point.x(), point.y())
        if row is not None and row not in canvas.selected_rows:
            canvas.choose(np.array([row]))
        return row

    def _hover(self, at: QPointF) -> None:
        canvas = cast("Canvas", self)
        point = canvas.camera.to_scene(at)
        near = canvas.camera.zoom > BRIEF * 1.6
        port = port_at(canvas.scene, point.x(), point.y()) if near else None
        row = port.row if port is not None else block_at(canvas.scene, point.x(), point.y())
        if (row, port) != (canvas.marks.hover, canvas.marks.port):
            canvas.marks.hover, canvas.marks.port = row, port
            canvas.viewport().update()
        self._show_cursor()

    def leaveEvent(self, event: QEvent) -> None:  # noqa: ARG002 - Qt's name
        canvas = cast("Canvas", self)
        canvas.marks.hover = canvas.marks.port = None
        canvas.viewport().update()

    # --- drags -----------------------------------------------------------------------------------

    def _begin(self, gesture: Gesture) -> None:
        self.gesture = gesture
        if gesture.scrolls:
            self._scroll.start()
        self._show_cursor()

    def _leave_gesture(self) -> None:
        self.gesture = self._press = self._pending = self._click = None
        self._scroll.stop()
        self._show_cursor()

    def cancel_gesture(self) -> None:
        """Call off the drag under way: everything is as it was before."""
        gesture = self.gesture
        self._leave_gesture()
        if gesture is not None:
            gesture.cancel()

    def _show_cursor(self) -> None:
        canvas = cast("Canvas", self)
        shape = Qt.CursorShape.ArrowCursor
        if self.gesture is not None and self.gesture.cursor is not None:
            shape = self.gesture.cursor
        elif self._space:
            shape = Qt.CursorShape.OpenHandCursor
        elif canvas.marks.port is not None:
            shape = Qt.CursorShape.CrossCursor
        if canvas.viewport().cursor().shape() != shape:
            canvas.viewport().setCursor(QCursor(shape))

    def _scroll_at_edge(self) -> None:
        """Move the view while something is held at its edge, the faster the further out."""
        canvas = cast("Canvas", self)
        if self.gesture is None:
            return
        size = canvas.viewport().size()

        def push(at: float, length: float) -> float:
            return max(_EDGE - at, 0.0) - max(at - (length - _EDGE), 0.0)

        dx, dy = push(self._at.x(), size.width()), push(self._at.y(), size.height())
        if dx or dy:
            canvas.look(canvas.camera.panned(min(max(dx, -60), 60) * 0.4, min(max(dy, -60), 60) * 0.4))
            self.gesture.move(self._at)

    # --- wheel and touch pad ---------------------------------------------------------------------

    def wheelEvent(self, event: QWheelEvent) -> None:
        canvas = cast("Canvas", self)
        angle = event.angleDelta()
        if event.modifiers() & Mod.ControlModifier:
            canvas.set_zoom(canvas.camera.zoom * math.exp(angle.y() / 120 * 0.18), event.position())
        else:
            exact = event.pixelDelta()
            dx, dy = (exact.x(), exact.y()) if not exact.isNull() else (angle.x() * 0.5, angle.y() * 0.5)
            if event.modifiers() & Mod.ShiftModifier and not dx:
                dx, dy = dy, 0
            canvas.look(canvas.camera.panned(dx, dy))
        if self.gesture is not None:
            self.gesture.move(event.position())
        event.accept()

    def viewportEvent(self, event: QEvent) -> bool:
        canvas = cast("Canvas", self)
        if isinstance(event, QNativeGestureEvent):
            if event.gestureType() == Qt.NativeGestureType.ZoomNativeGesture:
                canvas.set_zoom(canvas.camera.zoom * (1 + event.value()), event.position())
                return True
        elif event.type() == QEvent.Type.Gesture:
            pinch = cast("QGestureEvent", event).gesture(Qt.GestureType.PinchGesture)
            if isinstance(pinch, QPinchGesture):
                at = canvas.viewport().mapFromGlobal(pinch.centerPoint())
                canvas.set_zoom(canvas.camera.zoom * pinch.scaleFactor(), at)
                return True
        return bool(super().viewportEvent(event))  # type: ignore[misc]

    # --- keys ------------------------------------------------------------------------------------

    def keyPressEvent(self, event: QKeyEvent) -> None:
        canvas = cast("Canvas", self)
        key, modifiers = event.key(), event.modifiers() & ~Mod.KeypadModifier
        if key == Key.Key_Space:
            self._space = True
            self._show_cursor()
        elif key in _WAYS and modifiers in (Mod.NoModifier, Mod.ShiftModifier):
            self._walk(_WAYS[key], extend=modifiers == Mod.ShiftModifier)
        elif key in _WAYS and modifiers & Mod.ControlModifier:
            far = 1.0 if modifiers & Mod.ShiftModifier else NUDGE
            dx, dy = _NUDGE[Key(key)]
            canvas.nudge(dx * far, dy * far)
        elif (int(key), modifiers) in _KEYS:
            _KEYS[int(key), modifiers](canvas)
        else:
            QWidget.keyPressEvent(canvas, event)

    def keyReleaseEvent(self, event: QKeyEvent) -> None:
        if event.key() == Key.Key_Space and not event.isAutoRepeat():
            self._space = False
            self._show_cursor()

    def focusOutEvent(self, event: QFocusEvent) -> None:  # noqa: ARG002 - Qt's name
        self._space = False
        cast("Canvas", self).viewport().update()

    def _walk(self, way: Way, *, extend: bool) -> None:
        canvas = cast("Canvas", self)
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

    def announce(self) -> None:
        """Tell assistive technology what is selected now."""
        canvas = cast("Canvas", self)
        rows = canvas.selected_rows
        text = "Nothing selected"
        if len(rows) == 1:
            block = canvas.scene.blocks[int(rows[0])]
            text = ", ".join(t for t in (block.caption, block.title, block.fact, *block.chips) if t)
        elif len(rows):
            text = f"{len(rows):,} blocks selected"
        canvas.setAccessibleDescription(text)
        QAccessible.updateAccessibility(QAccessibleEvent(canvas, QAccessible.Event.DescriptionChanged))


def _escape(canvas: "Canvas") -> None:
    if canvas.gesture is not None:
        canvas.cancel_gesture()
    else:
        canvas.choose(np.zeros(0, np.int64))


def _open(canvas: "Canvas") -> None:
    if len(canvas.selected_rows):
        canvas.activated.emit(canvas.scene.ref(int(canvas.selected_rows[-1])))


def _delete(canvas: "Canvas") -> None:
    if len(canvas.selected_rows):
        canvas.delete_requested.emit(canvas.selection())


_KEYS: dict[tuple[int, Mod], Callable[["Canvas"], None]] = {
    (int(Key.Key_F), Mod.NoModifier): lambda c: c.fit_selection(),
    (int(Key.Key_F), Mod.ShiftModifier): lambda c: c.fit(),
    (int(Key.Key_A), Mod.ControlModifier): lambda c: c.choose(np.arange(len(c.scene))),
    (int(Key.Key_Escape), Mod.NoModifier): _escape,
    (int(Key.Key_Return), Mod.NoModifier): _open,
    (int(Key.Key_Enter), Mod.NoModifier): _open,
    (int(Key.Key_Delete), Mod.NoModifier): _delete,
    (int(Key.Key_Backspace), Mod.NoModifier): _delete,
    (int(Key.Key_Plus), Mod.NoModifier): lambda c: c.set_zoom(c.zoom() * 1.25),
    (int(Key.Key_Plus), Mod.ShiftModifier): lambda c: c.set_zoom(c.zoom() * 1.25),
    (int(Key.Key_Minus), Mod.NoModifier): lambda c: c.set_zoom(c.zoom() / 1.25),
    (int(Key.Key_0), Mod.NoModifier): lambda c: c.set_zoom(1.0),
}
