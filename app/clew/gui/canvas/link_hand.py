"""Links under the hand: one that is pointed at lights up and says what it is; one that is clicked stays."""

from collections.abc import Callable
from typing import TYPE_CHECKING

import numpy as np
from PySide6.QtCore import QObject, QPointF, QTimer, Signal

from clew.gui.canvas.hit import link_at
from clew.gui.canvas.link_card import LinkCard
from clew.gui.canvas.scene import Ints, Scene
from clew.gui.canvas.style import BRIEF
from clew.gui.canvas.wishes import RemoveLink
from clew.gui.theme import Theme
from clew.model.refs import BlockRef
from clew.model.view import BlockLink, LinkKind

if TYPE_CHECKING:
    from clew.gui.canvas.editable import Editable
    from clew.services.link_facts import LinkFacts

REACH = 5.0  # logical pixels
PAUSE = 400  # milliseconds over a link until its card shows

Describe = Callable[[BlockLink, Callable[["LinkFacts"], None]], object]
LinkKey = tuple[BlockRef, BlockRef, LinkKind]


def key_of(link: BlockLink) -> LinkKey:
    """What stays of a link when it gets another title."""
    return link.source, link.target, link.kind


class LinkHand(QObject):
    """Follows the pointer and the keys over the links of a canvas.

    Attributes:
        describe: finds out about a link and hands over what it found.
    """

    chosen = Signal(object)  # BlockLink | None

    def __init__(self, canvas: "Editable") -> None:
        super().__init__(canvas)
        self._canvas = canvas
        self.describe: Describe | None = None
        self.card: LinkCard | None = None  # made when it is first shown
        self._theme = canvas.look_of.theme
        self._at = QPointF()
        self._places: dict[LinkKey, int] = {}
        self._places_in: Scene | None = None
        self._pause = QTimer(self, singleShot=True, interval=PAUSE)
        self._pause.timeout.connect(self._ask)

    @property
    def link(self) -> BlockLink | None:
        """The chosen link."""
        place = self._canvas.marks.link
        return self._canvas.scene.links[place] if place is not None else None

    def dress(self, theme: Theme) -> None:
        self._theme = theme

    # --- the pointer -----------------------------------------------------------------------------

    def under(self, at: QPointF) -> int | None:
        """The link at a point of the view."""
        canvas = self._canvas
        point, zoom = canvas.camera.to_scene(at), canvas.camera.zoom
        return link_at(canvas.scene, point.x(), point.y(), REACH / zoom, straight=zoom < BRIEF)

    def hover(self, at: QPointF, *, free: bool) -> None:
        """The pointer is at a point of the view; nothing else is there if it is `free`."""
        marks = self._canvas.marks
        self._at = at
        found = self.under(at) if free and len(self._canvas.scene.links) else None
        if found != marks.hover_link:
            self.leave()
            marks.hover_link = found
            self._canvas.viewport().update()
            if found is not None:
                self._pause.start()

    def leave(self) -> None:
        """Point at no link any more."""
        self._pause.stop()
        if self.card is not None:
            self.card.hide()
        if self._canvas.marks.hover_link is not None:
            self._canvas.marks.hover_link = None
            self._canvas.viewport().update()

    def _ask(self) -> None:
        place = self._canvas.marks.hover_link
        if place is None or self.describe is None:
            return
        link = self._canvas.scene.links[place]

        def show(facts: "LinkFacts") -> None:
            now = self._canvas.marks.hover_link
            if now is not None and self._canvas.scene.links[now] == link and self._canvas.isVisible():
                self.card = self.card or LinkCard(self._canvas.viewport())
                self.card.show_link(self.ends(link), facts, self._at, self._theme)

        self.describe(link, show)

    # --- the chosen one --------------------------------------------------------------------------

    def choose(self, place: int | None, *, alone: bool = True) -> None:
        """Choose a link by its place in the scene, or none; `alone` lets go of the blocks."""
        canvas = self._canvas
        if alone and place is not None:
            canvas.choose(canvas.selected_rows[:0])
        if place != canvas.marks.link:
            canvas.marks.link = place
            canvas.viewport().update()
            link = self.link
            if link is not None and place is not None:
                said = f"Link from {' to '.join(self.ends(link))}. {link.title}".rstrip(". ")
                canvas.tell_item(canvas.item_of_link(place), said)
            self.chosen.emit(link)

    def places(self) -> dict[LinkKey, int]:
        """Where each link is in the scene; made when it is first asked for of a scene."""
        scene = self._canvas.scene
        if self._places_in is not scene:
            self._places_in = scene
            self._places = {key_of(link): i for i, link in enumerate(scene.links)}
        return self._places

    def keep(self, link: BlockLink | None) -> None:
        """After the graph has changed: go on with the same link if it is there."""
        links = self._canvas.scene.links
        key = key_of(link) if link is not None else None
        same = (i for i, e in enumerate(links) if key_of(e) == key)
        place = next(same, None) if link is not None else None
        self._canvas.marks.link = place
        now = self.link
        if now != link:
            self.chosen.emit(now)

    def walk(self, step: int) -> None:
        """Go to the next link of the block selected last, or of the one that the chosen link begins at."""
        canvas = self._canvas
        scene, now = canvas.scene, canvas.marks.link
        if len(canvas.selected_rows):
            row = int(canvas.selected_rows[-1])
        elif now is not None:
            row = int(scene.source[now])
        else:
            return
        around = self._around(row)
        if not len(around):
            canvas.tell(f"{scene.blocks[row].title} has no links")
            return
        at = np.flatnonzero(around == now)
        place = (int(at[0]) + step) % len(around) if len(at) else (0 if step > 0 else -1)
        self.choose(int(around[place]), alone=False)

    def _around(self, row: int) -> Ints:
        """The links of a block: what leaves it from top to bottom, then what came in."""
        scene = self._canvas.scene
        links = scene.links_at(np.array([row]))
        comes = scene.target[links] == row
        far = np.where(comes, scene.source[links], scene.target[links])
        return links[np.lexsort((links, scene.position[far, 1], comes))]

    def go_on(self) -> bool:
        """Go to the other end of the chosen link; whether there is one."""
        canvas = self._canvas
        place = canvas.marks.link
        if place is None:
            return False
        source, target = int(canvas.scene.source[place]), int(canvas.scene.target[place])
        back = len(canvas.selected_rows) and int(canvas.selected_rows[-1]) == target
        row = np.array([source if back else target])
        canvas.choose(row)
        canvas.reveal(row)
        return True

    def remove(self) -> bool:
        """Wish the chosen link away; whether there is one."""
        link = self.link
        if link is not None:
            self._canvas.wish.emit(RemoveLink(link))
        return link is not None

    def ends(self, link: BlockLink) -> tuple[str, str]:
        """Names of both ends, with the number of a version: "Coin finds, version 2"."""
        scene = self._canvas.scene
        source, target = (scene.blocks[scene.row[ref]] for ref in (link.source, link.target))
        numbers = (block.caption.partition(", ")[2] for block in (source, target))
        one, two = (
            f"{b.title}, {n}" if n else b.title for b, n in zip((source, target), numbers, strict=True)
        )
        return (one, two) if one != two else (f"{one}, {source.caption}", f"{two}, {target.caption}")
