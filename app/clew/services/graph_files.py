"""The graph as a file: which formats there are, the text of those that are text, and what of it is meant."""

import os
from collections.abc import Callable, Iterable
from pathlib import PurePath

from clew.base.errors import UserError
from clew.graph.export.as_dot import as_dot
from clew.graph.export.as_json import as_json
from clew.graph.export.as_mermaid import as_mermaid
from clew.graph.part import part
from clew.model.refs import BlockKind, BlockRef
from clew.model.view import GraphView
from clew.services.run_events import openlineage
from clew.services.workspace import Workspace

PICTURES = ("svg", "pdf", "png")
"""What the canvas draws: these need the window's packages."""

_WRITERS: dict[str, Callable[[GraphView], str]] = {"mermaid": as_mermaid, "dot": as_dot, "json": as_json}
FORMATS = (*PICTURES, *_WRITERS, "openlineage")
ENDINGS = {
    ".svg": "svg",
    ".pdf": "pdf",
    ".png": "png",
    ".mmd": "mermaid",
    ".md": "mermaid",
    ".dot": "dot",
    ".gv": "dot",
    ".json": "json",
    ".ndjson": "openlineage",
    ".jsonl": "openlineage",
}
_OF_PROJECT = (BlockKind.PROJECT, BlockKind.VERSION, BlockKind.STATE, BlockKind.DATASET)


def format_of(path: str | os.PathLike[str]) -> str | None:
    """The format that the ending of a file names, or None."""
    return ENDINGS.get(PurePath(path).suffix.lower())


def graph_text(ws: Workspace, view: GraphView, form: str) -> str:
    """A view in one of the formats that are text; it ends with a line break, if it has a line."""
    if form == "openlineage":
        return openlineage(ws, view)
    return f"{_WRITERS[form](view)}\n"


def only(view: GraphView, refs: Iterable[BlockRef]) -> GraphView:
    """Some blocks of a view with the links among them; a project stands for its versions and states.

    Raises:
        UserError: one of them is not in the view.
    """
    there = {block.ref for block in view.blocks}
    there |= {note.ref for note in view.notes} | {frame.ref for frame in view.frames}
    kept: set[BlockRef] = set()
    for ref in refs:
        found = {ref} & there
        if not found and ref.kind is BlockKind.PROJECT:
            found = {b.ref for b in view.blocks if b.project_id == ref.id and b.ref.kind in _OF_PROJECT}
        if not found:
            raise UserError(f"There is no {ref} in this graph. List its blocks with: clew graph")
        kept |= found
    return part(view, kept)
