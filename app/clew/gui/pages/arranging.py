"""Arrange: the layout is worked out beside the UI thread, then the blocks glide there as one edit."""

from collections.abc import Callable
from functools import partial

from clew.base.progress import Progress
from clew.graph.layout.framed import framed_layout
from clew.graph.layout.graphviz import dot_layout, find_dot
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
        self._start(None)

    def start_dot(self) -> None:
        """The same by Graphviz, where it is installed."""
        program = find_dot()
        if program is None:
            self._say("Graphviz is not installed. Install it, or use Arrange.")
        else:
            self._start(program)

    def _start(self, dot: str | None) -> None:
        if self._operation is None or self._operation.over:
            self._work(dot, only_selection=len(self._canvas.selection()) > 1, tries=_TRIES)

    def _work(self, dot: str | None, *, only_selection: bool, tries: int) -> None:
        asked = self._canvas.arrangement(only_selection=only_selection)
        if not asked.refs:
            return

        def places(progress: Progress) -> Floats:
            progress.start("Arranging blocks")
            by = framed_layout if dot is None else partial(dot_layout, program=dot, check=progress.check)
            found = asked.places(by)
            progress.check()
            return found

        self._operation = self._ops.read(
            "Arranging blocks", places, lambda found: self._done(dot, asked, found, tries)
        )

    def _done(self, dot: str | None, asked: Arrangement, found: Floats, tries: int) -> None:
        """Put the blocks there, unless something came, went or was moved meanwhile: then once more."""
        if self._canvas.still(asked):
            self._canvas.put(asked, found)
        elif tries > 1:
            self._work(dot, only_selection=not asked.whole, tries=tries - 1)
        else:
            self._say("The graph kept changing, so it was not arranged. Arrange it again in a moment.")
