"""Measures the store beside `cp -a`, git and bare limits: store.py [--scale 0.2] [--runs 3] [--json FILE].

*many* at scale 1: 50,000 pictures of 4 KiB and 50,000 annotations of about 400 B in 40 folders, 225 MB. The
second version has 1 % of the pictures changed, 1 % added and 1 % deleted. All in one process and one run;
medians; on a shared machine only the ratios count.
"""

import argparse
import json
import os
import random
import resource
import shutil
import statistics
import subprocess
import tempfile
import time
from collections import defaultdict
from collections.abc import Callable
from pathlib import Path
from typing import Any

from blake3 import blake3

from clew.store.store import Store

FOLDERS = 40


def build(root: Path, scale: float) -> int:
    """Make *many*; returns the number of pictures."""
    chance = random.Random(7)
    each = max(1, round(50_000 * scale / FOLDERS))
    for f in range(FOLDERS):
        folder = root / f"set{f:02}"
        folder.mkdir(parents=True)
        for i in range(each):
            (folder / f"{i:05}.jpg").write_bytes(chance.randbytes(4096))
            numbers = [round(chance.random() * 640, 2) for _ in range(48)]
            (folder / f"{i:05}.json").write_text(json.dumps({"id": i, "boxes": numbers}))
    return each * FOLDERS


def change(root: Path) -> None:
    """1 % changed, 1 % added, 1 % deleted."""
    chance = random.Random(8)
    for folder in sorted(root.glob("set*")):
        pictures = sorted(folder.glob("*.jpg"))
        some = chance.sample(pictures, max(2, len(pictures) // 50))
        for n, picture in enumerate(some):
            if n % 2:
                picture.unlink()
            else:
                picture.write_bytes(chance.randbytes(4096))
                (folder / f"new{n}.jpg").write_bytes(chance.randbytes(4096))


class Bench:
    """Times by row and column."""

    def __init__(self) -> None:
        self.times: dict[str, dict[str, list[float]]] = defaultdict(lambda: defaultdict(list))

    def run(self, row: str, column: str, work: Callable[[], Any]) -> Any:
        begin = time.perf_counter()
        out = work()
        self.times[row][column].append(time.perf_counter() - begin)
        return out

    def medians(self) -> dict[str, dict[str, float]]:
        return {
            row: {column: round(statistics.median(times), 4) for column, times in columns.items()}
            for row, columns in self.times.items()
        }


def read_all(root: Path) -> None:
    for folder, _, names in os.walk(root):
        for name in names:
            fd = os.open(os.path.join(folder, name), os.O_RDONLY)
            blake3(os.read(fd, 1 << 20)).digest()
            os.close(fd)


def walk_all(root: Path) -> None:
    for folder, _, _ in os.walk(root):
        with os.scandir(folder) as entries:
            for entry in entries:
                entry.stat(follow_symlinks=False)


def measure_limits(bench: Bench, source: Path, base: Path) -> None:
    bench.run(
        "first version", "cp -a", lambda: subprocess.run(["cp", "-a", source, base / "copied"], check=True)
    )
    bench.run("first version", "read and hash", lambda: read_all(source))
    bench.run("nothing changed", "walk and stat", lambda: walk_all(source))
    bench.run(
        "whole tree", "cp -a", lambda: subprocess.run(["cp", "-a", source, base / "copied 2"], check=True)
    )
    bench.run("verify", "read and hash", lambda: read_all(source))


def measure_clew(bench: Bench, source: Path, base: Path) -> dict[str, float]:
    root = base / "work"
    shutil.copytree(source, root)
    time.sleep(0.1)
    with Store.create(base / "store", base / "cache") as store:
        first = bench.run("first version", "clew", lambda: store.save(root)).tree
        stored = store.disk_usage()
        found = bench.run("nothing changed", "clew", lambda: store.check(root, first))
        assert found == ()
        change(root)
        time.sleep(0.05)
        second = bench.run("second version", "clew", lambda: store.save(root)).tree
        assert bench.run("list what changed", "clew", lambda: store.diff(first, second))
        plan = bench.run("plan a restore", "clew", lambda: store.plan_restore(first, root))
        bench.run("back to version 1", "clew", lambda: store.restore(plan))
        assert store.identify(root) == first
        bench.run("whole tree", "clew", lambda: store.export(first, base / "out"))
        assert not bench.run("verify", "clew", store.verify).damaged
    size = sum(p.stat().st_size for p in source.rglob("*") if p.is_file())
    return {"data_mb": round(size / 1e6, 1), "store_mb": round(stored / 1e6, 1)}


def measure_git(bench: Bench, source: Path, base: Path) -> None:
    root = base / "git"
    shutil.copytree(source, root)

    def git(*words: str) -> str:
        settings = ["-c", "user.name=b", "-c", "user.email=b@example.org", "-c", "gc.auto=0"]
        done = subprocess.run(
            ["git", *settings, *words], cwd=root, check=True, capture_output=True, text=True
        )
        return done.stdout

    def save() -> None:
        git("add", "-A")
        git("commit", "-q", "-m", "x")

    git("init", "-q", ".")
    bench.run("first version", "git", save)
    assert not bench.run("nothing changed", "git", lambda: git("status", "--porcelain"))
    change(root)
    bench.run("second version", "git", save)
    assert bench.run("list what changed", "git", lambda: git("diff", "--name-status", "HEAD~1", "HEAD"))
    bench.run("back to version 1", "git", lambda: git("checkout", "-q", "HEAD~1"))
    bench.run("whole tree", "git", lambda: git("worktree", "add", "-q", os.fspath(base / "tree"), "HEAD"))
    bench.run("verify", "git", lambda: git("fsck", "--full"))


def table(medians: dict[str, dict[str, float]]) -> str:
    columns = sorted(
        {column for times in medians.values() for column in times}, key=lambda c: (c != "clew", c)
    )
    lines = [f"{'seconds':20}" + "".join(f"{column:>16}" for column in columns)]
    for row, times in medians.items():
        cells = (f"{times[column]:16.3f}" if column in times else " " * 16 for column in columns)
        lines.append(f"{row:20}" + "".join(cells))
    return "\n".join(lines)


def main() -> None:
    options = argparse.ArgumentParser(description=__doc__)
    options.add_argument("--scale", type=float, default=1.0)
    options.add_argument("--runs", type=int, default=3)
    options.add_argument(
        "--folder", type=Path, help="where to work; the default is the system's temporary folder"
    )
    options.add_argument("--json", type=Path, help="write the numbers to this file too")
    options.add_argument("--no-git", action="store_true")
    chosen = options.parse_args()
    bench, facts = Bench(), {}
    with tempfile.TemporaryDirectory(dir=chosen.folder, prefix="clew-bench-") as folder:
        source = Path(folder) / "source"
        pictures = build(source, chosen.scale)
        for n in range(chosen.runs):
            base = Path(folder) / f"run{n}"
            base.mkdir()
            measure_limits(bench, source, base)
            facts = measure_clew(bench, source, base)
            if shutil.which("git") and not chosen.no_git:
                measure_git(bench, source, base)
    medians = bench.medians()
    memory = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024
    out = {"files": 2 * pictures, "runs": chosen.runs, "memory_mib": memory, **facts, "seconds": medians}
    print(table(medians))
    print(json.dumps(out))
    if chosen.json:
        chosen.json.write_text(json.dumps(out, indent=1))


if __name__ == "__main__":
    main()
