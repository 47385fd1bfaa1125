"""The Fiedler vector of a graph: one number a vertex, near where vertices are tied together."""

import numpy as np
from numpy.typing import NDArray

Ints = NDArray[np.int64]
Floats = NDArray[np.float64]

_STEPS = 250
_MOST = 32_000_000  # numbers kept, 128 MB


def fiedler(n: int, ties: Ints, seed: int) -> Floats:
    """Second eigenvector of the random walk on a connected graph, by Lanczos steps (Lanczos 1950).

    Steps are not made orthogonal to all before them: that only doubles values that were found already, and
    costs more than all the rest. The known first vector is taken out of every step, as it would come back.

    Args:
        n: number of vertices.
        ties: int64 (m, 2), pairs of vertices.
        seed: of the first vector.

    Returns:
        float64 (n,); the sign is that of the seed's making.
    """
    if n < 3:
        return np.arange(n, dtype=float)
    a, b = np.concatenate([ties, ties[:, ::-1]]).T
    degree = np.maximum(np.bincount(a, minlength=n), 1).astype(float)
    scale = 1 / np.sqrt(degree)
    weight = scale[a] * scale[b]
    first = np.sqrt(degree / degree.sum())
    steps = max(min(_STEPS, n - 1, _MOST // n), 20)
    kept = np.zeros((steps, n), np.float32)
    x = np.random.default_rng(seed).standard_normal(n)
    x -= first * (first * x).sum()
    x /= np.sqrt((x * x).sum())
    before = np.zeros(n)
    diagonal: list[float] = []
    beside: list[float] = []
    for i in range(steps):
        kept[i] = x
        y = 0.5 * x + 0.5 * np.bincount(a, weights=weight * x[b], minlength=n)
        diagonal.append(float((x * y).sum()))
        y -= diagonal[-1] * x + (beside[-1] if beside else 0.0) * before
        y -= first * (first * y).sum()
        norm = float(np.sqrt((y * y).sum()))
        if norm < 1e-9 or i + 1 == steps:
            break
        beside.append(norm)
        before, x = x, y / norm
    k = len(diagonal)
    small = np.diag(diagonal) + np.diag(beside[: k - 1], 1) + np.diag(beside[: k - 1], -1)
    share = np.linalg.eigh(small)[1][:, -1].astype(np.float32)
    result: Floats = (share @ kept[:k]).astype(float) * scale
    return result
