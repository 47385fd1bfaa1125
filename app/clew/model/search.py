"""What a search finds."""

from dataclasses import dataclass

from clew.model.refs import BlockRef


@dataclass(frozen=True)
class Hit:
    """One thing that was found, and where the words stand in it.

    Attributes:
        title: its name; the first line of a note.
        caption: its kind in words ("Training app", "Project, version 2").
        field: where the words were found, one of `FIELDS`; the first one where there are several.
        snippet: the words of that field around them, shortened with "…" at either end.
        marks: where in the snippet the words stand, as (start, end).
        scope: the key of the scope that a frame or a note lies in; "workspace" for all else.
    """

    ref: BlockRef
    title: str
    caption: str
    field: str
    snippet: str
    marks: tuple[tuple[int, int], ...]
    created_at: int
    scope: str = "workspace"


@dataclass(frozen=True)
class Found:
    """What a search found: the best hits in full, and everything that fits by reference."""

    hits: tuple[Hit, ...] = ()
    refs: frozenset[BlockRef] = frozenset()


FIELDS = (
    "name",
    "kind",
    "version",
    "person",
    "description",
    "tags",
    "parameters",
    "metrics",
    "message",
)
"""Where words are looked for, in the order in which a hit is told."""
