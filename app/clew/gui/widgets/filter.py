"""Which blocks of the graph are shown: by kind and by state."""

from collections.abc import Callable
from dataclasses import dataclass, replace

from PySide6.QtWidgets import QWidget

from clew.gui.widgets.menu import Menu
from clew.model.refs import BlockKind
from clew.model.view import BlockState, GraphView

KIND_WORDS: dict[BlockKind, str] = {
    BlockKind.PROJECT: "Projects",
    BlockKind.VERSION: "Versions",
    BlockKind.STATE: "Intermediate states",
    BlockKind.DATASET: "Datasets",
    BlockKind.TASK: "Tasks",
    BlockKind.MODEL: "Models",
    BlockKind.REPORT: "Reports",
    BlockKind.FILE: "Files",
    BlockKind.JOB: "Labeling jobs",
}
STATE_WORDS: dict[BlockState, str] = {
    BlockState.SAVED: "Saved or done",
    BlockState.UNSAVED: "Not saved",
    BlockState.RUNNING: "Running",
    BlockState.FAILED: "Failed",
    BlockState.DELETED: "Deleted",
}


@dataclass(frozen=True)
class BlockFilter:
    """What is hidden; nothing by default."""

    kinds: frozenset[BlockKind] = frozenset()
    states: frozenset[BlockState] = frozenset()

    @property
    def active(self) -> bool:
        return bool(self.kinds or self.states)

    def narrow(self, view: GraphView) -> GraphView:
        """The graph without what is hidden, and without links that would end in nothing."""
        if not self.active:
            return view
        blocks = tuple(b for b in view.blocks if b.ref.kind not in self.kinds and b.state not in self.states)
        kept = {block.ref for block in blocks}
        frames = tuple(
            replace(frame, members=members)
            for frame in view.frames
            if (members := tuple(ref for ref in frame.members if ref in kept))
        )
        links = tuple(link for link in view.links if link.source in kept and link.target in kept)
        return replace(view, blocks=blocks, links=links, frames=frames)


class FilterMenu(Menu):
    """Ticks for the kinds and states that the graph has."""

    def __init__(
        self, parent: QWidget, view: GraphView, chosen: BlockFilter, changed: Callable[[BlockFilter], object]
    ) -> None:
        super().__init__(parent, "Filter blocks")
        kinds = {block.ref.kind for block in view.blocks} | chosen.kinds
        states = {block.state for block in view.blocks} | chosen.states
        for kind, word in KIND_WORDS.items():
            if kind in kinds:
                hidden = chosen.kinds ^ {kind}
                self._tick(word, kind not in chosen.kinds, replace(chosen, kinds=hidden), changed)
        if len(states) > 1:
            self.addSeparator()
            for state, word in STATE_WORDS.items():
                if state in states:
                    gone = chosen.states ^ {state}
                    self._tick(word, state not in chosen.states, replace(chosen, states=gone), changed)
        self.addSeparator()
        everything = self.addAction("Show everything")
        everything.setEnabled(chosen.active)
        everything.triggered.connect(lambda _on=False: changed(BlockFilter()))

    def _tick(self, word: str, on: bool, then: BlockFilter, changed: Callable[[BlockFilter], object]) -> None:
        entry = self.addAction(word)
        entry.setCheckable(True)
        entry.setChecked(on)
        entry.triggered.connect(lambda _on=False: changed(then))
