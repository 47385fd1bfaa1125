"""Some blocks of a graph alone."""

from clew.graph.part import part
from clew.model.refs import BlockKind, BlockRef
from clew.model.view import Block, BlockLink, Frame, GraphView, Note, Scope

A, B, C, D = (BlockRef(BlockKind.MODEL, i) for i in range(1, 5))
NOTE = Note(1, "Look", 0, 0, 96, 44)
INNER = Frame(2, "Inner", (B,), parent=1)
OUTER = Frame(1, "Outer", (A, NOTE.ref))
VIEW = GraphView(
    Scope(),
    "Coins",
    tuple(Block(ref, "Model", "m") for ref in (A, B, C, D)),
    (BlockLink(A, B), BlockLink(B, C), BlockLink(C, D)),
    (OUTER, INNER, Frame(3, "Empty", ())),
    {A: (0.0, 0.0), C: (5.0, 5.0)},
    notes=(NOTE,),
)


def refs(view: GraphView) -> set[BlockRef]:
    return {thing.ref for thing in (*view.blocks, *view.notes)}


def test_blocks_keep_the_links_among_them() -> None:
    some = part(VIEW, {B, C})
    assert refs(some) == {B, C}
    assert some.links == (BlockLink(B, C),)
    assert some.positions == {C: (5.0, 5.0)}
    assert some.title == "Coins"


def test_a_frame_is_there_when_all_in_it_is() -> None:
    assert [f.title for f in part(VIEW, {A, B, NOTE.ref}).frames] == ["Outer", "Inner"]
    (alone,) = part(VIEW, {A, B}).frames
    assert (alone.title, alone.parent) == ("Inner", None)
    assert part(VIEW, {A, C, NOTE.ref}).frames == ()


def test_a_frame_brings_what_stands_in_it_and_in_frames_in_it() -> None:
    some = part(VIEW, {OUTER.ref, D})
    assert refs(some) == {A, B, NOTE.ref, D}
    assert some.frames == (OUTER, INNER)
    assert some.links == (BlockLink(A, B),)
    assert refs(part(VIEW, {INNER.ref})) == {B}


def test_all_and_nothing() -> None:
    everything = part(VIEW, refs(VIEW))
    assert (everything.blocks, everything.links, everything.notes) == (VIEW.blocks, VIEW.links, VIEW.notes)
    assert refs(part(VIEW, ())) == set()
