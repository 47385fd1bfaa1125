"""Filters, and showing only a way: what is hidden, what says so, and how one comes back."""

from collections.abc import Callable
from dataclasses import replace
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import pytest
from PySide6.QtCore import QPoint, Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QPushButton

from clew.base.clock import now_us
from clew.gui.commands import window_commands
from clew.gui.widgets.filter import BlockFilter
from clew.gui.widgets.filter_panel import FilterPanel
from clew.gui.widgets.menu import Menu
from clew.model.refs import BlockKind, BlockRef
from clew.model.view import Block, BlockLink, BlockState, GraphView, LinkKind, Note, Scope

Settle = Callable[[Any], None]
V1, V2 = (BlockRef(BlockKind.VERSION, i) for i in (1, 2))
TRAIN, LONE = (BlockRef(BlockKind.TASK, i) for i in (1, 2))
MODEL = BlockRef(BlockKind.MODEL, 1)
NOTE = BlockRef(BlockKind.NOTE, 1)
DAY = 86_400_000_000
NOW = now_us()
BLOCKS = (
    Block(V1, "Project, version 1", "Coins", created_at=NOW - 40 * DAY, person="Anna"),
    Block(V2, "Project, version 2", "Coins", created_at=NOW - 10 * DAY, person="Ben"),
    Block(TRAIN, "Training app", "Quick trainer", created_at=NOW - DAY, person="Ben", maker="quick-trainer"),
    Block(MODEL, "Model", "forest", created_at=NOW, person="Ben", maker="quick-trainer"),
    Block(
        LONE, "Script", "count.py", "", (), BlockState.FAILED, created_at=NOW, person="Anna", maker="count.py"
    ),
)
LINKS = (BlockLink(V1, V2, LinkKind.SPINE), BlockLink(V2, TRAIN), BlockLink(TRAIN, MODEL))
VIEW = GraphView(
    Scope(), "Coins", BLOCKS, LINKS, (), {b.ref: (300.0 * i, 0.0) for i, b in enumerate(BLOCKS)}, 0,
    (Note(1, "Look here", 0.0, 400.0, 200.0, 80.0),),
)  # fmt: skip


@pytest.fixture
def page(open_shell: Callable[..., Any], filled: Path, settle: Settle) -> Any:
    """The workflow page of a real window, showing the graph above."""
    shell = open_shell(filled)
    settle(shell)
    page = shell.pages["workflow"]
    page.refresh = lambda: None  # the graph above stays
    page.canvas.motion.reduced = True
    page._draw(VIEW)
    return page


def shown(page: Any) -> set[BlockRef]:
    return set(page.canvas.positions())


def chips(page: Any) -> list[QPushButton]:
    return [b for b in page.sieve.strip.findChildren(QPushButton) if b.isVisible()]


def press(page: Any, key: Qt.Key, mods: Qt.KeyboardModifier = Qt.KeyboardModifier.NoModifier) -> None:
    QTest.keyClick(page.canvas, key, mods)


def panel_of(page: Any) -> FilterPanel:
    page.filter_button.click()
    (panel,) = [p for p in page.window().findChildren(FilterPanel) if p.isVisible()]
    return panel


def test_filters_combine() -> None:
    def left(chosen: BlockFilter) -> set[BlockRef]:
        return {block.ref for block in chosen.narrow(VIEW).blocks}

    assert left(BlockFilter(people=frozenset({"Ben"}))) == {V1, LONE}
    assert left(BlockFilter(makers=frozenset({"quick-trainer"}))) == {V1, V2, LONE}
    week = date.today() - timedelta(days=6)
    assert left(BlockFilter(since=week)) == {TRAIN, MODEL, LONE}
    assert left(BlockFilter(until=week)) == {V1, V2}
    both = BlockFilter(people=frozenset({"Anna"}), since=week, kinds=frozenset({BlockKind.MODEL}))
    assert left(both) == {TRAIN}


def test_the_panel_stays_open_while_ticks_are_set(page: Any) -> None:
    panel = panel_of(page)
    panel.boxes["people", "Ben"].click()
    assert shown(page) == {V1, LONE, NOTE}
    panel.boxes["makers", "count.py"].click()
    assert shown(page) == {V1, NOTE}
    assert panel.isVisible()
    assert panel.boxes["people", "Ben"].accessibleName() == "Made by: Ben"
    assert [chip.text() for chip in chips(page)] == ["Without Ben", "Without count.py"]
    panel.everything.click()
    assert len(shown(page)) == 6
    assert panel.boxes["people", "Ben"].isChecked()
    panel.close()


def test_one_press_hides_all_values_and_one_tick_shows_the_wanted(page: Any) -> None:
    panel = panel_of(page)
    (none,) = [b for b in panel.findChildren(QPushButton) if b.accessibleName() == "Made by: hide all"]
    none.click()
    panel.boxes["people", "Anna"].click()
    assert shown(page) == {V1, LONE, NOTE}
    assert none.accessibleName() == "Made by: show all"
    panel.close()


def test_days_are_chosen_as_a_span_or_between_two(page: Any) -> None:
    panel = panel_of(page)
    panel.span.setCurrentText("Last 7 days")
    assert shown(page) == {TRAIN, MODEL, LONE, NOTE}
    assert chips(page)[0].text().startswith("Since ")
    assert not panel.since.isVisible()
    panel.span.setCurrentText("Between two days")
    assert len(shown(page)) == 6  # from the first block on until today
    panel.until.setDate(panel.until.date().addDays(-5))
    assert shown(page) == {V1, V2, NOTE}
    panel.close()


def test_a_chip_takes_its_filter_back_with_one_press(page: Any) -> None:
    page.sieve.set_filter(BlockFilter(kinds=frozenset({BlockKind.TASK}), people=frozenset({"Anna"})))
    assert shown(page) == {V2, MODEL, NOTE}
    kinds, _ = chips(page)
    assert kinds.text() == "Without tasks"
    kinds.click()
    assert shown(page) == {V2, TRAIN, MODEL, NOTE}
    (people,) = chips(page)
    people.click()
    assert not page.sieve.strip.isVisible()


def test_chips_never_widen_the_window_and_keep_the_keyboard(page: Any) -> None:
    shell = page.window()
    least = shell.minimumSizeHint().width()
    many = replace(
        VIEW,
        blocks=tuple(replace(b, person=f"Person {i} {'of a long name ' * 8}") for i, b in enumerate(BLOCKS)),
    )
    page._draw(many)
    hidden = frozenset(block.person for block in many.blocks[:2])
    page.sieve.set_filter(BlockFilter(people=hidden, kinds=frozenset({BlockKind.MODEL}), until=date.today()))
    assert len(chips(page)) == 3
    assert shell.minimumSizeHint().width() == least
    assert chips(page)[1].accessibleName().startswith("Without Person 0 of a long name of a long name")
    for left in (2, 1):
        chips(page)[0].setFocus()
        chips(page)[0].click()
        assert len(chips(page)) == left
        assert shell.focusWidget() is chips(page)[0]
    chips(page)[0].click()
    assert shell.focusWidget() is page.canvas


def test_a_long_chip_makes_way_for_short_ones(page: Any, qtbot: Any) -> None:
    blocks = (replace(BLOCKS[0], person="Ann of a very long name " * 9), *BLOCKS[1:])
    page._draw(replace(VIEW, blocks=blocks))
    hidden = frozenset({blocks[0].person})
    page.sieve.set_filter(BlockFilter(people=hidden, kinds=frozenset({BlockKind.MODEL})))
    page.sieve.strip.setMaximumWidth(340)
    qtbot.waitUntil(lambda: page.sieve.strip.width() == 340)
    long, short = sorted(chips(page), key=lambda chip: -len(chip.accessibleName()))
    qtbot.waitUntil(lambda: chips(page)[-1].geometry().right() < 340)
    assert long.text().startswith("Without Ann") and long.text().endswith("…")
    assert short.text() == "Without models"


def test_a_filter_that_hides_everything_invites_to_show_everything(page: Any) -> None:
    page.sieve.set_filter(BlockFilter(people=frozenset({"Anna", "Ben"})))
    assert page.sieve.nothing.isVisible()
    assert page.sieve.nothing.sentence.text() == "The filter hides all 5 blocks of this graph."
    page.sieve.nothing.button.click()
    assert page.canvas.isVisible()
    assert page.canvas.positions()[MODEL] == (900.0, 0.0)


def test_filtered_blocks_come_back_to_their_places(page: Any) -> None:
    before = page.canvas.positions()
    page.sieve.set_filter(BlockFilter(kinds=frozenset({BlockKind.VERSION})))
    page.sieve.set_filter(BlockFilter())
    assert page.canvas.positions() == before


def test_only_what_leads_here_and_back_with_escape(page: Any) -> None:
    page.canvas.select([TRAIN])
    camera = page.canvas.camera
    press(page, Qt.Key.Key_U, Qt.KeyboardModifier.ShiftModifier)
    assert shown(page) == {V1, V2, TRAIN}
    assert chips(page)[0].text() == "Only 3 blocks on the way to “Quick trainer”"
    assert len(page.canvas.scene.links) == 2
    press(page, Qt.Key.Key_Escape)
    assert len(shown(page)) == 6
    assert page.canvas.camera == camera
    assert page.canvas.selection() == (TRAIN,)


def test_only_what_came_from_it_grows_with_news(page: Any) -> None:
    page.canvas.select([TRAIN])
    press(page, Qt.Key.Key_D, Qt.KeyboardModifier.ShiftModifier)
    assert shown(page) == {TRAIN, MODEL}
    report = Block(BlockRef(BlockKind.REPORT, 1), "Report", "on all", created_at=NOW)
    grown = GraphView(Scope(), "Coins", (*BLOCKS, report), (*LINKS, BlockLink(MODEL, report.ref)))
    page._draw(grown)
    assert shown(page) == {TRAIN, MODEL, report.ref}
    chips(page)[0].click()
    assert len(shown(page)) == 6


def test_only_these_and_the_way_between(page: Any) -> None:
    page.canvas.select([V1, MODEL])
    press(page, Qt.Key.Key_O)
    assert shown(page) == {V1, MODEL}
    press(page, Qt.Key.Key_Escape)
    press(page, Qt.Key.Key_B)
    assert shown(page) == {V1, V2, TRAIN, MODEL}
    press(page, Qt.Key.Key_Escape)
    said: list[str] = []
    page.state.said.connect(said.append)
    page.canvas.select([V1, LONE])
    press(page, Qt.Key.Key_B)
    assert said == ["No way leads from “Coins” to “count.py”, nor back."]
    assert len(shown(page)) == 6
    page.canvas.select([V1])
    press(page, Qt.Key.Key_B)
    assert said[-1] == "Select two blocks to see the way between them."


def test_a_way_goes_through_what_a_filter_hides(page: Any) -> None:
    page.sieve.set_filter(BlockFilter(kinds=frozenset({BlockKind.TASK})))
    page.canvas.select([MODEL])
    press(page, Qt.Key.Key_U, Qt.KeyboardModifier.ShiftModifier)
    assert shown(page) == {V1, V2, MODEL}


def test_what_depends_on_it_and_what_it_is_made_from_are_selected(page: Any) -> None:
    page.canvas.select([V2])
    press(page, Qt.Key.Key_D)
    assert set(page.canvas.selection()) == {TRAIN, MODEL}
    page.canvas.select([TRAIN])
    press(page, Qt.Key.Key_U)
    assert set(page.canvas.selection()) == {V1, V2}
    said: list[str] = []
    page.state.said.connect(said.append)
    page.canvas.select([MODEL])
    press(page, Qt.Key.Key_D)
    assert said == ["Nothing depends on this yet."]


def test_a_block_that_is_looked_for_is_shown_even_if_filtered(page: Any) -> None:
    page.sieve.set_filter(BlockFilter(kinds=frozenset({BlockKind.MODEL})))
    page.jump(MODEL)
    assert page.canvas.selection() == (MODEL,)
    assert not page.sieve.active


def test_menus_and_palette_offer_the_ways(page: Any) -> None:
    page.canvas.select([V1, MODEL])
    page.canvas.menu_requested.emit(V1, QPoint(200, 200))
    (menu,) = [m for m in page.findChildren(Menu) if m.isVisible()]
    (trace,) = [a.menu() for a in menu.actions() if a.text() == "Trace"]
    assert "Show the way between two blocks\tB" in [a.text() for a in trace.actions()]
    menu.close()
    words = {command.words for command in window_commands(page.window())}
    assert {"Show only these", "Select what depends on this", "Filter blocks"} <= words
