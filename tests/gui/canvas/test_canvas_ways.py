"""Links on the canvas go around blocks, from wherever the blocks stand now."""

from dataclasses import replace

import numpy as np
import pytest
from PySide6.QtCore import QPointF
from tests.gui.canvas.conftest import MODEL, REPORT, TRAIN, TRAIN2, V1

from clew.graph.routing.curves import through_blocks
from clew.gui.canvas import ways
from clew.gui.canvas.hit import link_at
from clew.gui.canvas.sheet import svg_of
from clew.model.view import Block, BlockLink, GraphView, Scope

BLOCKS = tuple(Block(ref, "App", str(ref)) for ref in (V1, TRAIN, MODEL, REPORT, TRAIN2))
LINKS = (BlockLink(V1, REPORT, id=1), BlockLink(V1, TRAIN, id=2))
PLACES = {
    V1: (0.0, 0.0),
    TRAIN: (300.0, 0.0),
    MODEL: (600.0, 0.0),
    REPORT: (900.0, 0.0),
    TRAIN2: (300.0, 600.0),
}
VIEW = GraphView(Scope(), "", BLOCKS, LINKS, (), PLACES)


@pytest.fixture
def canvas(canvas):
    canvas.set_graph(GraphView(Scope(), "", (), ()))
    canvas.set_graph(VIEW)
    return canvas


def crossing(canvas) -> list[int]:
    scene = canvas.scene
    curves, owner = scene.curves(np.arange(len(scene.links)))
    by = np.argsort(owner, kind="stable")
    first = np.searchsorted(owner[by], np.arange(len(scene.links) + 1))
    boxes = np.concatenate([scene.position, scene.position + scene.size], 1)
    own = np.column_stack([scene.source, scene.target])
    return np.flatnonzero(through_blocks(boxes, curves[by], first, own)).tolist()


def bent(canvas) -> list[bool]:
    return (canvas.scene.way_count > 0).tolist()


def drag(canvas, hand, ref, by):
    start = canvas.camera.to_view(canvas.scene.bounds(canvas.scene.rows([ref])).center())
    hand.drag(start, start + QPointF(*by) * canvas.zoom())


def test_a_long_link_goes_around_the_blocks_between(canvas):
    assert crossing(canvas) == []
    assert bent(canvas) == [True, False]


def test_the_way_is_what_is_hit_and_drawn_into_files(canvas):
    scene = canvas.scene
    assert link_at(scene, 412.0, 46.0) is None
    middle = scene.curves(np.array([0]))[0][:, 0]
    x, y = middle[len(middle) // 2].tolist()
    assert link_at(scene, x, y) == 0
    canvas.scene_painter.previews = None
    path = svg_of(canvas.scene_painter, scene.bounds().adjusted(-40, -40, 40, 40)).decode()
    assert f"{y + 40:g}" in path


def test_a_window_is_given_the_parts_of_ways_that_touch_it(canvas):
    scene = canvas.scene
    both = np.arange(len(scene.links))
    curves, owner = scene.curves(both)
    low, high = curves.min(1), curves.max(1)
    for left, top in ((-50.0, -50.0), (250.0, -40.0), (520.0, 60.0), (900.0, 40.0), (5000.0, 5000.0)):
        right, bottom = left + 60.0, top + 120.0
        found, whose = scene.curves_in(both, left, top, right, bottom)
        bends = scene.way_count[owner] > 0
        touch = (low < (right, bottom)).all(1) & (high > (left, top)).all(1) | ~bends
        assert found.tolist() == curves[touch].tolist()
        assert whose.tolist() == owner[touch].tolist()


def test_links_of_a_dragged_block_are_plain_until_it_is_let_go(canvas):
    rows = canvas.scene.rows([REPORT])
    before = canvas.scene.position[rows].copy()
    canvas.lift(rows)
    canvas.carry(rows, before + np.array([40.0, 0.0]))
    assert bent(canvas) == [False, False]
    canvas.drop(rows, before)
    assert bent(canvas) == [True, False]
    assert crossing(canvas) == []


def test_a_link_gives_way_to_a_block_that_is_put_on_it_and_comes_back(canvas, hand):
    canvas.select([])
    drag(canvas, hand, MODEL, (0, 400))
    drag(canvas, hand, TRAIN, (0, 300))
    assert bent(canvas)[0] is False
    row = canvas.scene.rows([TRAIN2])
    canvas.apply_positions({TRAIN2: (450.0, 10.0)})
    assert bent(canvas)[0] is True
    assert crossing(canvas) == []
    canvas.apply_positions({TRAIN2: PLACES[TRAIN2]})
    assert canvas.scene.position[row].tolist() == [[300.0, 600.0]]
    assert bent(canvas)[0] is False


def test_a_block_that_grows_pushes_links_away(canvas):
    canvas.apply_positions({TRAIN: (300.0, -92.0), MODEL: (600.0, -92.0)})
    assert bent(canvas)[0] is False
    tall = replace(BLOCKS[1], size=(224.0, 148.0))
    canvas.update_blocks([replace(BLOCKS[1], fact="more")])
    assert bent(canvas)[0] is False
    canvas.set_graph(replace(VIEW, blocks=(BLOCKS[0], tall, *BLOCKS[2:]), positions=canvas.positions()))
    assert bent(canvas)[0] is True
    assert crossing(canvas) == []


class Elsewhere:
    """Work that is put aside until somebody does it."""

    def __init__(self) -> None:
        self.waiting: list = []

    def __call__(self, work, done) -> None:
        self.waiting.append((work, done))

    def do(self, qtbot) -> None:
        qtbot.waitUntil(lambda: bool(self.waiting))
        work, done = self.waiting.pop(0)
        done(work())


def show_as_large(canvas, monkeypatch) -> Elsewhere:
    """Its ways are put aside as soon as the window has a moment."""
    monkeypatch.setattr(ways, "_AT_ONCE", 1)
    canvas.ways.aside = Elsewhere()
    canvas.set_graph(GraphView(Scope(), "", (), ()))
    canvas.set_graph(VIEW)
    return canvas.ways.aside


@pytest.fixture
def elsewhere(canvas, monkeypatch):
    return show_as_large(canvas, monkeypatch)


def test_a_large_graph_is_shown_before_its_ways_are_found(canvas, elsewhere, qtbot):
    assert bent(canvas) == [False, False]
    elsewhere.do(qtbot)
    assert bent(canvas) == [True, False]
    assert not elsewhere.waiting


def test_ways_stay_while_they_are_sought_anew(canvas, elsewhere, qtbot):
    elsewhere.do(qtbot)
    other = replace(VIEW, blocks=VIEW.blocks[:-1], links=LINKS[::-1])
    canvas.set_graph(other)
    assert bent(canvas) == [False, True]
    assert crossing(canvas) == []
    canvas.set_graph(replace(other, positions={**PLACES, REPORT: (900.0, 200.0)}))
    assert bent(canvas) == [False, False]  # its end stands somewhere else


def test_ways_for_places_that_are_no_more_are_sought_again(canvas, elsewhere, qtbot):
    qtbot.waitUntil(lambda: bool(elsewhere.waiting))
    canvas.apply_positions({TRAIN: (300.0, 300.0), MODEL: (600.0, 300.0)})
    elsewhere.do(qtbot)
    assert bent(canvas) == [False, False]
    elsewhere.do(qtbot)
    assert bent(canvas) == [False, False]
    assert not elsewhere.waiting


def test_a_picture_does_not_wait_for_ways(canvas, monkeypatch):
    elsewhere = show_as_large(canvas, monkeypatch)  # here: between a fixture and its test there is a moment
    assert bent(canvas) == [False, False]
    canvas.settle()
    assert bent(canvas) == [True, False]
    assert not elsewhere.waiting


def test_a_picture_does_not_wait_for_ways_that_are_sought_already(canvas, elsewhere, qtbot):
    qtbot.waitUntil(lambda: bool(elsewhere.waiting))
    canvas.settle()
    assert bent(canvas) == [True, False]
    for _ in range(2):  # what was sought comes too late and is sought once more, with the same outcome
        elsewhere.do(qtbot)
        assert bent(canvas) == [True, False]
    assert not elsewhere.waiting


def test_the_links_of_a_dropped_block_have_their_ways_at_once(canvas, elsewhere):
    rows = canvas.scene.rows([REPORT])
    before = canvas.scene.position[rows].copy()
    canvas.lift(rows)
    canvas.carry(rows, before + np.array([40.0, 0.0]))
    canvas.drop(rows, before)
    assert bent(canvas) == [True, False]
    assert crossing(canvas) == []
