"""Jobs shared with helper processes give what one process gives, whatever happens to the helpers."""

import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import psutil
import pytest

from clew.base.errors import Cancelled, DamagedError
from clew.base.progress import Progress
from clew.store import crew as crew_module
from clew.store import folder_reader, identify
from clew.store.crew import Crew
from clew.store.store import Store

Look = Callable[[Path], object]


@pytest.fixture
def many(tmp_path: Path) -> Path:
    root = tmp_path / "many"
    for f in range(30):
        folder = root / f"{f:02}" / "deep"
        folder.mkdir(parents=True)
        for i in range(25):
            (folder / f"{i}.png").write_bytes(os.urandom(3000))
            (folder.parent / f"{i}.json").write_text(f'{{"box": [{f}, {i}]}}' * 20)
        (folder / "none").mkdir()
        (folder / "link").symlink_to("0.png")
    (root / "29/huge.bin").write_bytes(os.urandom(9 << 20))
    return root


@pytest.fixture
def helped(tmp_path: Path) -> Iterator[Store]:
    """A store whose helper is called in at once."""
    with Store.create(tmp_path / "helped store", tmp_path / "helped cache") as store:
        store._crew = store._around.crew = store._watching.crew = Crew(2)
        store._crew.warm_s = store._crew.cold_s = 0
        store.warm()
        yield store


def test_helpers_save_check_and_write_out_the_same(
    store: Store, helped: Store, many: Path, tmp_path: Path, picture: Look
) -> None:
    alone, shared = store.save(many), helped.save(many)
    assert (shared.tree, shared.files, shared.size) == (alone.tree, alone.files, alone.size)
    assert shared.added == alone.added
    assert len(os.listdir(helped.folder / "packs")) > 1  # somebody else wrote too
    assert helped.verify(trees=(shared.tree,)).damaged == ()
    assert helped.check(many, shared.tree) == ()
    assert helped.save(many).added == 0
    assert helped.export(shared.tree, tmp_path / "out") == shared.files
    assert picture(tmp_path / "out") == picture(many)
    for f in range(0, 30, 2):
        (many / f"{f:02}/{f % 25}.json").write_text("changed")
        (many / f"{f:02}/deep/3.png").unlink()
    changed = helped.save(many)
    assert changed.tree == store.save(many).tree
    assert helped.diff(shared.tree, changed.tree) == store.diff(shared.tree, changed.tree)
    helped.restore(helped.plan_restore(shared.tree, many))
    assert helped.identify(many) == shared.tree
    assert store.check(many, shared.tree) == ()


def test_a_folder_of_very_many_files_is_hashed_in_pieces(
    store: Store, helped: Store, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    root = tmp_path / "flat"
    root.mkdir()
    for i in range(200):
        (root / f"{i:03}").write_bytes(os.urandom(2000))
    alone = store.save(root)
    monkeypatch.setattr(identify, "PIECE", 7)
    monkeypatch.setattr(folder_reader, "PIECE", 7)
    shared = helped.save(root)
    assert (shared.tree, shared.files) == (alone.tree, 200)
    assert len(os.listdir(helped.folder / "packs")) > 1
    assert helped.verify(trees=(shared.tree,)).damaged == ()
    monkeypatch.undo()
    assert helped.check(root, shared.tree) == ()


def test_a_helper_told_to_stop_after_its_part_gives_the_next_job_its_own_answers(many: Path) -> None:
    helper = crew_module.Helper()
    ask = folder_reader.Ask(b"", None, kept=False)
    try:
        for _ in range(2):
            helper.begin("read", (os.fsencode(many), time.time_ns(), None, None))
            helper.send("do", ask)
            answer = helper.receive()
            assert isinstance(answer, folder_reader.Taken) and len(answer.subs) == 30
            helper.send("end")
            helper.receive()
            helper.stop()  # another one failed meanwhile
    finally:
        helper.close()


def test_nothing_is_left_behind(helped: Store, many: Path) -> None:
    helped.save(many)
    pids = helped._crew.pids
    assert len(pids) == 2 and all(psutil.pid_exists(pid) for pid in pids)
    helped.close()
    assert not any(psutil.pid_exists(pid) for pid in pids)
    assert helped._crew.pids == []


OWNER = """
import sys, time
from pathlib import Path
from clew.store.crew import Crew
crew = Crew(1)
crew.warm()
print(crew.pids[0], flush=True)
time.sleep(60)
"""


def test_a_helper_ends_with_its_owner(tmp_path: Path) -> None:
    with subprocess.Popen([sys.executable, "-c", OWNER], stdout=subprocess.PIPE, text=True) as owner:
        assert owner.stdout
        helper = psutil.Process(int(owner.stdout.readline()))
        owner.kill()
    helper.wait(10)


def test_a_helper_that_dies_costs_nothing_but_time(
    helped: Store, many: Path, monkeypatch: pytest.MonkeyPatch, tmp_path: Path, picture: Look
) -> None:
    real = crew_module.Helper.receive
    calls = 0

    def killing(self: crew_module.Helper) -> object:
        nonlocal calls
        calls += 1
        if calls == 3:
            os.kill(self.pid, signal.SIGKILL)
            time.sleep(0.1)
        return real(self)

    for n, work in enumerate((lambda: helped.save(many).tree, lambda: helped.identify(many))):
        monkeypatch.setattr(crew_module.Helper, "receive", killing)
        calls = 0
        tree = work()
        monkeypatch.undo()
        assert calls >= 3
        helped.warm()
        (tmp_path / "helped cache").rename(tmp_path / f"old cache {n}")
    assert helped.identify(many) == tree
    assert helped.verify(trees=(tree,)).damaged == ()
    monkeypatch.setattr(crew_module.Helper, "receive", killing)
    calls = 0
    helped.export(tree, tmp_path / "out")
    assert calls >= 3
    assert picture(tmp_path / "out") == picture(many)


def test_work_is_done_where_no_process_can_be_started(
    helped: Store, many: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    helped.close()
    monkeypatch.setattr(crew_module, "_command", lambda: ["/no/such/program"])
    tree = helped.save(many).tree
    monkeypatch.setattr(crew_module, "_command", lambda: [sys.executable, "-c", "print('something else')"])
    assert helped.identify(many) == tree
    assert helped._crew.pids == []


def test_cancel_stops_the_helpers_too(helped: Store, many: Path) -> None:
    class Stopping(Progress):
        def advance(self, by: int = 1) -> None:
            super().advance(by)
            if self.state().done > 300:
                self.cancel()

    with pytest.raises(Cancelled):
        helped.save(many, progress=Stopping())
    assert os.listdir(helped.folder / "tmp") == []
    assert helped.identify(many) == helped.save(many).tree  # the helpers are well


def test_what_a_helper_meets_is_told(helped: Store, many: Path, tmp_path: Path) -> None:
    tree = helped.save(many).tree
    for pack in (helped.folder / "packs").iterdir():
        data = bytearray(pack.read_bytes())
        for at in range(100, len(data) - 200_000, 1000):
            data[at] ^= 1
        pack.write_bytes(data)
    found, alone = helped.verify(trees=(tree,)), None
    with Store.open(helped.folder, tmp_path / "third cache") as other:
        other._crew = Crew(0)
        alone = other.verify(trees=(tree,))
    assert found == alone and len(found.damaged) > 500
    for _ in range(3):
        with pytest.raises(DamagedError):
            helped.export(tree, tmp_path / "out")
        assert not [name for name in os.listdir(tmp_path) if "out" in name]
