"""Tying a link with the keyboard: the thread goes from block to block among those it may be tied to."""

from typing import TYPE_CHECKING

import numpy as np
from PySide6.QtCore import QPointF, Qt

from clew.gui.canvas.hit import Port
from clew.gui.canvas.link_drag import LinkDrag
from clew.gui.canvas.walk import Way, nearest_that_way, reading

if TYPE_CHECKING:
    from clew.gui.canvas.canvas import Canvas


class KeyLink(LinkDrag):
    """A thread that keys pull; the mouse leaves it alone, and a click calls it off.

    Attributes:
        rows: what it may be tied to, as one reads.
        row: what it would be tied to now.
    """

    cursor: Qt.CursorShape | None = None
    scrolls = False

    def __init__(self, canvas: "Canvas", port: Port) -> None:
        super().__init__(canvas, QPointF(), port)
        scene = canvas.scene
        allowed = canvas.marks.allowed & ~scene.later if canvas.marks.allowed is not None else scene.later
        self._allowed = allowed
        self.rows: list[int] = reading(scene, np.flatnonzero(allowed))
        self.row = -1
        if self.rows:
            gap = scene.position[self.rows] - scene.position[port.row]
            self._go(self.rows[int((gap**2).sum(1).argmin())])

    def move(self, at: QPointF) -> None:
        """Stay where the keys went."""

    def end(self, at: QPointF) -> None:  # noqa: ARG002 - the mouse ties nothing here
        self.cancel()

    def step(self, way: Way) -> None:
        """Go to the nearest block that way."""
        to = nearest_that_way(self._canvas.scene, self.row, way, self._allowed)
        if to is not None:
            self._go(to)
        self.tell()

    def next(self, way: int) -> None:
        """Go to the next block as one reads, or the one before; round and round."""
        self._go(self.rows[(self.rows.index(self.row) + way) % len(self.rows)])
        self.tell()

    def tie(self) -> None:
        """Wish for the link."""
        self.tie_to(self.row)

    def tell(self) -> None:
        """Say what Enter would do."""
        block = self._canvas.scene.blocks[self.row]
        place = f"{self.rows.index(self.row) + 1} of {len(self.rows)}"
        word = "to" if self._port.output else "from"
        self._canvas.tell(f"Link {word} {block.title}, {block.caption}. {place}")

    def cancel(self) -> None:
        super().cancel()
        self._canvas.marks.hover = None

    def _go(self, row: int) -> None:
        self.row = row
        self.aim(row, QPointF())
        self._canvas.reveal(np.array([row]))
