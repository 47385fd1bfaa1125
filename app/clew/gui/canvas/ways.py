"""Lets links go around blocks: at once in small graphs, worked out beside the UI thread in large ones."""

from collections.abc import Callable
from typing import TYPE_CHECKING, Any

import numpy as np
from PySide6.QtCore import QObject, QTimer

from clew.graph.routing.route import Routes, route
from clew.gui.canvas.hit import blocks_in
from clew.gui.canvas.scene import SPINE_CODE, Ints, Scene

if TYPE_CHECKING:
    from clew.gui.canvas.surface import Surface

Aside = Callable[[Callable[[], Any], Callable[[Any], None]], object]
"""Does some work elsewhere and hands over what came of it."""

_AT_ONCE = 1000  # links; so many take a few milliseconds
_BEYOND = 600.0  # scene pixels around the links of a dropped block in which blocks are looked at
_PAUSE = 50  # milliseconds, so that the graph is shown first


class Ways(QObject):
    """Seeks ways for the links of a surface from where its blocks stand now; nothing of it is kept.

    Attributes:
        aside: where large graphs are worked on; without it all is done at once.
    """

    def __init__(self, surface: "Surface") -> None:
        super().__init__(surface)
        self._surface = surface
        self.aside: Aside | None = None
        self._busy = False
        self._soon = QTimer(self, singleShot=True, interval=_PAUSE)
        self._soon.timeout.connect(self._seek_aside)

    def seek(self, rows: Ints | None = None) -> None:
        """Look for ways anew: blocks stand somewhere else, those of `rows` or any.

        In a large graph the links of the rows get theirs now, all others soon.
        """
        scene = self._surface.scene
        everything = np.arange(len(scene.links))
        if self.aside is None or len(everything) <= _AT_ONCE:
            self._lead(everything, sought(scene, everything)())
            return
        if rows is not None:
            links = scene.links_at(rows)
            if len(links) <= _AT_ONCE:
                self._lead(links, sought(scene, links, near=True)())
        self._soon.start()

    def finish(self) -> None:
        """Have all ways now, if some are still to be sought: before a picture is taken."""
        if self._busy or self._soon.isActive():
            self._soon.stop()
            everything = np.arange(len(self._surface.scene.links))
            self._lead(everything, sought(self._surface.scene, everything)())

    def _seek_aside(self) -> None:
        if self._busy or self.aside is None:
            return
        self._busy = True
        scene = self._surface.scene
        step = scene.step

        def done(found: Routes) -> None:
            self._busy = False
            now = self._surface.scene
            if now is scene and now.step == step:
                self._lead(np.arange(len(scene.links)), found)
            elif not now.floating.any():  # what is held in the hand seeks when it is let go
                self._seek_aside()

        self.aside(sought(scene, np.arange(len(scene.links))), done)

    def _lead(self, links: Ints, routes: Routes) -> None:
        surface = self._surface
        scene = surface.scene
        before = np.concatenate([scene.low, scene.high], 1)
        changed = scene.lead(links, routes)
        if len(changed):
            surface.tiles.invalidate(np.concatenate([before[changed], scene.around_threads(changed)]))
            surface.viewport().update()


def sought(scene: Scene, links: Ints, *, near: bool = False) -> Callable[[], Routes]:
    """The work of seeking ways for some links, with copies of all that it looks at.

    Args:
        scene: the graph.
        links: int64 (a,).
        near: look only at blocks between the ends of the links and somewhat beyond: enough for few links.
    """
    curves, own = scene.control[links], np.column_stack([scene.source[links], scene.target[links]])
    upright = scene.link_kind[links] == SPINE_CODE
    rows = np.arange(len(scene))
    if near and len(links):
        (left, top), (right, bottom) = curves.min((0, 1)), curves.max((0, 1))
        rows = blocks_in(scene, left - _BEYOND, top - _BEYOND, right + _BEYOND, bottom + _BEYOND)
        own = np.searchsorted(rows, own)
    boxes = np.concatenate([scene.position[rows], scene.position[rows] + scene.size[rows]], 1)
    return lambda: route(boxes, curves, own, upright)
