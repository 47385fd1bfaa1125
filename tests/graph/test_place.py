import numpy as np
from hypothesis import given, settings
from hypothesis import strategies as st

from clew.graph.frame_rows import FrameRows
from clew.graph.layout.measure import overlaps
from clew.graph.layout.place import place, place_all
from clew.model.refs import BlockKind, BlockRef
from clew.model.view import Frame

SIZE = (224.0, 92.0)
NO_LINKS = np.zeros((0, 2), int)


def sizes(n: int) -> np.ndarray:
    return np.tile(SIZE, (n, 1))


def test_first_block_stands_at_the_origin():
    assert place(np.zeros((0, 2)), np.zeros((0, 2)), SIZE) == (0.0, 0.0)


def test_right_of_its_input_at_the_same_height():
    assert place(np.array([[10.0, 20.0]]), sizes(1), SIZE, sources=[0]) == (10 + 224 + 64, 20.0)


def test_nearest_free_place_when_the_best_is_taken():
    standing = np.array([[0.0, 0.0], [288.0, 0.0], [288.0, 120.0]])
    x, y = place(standing, sizes(3), SIZE, sources=[0])
    assert (x, y) == (288.0, -120.0)


def test_new_version_stands_under_the_last_one_never_over_it():
    standing = np.array([[0.0, 0.0], [0.0, 150.0]])
    x, y = place(standing, sizes(2), SIZE, above=0)
    assert x == 0.0
    assert y >= 150 + 92


def test_left_of_its_target_if_it_has_no_input():
    x, _ = place(np.array([[500.0, 0.0]]), sizes(1), SIZE, targets=[0])
    assert x == 500 - 64 - 224


def test_chain_of_newcomers_is_placed_in_order_of_their_links():
    position = np.array([[0.0, 0.0], [np.nan, np.nan], [np.nan, np.nan]])
    # given against the order: 2 comes from 0, 1 comes from 2
    found = place_all(position, sizes(3), [1, 2], np.array([(0, 2), (2, 1)]), NO_LINKS)
    assert found[:, 0].tolist() == [0.0, 576.0, 288.0]


def test_newcomers_in_a_ring_are_placed():
    found = place_all(np.full((2, 2), np.nan), sizes(2), [0, 1], np.array([(0, 1), (1, 0)]), NO_LINKS)
    assert np.isfinite(found).all()
    assert overlaps(found, sizes(2)) == 0


@settings(max_examples=80, deadline=None)
@given(
    st.lists(st.tuples(st.integers(-5, 5), st.integers(-8, 8)), min_size=1, max_size=25, unique=True),
    st.data(),
)
def test_nothing_else_moves_and_nothing_is_covered(cells, data):
    standing = np.array([(x * 300.0, y * 130.0) for x, y in cells])
    n = len(standing)
    new = data.draw(st.integers(1, 4))
    links = data.draw(
        st.lists(st.tuples(st.integers(0, n - 1), st.integers(n, n + new - 1)), min_size=1, max_size=6)
    )
    before = np.concatenate([standing, np.full((new, 2), np.nan)])
    found = place_all(before, sizes(n + new), list(range(n, n + new)), np.array(links), NO_LINKS)
    assert np.array_equal(found[:n], standing)
    assert overlaps(found, sizes(n + new)) == 0


def ref(row: int) -> BlockRef:
    return BlockRef(BlockKind.TASK, row)


def framed(n: int, *frames: tuple[list[int], int | None]) -> FrameRows:
    """Frames over n rows, given as (rows that stand in it directly, number of the frame around)."""
    made = [Frame(i, f"Frame {i}", tuple(map(ref, rows)), parent=up) for i, (rows, up) in enumerate(frames)]
    return FrameRows(made, {ref(row): row for row in range(n)})


def inside(frames: FrameRows, found: np.ndarray, row: int) -> set[int]:
    """The ids of the frames whose rectangle a block reaches into."""
    low, high = found[row], found[row] + SIZE
    rects = frames.rects(found, sizes(len(found)))
    hit = (rects[:, :2] < high).all(1) & (rects[:, 2:] > low).all(1)
    return {frame.id for frame, it_is in zip(frames.frames, hit.tolist()) if it_is}


def test_beside_an_input_in_nested_frames_it_stands_right_of_the_outer_one():
    standing = np.array([[0.0, 0.0], [288.0, 0.0], [0.0, 300.0], [np.nan, np.nan]])
    frames = framed(4, ([0], 1), ([1], None))
    found = place_all(standing, sizes(4), [3], np.array([(0, 3)]), NO_LINKS, frames=frames)
    assert found[3].tolist() == [288.0 + 224 + 22 + 64, 0.0]


def test_new_version_of_one_in_a_frame_stands_under_that_frame():
    standing = np.array([[0.0, 0.0], [288.0, 400.0], [np.nan, np.nan]])
    frames = framed(3, ([0, 1], None))
    found = place_all(standing, sizes(3), [2], NO_LINKS, np.array([(0, 2)]), frames=frames)
    assert found[2, 0] == 0.0
    assert found[2, 1] >= 400 + 92 + 20


def test_new_block_of_a_frame_stands_in_it():
    standing = np.array([[0.0, 0.0], [288.0, 0.0], [3000.0, 0.0], [np.nan, np.nan], [np.nan, np.nan]])
    frames = framed(5, ([0, 1, 3, 4], None))
    # 3 comes from one in the frame, 4 only from one far away, which must not stretch the frame
    found = place_all(standing, sizes(5), [3, 4], np.array([(0, 3), (2, 4)]), NO_LINKS, frames=frames)
    assert found[3, 0] == 288.0
    assert (found[4] < 600).all()
    assert overlaps(found, sizes(5)) == 0


@settings(max_examples=150, deadline=None)
@given(
    st.lists(st.tuples(st.integers(-4, 4), st.integers(-6, 6)), min_size=2, max_size=25, unique=True),
    st.data(),
)
def test_what_is_new_keeps_out_of_frames_of_others(cells, data):
    standing = np.array([(x * 300.0, y * 130.0) for x, y in cells])
    n = len(standing)
    new = data.draw(st.integers(1, 4))
    count = data.draw(st.integers(1, 4))
    home = data.draw(st.lists(st.integers(-1, count - 1), min_size=n, max_size=n))
    # one of the new blocks may belong to a frame as well
    belongs = data.draw(st.sampled_from([-1, *home]))
    home += [belongs] + [-1] * (new - 1)
    parents = [None, *(data.draw(st.sampled_from([None, *range(i)])) for i in range(1, count))]
    frames = framed(
        n + new, *([([r for r, h in enumerate(home) if h == i], up) for i, up in enumerate(parents)])
    )
    ends = st.tuples(st.integers(0, n + new - 1), st.integers(0, n + new - 1))
    links = np.array(data.draw(st.lists(ends, max_size=8)), int).reshape(-1, 2)
    spine = np.array(data.draw(st.lists(st.tuples(st.integers(0, n - 1), st.just(n)), max_size=1)), int)
    before = np.concatenate([standing, np.full((new, 2), np.nan)])
    rows = list(range(n, n + new))
    found = place_all(before, sizes(n + new), rows, links, spine.reshape(-1, 2), frames=frames)
    assert np.array_equal(found[:n], standing)
    assert overlaps(found, sizes(n + new)) == 0
    for row in rows:
        assert inside(frames, found, row) <= {frames.frames[f].id for f in frames.around(row)}
