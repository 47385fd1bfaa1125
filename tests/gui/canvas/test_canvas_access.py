"""What assistive technology finds on the canvas: blocks, open frames and links as items of one list."""

import gc
import weakref
from dataclasses import replace
from itertools import pairwise
from typing import Any

import pytest
from PySide6.QtGui import QAccessible, QAccessibleInterface
from tests.gui.canvas.conftest import BLOCKS, FRAMES, IMPORT, MODEL, REPORT, TRAIN, V1, VIEW

from clew.gui.canvas.access_items import Item
from clew.gui.canvas.canvas import Canvas
from clew.gui.theme import load_theme
from clew.model.refs import BlockKind, BlockRef
from clew.model.view import Block, BlockLink, Frame, GraphView, Note, Scope
from clew.services.link_facts import LinkFacts

Role, Text = QAccessible.Role, QAccessible.Text
NOTE = Note(1, "Look", 5000.0, 0.0, 96.0, 44.0)
INNER = Frame(2, "Results", (MODEL, REPORT, NOTE.ref), parent=1)
NESTED = replace(VIEW, frames=(Frame(1, "First detector", (TRAIN,)), INNER), notes=(NOTE,))


def items(canvas: Canvas, role: Role) -> dict[str, QAccessibleInterface]:
    """The items of a role by name."""
    graph = QAccessible.queryAccessibleInterface(canvas)
    found = [graph.child(i) for i in range(graph.childCount())]
    return {item.text(Text.Name): item for item in found if item.role() == role}


def links(canvas: Canvas) -> dict[str, QAccessibleInterface]:
    return items(canvas, Role.Link)


def test_open_frames_are_groupings_with_what_is_in_them(canvas: Canvas) -> None:
    canvas.set_graph(NESTED)
    found = items(canvas, Role.Grouping)
    assert set(found) == {"First detector, Frame", "Results, Frame"}
    outer, inner = (found[name].text(Text.Description) for name in sorted(found))
    assert outer.startswith("3 blocks. Open. Holds ")
    assert inner == "2 blocks. Open. In First detector. Holds forest, version 1, Evaluation, forest v1"
    assert all(frame.state().expanded for frame in found.values())


def test_a_block_says_which_frame_it_is_in(canvas: Canvas) -> None:
    canvas.set_graph(NESTED)
    found = items(canvas, Role.ListItem)
    assert "In Results" in found["forest, version 1, Model"].text(Text.Description)
    assert "In " not in found["Import images, App"].text(Text.Description)


def test_a_folded_frame_is_a_collapsed_block(canvas: Canvas) -> None:
    open_one = items(canvas, Role.Grouping)["First detector, Frame"]
    canvas.set_graph(replace(VIEW, frames=(replace(FRAMES[0], folded=True),)))
    assert not open_one.isValid()
    assert not items(canvas, Role.Grouping)
    fold = items(canvas, Role.ListItem)["First detector, Frame"]
    assert "3 blocks" in fold.text(Text.Description)
    assert fold.state().collapsed and not fold.state().expanded


def test_a_large_frame_names_some_of_its_blocks_and_counts_the_others(canvas: Canvas) -> None:
    blocks = tuple(Block(BlockRef(BlockKind.JOB, i), "Job", f"Job {i}") for i in range(1, 41))
    frame = Frame(1, "Jobs", tuple(b.ref for b in blocks))
    canvas.set_graph(GraphView(Scope(), "All", blocks, (), (frame,)))
    said = items(canvas, Role.Grouping)["Jobs, Frame"].text(Text.Description)
    assert said.startswith("40 blocks. Open. Holds Job 1, Job 2")
    assert said.endswith("28 more")


def test_links_are_items_that_say_what_they_are_and_where_from_and_to(canvas: Canvas) -> None:
    titled = replace(VIEW.links[1], title="Annotate")
    canvas.set_graph(replace(VIEW, links=(VIEW.links[0], titled, *VIEW.links[2:])))
    found = links(canvas)
    assert "Annotate: Coin finds, version 1 to Quick trainer" in found
    assert "Import images to Coin finds, version 1" in found
    assert "Next version: Coin finds, version 1 to Coin finds, version 2" in found


def test_a_link_says_when_and_by_which_task_once_that_is_read(canvas: Canvas) -> None:
    asked: list[tuple[BlockLink, Any]] = []
    canvas.link_hand.describe = lambda link, done: asked.append((link, done))
    name = "Import images to Coin finds, version 1"
    link = links(canvas)[name]
    assert not asked  # a name alone asks nobody
    assert link.text(Text.Description) == link.text(Text.Description) == ""
    assert [one for one, _ in asked] == [VIEW.links[0]]
    asked[0][1](LinkFacts("Recorded", "Import", "today, 10:12", "Import images", "All of them."))
    assert link.text(Text.Name) == f"Import: {name}"
    assert link.text(Text.Description) == "Recorded by Import images, today, 10:12. All of them"


def test_what_the_keys_are_about_has_the_focus(canvas: Canvas) -> None:
    graph = QAccessible.queryAccessibleInterface(canvas)
    canvas.select([V1])
    assert graph.focusChild().text(Text.Name) == "Coin finds, Project, version 1"
    canvas.link_hand.choose(0)
    assert graph.focusChild().text(Text.Name) == "Import images to Coin finds, version 1"
    canvas.choose_frame(0)
    frame = graph.focusChild()
    assert frame.text(Text.Name) == "First detector, Frame"
    assert frame.state().selected
    assert graph.child(canvas.item_of_frame(0)) is frame


def test_every_item_stands_where_it_says(canvas: Canvas) -> None:
    canvas.set_graph(NESTED)
    graph = QAccessible.queryAccessibleInterface(canvas)
    for place in range(graph.childCount()):
        item = graph.child(place)
        assert graph.indexOfChild(item) == place
        assert item.rect().isValid()
    frame = items(canvas, Role.Grouping)["Results, Frame"]
    corner = frame.rect().topLeft()
    assert graph.childAt(corner.x() + 3, corner.y() + 3) is frame


def test_what_is_gone_has_no_place_and_what_stays_keeps_its_item(canvas: Canvas) -> None:
    gone, stays = next(iter(links(canvas).values())), items(canvas, Role.Grouping)
    canvas.set_graph(replace(VIEW, blocks=BLOCKS[1:], links=VIEW.links[1:]))
    assert IMPORT not in canvas.scene.row
    assert not gone.isValid()
    assert gone.text(Text.Name) == gone.text(Text.Description) == ""
    assert items(canvas, Role.Grouping) == stays


def made(canvas: Canvas) -> int:
    return sum(isinstance(thing, Item) and thing.canvas is canvas for thing in gc.get_objects())


@pytest.mark.skipif(QAccessible.isActive(), reason="a screen reader is on")
def test_nothing_is_made_of_ten_thousand_blocks_until_somebody_reads(canvas: Canvas) -> None:
    refs = [BlockRef(BlockKind.TASK, i) for i in range(10_000)]
    drawn = tuple(BlockLink(a, b) for a, b in pairwise(refs))
    places = {ref: (i % 100 * 300.0, i // 100 * 130.0) for i, ref in enumerate(refs)}
    frames = tuple(Frame(i, f"Frame {i}", tuple(refs[i * 50 : i * 50 + 50])) for i in range(200))
    blocks = tuple(Block(ref, "App", f"Task {ref.id}") for ref in refs)
    canvas.set_graph(GraphView(Scope(), "All", blocks, drawn, frames, places))
    canvas.select([refs[7]])
    canvas.choose_frame(3)
    canvas.link_hand.choose(9)
    canvas.settle()
    assert made(canvas) == 0
    graph = QAccessible.queryAccessibleInterface(canvas)
    assert graph.childCount() == 10_000 + 200 + 9_999
    assert made(canvas) == 0
    assert graph.focusChild().text(Text.Name) == "Task 9 to Task 10"
    assert made(canvas) == 1


def test_nothing_is_kept_of_a_canvas_that_is_gone(qtbot: Any) -> None:
    canvas = Canvas(load_theme("light"))
    canvas.set_graph(NESTED)
    graph = QAccessible.queryAccessibleInterface(canvas)
    numbers = [QAccessible.uniqueId(graph.child(i)) for i in range(graph.childCount())]
    assert all(QAccessible.accessibleInterface(number).isValid() for number in numbers)
    scene = weakref.ref(canvas.scene)
    canvas.deleteLater()
    del graph, canvas
    qtbot.waitUntil(lambda: not any(QAccessible.accessibleInterface(number) for number in numbers))
    gc.collect()
    assert scene() is None
