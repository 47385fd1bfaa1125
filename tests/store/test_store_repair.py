"""Repair: good copies come back from folders and other stores, and the damage goes."""

import os
from collections.abc import Callable
from pathlib import Path

import pytest

from clew.base.errors import DamagedError
from clew.store.store import Store

Look = Callable[[Path], object]


def packs(store: Store) -> list[Path]:
    return sorted((store.folder / "packs").glob("*.pack"))


def flip(path: Path, *places: int) -> None:
    data = bytearray(path.read_bytes())
    for place in places:
        data[place] ^= 0x20
    path.write_bytes(bytes(data))


def reopened(store: Store, tmp_path: Path) -> Store:
    return Store.open(store.folder, tmp_path / "another cache")


def test_every_flipped_byte_comes_back_from_the_working_folder(
    store: Store, work: Path, tmp_path: Path
) -> None:
    tree = store.save(work).tree
    store.write_record({"tree": tree})
    (pack,) = packs(store)
    body = pack.read_bytes()
    for place in range(16, len(body), 401):
        for old in packs(store):
            old.unlink()
        pack.write_bytes(body)
        flip(pack, place)
        with reopened(store, tmp_path) as again:
            assert again.verify().damaged != ()
            _, after = again.repair([work])
            assert (after.bad, after.paths, after.unreadable) == ({}, {}, ()), place
            assert again.verify().damaged == ()
        with reopened(store, tmp_path) as fresh:
            assert fresh.check(work, tree) == ()
            assert fresh.verify().damaged == (), place


def test_good_copies_come_from_another_store(store: Store, work: Path, tmp_path: Path, picture: Look) -> None:
    (work / "big.bin").write_bytes(os.urandom(9 << 20))
    tree = store.save(work).tree
    store.write_record({"tree": tree})
    with Store.create(tmp_path / "twin", tmp_path / "twin cache") as twin:
        twin.save(work)
        for pack in packs(store):
            pack.unlink()
        with reopened(store, tmp_path) as again:
            before, after = again.repair([], [])
            assert before.paths
            assert after.paths, "nobody has a copy yet"
            _, after = again.repair([], [twin])
            assert after.paths == {}
            again.export(tree, tmp_path / "out")
            assert picture(tmp_path / "out") == picture(work)
            assert again.verify().damaged == ()


def test_what_has_no_good_copy_is_named_and_the_rest_comes_back(
    store: Store, work: Path, tmp_path: Path
) -> None:
    tree = store.save(work).tree
    store.write_record({"tree": tree})
    (pack,) = packs(store)
    for name in ("0", "1"):
        content = (work / f"bilder/{name}.png").read_bytes()
        flip(pack, pack.read_bytes().index(content) + 7)
    (work / "bilder/1.png").write_bytes(b"edited since")
    with reopened(store, tmp_path) as again:
        before, after = again.repair([work])
        assert {path for id_ in before.paths for _, path in before.places(id_)} == {
            "bilder/0.png",
            "bilder/1.png",
        }
        assert [path for id_ in after.paths for _, path in after.places(id_)] == ["bilder/1.png"]
        assert len(again.read(tree, "bilder/0.png")) == 5100
        with pytest.raises(DamagedError):
            again.read(tree, "bilder/1.png")
        (damaged,) = again.verify(trees=(tree,)).damaged
        assert damaged.places == ((tree, "bilder/1.png"),)


def test_damage_that_no_version_needs_goes_and_is_stored_again_when_it_comes_back(
    store: Store, work: Path, tmp_path: Path
) -> None:
    kept = store.save(work).tree
    store.write_record({"tree": kept})
    (work / "bilder" / "extra.bin").write_bytes(b"extra" * 1000)
    unneeded = store.save(work).tree
    for pack in packs(store):
        if b"extra" * 1000 in pack.read_bytes():
            flip(pack, pack.read_bytes().index(b"extra" * 1000))
    (work / "bilder" / "extra.bin").rename(tmp_path / "aside")
    with Store.open(store.folder, tmp_path / "cache") as again:
        again.repair([work])
        assert again.verify().damaged == ()
        assert not again.has_tree(unneeded), "what is found must be whole"
        (tmp_path / "aside").rename(work / "bilder" / "extra.bin")
        assert again.save(work).tree == unneeded
        assert again.verify(trees=(kept, unneeded)).damaged == ()


def test_a_part_of_a_large_file_comes_back_however_it_was_cut(
    store: Store, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    from clew.store import cut

    root = tmp_path / "root"
    root.mkdir()
    body = os.urandom(9 << 20)
    (root / "w.bin").write_bytes(body)
    tree = store.save(root).tree
    store.write_record({"tree": tree})
    (pack,) = packs(store)
    flip(pack, pack.read_bytes().index(body[5_000_000:5_000_100]))
    monkeypatch.setattr(cut, "known_cuts", lambda fd, size: [3_000_000, size])
    with reopened(store, tmp_path) as again:
        _, after = again.repair([root])
        assert after.paths == {}
        assert again.read(tree, "w.bin") == body
        assert again.verify().damaged == ()


def test_a_pack_with_a_damaged_index_is_used_up(store: Store, work: Path, tmp_path: Path) -> None:
    tree = store.save(work).tree
    store.write_record({"tree": tree})
    (pack,) = packs(store)
    flip(pack, len(pack.read_bytes()) - 40)  # the hash in the footer
    (tmp_path / "nothing").mkdir()
    with reopened(store, tmp_path) as again:
        assert not again.has_tree(tree)
        _, after = again.repair([tmp_path / "nothing"])
        assert after.paths == {}
        assert again.check(work, tree) == ()
        assert again.verify().damaged == ()
        assert [p.name for p in (store.folder / "packs").iterdir() if p.name.endswith(".damaged")]
