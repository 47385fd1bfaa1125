"""Frames: named groups of blocks, nested, coloured, folded. Each verb gives the edit that it made."""

from collections.abc import Callable, Iterable
from dataclasses import replace
from typing import Any

from clew.base.errors import UserError
from clew.base.words import count
from clew.db import layout_rows
from clew.db.database import Transaction
from clew.model.frames import frame_line
from clew.model.refs import BlockKind, BlockRef
from clew.model.view import Edit, Frame, Scope, Values
from clew.services.edits import put_values
from clew.services.workspace import Workspace

Frames = dict[int, Frame]


def make_frame(ws: Workspace, scope: Scope, title: str, chosen: Iterable[BlockRef]) -> Edit:
    """Put a frame around blocks, notes and frames.

    Frames that are chosen whole stand inside the new one; the new one stands inside the smallest frame that
    holds all that was chosen.

    Raises:
        UserError: it has no name or nothing in it.
    """
    refs = tuple(dict.fromkeys(chosen))
    title = title.strip()
    if not refs or not title:
        raise UserError("A frame needs a name and at least one block.")
    with ws.db.write() as transaction:
        frames = _frames(transaction.connection, scope)
        blocks = set(refs) - {f.ref for f in frames.values()}
        for ref in refs:
            if ref.kind is BlockKind.FRAME:
                blocks |= _all_members(frames, ref.id)
        whole = {i for i in frames if (inside := _all_members(frames, i)) and inside <= blocks}
        inner = {i for i in whole if frames[i].parent not in whole}
        direct = blocks - set().union(*(_all_members(frames, i) for i in inner))
        around = [i for i in frames if i not in whole and blocks <= _all_members(frames, i)]
        parent = max(around, key=lambda i: len(frame_line(frames, i)), default=None)
        made = Frame(0, title, tuple(sorted(direct)), parent=parent)
        made = replace(made, id=layout_rows.put_frame(transaction, scope.key, made, user_id=ws.user.id))
        after = dict(frames)
        for i in inner:
            after[i] = replace(after[i], parent=made.id)
        after = _without(after, direct)
        after[made.id] = made
        return _written(transaction, ws, scope, frames, after, f"Frame {count(len(blocks), 'block')}")


def change_frame(
    ws: Workspace,
    scope: Scope,
    frame_id: int,
    *,
    title: str | None = None,
    colour: str | None = None,
    folded: bool | None = None,
) -> Edit:
    """Rename, colour, fold or unfold a frame; what is None stays.

    Raises:
        UserError: there is no such frame, or the new name is empty.
    """
    if title is not None and not title.strip():
        raise UserError("A frame needs a name.")
    words = {"title": title and title.strip(), "colour": colour, "folded": folded}
    wanted = {name: value for name, value in words.items() if value is not None}
    verb = {"title": "Rename", "colour": "Colour", "folded": "Fold" if folded else "Unfold"}

    def change(frames: Frames) -> str:
        frames[frame_id] = replace(frames[frame_id], **wanted)  # type: ignore[arg-type]  # named as its fields
        return f"{verb[next(iter(wanted))]} {frames[frame_id].title}"

    return _edit(ws, scope, (frame_id,), change)


def remove_frame(ws: Workspace, scope: Scope, frame_id: int) -> Edit:
    """Take a frame away; what stood in it stays, in the frame around it if there is one.

    Raises:
        UserError: there is no such frame.
    """

    def change(frames: Frames) -> str:
        gone = frames.pop(frame_id)
        for i, frame in frames.items():
            if frame.parent == frame_id:
                frames[i] = replace(frame, parent=gone.parent)
        if gone.parent is not None:
            outer = frames[gone.parent]
            frames[outer.id] = replace(outer, members=tuple(sorted({*outer.members, *gone.members})))
        return f"Remove the frame {gone.title}"

    return _edit(ws, scope, (frame_id,), change)


def put_in_frame(ws: Workspace, scope: Scope, frame_id: int | None, chosen: Iterable[BlockRef]) -> Edit:
    """Put blocks, notes and frames into a frame; with None, take them out of the innermost frame they are in.

    Raises:
        UserError: there is no such frame, or a frame would stand in itself.
    """
    refs = set(chosen)

    def change(frames: Frames) -> str:
        inner = {ref.id for ref in refs if ref.kind is BlockKind.FRAME and ref.id in frames}
        blocks = {ref for ref in refs if ref.kind is not BlockKind.FRAME}
        if frame_id is not None and inner & set(frame_line(frames, frame_id)):
            raise UserError("A frame cannot stand in itself.")
        outer = {ref: _out_of(frames, ref) for ref in blocks}
        for i in inner:
            around = frames[i].parent
            up = frames[around].parent if around is not None else None
            frames[i] = replace(frames[i], parent=frame_id if frame_id is not None else up)
        frames.update(_without(frames, blocks))
        for ref in blocks:
            to = frame_id if frame_id is not None else outer[ref]
            if to is not None:
                frames[to] = replace(frames[to], members=tuple(sorted({*frames[to].members, ref})))
        what = count(len(refs), "block")
        return f"Put {what} in {frames[frame_id].title}" if frame_id is not None else f"Take {what} out"

    return _edit(ws, scope, (frame_id,) if frame_id is not None else (), change)


def _edit(ws: Workspace, scope: Scope, needed: tuple[int, ...], change: Callable[[Frames], str]) -> Edit:
    """Let `change` alter the frames of a scope, and give what came of it as an edit."""
    with ws.db.write() as transaction:
        frames = _frames(transaction.connection, scope)
        if any(i not in frames for i in needed):
            raise UserError("This frame is gone: somebody took it away.")
        after = dict(frames)
        label = change(after)
        return _written(transaction, ws, scope, frames, after, label)


def _written(
    transaction: Transaction, ws: Workspace, scope: Scope, was: Frames, now: Frames, label: str
) -> Edit:
    changed = [i for i in sorted({*was, *now}) if was.get(i) != now.get(i)]
    before: Values = {BlockRef(BlockKind.FRAME, i): was.get(i) for i in changed}
    after: Values = {BlockRef(BlockKind.FRAME, i): now.get(i) for i in changed}
    put_values(transaction, scope, after, ws.user.id)
    return Edit(label, before, after)


def _frames(connection: Any, scope: Scope) -> Frames:
    return {frame.id: frame for frame in layout_rows.frames(connection, scope.key)}


def _all_members(frames: Frames, frame_id: int) -> set[BlockRef]:
    """Blocks and notes in a frame and in the frames inside it."""
    return {ref for i, frame in frames.items() if frame_id in frame_line(frames, i) for ref in frame.members}


def _without(frames: Frames, blocks: set[BlockRef]) -> Frames:
    """The frames with some blocks in none of them."""
    return {
        i: replace(f, members=tuple(ref for ref in f.members if ref not in blocks))
        if blocks & set(f.members)
        else f
        for i, f in frames.items()
    }


def _out_of(frames: Frames, ref: BlockRef) -> int | None:
    """The frame around the one that a block stands in."""
    home = next((f for f in frames.values() if ref in f.members), None)
    return home.parent if home is not None else None
