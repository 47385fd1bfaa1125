"""The canvas for assistive technology: a list of blocks, open frames and links, made as far as it is read."""

from collections.abc import Callable, Hashable
from functools import partial

from PySide6.QtCore import QObject, QPointF, Qt
from PySide6.QtGui import QAccessible, QAccessibleInterface
from PySide6.QtWidgets import QAccessibleWidget, QWidget

from clew.gui.canvas.access_items import BlockAccess, FrameAccess, Item, LinkAccess
from clew.gui.canvas.editable import Editable
from clew.gui.canvas.hit import block_at, frame_at
from clew.gui.canvas.link_hand import key_of

# Qt's cache owns an interface from the moment it is registered; a reference kept here, until the canvas is no
# more, means that Python does not free one that Qt still uses.
_kept: set["CanvasAccess"] = set()
_installed: list[bool] = []


class CanvasAccess(QAccessibleWidget):
    """Blocks in the order of the graph, open frames, links, then the field in which one writes."""

    def __init__(self, canvas: Editable) -> None:
        super().__init__(canvas, QAccessible.Role.List, canvas.accessibleName())
        self._canvas = canvas
        self._items: dict[Hashable, Item] = {}
        self._numbers: list[int] = []  # of the items in Qt's cache, which would ask them for ever

    @property
    def _things(self) -> int:
        scene = self._canvas.scene
        return len(scene) + len(scene.frames) + len(scene.links)

    def childCount(self) -> int:
        return self._things + len(self._fields())

    def child(self, index: int) -> QAccessibleInterface | None:  # type: ignore[override]  # stubs know no None
        canvas, scene = self._canvas, self._canvas.scene
        if index < 0:
            return None
        if index < len(scene):
            ref = scene.ref(index)
            return self._item(ref, partial(BlockAccess, canvas, ref))
        if index < canvas.item_of_link(0):
            frame = scene.frames[index - canvas.item_of_frame(0)].id
            return self._item(frame, partial(FrameAccess, canvas, frame))
        if index < self._things:
            link = scene.links[index - canvas.item_of_link(0)]
            return self._item(key_of(link), partial(LinkAccess, canvas, link))
        fields = self._fields()[index - self._things :]
        return QAccessible.queryAccessibleInterface(fields[0]) if fields else None

    def _item(self, key: Hashable, make: Callable[[], Item]) -> Item:
        """The item of a block's reference, a frame's id or a link's ends; made when it is first asked for."""
        found = self._items.get(key)
        if found is None:
            found = self._items[key] = make()
            self._numbers.append(QAccessible.registerAccessibleInterface(found))
        return found

    def forget(self) -> None:
        """The canvas is no more: nobody may ask an item about it."""
        for number in self._numbers:
            QAccessible.deleteAccessibleInterface(number)
        _kept.discard(self)
        vars(self).clear()  # PySide never frees what a factory returned; it shall not keep a graph

    def childAt(self, x: int, y: int) -> QAccessibleInterface | None:  # type: ignore[override]  # stubs know no None
        canvas = self._canvas
        local = canvas.viewport().mapFromGlobal(QPointF(x, y))
        for number, field in enumerate(self._fields()):
            if field.geometry().contains(local.toPoint()):
                return self.child(self._things + number)
        point = canvas.camera.to_scene(local)
        row = block_at(canvas.scene, point.x(), point.y())
        if row is not None:
            return self.child(row)
        link = canvas.link_hand.under(local)
        if link is not None:
            return self.child(canvas.item_of_link(link))
        frame = frame_at(canvas.scene, point.x(), point.y())
        return self.child(canvas.item_of_frame(frame)) if frame is not None else None

    def indexOfChild(self, child: QAccessibleInterface) -> int:
        if isinstance(child, Item):
            place = child.place() if child.canvas is self._canvas else None
            return place if place is not None else -1
        fields: list[QObject] = list(self._fields())
        written = child.object()
        return self._things + fields.index(written) if written in fields else -1

    def _fields(self) -> list[QWidget]:
        """What lies over the blocks and takes the keyboard: a note, a name, a description being written."""
        over = (w for w in self._canvas.viewport().children() if isinstance(w, QWidget) and w.isVisible())
        return [w for w in over if w.focusPolicy() != Qt.FocusPolicy.NoFocus]

    def focusChild(self) -> QAccessibleInterface | None:  # type: ignore[override]  # stubs know no None
        for number, field in enumerate(self._fields()):
            if field.hasFocus():
                return self.child(self._things + number)
        place = self._canvas.item_at_hand()
        return self.child(place) if place is not None else None


def install_access() -> None:
    """Teach Qt to describe canvases; once for the process."""
    if not _installed:
        QAccessible.installFactory(_describe)
        _installed.append(True)


def _describe(_class: str, thing: QObject) -> QAccessibleInterface | None:
    if not isinstance(thing, Editable):
        return None
    found = CanvasAccess(thing)
    _kept.add(found)
    thing.destroyed.connect(found.forget)
    return found
