"""A watched folder is told right without being read, whatever is done to it."""

import mmap
import os
import random
import shutil
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from clew.store import folder_reader
from clew.store import watch as watch_module
from clew.store.store import Store
from clew.store.watch import Watch


@pytest.fixture
def watched(store: Store, work: Path) -> Iterator[Store]:
    if not store.watch(work):
        pytest.skip("this system cannot watch")
    yield store


@pytest.fixture
def read(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """The folders that are read."""
    names: list[str] = []
    real = folder_reader.look

    def told(path: bytes) -> object:
        names.append(os.path.basename(os.fsdecode(path)))
        return real(path)

    monkeypatch.setattr(folder_reader, "look", told)
    return names


def settle(store: Store, work: Path) -> None:
    time.sleep(0.05)
    for _ in range(3):
        store.identify(work)


def test_only_what_was_touched_is_read(watched: Store, work: Path, read: list[str]) -> None:
    tree = watched.save(work).tree
    settle(watched, work)
    read.clear()
    assert watched.check(work, tree) == () and read == []
    (work / "bilder/0.json").write_text('{"box": [9, 2, 3, 4]}')
    assert [c.path for c in watched.check(work, tree)] == ["bilder/0.json"]
    assert set(read) == {"bilder"}
    settle(watched, work)
    read.clear()
    assert [c.path for c in watched.check(work, tree)] == ["bilder/0.json"] and read == []
    (work / "bilder/0.png").chmod(0o755)
    assert len(watched.check(work, tree)) == 2


ACTIONS: dict[str, Callable[[Path], object]] = {
    "write": lambda p: p.with_name("w").write_text(str(time.time_ns())),
    "remove": lambda p: p.unlink() if p.is_file() else shutil.rmtree(p),
    "move": lambda p: p.rename(p.with_name(f"{p.name[:8]}{time.time_ns() % 97}")),
    "up": lambda p: p.rename(p.parent.parent / f"{p.name[:8]}{time.time_ns() % 97}u"),
    "folder": lambda p: (p.parent / "new" / "er").mkdir(parents=True),
    "copy": lambda p: shutil.copytree(p.parent, p.parent.parent / f"c{time.time_ns() % 97}", symlinks=True),
}


@pytest.mark.parametrize("seed", range(6))
def test_any_changes_are_told_as_by_a_walk(store: Store, tmp_path: Path, seed: int) -> None:
    root = tmp_path / "root"
    for name in ("a/b/c", "a/d", "e"):
        (root / name).mkdir(parents=True)
        (root / name / "f").write_text(name)
        (root / name / "g").write_text("g")
    if not store.watch(root):
        pytest.skip("this system cannot watch")
    chance = random.Random(seed)
    with Store.open(store.folder, tmp_path / "other cache") as other:
        for _ in range(25):
            for _ in range(chance.randint(1, 3)):
                paths = sorted(root.rglob("*"))
                deep = [p for p in paths if len(p.relative_to(root).parts) > 1]
                if not deep or len(paths) > 300:
                    break
                try:
                    ACTIONS[chance.choice(sorted(ACTIONS))](chance.choice(deep))
                except (FileExistsError, FileNotFoundError, NotADirectoryError, OSError):
                    continue
            if chance.random() < 0.3:
                time.sleep(0.03)
            assert store.identify(root) == other.identify(root)


def test_lost_events_mean_a_walk(watched: Store, work: Path, read: list[str]) -> None:
    settle(watched, work)
    (watch,) = watched._watching.watches.values()
    read.clear()
    (work / "bilder/0.json").write_text("changed")
    with watch.lock:
        watch._drain()
        watch._dirty.clear()  # as if the system had dropped it
        watch._take(-1, watch_module.OVERFLOW, b"")
    tree = watched.identify(work)
    assert set(read) >= {"bilder", "deeper"}
    settle(watched, work)
    read.clear()
    assert watched.identify(work) == tree and read == []


def test_an_old_walk_is_not_trusted(watched: Store, work: Path, read: list[str]) -> None:
    settle(watched, work)
    read.clear()
    (watch,) = watched._watching.watches.values()
    watch._walked -= watch_module.MOST_AGE_S + 1
    watched.identify(work)
    assert "deeper" in read


def test_a_watch_ends(store: Store, work: Path) -> None:
    before = len(os.listdir("/proc/self/fd")) if os.path.isdir("/proc/self/fd") else 0
    if not store.watch(work):
        pytest.skip("this system cannot watch")
    tree = store.identify(work)
    store.unwatch(work)
    store.unwatch(work)
    assert store.identify(work) == tree
    if before:
        assert len(os.listdir("/proc/self/fd")) == before
    assert store.watch(work)
    shutil.rmtree(work)
    work.mkdir()
    assert store.identify(work) != tree


def test_where_nothing_can_be_watched(work: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(watch_module, "volume_type", lambda path: "nfs4")
    assert Watch.start(work) is None


def test_what_the_system_does_not_tell_is_found_by_a_walk_and_by_a_save(watched: Store, work: Path) -> None:
    with (work / "bilder/0.png").open("r+b") as file:
        mapped = mmap.mmap(file.fileno(), 0)  # as long as it is open inotify does not tell of what is written
    before = watched.save(work).tree
    settle(watched, work)
    mapped[:6] = b"mapped"
    mapped.flush()
    assert watched.check(work, before) == (), "else the system tells of it now, and this test is moot"
    assert [c.path for c in watched.check(work, before, walk=True)] == ["bilder/0.png"]
    assert [c.path for c in watched.check(work, before)] == ["bilder/0.png"], "the watch has learned it"
    settle(watched, work)
    mapped[:6] = b"again!"
    mapped.flush()
    after = watched.save(work).tree
    assert watched.read(after, "bilder/0.png").startswith(b"again!")
    assert watched.identify(work) == after
    assert watched.watched() == (work,)
    mapped.close()
