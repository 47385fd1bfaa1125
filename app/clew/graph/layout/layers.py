"""Which column each block stands in: longest path over an acyclic copy of the links, then shortened.

Versions of one project are chained by their spine and share one column, so columns are given to whole
chains ("units"). Links that would have to run against the reading direction are turned round first.
"""

import numpy as np
from numpy.typing import NDArray

Ints = NDArray[np.int64]


def chains(n: int, spine: Ints) -> tuple[Ints, Ints]:
    """Group blocks that hang on one spine.

    Args:
        n: number of blocks.
        spine: int64 (k, 2), pairs (upper, lower).

    Returns:
        Unit of each block, numbered without gaps, and its rank in the unit from the top; int64 (n,) both.
    """
    below: list[list[int]] = [[] for _ in range(n)]
    above = [-1] * n
    for upper, lower in spine.tolist():
        if above[lower] < 0 and upper != lower and not _hangs_on(above, upper, lower):
            above[lower] = upper
            below[upper].append(lower)
    weight = [1] * n
    for v in _bottom_up(above, below):
        if above[v] >= 0:
            weight[above[v]] += weight[v]
    unit = np.full(n, -1, np.int64)
    rank = np.zeros(n, np.int64)
    units = 0
    for root in range(n):
        if above[root] >= 0:
            continue
        stack, place = [root], 0
        while stack:
            v = stack.pop()
            unit[v], rank[v] = units, place
            place += 1
            # The lightest branch comes first: an intermediate state stands right under its version.
            stack.extend(sorted(below[v], key=lambda c: (-weight[c], -c)))
        units += 1
    return unit, rank


def _hangs_on(above: list[int], v: int, root: int) -> bool:
    while v >= 0:
        if v == root:
            return True
        v = above[v]
    return False


def _bottom_up(above: list[int], below: list[list[int]]) -> list[int]:
    order = [v for v, a in enumerate(above) if a < 0]
    for v in order:
        order.extend(below[v])
    return order[::-1]


def acyclic(n: int, edges: Ints, first: Ints) -> Ints:
    """Turn round the links that close a cycle, so that all run one way.

    Depth-first search; a link to a node that is still being visited is turned round. Nodes of `first` are
    entered before the others, so that links back into a project's spine are the ones that give way.

    Args:
        n: number of nodes.
        edges: int64 (m, 2), no self-loops.
        first: int64, nodes that should keep their outgoing links.

    Returns:
        int64 (m, 2) in the order given.
    """
    out: list[list[tuple[int, int]]] = [[] for _ in range(n)]
    for k, (a, b) in enumerate(edges.tolist()):
        out[a].append((b, k))
    indegree = np.bincount(edges[:, 1], minlength=n)
    roots = first.tolist() + np.flatnonzero(indegree == 0).tolist() + list(range(n))
    state = bytearray(n)  # 0 unseen, 1 open, 2 done
    turned = []
    for root in roots:
        if state[root]:
            continue
        state[root] = 1
        stack = [(root, iter(out[root]))]
        while stack:
            v, rest = stack[-1]
            for w, k in rest:
                if state[w] == 1:
                    turned.append(k)
                elif not state[w]:
                    state[w] = 1
                    stack.append((w, iter(out[w])))
                    break
            else:
                state[v] = 2
                stack.pop()
    result = edges.copy()
    result[turned] = result[turned][:, ::-1]
    return result


def layers(n: int, edges: Ints, rounds: int = 8) -> Ints:
    """Give each node a column so that every link runs at least one column to the right.

    Longest path from the sources, then nodes slide inside their slack towards the side with more links,
    which shortens links as network simplex does, only greedily (Gansner et al. 1993, section 2).

    Args:
        n: number of nodes.
        edges: int64 (m, 2), acyclic.
        rounds: most passes of shortening.

    Returns:
        Columns, int64 (n,), from 0.
    """
    into: list[list[int]] = [[] for _ in range(n)]
    out: list[list[int]] = [[] for _ in range(n)]
    for a, b in edges.tolist():
        out[a].append(b)
        into[b].append(a)
    waiting = [len(p) for p in into]
    order = [v for v in range(n) if not waiting[v]]
    layer = [0] * n
    for v in order:
        for w in out[v]:
            layer[w] = max(layer[w], layer[v] + 1)
            waiting[w] -= 1
            if not waiting[w]:
                order.append(w)
    for _ in range(rounds):
        moved = False
        for v in reversed(order):
            if out[v] and len(out[v]) > len(into[v]):
                best = min(layer[w] for w in out[v]) - 1
            elif into[v] and len(into[v]) > len(out[v]):
                best = max(layer[w] for w in into[v]) + 1
            else:
                continue
            moved |= best != layer[v]
            layer[v] = best
        if not moved:
            break
    result = np.array(layer, np.int64)
    return result - result.min() if n else result
