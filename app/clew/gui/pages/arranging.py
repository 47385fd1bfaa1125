"""Arrange: the layout is worked out beside the UI thread, then the blocks glide there as one edit."""

from collections.abc import Callable

from clew.base.progress import Progress
from clew.gui.canvas.arrangement import Arrangement
from clew.gui.canvas.canvas import Canvas
from clew.gui.canvas.scene import Floats
from clew.gui.ops import Operation, Ops

_TRIES = 3  # a graph that changes all the time is left as it is


class Arranging:
    """One layout at a time for a canvas; it can be cancelled in the list of what is running."""

    def __init__(self, canvas: Canvas, ops: Ops, say: Callable[[str], object]) -> None:
        self._canvas, self._ops, self._say = canvas, ops, say
        self._operation: Operation | None = None

    def start(self) -> None:
        """Arrange what is selected, if that is more than one block, or else all; not twice at once."""
        if self._operation is None or self._operation.over:
            self._work(only_selection=len(self._canvas.selection()) > 1, tries=_TRIES)

    def _work(self, *, only_selection: bool, tries: int) -> None:
        asked = self._canvas.arrangement(only_selection=only_selection)
        if not asked.refs:
            return

        def places(progress: Progress) -> Floats:
            progress.start("Arranging blocks")
            found = asked.places()
            progress.check()
            return found

        self._operation = self._ops.read(
            "Arranging blocks", places, lambda found: self._done(asked, found, tries)
        )

    def _done(self, asked: Arrangement, found: Floats, tries: int) -> None:
        """Put the blocks there, unless something came, went or was moved meanwhile: then once more."""
        if self._canvas.still(asked):
            self._canvas.put(asked, found)
        elif tries > 1:
            self._work(only_selection=not asked.whole, tries=tries - 1)
        else:
            self._say("The graph kept changing, so it was not arranged. Arrange it again in a moment.")
