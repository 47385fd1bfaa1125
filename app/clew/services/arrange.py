"""What a person does to the picture: positions, descriptions, links by hand, frames."""

from collections.abc import Iterable, Mapping

from clew.base.errors import UserError
from clew.db import layout_rows, mapping
from clew.graph import lineage
from clew.model.entities import LabelingJob, Link, Project, State, Version
from clew.model.refs import BlockKind, BlockRef
from clew.model.view import Edit, Scope
from clew.services.links import check_ref
from clew.services.workflow import add_link
from clew.services.workspace import Workspace

Place = tuple[float, float]


def save_positions(ws: Workspace, scope: Scope, places: Mapping[BlockRef, Place | None]) -> None:
    """Keep where blocks were put; the blocks of a scope stay there."""
    if places:
        with ws.db.write(durable=False) as transaction:
            layout_rows.put_positions(transaction, scope.key, places)


def apply_edit(ws: Workspace, scope: Scope, edit: Edit) -> None:
    """Do an edit (again)."""
    save_positions(ws, scope, edit.after)


def revert_edit(ws: Workspace, scope: Scope, edit: Edit) -> None:
    """Take an edit back."""
    save_positions(ws, scope, edit.before)


_OWN_DESCRIPTION: dict[BlockKind, type] = {
    BlockKind.PROJECT: Project,
    BlockKind.VERSION: Version,
    BlockKind.JOB: LabelingJob,
}


def describe(ws: Workspace, ref: BlockRef, text: str) -> None:
    """Write the description of any block."""
    text = text.strip()
    with ws.db.write() as transaction:
        check_ref(transaction.connection, ref)
        if ref.kind in _OWN_DESCRIPTION:
            mapping.change(transaction, _OWN_DESCRIPTION[ref.kind], ref.id, description=text)
        else:
            layout_rows.put_description(transaction, ref, text)


def link_by_hand(ws: Workspace, source: BlockRef, target: BlockRef, title: str = "") -> Link:
    """Draw a link between two blocks.

    Raises:
        UserError: it would make something its own origin.
    """
    with ws.db.read() as connection:
        links = mapping.find(connection, Link)
        states = mapping.find(connection, State)
    graph = lineage.build(links, lineage.promoted(states))
    if lineage.would_loop(graph, source, target):
        raise UserError("This link would make a block its own origin. Links go forward in time only.")
    return add_link(ws, source, target, title=title, by_hand=True)


def remove_link(ws: Workspace, link_id: int) -> None:
    """Take a link away that a person drew; what tasks recorded stays.

    Raises:
        UserError: a task recorded it.
    """
    with ws.db.write() as transaction:
        link = mapping.first(transaction.connection, Link, id=link_id)
        if link is None:
            return
        if not link.by_hand:
            raise UserError(
                "A task recorded this link, so it stays. Only links drawn by hand can be removed."
            )
        mapping.remove(transaction, Link, link_id)


def create_frame(ws: Workspace, scope: Scope, title: str, members: Iterable[BlockRef]) -> int:
    """Group blocks under a name; gives the frame's id."""
    chosen = tuple(members)
    if not chosen or not title.strip():
        raise UserError("A frame needs a name and at least one block.")
    with ws.db.write() as transaction:
        return layout_rows.add_frame(transaction, scope.key, title.strip(), chosen, user_id=ws.user.id)


def remove_frame(ws: Workspace, frame_id: int) -> None:
    """Take a frame away; its blocks stay."""
    with ws.db.write() as transaction:
        layout_rows.remove_frame(transaction, frame_id)
