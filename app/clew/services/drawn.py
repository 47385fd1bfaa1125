"""What the inspector shows of a frame or a note: things that a person drew, of which nothing came."""

from typing import Any

from clew.base.words import count
from clew.db import layout_rows
from clew.model.refs import BlockKind, BlockRef
from clew.model.view import Frame, Note, Scope
from clew.services.workspace import Workspace


def read_drawn(ws: Workspace, ref: BlockRef) -> tuple[Scope, Frame | Note, tuple[Frame, ...]]:
    """A frame or a note with the scope that it lies in and the frames there.

    Raises:
        UserError: there is none with this id.
    """
    from clew.services.links import check_ref

    with ws.db.read() as connection:
        check_ref(connection, ref)
        key = layout_rows.scope_of(connection, ref) or ""
        kind, _, number = key.partition(":")
        frames = layout_rows.frames(connection, key)
        there = frames if ref.kind is BlockKind.FRAME else layout_rows.notes(connection, key)
    return Scope(kind, int(number or 0)), next(one for one in there if one.id == ref.id), frames


def drawn_words(ws: Workspace, ref: BlockRef) -> dict[str, Any]:
    """Caption, title, subtitle and the value itself of a frame or a note.

    Raises:
        UserError: there is none with this id.
    """
    _, found, frames = read_drawn(ws, ref)
    if isinstance(found, Note):
        lines = found.text.splitlines() or [""]
        return {
            "caption": "Note",
            "title": lines[0][:80],
            "subtitle": "\n".join(lines[1:]),
            "entity": found,
        }
    parts = [count(amount(found, frames), "block")]
    inner = sum(frame.parent == found.id for frame in frames)
    if inner:
        parts.append(f"{count(inner, 'frame')} inside")
    if found.folded:
        parts.append("folded")
    return {"caption": "Frame", "title": found.title, "subtitle": ", ".join(parts), "entity": found}


def amount(frame: Frame, frames: tuple[Frame, ...]) -> int:
    """How many blocks stand in a frame and in those inside it; notes are none."""
    own = sum(not ref.kind.drawn for ref in frame.members)
    return own + sum(amount(inner, frames) for inner in frames if inner.parent == frame.id)
