"""A file is read again as soon as one of the four figures of its stats is another, and not before."""

import os
import shutil
import time
from array import array
from pathlib import Path
from typing import Any

import pytest

from clew.model.changes import Change
from clew.store import folder_reader
from clew.store import restore as restore_module
from clew.store.folder_reader import FolderReader
from clew.store.scan import WIDTH, scan
from clew.store.store import Store

FIGURES = ("inode", "size", "mtime", "ctime")


@pytest.fixture
def opened(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """Names of the files that are opened to be hashed."""
    names: list[str] = []
    real = FolderReader._open

    def told(self: FolderReader, where: bytes) -> int:
        names.append(os.path.basename(os.fsdecode(where)))
        return real(self, where)

    monkeypatch.setattr(FolderReader, "_open", told)
    return names


def settled(store: Store, work: Path) -> str:
    """The tree of a folder whose files are all known and old enough to be trusted."""
    time.sleep(0.05)
    store.identify(work)
    return store.save(work).tree


def test_what_is_known_is_not_read_again(store: Store, work: Path, opened: list[str]) -> None:
    tree = settled(store, work)
    assert opened
    opened.clear()
    assert store.check(work, tree) == ()
    assert store.identify(work) == tree
    assert opened == []


@pytest.mark.parametrize("figure", FIGURES)
def test_each_figure_alone_makes_a_file_be_read(
    figure: str, store: Store, work: Path, opened: list[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    tree = settled(store, work)
    opened.clear()
    real = folder_reader.look

    def look(path: bytes) -> Any:
        listing = real(path)
        if "3.png" in listing.names:
            listing.numbers[WIDTH * listing.names.index("3.png") + 1 + FIGURES.index(figure)] -= 1
        return listing

    monkeypatch.setattr(folder_reader, "look", look)
    assert store.check(work, tree) == ()  # its bytes are the same
    assert set(opened) == {"3.png"}


def test_an_edit_with_size_and_mtime_put_back_is_seen(store: Store, work: Path) -> None:
    tree = settled(store, work)
    file = work / "bilder" / "3.png"
    was = file.stat()
    data = bytearray(file.read_bytes())
    data[100] ^= 1
    file.write_bytes(data)
    os.utime(file, ns=(was.st_atime_ns, was.st_mtime_ns))
    now = file.stat()
    assert (now.st_ino, now.st_size, now.st_mtime_ns) == (was.st_ino, was.st_size, was.st_mtime_ns)
    assert [(c.path, c.change) for c in store.check(work, tree)] == [("bilder/3.png", Change.EDITED)]


def test_another_file_moved_into_the_place_is_seen(store: Store, work: Path, tmp_path: Path) -> None:
    file = work / "bilder" / "3.png"
    other = tmp_path / "other.png"
    shutil.copy2(file, other)
    other.write_bytes(bytes(reversed(file.read_bytes())))
    shutil.copystat(file, other)
    tree = settled(store, work)
    os.replace(other, file)
    assert [(c.path, c.change) for c in store.check(work, tree)] == [("bilder/3.png", Change.EDITED)]


def test_a_file_written_just_now_is_read_once_more(
    store: Store, work: Path, opened: list[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    """Its time may not move with a further write in the same step of the clock."""
    settled(store, work)
    (work / "bilder" / "3.json").write_text("{}")
    tree = store.save(work).tree
    opened.clear()
    assert store.check(work, tree) == ()
    assert opened == ["3.json"]
    time.sleep(0.05)
    store.identify(work)
    opened.clear()
    assert store.check(work, tree) == ()
    assert opened == []


def test_the_cache_holds_the_four_figures(store: Store, work: Path) -> None:
    settled(store, work)
    found = scan(os.fsencode(work / "bilder"))
    st = (work / "bilder" / "3.png").stat()
    at = 4 * found.names.index(b"3.png")
    figures = array("q", (st.st_ino, st.st_size, st.st_mtime_ns, st.st_ctime_ns))
    assert found.stats[at : at + 4] == figures


def test_what_comes_between_plan_and_restore_stays(
    store: Store, work: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A plan made a moment ago is carried out without a second walk; what it does not name is not touched."""
    monkeypatch.setattr(restore_module, "FRESH_S", 60.0)
    tree = settled(store, work)
    (work / "run.sh").write_text("one")
    time.sleep(0.05)
    plan = store.plan_restore(tree, work)
    (work / "bilder" / "new.txt").write_text("written after the plan")
    store.restore(plan)
    assert (work / "run.sh").read_text() == "#!/bin/sh\n"
    assert (work / "bilder" / "new.txt").read_text() == "written after the plan"
    assert [(c.path, c.change) for c in store.check(work, tree)] == [("bilder/new.txt", Change.ADDED)]
