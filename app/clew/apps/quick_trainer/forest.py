"""Forests kept as plain numbers: no pickle, so a model from a stranger cannot run code when it is loaded."""

from collections.abc import Iterator, Mapping
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from typing import Any, Self

import numpy as np
from numpy.typing import NDArray
from sklearn.ensemble import ExtraTreesClassifier, ExtraTreesRegressor
from sklearn.tree._tree import Tree

Floats = NDArray[np.float32]
Ints = NDArray[np.int32]

_NAMES = ("starts", "left", "right", "feature", "threshold", "values")


@dataclass(frozen=True)
class Forest:
    """Decision trees one after the other; children are counted from their tree's first node, -1 in leaves.

    `starts` is (trees + 1,), the other arrays have one row per node; `values` is (nodes, outputs).
    """

    inputs: int
    starts: Ints
    left: Ints
    right: Ints
    feature: Ints
    threshold: NDArray[np.float64]
    values: Floats
    _walkers: tuple[Any, ...] = field(init=False, compare=False, repr=False)

    def __post_init__(self) -> None:
        self._check()
        object.__setattr__(self, "_walkers", tuple(self._compiled()))  # now, as threads share the forest

    @classmethod
    def fit_classes(cls, x: Floats, y: Ints, classes: int, trees: int, seed: int, **limits: Any) -> Self:
        """Learn shares of `classes` classes; `y` holds 0 to classes - 1, classes without a sample get 0."""
        fitted = ExtraTreesClassifier(trees, random_state=seed, n_jobs=-1, **limits).fit(x, y)
        seen = fitted.classes_.astype(int)

        def values(tree: Any) -> Floats:
            share = np.zeros((tree.node_count, classes), np.float32)
            counts = tree.value[:, 0, :]
            share[:, seen] = counts / counts.sum(axis=1, keepdims=True)
            return share

        return cls._gather(fitted, values)

    @classmethod
    def fit_numbers(cls, x: Floats, y: Floats, trees: int, seed: int, **limits: Any) -> Self:
        """Learn several numbers at once; `y` is (samples, outputs)."""
        fitted = ExtraTreesRegressor(trees, random_state=seed, n_jobs=-1, **limits).fit(x, y)
        return cls._gather(fitted, lambda tree: tree.value[:, :, 0].astype(np.float32))

    @classmethod
    def _gather(cls, fitted: Any, values: Any) -> Self:
        trees = [estimator.tree_ for estimator in fitted.estimators_]

        def joined(name: str) -> Any:
            return np.concatenate([getattr(tree, name) for tree in trees])

        return cls(
            inputs=int(fitted.n_features_in_),
            starts=np.cumsum([0, *(tree.node_count for tree in trees)]).astype(np.int32),
            left=joined("children_left").astype(np.int32),
            right=joined("children_right").astype(np.int32),
            feature=joined("feature").astype(np.int32),
            threshold=joined("threshold").astype(np.float64),
            values=np.concatenate([values(tree) for tree in trees]),
        )

    def to_arrays(self, prefix: str) -> dict[str, NDArray[Any]]:
        """Everything as named arrays, to be stored in an npz file."""
        named = {f"{prefix}_{name}": getattr(self, name) for name in _NAMES}
        return {**named, f"{prefix}_inputs": np.array(self.inputs)}

    @classmethod
    def from_arrays(cls, arrays: Mapping[str, NDArray[Any]], prefix: str) -> Self:
        """The forest that `to_arrays` described.

        Raises:
            ValueError: the arrays do not make a forest (compiled code would read outside of them).
            KeyError: an array is missing.
        """
        parts: list[Any] = [arrays[f"{prefix}_{name}"] for name in _NAMES]
        return cls(int(arrays[f"{prefix}_inputs"]), *parts)

    def _check(self) -> None:
        nodes = len(self.values)
        sizes = np.diff(self.starts)
        if len(self.starts) < 2 or self.starts[0] != 0 or self.starts[-1] != nodes or (sizes < 1).any():
            raise ValueError("the trees do not add up")
        if any(len(getattr(self, name)) != nodes for name in _NAMES[1:5]) or self.values.ndim != 2:
            raise ValueError("the nodes do not add up")
        own = np.arange(nodes) - np.repeat(self.starts[:-1], sizes)
        limit = np.repeat(sizes, sizes)
        inner = self.left != -1
        for child in (self.left[inner], self.right[inner]):
            # Children lie behind their parent, so that every walk ends.
            if ((child <= own[inner]) | (child >= limit[inner])).any():
                raise ValueError("a node points outside of its tree")
        if ((self.feature[inner] < 0) | (self.feature[inner] >= self.inputs)).any():
            raise ValueError("a node asks for a feature that there is not")

    def predict(self, x: Floats, threads: int = 1) -> Floats:
        """The mean of the trees' answers: (samples, outputs) for `x` of (samples, inputs)."""
        x = np.ascontiguousarray(x, np.float32)

        def some(part: int) -> Floats:
            total = np.zeros((len(x), self.values.shape[1]), np.float32)
            for number in range(part, len(self._walkers), threads):
                own = self.values[self.starts[number] : self.starts[number + 1]]
                total += own.take(self._walkers[number].apply(x), axis=0)
            return total

        if threads == 1:
            total = some(0)
        else:
            with ThreadPoolExecutor(threads) as pool:
                total = np.sum(list(pool.map(some, range(threads))), axis=0)
        return np.asarray(total / len(self._walkers), np.float32)

    def _compiled(self) -> Iterator[Any]:
        """scikit-learn's own trees, set up from our numbers, because they walk in compiled code."""
        for first, end in zip(self.starts[:-1], self.starts[1:], strict=True):
            tree = Tree(self.inputs, np.ones(1, np.intp), 1)
            nodes = np.zeros(int(end - first), _node_type())
            leaf = self.left[first:end] == -1
            nodes["left_child"], nodes["right_child"] = self.left[first:end], self.right[first:end]
            nodes["feature"] = np.where(leaf, -2, self.feature[first:end])
            nodes["threshold"] = self.threshold[first:end]
            state = {
                "max_depth": int(end - first),
                "node_count": int(end - first),
                "nodes": nodes,
                "values": np.zeros((int(end - first), 1, 1)),
            }
            tree.__setstate__(state)
            yield tree


def _node_type() -> np.dtype[Any]:
    """The record type of a node in the installed scikit-learn; newer ones have had fields added."""
    empty = Tree(1, np.ones(1, np.intp), 1)
    kind: np.dtype[Any] = empty.__getstate__()["nodes"].dtype
    return kind
