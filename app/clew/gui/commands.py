"""What the command palette offers, as a table made from the side bar's and the menu's."""

from collections.abc import Callable
from functools import partial
from typing import TYPE_CHECKING

from clew.gui.actions import actions_for
from clew.gui.settings import THEMES
from clew.gui.settings_menu import reclaim_space, set_theme, verify_all
from clew.gui.widgets.header import Header
from clew.gui.widgets.sidebar import PLACES

if TYPE_CHECKING:
    from clew.gui.shell import Shell

Command = tuple[str, str, Callable[[], object]]


def _here(shell: "Shell") -> list[Command]:
    """What the page in front can do: its header's buttons, and the actions of the chosen block."""
    page = shell.stack.currentWidget()
    header = page.findChild(Header) if page is not None else None
    found: list[Command] = [(b.text(), "play", b.click) for b in header.buttons()] if header else []
    context = shell.context()
    if context is not None and len(shell.state.selection) == 1:
        chosen = actions_for(shell.state.selection[0])
        found += [(action.label, action.icon, partial(action.run, context)) for action in chosen]
    return list({words: (words, icon, run) for words, icon, run in reversed(found)}.values())[::-1]


def window_commands(shell: "Shell") -> list[Command]:
    """Words, icon and action of everything the window itself can do now."""
    commands: list[Command] = []
    if shell.session is not None:
        commands += _here(shell)
        commands += [
            (f"Go to {place.text}", place.icon, partial(shell.state.open, place.page)) for place in PLACES
        ]
        commands += [
            ("Go to all apps", "layout-grid", lambda: shell.state.open("apps")),
            ("Import", "import", shell.open_import),
            ("Go back", "arrow-left", shell.state.go_back),
            ("Go forward", "arrow-right", shell.state.go_forward),
            ("Refresh", "rotate-ccw", shell.refresh),
            ("Verify", "check", partial(verify_all, shell)),
            ("Reclaim space", "trash-2", partial(reclaim_space, shell)),
        ]
        commands += [(f"Run {item.text()}", "play", item.click) for item in shell.side.app_items()]
    commands += [
        ("New workspace", "plus", shell.new_workspace),
        ("Open workspace", "folder-open", shell.choose_workspace),
    ]
    commands += [
        (f"Theme: {word.lower()}", "sun", partial(set_theme, shell, setting)) for setting, word in THEMES
    ]
    return commands
