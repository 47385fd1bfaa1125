"""Power cuts in a restore and in its finishing: power_cut_restore.py FOLDER ordered|loose.

A disk is a map from paths to files, links and folders. What a program does to it is written down call by
call; then, for each moment, disks are built as a power cut there can leave them, the restore is finished on
each, and the folder has to be the state before or the state after, byte for byte.

Changes of names take effect in their order (journaling file systems: a cut leaves some first part of them),
but the bytes of a file may be missing until they were flushed. Rules:

- ordered (ext3, ext4, xfs, tmpfs): the flush of any file or folder makes all earlier names durable. The bytes
  of a file are safe when its range was written out and a flush came after.
- loose (anything else): only the flush of the volume makes all names durable; the flush of a folder makes its
  own names so, ahead of everything else, and the flush of a file its bytes.
"""

import os
import shutil
import sys
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from clew.store import folder_writer, journal, restore
from clew.store.store import Store


@dataclass(eq=False)
class Node:
    """What a name stands for; `data` is what a file has on the disk from the beginning."""

    kind: str  # "file", "link", "folder"
    data: bytes = b""
    mode: int = 0o644
    kept: Path | None = None  # a second name of the file itself: the journal knows files by their inode


Names = dict[str, Node]
Step = Callable[[Names], None]


@dataclass
class Event:
    """One call: `step` changes names; or bytes of `node` are written out; or something is flushed."""

    what: str  # "names", "bytes", "flush" (of `folder`, or of a file), "flush all"
    step: Step = lambda names: None
    node: Node | None = None
    data: bytes = b""
    folder: str | None = None


def read_disk(base: Path, keep: Path) -> Names:
    names: Names = {}
    keep.mkdir()
    for where, folders, files in os.walk(base):
        for name in [*folders, *files]:
            path = Path(where, name)
            kept = keep / str(len(names))
            rel = str(path.relative_to(base))
            if path.is_dir() and not path.is_symlink():
                names[rel] = Node("folder")
                continue
            os.link(path, kept, follow_symlinks=False)
            names[rel] = Node("link" if path.is_symlink() else "file", kept=kept)
    return names


def build(names: Names, content: dict[Node, bytes], target: Path) -> None:
    target.mkdir(parents=True)
    for rel, node in sorted(names.items()):
        path = target / rel
        if not path.parent.is_dir():
            continue  # its folder is gone, so it is
        if node.kind == "folder":
            path.mkdir()
        elif node.kept is not None:
            os.link(node.kept, path, follow_symlinks=False)
        elif node.kind == "link":
            path.symlink_to(os.fsdecode(node.data))
        else:
            path.write_bytes(content.get(node, b""))
            path.chmod(node.mode)


def removed(names: Names, gone: str) -> None:
    for path in [p for p in names if p == gone or p.startswith(gone + "/")]:
        del names[path]


def renamed(names: Names, old: str, new: str) -> None:
    removed(names, new)
    for path in [p for p in names if p == old or p.startswith(old + "/")]:
        names[new + path[len(old) :]] = names.pop(path)


class Recorder:
    """Writes down what is done below `base` while `record` runs something."""

    def __init__(self, base: Path) -> None:
        self.base = os.path.realpath(base)
        self.names = read_disk(base, base.with_name(f"{base.name} kept"))
        self.log: list[Event] = []

    def rel(self, path: Any, dir_fd: int | None = None) -> str | None:
        if isinstance(path, int):
            text = _READLINK(f"/proc/self/fd/{path}")
        else:
            text = os.fsdecode(os.fspath(path))
            if dir_fd is not None:
                text = os.path.join(_READLINK(f"/proc/self/fd/{dir_fd}"), text)
        text = os.path.abspath(text)
        return os.path.relpath(text, self.base) if text.startswith(self.base + "/") else None

    def change(self, step: Step) -> None:
        self.log.append(Event("names", step))
        step(self.names)

    def flushed(self, fd: int) -> None:
        rel = self.rel(fd)
        if rel is None:
            return
        if (node := self.names.get(rel)) is not None and node.kind == "file":
            self.bytes_of(fd)
            self.log.append(Event("flush", node=node))
        else:
            self.log.append(Event("flush", folder=rel))

    def bytes_of(self, fd: int) -> None:
        """The bytes of an open file go to the disk."""
        rel = self.rel(fd)
        if rel is not None and (node := self.names.get(rel)) is not None:
            self.log.append(Event("bytes", node=node, data=Path(self.base, rel).read_bytes()))

    def all_flushed(self, _folder: Any) -> None:
        for rel, node in self.names.items():
            if node.kind == "file":
                self.log.append(Event("bytes", node=node, data=Path(self.base, rel).read_bytes()))
        self.log.append(Event("flush all"))

    def record(self, work: Callable[[], object]) -> None:
        real = {
            name: getattr(os, name)
            for name in (*_MADE, *_GONE, "open", "rename", "replace", "chmod", "fsync")
        }
        patched = {name: self._wrap(name, function) for name, function in real.items()}
        groups = (os.supports_fd, os.supports_dir_fd, os.supports_follow_symlinks)
        waited, synced = folder_writer.wait_written, restore.sync_volume
        try:
            for name, wrapped in patched.items():
                setattr(os, name, wrapped)
                for group in groups:
                    if real[name] in group:
                        group.add(wrapped)
            folder_writer.wait_written = self.bytes_of
            restore.sync_volume = self.all_flushed
            work()
        finally:
            folder_writer.wait_written, restore.sync_volume = waited, synced
            for name, function in real.items():
                setattr(os, name, function)

    def _wrap(self, name: str, function: Callable[..., Any]) -> Callable[..., Any]:
        def call(*args: Any, **more: Any) -> Any:
            at = 1 if name == "symlink" else 0
            at_fd = more.get("src_dir_fd", more.get("dir_fd"))
            rel = self.rel(args[at], at_fd) if name != "fsync" else None
            done = function(*args, **more)
            if name == "fsync":
                self.flushed(args[0])
            elif rel is not None:
                self._note(name, rel, args, more, done)
            return done

        return call

    def _note(self, name: str, rel: str, args: tuple[Any, ...], more: dict[str, Any], done: Any) -> None:
        if name in ("rename", "replace"):
            new = self.rel(args[1], more.get("dst_dir_fd"))
            if new is None:  # to the store, which is on another disk here
                self.change(lambda names: removed(names, rel))
            else:
                self.change(lambda names: renamed(names, rel, new) if rel in names else None)
        elif name in _GONE:
            self.change(lambda names: names.pop(rel, None) and None)
        elif name == "chmod":
            before = self.names[rel]
            before.mode = args[
                1
            ]  # with the names; whether it was in time makes no difference to what is checked
        elif name in _MADE:
            made = Node("folder") if name == "mkdir" else Node("link", os.fsencode(args[0]))
            self.change(lambda names: names.update({rel: made}))
        elif args[1] & os.O_CREAT and rel not in self.names:
            node = Node("file", b"", os.fstat(done).st_mode & 0o777)
            self.change(lambda names: names.update({rel: node}))


_READLINK = os.readlink
_MADE, _GONE = ("mkdir", "symlink"), ("unlink", "rmdir")


def cuts(before: Names, log: list[Event], ordered: bool) -> Iterator[tuple[str, Names, dict[Node, bytes]]]:
    """Disks that a power cut can leave, for every moment."""
    for n in range(len(log) + 1):
        hard = [i for i in range(n) if log[i].what == "flush all" or (ordered and log[i].what == "flush")]
        safe = hard[-1] + 1 if hard else 0  # all names until there are durable
        for k in sorted({safe, (safe + n) // 2, n}):
            names = dict(before)
            for event in log[:k]:
                event.step(names)
            if not ordered:
                _own_flushes(before, log[:n], k, names)
            for lucky in (False, True):
                written = log[: n if lucky or not ordered else safe]
                content = {e.node: e.data for e in written if e.what == "bytes" and e.node is not None}
                if not ordered and not lucky:
                    content = _flushed_bytes(log[:n], safe)
                yield f"after call {n} of {len(log)}, {k} changes of names, lucky {lucky}", names, content


def _own_flushes(before: Names, log: list[Event], k: int, names: Names) -> None:
    """The names of a folder that was flushed by itself are there ahead of others.

    A rename is whole: both of its ends are there, or none. A folder that is new on the disk is flushed with
    all that came before it (as btrfs does).
    """
    for i, event in enumerate(log):
        if i < k or event.what != "flush" or event.folder is None:
            continue
        then = dict(before)
        for earlier in log[:i]:
            earlier.step(then)
        now = {node: path for path, node in then.items()}
        touched = {path for path in (*names, *then) if os.path.dirname(path) == event.folder}
        moved = [(p, names[p]) for p in touched if p in names and names[p] is not then.get(p)]
        moved += [(p, then[p]) for p in touched if p in then and names.get(p) is not then[p]]
        ends = {os.path.dirname(now[node]) for _, node in moved if node in now} | {event.folder}
        if any(names.get(end) is not then.get(end) for end in ends):
            names.clear()
            names.update(then)
            continue
        for _, node in moved:
            for old in [p for p, there in names.items() if there is node]:
                del names[old]
        names.update({now[node]: node for _, node in moved if node in now})


def _flushed_bytes(log: list[Event], safe: int) -> dict[Node, bytes]:
    content: dict[Node, bytes] = {}
    waiting: dict[Node, bytes] = {}
    for i, event in enumerate(log):
        if event.what == "bytes" and event.node is not None:
            waiting[event.node] = event.data
            if i < safe:
                content[event.node] = event.data
        elif event.what == "flush" and event.node in waiting:
            content[event.node] = waiting[event.node]
    return content


def look(base: Path, disk: Path, states: dict[str, str]) -> str:
    """Finish what was begun; which of the two states the folder is in."""
    with Store.open(base / "store", base / "cache", read_only=True) as store:
        store.finish_restores(disk / "root")
        state = states.get(store.identify(disk / "root"), "")
        assert state, "a mix"
        assert not [name for name in os.listdir(disk / "root") if name.startswith(".clew")]
    return state


def main(base: Path, ordered: bool) -> tuple[int, int]:
    """How many disks were looked at, and how many after a second cut while the first was being mended."""
    from kill_points import change, first

    restore.is_ordered = journal.is_ordered = lambda folder: ordered
    root = base / "before" / "root"
    first(root)
    with Store.create(base / "store", base / "cache") as store:
        a = store.save(root).tree
        change(root)
        b = store.save(root).tree
    shutil.copytree(base / "before", base / "disk", symlinks=True)
    disk = Recorder(base / "disk")
    before = dict(disk.names)

    def work() -> None:
        with Store.open(base / "store", base / "cache") as store:
            store.restore(store.plan_restore(a, base / "disk" / "root"))

    disk.record(work)
    assert any(event.what in ("flush", "flush all") for event in disk.log)
    found: set[str] = set()
    looked = again = 0
    for n, (words, names, content) in enumerate(cuts(before, disk.log, ordered)):
        target = base / "cut"
        build(names, content, target)
        try:
            if n % 15 == 0 and any(path.endswith("/journal") for path in names):
                build(names, content, base / "second")
                again += cut_again(base, {a: "after", b: "before"}, ordered)
            found.add(look(base, target, {a: "after", b: "before"}))
        except BaseException:
            print(words, file=sys.stderr)
            raise
        looked += 1
        shutil.rmtree(target)
    assert found == {"before", "after"}
    build(
        disk.names,
        {e.node: e.data for e in disk.log if e.node is not None and e.what == "bytes"},
        base / "end",
    )
    assert look(base, base / "end", {a: "after"}) == "after"
    return looked, again


def cut_again(base: Path, states: dict[str, str], ordered: bool) -> int:
    """The power fails once more while the restore is being finished: it still is. Works on base/second."""
    second = base / "second"
    recorder = Recorder(second)
    before = dict(recorder.names)

    def work() -> None:
        with Store.open(base / "store", base / "cache", read_only=True) as store:
            store.finish_restores(second / "root")

    recorder.record(work)
    looked = 0
    for words, names, content in cuts(before, recorder.log, ordered):
        build(names, content, base / "third")
        try:
            look(base, base / "third", states)
        except BaseException:
            print("second cut", words, file=sys.stderr)
            raise
        shutil.rmtree(base / "third")
        looked += 1
    shutil.rmtree(second)
    shutil.rmtree(base / "second kept")
    return looked


if __name__ == "__main__":
    print(*main(Path(sys.argv[1]), sys.argv[2] == "ordered"))
