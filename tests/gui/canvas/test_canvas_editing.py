"""Notes, frames, folding, snapping, alignment and threads on the canvas, with real events."""

from dataclasses import replace

import numpy as np
import pytest
from PySide6.QtCore import QPointF, Qt
from PySide6.QtGui import QImage
from PySide6.QtTest import QTest
from tests.gui.canvas.conftest import FRAMES, IMPORT, MODEL, REPORT, STATE, TRAIN, TRAIN2, V1, V2, VIEW

from clew.graph.picture import picture, with_values
from clew.gui.canvas import wishes
from clew.gui.canvas.align import ALIGNMENTS
from clew.gui.canvas.copying import clipping
from clew.gui.canvas.hit import Port
from clew.gui.canvas.link_drag import may_tie
from clew.gui.canvas.notes import fitting_height, note_lines
from clew.gui.canvas.sheet import image_of
from clew.gui.canvas.snap import GRID, Snap
from clew.model.refs import BlockKind, BlockRef
from clew.model.view import Frame, LinkKind, Note

Mod, Key = Qt.KeyboardModifier, Qt.Key
NOTE = Note(4, "Why so few copper coins?\nAsk Ann.", -300.0, 400.0, 200.0, 96.0)
FRAME, OUTER = FRAMES[0].ref, BlockRef(BlockKind.FRAME, 2)


@pytest.fixture
def placed(canvas):
    """The view with every place kept, a note, and a frame around the frame; what the page would give."""

    def show(**changes):
        view = replace(VIEW, positions=dict(first), notes=(NOTE,), **changes)
        canvas.set_graph(view)
        return view

    first = {ref: place for ref, place in canvas.positions().items() if not ref.kind.drawn}
    show()
    return show


def nested(*, inner: bool = False, outer: bool = False):
    return (replace(FRAMES[0], parent=2, folded=inner), Frame(2, "All trainings", (TRAIN2,), folded=outer))


def test_a_folded_frame_is_one_block_with_a_count_and_links(canvas, placed) -> None:
    before = canvas.positions()
    placed(frames=(replace(FRAMES[0], folded=True),))
    row = canvas.scene.row[FRAME]
    block = canvas.scene.blocks[row]
    assert (block.title, block.fact) == ("First detector", "3 blocks")
    assert TRAIN not in canvas.positions()
    ends = {(x.source, x.target) for x in canvas.scene.links}
    assert (V1, FRAME) in ends
    assert not any(TRAIN in pair or MODEL in pair for pair in ends)
    canvas.select([MODEL])  # a block that is folded in is stood for
    assert canvas.selection() == (FRAME,)
    placed()
    assert canvas.positions() == before


def test_nested_frames_fold_and_stand_in_each_other(canvas, placed) -> None:
    placed(frames=nested())
    rects = dict(zip((f.id for f in canvas.scene.frames), canvas.scene.frame_rects().tolist()))
    assert np.all(np.array(rects[2][:2]) <= np.array(rects[1][:2]) - (22, 42))
    assert np.all(np.array(rects[2][2:]) - np.array(rects[1][2:]) >= (22, 20))
    placed(frames=nested(inner=True))
    assert {f.id for f in canvas.scene.frames} == {2}
    assert FRAME in {canvas.scene.ref(r) for r in canvas.scene.frame_rows[0].tolist()}
    placed(frames=nested(inner=True, outer=True))
    assert OUTER in canvas.scene.row
    assert FRAME not in canvas.scene.row
    assert canvas.scene.blocks[canvas.scene.row[OUTER]].chips == ("1 running",)
    assert canvas.scene.blocks[canvas.scene.row[OUTER]].fact == "4 blocks"


def test_moving_a_folded_frame_moves_what_is_in_it(canvas, placed, hand, heard) -> None:
    placed(frames=(replace(FRAMES[0], folded=True),))
    before = dict(canvas.scene.hidden[FRAME])
    moved = heard("moved")
    start = hand.middle(FRAME)
    hand.drag(start, start + QPointF(50, 30), mods=Mod.AltModifier)
    (edit,) = moved
    assert set(edit.after) == {TRAIN, MODEL, REPORT}
    shift = {tuple(np.subtract(edit.after[r], before[r])) for r in before}
    assert len(shift) == 1
    canvas.apply_positions(edit.before)
    assert canvas.scene.hidden[FRAME] == before


def test_the_picture_of_values_is_what_the_service_gives(placed) -> None:
    view = placed()
    folded = replace(FRAMES[0], folded=True)
    seen = with_values(view, {FRAME: folded, NOTE.ref: None, V1: (5.0, 6.0)})
    assert seen.frames == (folded,)
    assert seen.notes == ()
    assert seen.positions[V1] == (5.0, 6.0)
    assert picture(seen).inside[TRAIN] == FRAME
    assert not any(
        x.kind is LinkKind.SPINE and FRAME in (x.source, x.target) for x in picture(seen).view.links
    )


def test_h_folds_the_frame_around_the_selection_and_unfolds_the_block(canvas, placed, heard) -> None:
    asked = heard("wish")
    canvas.select([MODEL, REPORT])
    QTest.keyClick(canvas, Key.Key_H)
    placed(frames=(replace(FRAMES[0], folded=True),))
    canvas.select([FRAME])
    QTest.keyClick(canvas, Key.Key_H)
    QTest.keyClick(canvas, Key.Key_Return)
    assert asked == [wishes.ChangeFrame(1, folded=True)] + [wishes.ChangeFrame(1, folded=False)] * 2


def test_a_frame_is_chosen_by_its_name_renamed_and_removed(canvas, placed, hand, heard) -> None:
    asked = heard("wish")
    left, top, _, _ = canvas.scene.frame_rects()[0]
    at = hand.at(left + 30, top + 15)
    hand.click(at)
    assert canvas.frame == 1
    assert set(canvas.selection()) == {TRAIN, MODEL, REPORT}
    QTest.keyClick(canvas, Key.Key_F2)
    assert canvas.inplace.busy
    QTest.keyClicks(canvas.inplace, "Second one")
    QTest.keyClick(canvas.inplace, Key.Key_Return)
    QTest.keyClick(canvas, Key.Key_Delete)
    assert asked == [wishes.ChangeFrame(1, title="Second one"), wishes.RemoveFrame(1)]
    hand.click(hand.middle(V1))
    assert canvas.frame is None


def test_control_j_frames_the_selection(canvas, heard) -> None:
    asked = heard("wish")
    QTest.keyClick(canvas, Key.Key_J, Mod.ControlModifier)
    canvas.select([V1, V2])
    QTest.keyClick(canvas, Key.Key_J, Mod.ControlModifier)
    assert asked == [wishes.MakeFrame((V1, V2))]


def test_dropping_on_a_frame_goes_into_it(canvas, placed, hand, heard) -> None:
    asked, moved = heard("wish"), heard("moved")
    left, _, _, bottom = canvas.scene.frame_rects()[0]
    canvas.set_zoom(0.6)
    canvas.look(canvas.camera)
    hand.press(hand.middle(STATE))
    for x, y in ((left + 20, bottom - 40), (left + 40, bottom - 8)):
        hand.move(hand.at(x, y))
    assert canvas.marks.goal == 0
    hand.release(hand.at(left + 40, bottom - 8))
    (wish,) = asked
    assert (wish.refs, wish.frame) == ((STATE,), 1)
    assert set(wish.move.after) == {STATE}
    assert moved == []
    assert canvas.marks.goal is None


def test_a_note_is_written_in_place_and_an_empty_one_never_was(canvas, placed, heard) -> None:
    asked = heard("wish")
    canvas.new_note(QPointF(13.0, 21.0))
    QTest.keyClick(canvas.inplace, Key.Key_Escape)
    canvas.new_note(QPointF(13.0, 21.0))
    QTest.keyClicks(canvas.inplace, "Look here")
    QTest.keyClick(canvas.inplace, Key.Key_Return, Mod.ControlModifier)
    assert [(w.ref, w.text, w.place) for w in asked] == [(None, "Look here", (16.0, 24.0))]
    canvas.select([NOTE.ref])
    QTest.keyClick(canvas, Key.Key_F2)
    assert canvas.inplace.toPlainText() == NOTE.text
    QTest.keyClicks(canvas.inplace, "Other words")
    canvas.setFocus()
    assert (asked[-1].ref, asked[-1].text) == (NOTE.ref, "Other words")


def test_a_note_moves_and_grows_by_its_corner(canvas, placed, hand, heard) -> None:
    moved = heard("moved")
    canvas.fit()
    start = hand.middle(NOTE.ref)
    hand.drag(start, start + QPointF(40, 0), mods=Mod.AltModifier)
    (edit,) = moved
    assert edit.before == {NOTE.ref: NOTE}
    assert edit.after[NOTE.ref].x > NOTE.x
    now = edit.after[NOTE.ref]
    corner = hand.at(now.x + now.width - 3, now.y + now.height - 3)
    hand.drag(corner, corner + QPointF(60, 60))
    grown = moved[1].after[NOTE.ref]
    assert grown.width > now.width
    assert grown.width % GRID == grown.height % GRID == 0
    corner = hand.at(now.x + grown.width - 3, now.y + grown.height - 3)
    hand.drag(corner, corner - QPointF(600, 600))
    assert (moved[2].after[NOTE.ref].width, moved[2].after[NOTE.ref].height) == (96.0, 44.0)


def test_notes_take_no_links_and_stay_when_all_is_arranged(canvas, placed, heard, arrange) -> None:
    moved = heard("moved")
    arrange()
    assert NOTE.ref not in (moved[0].after if moved else {})
    assert not canvas.scene.linkable[canvas.scene.row[NOTE.ref]]


def test_long_words_are_broken_and_the_height_fits(canvas) -> None:
    assert len(note_lines("x" * 200, 12, 100)) > 5
    assert note_lines("a\n\nb", 12, 100) == ("a", "", "b")
    assert fitting_height("word " * 100, 224) > fitting_height("word", 224) >= 44


def test_a_description_is_written_under_the_block(canvas, heard) -> None:
    asked = heard("wish")
    canvas.select([MODEL])
    QTest.keyClick(canvas, Key.Key_F2)
    QTest.keyClicks(canvas.inplace, "The best so far")
    QTest.keyClick(canvas.inplace, Key.Key_Return, Mod.ControlModifier)
    assert asked == [wishes.Describe(MODEL, "The best so far")]
    assert canvas.hasFocus()


BOXES = np.array([[0.0, 0.0, 224.0, 92.0], [324.0, 0.0, 548.0, 92.0]])


@pytest.mark.parametrize(
    ("held", "rest", "axis"),
    [
        ((3.0, 203.0), 0.0, 0),  # left edges
        ((650.0, 4.0), 0.0, 1),  # tops
    ],
)
def test_edges_and_middles_catch(held, rest, axis) -> None:
    rect = np.array([*held, held[0] + 224.0, held[1] + 92.0])
    shift, guides = Snap(BOXES).place(rect, 1.0)
    assert rect[axis] + shift[axis] == rest
    assert any(g.axis == axis and not g.gap for g in guides)


def test_equal_gaps_catch_and_are_shown() -> None:
    rect = np.array([651.0, 20.0, 875.0, 112.0])  # 103 after the second, which stands 100 after the first
    shift, guides = Snap(BOXES).place(rect, 1.0)
    assert rect[0] + shift[0] == 648.0
    gaps = [g for g in guides if g.gap]
    assert [(g.low, g.high) for g in gaps] == [(224.0, 324.0), (548.0, 648.0)]


def test_a_line_holds_longer_than_it_catches_and_the_grid_too() -> None:
    snap = Snap(BOXES[:1])

    def at(x: float) -> float:
        rect = np.array([x, 300.0, x + 224.0, 392.0])
        return float(rect[0] + snap.place(rect, 1.0)[0][0])

    assert at(8.0) == 8.0
    assert at(5.0) == 0.0
    assert at(8.0) == 0.0  # held, though from here it would not have been caught
    assert at(13.0) == 16.0
    assert at(19.0) == 16.0
    assert at(21.0) == 16.0  # nearer to 24, and held
    assert at(23.0) == 24.0


def test_dragging_shows_guides_and_alt_lets_go(canvas, placed, hand) -> None:
    canvas.set_zoom(1.0)
    canvas.center_on(MODEL)
    _, y = canvas.positions()[TRAIN]
    mx, my = canvas.positions()[MODEL]
    start = hand.middle(MODEL)
    hand.press(start)
    hand.move(start + QPointF(30, y - my + 3))
    assert canvas.marks.guides
    assert canvas.positions()[MODEL][1] in {y, *(p[1] for p in canvas.positions().values())}
    hand.move(start + QPointF(31, y - my + 3), Mod.AltModifier)
    assert canvas.marks.guides == ()
    assert canvas.positions()[MODEL] == (mx + 31, y + 3)
    QTest.keyClick(canvas, Key.Key_Escape)
    assert canvas.positions()[MODEL] == (mx, my)


@pytest.mark.parametrize("name", list(ALIGNMENTS))
def test_alignment_is_one_edit_and_does_what_it_says(canvas, heard, name) -> None:
    moved = heard("moved")
    canvas.select([IMPORT, V2, REPORT])
    canvas.align(name)
    place = np.array([canvas.positions()[r] for r in (IMPORT, V2, REPORT)])
    size = canvas.scene.size[canvas.scene.rows([IMPORT, V2, REPORT])]
    lines = {
        "align-left": place[:, 0],
        "align-centre": place[:, 0] + size[:, 0] / 2,
        "align-right": place[:, 0] + size[:, 0],
        "align-top": place[:, 1],
        "align-middle": place[:, 1] + size[:, 1] / 2,
        "align-bottom": place[:, 1] + size[:, 1],
    }
    if name in lines:
        assert np.ptp(lines[name]) <= 1
        assert len(moved) == 1
    else:
        axis = 0 if name.endswith("across") else 1
        order = np.argsort(place[:, axis])
        gaps = place[order][1:, axis] - (place + size)[order][:-1, axis]
        assert np.ptp(gaps) <= 1
        assert (gaps >= 0).all()


def test_a_thread_may_go_forward_in_time_only_and_to_kinds_that_fit(canvas) -> None:
    scene = canvas.scene

    def tied(ref: BlockRef, *, output: bool = True) -> set[BlockRef]:
        mask = may_tie(scene, Port(scene.row[ref], output))
        return {scene.ref(r) for r in np.flatnonzero(mask).tolist()}

    assert V1 not in tied(V2)  # the spine is time too
    assert TRAIN not in tied(V1)  # tied already
    assert TRAIN2 in tied(V1)
    assert tied(REPORT) == {TRAIN2}  # a report leads to tasks; import and its own training were before it
    assert IMPORT not in tied(MODEL)
    assert {IMPORT, V1, TRAIN} & tied(REPORT, output=False) == {IMPORT, V1}


def test_while_a_thread_is_pulled_only_what_fits_is_lit(canvas, hand, heard) -> None:
    asked = heard("link_requested")
    canvas.set_zoom(1.0)
    canvas.center_on(REPORT)
    x, y = canvas.positions()[REPORT]
    hand.press(hand.at(x + 224, y + 46))
    hand.move(hand.at(x + 260, y + 60))
    assert canvas.marks.allowed is not None
    hand.move(hand.middle(MODEL))
    assert canvas.marks.hover is None  # a report does not become a model
    QTest.keyClick(canvas, Key.Key_Escape)
    assert canvas.marks.allowed is None
    assert asked == []


def test_a_block_dropped_on_a_task_is_given_to_its_app(canvas, placed, hand, heard) -> None:
    asked, moved = heard("wish"), heard("moved")
    train = replace(canvas.scene.blocks[canvas.scene.row[TRAIN]], app="quick-trainer")
    canvas.update_blocks([train])
    canvas.taker = lambda ref, block: "Run Quick trainer on this" if block.app and ref == V2 else ""
    before = canvas.positions()
    hand.press(hand.middle(V2))
    hand.move(hand.middle(V2) + QPointF(30, 0))
    hand.move(hand.middle(TRAIN))
    assert canvas.marks.offer == (canvas.scene.row[TRAIN], "Run Quick trainer on this")
    hand.release(hand.middle(TRAIN))
    assert asked == [wishes.RunWith(V2, "quick-trainer")]
    assert canvas.positions() == before
    assert moved == []


def test_a_block_dropped_on_an_app_outside_goes_back(canvas, placed, hand, heard) -> None:
    asked = heard("wish")
    canvas.outside = lambda ref, _at: "quick-trainer" if ref is not None else ""
    before = canvas.positions()
    hand.press(hand.middle(V2))
    hand.move(QPointF(-60, 200))
    hand.release(QPointF(-60, 200))
    assert asked == [wishes.RunWith(V2, "quick-trainer")]
    assert canvas.positions() == before


def test_copied_picture_shows_the_chosen_blocks_alone(canvas, placed) -> None:
    rows = canvas.scene.rows([TRAIN, MODEL, REPORT])
    canvas.choose(rows)
    part = clipping(canvas)
    image = image_of(part.drawn(canvas.look_of, None), part.window)
    box = canvas.scene.bounds(rows)
    assert abs(image.width() - 2 * (box.width() + 22 * 2 + 48)) <= 4
    assert isinstance(image, QImage)
    assert len({image.pixel(x, image.height() // 2) for x in range(0, image.width(), 3)}) > 5
    paper = {image.pixel(x, y) for x in range(image.width()) for y in range(40)}
    assert paper == {canvas.look_of.theme.bg.rgb()}  # and no dots of the grid


@pytest.mark.parametrize("theme", ["light", "dark"])
@pytest.mark.parametrize("zoom", [0.06, 0.4, 1.0])
def test_notes_and_folded_frames_are_drawn_at_every_zoom(canvas, placed, theme, zoom) -> None:
    from clew.gui.theme import load_theme

    canvas.set_theme(load_theme(theme))
    placed(frames=(replace(FRAMES[0], folded=True, colour="#8B5CF6"),))
    canvas.set_zoom(zoom)
    canvas.center_on(NOTE.ref)
    canvas.settle()
    image = canvas.viewport().grab().toImage()
    ratio = image.devicePixelRatio()
    at = canvas.camera.to_view(QPointF(NOTE.x + NOTE.width * 0.8, NOTE.y + NOTE.height * 0.5)) * ratio
    paper = canvas.look_of.note_fill
    assert image.pixelColor(at.toPoint()).name() == paper.name()
