"""A workspace in bad company: full disks, busy writers, odd names, many hands, clocks that jump."""

import json
import os
import subprocess
import sys
import time
import unicodedata
from pathlib import Path

import pytest

from clew.base.errors import NothingToDo, SurroundingsError, UserError
from clew.services import maintenance, projects, restore, versions
from clew.services.workspace import open_workspace


def content(folder: Path) -> dict[bytes, bytes]:
    found = {}
    for where, _, names in os.walk(os.fsencode(folder)):
        for name in names:
            with open(os.path.join(where, name), "rb") as file:
                found[os.path.relpath(os.path.join(where, name), os.fsencode(folder))] = file.read()
    return found


@pytest.fixture
def folder(ws) -> Path:
    return Path(projects.create_project(ws, "Files", format="files").folder)


# Files that change


WRITER = """
import os, sys, time
folder = sys.argv[1]
n = 0
while not os.path.exists(folder + "/../stop"):
    n += 1
    with open(folder + "/replaced.part.clew-part", "wb") as file:
        file.write(bytes([n % 256]) * 200_000)
    os.replace(folder + "/replaced.part.clew-part", folder + "/replaced.bin")
    with open(folder + "/in place.bin", "r+b", buffering=0) as file:
        for at in range(0, 400_000, 50_000):
            os.pwrite(file.fileno(), bytes([n % 256]) * 50_000, at)
    if n == 1:
        print("running", flush=True)
"""


def test_files_that_are_being_written_are_never_a_mix_without_saying_so(ws, folder: Path) -> None:
    (folder / "in place.bin").write_bytes(bytes(400_000))
    (folder / "steady.bin").write_bytes(b"steady" * 1000)
    with subprocess.Popen(
        [sys.executable, "-c", WRITER, folder], stdout=subprocess.PIPE, text=True
    ) as process:
        assert process.stdout
        process.stdout.readline()
        made = []
        try:
            for _ in range(8):
                made.append(versions.create_version(ws, 1))
        finally:
            (folder / ".." / "stop").touch()
    (folder / ".." / "stop").unlink()
    assert process.returncode == 0
    for version in made:
        assert len(set(ws.store.read(version.tree, "replaced.bin"))) == 1
        assert ws.store.read(version.tree, "steady.bin") == b"steady" * 1000
        if len(set(ws.store.read(version.tree, "in place.bin"))) != 1:
            assert version.description.startswith("Changed while it was being saved: in place.bin")
        assert ws.store.verify(trees=(version.tree,)).damaged == ()
    last = versions.create_version(ws, 1)
    assert last.description == ""
    assert ws.store.check(folder, last.tree) == ()


# Names


def test_names_that_other_systems_do_not_like(ws, folder: Path, tmp_path: Path) -> None:
    names = [
        b"\xff\xfe.bin",
        b"n" * 255,
        ("ü" * 127).encode(),
        b"Coin.PNG",
        b"coin.png",
        unicodedata.normalize("NFC", "Münze").encode(),
        unicodedata.normalize("NFD", "Münze").encode(),
        b"new\nline",
        b" ",
        b"...",
        "\u202eright to left".encode(),
    ]
    root = os.fsencode(folder)
    for n, name in enumerate(names):
        try:
            with open(root + b"/" + name, "wb") as file:
                file.write(b"%d" % n)
        except OSError:
            pytest.skip("this file system does not take all of the names")
    if not set(names) <= set(os.listdir(root)):
        pytest.skip("this file system takes some of the names for the same")
    os.mkdir(root + b"/s\xe9t")
    with open(root + b"/s\xe9t/" + names[0], "wb") as file:
        file.write(b"in a folder")
    first = versions.create_version(ws, 1, "Odd", f"Changed meanwhile: {os.fsdecode(names[0])}")
    assert first.description.endswith(os.fsdecode(names[0]))
    assert first.description in [record.get("description") for record in ws.store.records()]
    before = content(folder)
    assert len(before) == len(names) + 1 + (folder / "project.json").exists()
    for name in names[::2]:
        os.unlink(root + b"/" + name)
    os.rename(root + b"/Coin.PNG", root + b"/COIN.png")
    versions.create_version(ws, 1)
    restore.apply_restore(ws, restore.plan_restore(ws, first.id))
    assert content(folder) == before
    restore.download_version(ws, first.id, tmp_path / "copy")
    assert content(tmp_path / "copy") == before
    restore.download_version(ws, first.id, tmp_path / "copy.zip")
    restore.download_version(ws, first.id, tmp_path / "copy.tar.zst")
    only = restore.plan_restore(ws, first.id, only=(os.fsdecode(names[0]),))
    assert only.nothing
    listing = [s.version.number for s in versions.list_versions(ws, 1)]
    assert listing == [2, 1]
    words = ("version", "diff", "Files@1", "Files@2", "-w", ws.path)
    done = subprocess.run(
        [sys.executable, "-c", "from clew.cli.main import main; main()", *words, "--json"],
        capture_output=True,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    paths = {item["path"] for item in json.loads(done.stdout)["items"] + json.loads(done.stdout)["files"]}
    assert os.fsdecode(names[0]) in paths
    for words in (("version", "list", "Files"), ("version", "show", "Files@1"), ("projects",), ("verify",)):
        plain = subprocess.run(
            [sys.executable, "-c", "from clew.cli.main import main; main()", *words, "-w", ws.path],
            capture_output=True,
            check=False,
        )
        assert plain.returncode == 0, plain.stderr
    restore.restore_as_project(ws, first.id, "Again")


# Many hands

WORKER = """
import sys, random
from pathlib import Path
from clew.base.errors import NothingToDo, SurroundingsError, UserError
from clew.services import maintenance, projects, restore, versions
from clew.services.workspace import open_workspace
from clew.store import holdings
place, me = Path(sys.argv[1]), sys.argv[2]
pick = random.Random(me)
with open_workspace(place) as ws:
    project = projects.create_project(ws, f"Project {me}", format="files")
    folder = Path(project.folder)
    mine = {}
    for step in range(5):
        (folder / f"{pick.randrange(4)}").write_bytes(bytes([pick.randrange(5)]) * pick.choice((10, 40_000)))
        (folder / "step").write_text(f"{me} {step}")
        state = {p.name: p.read_bytes() for p in folder.iterdir()}
        mine[versions.create_version(ws, project.id).id] = state
        chosen = pick.choice(sorted(mine))
        restore.apply_restore(ws, restore.plan_restore(ws, chosen))
        assert {p.name: p.read_bytes() for p in folder.iterdir()} == mine[chosen]
        if step == 3:
            gone = sorted(mine)[0]
            versions.delete_version(ws, versions.plan_delete(ws, gone))
            del mine[gone]
            try:
                maintenance.apply_gc(ws, maintenance.plan_gc(ws))
            except NothingToDo:
                pass
    for version_id, state in mine.items():
        tree = versions.get_version(ws, version_id).tree
        assert {e.path: ws.store.read(tree, e.path) for e in ws.store.entries(tree)} == state
"""


def test_eight_processes_save_and_restore_in_one_workspace(ws) -> None:
    # Nothing is young, so that there is something to reclaim.
    ready = WORKER.replace("place, me =", "holdings.YOUNG_S = 0\nplace, me =")
    running = [subprocess.Popen([sys.executable, "-c", ready, ws.path, str(n)]) for n in range(8)]
    assert [process.wait(300) for process in running] == [0] * 8
    with open_workspace(ws.path) as again:
        summaries = projects.list_projects(again)
        assert len(summaries) == 8
        assert all(summary.versions >= 4 for summary in summaries)
        for summary in summaries:
            numbers = [s.version.number for s in versions.list_versions(again, summary.project.id)]
            assert numbers == list(range(len(numbers), 0, -1))
        assert again.store.verify().damaged == ()


# Clocks


def test_a_clock_that_goes_backwards_loses_no_change_and_reclaims_nothing_young(
    ws, folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    day = 86_400
    real, real_ns = time.time, time.time_ns
    (folder / "a.txt").write_text("one")
    first = versions.create_version(ws, 1)
    for back in (day, 400 * day, 30 * 365 * day):
        monkeypatch.setattr(time, "time", lambda back=back: real() - back)
        monkeypatch.setattr(time, "time_ns", lambda back=back: real_ns() - back * 1_000_000_000)
        (folder / "a.txt").write_text("two")
        (folder / "b.bin").write_bytes(os.urandom(50_000))
        os.utime(folder / "a.txt", (real() - back, real() - back))
        second = versions.create_version(ws, 1)
        assert second.number > first.number
        assert ws.store.read(second.tree, "a.txt") == b"two"
        versions.delete_version(ws, versions.plan_delete(ws, second.id))
        assert maintenance.plan_gc(ws).nothing, "all of it was written later than now"
        assert versions.undelete_version(ws, second.id).tree == second.tree
        restore.apply_restore(ws, restore.plan_restore(ws, first.id))
        assert (folder / "a.txt").read_text() == "one"
        (folder / "a.txt").write_text("two")  # as long as before, within one tick perhaps
        assert [c.path for c in ws.store.check(folder, first.tree)] == ["a.txt"]
        restore.apply_restore(ws, restore.plan_restore(ws, first.id))
        with open_workspace(ws.path) as again:
            assert again.store.verify().damaged == ()
    monkeypatch.undo()
    newest = [s.version.number for s in versions.list_versions(ws, 1)]
    assert newest == sorted(newest, reverse=True)
    with pytest.raises((NothingToDo, UserError, SurroundingsError)):
        versions.create_version(ws, 1)
