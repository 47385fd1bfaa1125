import json
import os
import threading
from collections.abc import Callable
from pathlib import Path

import blake3
import pytest

from clew.base.errors import Cancelled, SurroundingsError, UserError
from clew.base.progress import Progress
from clew.model.changes import Change
from clew.store import folder_reader
from clew.store.store import Store


def test_saves_and_reads_back(store: Store, work: Path) -> None:
    saved = store.save(work)
    assert saved.files == 15
    assert saved.size == sum(p.lstat().st_size for p in work.rglob("*") if p.is_symlink() or p.is_file())
    found = {entry.path: entry for entry in store.entries(saved.tree)}
    assert found["empty/deeper"].kind == "dir"
    assert found["link"].kind == "link"
    assert store.read(saved.tree, "link") == b"bilder/0.png"
    assert found["run.sh"].executable and not found["classes.json"].executable
    content = (work / "bilder/3.png").read_bytes()
    assert store.read(saved.tree, "bilder/3.png") == content
    assert found["bilder/3.png"].id == blake3.blake3(content).hexdigest()
    assert found["bilder/3.png"].mtime_ns == (work / "bilder/3.png").stat().st_mtime_ns
    assert store.entry(saved.tree, "bilder/3.png") == found["bilder/3.png"]
    assert store.entry(saved.tree, "bilder") is None and store.entry(saved.tree, "no/such") is None
    assert [e.path for e in store.entries(saved.tree, "bilder")] == sorted(
        p for p in found if p.startswith("bilder/")
    )
    assert store.has_tree(saved.tree) and not store.has_tree("0" * 64)


def test_equal_states_have_equal_ids(store: Store, work: Path, tmp_path: Path) -> None:
    saved = store.save(work)
    os.utime(work / "classes.json", (1, 1))
    again = store.save(work)
    assert (again.tree, again.added) == (saved.tree, 0)
    with Store.create(tmp_path / "other store", tmp_path / "other cache") as other:
        copy = tmp_path / "copy"
        store.export(saved.tree, copy)
        assert other.identify(copy) == saved.tree
        assert other.disk_usage() < 1000  # nothing was stored
        assert other.save(copy).tree == saved.tree
    (work / "run.sh").chmod(0o644)
    assert store.identify(work) != saved.tree
    assert [(c.path, c.change) for c in store.check(work, saved.tree)] == [("run.sh", Change.EDITED)]


def test_check_sees_every_change(store: Store, work: Path) -> None:
    first = store.save(work).tree
    assert store.check(work, first) == ()
    assert len(store.check(work, None)) == 16
    (work / "bilder/0.json").write_text('{"box": [9, 2, 3, 4]}')  # same size, perhaps the same tick
    (work / "bilder/1.png").unlink()
    (work / "bilder/2.png").rename(work / "moved.png")
    (work / "empty/deeper").rmdir()
    (work / "fresh").mkdir()
    (work / "fresh.txt").write_text("x")
    (work / ".DS_Store").write_text("not ours")
    changes = {c.path: c for c in store.check(work, first)}
    assert {path: c.change for path, c in changes.items()} == {
        "bilder/0.json": Change.EDITED,
        "bilder/1.png": Change.REMOVED,
        "moved.png": Change.RENAMED,
        "empty/deeper/": Change.REMOVED,
        "fresh/": Change.ADDED,
        "fresh.txt": Change.ADDED,
    }
    assert changes["moved.png"].old_path == "bilder/2.png"
    second = store.save(work).tree
    assert store.diff(first, second) == tuple(sorted(changes.values(), key=lambda c: (c.path, c.change)))
    assert {c.change for c in store.diff(None, second)} == {Change.ADDED}
    assert store.diff(second, second) == ()


def test_ambiguous_moves_are_no_renames(store: Store, work: Path) -> None:
    for name in ("a", "b"):
        (work / name).write_text("same")
    first = store.save(work).tree
    (work / "a").rename(work / "c")
    (work / "b").rename(work / "d")
    assert sorted(c.change for c in store.check(work, first)) == [Change.ADDED] * 2 + [Change.REMOVED] * 2


def test_names_of_all_kinds(store: Store, tmp_path: Path, picture: Callable[[Path], object]) -> None:
    root = os.fsencode(tmp_path / "names")
    os.mkdir(root)
    names = [b"\xff\xfe not utf-8", b"n" * 255, b" spaces  ", "Größe".encode(), b"Case", b"case"]
    names += ["Gro\u0308\u00dfe".encode(), b"-rf", b"new\nline", b"quote'\"\\"]
    for name in names:
        with open(os.path.join(root, name), "wb") as file:
            file.write(b"in " + name)
    os.mkdir(os.path.join(root, b"\xe4-folder"))
    with open(os.path.join(root, b"\xe4-folder", b"\xf6"), "wb") as file:
        file.write(b"deep")
    saved = store.save(Path(os.fsdecode(root)))
    assert saved.files == len(names) + 1
    assert store.read(saved.tree, os.fsdecode(b"\xe4-folder/\xf6")) == b"deep"
    assert store.export(saved.tree, tmp_path / "out") == len(names) + 1
    assert picture(tmp_path / "out") == picture(Path(os.fsdecode(root)))
    assert store.export_zip(saved.tree, tmp_path / "out.zip") == len(names) + 1


def test_large_files_are_cut_and_shared(store: Store, tmp_path: Path) -> None:
    root = tmp_path / "models"
    root.mkdir()
    body = os.urandom(21 << 20)
    (root / "model.pt").write_bytes(body)
    first = store.save(root)
    assert first.added == len(body)
    with (root / "model.pt").open("ab") as file:
        file.write(b"tail" * 100)
    second = store.save(root)
    assert second.added < 5 << 20
    assert store.read(second.tree, "model.pt") == body + b"tail" * 100
    found = store.entry(first.tree, "model.pt")
    assert found and found.id == blake3.blake3(body).hexdigest()
    store.copy_out(first.tree, "model.pt", tmp_path / "copied")
    assert (tmp_path / "copied").read_bytes() == body
    assert store.verify(trees=(first.tree, second.tree)).damaged == ()


def test_folders_of_many_files_store_little_for_a_small_change(store: Store, tmp_path: Path) -> None:
    root = tmp_path / "flat"
    root.mkdir()
    for i in range(9000):
        (root / f"{i:06}").symlink_to(str(i))  # links are the cheapest entries
    first = store.save(root)
    before = store.disk_usage()
    (root / "004500").unlink()
    second = store.save(root)
    assert store.disk_usage() - before < 300_000  # the whole folder would be about 500 kB
    assert [c.path for c in store.diff(first.tree, second.tree)] == ["004500"]
    assert len(list(store.entries(second.tree))) == 8999
    assert store.read(second.tree, "008999") == b"8999"


def test_a_file_that_changes_while_it_is_read_is_told(
    store: Store, work: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    real = folder_reader.read_some
    restless = work / "bilder" / "0.png"

    def disturbed(fd: int, size: int, where: bytes) -> bytes:
        data = real(fd, size, where)
        if where.endswith(b"0.png"):
            with restless.open("ab") as file:
                file.write(b"+")
        return data

    monkeypatch.setattr(folder_reader, "read_some", disturbed)
    saved = store.save(work)
    assert saved.unsteady == ("bilder/0.png",)
    entry = store.entry(saved.tree, "bilder/0.png")
    assert entry and entry.size == len(store.read(saved.tree, "bilder/0.png"))
    monkeypatch.undo()
    changed = store.check(work, saved.tree)  # never trusted from the cache
    assert [c.path for c in changed] == ["bilder/0.png"]


def test_an_unreadable_file_is_named_and_nothing_is_saved(
    store: Store, work: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    real = os.open

    def refused(path: object, *rest: object, **more: object) -> int:
        if isinstance(path, bytes) and path.endswith(b"3.png"):
            raise PermissionError(13, "Permission denied", path)
        return real(path, *rest, **more)  # type: ignore[arg-type]  # passes on what it got

    monkeypatch.setattr(os, "open", refused)
    with pytest.raises(UserError, match=r"3\.png"):
        store.save(work)
    monkeypatch.undo()
    assert os.listdir(store.folder / "packs") == [] and os.listdir(store.folder / "tmp") == []


def test_a_missing_folder_and_a_wrong_id_are_explained(store: Store, tmp_path: Path) -> None:
    with pytest.raises(UserError, match="no folder"):
        store.save(tmp_path / "nowhere")
    with pytest.raises(UserError, match="64 hexadecimal"):
        store.diff("abc", None)
    with pytest.raises(UserError, match="lies inside"):
        store.save(store.folder.parent)


def test_cancel_leaves_no_trace(store: Store, work: Path) -> None:
    progress = Progress()
    progress.cancel()
    with pytest.raises(Cancelled):
        store.save(work, progress=progress)
    assert os.listdir(store.folder / "tmp") == []


def test_the_stat_cache_may_be_lost_or_damaged(store: Store, work: Path, tmp_path: Path) -> None:
    tree = store.save(work).tree
    files = list((tmp_path / "cache").iterdir())
    assert len(files) == 1
    whole = files[0].read_bytes()
    for broken in (b"", whole[:100], whole[:-1], whole[:60] + bytes([whole[60] ^ 1]) + whole[61:]):
        files[0].write_bytes(broken)
        assert store.identify(work) == tree
    files[0].unlink()
    assert store.identify(work) == tree


def test_a_cached_file_is_stored_all_the_same(store: Store, work: Path) -> None:
    tree = store.identify(work)  # hashes everything, keeps nothing
    assert not store.has_tree(tree)
    saved = store.save(work)
    assert saved.tree == tree and saved.added > 30_000
    assert store.verify(trees=(tree,)).damaged == ()


def test_opening(store: Store, tmp_path: Path, work: Path) -> None:
    saved = store.save(work)
    with Store.open(store.folder, tmp_path / "c2", read_only=True) as reader:
        assert reader.check(work, saved.tree) == ()
        assert not (tmp_path / "c2").exists()
        with pytest.raises(SurroundingsError, match="reading only"):
            reader.save(work)
    with pytest.raises(UserError, match="no store"):
        Store.open(tmp_path / "nothing", tmp_path / "cache")
    with pytest.raises(UserError, match="already"):
        Store.create(store.folder, tmp_path / "cache")
    (store.folder / "format").write_text(json.dumps({"format": 2}))
    with pytest.raises(UserError, match="newer Clew"):
        Store.open(store.folder, tmp_path / "cache")


def test_orphans_are_removed_and_living_writers_are_not(store: Store, tmp_path: Path) -> None:
    from clew.store.pack import temporary_name

    mine = temporary_name()
    host = mine.split("-")[0]
    dead = f"{host}-99999999-aa"
    young = f"{host}-99999998-aa"
    taken = f"{host}-99999999-bb"
    for name in (mine, dead, young):
        (store.folder / "tmp" / name).write_bytes(b"x")
    (store.folder / "tmp" / taken).mkdir()
    (store.folder / "tmp" / taken / "old").write_bytes(b"what a killed restore had replaced")
    for name in (mine, dead, taken):
        os.utime(store.folder / "tmp" / name, (1e9 * 1.7 + 5e7, 1e9 * 1.7 + 5e7))
    os.utime(store.folder / "tmp" / mine)  # a living writer touches its file
    Store.open(store.folder, tmp_path / "cache").close()
    assert sorted(os.listdir(store.folder / "tmp")) == sorted([mine, young])


def test_threads_save_and_read_at_once(store: Store, work: Path) -> None:
    tree = store.save(work).tree
    wrong: list[object] = []

    def read() -> None:
        for _ in range(20):
            for i in range(6):
                if store.read(tree, f"bilder/{i}.json") != f'{{"box": [{i}, 2, 3, 4]}}'.encode():
                    wrong.append(i)

    threads = [threading.Thread(target=read) for _ in range(3)]
    for thread in threads:
        thread.start()
    for i in range(5):
        (work / f"{i}.txt").write_text(str(i))
        store.save(work)
    for thread in threads:
        thread.join()
    assert not wrong


def test_records_live_in_the_store(store: Store, work: Path, tmp_path: Path) -> None:
    records = [{"tree": store.save(work).tree, "number": n, "title": "Größer"} for n in (1, 2)]
    for record in records:
        store.write_record(record)
    (store.folder / "versions" / "broken.json").write_text("{")
    with Store.open(store.folder, tmp_path / "cache") as again:
        assert sorted(again.records(), key=lambda r: r["number"]) == records
