"""What the command palette offers: everything that the window, its page and the chosen block can do now."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass, replace
from functools import partial
from typing import TYPE_CHECKING, Any

from PySide6.QtWidgets import QPushButton

from clew.gui.actions import actions_for
from clew.gui.dropping import add_model
from clew.gui.keys import keys_of, shown
from clew.gui.settings import THEMES, load_settings, save_settings
from clew.gui.settings_menu import (
    reclaim_space,
    set_hint_marks,
    set_reduced_motion,
    set_theme,
    verify_all,
)
from clew.gui.widgets.header import Header
from clew.gui.widgets.sidebar import PLACES

if TYPE_CHECKING:
    from clew.gui.shell import Shell

_REMEMBERED = 8
_ICONS = {
    "Add model": "box",
    "Arrange": "layout-grid",
    "Compare": "git-compare",
    "Download": "download",
    "Export": "upload",
    "Filter": "filter",
    "Fit": "maximize",
    "Import": "import",
    "New version": "save",
}
"""Icons of header buttons, which have none of their own."""


@dataclass(frozen=True)
class Command:
    """One line of the palette: words, icon, what it does, its keys, and to what it belongs."""

    words: str
    icon: str
    run: Callable[[], object]
    keys: str = ""
    about: str = ""


def act(name: str, run: Callable[[], object]) -> Command:
    """A command of a row of the table of keys."""
    row = keys_of(name)
    return Command(row.words, row.icon or "play", run, shown(name))


def window_commands(shell: "Shell") -> list[Command]:
    """Everything, those first that were used last."""
    commands: list[Command] = []
    if shell.session is not None:
        commands += [*_chosen(shell), *_page(shell), *_places(shell)]
    commands += _window(shell)
    unique = {(c.words, c.about): c for c in reversed(commands)}
    found = list(unique.values())[::-1]
    used = {words: place for place, words in enumerate(load_settings().recent_commands)}
    found.sort(key=lambda c: used.get(c.words, _REMEMBERED))
    return [replace(c, run=partial(_run, c)) for c in found]


def _run(command: Command) -> None:
    """Remember that a command was used, and do it."""
    settings = load_settings()
    recent = [command.words, *(w for w in settings.recent_commands if w != command.words)][:_REMEMBERED]
    save_settings(replace(settings, recent_commands=recent))
    command.run()


def _chosen(shell: "Shell") -> Iterable[Command]:
    """The actions of the chosen block."""
    context, page = shell.context(), shell.stack.currentWidget()
    if context is None or len(shell.state.selection) != 1:
        return
    (ref,) = shell.state.selection
    scene = getattr(getattr(page, "canvas", None), "scene", None)
    block = scene.blocks[scene.row[ref]] if scene is not None and ref in scene.row else None
    about = f"{block.title}, {block.caption}" if block is not None else ""
    for action in actions_for(ref, block):
        yield Command(action.label, action.icon, partial(action.run, context), action.keys, about)


def _page(shell: "Shell") -> Iterable[Command]:
    """What the page in front can do: what it says itself, and the buttons of its header."""
    page: Any = shell.stack.currentWidget()
    if page is None:
        return
    for made in reversed(_buttons(page)):  # the page's one primary button stands last in the header
        yield Command(made.text(), _ICONS.get(made.text(), "play"), made.click)
    yield from page.commands() if hasattr(page, "commands") else ()


def _buttons(page: Any) -> list[QPushButton]:
    header = page.findChild(Header)
    return header.buttons() if header is not None else []


def _places(shell: "Shell") -> Iterable[Command]:
    for place in PLACES:
        yield Command(f"Go to {place.text}", place.icon, partial(shell.state.open, place.page))
    yield Command("Go to all apps", "layout-grid", lambda: shell.state.open("apps"))
    for item in shell.side.app_items():
        yield Command(f"Run {item.text()}", "play", item.click)
    yield act("import", shell.open_import)
    yield Command("Add model", "box", partial(add_model, shell))
    yield act("back", shell.state.go_back)
    yield act("forward", shell.state.go_forward)
    yield act("refresh", shell.refresh)
    yield Command("Verify", "check", partial(verify_all, shell))
    yield Command("Reclaim space", "trash-2", partial(reclaim_space, shell))


def _window(shell: "Shell") -> Iterable[Command]:
    yield act("new-workspace", shell.new_workspace)
    yield act("open-workspace", shell.choose_workspace)
    yield Command("Start page", "clew", lambda: shell.another.emit(None))
    yield act("cheat-sheet", shell.open_cheat_sheet)
    yield act("next-pane", partial(shell.next_pane, 1))
    yield act("last-pane", partial(shell.next_pane, -1))
    for setting, word in THEMES:
        yield Command(f"Theme: {word.lower()}", "sun", partial(set_theme, shell, setting))
    less = not load_settings().reduced_motion
    words = "Reduce motion" if less else "Motion like the system"
    yield Command(words, "settings", lambda: set_reduced_motion(less))
    mark = not load_settings().hint_marks
    words = "Mark blocks with hints" if mark else "Mark no blocks with hints"
    yield Command(words, "lightbulb", partial(set_hint_marks, shell, mark))
    yield act("quit", shell.close)
