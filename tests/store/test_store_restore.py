import errno
import os
import stat
import tempfile
import threading
import zipfile
from array import array
from collections.abc import Callable
from pathlib import Path

import pytest
from blake3 import blake3
from hypothesis import example, given, settings
from hypothesis import strategies as st

from clew.base.errors import Cancelled, DamagedError, UserError
from clew.base.progress import Progress
from clew.store import folder_reader
from clew.store import restore as restore_module
from clew.store.folder_writer import FolderWriter
from clew.store.store import Store
from clew.store.tree import FILE, MODE_KEPT, Folder, decode, encode

Picture = dict[str, tuple[str, bytes, int]]
Look = Callable[[Path], Picture]

NAMES = st.sampled_from([b"a", b"b", b"c.json", b"d e", "ü".encode(), b"\xff"])
MODES = st.sampled_from([0o644, 0o755, 0o600, 0o444, 0o777])
LEAVES = st.one_of(
    st.tuples(st.just("file"), st.binary(max_size=40), MODES),
    st.tuples(st.just("link"), st.sampled_from([b"a", b"../..", b"/etc", b"nowhere", b"\xfe"]), st.just(0)),
)
TREES = st.recursive(
    st.dictionaries(NAMES, LEAVES, max_size=4),
    lambda inner: st.dictionaries(NAMES, st.one_of(LEAVES, inner), max_size=4),
    max_leaves=12,
)


def build(where: bytes, tree: dict[bytes, object]) -> None:
    os.makedirs(where, exist_ok=True)
    for name, node in tree.items():
        path = os.path.join(where, name)
        if isinstance(node, dict):
            build(path, node)
            continue
        assert isinstance(node, tuple)
        kind, data, mode = node
        if kind == "link":
            os.symlink(data, path)
            continue
        with open(path, "wb") as file:
            file.write(data)
        os.chmod(path, mode)


@settings(max_examples=60, deadline=None)
@example(first={b"a": ("link", b"a", 0)}, second={b"a": {b"a": ("link", b"a", 0)}})
@example(first={b"a": ("link", b"a", 0)}, second={b"a": {b"a": {b"a": ("link", b"a", 0)}}})
@given(first=TREES, second=TREES)
def test_any_tree_comes_back(first: dict[bytes, object], second: dict[bytes, object]) -> None:
    # conftest's fixture cannot be asked for here: hypothesis runs this body many times
    # and of the modes only "executable" makes a difference between two states
    look = _identity(_look())
    with tempfile.TemporaryDirectory() as folder:
        base = Path(folder)
        one, two, root = base / "one", base / "two", base / "root"
        for where in (one, root):
            build(os.fsencode(where), first)
        build(os.fsencode(two), second)
        with Store.create(base / "store", base / "cache") as store:
            a, b = store.save(root).tree, store.save(two).tree
            assert (a == b) == (look(one) == look(two))
            assert (a == b) == (store.diff(a, b) == ())
            for tree, other in ((b, two), (a, one)):
                plan = store.plan_restore(tree, root)
                store.restore(plan)
                assert look(root) == look(other)
                assert store.identify(root) == tree
                assert store.plan_restore(tree, root).empty
            store.export(b, base / "out")
            assert look(base / "out") == look(two)
            assert store.verify(trees=(a, b)).damaged == ()


def _look() -> Look:
    import importlib.util

    spec = importlib.util.spec_from_file_location("store_conftest", Path(__file__).with_name("conftest.py"))
    assert spec and spec.loader
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    found: Look = module.take_picture
    return found


def _identity(look: Look) -> Look:
    def told(root: Path) -> Picture:
        return {path: (kind, data, mode & stat.S_IXUSR) for path, (kind, data, mode) in look(root).items()}

    return told


def test_a_plan_tells_and_changes_nothing(store: Store, work: Path, picture: Look) -> None:
    first = store.save(work).tree
    (work / "new.txt").write_text("new")
    (work / "bilder/0.json").write_text("changed")
    (work / "run.sh").unlink()
    before = picture(work)
    plan = store.plan_restore(first, work)
    assert plan.write == ("bilder/0.json", "run.sh")
    assert plan.delete == ("new.txt",)
    assert (plan.keep, plan.bytes_to_write) == (13, 21 + 10)
    assert picture(work) == before
    store.restore(plan)
    assert store.check(work, first) == ()


def test_times_come_back_and_the_next_check_is_a_walk(
    store: Store, work: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    for path in work.rglob("*"):
        os.utime(path, (1_000_000_000, 1_000_000_000), follow_symlinks=False)
    first = store.save(work).tree
    for name in ("bilder/0.png", "run.sh"):
        (work / name).write_text("x")
    store.restore(store.plan_restore(first, work))
    assert (work / "run.sh").stat().st_mtime == 1_000_000_000
    assert stat.S_IMODE((work / "run.sh").stat().st_mode) == 0o750
    hashed: list[bytes] = []
    real = folder_reader.read_some

    def told(fd: int, size: int, where: bytes) -> bytes:
        hashed.append(os.path.basename(where))
        return real(fd, size, where)

    monkeypatch.setattr(folder_reader, "read_some", told)
    assert store.check(work, first) == ()
    assert not {b"0.png", b"run.sh"} & set(hashed)


def test_a_part_comes_back_alone(store: Store, work: Path) -> None:
    first = store.save(work).tree
    (work / "classes.json").write_text("mine")
    (work / "bilder/0.json").write_text("x")
    (work / "bilder/extra").write_text("x")
    (work / "bilder/1.png").unlink()
    plan = store.plan_restore(first, work, only=("bilder/",))
    assert (plan.write, plan.delete, plan.keep) == (("bilder/0.json", "bilder/1.png"), ("bilder/extra",), 10)
    store.restore(plan)
    assert [c.path for c in store.check(work, first)] == ["classes.json"]
    store.restore(store.plan_restore(first, work, only=("classes.json",)))
    assert store.check(work, first) == ()
    with pytest.raises(UserError, match="no “nothing”"):
        store.plan_restore(first, work, only=("nothing",))


def test_a_part_comes_back_where_a_file_is_in_the_way(store: Store, work: Path) -> None:
    first = store.save(work).tree
    for path in (work / "bilder").iterdir():
        path.unlink()
    (work / "bilder").rmdir()
    (work / "bilder").write_text("a file now")
    store.restore(store.plan_restore(first, work, only=("bilder/2.png",)))
    assert sorted(os.listdir(work / "bilder")) == ["2.png"]


def test_links_are_never_followed(store: Store, work: Path, tmp_path: Path) -> None:
    first = store.save(work).tree
    outside = tmp_path / "outside"
    outside.mkdir()
    (outside / "0.png").write_text("precious")
    for path in (work / "bilder").iterdir():
        path.unlink()
    (work / "bilder").rmdir()
    (work / "bilder").symlink_to(outside)
    (work / "link").unlink()
    (work / "link").symlink_to(outside / "0.png")
    second = store.save(work).tree
    assert store.read(second, "bilder") == os.fsencode(outside)
    store.restore(store.plan_restore(first, work))
    assert store.check(work, first) == ()
    store.restore(store.plan_restore(second, work))
    assert (work / "bilder").is_symlink()
    assert [(p.name, p.read_text()) for p in outside.iterdir()] == [("0.png", "precious")]


def test_a_change_after_the_plan_is_not_lost(store: Store, work: Path, picture: Look) -> None:
    first = store.save(work).tree
    (work / "run.sh").write_text("one")
    plan = store.plan_restore(first, work)
    (work / "run.sh").write_text("two")
    before = picture(work)
    with pytest.raises(UserError, match="changed after"):
        store.restore(plan)
    assert picture(work) == before


def test_a_change_during_the_swap_is_taken_back(
    store: Store, work: Path, picture: Look, monkeypatch: pytest.MonkeyPatch
) -> None:
    first = store.save(work).tree
    for name in ("bilder/0.json", "run.sh"):
        (work / name).write_text("one")
    (work / "new").mkdir()
    (work / "new/file").write_text("x")
    plan = store.plan_restore(first, work)
    real = restore_module.write_journal

    def late(staging: str, journal: object) -> None:
        real(staging, journal)  # type: ignore[arg-type]  # passes on what it got
        (work / "run.sh").write_text("edited in the last moment")

    monkeypatch.setattr(restore_module, "write_journal", late)
    with pytest.raises(UserError, match=r"run\.sh changed while"):
        store.restore(plan)
    now = picture(work)
    assert now["run.sh"][1] == b"edited in the last moment"
    assert now["bilder/0.json"][1] == b"one" and now["new/file"][1] == b"x"
    assert not [name for name in os.listdir(work) if name.startswith(".clew")]


def test_cancel_changes_nothing(
    store: Store, work: Path, picture: Look, monkeypatch: pytest.MonkeyPatch
) -> None:
    first = store.save(work).tree
    (work / "run.sh").write_text("one")
    plan = store.plan_restore(first, work)
    progress = Progress()
    real = FolderWriter._entry

    def stopped(*args: object) -> int:
        progress.cancel()
        return real(*args)  # type: ignore[arg-type]  # passes on what it got

    monkeypatch.setattr(FolderWriter, "_entry", stopped)
    before = picture(work)
    with pytest.raises(Cancelled):
        store.restore(plan, progress=progress)
    assert picture(work) == before


def test_damage_is_named_and_restore_refuses(store: Store, work: Path, picture: Look, tmp_path: Path) -> None:
    first = store.save(work).tree
    store.write_record({"tree": first})
    needle = (work / "bilder/3.png").read_bytes()
    (work / "bilder/3.png").unlink()
    (work / "run.sh").write_text("edited")
    (pack,) = (store.folder / "packs").iterdir()
    data = bytearray(pack.read_bytes())
    at = data.index(needle)
    data[at + 2000] ^= 1
    pack.write_bytes(data)
    with Store.open(store.folder, tmp_path / "cache") as again:
        result = again.verify()
        assert [(d.pack, d.paths) for d in result.damaged] == [(pack.name, ("bilder/3.png",))]
        plan = again.plan_restore(first, work)
        before = picture(work)
        with pytest.raises(DamagedError):
            again.restore(plan)
        assert picture(work) == before
        with pytest.raises(DamagedError):
            again.export(first, tmp_path / "out")
        assert not (tmp_path / "out").exists()
        assert not [name for name in os.listdir(tmp_path) if "clew-part" in name]
        assert again.read(first, "bilder/2.png")  # the rest is well


def test_every_flipped_byte_of_a_pack_is_found(store: Store, work: Path, tmp_path: Path) -> None:
    tree = store.save(work).tree
    (pack,) = (store.folder / "packs").iterdir()
    whole = pack.read_bytes()
    for at in range(0, len(whole) - 8, max(1, len(whole) // 60)):  # the last eight bytes are spare
        pack.write_bytes(whole[:at] + bytes([whole[at] ^ 64]) + whole[at + 1 :])
        with Store.open(store.folder, tmp_path / "cache") as again:
            assert again.verify(trees=(tree,)).damaged, at
    pack.write_bytes(whole[:-1000])
    with Store.open(store.folder, tmp_path / "cache") as again:
        found = again.verify().damaged
        assert [d.pack for d in found] == [pack.name]
        assert [d.paths for d in again.verify(trees=(tree,)).damaged] == [(".",)]


def test_a_pack_that_is_gone_is_told_and_stored_again(store: Store, work: Path, tmp_path: Path) -> None:
    tree = store.save(work).tree
    store.write_record({"tree": tree})
    (pack,) = (store.folder / "packs").iterdir()
    pack.unlink()
    with Store.open(store.folder, tmp_path / "cache") as again:
        assert not again.has_tree(tree)
        assert [d.paths for d in again.verify().damaged] == [(".",)]
        (work / "new").write_text("x")
        with pytest.raises(DamagedError):
            again.plan_restore(tree, work)
        (work / "new").unlink()
        assert again.save(work).tree == tree
        assert again.verify().damaged == ()
    with pytest.raises(DamagedError):
        store.read("0" * 64, "x")


def test_a_second_copy_heals_reading(store: Store, work: Path, tmp_path: Path) -> None:
    tree = store.save(work).tree
    (pack,) = (store.folder / "packs").iterdir()
    whole = pack.read_bytes()
    twin = store.folder / "packs" / ("0" * 32 + ".pack")
    needle = whole.index((work / "bilder/3.png").read_bytes())
    twin.write_bytes(whole[:needle] + b"?" + whole[needle + 1 :])
    with Store.open(store.folder, tmp_path / "cache") as again:
        assert again.read(tree, "bilder/3.png") == (work / "bilder/3.png").read_bytes()
        assert [d.pack for d in again.verify().damaged] == [twin.name]
        assert again.verify(trees=(tree,)).damaged == ()


def test_downloads(store: Store, work: Path, tmp_path: Path, picture: Look) -> None:
    tree = store.save(work).tree
    assert store.export(tree, tmp_path / "deep/er/out") == 15
    assert picture(tmp_path / "deep/er/out") == picture(work)
    assert (tmp_path / "deep/er/out/run.sh").stat().st_mtime_ns == (work / "run.sh").stat().st_mtime_ns
    (tmp_path / "there").mkdir()
    assert store.export(tree, tmp_path / "there", only=("bilder/0.png", "bilder/0.png", "link")) == 2
    assert sorted(picture(tmp_path / "there")) == ["bilder/0.png", "link"]
    with pytest.raises(UserError, match="already there"):
        store.export(tree, tmp_path / "there")
    assert store.export_zip(tree, tmp_path / "out.zip") == 15
    with zipfile.ZipFile(tmp_path / "out.zip") as archive:
        assert archive.testzip() is None
        assert archive.read("bilder/3.png") == (work / "bilder/3.png").read_bytes()
        assert archive.getinfo("bilder/3.png").compress_type == zipfile.ZIP_STORED
        assert archive.getinfo("bilder/3.json").compress_type == zipfile.ZIP_DEFLATED
        assert archive.getinfo("run.sh").external_attr >> 16 & 0o100
        assert "empty/deeper/" in archive.namelist()
    with pytest.raises(UserError, match="already there"):
        store.export_zip(tree, tmp_path / "out.zip")
    assert not [name for name in os.listdir(tmp_path) if "clew-part" in name]


def test_a_part_that_does_not_exist_is_named_also_beside_one_that_does(store: Store, work: Path) -> None:
    tree = store.save(work).tree
    (work / "run.sh").unlink()
    with pytest.raises(UserError, match="nowhere"):
        store.plan_restore(tree, work, only=("run.sh", "nowhere"))
    (work / "extra").mkdir()
    (work / "extra" / "x").write_text("not in the version, so it goes")
    plan = store.plan_restore(tree, work, only=("run.sh", "extra"))
    assert (plan.write, plan.delete) == (("run.sh",), ("extra/x",))


def test_what_was_replaced_goes_away_by_itself(store: Store, work: Path) -> None:
    first = store.save(work).tree
    for path in (work / "bilder").iterdir():
        path.write_text("other")
    store.restore(store.plan_restore(first, work))
    assert not [name for name in os.listdir(work) if name.startswith(".clew")]
    for thread in threading.enumerate():
        if thread.name == "clew-away":
            thread.join()
    assert os.listdir(store.folder / "tmp") == []


def test_what_was_replaced_goes_at_once_where_it_cannot_be_moved(
    store: Store, work: Path, picture: Look, monkeypatch: pytest.MonkeyPatch
) -> None:
    first, before = store.save(work).tree, picture(work)
    (work / "run.sh").unlink()
    (work / "classes.json").write_text("other")
    plan = store.plan_restore(first, work)
    real = os.rename

    def rename(source: str, target: str, **more: int) -> None:
        if str(target).startswith(str(store.folder)):
            raise OSError(errno.EXDEV, "another volume")
        real(source, target, **more)

    monkeypatch.setattr(os, "rename", rename)
    store.restore(plan)
    assert picture(work) == before
    assert not [name for name in os.listdir(work) if name.startswith(".clew")]


def test_trees_of_the_first_writers_have_no_modes() -> None:
    sizes, times, modes = array("q", [1, 2]), array("q", [3, 4]), array("H", [MODE_KEPT | 0o600] * 2)
    folder = Folder([b"a", b"b"], bytes([FILE] * 2), sizes, bytes(64), times, modes)
    ((id_, data),) = encode(folder)
    assert decode(id_, data).modes == modes
    older = data[: -len(modes.tobytes()) - 32] + blake3(times.tobytes()).digest()
    read = decode(id_, older)
    assert (read.names, read.mtimes, list(read.modes)) == (folder.names, times, [0, 0])
    with pytest.raises(DamagedError):
        decode(id_, data[:-33] + bytes([data[-33] ^ 1]) + data[-32:])
