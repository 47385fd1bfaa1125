"""Which blocks of the graph are shown: by kind, state, person, app and day."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from datetime import date, datetime, time
from typing import Any

from clew.base.words import listing
from clew.model.refs import BlockKind, BlockRef
from clew.model.view import Block, BlockState, GraphView

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
Names = Mapping[str, str]


@dataclass(frozen=True)
class Facet:
    """One thing to filter by: the field of `BlockFilter`, its heading, and what it looks at in a block."""

    field: str
    title: str
    of: Callable[[Block], Any]
    words: Mapping[Any, str] = ()  # type: ignore[assignment]  # none: the values are words themselves
    without: str = ""  # what blocks without a value are called


FACETS = (
    Facet("kinds", "Kind", lambda b: b.ref.kind, KIND_WORDS),
    Facet("states", "State", lambda b: b.state, STATE_WORDS),
    Facet("people", "Made by", lambda b: b.person, without="Nobody known"),
    Facet("makers", "App", lambda b: b.maker, without="No app, by hand"),
)


@dataclass(frozen=True)
class BlockFilter:
    """What is hidden; nothing by default. Days are those of this machine, both included."""

    kinds: frozenset[BlockKind] = frozenset()
    states: frozenset[BlockState] = frozenset()
    people: frozenset[str] = frozenset()
    makers: frozenset[str] = frozenset()
    since: date | None = None
    until: date | None = None

    @property
    def active(self) -> bool:
        return self != BlockFilter()

    def lets(self, block: Block) -> bool:
        """Whether a block is shown, as far as kind, state, person and app go."""
        return (
            block.ref.kind not in self.kinds
            and block.state not in self.states
            and block.person not in self.people
            and block.maker not in self.makers
        )

    def narrow(self, view: GraphView) -> GraphView:
        """The graph without what is hidden, and without links that would end in nothing."""
        if not self.active:
            return view
        first = _moment(self.since, time.min) if self.since else 0
        last = _moment(self.until, time.max) if self.until else 1 << 62
        return only_blocks(
            view, {b.ref for b in view.blocks if first <= b.created_at <= last and self.lets(b)}
        )

    def told(self, view: GraphView, names: Names) -> list[tuple[str, "BlockFilter"]]:
        """What is filtered, in words, each with the filter that no longer does so."""
        found = []
        for facet in FACETS:
            hidden = getattr(self, facet.field)
            if hidden:
                left = {facet.of(block) for block in view.blocks} - hidden
                word, values = ("Only", left) if 0 < len(left) < len(hidden) else ("Without", hidden)
                said = listing(sorted(value_words(facet, v, names) for v in values))
                if facet.words:
                    said = said.lower()
                shown: dict[str, Any] = {facet.field: frozenset()}
                found.append((f"{word} {said}", replace(self, **shown)))
        days = self._days()
        return [*found, (days, replace(self, since=None, until=None))] if days else found

    def _days(self) -> str:
        since, until = (day_words(day) if day else "" for day in (self.since, self.until))
        if since and until:
            return since if since == until else f"{since} to {until}"
        return f"Since {since}" if since else f"Until {until}" if until else ""


def only_blocks(view: GraphView, kept: set[BlockRef]) -> GraphView:
    """The graph with some of its blocks, its notes, and the links and frames among them."""
    there = kept | {note.ref for note in view.notes}
    frames = tuple(
        replace(frame, members=members)
        for frame in view.frames
        if (members := tuple(ref for ref in frame.members if ref in there))
    )
    links = tuple(link for link in view.links if link.source in kept and link.target in kept)
    blocks = tuple(block for block in view.blocks if block.ref in kept)
    return replace(view, blocks=blocks, links=links, frames=frames)


def value_words(facet: Facet, value: Any, names: Names) -> str:
    """A value of a facet as the person reads it; `names` are better words for apps and people."""
    if facet.words:
        return facet.words.get(value, str(value))
    return names.get(value, value) if value else facet.without


def day_words(day: date) -> str:
    """A day as the window writes it: "3 Nov 2026"."""
    return f"{day.day} {day.strftime('%b %Y')}"


def _moment(day: date, at: time) -> int:
    return round(datetime.combine(day, at).timestamp() * 1e6)
