"""What assistive technology sees of the canvas: a list of blocks with names, links and places."""

from typing import Any

from PySide6.QtCore import QObject, QPointF, QRect, QRectF, Qt
from PySide6.QtGui import QAccessible, QAccessibleInterface, QWindow
from PySide6.QtWidgets import QAccessibleWidget, QWidget

from clew.gui.canvas.hit import block_at
from clew.gui.canvas.surface import Surface
from clew.model.refs import BlockRef

# Qt's cache owns an interface from the moment it is registered and never says when it drops it; a reference
# kept here means that Python does not free one that Qt still uses.
_kept: list[QAccessibleInterface] = []
_installed: list[bool] = []


class BlockAccess(QAccessibleInterface):
    """One block, an item of the list."""

    def __init__(self, surface: Surface, ref: BlockRef) -> None:
        super().__init__()
        self._surface, self._ref = surface, ref

    @property
    def _row(self) -> int | None:
        return self._surface.scene.row.get(self._ref)

    def isValid(self) -> bool:
        return self._row is not None

    def object(self) -> QObject | None:  # type: ignore[override]  # a block is no QObject
        return None

    def window(self) -> QWindow | None:  # type: ignore[override]
        return None

    def parent(self) -> QAccessibleInterface:
        return QAccessible.queryAccessibleInterface(self._surface)

    def child(self, index: int) -> QAccessibleInterface | None:  # type: ignore[override]  # noqa: ARG002
        return None

    def childAt(self, x: int, y: int) -> QAccessibleInterface | None:  # type: ignore[override]  # noqa: ARG002
        return None

    def childCount(self) -> int:
        return 0

    def indexOfChild(self, child: QAccessibleInterface) -> int:  # noqa: ARG002 - Qt's name
        return -1

    def role(self) -> QAccessible.Role:
        return QAccessible.Role.ListItem

    def rect(self) -> QRect:
        row = self._row
        if row is None:
            return QRect()
        box = self._surface.scene.bounds(self._surface.scene.rows([self._ref]))
        corner = self._surface.camera.to_view(box.topLeft())
        at = self._surface.viewport().mapToGlobal(corner)
        return QRectF(at, box.size() * self._surface.zoom()).toRect()

    def state(self) -> QAccessible.State:
        state = QAccessible.State()
        row = self._row
        chosen = row is not None and row in self._surface.selected_rows
        state.selectable = state.focusable = 1
        state.selected = int(chosen)
        state.focused = int(chosen and self._surface.hasFocus())
        state.invalid = int(row is None)
        state.invisible = int(row is not None and bool(self._surface.scene.later[row]))
        return state

    def text(self, kind: QAccessible.Text) -> str:
        row = self._row
        if row is None:
            return ""
        block = self._surface.scene.blocks[row]
        if kind == QAccessible.Text.Name:
            return f"{block.title}, {block.caption}"
        if kind == QAccessible.Text.Description:
            pinned = "Pinned" if block.pinned else ""
            found = self._surface.scene_painter.hinted.get(self._ref, "")
            hint = f"Hint: {found}" if found else ""
            said = (block.fact, block.step, *block.chips, block.left, pinned, hint, *self._links(row))
            return ". ".join(t.rstrip(".") for t in said if t)
        return ""

    def _links(self, row: int) -> list[str]:
        scene = self._surface.scene
        came = [scene.blocks[s].title for s in scene.source[scene.target == row].tolist()]
        went = [scene.blocks[t].title for t in scene.target[scene.source == row].tolist()]
        found = [f"From {', '.join(came)}"] if came else []
        return found + ([f"To {', '.join(went)}"] if went else [])

    def setText(self, kind: QAccessible.Text, text: str) -> None:
        """Names come from the graph; they cannot be set here."""

    def relations(self, match: Any = None) -> list[Any]:  # noqa: ARG002 - nothing beyond the tree
        return []


class SurfaceAccess(QAccessibleWidget):
    """The canvas as a list of its blocks, in the order of the graph, then the field in which one writes."""

    def __init__(self, surface: Surface) -> None:
        super().__init__(surface, QAccessible.Role.List, surface.accessibleName())
        self._surface = surface
        self._children: dict[BlockRef, BlockAccess] = {}

    def childCount(self) -> int:
        return len(self._surface.scene) + len(self._fields())

    def child(self, index: int) -> QAccessibleInterface | None:  # type: ignore[override]
        if index >= len(self._surface.scene):
            fields = self._fields()[index - len(self._surface.scene) :]
            return QAccessible.queryAccessibleInterface(fields[0]) if fields else None
        if index < 0:
            return None
        ref = self._surface.scene.ref(index)
        found = self._children.get(ref)
        if found is None:
            found = self._children[ref] = BlockAccess(self._surface, ref)
            _kept.append(found)
            QAccessible.registerAccessibleInterface(found)
        return found

    def childAt(self, x: int, y: int) -> QAccessibleInterface | None:  # type: ignore[override]
        local = self._surface.viewport().mapFromGlobal(QPointF(x, y))
        for number, field in enumerate(self._fields()):
            if field.geometry().contains(local.toPoint()):
                return self.child(len(self._surface.scene) + number)
        point = self._surface.camera.to_scene(local)
        row = block_at(self._surface.scene, point.x(), point.y())
        return self.child(row) if row is not None else None

    def indexOfChild(self, child: QAccessibleInterface) -> int:
        for ref, known in self._children.items():
            if known is child:
                return self._surface.scene.row.get(ref, -1)
        fields: list[QObject] = list(self._fields())
        written = child.object()
        return len(self._surface.scene) + fields.index(written) if written in fields else -1

    def _fields(self) -> list[QWidget]:
        """What lies over the blocks and takes the keyboard: a note, a name, a description being written."""
        over = (w for w in self._surface.viewport().children() if isinstance(w, QWidget) and w.isVisible())
        return [w for w in over if w.focusPolicy() != Qt.FocusPolicy.NoFocus]

    def focusChild(self) -> QAccessibleInterface | None:  # type: ignore[override]
        for number, field in enumerate(self._fields()):
            if field.hasFocus():
                return self.child(len(self._surface.scene) + number)
        rows = self._surface.selected_rows
        return self.child(int(rows[-1])) if len(rows) else None


def install_access() -> None:
    """Teach Qt to describe canvases; once for the process."""
    if not _installed:
        QAccessible.installFactory(_describe)
        _installed.append(True)


def _describe(_class: str, thing: QObject) -> QAccessibleInterface | None:
    if not isinstance(thing, Surface):
        return None
    found = SurfaceAccess(thing)
    _kept.append(found)
    return found
