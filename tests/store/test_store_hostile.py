import errno
import os
import subprocess
import sys
import threading
import time
from collections.abc import Callable
from pathlib import Path

import pytest

from clew.base.errors import SurroundingsError, UserError
from clew.store import journal as journal_module
from clew.store.store import Store

Look = Callable[[Path], object]
DRIVER = Path(__file__).with_name("kill_points.py")


@pytest.mark.skipif(not hasattr(os, "fork"), reason="the driver forks")
@pytest.mark.parametrize(("operation", "at_least"), [("save", 8), ("restore", 30), ("reclaim", 15)])
def test_a_kill_at_every_write_loses_nothing(tmp_path: Path, operation: str, at_least: int) -> None:
    done = subprocess.run(
        [sys.executable, DRIVER, tmp_path, operation],
        capture_output=True,
        text=True,
        timeout=300,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    assert int(done.stdout) >= at_least  # so many points there were


def fail_at(monkeypatch: pytest.MonkeyPatch, n: int) -> None:
    real, left = os.write, n

    def write(fd: int, data: bytes) -> int:
        nonlocal left
        left -= 1
        if left == 0:
            real(fd, bytes(data)[: len(data) // 2])
            raise OSError(errno.ENOSPC, "No space left on device")
        return real(fd, data)

    monkeypatch.setattr(os, "write", write)


def test_a_full_disk_while_saving(
    store: Store, work: Path, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    kept = store.save(work).tree
    (work / "new.bin").write_bytes(os.urandom(20 << 20))
    for n in range(1, 50):
        with monkeypatch.context() as patch, Store.open(store.folder, tmp_path / f"cache {n}") as again:
            fail_at(patch, n)
            try:
                again.save(work)
                break
            except SurroundingsError as error:
                assert "disk is full" in str(error)
            assert os.listdir(store.folder / "tmp") == []
            assert again.verify(trees=(kept,)).damaged == ()
            # The threads that hash a large file ended with the save, not when the garbage is collected: that
            # may be while a thread starts, which then waits for itself.
            assert not [t for t in threading.enumerate() if t.name.startswith("ThreadPoolExecutor")]
    assert n >= 3


def test_a_full_disk_while_restoring_and_downloading(
    store: Store, work: Path, monkeypatch: pytest.MonkeyPatch, picture: Look, tmp_path: Path
) -> None:
    first = store.save(work).tree
    for i in range(3):
        (work / f"bilder/{i}.png").unlink()
    before = picture(work)
    plan = store.plan_restore(first, work)
    for n in range(2, 5):  # the first write says that the version is in use, which may fail
        with monkeypatch.context() as patch:
            fail_at(patch, n)
            with pytest.raises(SurroundingsError, match="disk is full"):
                store.restore(plan)
        assert picture(work) == before
        with monkeypatch.context() as patch:
            fail_at(patch, n)
            with pytest.raises(SurroundingsError, match="disk is full"):
                store.export(first, tmp_path / "out")
        assert [name for name in os.listdir(tmp_path) if "out" in name] == []
    store.restore(plan)
    assert store.check(work, first) == ()


def test_a_really_full_disk(tmp_path: Path, work: Path, picture: Look) -> None:
    disk = tmp_path / "disk"
    disk.mkdir()
    mount = ["mount", "-t", "tmpfs", "-o", "size=1m", "tmpfs", disk]
    if (
        sys.platform != "linux"
        or os.geteuid() != 0
        or subprocess.run(mount, capture_output=True, check=False).returncode
    ):
        pytest.skip("mounting a tmpfs needs root on Linux")
    try:
        with Store.create(disk / "store", tmp_path / "cache") as store:
            kept = store.save(work).tree
            (work / "big.bin").write_bytes(os.urandom(2 << 20))
            with pytest.raises(SurroundingsError, match="disk is full"):
                store.save(work)
            assert store.verify(trees=(kept,)).damaged == ()
            full = fill(disk)
            with pytest.raises(SurroundingsError, match="disk is full"):
                store.copy_out(kept, "bilder/0.png", full)
            with pytest.raises(SurroundingsError, match="disk is full"):
                store.write_record({"tree": kept, "title": "x" * 9000})
            (disk / "filler").unlink()
            (work / "big.bin").unlink()
            assert store.save(work).tree == kept
    finally:
        subprocess.run(["umount", disk], check=True)


def fill(disk: Path) -> Path:
    try:
        with (disk / "filler").open("wb", buffering=0) as file:
            while True:
                file.write(bytes(4096))
    except OSError:
        return disk / "copied"


SAVER = """
import sys
from pathlib import Path
from clew.store.store import Store
base, me = Path(sys.argv[1]), sys.argv[2]
root = base / me
root.mkdir()
with Store.open(base / "store", base / "cache") as store:
    for step in range(8):
        (root / f"own {step}").write_text(me * 50)
        (root / f"shared {step}.bin").write_bytes(bytes([step]) * 20000)
        tree = store.save(root).tree
        store.write_record({"tree": tree})
        assert store.check(root, tree) == ()
        assert store.read(tree, f"own {step}") == (me * 50).encode()
"""


def test_processes_save_at_once(store: Store, tmp_path: Path) -> None:
    running = [
        subprocess.Popen([sys.executable, "-c", SAVER, tmp_path, name]) for name in ("one", "two", "three")
    ]
    assert [process.wait(120) for process in running] == [0, 0, 0]
    assert len(store.records()) == 24
    assert store.verify().damaged == ()
    assert all(len(list(store.entries(record["tree"]))) % 2 == 0 for record in store.records())


RESTORER = """
import sys, time
from pathlib import Path
from clew.store import restore
from clew.store.store import Store
base, tree = Path(sys.argv[1]), sys.argv[2]
real = restore.write_journal
def slow(staging, journal):
    print("staged", flush=True)
    sys.stdin.readline()
    real(staging, journal)
restore.write_journal = slow
with Store.open(base / "store", base / "cache") as store:
    store.restore(store.plan_restore(tree, Path(sys.argv[3])))
"""


def test_a_running_restore_is_not_taken_for_a_dead_one(store: Store, work: Path, tmp_path: Path) -> None:
    first = store.save(work).tree
    (work / "run.sh").unlink()
    pipe = subprocess.PIPE
    with subprocess.Popen(
        [sys.executable, "-c", RESTORER, tmp_path, first, work], stdin=pipe, stdout=pipe, text=True
    ) as process:
        assert process.stdin and process.stdout
        assert process.stdout.readline() == "staged\n"
        with pytest.raises(UserError, match="is running"):
            store.finish_restores(work)
        process.stdin.write("\n")
        process.stdin.close()
        assert process.wait(60) == 0
    assert store.finish_restores(work) is None
    assert store.check(work, first) == ()


def test_a_later_edit_survives_the_finishing_of_a_killed_restore(
    store: Store, work: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    first = store.save(work).tree
    for name in ("run.sh", "classes.json"):
        (work / name).write_text("before the restore")
    plan = store.plan_restore(first, work)

    class Killed(BaseException):
        pass

    def die(*args: object) -> None:
        raise Killed

    with monkeypatch.context() as patch:
        patch.setattr(journal_module.Swap, "_place", die)
        with pytest.raises(Killed):
            store.restore(plan)
    time.sleep(0.02)
    (work / "run.sh").write_text("after the kill, by the person")
    told = store.finish_restores(work)
    assert told and "run.sh" in told
    assert (work / "run.sh").read_text() == "after the kill, by the person"
    assert [c.path for c in store.check(work, first)] == ["run.sh"]


@pytest.mark.skipif(sys.platform == "win32", reason="the rules of the replay are those of POSIX")
@pytest.mark.parametrize(("operation", "at_least"), [("save", 30), ("reclaim", 40)])
def test_a_power_cut_at_any_call_loses_nothing(tmp_path: Path, operation: str, at_least: int) -> None:
    done = subprocess.run(
        [sys.executable, DRIVER.with_name("power_cut.py"), tmp_path, operation],
        capture_output=True,
        text=True,
        timeout=300,
        check=False,
    )
    assert done.returncode == 0, done.stderr[-3000:]
    assert int(done.stdout) >= at_least  # so many disks were built and looked at


@pytest.mark.skipif(sys.platform == "win32", reason="the rules of the replay are those of POSIX")
@pytest.mark.parametrize("kind", ["ordered", "loose"])
def test_a_power_cut_at_any_call_of_a_restore_leaves_one_of_two_states(tmp_path: Path, kind: str) -> None:
    done = subprocess.run(
        [sys.executable, DRIVER.with_name("power_cut_restore.py"), tmp_path, kind],
        capture_output=True,
        text=True,
        timeout=600,
        check=False,
    )
    assert done.returncode == 0, done.stderr[-3000:]
    once, twice = map(int, done.stdout.split())  # so many disks were built and looked at
    assert once >= 100
    assert twice >= 100
