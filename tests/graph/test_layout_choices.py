"""Layouts that keep frames together, go around pinned blocks, or are made by Graphviz."""

import shutil
import sys
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from clew.base.errors import Cancelled, SurroundingsError
from clew.graph.layout.framed import Nesting, framed_layout
from clew.graph.layout.graphviz import dot_layout, find_dot
from clew.graph.layout.layout import layout
from clew.graph.layout.measure import overlaps
from clew.graph.layout.pinned import around_pinned

EDGES = np.array([(0, 1), (1, 2), (1, 3), (4, 5), (3, 6), (6, 7)])
SPINE = np.array([(1, 4)])
SIZES = np.array([(224.0, 92.0)] * 8)
SIZES[[1, 4], 1] = 148.0
NO_FRAMES = Nesting(np.full(8, -1), np.zeros(0, np.int64))


@settings(max_examples=60, deadline=None)
@given(st.sets(st.integers(0, 7), min_size=1), st.integers(-900, 900), st.integers(-900, 900))
def test_pinned_blocks_stay_and_nobody_covers_them(pins: set[int], x: int, y: int) -> None:
    found = layout(SIZES, EDGES, SPINE)
    pinned = np.isin(np.arange(8), list(pins))
    standing = found + np.where(np.arange(8)[:, None] == min(pins), (x, y), (40, -30))
    if overlaps(standing[pinned], SIZES[pinned]):
        return  # who pins two blocks upon each other gets just that
    result = around_pinned(found, SIZES, standing, pinned)
    assert np.array_equal(result[pinned], standing[pinned])
    assert overlaps(result, SIZES) == 0


def test_one_pinned_block_takes_the_layout_along() -> None:
    found = layout(SIZES, EDGES, SPINE)
    standing, pinned = found.copy(), np.arange(8) == 2
    standing[2] += (5000, 700)
    assert np.array_equal(around_pinned(found, SIZES, standing, pinned), found + np.array([5000, 700]))


@pytest.mark.skipif(find_dot() is None, reason="Graphviz is a choice; it is not installed here")
def test_dot_lays_out_from_left_to_right_with_versions_in_one_column() -> None:
    program = find_dot()
    assert program is not None
    nesting = Nesting(np.array([-1, -1, -1, -1, -1, -1, 1, 0]), np.array([-1, 0]))
    found = dot_layout(SIZES, EDGES, SPINE, nesting, anchors=SIZES[:, 1] / 2, program=program)
    assert overlaps(found, SIZES) == 0
    assert (found[EDGES[:, 1], 0] >= found[EDGES[:, 0], 0] + 224 + 60).all()
    middle = found + SIZES / 2
    assert middle[1, 0] == pytest.approx(middle[4, 0], abs=1)
    assert middle[1, 1] < middle[4, 1]
    assert found.min(0).tolist() == [0, 0]


def script(folder: Path, text: str) -> str:
    program = folder / "dot"
    program.write_text(f"#!{sys.executable}\n{text}\n")
    program.chmod(0o755)
    return str(program)


@pytest.mark.skipif(sys.platform == "win32", reason="a script with a first line that names its program")
def test_a_dot_that_fails_says_why_and_one_that_hangs_can_be_called_off(tmp_path: Path) -> None:
    bad = script(tmp_path, "import sys; sys.stdin.read(); sys.exit('Error: out of ideas')")
    with pytest.raises(SurroundingsError, match="out of ideas"):
        dot_layout(SIZES, EDGES, SPINE, NO_FRAMES, anchors=SIZES[:, 1], program=bad)
    with pytest.raises(SurroundingsError, match="cannot be started"):
        dot_layout(SIZES, EDGES, SPINE, NO_FRAMES, anchors=SIZES[:, 1], program=str(tmp_path / "nothing"))
    (tmp_path / "slow").mkdir()
    slow = script(tmp_path / "slow", "import time; time.sleep(600)")

    def stop() -> None:
        raise Cancelled

    with pytest.raises(Cancelled):
        dot_layout(SIZES, EDGES, SPINE, NO_FRAMES, anchors=SIZES[:, 1], program=slow, check=stop)


def test_dot_is_looked_for_on_the_path(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setenv("PATH", str(tmp_path))
    assert find_dot() is None
    assert shutil.which("dot") is None


Nested = tuple[int, list[tuple[int, int]], list[tuple[int, int]], list[int], list[int]]


@st.composite
def nestings(draw: st.DrawFn) -> Nested:
    n, frames = draw(st.integers(1, 18)), draw(st.integers(1, 5))
    pair = st.tuples(st.integers(0, n - 1), st.integers(0, n - 1))
    return (
        n,
        draw(st.lists(pair, max_size=30)),
        draw(st.lists(pair, max_size=5)),
        draw(st.lists(st.integers(-1, frames - 1), min_size=n, max_size=n)),
        [draw(st.integers(-1, i - 1)) for i in range(frames)],
    )


@settings(max_examples=120, deadline=None)
@given(nestings())
def test_no_frame_covers_a_block_that_is_not_in_it(graph: Nested) -> None:
    n, edges, spine, frames, parents = graph
    sizes = np.tile([224.0, 92.0], (n, 1))
    nesting = Nesting(np.array(frames), np.array(parents))
    found = framed_layout(
        sizes,
        np.array(edges, int).reshape(-1, 2),
        np.array(spine, int).reshape(-1, 2),
        nesting,
        anchors=sizes[:, 1] / 2,
    )
    assert overlaps(found, sizes) == 0
    lines = [nesting.outwards(frame) for frame in frames]
    rects = {}
    for frame in range(len(parents)):
        rows = [i for i in range(n) if frame in lines[i]]
        if rows:
            depth = [lines[i].index(frame) + 1 for i in rows]
            low = np.min([found[i] - np.multiply(d, (22, 42)) for i, d in zip(rows, depth)], 0)
            high = np.max([found[i] + sizes[i] + np.multiply(d, (22, 20)) for i, d in zip(rows, depth)], 0)
            rects[frame] = low, high
    for frame, (low, high) in rects.items():
        for i in range(n):
            outside = (found[i] + sizes[i] <= low).any() or (found[i] >= high).any()
            assert outside == (frame not in lines[i])
        for other, (left, right) in rects.items():
            if frame not in nesting.outwards(other) and other not in nesting.outwards(frame):
                assert (right <= low).any() or (left >= high).any()


def test_versions_in_frames_under_each_other_take_their_frames_along() -> None:
    # version 0 -> training 1 -> model 2 in one frame, version 3 -> training 4 in another below it
    sizes = np.tile([224.0, 92.0], (5, 1))
    nesting = Nesting(np.array([0, 0, 0, 1, 1]), np.array([-1, -1]))
    edges, spine = np.array([(0, 1), (1, 2), (3, 4)]), np.array([(0, 3)])
    found = framed_layout(sizes, edges, spine, nesting, anchors=sizes[:, 1] / 2)
    assert found[0, 0] == found[3, 0]
    assert found[3, 1] > found[:3, 1].max() + 92
