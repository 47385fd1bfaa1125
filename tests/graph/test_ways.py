"""Ways over links: upwards also along the spine, downwards along data, between two blocks all paths."""

from clew.graph.ways import after, before, between
from clew.model.refs import BlockKind, BlockRef
from clew.model.view import BlockLink, LinkKind

V1, V2, V3 = (BlockRef(BlockKind.VERSION, i) for i in (1, 2, 3))
LEFT, RIGHT, TRAIN = (BlockRef(BlockKind.TASK, i) for i in (1, 2, 3))
MODEL = BlockRef(BlockKind.MODEL, 1)
LONE = BlockRef(BlockKind.FILE, 1)
LINKS = (
    BlockLink(V1, LEFT),
    BlockLink(V1, RIGHT),
    BlockLink(LEFT, V2),
    BlockLink(RIGHT, V2),
    BlockLink(V2, V3, LinkKind.SPINE),
    BlockLink(V3, TRAIN),
    BlockLink(TRAIN, MODEL),
)


def test_what_leads_here_follows_every_link() -> None:
    assert before(LINKS, [V3]) == {V3, V2, LEFT, RIGHT, V1}
    assert before(LINKS, [LONE]) == {LONE}


def test_what_came_from_it_does_not_follow_the_spine() -> None:
    assert after(LINKS, [LEFT]) == {LEFT, V2}
    assert after(LINKS, [V3, LEFT]) == {V3, TRAIN, MODEL, LEFT, V2}


def test_between_two_blocks_lie_all_paths_whichever_way_one_asks() -> None:
    both = {V1, LEFT, RIGHT, V2}
    assert between(LINKS, V1, V2) == between(LINKS, V2, V1) == both
    assert between(LINKS, V1, MODEL) == both | {V3, TRAIN, MODEL}
    assert between(LINKS, LEFT, RIGHT) == set()
    assert between(LINKS, MODEL, LONE) == set()


def test_a_ring_of_links_drawn_by_hand_ends() -> None:
    ring = (*LINKS, BlockLink(MODEL, V1, LinkKind.HAND))
    assert after(ring, [MODEL]) == {MODEL, V1, LEFT, RIGHT, V2}
    assert LONE not in before(ring, [V1])
