"""Reclaiming: what is wanted stays, what nobody needs goes, beside savers, and whatever the clock says."""

import os
import shutil
import subprocess
import sys
import time
from collections.abc import Callable, Sequence
from pathlib import Path

import pytest

from clew.base.errors import DamagedError, SurroundingsError
from clew.store.dropped import read_dropped
from clew.store.guard import HOLDS, Guard
from clew.store.reclaim import Spare
from clew.store.store import Store

Look = Callable[[Path], object]


def age(folder: Path, seconds: float = 7200) -> None:
    for pack in (folder / "packs").iterdir():
        os.utime(pack, (time.time() - seconds, time.time() - seconds))


def always(*trees: str) -> Callable[[], Sequence[str]]:
    return lambda: trees


def collect(store: Store, *trees: str) -> int:
    return store.reclaim(store.plan_reclaim(trees), always(*trees))


def keep(store: Store, root: Path) -> str:
    with store.holding():
        return store.save(root).tree


@pytest.fixture
def three(store: Store, work: Path) -> tuple[str, str, str]:
    """Three states: the second has 2 MB that the others have not, the third has the text of the second."""
    first = keep(store, work)
    (work / "big.bin").write_bytes(os.urandom(2_000_000))
    (work / "note.txt").write_text("second")
    second = keep(store, work)
    (work / "big.bin").unlink()
    return first, second, keep(store, work)


def test_what_nobody_wants_goes_and_all_else_stays(
    store: Store, work: Path, three: tuple[str, str, str], tmp_path: Path, picture: Look
) -> None:
    first, second, third = three
    age(store.folder)
    before = store.disk_usage()
    plan = store.plan_reclaim([first, third], [Spare(second)])
    assert plan.gone == {second}
    assert 1_990_000 < plan.free < 2_020_000
    assert before == store.disk_usage(), "a plan changes nothing"
    freed = store.reclaim(plan, always(first, third))
    assert before - store.disk_usage() == pytest.approx(plan.free, abs=3000)
    assert freed >= plan.free
    assert not store.has_tree(second)
    assert store.verify(trees=(first, third)).damaged == ()
    store.export(third, tmp_path / "out")
    assert picture(tmp_path / "out") == picture(work)
    age(store.folder)
    assert store.plan_reclaim([first, third]).nothing
    assert read_dropped(store.folder) == frozenset()
    (work / "big.bin").write_bytes(b"again")
    assert store.verify(trees=(keep(store, work),)).damaged == ()


def test_a_state_that_was_reclaimed_is_stored_whole_when_it_comes_again(
    store: Store, work: Path, tmp_path: Path, picture: Look
) -> None:
    # The stat cache still knows every file: it may not say that they are in the store.
    kept = keep(store, work)
    (work / "bilder" / "new.bin").write_bytes(os.urandom(300_000))
    tree = keep(store, work)
    age(store.folder)
    assert collect(store, kept) > 0
    assert not store.has_tree(tree)
    assert keep(store, work) == tree
    store.export(tree, tmp_path / "out")
    assert picture(tmp_path / "out") == picture(work)
    assert store.verify(trees=(kept, tree)).damaged == ()


def test_large_files_lose_only_the_parts_that_nobody_shares(store: Store, tmp_path: Path) -> None:
    root = tmp_path / "root"
    root.mkdir()
    body = os.urandom(9 << 20)
    (root / "w.bin").write_bytes(body)
    first = keep(store, root)
    (root / "w.bin").write_bytes(body + os.urandom(5 << 20))
    second = keep(store, root)
    age(store.folder)
    assert collect(store, second) < 1 << 20, "the first is a part of the second"
    assert store.verify(trees=(second,)).damaged == ()
    (root / "w.bin").write_bytes(body)
    assert keep(store, root) == first
    age(store.folder)
    freed = collect(store, first)
    assert freed > 5 << 20
    assert store.read(first, "w.bin") == body


def test_nothing_young_is_touched_and_a_clock_that_was_set_back_keeps_all(
    store: Store, work: Path, three: tuple[str, str, str]
) -> None:
    first, second, _ = three
    plan = store.plan_reclaim([first], [Spare(second)])
    assert plan.nothing
    assert plan.gone == frozenset()
    assert plan.waiting > 1_900_000
    age(store.folder, -90_000)  # written "tomorrow": the clock went backwards since
    assert store.plan_reclaim([first]).nothing
    age(store.folder, 3700)
    assert not store.plan_reclaim([first]).nothing


def test_what_an_open_store_has_saved_but_not_committed_stays(store: Store, work: Path) -> None:
    with Store.open(store.folder, store.folder.parent / "other cache") as other:
        with other.holding():
            tree = other.save(work).tree
            age(store.folder)
            assert store.plan_reclaim([]).nothing
        assert not store.plan_reclaim([]).nothing, "the block has ended"
        assert other.hold(tree)
        assert store.plan_reclaim([]).nothing
    collect(store)
    assert not store.has_tree(tree)
    assert os.listdir(store.folder / HOLDS) == []


def test_a_save_that_overlaps_a_reclaim_loses_nothing(
    store: Store, work: Path, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    """The saver has found all content in the store; before it is done, somebody wants to reclaim it."""
    from clew.store import store as store_module

    tree = keep(store, work)
    age(store.folder)
    monkeypatch.setattr("clew.store.guard.WAIT_S", 0.1)
    real = store_module.save.save

    def slow(*args: object, **more: object) -> object:
        saved = real(*args, **more)
        with Store.open(store.folder, tmp_path / "c") as one, pytest.raises(SurroundingsError, match="busy"):
            collect(one)
        return saved

    monkeypatch.setattr(store_module.save, "save", slow)
    with store.holding():
        assert store.save(work).tree == tree
        assert store.plan_reclaim([]).nothing
    assert store.verify(trees=(tree,)).damaged == ()


def test_what_became_wanted_after_the_plan_stays(store: Store, three: tuple[str, str, str]) -> None:
    first, second, third = three
    age(store.folder)
    plan = store.plan_reclaim([first])
    assert plan.gone == frozenset()
    assert not plan.nothing
    store.reclaim(plan, always(first, second, third))
    assert store.verify(trees=(first, second, third)).damaged == ()


def test_a_reader_in_another_store_finds_what_was_moved(store: Store, work: Path, tmp_path: Path) -> None:
    (work / "a.bin").write_bytes(os.urandom(10_000))
    (work / "z.bin").write_bytes(os.urandom(900_000))
    keep(store, work)
    (work / "z.bin").unlink()
    second = keep(store, work)
    age(store.folder)
    with Store.open(store.folder, tmp_path / "c") as reader:
        plan = store.plan_reclaim([second])
        assert plan.rewrite
        store.reclaim(plan, always(second))
        assert reader.read(second, "a.bin") == (work / "a.bin").read_bytes()
        assert reader.verify(trees=(second,)).damaged == ()


def test_damage_stops_reclaiming_instead_of_making_it_worse(
    store: Store, three: tuple[str, str, str]
) -> None:
    first, _, third = three
    packs = sorted((store.folder / "packs").iterdir(), key=lambda p: p.stat().st_mtime)
    age(store.folder)
    packs[0].unlink()  # the one that most of the first state is in
    with Store.open(store.folder, store.folder.parent / "c") as again:
        with pytest.raises(DamagedError, match="verify --repair"):
            again.plan_reclaim([third])
        assert not again.has_tree(first)


def test_a_damaged_pack_is_not_written_anew(store: Store, work: Path, tmp_path: Path) -> None:
    (work / "a.bin").write_bytes(b"A" * 10_000)
    (work / "z.bin").write_bytes(os.urandom(900_000))
    keep(store, work)
    (work / "z.bin").unlink()
    second = keep(store, work)
    for pack in (store.folder / "packs").iterdir():
        data = pack.read_bytes()
        if b"A" * 10_000 in data:
            pack.write_bytes(data.replace(b"A" * 10_000, b"A" * 9_999 + b"B"))
    age(store.folder)
    with Store.open(store.folder, tmp_path / "c") as again:
        plan = again.plan_reclaim([second])
        again.reclaim(plan, always(second))
        (damaged,) = again.verify(trees=(second,)).damaged
        assert damaged.paths == ("a.bin",)
        assert damaged.pack in os.listdir(store.folder / "packs"), "what is left of it is kept"


def test_of_two_copies_a_good_one_is_kept(store: Store, work: Path, tmp_path: Path) -> None:
    tree = keep(store, work)
    with Store.create(tmp_path / "twin", tmp_path / "twin cache") as twin:
        twin.save(work)
    for pack in (tmp_path / "twin" / "packs").iterdir():
        data = bytearray(pack.read_bytes())
        data[100] ^= 1
        (store.folder / "packs" / pack.name).write_bytes(bytes(data))
    age(store.folder)
    with Store.open(store.folder, tmp_path / "c") as again:
        collect(again, tree)
        age(store.folder)
        collect(again, tree)
        for entry in again.entries(tree):
            if entry.kind == "file":
                assert again.read(tree, entry.path) == (work / entry.path).read_bytes()


def test_copies_that_a_killed_reclaim_left_are_removed(store: Store, work: Path, tmp_path: Path) -> None:
    tree = keep(store, work)
    for pack in list((store.folder / "packs").iterdir()):
        shutil.copy(pack, store.folder / "packs" / ("0" * 32 + ".pack"))
    age(store.folder)
    with Store.open(store.folder, tmp_path / "c") as again:
        before = again.disk_usage()
        collect(again, tree)
        assert again.disk_usage() < before * 0.7
        assert again.verify(trees=(tree,)).damaged == ()


def test_a_drop_that_was_killed_is_finished_at_the_next_open(
    store: Store, three: tuple[str, str, str], monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    first, _, third = three
    age(store.folder)

    class Killed(BaseException):
        pass

    real = os.unlink

    def die(path: str | Path) -> None:
        if os.fspath(path).endswith(".pack"):
            raise Killed
        real(path)

    with monkeypatch.context() as patch:
        patch.setattr(os, "unlink", die)
        with pytest.raises(Killed):
            collect(store, first, third)
    assert read_dropped(store.folder)
    with Store.open(store.folder, tmp_path / "c") as again:
        assert read_dropped(store.folder) == frozenset()
        assert again.verify(trees=(first, third)).damaged == ()
        assert len(os.listdir(store.folder / "packs")) == len(again._index.names)


def test_reclaiming_gives_up_when_the_store_is_busy(
    store: Store, three: tuple[str, str, str], monkeypatch: pytest.MonkeyPatch
) -> None:
    age(store.folder)
    monkeypatch.setattr("clew.store.guard.WAIT_S", 0.1)
    before = sorted(os.listdir(store.folder / "packs"))
    with Guard(store.folder).locked(), pytest.raises(SurroundingsError, match="busy"):
        collect(store, three[0])
    assert set(before) <= set(os.listdir(store.folder / "packs"))


SAVER = """
import os, random, sys, time
from pathlib import Path
from clew.store.store import Store
base, me, rounds = Path(sys.argv[1]), sys.argv[2], int(sys.argv[3])
root = base / me
root.mkdir()
pick = random.Random(me)
for step in range(rounds):
    with Store.open(base / "store", base / f"cache {me}") as store, store.holding():
        for name in range(6):
            (root / f"{name}").write_bytes(bytes([pick.randrange(4)]) * pick.choice((100, 30000)))
        tree = store.save(root).tree
        time.sleep(pick.random() * 0.03)
        (base / "list" / f"{me}-{step}.part").write_text(tree)
        os.rename(base / "list" / f"{me}-{step}.part", base / "list" / f"{me}-{step}")
    (base / "list" / f"{me}-{pick.randrange(step + 1)}").unlink(missing_ok=True)
"""

COLLECTOR = """
import contextlib, sys
from pathlib import Path
from clew.store import holdings
from clew.store.store import Store
holdings.YOUNG_S = 0  # nothing is young: only the lock and the holds protect what is being saved
base = Path(sys.argv[1])
def wanted():
    trees = []
    for path in (base / "list").iterdir():
        with contextlib.suppress(FileNotFoundError):
            trees += [path.read_text()] if path.suffix != ".part" else []
    return trees
n = 0
while not (base / "stop").exists():
    with Store.open(base / "store", base / "c") as store:
        plan = store.plan_reclaim(wanted())
        if not plan.nothing:
            n += store.reclaim(plan, wanted) > 0
print(n)
"""


def test_savers_and_collectors_at_once(store: Store, tmp_path: Path) -> None:
    (tmp_path / "list").mkdir()
    run = [sys.executable, "-c"]
    collectors = [
        subprocess.Popen([*run, COLLECTOR, tmp_path], stdout=subprocess.PIPE, text=True) for _ in range(2)
    ]
    savers = [subprocess.Popen([*run, SAVER, tmp_path, name, "12"]) for name in ("a", "b", "c")]
    assert [process.wait(240) for process in savers] == [0, 0, 0]
    (tmp_path / "stop").touch()
    done = [process.communicate(timeout=120)[0] for process in collectors]
    assert [process.returncode for process in collectors] == [0, 0]
    trees = tuple(path.read_text() for path in (tmp_path / "list").iterdir())
    assert len(trees) >= 12
    with Store.open(store.folder, tmp_path / "fresh") as again:
        assert again.verify(trees=trees).damaged == ()
        assert all(again.has_tree(tree) for tree in trees)
    assert sum(int(text) for text in done) > 0, "there was something to reclaim"
