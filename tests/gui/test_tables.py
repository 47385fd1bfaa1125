"""Tables of many rows, the table of actions, and trouble in words."""

from dataclasses import dataclass
from typing import Any

import pytest
from PySide6.QtCore import Qt

from clew.base.errors import Cancelled, UserError
from clew.gui.actions import ACTIONS, actions_for
from clew.gui.errors import trouble
from clew.gui.state import State
from clew.gui.style import primary_fill, primary_text, style_sheet
from clew.gui.theme import load_theme
from clew.gui.widgets.filter import BlockFilter
from clew.gui.widgets.table import Column, Table
from clew.model.refs import BlockKind, BlockRef
from clew.model.view import Block, BlockLink, BlockState, Frame, GraphView, Scope


@dataclass(frozen=True)
class Row:
    id: int
    name: str
    size: int | None


COLUMNS = (
    Column("Name", lambda r: r.name, width=0),
    Column("Size", lambda r: "" if r.size is None else f"{r.size:,}", lambda r: r.size, right=True),
)


@pytest.fixture
def table(qtbot: Any) -> Table:
    made = Table(State("light"), COLUMNS, "Rows", key=lambda r: r.id)
    made.resize(600, 400)
    qtbot.addWidget(made)
    made.show()
    made.set_rows([Row(i, f"row {i}", None if i == 7 else 5000 - i) for i in range(5000)])
    return made


def test_numbers_sort_as_numbers_and_unknown_comes_first(table: Table) -> None:
    table.sortByColumn(1, Qt.SortOrder.AscendingOrder)
    first = [table.model().index(line, 0).data() for line in range(3)]
    assert first == ["row 7", "row 4999", "row 4998"]


def test_every_word_of_the_filter_must_occur(table: Table) -> None:
    table.set_filter("ROW 499")
    assert table.shown == 20  # fifteen names and five sizes, as "4,499"
    table.set_filter("row nothing")
    assert table.shown == 0
    table.set_filter("")
    assert table.shown == 5000


def test_the_selection_survives_new_rows(table: Table) -> None:
    table.select_keys({3, 4})
    table.set_rows([Row(i, f"other {i}", i) for i in (9, 4, 3)])
    assert sorted(row.id for row in table.selected()) == [3, 4]


@pytest.mark.parametrize("kind", list(BlockKind))
def test_every_kind_of_block_has_actions_and_at_most_one_primary(kind: BlockKind) -> None:
    actions = actions_for(BlockRef(kind, 1))
    assert actions
    assert sum(action.primary for action in actions) <= 2  # restore and undo delete exclude each other
    assert len({action.name for action in actions}) == len(actions)
    assert kind in ACTIONS


def test_a_deleted_version_offers_to_come_back_and_nothing_that_needs_its_content() -> None:
    ref = BlockRef(BlockKind.VERSION, 1)
    names = {a.name for a in actions_for(ref, Block(ref, "", "", state=BlockState.DELETED))}
    assert "undelete" in names
    assert not names & {"restore", "download", "compare", "delete"}
    names = {a.name for a in actions_for(ref, Block(ref, "", ""))}
    assert "restore" in names
    assert "undelete" not in names


def test_a_frame_offers_to_fold_or_to_unfold() -> None:
    ref = BlockRef(BlockKind.FRAME, 1)
    for folded, word in ((True, "Unfold"), (False, "Fold")):
        labels = [a.label for a in actions_for(ref, Frame(1, "One", (), folded=folded))]
        assert labels[0] == word
        assert len({"Fold", "Unfold"} & set(labels)) == 1


def test_a_running_task_can_be_cancelled_and_a_finished_one_run_again() -> None:
    ref = BlockRef(BlockKind.TASK, 1)
    running = {a.name for a in actions_for(ref, Block(ref, "", "", state=BlockState.RUNNING))}
    over = {a.name for a in actions_for(ref, Block(ref, "", ""))}
    assert "cancel" in running
    assert "again" not in running
    assert "again" in over
    assert "cancel" not in over


def test_a_filter_leaves_no_link_that_ends_in_nothing() -> None:
    version, task = BlockRef(BlockKind.VERSION, 1), BlockRef(BlockKind.TASK, 1)
    blocks = (Block(version, "", "a"), Block(task, "", "b"))
    view = GraphView(Scope(), "", blocks, (BlockLink(version, task),))
    narrowed = BlockFilter(kinds=frozenset({BlockKind.TASK})).narrow(view)
    assert [b.ref for b in narrowed.blocks] == [version]
    assert narrowed.links == ()
    assert BlockFilter().narrow(view) is view


def test_trouble_is_one_sentence_and_a_bug_has_details_to_copy() -> None:
    assert trouble(Cancelled()) is None
    found = trouble(UserError("There is no version 7 of Coin finds."))
    assert found is not None
    assert found.sentence == "There is no version 7 of Coin finds."
    assert found.details == ""
    full = trouble(OSError(28, "No space left on device", "a.jpg"), "Saving version")
    assert full is not None
    assert "disk is full" in full.sentence
    bug = trouble(KeyError("x"), "Saving version")
    assert bug is not None
    assert "KeyError" in bug.details
    assert "KeyError" not in bug.sentence


def contrast(one: Any, other: Any) -> float:
    def light(colour: Any) -> float:
        parts = [c / 12.92 if c <= 0.03928 else ((c + 0.055) / 1.055) ** 2.4 for c in colour.getRgbF()[:3]]
        return 0.2126 * parts[0] + 0.7152 * parts[1] + 0.0722 * parts[2]

    low, high = sorted((light(one), light(other)))
    return (high + 0.05) / (low + 0.05)


@pytest.mark.parametrize("name", ["light", "dark"])
def test_text_has_enough_contrast_in_both_themes(name: str) -> None:
    theme = load_theme(name)
    assert contrast(primary_text(theme), primary_fill(theme)) >= 4.5
    for ground in (theme.bg, theme.surface, theme.sunken):
        assert contrast(theme.text, ground) >= 4.5
        assert contrast(theme.dim, ground) >= 4.3
    assert "@" not in style_sheet(theme)
