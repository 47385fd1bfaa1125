"""Heights in the drawing: columns keep order and gaps, and move towards what they are linked to."""

import numpy as np
from numpy.typing import NDArray

Ints = NDArray[np.int64]
Floats = NDArray[np.float64]

_CROOKED = 12.0  # scene pixels; a link that is that little from level is made level
_BOTH, _ONE, _NONE = 12.0, 8.0, 1.0  # how hard a link pulls straight: between two bends, at one bend, at none


def heights(
    columns: list[Ints], gaps: list[Floats], links: Ints, bend: NDArray[np.bool_], rounds: int = 12
) -> Floats:
    """Find a y for each vertex so that links run straight where they can.

    Each column in turn is placed by weighted least squares towards its neighbours under "keep your
    distance" (isotonic regression, pool adjacent violators); the priority of bends keeps long links straight.

    Args:
        columns: vertices of each column from the top.
        gaps: least distance from each vertex of a column to the next, one fewer than vertices.
        links: int64 (m, 2), vertices of neighbouring columns.
        bend: bool (vertices,), whether a vertex is the bend of a long link.
        rounds: passes to and fro.

    Returns:
        float64 (vertices,).
    """
    n = len(bend)
    y = np.zeros(n)
    for vertices, gap in zip(columns, gaps):
        y[vertices] = np.concatenate([[0.0], np.cumsum(gap)])
        y[vertices] -= y[vertices].mean()
    layer = np.zeros(n, np.int64)
    for i, vertices in enumerate(columns):
        layer[vertices] = i
    ends = np.concatenate([links, links[:, ::-1]])
    pull = np.where(bend[ends].all(1), _BOTH, np.where(bend[ends].any(1), _ONE, _NONE))
    by = np.argsort(layer[ends[:, 0]], kind="stable")
    ends, pull = ends[by], pull[by]
    cut = np.searchsorted(layer[ends[:, 0]], np.arange(len(columns) + 1))
    local = np.zeros(n, np.int64)
    own = np.where(bend, 4.0, 1.0)
    for vertices in columns:
        local[vertices] = np.arange(len(vertices))
    for turn in range(rounds):
        rightwards = turn % 2 == 0
        # The side already placed in this pass counts more; in the last rounds both count the same.
        back, ahead = (1.0, 1.0) if turn >= rounds - 4 else (1.0, 0.3)
        for i in range(len(columns)) if rightwards else range(len(columns) - 1, -1, -1):
            mine, other = ends[cut[i] : cut[i + 1]].T
            before = layer[other] < i
            weight = pull[cut[i] : cut[i + 1]] * np.where(before == rightwards, back, ahead)
            vertices = columns[i]
            k = len(vertices)
            total = np.bincount(local[mine], weights=weight, minlength=k)
            wanted = np.bincount(local[mine], weights=weight * y[other], minlength=k)
            wish = np.where(total > 0, wanted / np.maximum(total, 1e-9), y[vertices])
            y[vertices] = keep_distance(wish, own[vertices] * np.maximum(total, 0.05), gaps[i])
    for i, vertices in enumerate(columns):
        mine, other = ends[cut[i] : cut[i + 1]].T
        _level(y, vertices, mine[layer[other] < i], other[layer[other] < i], gaps[i])
    return y


def _level(y: Floats, vertices: Ints, mine: Ints, other: Ints, gap: Floats) -> None:
    """Move what stands a little beside its source; who is in the way and not level itself makes room."""
    aside = y[other] - y[mine]
    by = np.argsort(-np.abs(aside), kind="stable")
    step = np.full(len(y), np.inf)
    step[mine[by]] = aside[by]  # the nearest is written last
    steps = step[vertices].tolist()
    places, gaps = y[vertices].tolist(), gap.tolist()
    for k in (*range(len(places)), *range(len(places) - 1, -1, -1)):  # twice: those that go the same way
        if 0 < abs(steps[k]) <= _CROOKED and _push(places, gaps, steps, k):
            steps[k] = 0.0
    y[vertices] = places


def _push(places: list[float], gaps: list[float], steps: list[float], k: int) -> bool:
    """Move one by its step, and those in its way as little as needed; nothing moves if one of them is level.

    Args:
        places: heights of a column, changed in place.
        gaps: least distances from each to the next.
        steps: from each to the level of its source, infinite without one; those of the pushed are changed.
        k: which one.

    Returns:
        Whether it moved.
    """
    towards = -1 if steps[k] < 0 else 1
    moved = [places[k] + steps[k]]
    j = k + towards
    while 0 <= j < len(places):
        least = moved[-1] + towards * gaps[min(j, j - towards)]
        if (places[j] - least) * towards >= 0:
            break
        if steps[j] == 0 or abs(least - places[j]) > _CROOKED:
            return False
        moved.append(least)
        if steps[j] != np.inf:
            steps[j] += places[j] - least
        j += towards
    ends = (k, j) if towards > 0 else (j + 1, k + 1)
    places[slice(*ends)] = moved[::towards]
    return True


def keep_distance(wish: Floats, weight: Floats, gap: Floats) -> Floats:
    """Minimise sum weight * (y - wish)^2 with y[i + 1] - y[i] >= gap[i].

    Pool adjacent violators (Barlow et al. 1972) on the wishes less the running gaps.

    Args:
        wish: float64 (k,).
        weight: float64 (k,), positive.
        gap: float64 (k - 1,).

    Returns:
        float64 (k,).
    """
    offset = np.concatenate([[0.0], np.cumsum(gap)])
    values: list[float] = []
    weights: list[float] = []
    counts: list[int] = []
    for value, w in zip((wish - offset).tolist(), weight.tolist()):
        count = 1
        while values and values[-1] > value:
            total = weights[-1] + w
            value = (values.pop() * weights.pop() + value * w) / total
            w = total
            count += counts.pop()
        values.append(value)
        weights.append(w)
        counts.append(count)
    result: Floats = np.repeat(values, counts) + offset
    return result
