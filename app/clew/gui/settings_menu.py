"""The menu beside the logo: theme, and what is done with workspaces."""

from dataclasses import replace
from typing import TYPE_CHECKING

from PySide6.QtGui import QActionGroup, QGuiApplication
from PySide6.QtWidgets import QWidget

from clew.gui.hint_book import hint_book
from clew.gui.icons import icon
from clew.gui.keys import entry as with_keys
from clew.gui.motion import prefer_reduced_motion
from clew.gui.settings import THEMES, load_settings, save_settings
from clew.gui.widgets.menu import Menu

if TYPE_CHECKING:
    from clew.gui.shell import Shell


def wanted_theme(setting: str) -> str:
    """The theme a setting stands for: "system" asks the system."""
    if setting in ("light", "dark"):
        return setting
    from PySide6.QtCore import Qt

    return "dark" if QGuiApplication.styleHints().colorScheme() == Qt.ColorScheme.Dark else "light"


def set_theme(shell: "Shell", setting: str) -> None:
    """Keep the choice and change the window now."""
    save_settings(replace(load_settings(), theme=setting))
    shell.state.set_theme(wanted_theme(setting))


def set_reduced_motion(on: bool) -> None:
    """Keep the choice: no animation at all, or as the system wishes."""
    save_settings(replace(load_settings(), reduced_motion=on))
    prefer_reduced_motion(on)


def set_hint_marks(shell: "Shell", on: bool) -> None:
    """Keep the choice, and mark blocks that have a hint, or do not, from now on."""
    save_settings(replace(load_settings(), hint_marks=on))
    context = shell.context()
    if context is not None:
        hint_book(context.ws, context.ops).mark(on)


def reclaim_space(shell: "Shell") -> None:
    """Show what can be reclaimed in the workspace that is open, and do it when the person says so."""
    from clew.gui.dialogs.reclaim import ReclaimDialog

    context = shell.context()
    if context is not None:
        ReclaimDialog(context).open()


def verify_all(shell: "Shell") -> None:
    """Read every byte of the workspace that is open, and offer to repair what is damaged."""
    from clew.gui.dialogs.verify import open_verify

    context = shell.context()
    if context is not None:
        open_verify(context)


def settings_menu(shell: "Shell", parent: QWidget) -> Menu:
    """Made anew for each showing."""
    menu = Menu(parent, "Workspace and settings")
    dim = shell.state.theme.dim
    for text, name, keys, run in (
        ("Import", "import", "import", shell.open_import),
        ("New workspace", "plus", "new-workspace", shell.new_workspace),
        ("Open workspace", "folder-open", "open-workspace", shell.choose_workspace),
        ("Start page", "clew", "", lambda: shell.another.emit(None)),
        ("All commands", "search", "palette", shell.open_palette),
        ("Keyboard shortcuts", "info", "cheat-sheet", shell.open_cheat_sheet),
    ):
        entry = menu.addAction(icon(name, dim, 15), with_keys(text, keys))
        entry.triggered.connect(lambda _on=False, r=run: r())
    if (context := shell.context()) is not None:
        entry = menu.addAction(icon("check", dim, 15), "Verify")
        entry.triggered.connect(lambda _on=False: verify_all(shell))
        entry = menu.addAction(icon("trash-2", dim, 15), "Reclaim space")
        entry.setEnabled(not context.ws.read_only)
        entry.triggered.connect(lambda _on=False: reclaim_space(shell))
    menu.addSeparator()
    still = menu.addAction("Reduce motion")
    still.setCheckable(True)
    still.setChecked(load_settings().reduced_motion)
    still.triggered.connect(set_reduced_motion)
    bulbs = menu.addAction("Mark blocks with hints")
    bulbs.setCheckable(True)
    bulbs.setChecked(load_settings().hint_marks)
    bulbs.triggered.connect(lambda on: set_hint_marks(shell, on))
    menu.addSeparator()
    now = load_settings().theme
    group = QActionGroup(menu)
    for setting, word in THEMES:
        entry = menu.addAction(word)
        entry.setCheckable(True)
        entry.setChecked(setting == now)
        group.addAction(entry)
        entry.triggered.connect(lambda _on=False, s=setting: set_theme(shell, s))
    return menu
