"""Everything that is shown of one link: when it came about, by whom, and what its program says of it."""

from dataclasses import dataclass
from typing import Any

from clew.base.clock import friendly
from clew.base.errors import UserError
from clew.db import mapping
from clew.model.entities import Link
from clew.model.refs import BlockKind
from clew.model.view import BlockLink, LinkKind
from clew.services.tasks import get_task
from clew.services.users import user_names
from clew.services.versions import get_version, saver
from clew.services.workspace import Workspace

HOW = {
    LinkKind.DATA: "Recorded",
    LinkKind.HAND: "Drawn by hand",
    LinkKind.SPINE: "Follows in the project",
}


@dataclass(frozen=True)
class LinkFacts:
    """One link in words; what is not known stays empty.

    Attributes:
        how: how it came about, as "Recorded".
        title: given by the program that recorded it.
        when: "today, 10:12".
        by: the task, or the person.
        description: given by the program.
        icon, colour: given by the program: a name as programs for Supervisely use it, "#rrggbb".
        url, url_title: an address given by the program.
    """

    how: str
    title: str = ""
    when: str = ""
    by: str = ""
    description: str = ""
    icon: str = ""
    colour: str = ""
    url: str = ""
    url_title: str = ""


def link_facts(ws: Workspace, shown: BlockLink) -> LinkFacts:
    """Read what is known about a link of the graph.

    Raises:
        UserError: the link was removed meanwhile.
    """
    if shown.id is None:
        return _follows(ws, shown)
    with ws.db.read() as connection:
        link = mapping.first(connection, Link, id=shown.id)
    if link is None:
        raise UserError("This link is not there any more.")
    by = user_names(ws).get(link.created_by, "somebody")
    if link.task_id is not None:
        by = get_task(ws, link.task_id).name
    settings = link_settings(link.meta)
    icon, main = settings.get("icon"), settings.get("mainLink")
    icon = icon if isinstance(icon, dict) else {"icon": icon} if icon else {}
    main = main if isinstance(main, dict) else {}
    return LinkFacts(
        HOW[LinkKind.HAND if link.by_hand else LinkKind.DATA],
        link.title or _text(settings, "title"),
        friendly(link.created_at),
        by,
        _text(settings, "description"),
        _text(icon, "icon"),
        _text(icon, "color"),
        _text(main, "url"),
        _text(main, "title"),
    )


def link_settings(meta: dict[str, Any]) -> dict[str, Any]:
    """What a program says of a link; of the block that it made, where it says nothing of the link."""
    for part in ("customRelationSettings", "customNodeSettings"):
        settings = meta.get(part)
        if isinstance(settings, dict) and settings:
            return settings
    return {}


def _text(settings: dict[str, Any], name: str) -> str:
    value = settings.get(name)
    return value if isinstance(value, str) else ""


def _follows(ws: Workspace, shown: BlockLink) -> LinkFacts:
    """A link that nobody recorded: it follows from what the blocks are."""
    if shown.kind is not LinkKind.SPINE:
        return LinkFacts("Ends in a folded frame or in what is still to come")
    if shown.target.kind is not BlockKind.VERSION:
        return LinkFacts(HOW[LinkKind.SPINE])
    version = get_version(ws, shown.target.id)
    by = user_names(ws).get(version.created_by, "somebody")
    if version.task_id is not None:
        by = saver(get_task(ws, version.task_id))
    return LinkFacts(HOW[LinkKind.SPINE], "", friendly(version.created_at), by)
