"""How fast a task gets on, and how long it will still take, from the progress that it reported.

A pace is a short list of `(seconds since the start, fraction done)`, the newest last. It is kept with the
task, so that a window opened later, or on another machine, says the same.
"""

import statistics
from collections.abc import Sequence

Point = tuple[float, float]
Pace = tuple[Point, ...]

_MOST = 24  # points kept; the older half is thinned when there are more
_APART = 0.4  # seconds between two kept points
_FALL = 0.02  # a fraction that falls by more begins a new stretch
_SOON = 3.0  # seconds of progress before anything is foretold
_LEAST = 0.01  # progress made before anything is foretold


def noted(pace: Sequence[Sequence[float]], seconds: float, fraction: float | None) -> Pace:
    """The pace with one more report: the newest is always kept, older ones thinly.

    Args:
        pace: what was kept so far.
        seconds: since the task started.
        fraction: how far it is, 0 to 1; None when nobody knows, which begins anew.
    """
    kept: list[Point] = [(float(at), float(done)) for at, done in pace]
    if fraction is None:
        return ()
    if kept and (fraction < kept[-1][1] - _FALL or seconds < kept[-1][0]):
        kept = []
    if len(kept) > 1 and kept[-1][0] - kept[-2][0] < _APART:
        kept.pop()
    kept.append((round(seconds, 2), round(fraction, 5)))
    if len(kept) > _MOST:
        half = _MOST // 2
        kept = kept[:half:2] + kept[half:]
    return tuple(kept)


def seconds_left(pace: Sequence[Sequence[float]], seconds: float) -> float | None:
    """How many seconds it will still take, or None while that would be a guess.

    The speed is the median of the slopes between all pairs of points (Theil and Sen), so that one stage
    that hangs or rushes does not move it much; the pairs lie denser in the recent past, so that a lasting
    change of speed does. Between two reports the time counts down, at most to the next that is due.

    Args:
        pace: as `noted` keeps it.
        seconds: since the task started, now.
    """
    points = [(float(at), float(done)) for at, done in pace]
    if len(points) < 3:
        return None
    (first, low), (last, high) = points[0], points[-1]
    if last - first < _SOON or high - low < _LEAST:
        return None
    slopes = [
        (b_done - a_done) / (b_at - a_at)
        for i, (a_at, a_done) in enumerate(points)
        for b_at, b_done in points[i + 1 :]
        if b_at > a_at
    ]
    speed = statistics.median(slopes)
    if speed <= 0:
        speed = (high - low) / (last - first)
    step = (last - first) / (len(points) - 1)
    return max(0.0, (1.0 - high) / speed - min(max(0.0, seconds - last), step))


def left_in_words(seconds: float | None) -> str:
    """The time left, coarse enough to stand still: "about 2 min left"; empty when it is not known."""
    if seconds is None:
        return ""
    if seconds < 8:
        return "a few seconds left"
    if seconds < 50:
        return f"about {-(-seconds // 10) * 10:.0f} s left"
    minutes = seconds / 60
    if minutes < 9.5:
        return f"about {max(1, round(minutes))} min left"
    if minutes < 57:
        return f"about {round(minutes / 5) * 5} min left"
    halves = round(minutes / 30)
    if halves < 20:
        return f"about {halves // 2}{'½' if halves % 2 else ''} h left"
    return (
        f"about {round(minutes / 60)} h left"
        if minutes < 48 * 60
        else f"about {minutes / 1440:.0f} days left"
    )
