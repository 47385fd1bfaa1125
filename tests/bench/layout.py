"""Measures the layout beside graphviz: layout.py [--blocks N ...] [--dot-seconds S] [--json FILE].

Both lay out the same made-up workspaces, numbers and links shuffled, blocks of one size; seconds are wall
time, for `dot` that of the whole program with splines off. Crossings are counted for both in the same way:
straight lines from right middle to left middle of the blocks. Below the table: one new block beside an input,
and how many links run through blocks before and after they were given ways around them.
"""

import argparse
import json
import shutil
import statistics
import subprocess
import time
from typing import Any

import numpy as np
from canvas import workflow

from clew.graph.layout.layout import layout
from clew.graph.layout.measure import crossings, overlaps
from clew.graph.layout.place import place
from clew.graph.routing.curves import plain, through_blocks
from clew.graph.routing.route import route

WIDTH, HEIGHT = 224.0, 92.0
MOST_RATIO, MOST_SECONDS, MOST_PLACE_MS = 1.3, {1000: 0.2, 10_000: 1.5}, 5.0


def by_dot(n: int, links: np.ndarray, seconds: float) -> np.ndarray:
    """Top left corners that graphviz gives, float64 (n, 2)."""
    size = f'width={WIDTH / 72},height={HEIGHT / 72},fixedsize=true,shape=box,label=""'
    text = (
        f"digraph{{rankdir=LR;splines=false;nodesep={28 / 72};ranksep={64 / 72};node[{size}];"
        + ";".join(map(str, range(n)))
        + ";"
        + ";".join(f"{a}->{b}" for a, b in links.tolist())
        + "}"
    )
    run = subprocess.run(
        ["dot", "-Tplain"], input=text, capture_output=True, text=True, check=True, timeout=seconds
    )
    found = np.zeros((n, 2))
    for line in run.stdout.splitlines():
        words = line.split()
        if words[0] == "node":
            found[int(words[1])] = float(words[2]) * 72 - WIDTH / 2, -float(words[3]) * 72 - HEIGHT / 2
    return found


def measure(n: int, dot_seconds: float, repeat: int) -> dict[str, Any]:
    """Ours and, if it is installed and done in time, `dot`'s."""
    links, sizes = workflow(n), np.tile([WIDTH, HEIGHT], (n, 1))
    layout(sizes[:2], np.array([(0, 1)]))  # what is imported late
    times = []
    for _ in range(repeat):
        begun = time.perf_counter()
        found = layout(sizes, links)
        times.append(time.perf_counter() - begun)
    news = []
    for v in range(50):
        begun = time.perf_counter()
        place(found, sizes, (WIDTH, HEIGHT), sources=[v * n // 50])
        news.append((time.perf_counter() - begun) * 1e3)
    row: dict[str, Any] = {
        "blocks": n,
        "seconds": round(statistics.median(times), 3),
        "crossings": crossings(found, sizes, links),
        "overlaps": overlaps(found, sizes),
        "place_ms": round(statistics.median(news), 2),
        **through(found, links),
        "dot_seconds": None,
        "dot_crossings": None,
    }
    if shutil.which("dot"):
        begun = time.perf_counter()
        try:
            theirs = by_dot(n, links, dot_seconds)
        except subprocess.TimeoutExpired:
            return row
        row["dot_seconds"] = round(time.perf_counter() - begun, 3)
        row["dot_crossings"] = crossings(theirs, sizes, links)
    return row


def through(place: np.ndarray, links: np.ndarray) -> dict[str, Any]:
    """Links that run through blocks, straight and with ways around them, and how long finding those took."""
    boxes = np.concatenate([place, place + np.array([WIDTH, HEIGHT])], 1)
    port, upright = HEIGHT / 2, np.zeros(len(links), bool)
    start, end = place[links[:, 0]] + np.array([WIDTH, port]), place[links[:, 1]] + np.array([0.0, port])
    curves = plain(start, end, upright)
    before = through_blocks(boxes, curves, np.arange(len(links) + 1), links)
    begun = time.perf_counter()
    found = route(boxes, curves, links, upright)
    seconds = time.perf_counter() - begun
    after = before.copy()
    after[found.links] = through_blocks(boxes, found.curves, found.first, links[found.links])
    return {"through": int(before.sum()), "ways_through": int(after.sum()), "ways_ms": round(seconds * 1e3)}


def shown(value: float | None) -> str:
    return "not in time" if value is None else f"{value:,}"


def main() -> None:
    """Measure all and print a table."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--blocks", type=int, nargs="+", default=[300, 1000, 10_000])
    parser.add_argument("--repeat", type=int, default=5)
    parser.add_argument("--dot-seconds", type=float, default=60.0, help="how long dot may take")
    parser.add_argument("--json", default="")
    asked = parser.parse_args()
    print(
        "| blocks | s | s of dot | crossings | of dot | ratio | overlaps | one new block, ms "
        "| links through blocks | with ways | ways, ms |"
    )
    print("|---|" + "---|" * 10)
    rows = []
    for n in asked.blocks:
        row = measure(n, asked.dot_seconds, asked.repeat)
        rows.append(row)
        ratio = f"{row['crossings'] / row['dot_crossings']:.2f}" if row["dot_crossings"] else ""
        print(
            f"| {n:,} | {row['seconds']} | {shown(row['dot_seconds'])} | {row['crossings']:,}"
            f" | {shown(row['dot_crossings'])} | {ratio} | {row['overlaps']} | {row['place_ms']}"
            f" | {row['through']:,} | {row['ways_through']:,} | {row['ways_ms']} |",
            flush=True,
        )
    goals = ", ".join(f"{n:,} in {s} s" for n, s in MOST_SECONDS.items())
    print(
        f"\nGoals: {goals}; at most {MOST_RATIO} times dot's crossings; a new block in {MOST_PLACE_MS:g} ms."
    )
    if asked.json:
        with open(asked.json, "w", encoding="utf-8") as out:
            json.dump(rows, out, indent=1)


if __name__ == "__main__":
    main()
