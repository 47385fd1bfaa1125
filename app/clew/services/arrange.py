"""What a person does to the picture: positions, descriptions, links by hand. Each edit can be undone."""

from collections.abc import Iterable, Mapping
from typing import Any

from clew.base.clock import now_us
from clew.base.errors import UserError
from clew.db import layout_rows, mapping
from clew.graph import lineage
from clew.model.entities import Link, State, Version
from clew.model.linking import why_not
from clew.model.refs import BlockRef
from clew.model.view import PINNED, Edit, LinkOf, PinOf, Scope, TextOf, Values
from clew.services.edits import apply_edit, put_values, read_text, read_values, repeat_edit, revert_edit
from clew.services.links import check_ref
from clew.services.workspace import Workspace

__all__ = [
    "apply_edit",
    "describe",
    "draw_link",
    "erase_links",
    "link_by_hand",
    "pin",
    "remove_link",
    "repeat_edit",
    "revert_edit",
    "save_positions",
]

Place = tuple[float, float]
_ANYWHERE = Scope()  # descriptions and links belong to no scope


def save_positions(ws: Workspace, scope: Scope, places: Mapping[BlockRef, Place | None]) -> None:
    """Keep where blocks were put; the blocks of a scope stay there."""
    if places:
        with ws.db.write(durable=False) as transaction:
            layout_rows.put_positions(transaction, scope.key, places)


def pin(ws: Workspace, scope: Scope, refs: Iterable[BlockRef], *, pinned: bool) -> Edit:
    """Pin blocks of a scope to their places, or let them go.

    Raises:
        UserError: one of them is not there, or is a frame or a note.
    """
    value = PINNED if pinned else None
    with ws.db.write() as transaction:
        connection = transaction.connection
        things = [PinOf(ref) for ref in refs]
        for thing in things:
            if thing.ref.kind.drawn:
                raise UserError("Frames and notes cannot be pinned. Pin the blocks in the frame.")
            check_ref(connection, thing.ref)
        before = {t: was for t, was in read_values(connection, scope, things).items() if was != value}
        after: Values = dict.fromkeys(before, value)
        put_values(transaction, scope, after, ws.user.id)
    verb = "Pin" if pinned else "Unpin"
    return Edit(f"{verb} a block" if len(after) == 1 else f"{verb} {len(after):,} blocks", before, after)


def describe(ws: Workspace, ref: BlockRef, text: str) -> Edit:
    """Write the description of any block.

    Raises:
        UserError: there is no such block.
    """
    text = text.strip()
    with ws.db.write() as transaction:
        check_ref(transaction.connection, ref)
        before: Values = {TextOf(ref): read_text(transaction.connection, ref)}
        after: Values = {TextOf(ref): text}
        put_values(transaction, _ANYWHERE, after, ws.user.id)
    return Edit("Describe a block", before, after)


def draw_link(ws: Workspace, source: BlockRef, target: BlockRef, title: str = "") -> Edit:
    """Draw a link between two blocks.

    Raises:
        UserError: the kinds make no sense, it is there already, or it would make something its own origin.
    """
    if source != target and (sentence := why_not(source.kind, target.kind)):
        raise UserError(sentence)
    with ws.db.write() as transaction:
        connection = transaction.connection
        for ref in (source, target):
            check_ref(connection, ref)
        _check_time(connection, source, target)
        link = Link(
            0,
            source,
            target,
            task_id=None,
            title=title,
            meta={},
            by_hand=True,
            created_at=now_us(),
            created_by=ws.user.id,
        )
        ends = LinkOf(source, target)
        put_values(transaction, _ANYWHERE, {ends: link}, ws.user.id)
        after = read_values(connection, _ANYWHERE, (ends,))
    return Edit("Draw a link", {ends: None}, after)


def _check_time(connection: Any, source: BlockRef, target: BlockRef) -> None:
    links, states = mapping.find(connection, Link), mapping.find(connection, State)
    aliases = lineage.promoted(states)
    ends = aliases.get(source, source), aliases.get(target, target)
    if any((aliases.get(x.source, x.source), aliases.get(x.target, x.target)) == ends for x in links):
        raise UserError("These two blocks are linked already.")
    graph = lineage.build(links, aliases)
    # A project's versions follow each other in time: what came of an early one is no source of it.
    graph.add_edges_from(lineage.spine(mapping.find(connection, Version), states))
    if lineage.would_loop(graph, *ends):
        raise UserError("This link would make a block its own origin. Links go forward in time only.")


def erase_links(ws: Workspace, link_ids: Iterable[int]) -> Edit:
    """Take links away that a person drew; what tasks recorded stays. One that is gone counts as taken.

    Raises:
        UserError: a task recorded one of them.
    """
    with ws.db.write() as transaction:
        links = mapping.find(transaction.connection, Link, id=tuple(link_ids))
        if any(not link.by_hand for link in links):
            raise UserError(
                "A task recorded this link, so it stays. Only links drawn by hand can be removed."
            )
        before: Values = {LinkOf(link.source, link.target): link for link in links}
        after: Values = dict.fromkeys(before)
        put_values(transaction, _ANYWHERE, after, ws.user.id)
    return Edit("Remove a link" if len(links) == 1 else f"Remove {len(links):,} links", before, after)


def link_by_hand(ws: Workspace, source: BlockRef, target: BlockRef, title: str = "") -> Link:
    """Draw a link between two blocks and give it.

    Raises:
        UserError: as `draw_link`.
    """
    draw_link(ws, source, target, title)
    with ws.db.read() as connection:
        found = mapping.first(
            connection,
            Link,
            source_kind=source.kind.value,
            source_id=source.id,
            target_kind=target.kind.value,
            target_id=target.id,
        )
    assert found is not None
    return found


def remove_link(ws: Workspace, link_id: int) -> None:
    """Take a link away that a person drew.

    Raises:
        UserError: a task recorded it.
    """
    erase_links(ws, (link_id,))
