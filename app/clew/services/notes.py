"""Notes on the canvas of a scope. Each verb gives the edit that it made, so that it can be taken back."""

from dataclasses import replace

from clew.base.errors import UserError
from clew.db import layout_rows
from clew.model.view import Edit, Note, Scope
from clew.services.workspace import Workspace


def add_note(
    ws: Workspace, scope: Scope, text: str, place: tuple[float, float], size: tuple[float, float]
) -> Edit:
    """Put a note on the canvas.

    Raises:
        UserError: it says nothing.
    """
    text = text.strip()
    if not text:
        raise UserError("A note needs a text.")
    note = Note(0, text, *place, *size)
    with ws.db.write() as transaction:
        note = replace(note, id=layout_rows.put_note(transaction, scope.key, note, user_id=ws.user.id))
    return Edit("Add a note", {note.ref: None}, {note.ref: note})


def change_note(ws: Workspace, scope: Scope, note_id: int, text: str, height: float | None = None) -> Edit:
    """Write other words on a note; none at all take it away. `height` is what the new words need.

    Raises:
        UserError: there is no such note.
    """
    text = text.strip()
    with ws.db.write() as transaction:
        notes = {n.id: n for n in layout_rows.notes(transaction.connection, scope.key)}
        note = notes.get(note_id)
        if note is None:
            raise UserError("This note is gone: somebody took it away.")
        if not text:
            layout_rows.remove_note(transaction, note_id)
            return Edit("Remove a note", {note.ref: note}, {note.ref: None})
        changed = replace(note, text=text, height=max(height or 0.0, note.height))
        layout_rows.put_note(transaction, scope.key, changed, user_id=ws.user.id)
    return Edit("Change a note", {note.ref: note}, {note.ref: changed})
