"""Measures canvas and layout beside QGraphicsScene and, where it is installed, NodeGraphQt.

    canvas.py [--blocks N ...] [--large] [--json FILE]

Each canvas runs in a process of its own, offscreen, 1600 x 900, with 1.5 links a block; a frame is: change
the view or a block, then run the event loop until the viewport has painted. Milliseconds, median / p95; on a
shared machine only the ratios count. `--large` adds 50,000 blocks.
"""

import argparse
import json
import os
import random
import subprocess
import sys
import time
from collections.abc import Callable
from importlib.util import find_spec
from typing import Any

import numpy as np

VIEW = (1600, 900)
NEAR_STEPS = 60
MEASURES = (
    ("first frame", "first"),
    ("pan, all in view", "pan_all"),
    ("pan at 100 %", "pan_near"),
    ("drag one block", "drag"),
    ("let the block go", "drop"),
    ("ways for all links, aside", "ways"),
    ("drag with its thread lit", "drag_lit"),
    ("zoom sweep", "zoom"),
    ("crisp again", "crisp"),
    ("progress on a block", "progress"),
    ("memory, MB", "memory"),
)


def workflow(n: int, seed: int = 3) -> np.ndarray:
    """Links of a made-up workspace: strands that fork and join, tied to their neighbours; 1.5 n of them."""
    chance = random.Random(seed)
    links: set[tuple[int, int]] = set()
    strand, depth = np.zeros(n, int), np.zeros(n, int)
    v = 0
    strands = max(2, n // 30)
    for s in range(strands):
        end = (s + 1) * n // strands
        tips: list[int] = []
        while v < end:
            strand[v] = s
            if tips and chance.random() < 0.15 and end - v > 3:  # fork: the next block starts a second tip
                parent = chance.choice(tips)
                tips.append(v)
                links.add((parent, v))
                depth[v] = depth[parent] + 1
            else:
                joined = tips if len(tips) > 1 and chance.random() < 0.4 else tips[-1:]
                links.update((t, v) for t in joined)
                depth[v] = max((depth[t] + 1 for t in joined), default=chance.randrange(3))
                tips = [t for t in tips if t not in joined] + [v]
            v += 1
    while len(links) < 1.5 * n:
        a = chance.randrange(n)
        near = (
            min(max(a + round(chance.gauss(0, 45)), 0), n - 1)
            if chance.random() < 0.97
            else chance.randrange(n)
        )
        if 0 < depth[near] - depth[a] < 4 or (depth[near] > depth[a] and chance.random() < 0.03):
            links.add((a, near))
    shuffled = np.random.default_rng(seed).permutation(n)
    return shuffled[np.array(sorted(links))]


class Frames:
    """Counts the paints of a viewport and times frames."""

    def __init__(self, viewport: Any) -> None:
        from PySide6.QtCore import QEvent, QObject
        from PySide6.QtWidgets import QApplication

        frames = self
        self.painted = 0
        self.app = QApplication.instance()

        class Filter(QObject):
            def eventFilter(self, _thing: QObject, event: QEvent) -> bool:
                if event.type() == QEvent.Type.Paint:
                    frames.painted += 1
                return False

        self._filter = Filter()
        viewport.installEventFilter(self._filter)

    def frame(self, change: Callable[[], None]) -> float:
        """Milliseconds of one frame."""
        before, begun = self.painted, time.perf_counter()
        change()
        while self.painted == before:
            self.app.processEvents()
        return (time.perf_counter() - begun) * 1e3

    def many(self, change: Callable[[int], None], count: int, budget: float = 20.0) -> list[float]:
        begun, found = time.perf_counter(), []
        for k in range(count):
            found.append(self.frame(lambda k=k: change(k)))
            if time.perf_counter() - begun > budget and k > 3:
                break
        return found


def summary(times: list[float]) -> list[float]:
    return [round(float(np.median(times)), 2), round(float(np.percentile(times, 95)), 2)]


def resident() -> int:
    with open("/proc/self/status", encoding="ascii") as status:
        return next(int(line.split()[1]) // 1000 for line in status if line.startswith("VmRSS"))


def measure_ours(n: int, links: np.ndarray, place: np.ndarray) -> dict[str, Any]:
    from dataclasses import replace

    from PySide6.QtCore import QPointF
    from PySide6.QtWidgets import QApplication

    from clew.gui.canvas.canvas import Canvas
    from clew.gui.theme import load_theme
    from clew.model.refs import BlockKind, BlockRef
    from clew.model.view import Block, BlockLink, GraphView, Scope

    app = QApplication([])
    kinds = list(BlockKind)
    blocks = tuple(
        Block(BlockRef(kinds[i % 9], i), "Training app", f"Quick trainer {i}", "half size", ("29 s",))
        for i in range(n)
    )
    edges = tuple(BlockLink(blocks[a].ref, blocks[b].ref, id=k) for k, (a, b) in enumerate(links.tolist()))
    positions = {b.ref: (x, y) for b, (x, y) in zip(blocks, place.tolist())}
    view = GraphView(Scope(), "", blocks, edges, (), positions)
    begun = time.perf_counter()
    canvas = Canvas(load_theme("light"))
    canvas.resize(*VIEW)
    frames = Frames(canvas.viewport())
    canvas.ways.aside = lambda _work, _done: None  # `settle` does it, outside of what is measured
    canvas.set_graph(view)
    frames.frame(canvas.show)
    result: dict[str, Any] = {"first": round((time.perf_counter() - begun) * 1e3, 1)}
    canvas.settle()
    app.processEvents()
    result["pan_all"] = summary(frames.many(lambda k: pan_ours(canvas, k), 40))
    row = int(np.abs(place - place.mean(0)).sum(1).argmin())
    canvas.set_zoom(1.0)
    canvas.center_on(blocks[row].ref)
    canvas.settle()
    result["pan_near"] = summary(
        frames.many(lambda k: canvas.look(canvas.camera.panned(-31, 17 if k % 30 < 15 else -17)), NEAR_STEPS)
    )
    canvas.center_on(blocks[row].ref)
    canvas.settle()
    canvas.set_lineage_highlight(False)
    result["drag"] = summary(drag_ours(canvas, frames, row))
    result["drop"] = summary([drop_ours(canvas, row, k) for k in range(10)])
    canvas.set_lineage_highlight(True)
    canvas.select([blocks[row].ref])
    canvas.settle()
    result["drag_lit"] = summary(drag_ours(canvas, frames, row))
    canvas.select([])
    canvas.settle()
    result["progress"] = summary(
        frames.many(lambda k: canvas.update_blocks([replace(blocks[row], fact=f"epoch {k}")]), 40)
    )
    canvas.fit()
    canvas.settle()
    low = canvas.zoom()
    middle = QPointF(VIEW[0] / 2, VIEW[1] / 2)
    result["zoom"] = summary(
        frames.many(lambda k: canvas.set_zoom(low * (1 / low) ** ((k + 1) / 30), middle), 30)
    )
    begun = time.perf_counter()
    canvas.settle()
    frames.frame(canvas.viewport().update)
    result["crisp"] = round((time.perf_counter() - begun) * 1e3, 1)
    until = time.perf_counter() + 2.0
    while time.perf_counter() < until:  # at rest, as when the person reads
        app.processEvents()
    result["memory"] = resident()
    result["ways"] = summary([ways_ours(canvas) for _ in range(5)])
    return result


def ways_ours(canvas: Any) -> float:
    """Milliseconds of seeking ways for all links, which the window does beside the UI thread."""
    from clew.gui.canvas.ways import sought

    work = sought(canvas.scene, np.arange(len(canvas.scene.links)))
    begun = time.perf_counter()
    work()
    return (time.perf_counter() - begun) * 1e3


def drop_ours(canvas: Any, row: int, k: int) -> float:
    """Milliseconds from letting a block go until its links have their ways."""
    rows = np.array([row])
    before = canvas.scene.position[rows].copy()
    canvas.lift(rows)
    canvas.carry(rows, before + np.array([8.0, 24.0]) * (1 if k % 2 else -1))
    begun = time.perf_counter()
    canvas.drop(rows, None)
    return (time.perf_counter() - begun) * 1e3


def pan_ours(canvas: Any, k: int) -> None:
    way = 5 if k % 20 < 10 else -5
    canvas.look(canvas.camera.panned(way, way * 0.6))


def drag_ours(canvas: Any, frames: Frames, row: int) -> list[float]:
    rows = np.array([row])
    before = canvas.scene.position[rows].copy()

    def step(k: int) -> None:
        if not k:
            canvas.lift(rows)
        canvas.carry(rows, before + np.array([4.0 * min(k, 40 - k), 3.0 * k]))

    times = frames.many(step, 50)
    canvas.carry(rows, before)
    canvas.drop(rows, None)
    canvas.settle()
    return times


def measure_peer(build: Callable[[np.ndarray, np.ndarray], Any], links: np.ndarray, place: np.ndarray) -> Any:
    """The same steps with a canvas of somebody else's (graphics_scene.py, node_graph_qt.py)."""
    from PySide6.QtCore import QPointF
    from PySide6.QtWidgets import QApplication

    app = QApplication([])
    begun = time.perf_counter()
    peer = build(links, place)
    peer.view.resize(*VIEW)
    low, high = place.min(0), place.max(0) + np.array([224, 92])
    fit = min(VIEW[0] / (high - low)[0], VIEW[1] / (high - low)[1]) * 0.95
    frames = Frames(peer.view.viewport())

    def show() -> None:
        peer.look(fit, QPointF(*((low + high) / 2).tolist()))
        peer.view.show()

    frames.frame(show)
    result: dict[str, Any] = {"first": round((time.perf_counter() - begun) * 1e3, 1)}
    app.processEvents()
    result["pan_all"] = summary(frames.many(lambda k: peer.pan(5 if k % 20 < 10 else -5, 3), 40))
    row = int(np.abs(place - place.mean(0)).sum(1).argmin())
    middle = QPointF(*place[row].tolist())
    frames.frame(lambda: peer.look(1.0, middle))
    result["pan_near"] = summary(frames.many(lambda k: peer.pan(31, -17 if k % 30 < 15 else 17), NEAR_STEPS))
    frames.frame(lambda: peer.look(1.0, middle))
    result["drag"] = summary(frames.many(lambda k: peer.drag(row, 4, 3 if k % 40 < 20 else -3), 50))
    result["zoom"] = summary(frames.many(lambda k: peer.look(fit * (1 / fit) ** ((k + 1) / 30), middle), 30))
    result["memory"] = resident()
    return result


def measure_scene(_n: int, links: np.ndarray, place: np.ndarray) -> dict[str, Any]:
    from graphics_scene import GraphicsScene

    return measure_peer(GraphicsScene, links, place)


def measure_node_graph(_n: int, links: np.ndarray, place: np.ndarray) -> dict[str, Any]:
    from node_graph_qt import NodeGraphQt

    return measure_peer(NodeGraphQt, links, place)


def measure_layout(n: int) -> dict[str, Any]:
    from clew.graph.layout.layout import layout
    from clew.graph.layout.measure import crossings, overlaps
    from clew.graph.layout.place import place

    links, sizes = workflow(n), np.tile([224.0, 92.0], (n, 1))
    times = []
    for _ in range(3 if n <= 1000 else 1):
        begun = time.perf_counter()
        found = layout(sizes, links)
        times.append(time.perf_counter() - begun)
    news = []
    for v in range(50):
        begun = time.perf_counter()
        place(found, sizes, (224.0, 92.0), sources=[v * n // 50])
        news.append((time.perf_counter() - begun) * 1e3)
    return {
        "seconds": round(float(np.median(times)), 3),
        "crossings": crossings(found, sizes, links) if n <= 10_000 else None,
        "overlaps": overlaps(found, sizes),
        "place_ms": summary(news),
    }


MEASURED = {"ours": measure_ours, "QGraphicsScene": measure_scene}
if find_spec("NodeGraphQt"):
    MEASURED["NodeGraphQt"] = measure_node_graph
MOST = {"NodeGraphQt": 1000}  # blocks; with more it takes minutes a step


def spread(n: int) -> tuple[np.ndarray, np.ndarray]:
    """Links and places: for drawing, the laid-out strands are folded into columns to fill 16:9."""
    from clew.graph.layout.layout import layout

    links = workflow(n)
    place = layout(np.tile([224.0, 92.0], (n, 1)), links)
    width, height = np.ptp(place, 0) + 400
    columns = max(1, round(float(np.sqrt(height / width * 16 / 9))))
    fold = height / columns
    column = np.floor(place[:, 1] / fold)
    return links, np.column_stack([place[:, 0] + column * width, place[:, 1] - column * fold])


def child(what: str, n: int) -> dict[str, Any]:
    """Measure in a process of its own."""
    run = subprocess.run(
        [sys.executable, __file__, "--one", what, "--blocks", str(n)],
        capture_output=True,
        text=True,
        check=False,
        timeout=600,
        env={**os.environ, "QT_QPA_PLATFORM": os.environ.get("QT_QPA_PLATFORM", "offscreen")},
    )
    if run.returncode:
        return {"error": run.stderr.strip().splitlines()[-1:]}
    found: dict[str, Any] = json.loads(run.stdout.splitlines()[-1])
    return found


def shown(value: Any) -> str:
    if isinstance(value, list):
        return " / ".join(str(v) for v in value)
    return "" if value is None else str(value)


def main() -> None:
    """Measure all and print a table."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--blocks", type=int, nargs="+", default=[1000, 10_000])
    parser.add_argument("--large", action="store_true")
    parser.add_argument("--json", default="")
    parser.add_argument("--one", default="")
    asked = parser.parse_args()
    if asked.one:
        n = asked.blocks[0]
        result = measure_layout(n) if asked.one == "layout" else MEASURED[asked.one](n, *spread(n))
        print(json.dumps(result))
        return
    rows = []
    for n in asked.blocks + ([50_000] if asked.large else []):
        able = [name for name in MEASURED if n <= MOST.get(name, n)]
        rows.append({"blocks": n, "layout": child("layout", n), **{name: child(name, n) for name in able}})
    for row in rows:
        print(f"\n{row['blocks']:,} blocks, layout {json.dumps(row['layout'])}\n")
        print("| ms, median / p95 | " + " | ".join(MEASURED) + " |\n|---|" + "---|" * len(MEASURED))
        for title, key in MEASURES:
            print(f"| {title} | " + " | ".join(shown(row.get(name, {}).get(key)) for name in MEASURED) + " |")
        for name in MEASURED:
            if "error" in row.get(name, {}):
                print(f"{name} failed: {row[name]['error']}")
    if asked.json:
        with open(asked.json, "w", encoding="utf-8") as out:
            json.dump(rows, out, indent=1)


if __name__ == "__main__":
    main()
