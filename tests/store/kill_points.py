"""Kills saves and restores before their n-th change of the disk, for all n: kill_points.py FOLDER OPERATION.

A program of its own, because it forks: nothing here may start a thread before the fork.
"""

import os
import shutil
import signal
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np

from clew.store.holdings import Holdings
from clew.store.store import Store

CALLS = ("write", "rename", "replace", "fsync", "mkdir", "rmdir", "unlink", "symlink", "utime")


def killed_at(n: int, work: Callable[[], object]) -> bool:
    """Run `work` in a child that is killed at its n-th call; False when it got to its end."""
    child = os.fork()
    if child == 0:
        left = n

        def wrap(real: Callable[..., Any], name: str) -> Callable[..., Any]:
            def call(*args: Any, **more: Any) -> Any:
                nonlocal left
                left -= 1
                if left == 0:
                    if name == "write":  # a write that got half way
                        real(args[0], bytes(args[1])[: len(args[1]) // 2])
                    os.kill(os.getpid(), signal.SIGKILL)
                return real(*args, **more)

            return call

        for name in dict.fromkeys(CALLS):
            real = getattr(os, name)
            wrapped = wrap(real, name)
            setattr(os, name, wrapped)
            for group in (os.supports_fd, os.supports_follow_symlinks, os.supports_dir_fd):
                if real in group:
                    group.add(wrapped)
        try:
            work()
        except BaseException as error:
            print("child failed:", repr(error), file=sys.stderr)
            os._exit(3)
        os._exit(0)
    status = os.waitpid(child, 0)[1]
    if os.WIFSIGNALED(status):
        return True
    assert os.WEXITSTATUS(status) == 0, status
    return False


def change(root: Path) -> None:
    (root / "edited.json").write_text("second state")
    (root / "gone.png").unlink()
    (root / "dir_to_file" / "x").unlink()
    (root / "dir_to_file").rmdir()
    (root / "dir_to_file").write_text("a file")
    (root / "file_to_dir").unlink()
    (root / "file_to_dir" / "deep").mkdir(parents=True)
    (root / "file_to_dir" / "deep" / "y").write_text("deep")
    (root / "link").unlink()
    (root / "link").symlink_to("elsewhere")
    (root / "empty").rmdir()


def first(root: Path) -> None:
    (root / "dir_to_file").mkdir(parents=True)
    (root / "dir_to_file" / "x").write_text("x")
    (root / "empty").mkdir()
    (root / "link").symlink_to("edited.json")
    for name in ("edited.json", "gone.png", "file_to_dir", "same.png"):
        (root / name).write_text(f"first {name}")


def stand(base: Path) -> tuple[Path, str, str]:
    """A store with both states and one with the first only; the folder is in the second state."""
    root = base / "root"
    first(root)
    with Store.create(base / "store", base / "cache") as store:
        a = store.save(root).tree
        shutil.copytree(base / "store", base / "first only")
        change(root)
        b = store.save(root).tree
    return root, a, b


def try_saves(base: Path) -> int:
    root, a, b = stand(base)
    n = 0
    while True:
        n += 1
        folder = base / f"store {n}"
        shutil.copytree(base / "first only", folder)

        def work(folder: Path = folder) -> None:
            with Store.open(folder, base / "no cache") as store:
                store.save(root)
                store.write_record({"tree": b})

        killed = killed_at(n, work)
        with Store.open(folder, base / "cache") as store:
            assert store.has_tree(a)
            assert store.verify(trees=(a, b) if store.has_tree(b) else (a,)).damaged == (), n
            assert store.verify().damaged == (), n
            assert all(store.has_tree(record["tree"]) for record in store.records()), n
            assert store.save(root).tree == b
            assert store.verify(trees=(a, b)).damaged == (), n
        shutil.rmtree(folder)
        shutil.rmtree(base / "no cache", ignore_errors=True)
        if not killed:
            return n


def try_restores(base: Path) -> int:
    pristine, a, b = stand(base)
    n, ends = 0, set()
    while True:
        n += 1
        root = base / f"root {n}"
        shutil.copytree(pristine, root, symlinks=True)
        with Store.open(base / "store", base / "cache") as store:
            plan = store.plan_restore(a, root)
            assert plan.before == b

        def work(root: Path = root, plan: Any = plan) -> None:
            with Store.open(base / "store", base / "cache") as store:
                store.restore(plan)

        killed = killed_at(n, work)
        m = 0
        while n % 5 == 0:  # killed again while it is being finished, at each step
            m += 1
            if not killed_at(
                m, lambda root=root: Store.open(base / "store", base / "c").finish_restores(root)
            ):
                break
        with Store.open(base / "store", base / "cache") as store:
            store.finish_restores(root)
            state = store.identify(root)
            assert state in {a, b}, n
            ends.add(state)
            assert not [name for name in os.listdir(root) if name.startswith(".clew")], n
            store.restore(store.plan_restore(a, root))
            assert store.identify(root) == a
        shutil.rmtree(root)
        if not killed:
            assert ends == {a, b}
            return n


def whole(folder: Path) -> None:
    """Every folder object and recipe that can be found has everything that it points to."""
    here = Holdings(folder)
    assert here.broken(np.ones(len(here.records), np.bool_)) == []
    here.close()


def try_reclaims(base: Path) -> int:
    root, a, b = stand(base)
    with Store.open(base / "store", base / "cache") as store:
        (root / "third").write_bytes(bytes(50_000))
        c = store.save(root).tree
    for pack in (base / "store" / "packs").iterdir():
        os.utime(pack, (1_000_000_000, 1_000_000_000))
    n = 0
    while True:
        n += 1
        folder = base / f"store {n}"
        shutil.copytree(base / "store", folder)

        def work(folder: Path = folder) -> None:
            with Store.open(folder, base / "no cache") as store:
                plan = store.plan_reclaim([a, c])
                assert plan.rewrite, plan
                store.reclaim(plan, lambda: [a, c])

        killed = killed_at(n, work)
        m = 0
        while n % 4 == 0:  # killed again while it is opened and finished, at each step
            m += 1
            if not killed_at(m, lambda folder=folder: Store.open(folder, base / "no cache").close()):
                break
        with Store.open(folder, base / "cache") as store:
            whole(folder)
            assert store.verify(trees=(a, c)).damaged == (), n
            assert store.verify().damaged == (), n
            assert store.save(root).tree == c
            for pack in (folder / "packs").iterdir():
                os.utime(pack, (1_000_000_000, 1_000_000_000))
            plan = store.plan_reclaim([a, c])
            store.reclaim(plan, lambda: [a, c])
            assert not store.has_tree(b), n
            assert store.verify(trees=(a, c)).damaged == (), n
            whole(folder)
            assert sorted(os.listdir(folder)) == sorted(
                ["format", "gate", "holds", "lock", "packs", "tmp", "versions"]
            )
        shutil.rmtree(folder)
        if not killed:
            return n


if __name__ == "__main__":
    driver = {"save": try_saves, "restore": try_restores, "reclaim": try_reclaims}[sys.argv[2]]
    print(driver(Path(sys.argv[1])))
