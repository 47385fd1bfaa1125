"""What is foretold of the time left: near the truth, standing still, and silent while it would be a guess."""

import itertools
import random

from hypothesis import given
from hypothesis import strategies as st

from clew.model.pace import left_in_words, noted, seconds_left


def run(reports, upto=None):
    pace = ()
    for at, done in reports:
        if upto is None or at <= upto:
            pace = noted(pace, at, done)
    return pace


def test_an_even_task_is_foretold_to_the_second() -> None:
    pace = run((t / 10, t / 1000) for t in range(401))
    assert abs(seconds_left(pace, 40.0) - 60) < 0.5


def test_nothing_is_said_in_the_first_seconds_or_without_progress() -> None:
    assert seconds_left((), 1.0) is None
    assert seconds_left(run([(0.1, 0.0), (0.6, 0.3), (1.2, 0.5)]), 1.2) is None
    assert seconds_left(run([(0.0, 0.2), (30.0, 0.2), (60.0, 0.2)]), 60.0) is None


def test_a_slow_start_is_forgotten() -> None:
    """Thirty seconds of loading, then ten seconds per tenth."""
    reports = [(t, 0.001 * t) for t in range(31)] + [(30 + t, 0.03 + 0.01 * t) for t in range(1, 60)]
    left = seconds_left(run(reports), 89.0)
    assert 25 < left < 55, left  # 38 s are right; start to end on average would say 51


def test_noise_does_not_make_the_words_jump() -> None:
    dice = random.Random(5)
    pace, said = (), []
    for step in range(1, 200):
        at = step + dice.uniform(-0.45, 0.45)
        pace = noted(pace, at, min(1.0, step / 200 + dice.uniform(-0.008, 0.008)))
        left = seconds_left(pace, at)
        if left is not None and step > 20:
            said.append((200 - step, left, left_in_words(left)))
    assert all(abs(left - truth) < 12 + 0.2 * truth for truth, left, _ in said)
    words = [w for _, _, w in said]
    changes = sum(a != b for a, b in itertools.pairwise(words))
    assert changes < 24, words


def test_between_reports_it_counts_down_and_waits_for_the_next() -> None:
    pace = run((10 * i, 0.1 * i) for i in range(5))  # 40 %, every ten seconds
    assert abs(seconds_left(pace, 40.0) - 60) < 0.5
    assert abs(seconds_left(pace, 46.0) - 54) < 0.5
    assert abs(seconds_left(pace, 500.0) - 50) < 0.5  # the next report is late: not less than after it


def test_a_new_stretch_begins_when_progress_falls() -> None:
    pace = run([(t, t / 10) for t in range(10)] + [(10 + t, t / 100) for t in range(20)])
    assert abs(seconds_left(pace, 29.0) - 81) < 2


@given(st.lists(st.tuples(st.floats(0, 1e5), st.none() | st.floats(0, 1)), max_size=120))
def test_whatever_is_reported_the_pace_stays_short_and_the_time_is_sound(reports) -> None:
    pace = ()
    for at, done in reports:
        pace = noted(pace, at, done)
        left = seconds_left(pace, at)
        assert len(pace) <= 24
        assert left is None or left >= 0
        left_in_words(left)


def test_words_are_coarse() -> None:
    said = {s: left_in_words(s) for s in (3, 21, 54, 57, 130, 1400, 5300, 90000, 400000)}
    assert said == {
        3: "a few seconds left",
        21: "about 30 s left",
        54: "about 1 min left",
        57: "about 1 min left",
        130: "about 2 min left",
        1400: "about 25 min left",
        5300: "about 1½ h left",
        90000: "about 25 h left",
        400000: "about 5 days left",
    }
    assert left_in_words(None) == ""
