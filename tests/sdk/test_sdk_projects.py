"""Projects, datasets, versions, files."""

import zipfile
from collections.abc import Callable
from pathlib import Path

import pytest

from clew.base.errors import NothingToDo, UsageError, UserError
from clew.sdk.api import Api
from clew.sdk.infos import FileInfo, ProjectInfo


def test_importing_and_reading(api: Api, finds: ProjectInfo, coco_file: Callable[..., Path]) -> None:
    assert (finds.name, finds.items_count, finds.images_count, finds.type) == ("Coin finds", 6, 6, "images")
    items = api.project.items(finds.id)
    assert len(items) == 6
    first = items[0]
    assert first.annotation is not None
    assert first.annotation.things[0].cls == "silver"
    assert first.annotation.things[0].box == (4.0, 5.0, 20.0, 16.0)
    assert api.project.classes(finds.id) == ["silver", "copper"]
    assert api.project.read(finds.id, first.path).startswith(b"\x89PNG")
    version = api.project.version.get_id_by_number(finds.id, 1)
    (api.project.folder(finds.id) / first.path).unlink()
    assert len(api.project.items(finds.id)) == 5
    assert len(api.project.items(finds.id, version)) == 6
    assert api.project.read(finds.id, first.path, version).startswith(b"\x89PNG")


def test_a_broken_picture_refuses_or_is_skipped(api: Api, picture_folder: Callable[..., Path]) -> None:
    source = picture_folder({"a": 2})
    (source / "a" / "broken.png").write_bytes(b"not a picture")
    with pytest.raises(UserError, match=r"broken\.png"):
        api.project.import_data(source, name="Finds")
    assert api.project.get_list() == []
    done = api.project.import_data(source, name="Finds", on_broken="skip")
    assert (done.items, [b.path.rpartition("/")[2] for b in done.skipped]) == (2, ["broken.png"])
    with pytest.raises(UserError, match="on_broken"):
        api.project.import_data(source, on_broken="perhaps")


def test_adding_to_a_project_by_its_id(
    api: Api, finds: ProjectInfo, picture_folder: Callable[..., Path]
) -> None:
    done = api.project.import_data(picture_folder({"more": 3}, "more pictures"), project_id=finds.id)
    assert (done.project.id, done.project.items_count) == (finds.id, 9)


def test_making_naming_listing_and_removing(api: Api, finds: ProjectInfo) -> None:
    made = api.project.create(1, "Räder", description="Wheels")
    assert (made.name, made.items_count, made.version) == ("Räder", 0, None)
    with pytest.raises(UserError, match="already"):
        api.project.create(1, "Räder")
    assert api.project.create(1, "Räder", change_name_if_conflict=True).name == "Räder 2"
    with pytest.raises(UserError, match="videos"):
        api.project.create(1, "Films", "videos")
    assert api.project.edit_info(made.id, name="Wheels", description="Round").name == "Wheels"
    found = api.project.get_info_by_name(1, "Wheels")
    assert found is not None
    assert (found.id, found.description) == (made.id, "Round")
    assert api.project.get_info_by_name(1, "Nothing") is None
    assert api.project.get_info_by_id(99) is None
    with pytest.raises(UserError, match="99"):
        api.project.get_info_by_id(99, raise_error=True)
    assert [p.name for p in api.project.get_list()] == ["Coin finds", "Räder 2", "Wheels"]
    rule = [{"field": "name", "operator": "=", "value": "Wheels"}]
    assert [p.id for p in api.project.get_list(filters=rule)] == [made.id]
    with pytest.raises(UsageError, match="field"):
        api.project.get_list(filters=[{"field": "wheels", "value": 1}])
    assert api.project.remove_permanently([made.id]) == [{"id": made.id, "success": True}]
    assert [p.name for p in api.project.get_list()] == ["Coin finds", "Räder 2"]
    assert api.project.get_info_by_id(made.id) is None


def test_versions_are_saved_found_and_described(api: Api, finds: ProjectInfo) -> None:
    versions = api.project.version
    with pytest.raises(NothingToDo):
        versions.create(finds)
    (api.project.folder(finds.id) / "readme.txt").write_text("new", "utf-8")
    second = versions.create(finds, "With a text")
    assert isinstance(second, int)
    infos = versions.get_list(finds.id)
    assert [(v.version, v.name, v.description) for v in infos] == [
        (1, "First finds", "All of them."),
        (2, "With a text", ""),
    ]
    assert versions.get_info_by_id(finds.id, second) == versions.get_info_by_number(finds.id, 2)
    with pytest.raises(UserError, match="no version 3"):
        versions.get_id_by_number(finds.id, 3)
    other = api.project.create(1, "Other")
    with pytest.raises(UserError, match="Other"):
        versions.get_info_by_id(other.id, second)
    assert versions.update(second, name="Better", description="Why").name == "Better"
    changed = versions.diff(finds.id, 1, 2)
    assert [(f.path, f.change) for f in (*changed.items, *changed.files)] == [("readme.txt", "added")]
    versions.delete(second)
    assert versions.get_info_by_number(finds.id, 2).status == "deleted"
    assert versions.undelete(second).status == "saved"


def test_restoring_as_a_project_and_in_place(api: Api, finds: ProjectInfo) -> None:
    versions, folder = api.project.version, api.project.folder(finds.id)
    before = {p.relative_to(folder): p.read_bytes() for p in folder.rglob("*") if p.is_file()}
    path = api.project.items(finds.id)[0].path
    (folder / path).unlink()
    restored = versions.restore(finds, version_num=1)
    assert (restored.name, restored.items_count) == ("Coin finds, version 1", 6)
    assert versions.restore(finds, version_num=1).name == "Coin finds, version 1 2"
    assert versions.restore(finds, versions.get_id_by_number(finds.id, 1), project_name="Ö").name == "Ö"
    assert versions.restore(finds, version_num=1, in_place=True).items_count == 6
    assert {p.relative_to(folder): p.read_bytes() for p in folder.rglob("*") if p.is_file()} == before
    safety = versions.get_list(finds.id)[-1]
    assert safety.version == 2
    assert len(api.project.items(finds.id, safety.id)) == 5
    for arguments in ({}, {"version_id": 1, "version_num": 1}):
        with pytest.raises(UsageError, match="either"):
            versions.restore(finds, **arguments)


def test_downloading_and_verifying(api: Api, finds: ProjectInfo, tmp_path: Path) -> None:
    version = api.project.version.get_id_by_number(finds.id, 1)
    files = api.project.version.download(version, tmp_path / "out folder")
    assert files == sum(p.is_file() for p in (tmp_path / "out folder").rglob("*"))
    assert api.project.version.download(version, tmp_path / "out.zip") == files
    assert len(zipfile.ZipFile(tmp_path / "out.zip").namelist()) >= files
    checked = api.project.version.verify(version)
    assert checked.ok
    assert checked.files == files


def test_parts_and_archives(api: Api, finds: ProjectInfo, tmp_path: Path) -> None:
    version = api.project.version.get_id_by_number(finds.id, 1)
    assert api.project.version.download(version, tmp_path / "part", only_classes=["copper"]) == 6
    assert api.project.version.download(version, tmp_path / "one.tar.zst", only=["000.png"]) == 1
    made = api.project.version.restore(finds, version, project_name="Copper", only_classes=["copper"])
    assert made.items_count == 3
    folder = Path(api.project.folder(finds.id))
    for path in folder.glob("*.png"):
        path.unlink()
    api.project.version.restore(finds, version, in_place=True, only=["001.png"])
    assert [path.name for path in folder.glob("*.png")] == ["001.png"]


def test_an_intermediate_state_is_listed_and_promoted(api: Api, finds: ProjectInfo) -> None:
    (Path(api.project.folder(finds.id)) / "note.txt").write_text("between", "utf-8")
    api.app.workflow.add_input_project(finds)
    imported, state = api.project.version.get_states(finds.id)
    assert (imported.label, imported.version_id is None) == ("0.1", False)
    assert (state.label, state.kept, state.version_id) == ("1.1", True, None)
    made = api.project.version.promote(state.id, "In between")
    assert (made.version, made.name) == (2, "In between")
    assert api.project.version.get_states(finds.id)[1].version_id == made.id


def test_verify_names_what_is_damaged(place: Path, coco_file: Callable[..., Path]) -> None:
    with Api(place) as api:
        project = api.project.import_data(coco_file(3), name="Finds").project
        version = api.project.version.create(project)
    for pack in (place / "store").rglob("*"):
        if pack.is_file() and pack.parent.name == "packs":
            data = bytearray(pack.read_bytes())
            data[len(data) // 3] ^= 0xFF
            pack.chmod(0o644)
            pack.write_bytes(bytes(data))
    with Api(place) as api:
        checked = api.project.version.verify(version)
        assert not checked.ok
        assert checked.damaged


def test_datasets_nest_and_are_listed(api: Api, finds: ProjectInfo) -> None:
    train = api.dataset.create(finds.id, "train")
    grass = api.dataset.create(finds.id, "grass", parent_id=train.id)
    assert (grass.name, grass.parent_id, grass.project_id) == ("grass", train.id, finds.id)
    with pytest.raises(UserError, match="train/grass"):
        api.dataset.create(finds.id, "grass", parent_id=train.id)
    renamed = api.dataset.create(finds.id, "grass", parent_id=train.id, change_name_if_conflict=True)
    assert renamed.name == "grass 2"
    top = [d.name for d in api.dataset.get_list(finds.id)]
    assert "train" in top
    assert "grass" not in top
    assert [d.name for d in api.dataset.get_list(finds.id, parent_id=train.id)] == ["grass", "grass 2"]
    assert len(api.dataset.get_list(finds.id, recursive=True)) == len(top) + 2
    assert api.dataset.get_info_by_id(train.id) == train
    assert api.dataset.get_info_by_id(99) is None
    with pytest.raises(UserError):
        api.dataset.get_info_by_id(99, raise_error=True)


def test_files_of_the_workspace(api: Api, tmp_path: Path) -> None:
    source = tmp_path / "weights ü.bin"
    source.write_bytes(b"x" * 3_000_000)
    steps: list[int] = []
    info = api.file.upload(7, str(source), "/models/a b.bin", progress_cb=steps.append)
    assert (info.path, info.name, info.ext, info.sizeb, info.is_dir) == (
        "/models/a b.bin",
        "a b.bin",
        "bin",
        3_000_000,
        False,
    )
    assert sum(steps) == 3_000_000
    assert len(steps) > 1
    assert api.file.exists(7, "/models/a b.bin")
    assert not api.file.exists(7, "/models/other")
    assert api.file.get_info_by_path(7, "/models/a b.bin") == info
    assert api.file.get_info_by_path(7, "/nothing") is None
    assert info.id is not None
    assert api.file.get_info_by_id(info.id) == info
    assert api.file.get_info_by_id(999) is None
    listed = api.file.list(7, "/", return_type="fileinfo")
    assert listed == [info]
    (row,) = api.file.list(7, "/models/")
    assert isinstance(row, dict)
    assert (row["path"], row["size"]) == ("/models/a b.bin", 3_000_000)
    assert api.file.list(7, "/", recursive=False) == []
    api.file.download(7, "/models/a b.bin", tmp_path / "new folder" / "back.bin")
    assert (tmp_path / "new folder" / "back.bin").read_bytes() == source.read_bytes()
    for outside in ("/../secret", "../x", "C:/x"):
        with pytest.raises(UserError, match="does not lie"):
            api.file.exists(7, outside)
    with pytest.raises(UserError, match="no such file"):
        api.file.upload(7, tmp_path / "missing", "/x")
    assert isinstance(listed[0], FileInfo)


def test_hints_are_read_and_dismissed(api: Api, finds: ProjectInfo) -> None:
    version = api.project.version.get_list(finds.id)[0]
    api.app.workflow.add_input_project(finds, version_num=1)
    assert api.workflow.hints() == ()
    api.project.version.update(version.id, name="Version 1", description=" ")
    (hint,) = api.workflow.hints()
    assert hint.sentence == "Version 1 of Coin finds is in use and has no description."
    api.workflow.dismiss_hint(hint.id)
    assert api.workflow.hints() == ()
    assert [h.dismissed for h in api.workflow.hints(dismissed=True)] == [True]
    api.workflow.dismiss_hint(hint.id, restore=True)
    assert api.workflow.hints() == (hint,)
