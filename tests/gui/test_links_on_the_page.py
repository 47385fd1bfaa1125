"""A link that is chosen on the graph, in the inspector; what can be done with it."""

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from PySide6.QtCore import QPointF, Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QMenu

from clew.base.errors import UserError
from clew.gui.inspector.link_view import RECORDED
from clew.gui.inspector.section import RefRow
from clew.model.refs import BlockKind, BlockRef
from clew.model.view import BlockLink, LinkKind
from clew.services import arrange
from clew.services.graph_view import graph
from clew.services.link_facts import link_facts
from clew.services.workflow import add_link
from clew.services.workspace import open_workspace

VERSION = BlockRef(BlockKind.VERSION, 1)
JOB, JOB2 = (BlockRef(BlockKind.JOB, i) for i in (1, 2))
META = {
    "customRelationSettings": {
        "title": "Checked twice",
        "description": "Both of us looked.",
        "icon": {"icon": "zmdi zmdi-folder", "color": "#2266aa"},
        "mainLink": {"url": "https://example.org/checks", "title": "The checks"},
    }
}
Settle = Callable[[Any], None]


@pytest.fixture
def page(graph_of: Callable[..., Any], two_jobs: Path) -> Any:
    """A version, and two labeling jobs linked with it: one recorded by a program, one drawn by hand."""
    with open_workspace(two_jobs) as ws:
        add_link(ws, VERSION, JOB, title="Checked twice", meta=META)
        arrange.draw_link(ws, VERSION, JOB2)
    return graph_of(two_jobs)


def choose(page: Any, target: BlockRef, settle: Settle) -> Any:
    """Choose the link to a block; gives what the inspector shows."""
    links = page.canvas.scene.links
    page.canvas.link_hand.choose(next(i for i, e in enumerate(links) if e.target == target))
    settle(page.window())
    return page.inspector.link


def test_the_inspector_shows_what_the_program_says_of_a_link(page: Any, settle: Settle) -> None:
    view = choose(page, JOB, settle)
    assert page.inspector.shown is view
    assert view.name.text() == "Checked twice"
    assert view.description.text() == "Both of us looked."
    rows = dict(view.facts.rows)
    assert rows["Link"] == "Recorded"
    assert rows["By"] == "you"
    assert rows["When"].startswith("today")
    assert view.more.text() == "The checks"
    assert view.remove.isHidden()
    assert view.stays.text() == RECORDED


def test_its_buttons_go_to_either_end(page: Any, settle: Settle) -> None:
    for place, ref in ((0, VERSION), (1, JOB)):
        view = choose(page, JOB, settle)
        rows = view.findChildren(RefRow)
        assert [row.named.ref for row in rows] == [VERSION, JOB]
        rows[place].click()
        settle(page.window())
        assert page.canvas.selection() == (ref,)
        assert page.inspector.shown is not view


def test_delete_says_that_recorded_links_stay(page: Any, settle: Settle) -> None:
    said: list[str] = []
    page.state.said.connect(said.append)
    choose(page, JOB, settle)
    QTest.keyClick(page.canvas, Qt.Key.Key_Delete)
    settle(page.window())
    assert said == [RECORDED]
    assert len(graph(page.ws, page.scope).links) == len(page.canvas.scene.links)


@pytest.mark.parametrize("way", ["key", "button"])
def test_a_link_drawn_by_hand_is_removed_and_comes_back(page: Any, settle: Settle, way: str) -> None:
    view = choose(page, JOB2, settle)
    assert dict(view.facts.rows)["Link"] == "Drawn by hand"
    if way == "key":
        QTest.keyClick(page.canvas, Qt.Key.Key_Delete)
    else:
        view.remove.click()
    settle(page.window())
    assert not [e for e in page.canvas.scene.links if e.kind is LinkKind.HAND]
    assert page.canvas.link_hand.link is None
    assert page.inspector.shown is page.inspector.summary
    page.history.undo()
    settle(page.window())
    assert [e.target for e in page.canvas.scene.links if e.kind is LinkKind.HAND] == [JOB2]


def test_the_menu_of_a_link_goes_to_its_ends(page: Any, settle: Settle) -> None:
    canvas = page.canvas
    choose(page, JOB, settle)
    curves, _ = canvas.scene.curves(canvas.scene.links_at(canvas.scene.rows([JOB])))
    middle = QPointF(*((curves[len(curves) // 2] * [[1], [3], [3], [1]]).sum(0) / 8))
    canvas.menu_requested.emit(None, canvas.viewport().mapToGlobal(canvas.camera.to_view(middle).toPoint()))
    (menu,) = [m for m in page.findChildren(QMenu) if m.isVisible()]
    words = [action.text() for action in menu.actions()]
    assert words == ["Go to Coin finds", "Go to Fix labels"]
    menu.actions()[1].trigger()
    menu.close()
    settle(page.window())
    assert canvas.selection() == (JOB,)


def test_facts_of_links_that_nobody_recorded(page: Any) -> None:
    follows = link_facts(page.ws, BlockLink(VERSION, VERSION, LinkKind.SPINE))
    assert (follows.how, follows.by) == ("Follows in the project", "you")
    assert link_facts(page.ws, BlockLink(VERSION, JOB)).by == ""
    with pytest.raises(UserError, match="not there any more"):
        link_facts(page.ws, BlockLink(VERSION, JOB, LinkKind.DATA, 99))
