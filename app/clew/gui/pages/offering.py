"""What the palette offers of what is chosen on the graph, beside the table of keys: frame, link, filter."""

from functools import partial
from typing import Any

from clew.gui.actions import actions_for
from clew.gui.canvas.acts import ACTS
from clew.gui.canvas.wishes import ChangeFrame
from clew.gui.commands import Command, act
from clew.gui.theme import load_theme
from clew.model.refs import BlockKind
from clew.model.view import LinkKind

COLOURS = (
    ("Plain", ""),
    ("Blue", "project"),
    ("Indigo", "version"),
    ("Teal", "dataset"),
    ("Amber", "task"),
    ("Violet", "model"),
    ("Green", "report"),
    ("Pink", "job"),
)
"""Words and the token whose light colour a frame keeps; both themes tint with it."""


def colour_wishes(frame: int) -> list[tuple[str, str, ChangeFrame]]:
    """Words, token and wish of each colour that a frame can have."""
    light = load_theme("light")
    return [(w, t, ChangeFrame(frame, colour=getattr(light, t).name() if t else "")) for w, t in COLOURS]


def link_commands(page: Any, place: int) -> list[Command]:
    """What can be done with a link, by its place in the scene."""
    scene = page.canvas.scene
    link = scene.links[place]
    found = [
        Command(f"Go to {scene.blocks[scene.row[ref]].title}", icon, partial(page.jump, ref))
        for ref, icon in ((link.source, "arrow-left"), (link.target, "arrow-right"))
    ]
    if link.kind is LinkKind.HAND and link.id is not None:
        found.append(Command("Remove link", "unlink", partial(page.editing.remove_links, [link.id])))
    return found


def chosen_commands(page: Any) -> list[Command]:
    """What can be done with what is chosen on the graph of a page, and with what hides a part of it."""
    canvas, sieve = page.canvas, page.sieve
    refs = canvas.chosen_things()
    found = link_commands(page, canvas.marks.link) if canvas.marks.link is not None else []
    if len(refs) == 1 and refs[0].kind is BlockKind.FRAME:
        for words, _token, wish in colour_wishes(refs[0].id):
            found.append(Command(f"Colour: {words}", "palette", partial(canvas.wish.emit, wish)))
    if canvas.frame is not None:
        found.append(Command("Remove frame", "trash-2", canvas.remove_frame))
    found += [
        Command(f"Put into {frame.title}", "group", partial(canvas.put_into, refs, frame.id))
        for frame in (page.editing.menus.goals(refs) if refs else ())
    ]
    if canvas.selection():
        found.append(Command("Export selection", "upload", partial(page.exporting.start, "selection")))
        found += _by_key(page)
    if sieve.only is not None:
        found.append(Command("Show all blocks again", "eye", sieve.leave))
    if sieve.active:
        found.append(Command("Show everything", "filter", sieve.everything))
    if page.past.on:
        found.append(Command("Back to now", "history", page.past.end))
    return found


def _by_key(page: Any) -> list[Command]:
    """Enter and Delete, where the actions of the block do not offer the same."""
    refs = page.canvas.selection()
    actions = actions_for(refs[0], page._block(refs[0])) if len(refs) == 1 else []
    offered = {"delete": any(a.dangerous for a in actions), "open": any(a.name == "open" for a in actions)}
    return [act(name, partial(ACTS[name], page.canvas)) for name, has in offered.items() if not has]
