"""Measures the store beside its peers and the bare limits, all in one run.

    store.py [many] [large] [--scale 0.2] [--runs 3] [--peers git restic borg] [--json FILE] [--million]

The data and its second version: store_data.py; the peers: store_peers.py. Ours runs in a process of its own
with its helpers started, as in an open window; "whole command" adds the start of a process. Medians; on a
shared machine only the ratios count. `--million` saves and checks 100,000 and 1,000,000 files of 200 bytes.
"""

import argparse
import json
import os
import shutil
import statistics
import subprocess
import sys
import tempfile
import time
from collections import defaultdict
from collections.abc import Callable, Iterator
from concurrent.futures import ProcessPoolExecutor
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import psutil
import store_data as data
import store_peers as peers
from blake3 import blake3

from clew.services.projects import create_project
from clew.services.workspace import create_workspace
from clew.store.store import Store

OURS = "clew"
# Row: what it is measured against, and at most how many times as long it may take (issue of the store).
GOALS = {
    "many": {
        "first version": ("cp -a", 0.6),
        "nothing changed": ("git", 1.2),
        "second version": ("git", 0.5),
        "back to version 1": ("git", 1.0),
        "whole tree": ("cp -a", 0.8),
        "verify": ("read", 0.5),
    },
    "large": {
        "first version": ("cp -a", 1.5),
        "back to version 1": ("git", 1.0),
        "whole tree": ("cp -a", 0.9),
        "verify": ("read", 1.3),
    },
}


class Bench:
    """Seconds, and other numbers, by row and column."""

    def __init__(self) -> None:
        self.times: dict[str, dict[str, list[float]]] = defaultdict(lambda: defaultdict(list))
        self.notes: dict[str, dict[str, list[float]]] = defaultdict(lambda: defaultdict(list))

    def run(self, row: str, column: str, work: Callable[[], Any]) -> Any:
        begin = time.perf_counter()
        out = work()
        self.times[row][column].append(time.perf_counter() - begin)
        return out

    def note(self, row: str, column: str, value: float) -> None:
        self.notes[row][column].append(value)

    def add(self, other: dict[str, Any]) -> None:
        """Take over what another process has measured."""
        for mine, theirs in ((self.times, other["times"]), (self.notes, other["notes"])):
            for row, columns in theirs.items():
                for column, values in columns.items():
                    mine[row][column] += values

    def medians(self) -> dict[str, dict[str, float]]:
        both = {**self.times, **self.notes}
        return {
            row: {column: round(statistics.median(values), 4) for column, values in columns.items()}
            for row, columns in both.items()
        }


def read_all(root: Path) -> None:
    for folder, _, names in os.walk(root):
        for name in names:
            fd = os.open(os.path.join(folder, name), os.O_RDONLY)
            digest = blake3()
            while block := os.read(fd, 8 << 20):
                digest.update(block)
            digest.digest()
            os.close(fd)


def walk_all(root: Path) -> None:
    for folder, _, _ in os.walk(root):
        with os.scandir(folder) as entries:
            for entry in entries:
                entry.stat(follow_symlinks=False)


def _copy(source: Path, target: Path) -> None:
    subprocess.run(["cp", "-a", source, target], check=True)


def measure_limits(bench: Bench, source: Path, base: Path) -> None:
    read_all(source)  # the system may have let go of the pages
    bench.run("first version", "cp -a", lambda: _copy(source, base / "copied"))
    bench.run("nothing changed", "walk", lambda: walk_all(source))
    bench.run("verify", "read", lambda: read_all(source))
    folders = [path for path in source.iterdir() if path.is_dir()]
    with ProcessPoolExecutor(2) as pool:
        bench.run("first version", "BLAKE3, 2 processes", lambda: list(pool.map(read_all, folders)))


@contextmanager
def _store(base: Path) -> Iterator[Store]:
    with Store.create(base / "store", base / "cache") as store:
        store.warm()
        yield store


def _memory_mib() -> float:
    """Most memory of this process and its helpers, added up."""
    total = 0
    for process in [psutil.Process(), *psutil.Process().children()]:
        try:
            lines = Path(f"/proc/{process.pid}/status").read_text("utf-8").splitlines()
        except OSError:
            return 0.0
        total += next((int(line.split()[1]) for line in lines if line.startswith("VmHWM")), 0)
    return round(total / 1024, 1)


def measure_ours(bench: Bench, kind: str, source: Path, base: Path) -> None:
    """Run in a process of its own: nothing else counts as its memory."""
    root = base / "work"
    with _store(base) as store:
        first = bench.run("first version", OURS, lambda: store.save(root)).tree
        bench.note("MB on disk", OURS, peers.usage_mb(base / "store"))
        for _ in range(3):
            assert bench.run("nothing changed", OURS, lambda: store.check(root, first)) == ()
        if store.watch(root):
            store.check(root, first)
            store.check(root, first)
            for _ in range(3):
                bench.run("nothing changed, watched", OURS, lambda: store.check(root, first))
            store.unwatch(root)
        data.change(root)
        time.sleep(0.05)
        second = bench.run("second version", OURS, lambda: store.save(root)).tree
        assert bench.run("list what changed", OURS, lambda: store.diff(first, second))
        time.sleep(0.05)
        bench.run("back to version 1", OURS, lambda: store.restore(store.plan_restore(first, root)))
        assert store.identify(root) == first
        bench.run("whole tree", OURS, lambda: store.export(first, base / "out"))
        assert not bench.run("verify", OURS, store.verify).damaged
        bench.note("MiB of memory", OURS, _memory_mib())
        if kind == "large":
            _measure_large(bench, store, root, base)


def _measure_large(bench: Bench, store: Store, root: Path, base: Path) -> None:
    for row, work in (("1 MiB appended", data.append), ("12 KB inserted", data.insert)):
        before = peers.usage_mb(base / "store")
        work(root)
        time.sleep(0.05)
        bench.run(row, OURS, lambda: store.save(root))
        bench.note(f"MB for {row}", OURS, round(peers.usage_mb(base / "store") - before, 2))


def measure_command(bench: Bench, source: Path, base: Path) -> None:
    """An unchanged project refused by the whole command."""
    with create_workspace(base / "workspace") as ws:
        create_project(ws, "Bench", folder=source)
    command = [sys.executable, "-c", "from clew.cli.main import main; main()"]
    command += ["-w", os.fspath(base / "workspace"), "version", "create", "Bench"]
    subprocess.run(command, check=True, capture_output=True)
    for _ in range(3):
        done = bench.run(
            "nothing changed",
            "clew, whole command",
            lambda: subprocess.run(command, check=False, capture_output=True),
        )
        assert done.returncode == 3, done.stderr


def in_child(bench: Bench, *arguments: object) -> None:
    command = [sys.executable, __file__, "--child", *map(str, arguments)]
    done = subprocess.run(command, check=True, stdout=subprocess.PIPE, text=True)
    bench.add(json.loads(done.stdout.splitlines()[-1]))


def child(what: str, source: Path, base: Path) -> None:
    bench = Bench()
    if what == "tiny":
        measure_tiny(bench, source, base)
    else:
        measure_ours(bench, what, source, base)
    print(json.dumps({"times": bench.times, "notes": bench.notes}))


def measure_tiny(bench: Bench, root: Path, base: Path) -> None:
    name = root.name
    with _store(base) as store:
        bench.run("save", name, lambda: store.save(root))
        tree = store.identify(root)
        for _ in range(3):
            assert bench.run("check", name, lambda: store.check(root, tree)) == ()
        for _ in range(3):
            bench.run("walk", name, lambda: walk_all(root))
        bench.note("MiB of memory", name, _memory_mib())


def measure_million(folder: Path, runs: int) -> dict[str, Any]:
    bench = Bench()
    sizes = (100_000, 1_000_000)
    for files in sizes:
        data.build_tiny(folder / f"{files:,}", files)
    for n in range(runs):
        for files in sizes:
            base = folder / f"tiny{n} {files}"
            base.mkdir()
            read_all(folder / f"{files:,}")
            in_child(bench, "tiny", folder / f"{files:,}", base)
    medians = bench.medians()
    print(table(medians, {}))
    for row in ("save", "check"):
        print(
            f"{row}: 1,000,000 takes {medians[row]['1,000,000'] / medians[row]['100,000']:.1f} times as long"
        )
    return medians


def measure_set(kind: str, folder: Path, chosen: argparse.Namespace) -> dict[str, Any]:
    source = folder / kind
    data.BUILD[kind](source, chosen.scale)
    bench = Bench()
    for n in range(chosen.runs):
        base = folder / f"{kind}{n}"
        for name in ("limits", OURS, "command", *chosen.peers):
            (base / name).mkdir(parents=True)
        measure_limits(bench, source, base / "limits")
        shutil.copytree(source, base / OURS / "work")
        time.sleep(0.1)
        in_child(bench, kind, source, base / OURS)
        bench.run("whole tree", "cp -a", lambda base=base: _copy(source, base / "limits" / "copied 2"))
        measure_command(bench, source, base / "command")
        for name in chosen.peers:
            try:
                peers.PEERS[name](bench, name, kind, source, base / name)
            except subprocess.CalledProcessError as error:  # a peer that breaks is a result
                print(f"{name}: {error}\n{error.stderr}", file=sys.stderr)
    medians = bench.medians()
    print(f"\n{kind}, scale {chosen.scale}, medians of {chosen.runs}\n{table(medians, GOALS[kind])}")
    return medians


def table(medians: dict[str, dict[str, float]], goals: dict[str, tuple[str, float]]) -> str:
    columns = list(dict.fromkeys(column for values in medians.values() for column in values))
    columns.sort(key=lambda column: not column.startswith(OURS))
    wide = [max(10, len(column) + 2) for column in columns]
    lines = [f"{'':26}" + "".join(f"{column:>{w}}" for column, w in zip(columns, wide)) + "   goal"]
    for row, values in medians.items():
        cells = "".join(
            f"{values[column]:{w}.3f}" if column in values else " " * w for column, w in zip(columns, wide)
        )
        lines.append(f"{row:26}{cells}   {_against(row, values, goals)}")
    return "\n".join(lines)


def _against(row: str, values: dict[str, float], goals: dict[str, tuple[str, float]]) -> str:
    other, most = goals.get(row, ("", 0.0))
    if other not in values or OURS not in values:
        return ""
    ratio = values[OURS] / values[other]
    return f"{ratio:.2f} of {other}, goal {most}: {'reached' if ratio <= most else 'short'}"


def main() -> None:
    if sys.argv[1:2] == ["--child"]:
        child(sys.argv[2], Path(sys.argv[3]), Path(sys.argv[4]))
        return
    options = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    options.add_argument("sets", nargs="*", help="many, large; both unless given")
    options.add_argument("--scale", type=float, default=1.0)
    options.add_argument("--runs", type=int, default=3)
    options.add_argument("--peers", nargs="*", default=peers.installed(), choices=[*peers.PEERS, []])
    options.add_argument("--folder", type=Path, help="where to work, else the system's temporary folder")
    options.add_argument("--json", type=Path, help="write the numbers to this file too")
    options.add_argument(
        "--million", action="store_true", help="growth to 1,000,000 files, instead of the sets"
    )
    chosen = options.parse_args()
    out: dict[str, Any] = {"scale": chosen.scale, "runs": chosen.runs}
    with tempfile.TemporaryDirectory(dir=chosen.folder, prefix="clew-bench-") as folder:
        if chosen.million:
            out["million"] = measure_million(Path(folder), chosen.runs)
        else:
            for kind in chosen.sets or ["many", "large"]:
                out[kind] = measure_set(kind, Path(folder), chosen)
    print(json.dumps(out))
    if chosen.json:
        chosen.json.write_text(json.dumps(out, indent=1))


if __name__ == "__main__":
    main()
