"""The outline: the graph of the page as a tree, one with the canvas in what is selected."""

from collections.abc import Callable, Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from PySide6.QtCore import QModelIndex, QPoint, Qt
from PySide6.QtGui import QContextMenuEvent
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QMenu

from clew.gui.outline.pane import EMPTY, NOTHING, OutlinePane
from clew.gui.outline.tree import Tree
from clew.gui.settings import Settings, load_settings
from clew.gui.state import State
from clew.model.refs import BlockKind, BlockRef
from clew.model.view import Block, BlockLink, BlockState, Frame, GraphView, LinkKind, Note, Scope
from clew.services.workspace import create_workspace

Settle = Callable[[Any], None]
Kind = BlockKind
V1, V2, STATE = BlockRef(Kind.VERSION, 1), BlockRef(Kind.VERSION, 2), BlockRef(Kind.STATE, 1)
TRAIN, EVAL = BlockRef(Kind.TASK, 1), BlockRef(Kind.TASK, 2)
MODEL, REPORT, LOOSE = BlockRef(Kind.MODEL, 1), BlockRef(Kind.REPORT, 1), BlockRef(Kind.REPORT, 2)
DATASET, FILE, NOTE = BlockRef(Kind.DATASET, 1), BlockRef(Kind.FILE, 1), BlockRef(Kind.NOTE, 1)
COINS = BlockRef(Kind.PROJECT, 1)

BLOCKS = (
    Block(V1, "Project, version 1", "deleted", "Coins", state=BlockState.DELETED, project_id=1, created_at=1),
    Block(V2, "Project, version 2", "Coins", "9 pictures", ("v2",), project_id=1, created_at=3),
    Block(
        STATE, "Intermediate state", "Coins", "", ("1.1", "not saved"), BlockState.UNSAVED,
        project_id=1, created_at=2,
    ),
    Block(DATASET, "Dataset", "train", "5 items", project_id=1, created_at=1),
    Block(TRAIN, "Training app", "Trainer", "", ("31 s",), task_kind="train", created_at=4),
    Block(MODEL, "Model, version 1", "Net", "mAP 0.5", created_at=5),
    Block(
        EVAL, "Evaluation", "Evaluate", "", ("failed",), BlockState.FAILED,
        task_kind="evaluate", created_at=6,
    ),
    Block(REPORT, "Report on test", "Net v1", "mAP 0.5", created_at=7),
    Block(LOOSE, "Report on test", "Predictions", "mAP 0.1", created_at=8),
    Block(FILE, "File", "counts.csv", "4 kB", created_at=9),
)  # fmt: skip
LINKS = (
    BlockLink(V1, V2, LinkKind.SPINE),
    BlockLink(V2, TRAIN),
    BlockLink(TRAIN, MODEL),
    BlockLink(MODEL, EVAL),
    BlockLink(EVAL, REPORT),
)
FRAMES = (Frame(1, "First try", (TRAIN,)), Frame(2, "Inner", (MODEL, NOTE), parent=1))
VIEW = GraphView(
    Scope(), "Survey", BLOCKS, LINKS, FRAMES, notes=(Note(1, "Look here\nand there", 0, 0, 200, 80),)
)


def lines(pane: OutlinePane, parent: QModelIndex | None = None) -> list[str]:
    model, parent = pane.model, parent or QModelIndex()
    return [model.index(row, 0, parent).data() for row in range(model.rowCount(parent))]


def at(pane: OutlinePane, *way: str) -> QModelIndex:
    index = QModelIndex()
    for words in way:
        index = pane.model.index(lines(pane, index).index(words), 0, index)
    return index


@pytest.fixture
def pane(qtbot: Any) -> OutlinePane:
    state = State("light")
    made = OutlinePane(state)
    made.chosen.connect(state.select)
    qtbot.addWidget(made)
    made.show()
    made.show_view(VIEW)
    return made


def choose(pane: OutlinePane, index: QModelIndex) -> None:
    pane.tree.setCurrentIndex(index)


def test_the_tree_says_what_belongs_to_what(pane: OutlinePane) -> None:
    assert lines(pane) == ["Projects", "Tasks", "Models", "Reports", "Files", "Frames", "Notes"]
    assert lines(pane, at(pane, "Projects", "Coins")) == ["Version 1", "State 1.1", "Version 2", "train"]
    assert lines(pane, at(pane, "Tasks")) == ["Evaluate", "Trainer"]
    assert lines(pane, at(pane, "Tasks", "Trainer")) == ["Net"]
    assert lines(pane, at(pane, "Models", "Net")) == ["Net v1"]
    assert lines(pane, at(pane, "Reports")) == ["Predictions"]
    assert lines(pane, at(pane, "Frames", "First try")) == ["Inner", "Trainer"]
    assert lines(pane, at(pane, "Frames", "First try", "Inner")) == ["Net", "Look here"]


def test_each_line_is_said_in_words(pane: OutlinePane) -> None:
    def said(*way: str) -> str:
        return at(pane, *way).data(Qt.ItemDataRole.AccessibleTextRole)

    assert said("Projects", "Coins", "Version 1") == "Version 1, deleted, Project, version 1"
    assert said("Tasks", "Evaluate") == "Evaluate, failed, Evaluation"
    assert said("Models") == "Models, 1"
    assert pane.tree.accessibleName() and pane.filter.accessibleName()


def test_choosing_a_line_tells_its_blocks_and_a_project_all_of_it(pane: OutlinePane) -> None:
    told: list[tuple[BlockRef, ...]] = []
    pane.chosen.connect(told.append)
    choose(pane, at(pane, "Models", "Net"))
    choose(pane, at(pane, "Projects", "Coins"))
    choose(pane, at(pane, "Tasks"))
    assert told[0] == (MODEL,)
    assert set(told[1]) == {V1, V2, STATE}
    assert len(told) == 2  # a heading is no block


@pytest.mark.parametrize(
    ("ref", "words"),
    [(V2, "Version 2"), (REPORT, "Net v1"), (NOTE, "Look here"), (COINS, "Coins"), (FRAMES[1].ref, "Inner")],
)
def test_the_line_of_what_is_selected_elsewhere_is_marked_and_seen(
    pane: OutlinePane, ref: BlockRef, words: str
) -> None:
    told: list[object] = []
    pane.chosen.connect(told.append)
    pane.follow((ref,))
    (index,) = pane.tree.selectionModel().selectedIndexes()
    assert index.data() == words and not told
    assert pane.tree.visualRect(index).isValid()
    pane.follow(())
    assert pane.tree.selectionModel().selectedIndexes() == []


def test_the_filter_shows_what_has_the_words_and_what_is_below(pane: OutlinePane, qtbot: Any) -> None:
    qtbot.keyClicks(pane.filter, "net")
    assert lines(pane) == ["Models"]
    assert lines(pane, at(pane, "Models", "Net")) == ["Net v1"]
    pane.filter.setText("version 2")
    assert lines(pane, at(pane, "Projects", "Coins")) == ["Version 2"]
    pane.filter.setText("coins")
    assert len(lines(pane, at(pane, "Projects", "Coins"))) == 4
    pane.filter.setText("v1 report")
    assert lines(pane) == ["Reports"]
    pane.filter.setText("inner")
    assert lines(pane, at(pane, "Frames")) == ["Inner"]
    pane.filter.setText("nowhere")
    assert pane.sentence.isVisible() and pane.sentence.text() == NOTHING
    qtbot.keyClick(pane.filter, Qt.Key.Key_Escape)
    assert pane.filter.text() == "" and len(lines(pane)) == 7


def test_an_empty_graph_has_a_sentence(pane: OutlinePane) -> None:
    pane.show_view(GraphView(Scope("project", 9), "Empty", (), ()))
    assert pane.sentence.isVisible() and pane.sentence.text() == EMPTY


def test_news_leave_what_was_unfolded_and_selected(pane: OutlinePane) -> None:
    pane.tree.setExpanded(at(pane, "Tasks", "Trainer"), True)
    pane.tree.setExpanded(at(pane, "Projects"), False)
    choose(pane, at(pane, "Tasks", "Trainer", "Net"))
    fresh = Block(BlockRef(Kind.TASK, 3), "Import app", "Import", created_at=10)
    pane.show_view(replace(VIEW, blocks=(*BLOCKS, fresh)))
    assert lines(pane, at(pane, "Tasks")) == ["Import", "Evaluate", "Trainer"]
    assert pane.tree.isExpanded(at(pane, "Tasks", "Trainer"))
    assert not pane.tree.isExpanded(at(pane, "Projects"))
    assert pane.tree.selectionModel().selectedIndexes() == [at(pane, "Tasks", "Trainer", "Net")]


def test_progress_changes_only_the_words(pane: OutlinePane) -> None:
    tree = pane.model.tree
    running = replace(BLOCKS[4], chips=("40 %",), state=BlockState.RUNNING)
    pane.update_blocks([running])
    assert "40 %" in at(pane, "Tasks", "Trainer").data(Qt.ItemDataRole.AccessibleTextRole)
    pane.show_view(replace(VIEW, blocks=(*BLOCKS[:4], running, *BLOCKS[5:])))
    assert pane.model.tree is tree


def test_branches_are_made_when_they_are_unfolded() -> None:
    blocks = [Block(BlockRef(Kind.TASK, i + 1), "App", f"Task {i}", created_at=i) for i in range(10_000)]
    tree = Tree(GraphView(Scope(), "Large", tuple(blocks), ()))
    (tasks,) = tree.kids(-1)
    assert len(tree.nodes) == 1 and tree.nodes[tasks].line.total == 10_000
    assert len(tree.kids(tasks)) == 10_000


# --- beside the canvas ---------------------------------------------------------------------------


def menus(page: Any) -> Sequence[QMenu]:
    return [menu for menu in page.findChildren(QMenu) if menu.isVisible()]


def texts(menu: QMenu) -> list[str]:
    return [action.text() for action in menu.actions() if action.text()]


def test_the_outline_is_shown_and_hidden_and_remembers_it(
    open_shell: Callable[..., Any], filled: Path, qtbot: Any, settle: Settle
) -> None:
    shell = open_shell(filled)
    settle(shell)
    page = shell.pages["workflow"]
    outline = page.outlining
    assert outline.pane.isHidden()
    qtbot.mouseClick(outline.button, Qt.MouseButton.LeftButton)
    assert outline.pane.isVisible() and load_settings().outline_shown
    assert load_settings().outline_width == Settings().outline_width  # no hand has changed it
    assert lines(outline.pane)[0] == "Projects"
    shell.activateWindow()
    qtbot.waitUntil(shell.isActiveWindow)
    QTest.keyClick(QApplication.focusWidget(), Qt.Key.Key_B, Qt.KeyboardModifier.ControlModifier)
    assert outline.pane.isHidden() and not load_settings().outline_shown
    assert page.canvas.hasFocus()


def test_outline_and_canvas_select_the_same(
    open_shell: Callable[..., Any], filled: Path, settle: Settle
) -> None:
    shell = open_shell(filled)
    settle(shell)
    page, pane = shell.pages["workflow"], shell.pages["workflow"].outlining.pane
    page.outlining.toggle()
    version = at(pane, "Projects", "Coin finds", "Version 1")
    choose(pane, version)
    settle(shell)
    assert shell.state.selection == (V1,) and page.canvas.selection() == (V1,)
    page.canvas.select(())
    assert pane.tree.selectionModel().selectedIndexes() == []
    page.canvas.select((V1,))
    assert pane.tree.selectionModel().selectedIndexes() == [version]
    settle(shell)


def test_enter_opens_and_the_menu_is_that_of_the_block(
    open_shell: Callable[..., Any], filled: Path, qtbot: Any, settle: Settle
) -> None:
    shell = open_shell(filled)
    settle(shell)
    page, pane = shell.pages["workflow"], shell.pages["workflow"].outlining.pane
    page.outlining.toggle()
    choose(pane, at(pane, "Projects", "Coin finds", "Version 1"))
    event = QContextMenuEvent(QContextMenuEvent.Reason.Keyboard, QPoint(), QPoint())
    QApplication.sendEvent(pane.tree.viewport(), event)
    (menu,) = menus(page)
    mine = texts(menu)
    menu.close()
    page.canvas.menu_requested.emit(V1, QPoint(200, 200))
    menu = menus(page)[-1]
    assert mine == texts(menu)
    menu.close()
    qtbot.keyClick(pane.tree, Qt.Key.Key_Return)
    settle(shell)
    assert (shell.state.route.page, shell.state.route.args["id"]) == ("project", 1)


def test_an_empty_workspace_has_an_outline_with_a_sentence(
    open_shell: Callable[..., Any], tmp_path: Path, settle: Settle
) -> None:
    create_workspace(tmp_path / "new").close()
    shell = open_shell(tmp_path / "new")
    settle(shell)
    outline = shell.pages["workflow"].outlining
    outline.toggle()
    assert outline.pane.sentence.isVisible()
    settle(shell)
