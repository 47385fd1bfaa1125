"""Graphs that follow each other: who keeps a place, who gets one, what is told."""

from dataclasses import replace

import numpy as np
import pytest
from PySide6.QtCore import QEvent, QPointF
from PySide6.QtGui import QAccessible
from PySide6.QtWidgets import QApplication

from clew.gui.canvas.camera import Camera
from clew.gui.canvas.canvas import Canvas
from clew.gui.canvas.hit import Port, block_at, blocks_in, frame_at, link_at, port_at
from clew.gui.canvas.lineage import lineage
from clew.gui.canvas.merge import merge
from clew.gui.canvas.scene import Scene
from clew.gui.canvas.walk import step
from clew.gui.theme import load_theme
from clew.model.refs import BlockKind, BlockRef
from clew.model.view import Block, BlockLink, BlockState, GraphView, LinkKind, Scope

IMPORT, TRAIN, TRAIN2, NEW = (BlockRef(BlockKind.TASK, i) for i in (1, 2, 3, 4))
V1, V2, V3 = (BlockRef(BlockKind.VERSION, i) for i in (1, 2, 3))
STATE = BlockRef(BlockKind.STATE, 1)
MODEL, MODEL2 = (BlockRef(BlockKind.MODEL, i) for i in (1, 2))
REPORT = BlockRef(BlockKind.REPORT, 1)


@pytest.fixture
def view(canvas) -> GraphView:
    """What the canvas shows, as a value."""
    scene = canvas.scene
    return GraphView(Scope(), "", tuple(scene.blocks), tuple(scene.links), tuple(scene.frames))


def test_first_graph_gives_every_block_a_place(view):
    found = merge(Scene(), view)
    assert set(found.given) == {b.ref for b in view.blocks}
    assert set(found.fresh) == set(found.given)


def test_places_of_the_view_win_and_are_not_given_again(canvas, view):
    places = {b.ref: (i * 300.0, 7.0) for i, b in enumerate(view.blocks)}
    assert canvas.set_graph(replace(view, positions=places)) == {}
    assert canvas.positions() == places


def test_new_block_stands_beside_its_input_and_nothing_moves(canvas, view, heard):
    moved = heard("moved")
    before = canvas.positions()
    canvas.set_zoom(1.1)
    camera = canvas.camera
    canvas.select([V2])
    given = canvas.set_graph(
        replace(
            view,
            blocks=(*view.blocks, Block(NEW, "App", "Rotate pictures")),
            links=(*view.links, BlockLink(V2, NEW, id=9)),
        ),
        animate=True,
    )
    assert set(given) == {NEW}
    after = canvas.positions()
    assert {r: p for r, p in after.items() if r != NEW} == before
    assert after[NEW] == given[NEW]
    assert given[NEW][0] == before[V2][0] + 224 + 64
    assert canvas.camera == camera
    assert canvas.selection() == (V2,)
    assert moved == []


def test_new_version_goes_under_its_predecessor(canvas, view):
    given = canvas.set_graph(
        replace(
            view,
            blocks=(*view.blocks, Block(V3, "Project, version 3", "Coin finds")),
            links=(*view.links, BlockLink(V2, V3, LinkKind.SPINE)),
        )
    )
    places = canvas.positions()
    assert given[V3][0] == places[V2][0]
    assert given[V3][1] > places[STATE][1]


def test_fade_in_ends_where_the_block_belongs(canvas, view, qtbot):
    canvas.motion.reduced = False
    given = canvas.set_graph(replace(view, blocks=(*view.blocks, Block(NEW, "App", "Rotate"))), animate=True)
    assert canvas.scene.floating.any()
    qtbot.waitUntil(lambda: canvas.motion.glide is None)
    assert not canvas.scene.floating.any()
    assert canvas.positions()[NEW] == given[NEW]


def test_block_that_goes_leaves_the_selection_and_that_is_told(canvas, view, heard):
    canvas.select([V2, MODEL])
    said = heard("selection_changed")
    canvas.set_graph(replace(view, blocks=tuple(b for b in view.blocks if b.ref != MODEL)))
    assert canvas.selection() == (V2,)
    assert said == [(V2,)]


def test_selection_survives_another_order_of_blocks(canvas, view, heard):
    canvas.select([MODEL])
    said = heard("selection_changed")
    canvas.set_graph(replace(view, blocks=view.blocks[::-1]))
    assert canvas.selection() == (MODEL,)
    assert said == []


def test_arrange_is_one_edit_and_can_be_taken_back(canvas, heard, arrange):
    canvas.apply_positions({MODEL: (-3000.0, 900.0), V2: (40.0, 4000.0)})
    scattered = canvas.positions()
    moved = heard("moved")
    arrange()
    assert len(moved) == 1
    assert canvas.positions() != scattered
    assert moved[0].label.startswith("Arrange")
    canvas.apply_positions(moved[0].before)
    assert canvas.positions() == scattered
    assert len(moved) == 1


def test_arrange_the_selection_leaves_the_rest(canvas, heard, arrange):
    moved = heard("moved")
    canvas.apply_positions({TRAIN: (5000.0, 5000.0), MODEL: (4000.0, 5200.0)})
    before = canvas.positions()
    canvas.select([TRAIN, MODEL])
    arrange()
    assert set(moved[0].after) <= {TRAIN, MODEL}
    after = canvas.positions()
    assert {r: p for r, p in after.items() if r not in (TRAIN, MODEL)} == {
        r: p for r, p in before.items() if r not in (TRAIN, MODEL)
    }
    assert after[MODEL][0] > after[TRAIN][0]


def test_arrange_glides_and_tells_once(canvas, heard, qtbot, arrange):
    canvas.motion.reduced = False
    canvas.apply_positions({MODEL: (-3000.0, 900.0)})
    canvas.motion.finish()
    moved = heard("moved")
    arrange()
    assert canvas.motion.glide is not None
    qtbot.waitUntil(lambda: canvas.motion.glide is None)
    assert len(moved) == 1
    assert canvas.positions()[MODEL] == moved[0].after[MODEL]


def test_view_grows_with_the_graph_until_somebody_looks_elsewhere(canvas, view):
    def far(n: int) -> GraphView:
        return replace(
            view,
            blocks=(*view.blocks, Block(NEW, "App", "Far away")),
            positions={NEW: (3000.0 * n, 0.0)},
        )

    canvas.set_graph(far(1))
    assert canvas.visible_window().contains(canvas.scene_rect())
    canvas.set_zoom(1.0)
    camera = canvas.camera
    canvas.set_graph(far(2))
    assert canvas.camera == camera


def test_lineage_is_the_way_to_and_from(canvas):
    scene = canvas.scene

    def lit(ref: BlockRef) -> set[BlockRef]:
        rows, links = lineage(scene, scene.rows([ref]))
        for i in np.flatnonzero(links).tolist():
            assert rows[scene.source[i]]
            assert rows[scene.target[i]]
        return {scene.ref(r) for r in np.flatnonzero(rows).tolist()}

    assert lit(MODEL) == {MODEL, TRAIN, V1, IMPORT}
    assert lit(TRAIN) == {MODEL, REPORT, TRAIN, V1, IMPORT}
    assert lit(V2) == {V2, TRAIN2, MODEL2, V1, IMPORT}  # up the spine, not down
    assert lit(V1) == {IMPORT, V1, TRAIN, MODEL, REPORT}


def test_lineage_of_a_ring_ends():
    blocks = [Block(NEW, "", ""), Block(TRAIN, "", "")]
    scene = Scene(blocks, [BlockLink(NEW, TRAIN), BlockLink(TRAIN, NEW)], (), np.zeros((2, 2)))
    rows, links = lineage(scene, np.array([0]))
    assert rows.all()
    assert links.all()


def test_highlight_can_be_turned_off(canvas):
    canvas.select([MODEL])
    assert canvas.marks.lit is not None
    canvas.set_lineage_highlight(False)
    assert canvas.marks.lit is None
    assert canvas.selection() == (MODEL,)


@pytest.fixture
def two() -> Scene:
    blocks = [Block(V1, "", ""), Block(TRAIN, "", ""), Block(STATE, "", "", state=BlockState.DELETED)]
    place = np.array([[0.0, 0.0], [400.0, 200.0], [0.0, 500.0]])
    return Scene(blocks, [BlockLink(V1, TRAIN)], (), place)


def test_hits(two):
    assert block_at(two, 10, 10) == 0
    assert block_at(two, 224, 10) is None
    assert block_at(two, 500, 250) == 1
    assert port_at(two, 228, 44) == Port(0, output=True)
    assert port_at(two, 396, 246) == Port(1, output=False)
    assert port_at(two, 100, 44) is None
    assert port_at(two, 0, 546) is None  # a deleted version takes no links
    assert blocks_in(two, 200, 80, 410, 210).tolist() == [0, 1]
    assert link_at(two, 312, 146) == 0  # the middle of the thread
    assert link_at(two, 312, 60) is None
    assert frame_at(two, 10, 10) is None


def test_topmost_block_is_hit():
    place = np.array([[0.0, 0.0], [50.0, 20.0]])
    scene = Scene([Block(V1, "", ""), Block(TRAIN, "", "")], (), (), place)
    assert block_at(scene, 100, 60) == 1


def test_walk_without_links_goes_to_the_nearest(two):
    assert step(two, 0, "right") == 1
    assert step(two, 0, "down") == 2
    assert step(two, 0, "left") is None
    assert step(two, 2, "up") == 0


def test_camera_there_and_back():
    camera = Camera(0.37, 120.0, -44.0)
    point = QPointF(812.0, 93.5)
    assert (camera.to_scene(camera.to_view(point)) - point).manhattanLength() < 1e-9


def test_threads_of_moved_blocks_follow(canvas):
    scene = canvas.scene
    row = scene.row[TRAIN]
    link = next(i for i, e in enumerate(scene.links) if e.target == TRAIN)
    scene.move(np.array([row]), np.array([[900.0, 700.0]]))
    assert scene.control[link, 3].tolist() == [900.0, 746.0]


def test_assistive_technology_reads_blocks(canvas):
    graph = QAccessible.queryAccessibleInterface(canvas)
    assert graph.role() == QAccessible.Role.List
    assert [graph.child(i).role() for i in range(9)] == [QAccessible.Role.ListItem] * 9
    child = graph.child(canvas.scene.row[V1])
    assert child.text(QAccessible.Text.Name) == "Coin finds, Project, version 1"
    assert child.text(QAccessible.Text.Description).endswith(
        "From Import images. To Quick trainer, Coin finds"
    )
    assert not child.state().selected
    canvas.select([V1])
    assert child.state().selected
    assert graph.focusChild() is child
    assert canvas.accessibleDescription() == "Project, version 1, Coin finds, 1,240 images, v1"
    middle = child.rect().center()
    assert graph.childAt(middle.x(), middle.y()) is child
    canvas.set_graph(GraphView(Scope(), "", (), ()))
    assert not child.isValid()


def test_the_field_in_which_one_writes_comes_last(canvas):
    graph = QAccessible.queryAccessibleInterface(canvas)
    things = graph.childCount()
    canvas.describe(canvas.scene.row[V1])
    assert graph.childCount() == things + 1
    field = graph.child(things)
    assert field.text(QAccessible.Text.Name) == "Description of Coin finds"
    assert graph.indexOfChild(field) == things
    middle = field.rect().center()
    assert graph.childAt(middle.x(), middle.y()) is field
    canvas.inplace.leave(keep=False)
    assert graph.childCount() == things
    assert graph.child(things) is None


def test_closed_canvas_leaves_no_trouble(qtbot, view):
    widget = Canvas(load_theme("light"))
    widget.show()
    widget.set_graph(view)
    child = QAccessible.queryAccessibleInterface(widget).child(0)
    assert child.text(QAccessible.Text.Name)
    gone = []
    widget.destroyed.connect(lambda: gone.append(True))
    widget.close()
    widget.deleteLater()
    QApplication.sendPostedEvents(None, QEvent.Type.DeferredDelete)
    assert gone == [True]
