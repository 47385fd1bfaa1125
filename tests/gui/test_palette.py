"""The palette offers every action that a key, a menu or a button has in the same situation."""

from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from PySide6.QtGui import QShortcut
from PySide6.QtWidgets import QMenu, QPushButton

from clew.gui import keys
from clew.gui.actions import actions_for
from clew.gui.canvas.acts import ACTS
from clew.gui.commands import window_commands
from clew.gui.settings import THEMES
from clew.gui.settings_menu import settings_menu
from clew.model.refs import BlockKind, BlockRef
from clew.services import arrange, frames, notes
from clew.services.workspace import open_workspace

VERSION = BlockRef(BlockKind.VERSION, 1)
JOB, JOB2 = (BlockRef(BlockKind.JOB, i) for i in (1, 2))
Settle = Callable[[Any], None]
ITSELF = {"All commands", "Command palette", "Commands"}  # the palette need not offer itself
OF_THE_MOMENT = {"palette", "none"}  # Esc calls off what is under way, which the palette has done by then
PREFIX = {"Colour": "Colour: ", "Put into a frame": "Put into "}


@pytest.fixture
def page(graph_of: Callable[..., Any], two_jobs: Path, settle: Settle) -> Any:
    """A version, a labeling job in a frame, another one linked by hand, and a note."""
    with open_workspace(two_jobs) as ws:
        arrange.draw_link(ws, VERSION, JOB2)
    page = graph_of(two_jobs, size=(1600, 1000))
    scope = page.scope
    page.history.run("Framing", scope, lambda: frames.make_frame(page.ws, scope, "Work", [JOB]))
    page.history.run("Noting", scope, lambda: notes.add_note(page.ws, scope, "Why?", (900, 600), (200, 90)))
    settle(page.window())
    return page


def words_of(menu: QMenu, prefix: str = "") -> Iterator[str]:
    """What can be chosen in a menu and in the menus inside it."""
    for action in menu.actions():
        text = action.text().split("\t")[0].replace("&&", "&")
        if action.menu() is not None:
            yield from words_of(action.menu(), PREFIX.get(text, ""))
        elif text and action.isEnabled():
            yield prefix + text


def offered(page: Any) -> set[str]:
    return {command.words for command in window_commands(page.window())}


def frame_chosen(page: Any) -> None:
    page.canvas.choose_frame(0)


def link_chosen(page: Any) -> None:
    page.canvas.link_hand.choose(next(i for i, e in enumerate(page.canvas.scene.links) if e.target == JOB2))


SITUATIONS: dict[str, Callable[[Any], None]] = {
    "block": lambda page: page.canvas.select([VERSION]),
    "block that can go into a frame": lambda page: page.canvas.select([JOB2]),
    "several": lambda page: page.canvas.select([VERSION, JOB2]),
    "note": lambda page: page.canvas.select([r for r in page.canvas.positions() if r.kind is BlockKind.NOTE]),
    "frame": frame_chosen,
    "link": link_chosen,
    "nothing": lambda page: page.canvas.select([]),
}


@pytest.mark.parametrize("situation", SITUATIONS)
def test_every_entry_of_every_menu_of_the_graph(
    page: Any, menus: list[QMenu], settle: Settle, situation: str
) -> None:
    SITUATIONS[situation](page)
    settle(page.window())
    page.canvas.keyboard.menu()
    (menu,) = menus
    wanted = set(words_of(menu)) - ITSELF
    assert len(wanted) >= 3
    assert wanted <= offered(page), wanted - offered(page)


def test_a_folded_frame_too(page: Any, menus: list[QMenu], settle: Settle) -> None:
    frame_chosen(page)
    page.canvas.fold()
    settle(page.window())
    page.canvas.keyboard.menu()
    wanted = set(words_of(menus[-1])) - ITSELF
    assert "Colour: Teal" in wanted
    assert wanted <= offered(page), wanted - offered(page)


@pytest.mark.parametrize("ref", [VERSION, JOB, BlockRef(BlockKind.PROJECT, 1)])
def test_every_action_of_the_chosen_block(page: Any, settle: Settle, ref: BlockRef) -> None:
    if ref in page.canvas.scene.row:
        page.canvas.select([ref])
    else:
        page.state.select((ref,))
    settle(page.window())
    wanted = {action.label for action in actions_for(ref, page._block(ref))}
    assert wanted <= offered(page), wanted - offered(page)


def test_every_key_that_is_bound_somewhere(page: Any, settle: Settle) -> None:
    shell = page.window()
    page.canvas.select([VERSION, JOB2])
    settle(shell)
    bound = {s.key().toString() for s in shell.findChildren(QShortcut)}
    rows = [row for row in keys.TABLE if row.group not in (keys.LISTS, keys.DIALOGS)]
    wanted = {row.words for row in rows if row.name in ACTS or bound & set(row.keys)}
    wanted -= {keys.keys_of(name).words for name in OF_THE_MOMENT}
    assert wanted <= offered(page), wanted - offered(page)


def test_every_button_of_a_header_and_what_the_row_offers(page: Any, settle: Settle) -> None:
    shell = page.window()
    for name in ("workflow", "projects", "tasks", "models", "reports", "files", "jobs", "apps"):
        shell.state.open(name)
        settle(shell)
        shown = shell.stack.currentWidget()
        buttons = {
            b.text() for b in shown.header.findChildren(QPushButton) if b.isVisible() and b.isEnabled()
        }
        table = getattr(shown, "table", None)
        if table is not None and table.shown:
            table.selectRow(0)
            (row,) = table.selected()
            buttons |= {a.label for a in actions_for(shown.ref(row), shown.entity(row))}
            buttons.add("Filter the list")
        wanted = {text for text in buttons if text.strip("…")} - {"Show in graph"}
        said = {command.words for command in window_commands(shell)}
        assert wanted <= said, (name, wanted - said)


def test_every_entry_of_the_settings_menu(page: Any) -> None:
    shell = page.window()
    said = {word: f"Theme: {word.lower()}" for _, word in THEMES}
    menu = settings_menu(shell, shell)
    opposite = {
        "Mark blocks with hints": "Mark no blocks with hints",
        "Reduce motion": "Motion like the system",
    }
    said |= {a.text(): opposite[a.text()] for a in menu.actions() if a.isChecked() and a.text() in opposite}
    wanted = {said.get(words, words) for words in words_of(menu)} - ITSELF
    assert len(wanted) >= 9
    assert wanted <= offered(page), wanted - offered(page)


def test_what_hides_a_part_of_the_graph_is_taken_back(page: Any, settle: Settle) -> None:
    assert not {"Show everything", "Show all blocks again", "Back to now"} & offered(page)
    page.canvas.select([VERSION])
    ACTS["only-these"](page.canvas)
    page.past.toggle()
    page.past.play()
    settle(page.window())
    assert {"Show everything", "Show all blocks again"} <= offered(page)
    commands = {c.words: c for c in window_commands(page.window())}
    commands["Show all blocks again"].run()
    assert page.sieve.only is None


def test_choosing_a_colour_and_a_frame_in_the_palette(page: Any, settle: Settle) -> None:
    frame_chosen(page)
    next(c for c in window_commands(page.window()) if c.words == "Colour: Teal").run()
    settle(page.window())
    page.canvas.select([JOB2])
    next(c for c in window_commands(page.window()) if c.words == "Put into Work").run()
    settle(page.window())
    (frame,) = page.view.frames
    assert frame.colour
    assert set(frame.members) == {JOB, JOB2}
