"""Whatever comes to the graph: what stands there stays, and nobody is covered."""

from dataclasses import replace

import numpy as np
from hypothesis import given, settings
from hypothesis import strategies as st

from clew.graph.layout.measure import overlaps
from clew.gui.canvas.merge import merge
from clew.gui.canvas.scene import Scene
from clew.model.refs import BlockKind, BlockRef
from clew.model.view import Block, BlockLink, Frame, GraphView, LinkKind, Preview, Scope

KINDS = (BlockKind.TASK, BlockKind.VERSION, BlockKind.MODEL)


def block(i: int) -> Block:
    """Versions show previews: they are taller."""
    kind = KINDS[i % 3]
    shown = tuple(Preview("tree", f"{k}.png", 1) for k in range(4)) if kind is BlockKind.VERSION else ()
    return Block(BlockRef(kind, i), "Block", f"number {i}", previews=shown)


def view(n: int, links: list[tuple[int, int]]) -> GraphView:
    blocks = tuple(block(i) for i in range(n))

    def kind(a: int, b: int) -> LinkKind:
        spine = blocks[a].ref.kind is blocks[b].ref.kind is BlockKind.VERSION
        return LinkKind.SPINE if spine else LinkKind.DATA

    drawn = tuple(
        BlockLink(blocks[a].ref, blocks[b].ref, kind(a, b)) for a, b in sorted(set(links)) if a < b < n
    )
    return GraphView(Scope(), "All", blocks, drawn)


@settings(max_examples=60, deadline=None)
@given(
    st.integers(1, 12),
    st.lists(st.integers(1, 3), min_size=1, max_size=4),
    st.lists(st.tuples(st.integers(0, 23), st.integers(0, 23)), max_size=40),
)
def test_newcomers_move_nobody_and_cover_nobody(first, waves, links):
    n = first
    scene = merge(Scene((), (), (), np.zeros((0, 2))), view(n, links)).scene
    for wave in waves:
        before = {ref: scene.position[row].tolist() for ref, row in scene.row.items()}
        n += wave
        found = merge(scene, view(n, links))
        scene = found.scene
        assert {ref: scene.position[scene.row[ref]].tolist() for ref in before} == before
        assert len(scene) == n
        assert set(found.given) == set(found.fresh) == {block(i).ref for i in range(n - wave, n)}
        assert overlaps(scene.position, scene.size) == 0


def test_what_comes_of_a_block_in_a_frame_stands_beside_the_frame():
    ends = block(0), block(3), block(6)
    outer, inner = Frame(1, "Outer", (ends[1].ref,)), Frame(2, "Inner", (ends[0].ref,), parent=1)
    places = {ends[0].ref: (0.0, 0.0), ends[1].ref: (400.0, 0.0)}
    all_ = GraphView(Scope(), "All", ends, (BlockLink(ends[0].ref, ends[2].ref),), (outer, inner), places)
    scene = merge(Scene(), replace(all_, blocks=ends[:2], links=())).scene
    found = merge(scene, all_).scene
    assert found.bounds(found.rows([ends[2].ref])).left() > found.frame_rects()[-1, 2]
    assert (found.frame_rects() == scene.frame_rects()).all()
