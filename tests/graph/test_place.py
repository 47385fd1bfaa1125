import numpy as np
from hypothesis import given, settings
from hypothesis import strategies as st

from clew.graph.layout.measure import overlaps
from clew.graph.layout.place import place, place_all

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
