"""Blocks named as the command line takes them."""

from collections.abc import Iterable

from clew.base.errors import ClewError
from clew.model.refs import BlockKind, BlockRef
from clew.services.projects import get_project
from clew.services.versions import get_version
from clew.services.workspace import Workspace


def reference(ws: Workspace, ref: BlockRef) -> str:
    """A version as "Coin finds@2", a project by its name, anything else as "task:3".

    Raises:
        UserError: there is no such block.
    """
    if ref.kind is BlockKind.VERSION:
        version = get_version(ws, ref.id)
        return f"{get_project(ws, version.project_id).name}@{version.number}"
    if ref.kind is BlockKind.PROJECT:
        return get_project(ws, ref.id).name
    return str(ref)


def references(ws: Workspace, refs: Iterable[BlockRef]) -> list[str]:
    """The references of what is still there, in the order given; what a person only drew has none."""
    found: list[str] = []
    for ref in refs:
        if ref.kind.drawn or ref.id < 0:
            continue
        try:
            found.append(reference(ws, ref))
        except ClewError:
            continue  # gone since it was drawn
    return found
