"""What assistive technology sees on the canvas: blocks, open frames and links, each an item of the list."""

from typing import TYPE_CHECKING, Any

import numpy as np
from PySide6.QtCore import QObject, QRect, QRectF
from PySide6.QtGui import QAccessible, QAccessibleEvent, QAccessibleInterface, QWindow

from clew.base.words import count
from clew.gui.canvas.editable import Editable
from clew.gui.canvas.link_card import origin
from clew.gui.canvas.link_hand import key_of
from clew.gui.canvas.scene import NOTE_CODE, Ints
from clew.model.refs import BlockKind, BlockRef
from clew.model.view import BlockLink, Frame, LinkKind

if TYPE_CHECKING:
    from clew.services.link_facts import LinkFacts

_PLAIN = {LinkKind.SPINE: "Next version"}  # what a link is that nobody gave a title
_NAMED = 12  # how many blocks of a frame are named before the others are only counted


class Item(QAccessibleInterface):
    """An item of the list that a canvas is; it finds its thing in the scene anew each time it is asked."""

    part = QAccessible.Role.ListItem

    def __init__(self, canvas: Editable) -> None:
        super().__init__()
        self.canvas = canvas

    def place(self) -> int | None:
        """Where it is in the list now, None if it is not there any more."""
        raise NotImplementedError

    def name(self) -> str:
        """Its name; it is there when this is asked."""
        raise NotImplementedError

    def said(self) -> list[str]:
        """What there is to say of it besides its name."""
        raise NotImplementedError

    def box(self) -> QRectF:
        """Its rectangle in the scene."""
        raise NotImplementedError

    def mark(self, state: QAccessible.State) -> None:
        """Tell whether it is selected, shown, open."""
        raise NotImplementedError

    def isValid(self) -> bool:
        return self.place() is not None

    def object(self) -> QObject | None:  # type: ignore[override]  # it is no QObject
        return None

    def window(self) -> QWindow | None:  # type: ignore[override]  # stubs know no None
        return None

    def parent(self) -> QAccessibleInterface:
        return QAccessible.queryAccessibleInterface(self.canvas)

    def child(self, index: int) -> QAccessibleInterface | None:  # type: ignore[override]  # noqa: ARG002
        return None

    def childAt(self, x: int, y: int) -> QAccessibleInterface | None:  # type: ignore[override]  # noqa: ARG002
        return None

    def childCount(self) -> int:
        return 0

    def indexOfChild(self, child: QAccessibleInterface) -> int:  # noqa: ARG002 - Qt's name
        return -1

    def role(self) -> QAccessible.Role:
        return self.part

    def rect(self) -> QRect:
        if self.place() is None:
            return QRect()
        box, canvas = self.box(), self.canvas
        at = canvas.viewport().mapToGlobal(canvas.camera.to_view(box.topLeft()))
        return QRectF(at, box.size() * canvas.zoom()).toRect()

    def state(self) -> QAccessible.State:
        state = QAccessible.State()
        state.selectable = state.focusable = 1
        if self.place() is None:
            state.invalid = 1
        else:
            self.mark(state)
            state.focused = int(self.canvas.hasFocus() and self.place() == self.canvas.item_at_hand())
        return state

    def text(self, kind: QAccessible.Text) -> str:
        if self.place() is None:
            return ""
        if kind == QAccessible.Text.Name:
            return self.name()
        if kind == QAccessible.Text.Description:
            return ". ".join(t.rstrip(".") for t in self.said() if t)
        return ""

    def setText(self, kind: QAccessible.Text, text: str) -> None:
        """Names come from the graph; they cannot be set here."""

    def relations(self, match: Any = None) -> list[Any]:  # noqa: ARG002 - nothing beyond the tree
        return []


class BlockAccess(Item):
    """One block: its kind is in its name, its links and its frame are in its description."""

    def __init__(self, canvas: Editable, ref: BlockRef) -> None:
        super().__init__(canvas)
        self._ref = ref

    def place(self) -> int | None:
        return self.canvas.scene.row.get(self._ref)

    @property
    def _row(self) -> int:
        return self.canvas.scene.row[self._ref]

    def name(self) -> str:
        block = self.canvas.scene.blocks[self._row]
        return f"{block.title}, {block.caption}"

    def said(self) -> list[str]:
        scene, row = self.canvas.scene, self._row
        block = scene.blocks[row]
        pinned = "Pinned" if block.pinned else ""
        hint = self.canvas.scene_painter.hinted.get(self._ref, "")
        frames = scene.framed.around(row)
        inside = f"In {scene.frames[int(frames[0])].title}" if len(frames) else ""
        return [
            *(block.fact, block.step, *block.chips, block.left, pinned),
            f"Hint: {hint}" if hint else "",
            inside,
            *self._links(row),
        ]

    def _links(self, row: int) -> list[str]:
        scene = self.canvas.scene
        came = [scene.blocks[s].title for s in scene.source[scene.target == row].tolist()]
        went = [scene.blocks[t].title for t in scene.target[scene.source == row].tolist()]
        found = [f"From {', '.join(came)}"] if came else []
        return found + ([f"To {', '.join(went)}"] if went else [])

    def box(self) -> QRectF:
        return self.canvas.scene.bounds(np.array([self._row]))

    def mark(self, state: QAccessible.State) -> None:
        canvas, row = self.canvas, self._row
        state.selected = int(row in canvas.selected_rows)
        state.invisible = int(bool(canvas.scene.later[row]))
        if self._ref.kind is BlockKind.FRAME:
            state.expandable = state.collapsed = 1


class FrameAccess(Item):
    """One open frame; what is in it is described, for a block is an item of the graph wherever it stands."""

    part = QAccessible.Role.Grouping

    def __init__(self, canvas: Editable, frame_id: int) -> None:
        super().__init__(canvas)
        self._id = frame_id

    @property
    def _number(self) -> int | None:
        return next((i for i, f in enumerate(self.canvas.scene.frames) if f.id == self._id), None)

    def _frame(self) -> tuple[int, Frame]:
        number = self._number
        assert number is not None
        return number, self.canvas.scene.frames[number]

    def place(self) -> int | None:
        number = self._number
        return self.canvas.item_of_frame(number) if number is not None else None

    def name(self) -> str:
        return f"{self._frame()[1].title}, Frame"

    def said(self) -> list[str]:
        scene = self.canvas.scene
        number, _ = self._frame()
        rows = self._blocks(number)
        around = int(scene.framed.parents[number])
        names = [scene.blocks[row].title for row in rows[:_NAMED].tolist()]
        more = [f"{len(rows) - _NAMED:,} more"] if len(rows) > _NAMED else []
        inside = f"In {scene.frames[around].title}" if around >= 0 else ""
        return [
            count(len(rows), "block"),
            "Open",
            inside,
            f"Holds {', '.join(names + more)}" if names else "",
        ]

    def _blocks(self, number: int) -> Ints:
        rows = self.canvas.scene.frame_rows[number]
        found: Ints = rows[self.canvas.scene.kind[rows] != NOTE_CODE]
        return found

    def box(self) -> QRectF:
        left, top, right, bottom = self.canvas.scene.frame_rects()[self._frame()[0]].tolist()
        return QRectF(left, top, right - left, bottom - top)

    def mark(self, state: QAccessible.State) -> None:
        state.selected = int(self.canvas.frame == self._id)
        state.expandable = state.expanded = 1
        state.invisible = int(not self.canvas.scene.frames_there[self._frame()[0]])


class LinkAccess(Item):
    """One link: what it is and its ends; how, by what and when it came about, as soon as that is read."""

    part = QAccessible.Role.Link

    def __init__(self, canvas: Editable, link: BlockLink) -> None:
        super().__init__(canvas)
        self._key = key_of(link)
        self._asked: BlockLink | None = None
        self._facts: LinkFacts | None = None

    def _link(self) -> BlockLink:
        return self.canvas.scene.links[self._number or 0]

    @property
    def _number(self) -> int | None:
        return self.canvas.link_hand.places().get(self._key)

    def place(self) -> int | None:
        number = self._number
        return self.canvas.item_of_link(number) if number is not None else None

    def name(self) -> str:
        link = self._link()
        read = self._facts.title if self._facts is not None else ""
        title = link.title or read or _PLAIN.get(link.kind, "")
        ends = " to ".join(self.canvas.link_hand.ends(link))
        return f"{title}: {ends}" if title else ends

    def said(self) -> list[str]:
        self._ask(self._link())
        facts = self._facts
        return [origin(facts), facts.description] if facts is not None else []

    def _ask(self, link: BlockLink) -> None:
        """Have what is known of the link read beside the UI thread, once; it is told when it is there."""
        describe = self.canvas.link_hand.describe
        if link == self._asked or describe is None:
            return
        self._asked = link

        def keep(facts: "LinkFacts") -> None:
            place = self.place()
            self._facts = facts
            if place is not None and QAccessible.isActive():
                for kind in (QAccessible.Event.NameChanged, QAccessible.Event.DescriptionChanged):
                    event = QAccessibleEvent(self.canvas, kind)
                    event.setChild(place)
                    QAccessible.updateAccessibility(event)

        describe(link, keep)

    def box(self) -> QRectF:
        around = self.canvas.scene.around_threads(np.array([self._number or 0]))
        left, top, right, bottom = around[0].tolist()
        return QRectF(left, top, right - left, bottom - top)

    def mark(self, state: QAccessible.State) -> None:
        number = self._number or 0
        state.selected = int(self.canvas.marks.link == number)
        state.invisible = int(bool(self.canvas.scene.later_links[number]))
