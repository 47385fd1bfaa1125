"""Measures the store beside its peers and the bare limits, all in one run.

    store.py [many] [large] [--scale 0.2] [--runs 3] [--peers git restic borg] [--json FILE]
    store.py --million [--data FOLDER] [--runs 1]

The data and its second version: store_data.py; the peers: store_peers.py; the goals: store_table.py. Ours
runs in a process of its own with its helpers started, as in an open window; "whole command" adds the start of
a process. Medians; on a shared machine only the ratios count. `--million` saves and checks 100,000 and
1,000,000 files of 200 bytes, and walks and reads them without a store for comparison.
"""

import argparse
import json
import os
import shutil
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from concurrent.futures import ProcessPoolExecutor
from contextlib import contextmanager
from functools import partial
from pathlib import Path
from typing import Any

import numpy as np
import psutil
import store_data as data
import store_peers as peers
from blake3 import blake3
from store_table import GOALS, OURS, Bench, growth, table

from clew.services.projects import create_project
from clew.services.workspace import create_workspace
from clew.store.store import Store


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


def touch_memory() -> None:
    """Use all free memory once: a virtual machine may get each page from its host only when it is first used.

    Else whoever comes first pays for it, which makes writing up to seven times slower.
    """
    free = psutil.virtual_memory().free * 9 // 10
    np.empty(free, np.uint8)[::4096] = 1


def _copy(source: Path, target: Path) -> None:
    subprocess.run(["cp", "-a", source, target], check=True)


def _copy_durably(source: Path, target: Path) -> None:
    """As a first version is: on the disk when the call returns."""
    _copy(source, target)
    os.sync()


def measure_limits(bench: Bench, source: Path, base: Path) -> None:
    touch_memory()
    read_all(source)  # the system may have let go of the pages
    bench.run("first version", "cp -a", lambda: _copy(source, base / "copied"))
    bench.run("first version", "cp -a, flushed", lambda: _copy_durably(source, base / "copied durably"))
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
    """What a model costs that grows at its end, or in its middle; whatever its numbers are made of."""
    size = data.model(root).stat().st_size
    for kind in data.WEIGHTS:
        of = "" if kind == "random" else f", {kind}"
        if of:
            data.write_weights(root, kind, size)
            time.sleep(0.05)
            store.save(root)
        steps = (
            ("1 MiB appended", partial(data.append, root, kind)),
            ("12 KB inserted", partial(data.insert, root)),
        )
        for row, work in steps:
            before = peers.usage_mib(base / "store")
            work()
            time.sleep(0.05)
            bench.run(row + of, OURS, lambda: store.save(root))
            bench.note(f"MiB for {row}{of}", OURS, peers.usage_mib(base / "store") - before)


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
    for _ in range(3):
        bench.run("walk", name, lambda: walk_all(root))
    for _ in range(2):
        bench.run("walk and read", name, lambda: read_all(root))
    with _store(base) as store:
        bench.run("save", name, lambda: store.save(root))
        tree = store.identify(root)
        for _ in range(3):
            assert bench.run("check", name, lambda: store.check(root, tree)) == ()
        bench.note("MiB of memory", name, _memory_mib())


def measure_million(folder: Path, sets: Path, runs: int) -> dict[str, Any]:
    bench = Bench()
    roots = [data.prepared(sets / f"{files:,}", data.build_tiny, files) for files in (100_000, 1_000_000)]
    for n in range(runs):
        for root in roots:
            base = folder / f"tiny{n} {root.name}"
            base.mkdir()
            read_all(root)
            in_child(bench, "tiny", root, base)
    medians = bench.medians()
    print(f"\nfiles of 200 bytes, medians of {runs}\n{table(medians, {})}\n{growth(medians)}")
    return medians


def measure_set(kind: str, folder: Path, sets: Path, chosen: argparse.Namespace) -> dict[str, Any]:
    source = data.prepared(sets / f"{kind} {chosen.scale}", data.BUILD[kind], chosen.scale)
    bench = Bench()
    for n in range(chosen.runs):
        base = folder / f"{kind}{n}"
        for name in ("limits", OURS, "command", *chosen.peers):
            (base / name).mkdir(parents=True)
        measure_limits(bench, source, base / "limits")
        shutil.copytree(source, base / OURS / "work")
        touch_memory()
        time.sleep(0.1)
        in_child(bench, kind, source, base / OURS)
        touch_memory()
        bench.run("whole tree", "cp -a", lambda base=base: _copy(source, base / "limits" / "copied 2"))
        measure_command(bench, source, base / "command")
        for name in chosen.peers:
            touch_memory()
            try:
                peers.PEERS[name](bench, name, kind, source, base / name)
            except subprocess.CalledProcessError as error:  # a peer that breaks is a result
                print(f"{name}: {error}\n{error.stderr}", file=sys.stderr)
        # All stays until the end: for minutes after a mass delete ext4 makes files many times slower there.
    medians = bench.medians()
    print(f"\n{kind}, scale {chosen.scale}, medians of {chosen.runs}")
    print(table(medians, GOALS[kind], chosen.scale))
    if left_out := [name for name in peers.PEERS if name not in chosen.peers]:
        print(f"left out, because not installed or not asked for: {', '.join(left_out)}")
    return medians


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
    options.add_argument("--data", type=Path, help="where the sets are kept for the next run")
    options.add_argument("--json", type=Path, help="write the numbers to this file too")
    options.add_argument(
        "--million", action="store_true", help="growth to 1,000,000 files, instead of the sets"
    )
    chosen = options.parse_args()
    out: dict[str, Any] = {"scale": chosen.scale, "runs": chosen.runs}
    with tempfile.TemporaryDirectory(dir=chosen.folder, prefix="clew-bench-") as folder:
        if chosen.million:
            out["million"] = measure_million(Path(folder), chosen.data or Path(folder), chosen.runs)
        else:
            for kind in chosen.sets or ["many", "large"]:
                out[kind] = measure_set(kind, Path(folder), chosen.data or Path(folder), chosen)
    print(json.dumps(out))
    if chosen.json:
        chosen.json.write_text(json.dumps(out, indent=1))


if __name__ == "__main__":
    main()
