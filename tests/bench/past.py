"""How smooth the time slider is: `python tests/bench/past.py [BLOCKS]`, milliseconds, median / p95.

The canvas of `canvas.py`, offscreen, all blocks in view and at 100 %. `step` is what one change of the thumb
costs before the frame, `frame` the whole: step, then the event loop until the viewport has painted. `drag`
goes through all of time in 60 steps, `scrub` there and back in steps of 1 %, `play` lets blocks glide in.
"""

import json
import sys
import time
from typing import Any

import numpy as np
from canvas import VIEW, Frames, summary, workflow

from clew.graph.layout.layout import layout
from clew.gui.canvas.canvas import Canvas
from clew.gui.canvas.moments import moments
from clew.gui.theme import load_theme
from clew.model.refs import BlockKind, BlockRef
from clew.model.view import BLOCK_HEIGHT, BLOCK_WIDTH, Block, BlockLink, GraphView, Scope


def main(n: int) -> None:
    from PySide6.QtWidgets import QApplication

    app = QApplication([])
    links = workflow(n)
    sizes = np.tile([BLOCK_WIDTH, BLOCK_HEIGHT], (n, 1))
    place = layout(sizes, links, np.zeros((0, 2), np.int64))
    kinds = list(BlockKind)
    order = np.argsort(place[:, 0], kind="stable").argsort()
    blocks = tuple(
        Block(BlockRef(kinds[i % 9], i), "App", f"Block {i}", created_at=1_000_000 + int(order[i]) * 60)
        for i in range(n)
    )
    edges = tuple(BlockLink(blocks[a].ref, blocks[b].ref, id=k) for k, (a, b) in enumerate(links.tolist()))
    places = {b.ref: (x, y) for b, (x, y) in zip(blocks, place.tolist())}
    canvas = Canvas(load_theme("light"))
    canvas.resize(*VIEW)
    canvas.set_graph(GraphView(Scope(), "", blocks, edges, (), places))
    canvas.show()
    frames = Frames(canvas.viewport())
    begun = time.perf_counter()
    found = moments(canvas.scene, {b.ref: b.created_at for b in blocks})
    result: dict[str, Any] = {"blocks": n, "moments": round((time.perf_counter() - begun) * 1e3, 1)}
    middle = blocks[int(np.abs(place - place.mean(0)).sum(1).argmin())].ref
    for name, zoom in (("all in view", 0.0), ("100 %", 1.0)):
        canvas.fit()
        if zoom:
            canvas.set_zoom(zoom)
            canvas.center_on(middle)
        canvas.settle()
        app.processEvents()
        result[name] = measure(canvas, frames, found)
    print(json.dumps(result, indent=1))


def measure(canvas: Canvas, frames: Frames, found: Any) -> dict[str, list[float]]:
    n = len(found)
    steps: list[float] = []

    def go(step: int, *, glide: bool = False) -> None:
        begun = time.perf_counter()
        canvas.show_until(found.later(step), glide=glide)
        steps.append((time.perf_counter() - begun) * 1e3)

    result = {}
    for name, ways in (
        ("drag", [round(n * (1 - k / 60)) for k in range(1, 60)] + [round(n * k / 60) for k in range(2, 61)]),
        ("scrub", [n // 2 + ((k % 20) - 10) * n // 100 for k in range(60)]),
    ):
        steps.clear()
        result[f"{name} frame"] = summary(frames.many(lambda k, ways=ways: go(ways[k]), len(ways)))
        result[f"{name} step"] = summary(list(steps))
    go(1)
    canvas.settle()
    times: list[float] = []
    for k in range(1, 40):  # as playing does: a hundredth of all each time, the glide between
        times.append(frames.frame(lambda k=k: go(k * n // 100, glide=True)))
        while canvas.motion.glide is not None:
            times.append(frames.frame(canvas.viewport().update))
    result["play frame"] = summary(times)
    go(n)
    return result


if __name__ == "__main__":
    main(int(sys.argv[1]) if len(sys.argv) > 1 else 10_000)
