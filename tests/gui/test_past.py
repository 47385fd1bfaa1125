"""The time slider: what is hidden, what plays, what waits until it is now, and that nothing is saved."""

from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from PySide6.QtCore import QEvent, QPoint, QPointF, Qt
from PySide6.QtGui import QMouseEvent
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication

from clew.gui.canvas.hit import block_at, blocks_in, links_in
from clew.gui.canvas.moments import moments
from clew.gui.canvas.scene import Scene
from clew.gui.pages.past import REFUSED
from clew.gui.widgets.filter import BlockFilter
from clew.model.refs import BlockKind, BlockRef
from clew.model.view import Block, BlockLink, Frame, GraphView, Note, Scope
from clew.services.graph_view import graph

Settle = Callable[[Any], None]
V1, V2 = (BlockRef(BlockKind.VERSION, i) for i in (1, 2))
TRAIN, LATE = (BlockRef(BlockKind.TASK, i) for i in (1, 2))
MODEL = BlockRef(BlockKind.MODEL, 1)
START, HOUR = 1_790_000_000_000_000, 3_600_000_000
ORDER = (V1, TRAIN, V2, MODEL, LATE)
BLOCKS = tuple(Block(ref, "", str(ref), created_at=START + i * HOUR) for i, ref in enumerate(ORDER))
LINKS = (BlockLink(V1, TRAIN), BlockLink(TRAIN, MODEL), BlockLink(V2, LATE))
PLACES = {ref: (300.0 * i, 0.0) for i, ref in enumerate(ORDER)}
VIEW = GraphView(Scope(), "Coins", BLOCKS, LINKS, (), PLACES)


@pytest.fixture
def page(open_shell: Callable[..., Any], filled: Path, settle: Settle) -> Any:
    """The workflow page of a real window, showing the graph above with the time slider open."""
    shell = open_shell(filled)
    settle(shell)
    page = shell.pages["workflow"]
    page.canvas.motion.reduced = True
    page.refresh = lambda: None  # the graph above stays
    page._draw(VIEW)
    QTest.keyClick(page.canvas, Qt.Key.Key_T)
    return page


def there(page: Any) -> list[BlockRef]:
    scene = page.canvas.scene
    return [block.ref for block, later in zip(scene.blocks, scene.later.tolist()) if not later]


def key(widget: Any, which: Qt.Key) -> None:
    QTest.keyClick(widget, which)


def test_each_moment_is_a_step_and_a_fold_comes_with_its_first_block() -> None:
    twins = replace(BLOCKS[4], created_at=BLOCKS[3].created_at)
    scene = Scene((*BLOCKS[:4], twins))
    found = moments(scene, {b.ref: b.created_at for b in scene.blocks})
    assert found.step.tolist() == [1, 2, 3, 4, 4]
    assert found.marks.tolist() == [1, 3, 4]
    assert found.later(2).tolist() == [False, False, True, True, True]
    assert found.last_before(START + HOUR + 1) == 2
    assert found.last_before(0) == 1
    fold = BlockRef(BlockKind.FRAME, 1)
    folded = Scene((BLOCKS[0], Block(fold, "Frame", "")))
    folded.hidden = {fold: {MODEL: (0.0, 0.0), V2: (0.0, 0.0)}}
    made = {b.ref: b.created_at for b in BLOCKS}
    assert moments(folded, made).step.tolist() == [1, 2]
    assert not moments(Scene(), {}).times.size


def test_what_is_not_there_yet_is_neither_drawn_nor_found() -> None:
    scene = Scene(BLOCKS, LINKS, (Frame(1, "Late", (LATE,)),), np.array(list(PLACES.values())))
    scene.hide(np.array([False, False, True, True, True]))
    everywhere = (-1e6, -1e6, 1e6, 1e6)
    assert blocks_in(scene, *everywhere).tolist() == [0, 1]
    assert links_in(scene, *everywhere).tolist() == [0]
    assert block_at(scene, 610.0, 10.0) is None
    assert scene.frames_there.tolist() == [False]


def test_going_back_hides_what_came_later_and_moves_nothing(page: Any) -> None:
    track, camera = page.past.bar.track, page.canvas.camera
    assert page.window().focusWidget() is track
    assert track.accessibleDescription() == "now"
    key(track, Qt.Key.Key_Left)
    assert there(page) == [V1, TRAIN, V2, MODEL]
    assert track.accessibleDescription() != "now"
    key(track, Qt.Key.Key_Home)
    assert there(page) == [V1]
    key(track, Qt.Key.Key_PageUp)  # to the next version or model
    assert there(page) == [V1, TRAIN, V2]
    key(track, Qt.Key.Key_PageDown)
    assert there(page) == [V1]
    assert page.canvas.positions() == PLACES
    assert page.canvas.camera == camera
    key(track, Qt.Key.Key_Escape)
    assert there(page) == list(ORDER)
    assert page.past.bar.isVisible()
    key(track, Qt.Key.Key_Escape)
    assert not page.past.bar.isVisible()


def test_dragging_the_thumb_goes_through_time(page: Any) -> None:
    track = page.past.bar.track
    middle = QPoint(track.width() // 2, 15)
    QTest.mousePress(track, Qt.MouseButton.LeftButton, pos=middle)
    assert there(page) == [V1, TRAIN, V2]
    at = QPointF(0.0, 15.0)
    left, none = Qt.MouseButton.LeftButton, Qt.KeyboardModifier.NoModifier
    QApplication.sendEvent(track, QMouseEvent(QEvent.Type.MouseMove, at, at, left, left, none))
    assert there(page) == [V1]
    QTest.mouseRelease(track, Qt.MouseButton.LeftButton, pos=QPoint(0, 15))
    page.past.bar.now.click()
    assert there(page) == list(ORDER)
    assert not page.past.on


def test_the_selection_loses_what_is_not_there_yet(page: Any) -> None:
    page.canvas.select([V1, MODEL])
    page.past.bar.track.setValue(2)
    assert page.canvas.selection() == (V1,)
    key(page.canvas, Qt.Key.Key_A)
    page.canvas.choose(np.arange(5))
    assert page.canvas.selection() == (V1, TRAIN)


def test_playing_shows_one_after_the_other_and_ends_at_now(page: Any, qtbot: Any) -> None:
    seen: list[int] = []
    show = page.past._show
    page.past._show = lambda step, **more: (seen.append(step), show(step, **more))
    for _ in range(3):
        page.past.bar.speed.click()
    assert page.past.bar.speed.accessibleName() == "Speed: ½×"
    page.past.bar.speed.click()
    page.past.bar.speed.click()
    page.past.bar.speed.click()  # 4 times as fast
    page.past.bar.play.click()
    assert there(page) == [V1]
    assert page.past.bar.play.accessibleName() == "Pause"
    qtbot.waitUntil(lambda: not page.past.playing)
    assert seen == sorted(seen)
    assert seen[-1] == 5
    assert not page.past.on
    assert page.past.bar.play.accessibleName() == "Play"


def test_keys_show_the_slider_and_play(page: Any) -> None:
    key(page.canvas, Qt.Key.Key_T)
    assert not page.past.bar.isVisible()
    QTest.keyClick(page.canvas, Qt.Key.Key_T, Qt.KeyboardModifier.ShiftModifier)
    assert page.past.bar.isVisible()
    assert page.past.playing
    key(page.past.bar.track, Qt.Key.Key_Space)
    assert not page.past.playing
    assert page.past.on
    page.past.close()
    assert there(page) == list(ORDER)


def test_new_blocks_glide_in_while_playing_and_stand_where_they_stood(page: Any) -> None:
    page.canvas.motion.reduced = False
    page.past.bar.track.setValue(1)
    page.past._show(2, glide=True)
    assert page.canvas.motion.glide is not None
    assert page.canvas.motion.glide.fading.tolist() == [1]
    page.canvas.motion.finish()
    assert page.canvas.positions() == PLACES


def test_pause_stops_at_once_and_a_step_by_hand_ends_playing(page: Any) -> None:
    page.past.play()
    page.past.play()
    assert not page.past.playing
    assert page.past.on
    page.past.play()
    page.past.bar.track.setValue(3)
    assert not page.past.playing


def test_nothing_is_moved_or_written_in_the_past(page: Any, settle: Settle) -> None:
    shell, canvas = page.window(), page.canvas
    said: list[str] = []
    edits: list[Any] = []
    page.state.said.connect(said.append)
    canvas.moved.connect(edits.append)
    page.past.bar.track.setValue(3)
    canvas.select([V1, TRAIN])
    canvas.nudge(8, 0)
    canvas.align("align-left")
    page._arrange()
    page.arrange_with_dot()
    canvas.pin()
    canvas.make_frame()
    canvas.write()
    canvas.new_note()
    page._acts["undo"]()
    settle(shell)
    assert said == [REFUSED] * 9
    grip = canvas.camera.to_view(canvas.scene.bounds(np.array([0])).center())
    view = canvas.viewport()
    left, none = Qt.MouseButton.LeftButton, Qt.KeyboardModifier.NoModifier
    for kind, at in (
        (QEvent.Type.MouseButtonPress, grip),
        (QEvent.Type.MouseMove, grip + QPointF(60, 60)),
        (QEvent.Type.MouseButtonRelease, grip + QPointF(60, 60)),
    ):
        where = QPointF(view.mapToGlobal(at.toPoint()))
        held = Qt.MouseButton.NoButton if kind is QEvent.Type.MouseButtonRelease else left
        QApplication.sendEvent(view, QMouseEvent(kind, at, where, left, held, none))
    assert edits == []
    assert canvas.positions() == PLACES
    assert graph(page.ws).frames == ()


def test_news_wait_until_it_is_now(page: Any, settle: Settle) -> None:
    shell = page.window()
    page.past.bar.track.setValue(2)
    del page.refresh
    page.refresh()
    settle(shell)
    assert set(page.canvas.positions()) == set(ORDER)  # still the graph of the fixture
    assert there(page) == [V1, TRAIN]
    page.past.end()
    settle(shell)
    assert MODEL not in page.canvas.positions()  # read anew: the workspace has no model


def test_notes_come_when_they_were_written(page: Any) -> None:
    note = Note(1, "Half time", 0.0, 400.0, 200.0, 80.0, START + 2 * HOUR + 1)
    page._draw(replace(VIEW, notes=(note,)))
    page.past.bar.track.setValue(3)
    assert note.ref not in there(page)
    page.past.bar.track.setValue(4)
    assert note.ref in there(page)


def test_a_filter_keeps_the_moment_in_view(page: Any) -> None:
    page.past.bar.track.setValue(3)
    page.sieve.set_filter(BlockFilter(kinds=frozenset({BlockKind.TASK})))
    assert there(page) == [V1, V2]
    assert page.past.on
    page.sieve.set_filter(BlockFilter())
    assert there(page) == [V1, TRAIN, V2]


def test_a_block_that_is_looked_for_is_shown_even_if_made_later(page: Any) -> None:
    page.past.bar.track.setValue(2)
    page.sieve.reveal([LATE])
    page.canvas.select([LATE])
    assert page.canvas.selection() == (LATE,)
    assert not page.past.on


def test_escape_on_the_canvas_goes_back_to_now_first(page: Any) -> None:
    page.canvas.select([V1])
    page.past.bar.track.setValue(2)
    key(page.canvas, Qt.Key.Key_Escape)
    assert not page.past.on
    assert page.canvas.selection() == (V1,)
    key(page.canvas, Qt.Key.Key_Escape)
    assert page.canvas.selection() == ()
