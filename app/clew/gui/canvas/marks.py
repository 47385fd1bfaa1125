"""What lies over the tiles, as values that the hand sets and the overlay draws."""

from dataclasses import dataclass, field

import numpy as np
from PySide6.QtCore import QPointF, QRectF

from clew.gui.canvas.hit import Port
from clew.gui.canvas.scene import Ints, Mask
from clew.gui.canvas.snap import Guide

_NO_ROWS = np.zeros(0, np.int64)


@dataclass
class Marks:
    """What the overlay shows; rows, links and frames of the scene.

    Attributes:
        selected: rows.
        lit: blocks and links on the thread, or None.
        found: blocks that have the words looked for, and no links; or None.
        hover: the block pointed at.
        port: the port pointed at.
        hover_link, link: the link pointed at, and the chosen one.
        band: the rubber band, scene pixels.
        thread: a link being drawn, from and to in scene pixels.
        fading: floating rows that fade in.
        shown: how far they have, 0 to 1.
        allowed: rows that the link being drawn may be tied to.
        allowed_output: whether at their output ports.
        guides: what the dragged blocks are level with.
        frame: the frame that was chosen by its name.
        goal: the frame that the dragged blocks would go into.
        offer: the row of the task that the dragged block would be given to, and the words for it.
    """

    selected: Ints = field(default_factory=lambda: _NO_ROWS)
    lit: tuple[Mask, Mask] | None = None
    found: tuple[Mask, Mask] | None = None
    hover: int | None = None
    port: Port | None = None
    hover_link: int | None = None
    link: int | None = None
    band: QRectF | None = None
    thread: tuple[QPointF, QPointF] | None = None
    shown: float = 1.0
    fading: Ints = field(default_factory=lambda: _NO_ROWS)
    allowed: Mask | None = None
    allowed_output: bool = False
    guides: tuple[Guide, ...] = ()
    frame: int | None = None
    goal: int | None = None
    offer: tuple[int, str] | None = None

    @property
    def bright(self) -> tuple[Mask, Mask] | None:
        """Blocks and links that stand out while all else fades: what was found, else a thread with links."""
        if self.found is not None:
            return self.found
        return self.lit if self.lit is not None and self.lit[1].any() else None
