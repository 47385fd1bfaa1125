"""One table of keys: what the sheet, the palette and the menus say is what the keys really do."""

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from PySide6.QtCore import Qt
from PySide6.QtGui import QKeySequence, QShortcut
from PySide6.QtWidgets import QApplication

from clew.gui import keys
from clew.gui.canvas.canvas import ACTS
from clew.gui.commands import window_commands
from clew.gui.dialogs.cheat_sheet import CheatSheet
from clew.gui.routes import PAGES
from clew.gui.settings import load_settings
from clew.gui.settings_menu import set_reduced_motion, settings_menu
from clew.gui.widgets.fuzzy import fits
from clew.gui.widgets.palette import Palette
from clew.model.refs import BlockKind, BlockRef

Settle = Callable[[Any], None]
VERSION = BlockRef(BlockKind.VERSION, 1)


def test_names_are_given_once_and_all_keys_can_be_read() -> None:
    names = [row.name for row in keys.TABLE]
    assert len(names) == len(set(names))
    for row in keys.TABLE:
        assert row.words
        assert row.keys or row.hand, row.name
        assert row.group in keys.GROUPS
        for text in row.keys:
            assert QKeySequence(text)[0].key() != Qt.Key.Key_unknown, text


def test_no_two_rows_of_a_group_share_a_key() -> None:
    for group in ((keys.EVERYWHERE, keys.GRAPH, keys.SEEING, keys.EDITING), (keys.EVERYWHERE, keys.LISTS)):
        used: dict[str, str] = {}
        for row in keys.TABLE:
            for text in row.keys if row.group in group else ():
                assert text not in used, f"{text}: {row.name} and {used[text]}"
                used[text] = row.name


def test_every_shortcut_of_the_window_stands_in_the_table(shell: Any) -> None:
    known = {QKeySequence(text).toString() for row in keys.TABLE for text in row.keys}
    for page in ("workflow", "projects", "tasks", "models", "reports", "files", "jobs", "apps"):
        shell.state.open(page)
    found = {s.key().toString() for s in shell.findChildren(QShortcut)}
    assert found <= known
    assert {"Ctrl+K", "?", "F6", "Ctrl+Z", "Ctrl+F"} <= found
    assert set(ACTS) <= {row.name for row in keys.TABLE}


def test_the_question_mark_opens_the_sheet_which_narrows_and_closes(
    shell: Any, qtbot: Any, dialog_of: Callable[..., Any]
) -> None:
    canvas = shell.pages["workflow"].canvas
    canvas.setFocus()
    qtbot.keyClick(canvas, Qt.Key.Key_Question)
    qtbot.waitUntil(lambda: any(d.isVisible() for d in shell.findChildren(CheatSheet)))
    sheet = dialog_of(shell, CheatSheet)
    assert {row.name for row, line in sheet.rows if line.isVisible()} == {row.name for row in keys.TABLE}
    qtbot.keyClicks(sheet.field, "undo")
    assert [row.name for row, line in sheet.rows if line.isVisible()] == ["undo"]
    qtbot.keyClicks(sheet.field, "xyz")
    assert sheet.nothing.isVisible()
    qtbot.keyClick(sheet, Qt.Key.Key_Escape)
    qtbot.waitUntil(lambda: not sheet.isVisible())


def test_a_question_mark_in_a_field_is_a_question_mark(shell: Any, qtbot: Any) -> None:
    finder = shell.pages["workflow"].finder
    finder.setFocus()
    qtbot.keyClicks(finder, "what?")
    assert finder.text() == "what?"
    assert not shell.findChildren(CheatSheet)


def test_the_palette_offers_every_action_of_the_block_and_the_page(shell: Any, settle: Settle) -> None:
    shell.pages["workflow"].canvas.select((VERSION,))
    settle(shell)
    said = {(c.words, c.keys) for c in window_commands(shell)}
    wanted = {
        ("Restore", ""), ("Download", ""), ("Delete", "Delete"), ("Open project", "Enter"), ("Arrange", ""),
        ("Fit everything", "Shift+F"), ("Undo", "Ctrl+Z"), ("Filter", ""), ("Find a block", "Ctrl+F"),
        ("Go to Reports", ""), ("Import", "Ctrl+I"), ("Keyboard shortcuts", "?"), ("Theme: dark", ""),
        ("Reduce motion", ""), ("Reclaim space", ""), ("Run Quick trainer", ""),
        ("Close the window", "Ctrl+Q"),
    }  # fmt: skip
    assert wanted <= said, wanted - said
    (about,) = {c.about for c in window_commands(shell) if c.words == "Restore"}
    assert about == "Coin finds, Project, version 1"


def test_the_palette_finds_by_a_few_letters_and_remembers(
    shell: Any, settle: Settle, qtbot: Any, dialog_of: Callable[..., Any]
) -> None:
    shell.open_palette()
    palette = dialog_of(shell, Palette)
    qtbot.keyClicks(palette.field, "gtr")
    assert palette.list.item(0).text() == "Go to Reports"
    qtbot.keyClick(palette, Qt.Key.Key_Return)
    qtbot.waitUntil(lambda: shell.state.route.page == "reports")
    assert load_settings().recent_commands == ["Go to Reports"]
    assert window_commands(shell)[0].words == "Go to Reports"
    settle(shell)


def test_letters_in_a_row_and_beginnings_of_words_count_most() -> None:
    texts = ["New version", "Go to Reports", "Convert", "Navigate"]
    best = sorted((t for t in texts if fits("nv", t) is not None), key=lambda t: -(fits("nv", t) or 0))
    assert best[0] == "New version"
    assert fits("xyz", "New version") is None
    assert fits("version new", "New version") is not None
    assert fits("", "anything") is not None


def test_f6_walks_from_side_bar_to_canvas_to_inspector_and_back(
    shell: Any, settle: Settle, qtbot: Any, take_keyboard: Callable[..., None]
) -> None:
    page = shell.pages["workflow"]
    page.canvas.select((VERSION,))
    settle(shell)
    take_keyboard(shell)
    page.canvas.setFocus()

    def part() -> str:
        now = QApplication.focusWidget()
        for name, pane in (("side", shell.side), ("graph", page._left), ("inspector", page.inspector)):
            if pane is now or (now is not None and pane.isAncestorOf(now)):
                return name
        return ""

    seen = []
    for key in (Qt.Key.Key_F6,) * 3:
        qtbot.keyClick(QApplication.focusWidget(), key)
        seen.append(part())
    assert seen == ["inspector", "side", "graph"]
    assert QApplication.focusWidget() is page.canvas  # where it was before
    assert page.canvas.focus_ring.isVisible()
    qtbot.keyClick(page.canvas, Qt.Key.Key_F6, Qt.KeyboardModifier.ShiftModifier)
    assert part() == "side"
    assert not page.canvas.focus_ring.isVisible()


@pytest.mark.parametrize("name", list(PAGES))
def test_f6_never_strands_on_any_page(
    name: str, shell: Any, visit: Callable[[Any, str], None], qtbot: Any, take_keyboard: Callable[..., None]
) -> None:
    shell.ops.on_error = lambda *_: None  # there is no report here
    visit(shell, name)
    take_keyboard(shell)
    for _ in range(4):
        qtbot.keyClick(QApplication.focusWidget() or shell, Qt.Key.Key_F6)
        assert QApplication.focusWidget() is not None


def test_motion_can_be_reduced_in_the_menu_and_is(shell: Any) -> None:
    motion = shell.pages["workflow"].canvas.motion
    before = motion.allowed
    entry = next(a for a in settings_menu(shell, shell).actions() if a.text() == "Reduce motion")
    assert not entry.isChecked()
    entry.trigger()
    try:
        assert load_settings().reduced_motion
        assert not motion.allowed
        assert next(
            a for a in settings_menu(shell, shell).actions() if a.text() == "Reduce motion"
        ).isChecked()
    finally:
        set_reduced_motion(False)
    assert motion.allowed == before


def test_kde_and_gtk_say_in_files_that_nothing_shall_move(tmp_path: Path, monkeypatch: Any) -> None:
    from clew.gui import motion

    monkeypatch.setenv("XDG_CONFIG_HOME", str(tmp_path))
    try:
        for file, text, still in (
            ("kdeglobals", "[KDE]\nAnimationDurationFactor=0\n", True),
            ("kdeglobals", "[KDE]\nAnimationDurationFactor=0.5\n", False),
            ("kdeglobals", "no ini at all", False),
            ("gtk-3.0/settings.ini", "[Settings]\ngtk-enable-animations=false\n", True),
            ("gtk-3.0/settings.ini", "[Settings]\ngtk-enable-animations=1\n", False),
        ):
            motion._asked_in_files.cache_clear()
            (tmp_path / file).parent.mkdir(exist_ok=True)
            (tmp_path / file).write_text(text)
            assert motion._asked_in_files() is still, text
    finally:
        motion._asked_in_files.cache_clear()


def test_tab_goes_through_the_inspector_as_it_is_read(
    shell: Any, settle: Settle, qtbot: Any, take_keyboard: Callable[..., None]
) -> None:
    shell.resize(1600, 1000)  # with a scroll bar beside it, the last button goes into the menu
    page = shell.pages["workflow"]
    page.canvas.select((VERSION,))
    settle(shell)
    take_keyboard(shell)
    page.canvas.setFocus()
    qtbot.keyClick(page.canvas, Qt.Key.Key_F6)
    said = []
    for _ in range(4):
        now = QApplication.focusWidget()
        said.append(now.accessibleName() or now.text())
        qtbot.keyClick(now, Qt.Key.Key_Tab)
    assert said[:3] == ["Restore", "Download", "Compare"]
