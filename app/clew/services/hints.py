"""Hints about good habits: read, dismissed for good, and mended."""

from collections.abc import Collection
from dataclasses import replace

from clew.base.errors import UserError
from clew.base.words import count
from clew.db import hint_rows
from clew.model.hints import Hint, Mend
from clew.model.refs import BlockKind
from clew.model.view import Edit, HintOf, Scope, Values
from clew.services.arrange import describe, draw_link
from clew.services.edits import DISMISSED, put_values, read_values
from clew.services.habits import RULES, Ground
from clew.services.versions import create_version, promote_state
from clew.services.workspace import Workspace


def hints(ws: Workspace, *, dismissed: bool = False) -> tuple[Hint, ...]:
    """The hints of the workspace, the weightiest habit first; `dismissed` gives those too, marked."""
    with ws.db.read() as connection:
        gone = hint_rows.dismissed(connection)
        ground = Ground(ws, connection)
        found = [replace(h, dismissed=True) if h.id in gone else h for rule in RULES for h in rule(ground)]
    return tuple(hint for hint in found if dismissed or not hint.dismissed)


def task_marks(ws: Workspace, ids: Collection[int]) -> dict[int, tuple[str, str, str]]:
    """What hints hang on of some tasks; where it is as before, no hint can have changed."""
    with ws.db.read() as connection:
        return hint_rows.task_marks(connection, ids)


def get_hint(ws: Workspace, hint_id: str) -> Hint:
    """One hint, dismissed or not.

    Raises:
        UserError: there is no such hint (any more).
    """
    return _named(ws, hint_id)[0]


def _named(ws: Workspace, hint_id: str) -> list[Hint]:
    """The hint of an id, or all hints of a group.

    Raises:
        UserError: there is none.
    """
    found = [hint for hint in hints(ws, dismissed=True) if hint_id in (hint.id, hint.group)]
    if not found:
        raise UserError(f"There is no hint “{hint_id}”. See them with: clew hints")
    return found


def dismiss(ws: Workspace, hint_id: str, *, restore: bool = False) -> Edit:
    """Never show a hint again, or show it again with `restore`; the id of a group means all of its hints.

    Raises:
        UserError: there is no such hint (any more).
    """
    after: Values = {HintOf(hint.id): None if restore else DISMISSED for hint in _named(ws, hint_id)}
    with ws.db.write() as transaction:
        before = read_values(transaction.connection, Scope(), after)
        put_values(transaction, Scope(), after, ws.user.id)
    what = "a hint" if len(after) == 1 else count(len(after), "hint")
    return Edit(f"Show {what} again" if restore else f"Dismiss {what}", before, after)


def mend(ws: Workspace, hint_id: str, text: str = "") -> str:
    """Do what a hint proposes; `text` is the description or the title of the version.

    Returns:
        What was done, in one sentence.

    Raises:
        UserError: there is no such hint, or a description was asked for and there is none.
    """
    hint = get_hint(ws, hint_id)
    if hint.id != hint_id:
        raise UserError(f"“{hint_id}” names several hints. Mend them one by one: clew hints --each")
    if hint.mend is Mend.LINK:
        draw_link(ws, hint.target, hint.about)
        return "Drew the link"
    if hint.mend is Mend.DESCRIBE:
        if not text.strip():
            raise UserError("Say what the block is: clew hints mend ID --text DESCRIPTION")
        describe(ws, hint.target, text)
        return "Saved the description"
    if hint.mend is Mend.PROMOTE:
        return f"Saved version {promote_state(ws, hint.target.id, text, '').number}"
    version = create_version(ws, hint.target.id, text)
    if hint.about.kind is BlockKind.TASK:
        draw_link(ws, version.ref, hint.about)  # else the hint would be told again, with the link to draw
        return f"Saved version {version.number} and linked it"
    return f"Saved version {version.number}"
