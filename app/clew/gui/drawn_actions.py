"""Actions on what a person drew on the canvas: frames and notes. Each can be undone."""

from collections.abc import Callable
from typing import Any

from clew.gui.context import Context
from clew.gui.dialogs.fields import Field, FieldsDialog
from clew.gui.history import history
from clew.model.refs import BlockRef
from clew.model.view import Edit, Scope
from clew.services import frames, notes
from clew.services.drawn import read_drawn


def fold(context: Context, ref: BlockRef) -> None:
    """Draw a frame as one block, or unfold it."""
    _with(
        context,
        ref,
        lambda scope, frame: _do(
            context,
            scope,
            "Folding",
            lambda: frames.change_frame(context.ws, scope, ref.id, folded=not frame.folded),
        ),
    )


def rename(context: Context, ref: BlockRef) -> None:
    """Ask for another name of a frame."""

    def ask(scope: Scope, frame: Any) -> None:
        _ask(
            context,
            scope,
            "Rename frame",
            Field("text", "Name", value=frame.title, required=True),
            lambda text: frames.change_frame(context.ws, scope, ref.id, title=text),
        )

    _with(context, ref, ask)


def write(context: Context, ref: BlockRef) -> None:
    """Ask for other words on a note."""

    def ask(scope: Scope, note: Any) -> None:
        _ask(
            context,
            scope,
            "Edit note",
            Field("text", "Text", "long", value=note.text),
            lambda text: notes.change_note(context.ws, scope, ref.id, text),
        )

    _with(context, ref, ask)


def remove_frame(context: Context, ref: BlockRef) -> None:
    """Take a frame away; its blocks stay."""
    _with(
        context,
        ref,
        lambda scope, _frame: _do(
            context, scope, "Removing the frame", lambda: frames.remove_frame(context.ws, scope, ref.id)
        ),
    )


def remove_note(context: Context, ref: BlockRef) -> None:
    _with(
        context,
        ref,
        lambda scope, _note: _do(
            context, scope, "Removing the note", lambda: notes.change_note(context.ws, scope, ref.id, "")
        ),
    )


def _with(context: Context, ref: BlockRef, go: Callable[[Scope, Any], None]) -> None:
    context.read(lambda: read_drawn(context.ws, ref), lambda found: go(found[0], found[1]))


def _do(context: Context, scope: Scope, label: str, work: Callable[[], Edit]) -> None:
    history(context.ws, context.ops).run(label, scope, work)


def _ask(context: Context, scope: Scope, title: str, field: Field, work: Callable[[str], Edit]) -> None:
    """One field in a dialog; what it does can be undone."""
    kept = history(context.ws, context.ops)

    def apply(values: dict[str, Any]) -> Edit:
        return work(values["text"])

    def said(edit: Edit) -> str:
        kept.keep(scope, edit)
        return ""

    FieldsDialog(context, title, (field,), apply, said=said).open()
