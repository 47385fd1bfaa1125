"""Finding: the list under the field, from hit to hit with F3, hits that stand out, hits of other graphs."""

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication

from clew.gui.widgets.find_list import Entry, FindList, spans
from clew.model.refs import BlockKind, BlockRef
from clew.model.search import Found, Hit
from clew.model.view import Edit, Scope, TextOf
from clew.services import edits, frames, notes
from clew.services.projects import create_project
from clew.services.versions import create_version
from clew.services.workspace import open_workspace

Settle = Callable[[Any], None]
V1, WELDS, EMPTY = (BlockRef(BlockKind.VERSION, number) for number in (1, 2, 3))
SHIFT, CTRL = Qt.KeyboardModifier.ShiftModifier, Qt.KeyboardModifier.ControlModifier
Key = Qt.Key


@pytest.fixture
def page(open_shell: Callable[..., Any], filled: Path, qtbot: Any, settle: Settle) -> Any:
    """The page of a graph with a version of Coin finds that is described, and two of Welds."""
    with open_workspace(filled) as ws:
        of = TextOf(V1)
        edits.apply_edit(ws, Scope(), Edit("Describe", {of: None}, {of: "Shot in the Grünwald hall"}))
        welds = create_project(ws, "Welds")
        create_version(ws, welds.id, "Empty")
        (Path(welds.folder) / "one.txt").write_text("one")
        create_version(ws, welds.id, "Filled")
    shell = open_shell(filled)
    settle(shell)
    shell.activateWindow()
    qtbot.waitUntil(shell.isActiveWindow)
    return shell.pages["workflow"]


def look_for(page: Any, words: str) -> None:
    page.finder.start()
    QTest.keyClicks(page.finder, words)


def press(key: Qt.Key, modifiers: Qt.KeyboardModifier = Qt.KeyboardModifier.NoModifier) -> None:
    QTest.keyClick(QApplication.focusWidget(), key, modifiers)


def offered(page: Any) -> list[Entry]:
    found: list[Entry] = page.finder._list.entries()
    return found


def bright(page: Any) -> set[BlockRef] | None:
    """What stands out, or None while nothing fades."""
    found = page.canvas.marks.bright
    return None if found is None else {page.canvas.scene.ref(row) for row in found[0].nonzero()[0].tolist()}


def test_typing_finds_a_block_and_enter_selects_it(page: Any) -> None:
    look_for(page, "coin version 1")
    assert [entry.ref for entry in offered(page)] == [V1]
    press(Key.Key_Return)
    assert page.state.selection == (V1,)
    assert page.canvas.hasFocus() and not page.finder._list.isVisible()
    assert page.finder.counter.text() == "1 of 1"


def test_words_that_no_block_shows_are_found_too(page: Any, qtbot: Any) -> None:
    look_for(page, "grunw hall")
    assert page.finder.matches() == []
    qtbot.waitUntil(lambda: len(offered(page)) == 1)
    (entry,) = offered(page)
    assert [entry.detail[start:end] for start, end in entry.marks] == ["Grünwald", "hall"]
    press(Key.Key_Return)
    assert page.state.selection == (V1,)


def test_the_words_are_marked_where_they_stand_in_a_long_name(page: Any, qtbot: Any) -> None:
    name = "A frame whose name is very long and tells all of what was once found in the hall " * 2
    ws = page.ws
    page.editing.run("Framing", lambda: frames.make_frame(ws, Scope(), name, [V1, WELDS]))
    qtbot.waitUntil(lambda: len(page.view.frames) == 1)
    look_for(page, "once")
    qtbot.waitUntil(lambda: len(offered(page)) == 1)
    (entry,) = offered(page)
    assert {entry.title[start:end] for start, end in entry.named} == {"once"}


def test_shift_enter_selects_all_that_were_found(page: Any) -> None:
    look_for(page, "welds")
    assert page.finder._list.item(2).text().startswith("2 found here")
    press(Key.Key_Return, SHIFT)
    assert set(page.state.selection) == {WELDS, EMPTY}


def test_f3_goes_through_the_hits_and_back_and_counts(page: Any, settle: Settle) -> None:
    look_for(page, "project version")
    assert page.finder.counter.isVisible() and page.finder.counter.text() == "3 found"
    order = [entry.ref for entry in offered(page)]
    for number in (1, 2, 3, 1):
        press(Key.Key_F3)
        assert page.finder.counter.text() == f"{number} of 3"
        assert page.state.selection == (order[number - 1],)
    press(Key.Key_F3, SHIFT)
    assert page.state.selection == (order[-1],)
    settle(page.window())


def test_f3_without_words_asks_for_some(page: Any) -> None:
    press(Key.Key_F3)
    assert page.finder.hasFocus() and page.finder._list.isVisible()


def test_hits_stand_out_until_escape(page: Any) -> None:
    look_for(page, "welds")
    assert bright(page) == {WELDS, EMPTY}
    press(Key.Key_F3)
    assert bright(page) == {WELDS, EMPTY}  # not only what leads to the one that is selected
    chosen = page.state.selection
    press(Key.Key_Escape)
    assert page.finder.text() == "" and not page.finder.counter.isVisible()
    assert page.canvas.marks.found is None
    assert page.state.selection == chosen
    press(Key.Key_Escape)
    assert page.state.selection == ()


def test_nothing_fades_when_nothing_is_found(page: Any) -> None:
    look_for(page, "zzz")
    assert bright(page) is None
    assert page.finder.counter.text() == "0 found"
    page.finder.clear()
    assert not page.finder.counter.isVisible()


def test_news_are_looked_through_as_well(page: Any, qtbot: Any, settle: Settle) -> None:
    look_for(page, "welds")
    press(Key.Key_F3)
    with open_workspace(page.ws.path) as other:
        create_version(other, create_project(other, "Welds, new").id, "Empty")
    qtbot.waitUntil(lambda: page.finder.counter.text().endswith("of 3"))
    assert len(bright(page) or ()) == 3
    settle(page.window())


def test_hits_of_other_graphs_say_where_and_lead_there(page: Any, qtbot: Any, settle: Settle) -> None:
    page.state.open("workflow", scope=Scope("project", 2))
    settle(page.window())
    look_for(page, "coin")
    qtbot.waitUntil(lambda: len(offered(page)) == 2)
    told = {entry.ref: entry.where for entry in offered(page)}
    assert told[V1] == "in the workspace"
    assert told[BlockRef(BlockKind.PROJECT, 1)] == "in its project’s graph"
    assert page.finder.counter.text() == "0 found" and bright(page) is None
    place = [entry.ref for entry in offered(page)].index(V1)
    for _ in range(place):
        press(Key.Key_Down)
    press(Key.Key_Return)
    settle(page.window())
    assert page.scope == Scope() and page.state.selection == (V1,)
    assert page.finder.text() == ""


def test_notes_and_frames_are_found_where_they_lie(page: Any, qtbot: Any, settle: Settle) -> None:
    there = Scope("project", 2)
    notes.add_note(page.ws, Scope(), "Remember the polish", (900.0, 900.0), (200.0, 90.0))
    frames.make_frame(page.ws, there, "Polishing", (WELDS,))
    qtbot.waitUntil(lambda: bool(page.view.notes))
    settle(page.window())
    look_for(page, "polish")
    qtbot.waitUntil(lambda: len(offered(page)) == 2)
    here, other = offered(page)
    assert (here.ref.kind, here.where) == (BlockKind.NOTE, "")
    assert (other.ref.kind, other.scope) == (BlockKind.FRAME, there)
    page.finder._go(page.finder._list.item(1))
    settle(page.window())
    assert page.scope == there and page.canvas.frame == other.ref.id


def test_what_is_found_late_does_not_open_the_list_again(page: Any, settle: Settle) -> None:
    finder = page.finder
    look_for(page, "nothing like it")
    shown = finder._list.count()
    finder._leave()  # as when the focus goes elsewhere
    hits = (Hit(V1, "Coins", "", "message", "nothing like it", (), 0),)
    finder._widen([], Found(hits, frozenset({V1})), {V1: Scope()})
    assert not finder._list.isVisible() and finder._list.count() == shown
    settle(page.window())


def test_words_are_marked_whatever_their_case() -> None:
    assert spans("Coin finds of coins", ["coin"]) == ((0, 4), (14, 18))
    assert spans("Straße İ", ["i"]) == ()  # small letters of another length: better no mark than a wrong one


def test_long_names_leave_room_for_the_words_that_were_found(page: Any) -> None:
    made = FindList(page.state, page)
    name, snippet = "A name that has no end " * 8, "x" * 80 + " polish"
    entry = Entry(V1, name, snippet, ((81, 87),), (), Scope())
    made.show_entries([entry], "")
    assert made.item(0).data(Qt.ItemDataRole.AccessibleTextRole) == f"{name}, {snippet}, in the workspace"
    assert not made.grab().isNull()
    assert not made.horizontalScrollBar().isVisible()
