"""Layouts by Graphviz' `dot`, where it is installed; lengths in its files are inches, heights go up.

The language: https://graphviz.org/doc/info/lang.html, what comes back: https://graphviz.org/docs/outputs/plain/
"""

import shutil
import subprocess
import threading
from collections.abc import Callable, Iterator

import numpy as np
from numpy.typing import NDArray

from clew.base.errors import SurroundingsError
from clew.graph.layout.framed import Nesting
from clew.graph.layout.layout import DEFAULT_SPACING, Spacing

Ints = NDArray[np.int64]
Floats = NDArray[np.float64]
_INCH = 72.0  # scene pixels
_LOOK_S = 0.1  # between two questions whether to stop


def find_dot() -> str | None:
    """The program `dot` on this machine."""
    return shutil.which("dot")


def dot_layout(
    sizes: Floats,
    edges: Ints,
    spine: Ints,
    nesting: Nesting,
    *,
    anchors: Floats,  # noqa: ARG001 - dot aims at the middle of each block
    program: str,
    check: Callable[[], None] = lambda: None,
    spacing: Spacing = DEFAULT_SPACING,
) -> Floats:
    """Give every block a place; frames become clusters. Arguments as `framed_layout`.

    Args:
        program: path of `dot`.
        check: called ten times a second while it works; may raise, which ends it.

    Returns:
        Top left corners, float64 (n, 2), whole numbers, from (0, 0).

    Raises:
        SurroundingsError: `dot` does not run, or fails.
    """
    if not len(sizes):
        return np.zeros((0, 2))
    text = "\n".join(_digraph(sizes, edges, spine, nesting, spacing))
    try:
        process = subprocess.Popen(
            [program, "-Tplain"],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            encoding="utf-8",
            errors="replace",
        )
    except OSError as error:
        raise SurroundingsError(f"Graphviz cannot be started: {error.strerror}. Install it again.") from error
    said: list[str] = []
    talk = threading.Thread(target=lambda: said.extend(process.communicate(text)), daemon=True)
    talk.start()
    try:
        while talk.is_alive():
            talk.join(_LOOK_S)
            check()
    except BaseException:
        process.kill()
        talk.join()
        raise
    if process.returncode or len(said) < 2:
        lines = said[1].strip().splitlines() if len(said) > 1 else []
        why = lines[0] if lines else f"it ended with {process.returncode}"
        raise SurroundingsError(f"Graphviz could not lay out the graph: {why}. Use Arrange instead.")
    return _places(said[0], sizes)


def _digraph(sizes: Floats, edges: Ints, spine: Ints, nesting: Nesting, spacing: Spacing) -> Iterator[str]:
    yield "digraph {"
    yield f"rankdir=LR; nodesep={spacing.row / _INCH:.3f}; ranksep={spacing.column / _INCH:.3f};"
    yield 'node [shape=box, fixedsize=true, label=""]; edge [arrowhead=none];'
    for i, (width, height) in enumerate(sizes.tolist()):
        yield f"{i} [width={width / _INCH:.4f}, height={height / _INCH:.4f}];"
    for frame in np.flatnonzero(nesting.parents < 0).tolist():
        yield _cluster(frame, nesting, spacing)
    for a, b in edges.tolist():
        yield f"{a} -> {b};"
    for a, b in spine.tolist():
        # In one column, the earlier first; dot knows no column that goes through two clusters.
        yield (
            f"{{ rank=same; {a} -> {b}; }}"
            if nesting.frames[a] == nesting.frames[b]
            else f"{a} -> {b} [constraint=false];"
        )
    yield "}"


def _cluster(frame: int, nesting: Nesting, spacing: Spacing) -> str:
    members = [f"{block};" for block in np.flatnonzero(nesting.frames == frame).tolist()]
    members += [
        _cluster(inner, nesting, spacing) for inner in np.flatnonzero(nesting.parents == frame).tolist()
    ]
    return f"subgraph cluster_{frame} {{ margin={max(spacing.frame):.0f}; {' '.join(members)} }}"


def _places(plain: str, sizes: Floats) -> Floats:
    middle = np.zeros((len(sizes), 2))
    for line in plain.splitlines():
        word, *rest = line.split(" ")
        if word == "node":
            middle[int(rest[0])] = float(rest[1]), -float(rest[2])
    corner = middle * _INCH - sizes / 2
    result: Floats = np.round(corner - corner.min(0))
    return result
