"""One edit of the picture, done, taken back, or done again: one generic way for all that can be edited."""

from collections.abc import Callable, Sequence
from dataclasses import fields, is_dataclass, replace
from typing import Any

from clew.base.errors import UserError
from clew.db import hint_rows, layout_rows, mapping
from clew.db.database import Transaction
from clew.model.entities import LabelingJob, Link, Project, Version
from clew.model.refs import BlockKind, BlockRef
from clew.model.view import (
    PINNED,
    Edit,
    Frame,
    HintOf,
    LinkOf,
    Note,
    PinOf,
    Scope,
    TextOf,
    Thing,
    Value,
    Values,
)
from clew.services.links import check_ref
from clew.services.workspace import Workspace

OWN_DESCRIPTION: dict[BlockKind, type] = {
    BlockKind.PROJECT: Project,
    BlockKind.VERSION: Version,
    BlockKind.JOB: LabelingJob,
}
"""Entities that carry their description themselves; that of the others stands beside them."""


def apply_edit(ws: Workspace, scope: Scope, edit: Edit) -> None:
    """Do an edit: what it says takes the place of what is there."""
    if edit.after:
        with ws.db.write(durable=not edit.only_places) as transaction:
            put_values(transaction, scope, edit.after, ws.user.id)


def repeat_edit(ws: Workspace, scope: Scope, edit: Edit) -> tuple[Thing, ...]:
    """Do an edit once more, only where things still are as it expects them: nobody's later work is lost.

    Of a frame, a note or a link only what the edit changes has to be as expected.

    Returns:
        What was left alone.

    Raises:
        UserError: all of it was changed since.
    """
    with ws.db.write(durable=not edit.only_places) as transaction:
        now = read_values(transaction.connection, scope, edit.after)
        wanted: Values = {}
        for thing, value in edit.after.items():
            found = _rebased(now[thing], edit.before[thing], value)
            if found != _CHANGED:
                wanted[thing] = found
        if not wanted and edit.after:
            raise UserError(f"“{edit.label}” was left as it is: somebody changed the same thing since.")
        put_values(transaction, scope, wanted, ws.user.id)
    return tuple(thing for thing in edit.after if thing not in wanted)


def revert_edit(ws: Workspace, scope: Scope, edit: Edit) -> tuple[Thing, ...]:
    """Take an edit back, as `repeat_edit` does its opposite."""
    return repeat_edit(ws, scope, edit.turned)


def joined(label: str, edits: Sequence[Edit]) -> Edit:
    """Edits that were made one after the other as one."""
    before: Values = {}
    after: Values = {}
    for edit in edits:
        before = {**edit.before, **before}
        after |= edit.after
    return Edit(label, before, after)


def read_values(connection: Any, scope: Scope, things: Any) -> Values:
    """What some things are now."""
    places = layout_rows.positions(connection, scope.key) if any(map(_is_block, things)) else {}
    drawn: dict[BlockRef, Frame | Note] = {}
    if any(isinstance(t, BlockRef) and t.kind.drawn for t in things):
        drawn = {f.ref: f for f in layout_rows.frames(connection, scope.key)}
        drawn |= {n.ref: n for n in layout_rows.notes(connection, scope.key)}
    hidden = hint_rows.dismissed(connection) if any(isinstance(t, HintOf) for t in things) else frozenset()
    result: Values = {}
    for thing in things:
        if isinstance(thing, TextOf):
            result[thing] = read_text(connection, thing.ref)
        elif isinstance(thing, LinkOf):
            result[thing] = _hand_link(connection, thing)
        elif isinstance(thing, HintOf):
            result[thing] = DISMISSED if thing.id in hidden else None
        elif isinstance(thing, PinOf):
            result[thing] = PINNED if thing.ref in layout_rows.pins(connection, scope.key) else None
        else:
            result[thing] = drawn.get(thing) if thing.kind.drawn else places.get(thing)
    return result


def put_values(transaction: Transaction, scope: Scope, values: Values, user_id: int) -> None:
    """Make things what they are given as."""
    places = {t: v for t, v in values.items() if isinstance(t, BlockRef) and not t.kind.drawn}
    if places:
        layout_rows.put_positions(transaction, scope.key, places)  # type: ignore[arg-type]  # blocks have places
    for thing, value in values.items():
        if isinstance(thing, BlockRef) and not thing.kind.drawn:
            continue
        kind: Any = thing.kind if isinstance(thing, BlockRef) else type(thing)
        _PUT[kind](transaction, scope, thing, value, user_id)


def read_text(connection: Any, ref: BlockRef) -> str:
    """The description of a block as it was written."""
    entity = OWN_DESCRIPTION.get(ref.kind)
    if entity is None:
        return layout_rows.descriptions(connection).get(ref, "")
    found = mapping.first(connection, entity, id=ref.id)
    return found.description if found is not None else ""


DISMISSED = "dismissed"
"""The value of a hint that nobody wants to see again."""

_CHANGED = "\0changed"  # no text holds a zero character


def _rebased(now: Value | None, expected: Value | None, wanted: Value | None) -> Value | None:
    """What is wanted, on what is there now; `_CHANGED` where that is not as expected."""
    if now is None or expected is None or wanted is None or not isinstance(now, Frame | Note):
        return wanted if _same(now, expected) else _CHANGED
    assert is_dataclass(expected) and is_dataclass(wanted)
    rebased: Frame | Note
    changed: dict[str, Any] = {}
    for field in fields(now):
        was, becomes = getattr(expected, field.name), getattr(wanted, field.name)
        if field.compare and was != becomes:
            if getattr(now, field.name) != was:
                return _CHANGED
            changed[field.name] = becomes
    rebased = replace(now, **changed)
    return rebased


def _same(one: Value | None, other: Value | None) -> bool:
    if isinstance(one, Link) and isinstance(other, Link):
        return one.title == other.title  # the ends name it; its number may be another after an undo
    return one == other


def _is_block(thing: Thing) -> bool:
    return isinstance(thing, BlockRef) and not thing.kind.drawn


def _hand_link(connection: Any, ends: LinkOf) -> Link | None:
    return mapping.first(
        connection,
        Link,
        source_kind=ends.source.kind.value,
        source_id=ends.source.id,
        target_kind=ends.target.kind.value,
        target_id=ends.target.id,
        by_hand=True,
    )


def _put_frame(transaction: Transaction, scope: Scope, ref: Any, frame: Any, user_id: int) -> None:
    if frame is None:
        layout_rows.remove_frame(transaction, ref.id)
    else:
        layout_rows.put_frame(transaction, scope.key, frame, user_id=user_id)


def _put_note(transaction: Transaction, scope: Scope, ref: Any, note: Any, user_id: int) -> None:
    if note is None:
        layout_rows.remove_note(transaction, ref.id)
    else:
        layout_rows.put_note(transaction, scope.key, note, user_id=user_id)


def _put_text(transaction: Transaction, _scope: Scope, thing: Any, text: Any, _user_id: int) -> None:
    ref = thing.ref
    check_ref(transaction.connection, ref)
    if ref.kind in OWN_DESCRIPTION:
        mapping.change(transaction, OWN_DESCRIPTION[ref.kind], ref.id, description=text or "")
    else:
        layout_rows.put_description(transaction, ref, text or "")


def _put_link(transaction: Transaction, _scope: Scope, ends: Any, link: Any, _user_id: int) -> None:
    there = _hand_link(transaction.connection, ends)
    if link is None:
        if there is not None:
            mapping.remove(transaction, Link, there.id)
        return
    if there is not None:
        mapping.change(transaction, Link, there.id, title=link.title)
        return
    for ref in (ends.source, ends.target):
        check_ref(transaction.connection, ref)
    values = {field.name: getattr(link, field.name) for field in fields(Link)}
    if not link.id or mapping.first(transaction.connection, Link, id=link.id) is not None:
        values.pop("id")  # the number was given to another link since
    mapping.add(transaction, Link, **values)


def _put_hint(transaction: Transaction, _scope: Scope, thing: Any, value: Any, user_id: int) -> None:
    hint_rows.put(transaction, thing.id, dismissed=value is not None, user_id=user_id)


def _put_pin(transaction: Transaction, scope: Scope, thing: Any, value: Any, _user_id: int) -> None:
    layout_rows.put_pin(transaction, scope.key, thing.ref, pinned=value is not None)


_PUT: dict[Any, Callable[[Transaction, Scope, Any, Any, int], None]] = {
    BlockKind.FRAME: _put_frame,
    BlockKind.NOTE: _put_note,
    TextOf: _put_text,
    LinkOf: _put_link,
    HintOf: _put_hint,
    PinOf: _put_pin,
}
