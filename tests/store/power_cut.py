"""A disk that forgets what was not flushed: records what a program does, and replays parts of it.

power_cut.py FOLDER OPERATION. The rules are those of POSIX at their weakest that is common: the
bytes of a file are there when it was flushed after they were written; a name (made, renamed, removed) is
there for certain when its folder was flushed after; names of one folder become durable in order. For each
moment the worst disk is built (nothing that was not flushed is there), the luckiest (all names are there, but
files that were not flushed are empty), and those in between (the names of one folder are ahead of others).
"""

import builtins
import os
import shutil
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np

from clew.store.holdings import Holdings
from clew.store.store import Store


class Disk:
    """Every file is an inode with its written and its flushed bytes; every folder maps names to inodes."""

    def __init__(self, base: Path) -> None:
        self.base = os.path.realpath(base)
        self.log: list[tuple[Any, ...]] = []
        self.content: dict[int, bytes] = {}
        self._fds: dict[int, str] = {}

    def inside(self, path: Any) -> str | None:
        text = os.path.abspath(os.fsdecode(os.fspath(path)))
        return os.path.relpath(text, self.base) if text.startswith(self.base + "/") else None

    def record(self, work: Callable[[], object]) -> None:
        """Run something with the calls that change the disk written down."""
        real = {name: getattr(os, name) for name in _CALLS}
        opened = builtins.open

        def wrap(name: str) -> Callable[..., Any]:
            def call(*args: Any, **more: Any) -> Any:
                done = real[name](*args, **more)
                _CALLS[name](self, done, *args)
                return done

            return call

        supported = [(group, name) for group in (os.supports_fd, os.supports_dir_fd) for name in real]
        try:
            for name in real:
                setattr(os, name, wrap(name))
            for group, name in supported:
                if real[name] in group:
                    group.add(getattr(os, name))
            work()
        finally:
            for name, function in real.items():
                setattr(os, name, function)
            builtins.open = opened

    # What the calls do; paths are relative to the base, others are passed over

    def opened(self, fd: int, path: Any, flags: int, *_: Any) -> None:
        inside = self.inside(path) if not isinstance(path, int) else None
        if inside is None:
            self._fds.pop(fd, None)
            return
        self._fds[fd] = inside
        if flags & os.O_CREAT:
            self.log.append(("create", inside))

    def closed(self, _: None, fd: int) -> None:
        self._fds.pop(fd, None)

    def flushed(self, _: None, fd: int) -> None:
        path = self._fds.get(fd)
        if path is None:
            return
        where = os.path.join(self.base, path)
        if os.path.isdir(where):
            self.log.append(("flush folder", path))
        elif os.path.exists(where):
            self.log.append(("flush", path, Path(where).read_bytes()))

    def renamed(self, _: None, old: Any, new: Any) -> None:
        a, b = self.inside(old), self.inside(new)
        if a is not None and b is not None:
            self.log.append(("rename", a, b))
            self._fds = {fd: b if path == a else path for fd, path in self._fds.items()}

    def removed(self, _: None, path: Any, *__: Any) -> None:
        if (inside := self.inside(path)) is not None:
            self.log.append(("remove", inside))

    def made(self, _: None, path: Any, *__: Any) -> None:
        if (inside := self.inside(path)) is not None:
            self.log.append(("folder", inside))

    def everything_flushed(self) -> None:
        self.log.append(("flush all",))


_CALLS: dict[str, Callable[..., None]] = {
    "open": Disk.opened,
    "close": Disk.closed,
    "fsync": Disk.flushed,
    "fdatasync": Disk.flushed,
    "rename": Disk.renamed,
    "replace": Disk.renamed,
    "unlink": Disk.removed,
    "rmdir": Disk.removed,
    "mkdir": Disk.made,
}


def build(before: Path, log: list[tuple[Any, ...]], target: Path, lucky: str | None) -> None:
    """The disk after a power cut behind the last call of `log`.

    Args:
        before: the disk before the first call.
        log: the calls until then.
        target: where to build it.
        lucky: "*": all names are there; a folder: its names are; None: only those that were flushed.
    """
    shutil.copytree(before, target, symlinks=True)
    flushed: dict[int, bytes] = {}
    inode: dict[str, int] = {}
    names: dict[str, list[tuple[str, str, int]]] = {}  # folder: changes of its names that are not flushed yet
    number = 0

    def apply(change: tuple[str, str, int]) -> None:
        what, path, which = change
        where = target / path
        if what == "remove":
            if where.is_dir():
                shutil.rmtree(where)
            else:
                where.unlink(missing_ok=True)
        elif what == "folder":
            where.mkdir(parents=True, exist_ok=True)
        else:
            where.parent.mkdir(parents=True, exist_ok=True)
            where.write_bytes(flushed.get(which, b""))
            links.setdefault(which, set()).add(where)

    links: dict[int, set[Path]] = {}
    for call in log:
        what, path = call[0], call[1] if len(call) > 1 else ""
        folder = os.path.dirname(path)
        if what == "create" and path not in inode:
            if (before / path).exists() and not names.get(folder):
                continue
            number += 1
            inode[path] = number
            names.setdefault(folder, []).append(("name", path, number))
        elif what == "flush":
            which = inode.get(path)
            if which is None:
                (target / path).write_bytes(call[2])
                continue
            flushed[which] = call[2]
            for where in links.get(which, ()):
                if where.exists():
                    where.write_bytes(call[2])
        elif what == "rename":
            new = call[2]
            which = inode.pop(path, 0)
            if not which:  # it was there before: its bytes are flushed
                number += 1
                which = number
                flushed[which] = (before / path).read_bytes()
            inode[new] = which
            names.setdefault(os.path.dirname(new), []).append(("name", new, which))
            names.setdefault(folder, []).append(("remove", path, 0))
        elif what in ("remove", "folder"):
            inode.pop(path, None)
            names.setdefault(folder, []).append((what, path, 0))
        elif what == "flush folder":
            for change in names.pop(path, []):
                apply(change)
    for folder, changes in names.items():
        if lucky in ("*", folder):
            for change in changes:
                apply(change)


def look(disk: Path, trees: tuple[str, ...], cache: Path) -> None:
    """What was committed is there, and everything that can be found is whole."""
    with Store.open(disk / "store", cache) as store:
        assert store.verify(trees=trees).damaged == ()
        assert store.verify().damaged == ()
        assert all(store.has_tree(record["tree"]) for record in store.records())
        here = Holdings(disk / "store")
        assert here.broken(np.ones(len(here.records), np.bool_)) == []
        assert not here.unreadable
        here.close()


def stand(base: Path) -> tuple[Path, str]:
    root = base / "root"
    (root / "sub").mkdir(parents=True)
    for name in range(12):
        (root / "sub" / f"{name}.bin").write_bytes(os.urandom(4000))
    (root / "text.json").write_text("first")
    with Store.create(base / "before" / "store", base / "cache") as store:
        store.save(root)
        for name in range(6):
            (root / "sub" / f"{name}.bin").write_bytes(os.urandom(9000))
        b = store.save(root).tree
        store.write_record({"tree": b})
    for pack in (base / "before" / "store" / "packs").iterdir():
        os.utime(pack, (1_000_000_000, 1_000_000_000))
    return root, b


def save(base: Path, root: Path, b: str) -> Callable[[], object]:
    for name in range(3):
        (root / "sub" / f"{name}.bin").write_bytes(os.urandom(5000))
    (root / "text.json").write_text("third")

    def work() -> None:
        with Store.open(base / "disk" / "store", base / "c") as store:
            tree = store.save(root).tree
            store.write_record({"tree": tree, "title": "third"})

    return work


def reclaim(base: Path, root: Path, b: str) -> Callable[[], object]:
    def work() -> None:
        with Store.open(base / "disk" / "store", base / "c") as store:
            plan = store.plan_reclaim([b])
            assert plan.rewrite
            store.reclaim(plan, lambda: [b])

    return work


def main(base: Path, operation: str) -> int:
    root, b = stand(base)
    work = {"save": save, "reclaim": reclaim}[operation](base, root, b)
    shutil.copytree(base / "before", base / "disk")
    disk = Disk(base / "disk")
    disk.record(work)
    states = 0
    assert sum(call[0].startswith("flush") for call in disk.log) >= 3, disk.log
    for n in range(len(disk.log) + 1):
        touched = {os.path.dirname(call[1]) for call in disk.log[:n] if len(call) > 1}
        for lucky in (None, "*", *sorted(touched)):
            target = base / f"cut {n}"
            build(base / "before", disk.log[:n], target, lucky)
            for pack in (target / "store" / "packs").iterdir():
                os.utime(pack, (1_000_000_000, 1_000_000_000))
            try:
                look(target, (b,), base / "look")
            except BaseException:
                print(
                    f"after call {n} of {disk.log and [c[:3:2] for c in disk.log]}, lucky {lucky}",
                    file=sys.stderr,
                )
                raise
            states += 1
            shutil.rmtree(target)
    if operation == "save":  # when the record was written, the version is there whatever happens
        build(base / "before", disk.log, base / "end", None)
        with Store.open(base / "end" / "store", base / "look") as store:
            assert [r for r in store.records() if r.get("title") == "third"]
    return states


if __name__ == "__main__":
    print(main(Path(sys.argv[1]), sys.argv[2]))
