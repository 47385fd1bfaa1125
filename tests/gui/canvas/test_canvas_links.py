"""Links under the hand: pointed at, clicked, walked through with the keyboard."""

import numpy as np
import pytest
from PySide6.QtCore import QPointF, Qt
from PySide6.QtGui import QAccessible, QImage
from tests.gui.canvas.conftest import BLOCKS, IMPORT, LINKS, MODEL, REPORT, TRAIN, V1, V2, VIEW

from clew.gui.canvas.hit import link_at
from clew.gui.canvas.wishes import Add, RemoveLink
from clew.model.refs import BlockKind, BlockRef
from clew.model.view import Block, BlockLink, GraphView, LinkKind, Scope
from clew.services.link_facts import LinkFacts

Key = Qt.Key
FACTS = LinkFacts("Recorded", "Half size", "today, 10:12", "Quick trainer", icon="zmdi zmdi-folder")


def place_of(canvas, source, target) -> int:
    return next(i for i, e in enumerate(canvas.scene.links) if (e.source, e.target) == (source, target))


def middle_of(canvas, source, target) -> QPointF:
    """A point of the view on a link."""
    curves, _ = canvas.scene.curves(np.array([place_of(canvas, source, target)]))
    a, b, c, d = curves[len(curves) // 2]
    return canvas.camera.to_view(QPointF(*((a + 3 * b + 3 * c + d) / 8)))


@pytest.fixture
def chosen(canvas):
    said: list = []
    canvas.link_hand.chosen.connect(said.append)
    return said


def test_a_link_that_is_pointed_at_lights_up(canvas, hand):
    at = middle_of(canvas, IMPORT, V1)
    hand.move(at + QPointF(0, 4))
    assert canvas.marks.hover_link == place_of(canvas, IMPORT, V1)
    assert canvas.viewport().cursor().shape() == Qt.CursorShape.PointingHandCursor
    hand.move(at + QPointF(0, 12))
    assert canvas.marks.hover_link is None


def test_a_block_over_a_link_is_what_is_pointed_at(canvas, hand):
    hand.move(canvas.camera.to_view(canvas.scene.bounds(canvas.scene.rows([V1])).center()))
    assert canvas.marks.hover_link is None


def test_after_a_pause_a_card_says_what_the_link_is(canvas, hand, qtbot):
    asked: list = []

    def describe(link, done):
        asked.append(link)
        done(FACTS)

    canvas.link_hand.describe = describe
    hand.move(middle_of(canvas, IMPORT, V1))
    assert canvas.link_hand.card is None
    qtbot.waitUntil(lambda: canvas.link_hand.card is not None)
    card = canvas.link_hand.card
    assert card.isVisible()
    assert asked == [LINKS[0]]
    assert card.ends.text() == "Import images → Coin finds, version 1"
    assert card.title.text() == "Half size"
    assert card.origin.text() == "Recorded by Quick trainer, today, 10:12"
    assert canvas.viewport().rect().contains(card.geometry())
    hand.move(middle_of(canvas, IMPORT, V1) + QPointF(0, 40))
    assert card.isHidden()


def test_what_is_found_out_too_late_is_not_shown(canvas, hand, qtbot):
    waiting: list = []
    canvas.link_hand.describe = lambda _link, done: waiting.append(done)
    hand.move(middle_of(canvas, IMPORT, V1))
    qtbot.waitUntil(lambda: bool(waiting))
    hand.move(middle_of(canvas, IMPORT, V1) + QPointF(0, 40))
    waiting[0](FACTS)
    assert canvas.link_hand.card is None


def test_a_click_chooses_a_link_and_another_beside_it_lets_go(canvas, hand, chosen, heard):
    canvas.select([MODEL])
    hand.click(middle_of(canvas, IMPORT, V1))
    assert chosen == [LINKS[0]]
    assert canvas.selection() == ()
    assert canvas.link_hand.link == LINKS[0]
    assert canvas.accessibleDescription() == "Link from Import images to Coin finds, version 1"
    hand.click(QPointF(4, 4))
    assert chosen[-1] is None
    wishes = heard("wish")
    hand.click(middle_of(canvas, IMPORT, V1))
    canvas.select([V1])
    assert canvas.link_hand.link is None
    assert not any(isinstance(wish, Add) for wish in wishes)


def test_a_drag_that_begins_on_a_link_selects_a_rectangle(canvas, hand):
    at = middle_of(canvas, IMPORT, V1)
    hand.press(at)
    hand.move(at + QPointF(0, 30))
    hand.move(at + QPointF(30, 60))
    assert canvas.marks.band is not None
    hand.release(at + QPointF(30, 60))
    assert canvas.link_hand.link is None


def test_a_key_walks_through_the_links_of_a_block(canvas, qtbot, chosen):
    canvas.select([TRAIN])
    for _ in range(4):
        qtbot.keyClick(canvas, Key.Key_L)
    assert {link.target for link in chosen[:2]} == {MODEL, REPORT}  # what leaves it first
    assert chosen[2] == BlockLink(V1, TRAIN, id=2)
    assert chosen[3] == chosen[0]  # and around
    assert canvas.selection() == (TRAIN,)
    qtbot.keyClick(canvas, Key.Key_L, Qt.KeyboardModifier.ShiftModifier)
    assert chosen[-1] == chosen[2]
    assert "Link from Coin finds, version 1 to Quick trainer" in canvas.accessibleDescription()
    qtbot.keyClick(canvas, Key.Key_Return)
    assert canvas.selection() == (V1,)  # it was walked against its direction
    assert canvas.link_hand.link is None


def test_enter_goes_to_where_a_clicked_link_leads(canvas, hand, qtbot, heard):
    opened = heard("activated")
    hand.click(middle_of(canvas, IMPORT, V1))
    qtbot.keyClick(canvas, Key.Key_Return)
    assert canvas.selection() == (V1,)
    assert opened == []


def test_a_block_without_links_says_so(canvas, qtbot):
    canvas.set_graph(GraphView(Scope(), "", BLOCKS, (), ()))
    canvas.select([V1])
    qtbot.keyClick(canvas, Key.Key_L)
    assert canvas.link_hand.link is None
    assert canvas.accessibleDescription() == "Coin finds has no links"


def test_delete_wishes_the_link_away_and_not_the_block(canvas, qtbot, heard):
    wishes, deleted = heard("wish"), heard("delete_requested")
    canvas.select([IMPORT])
    qtbot.keyClick(canvas, Key.Key_L)
    qtbot.keyClick(canvas, Key.Key_Delete)
    assert wishes == [RemoveLink(LINKS[0])]
    assert deleted == []


def test_escape_lets_go_of_the_link_first(canvas, qtbot):
    canvas.select([IMPORT])
    qtbot.keyClick(canvas, Key.Key_L)
    qtbot.keyClick(canvas, Key.Key_Escape)
    assert canvas.link_hand.link is None
    assert canvas.selection() == (IMPORT,)


def test_a_chosen_link_stays_chosen_when_the_graph_grows(canvas, hand, chosen):
    hand.click(middle_of(canvas, IMPORT, V1))
    more = BlockLink(V2, REPORT, LinkKind.HAND, 9)
    canvas.set_graph(GraphView(Scope(), "", BLOCKS, (more, *LINKS), VIEW.frames))
    assert canvas.link_hand.link == LINKS[0]
    assert canvas.marks.link == 1
    assert chosen == [LINKS[0]]
    canvas.set_graph(GraphView(Scope(), "", BLOCKS, LINKS[1:], VIEW.frames))
    assert canvas.link_hand.link is None
    assert chosen == [LINKS[0], None]


def test_from_afar_a_link_is_hit_where_it_is_drawn(canvas):
    scene = canvas.scene
    place = place_of(canvas, V1, V2)
    scene.move(scene.rows([V2]), np.array([[3000.0, 1000.0]]))
    start, end = scene.control[place, 0], scene.control[place, 3]
    x, y = (start + (end - start) * 0.25).tolist()
    assert link_at(scene, x, y, 4.0, straight=True) == place
    assert link_at(scene, x, y, 4.0) != place


def test_both_are_drawn(canvas, hand):
    canvas.set_lineage_highlight(False)
    canvas.settle()
    accent = canvas.look_of.theme.accent

    def coloured() -> int:
        """Pixels that are as red as the thread colour makes them."""
        image = canvas.grab().toImage().convertToFormat(QImage.Format.Format_RGB32)
        pixels = np.frombuffer(image.constBits(), np.uint8).reshape(image.height(), -1, 4).astype(int)
        return int((pixels[..., 2] - pixels[..., 0] > (accent.red() - accent.blue()) * 0.5).sum())

    before = coloured()
    hand.move(middle_of(canvas, IMPORT, V1))
    pointed = coloured()
    assert pointed > before
    hand.click(middle_of(canvas, IMPORT, V1))
    assert coloured() > pointed + 200  # its ends are outlined


def test_assistive_technology_hears_of_the_link(canvas, qtbot):
    canvas.select([IMPORT])
    qtbot.keyClick(canvas, Key.Key_L)
    graph = QAccessible.queryAccessibleInterface(canvas)
    assert "Link from Import images to Coin finds" in graph.text(QAccessible.Text.Description)


def test_every_point_of_every_link_is_hit(canvas):
    chance = np.random.default_rng(2)
    blocks = tuple(Block(BlockRef(BlockKind.TASK, i), "App", f"{i}") for i in range(40))
    places = {b.ref: (x, y) for b, (x, y) in zip(blocks, chance.integers(0, 6000, (40, 2)).tolist())}
    pairs = chance.integers(0, 40, (60, 2)).tolist()
    links = tuple(BlockLink(blocks[a].ref, blocks[b].ref, id=i) for i, (a, b) in enumerate(pairs) if a != b)
    canvas.set_graph(GraphView(Scope(), "", blocks, links, (), places))
    scene = canvas.scene
    curves, _ = scene.curves(np.arange(len(scene.links)))
    for t in (0.1, 0.37, 0.8):
        share = np.array([(1 - t) ** 3, 3 * t * (1 - t) ** 2, 3 * t**2 * (1 - t), t**3])
        for x, y in np.einsum("c,ecd->ed", share, curves).tolist():
            assert link_at(scene, x, y, 3.0) is not None
            assert link_at(scene, x - 40000.0, y, 3.0) is None
