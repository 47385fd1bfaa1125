"""Links go around blocks where there is a way."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from clew.cli.graph_svg import as_svg
from clew.graph.drawing import draw
from clew.graph.layout.layout import layout
from clew.graph.routing.curves import plain, through_blocks
from clew.graph.routing.route import Routes, route
from clew.model.refs import BlockKind, BlockRef
from clew.model.view import Block, BlockLink, GraphView, LinkKind, Scope

WIDTH, HEIGHT = 224.0, 92.0


class Sheet:
    """Blocks of one size and links between them, as the router takes them."""

    def __init__(self, corners, links, *, upright=False) -> None:
        place = np.array(corners, float).reshape(-1, 2)
        self.own = np.array(links, np.int64).reshape(-1, 2)
        self.boxes = np.concatenate([place, place + np.array([WIDTH, HEIGHT])], 1)
        self.upright = np.full(len(self.own), upright)
        a, b = place[self.own[:, 0]], place[self.own[:, 1]]
        out, into = ((WIDTH / 2, HEIGHT), (WIDTH / 2, 0)) if upright else ((WIDTH, 46.0), (0, 46.0))
        self.plain = plain(a + out, b + into, self.upright)

    def routes(self) -> Routes:
        return route(self.boxes, self.plain, self.own, self.upright)

    def crossing_plain(self) -> list[int]:
        first = np.arange(len(self.own) + 1)
        return np.flatnonzero(through_blocks(self.boxes, self.plain, first, self.own)).tolist()

    def crossing(self) -> list[int]:
        """The links that run through a block with their ways."""
        found = self.routes()
        there = through_blocks(self.boxes, found.curves, found.first, self.own[found.links])
        left = set(self.crossing_plain()) - set(found.links.tolist())
        return sorted(left | set(found.links[there].tolist()))


IN_THE_WAY = Sheet([(0, 0), (300, 0), (600, 0)], [(0, 2)])
WALL = Sheet([(0, 0), (800, 0), *((400, y) for y in range(-480, 600, 120))], [(0, 1)])
TIGHT_WALL = Sheet([(0, 0), (800, 0), *((400, y) for y in range(-285, 400, 95))], [(0, 1)])
STEPS = Sheet([(0, 0), (300, 20), (600, -10), (900, 30), (1200, 0), (1500, 10)], [(0, 5), (0, 4), (1, 5)])
MANY = Sheet([(300 * i, 20 * (i * 7 % 5)) for i in range(28)], [(0, 27), (3, 25)])
ASKEW = Sheet([(0, 0), (260, 40), (400, -80), (560, 30), (700, -90), (1000, 0)], [(0, 5)])
CLOSE = Sheet([(0, 0), (250, 0), (500, 0)], [(0, 2)])
BELOW = Sheet([(0, 0), (120, 110), (500, 220)], [(0, 2)])
FAR_OFF = Sheet([(3e6, -8e6), (3e6 + 300, -8e6), (3e6 + 600, -8e6)], [(0, 2)])
SPINE = Sheet([(0, 0), (0, 150), (0, 300), (40, 450)], [(0, 2), (0, 3)], upright=True)


@pytest.mark.parametrize(
    "sheet", [IN_THE_WAY, WALL, TIGHT_WALL, STEPS, MANY, ASKEW, CLOSE, BELOW, FAR_OFF, SPINE]
)
def test_links_go_around_what_stands_in_their_way(sheet):
    assert sheet.crossing_plain()
    assert sheet.crossing() == []


def test_a_way_begins_and_ends_at_the_ports_and_has_no_corners():
    found = STEPS.routes()
    assert found.links.tolist() == [0, 1, 2]
    for at, link in enumerate(found.links.tolist()):
        chain = found.curves[found.first[at] : found.first[at + 1]]
        assert chain[0, 0].tolist() == STEPS.plain[link, 0].tolist()
        assert chain[-1, 3].tolist() == STEPS.plain[link, 3].tolist()
        assert (chain[1:, 0] == chain[:-1, 3]).all()
        assert (chain[:, 0, 1] == chain[:, 1, 1]).all()  # level at both ends of each piece
        assert (chain[:, 2, 1] == chain[:, 3, 1]).all()
        assert (np.diff(chain[:, :, 0], axis=1) >= 0).all()  # and never back


def test_the_way_is_not_longer_than_it_has_to_be():
    over = Sheet([(0, 0), (300, 30), (600, 0)], [(0, 2)]).routes().curves
    under = Sheet([(0, 0), (300, -30), (600, 0)], [(0, 2)]).routes().curves
    assert over[..., 1].min() > 0
    assert over[..., 1].max() == 46.0
    assert under[..., 1].max() < HEIGHT
    assert under[..., 1].min() == 46.0


def test_a_link_that_runs_back_does_not_cross_its_own_blocks():
    sheet = Sheet([(300, 0), (0, 0)], [(0, 1)])
    found = sheet.routes()
    assert found.links.tolist() == [0]
    nobody = np.array([[-1, -1]])
    inner = sheet.boxes + np.array([6, 6, -6, -6])
    assert not through_blocks(inner, found.curves, found.first, nobody).any()
    beside = Sheet([(300, 0), (280, 300)], [(0, 1)])
    assert not len(beside.routes().links)  # the plain curve does neither


def test_links_that_meet_nothing_stay_plain():
    assert not len(Sheet([(0, 0), (300, 0), (600, 0), (300, 300)], [(0, 1), (1, 2), (0, 3)]).routes().links)
    assert not len(Sheet([], []).routes().links)


def test_a_link_without_a_way_stays_plain():
    shut = Sheet([(0, 0), (800, 0), *((400, y) for y in range(-9200, 9200, 92))], [(0, 1)])
    assert not len(shut.routes().links)
    covered = Sheet([(0, 0), (100, 20), (600, 0)], [(0, 2)])  # the port lies under a block
    assert not len(covered.routes().links)


def test_links_of_different_blocks_do_not_lie_on_each_other():
    sheet = Sheet([(0, 0), (0, 120), (300, 50), (600, 0), (600, 120)], [(0, 4), (1, 3)])
    found = sheet.routes()
    heights = [c[1:-1, 0, 1].tolist() for c in np.split(found.curves, found.first[1:-1])]
    assert heights[0] != heights[-1] or len(heights) == 1


def folded(links: int, seed: int) -> Sheet:
    """Columns of blocks and links onwards, laid out."""
    chance = np.random.default_rng(seed)
    column = np.sort(chance.integers(0, 12, 120))
    pairs = chance.integers(0, 120, (links, 2))
    pairs = pairs[column[pairs[:, 0]] < column[pairs[:, 1]]]
    return Sheet(layout(np.tile([WIDTH, HEIGHT], (120, 1)), pairs), pairs)


@pytest.mark.parametrize("seed", range(4))
def test_few_links_of_a_laid_out_graph_run_through_blocks(seed):
    sheet = folded(260, seed)
    assert len(sheet.crossing()) <= len(sheet.crossing_plain()) * 0.01


def test_the_same_ways_are_found_again_and_for_each_link_alone():
    sheet = folded(260, 1)
    found = sheet.routes()
    again = sheet.routes()
    assert (found.curves == again.curves).all()
    for at, link in list(enumerate(found.links.tolist()))[::7]:
        alone = route(sheet.boxes, sheet.plain[[link]], sheet.own[[link]], sheet.upright[[link]])
        assert (alone.curves == found.curves[found.first[at] : found.first[at + 1]]).all()


corner = st.tuples(st.integers(0, 1500), st.integers(-400, 400))


@settings(max_examples=150, deadline=None)
@given(st.lists(corner, min_size=2, max_size=14))
def test_no_way_leads_through_a_block_wherever_the_blocks_stand(corners):
    n = len(corners)
    sheet = Sheet(corners, [(a, b) for a in range(n) for b in range(n) if a != b])
    found = sheet.routes()
    assert np.isfinite(found.curves).all()
    assert not through_blocks(sheet.boxes, found.curves, found.first, sheet.own[found.links]).any()


def test_the_plain_drawing_has_the_ways_too():
    blocks = tuple(Block(BlockRef(BlockKind.TASK, i), "App", f"{i}") for i in range(3))
    place = {b.ref: (300.0 * i, 0.0) for i, b in enumerate(blocks)}
    links = (BlockLink(blocks[0].ref, blocks[2].ref), BlockLink(blocks[0].ref, blocks[1].ref, LinkKind.HAND))
    view = GraphView(Scope(), "", blocks, links, (), place)
    around, straight = (thread.points for thread in draw(view).threads)
    assert len(straight) == 4
    assert len(around) > 4
    assert len(around) % 3 == 1
    assert as_svg(view).count("<path") == 2
