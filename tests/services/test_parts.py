"""A part of a version: one dataset, one class's pictures, one file; as files, zip and tar.zst."""

import io
import os
import shutil
import stat
import tarfile
from pathlib import Path

import pytest
import zstandard

from clew.base.errors import UserError
from clew.services import imports, projects, restore, versions
from clew.store import scan


def content(folder: Path) -> dict[str, bytes]:
    return {str(p.relative_to(folder)): p.read_bytes() for p in sorted(folder.rglob("*")) if p.is_file()}


@pytest.fixture
def coins(ws, coco_file):
    return imports.apply_import(ws, imports.plan_import(ws, coco_file(6), project="Coin finds")).project


def test_the_pictures_of_one_class_come_back_with_their_annotations(ws, coins) -> None:
    first = versions.create_version(ws, coins.id)
    folder = Path(coins.folder)
    copper = {
        item.path
        for item in projects.list_items(ws, coins.id)
        if item.annotation and any(thing.cls == "copper" for thing in item.annotation.things)
    }
    assert len(copper) == 3
    for path in folder.rglob("*.png*"):
        path.unlink()
    plan = restore.plan_restore(ws, first.id, classes=("copper",))
    assert (plan.write, plan.delete) == (6, 0)
    restore.apply_restore(ws, plan)
    assert {str(p.relative_to(folder)) for p in folder.rglob("*.png")} == copper
    assert {item.path for item in projects.list_items(ws, coins.id) if item.annotation} == copper
    with pytest.raises(UserError, match=r"class gold.*Classes in it: copper, silver"):
        restore.plan_restore(ws, first.id, classes=("gold",))
    with pytest.raises(UserError, match="class copper in elsewhere"):
        restore.plan_restore(ws, first.id, only=("elsewhere",), classes=("copper",))
    both = restore.plan_restore(ws, first.id, only=("000.png", "001.png"), classes=("copper", "silver"))
    assert (both.write, both.keep) == (2, 2), "the one is there"


def test_one_file_comes_back_and_nothing_else_changes(ws, coins) -> None:
    first = versions.create_version(ws, coins.id)
    folder = Path(coins.folder)
    pictures = sorted(folder.rglob("*.png"))
    for path in pictures[:2]:
        path.write_bytes(b"edited")
    plan = restore.plan_restore(ws, first.id, only=(str(pictures[0].relative_to(folder)),))
    assert (plan.write, plan.delete) == (1, 0)
    restore.apply_restore(ws, plan)
    assert pictures[0].read_bytes() != b"edited"
    assert pictures[1].read_bytes() == b"edited"


def test_labels_of_yolo_come_with_their_pictures(ws, tmp_path, picture_folder) -> None:
    root = picture_folder({"images": 2}, "yolo")
    (root / "labels").mkdir()
    (root / "labels" / "000.txt").write_text("0 0.5 0.5 0.2 0.2\n")
    (root / "labels" / "001.txt").write_text("1 0.5 0.5 0.2 0.2\n")
    (root / "data.yaml").write_text("train: images\nnames: [copper, silver]\n")
    project = projects.create_project(ws, "Linked", folder=root, format="yolo")
    first = versions.create_version(ws, project.id)
    for name in ("images", "labels"):
        shutil.rmtree(root / name)
    restore.apply_restore(ws, restore.plan_restore(ws, first.id, classes=("silver",)))
    assert sorted(content(root)) == ["data.yaml", "images/001.png", "labels/001.txt"]


def unpack(path: Path) -> tarfile.TarFile:
    return tarfile.open(
        fileobj=io.BytesIO(zstandard.ZstdDecompressor().stream_reader(path.read_bytes()).read())
    )


def test_download_as_a_tar(ws, tmp_path) -> None:
    project = projects.create_project(ws, "Odd", format="files")
    folder = Path(project.folder)
    long = "n" * 250
    (folder / long).mkdir()
    (folder / long / "ü.txt").write_text("long")
    (folder / "big.bin").write_bytes(os.urandom(9 << 20))
    (folder / "run.sh").write_text("#!")
    (folder / "run.sh").chmod(0o750)
    (folder / "link").symlink_to("run.sh")
    (folder / "empty").mkdir()
    os.utime(folder / "run.sh", ns=(1, 1_600_000_000_123_456_789))
    with open(os.fsencode(folder) + b"/\xff.txt", "wb") as file:
        file.write(b"bytes")
    version = versions.create_version(ws, project.id)
    n = restore.download_version(ws, version.id, tmp_path / "out.tar.zst")
    with unpack(tmp_path / "out.tar.zst") as tar:
        members = {m.name: m for m in tar.getmembers()}
        assert n == sum(not m.isdir() for m in members.values())
        read = {os.fsencode(m.name): tar.extractfile(m).read() for m in members.values() if m.isfile()}
        assert read[b"\xff.txt"] == b"bytes"
        assert read[f"{long}/ü.txt".encode()] == b"long"
        assert read[b"big.bin"] == (folder / "big.bin").read_bytes()
        assert members["run.sh"].mode == 0o750
        assert members["run.sh"].mtime == pytest.approx(1_600_000_000.123456789)
        assert members["link"].linkname == "run.sh"
        assert members["empty"].isdir()
    with pytest.raises(UserError, match="exists"):
        restore.download_version(ws, version.id, tmp_path / "out.tar.zst")
    restore.download_version(ws, version.id, tmp_path / "part.tar.zst", only=("run.sh",))
    with unpack(tmp_path / "part.tar.zst") as tar:
        assert tar.getnames() == ["run.sh"]


def change_and_go_back(ws) -> dict[str, int]:
    """The modes after a restore, with another umask than at the save."""
    project = projects.create_project(ws, "Private", format="files")
    folder = Path(project.folder)
    for name in ("private", "script", "new"):
        (folder / name).write_text("one")
    (folder / "script").chmod(0o700)
    (folder / "new").chmod(0o440)
    first = versions.create_version(ws, project.id)
    (folder / "private").write_text("two")
    (folder / "private").chmod(0o600)
    (folder / "script").write_text("two")
    (folder / "script").chmod(0o600)
    (folder / "new").unlink()
    before = os.umask(0o027)
    try:
        restore.apply_restore(ws, restore.plan_restore(ws, first.id))
    finally:
        os.umask(before)
    names = ("private", "script", "new")
    return {name: stat.S_IMODE((folder / name).stat().st_mode) for name in names}


def test_permissions_come_back_as_they_were_saved(ws) -> None:
    assert change_and_go_back(ws) == {"private": 0o644, "script": 0o700, "new": 0o440}


def test_where_none_are_known_those_of_the_file_there_stay_and_new_ones_follow_the_umask(
    ws, monkeypatch
) -> None:
    monkeypatch.setattr(scan, "_MODES", False)  # as on Windows
    modes = change_and_go_back(ws)
    assert modes["private"] == 0o600, "it was nobody else's to read, and still is not"
    assert modes["script"] == 0o700, "executable as it was saved, for those who may read it"
    assert modes["new"] == 0o640
