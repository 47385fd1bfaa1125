"""Save, refuse, list, compare, restore, download, delete: the whole life of a version."""

import zipfile
from pathlib import Path

import pytest

from clew.base.errors import NothingToDo, UserError
from clew.model.changes import Change
from clew.model.entities import VersionStatus
from clew.model.refs import BlockKind
from clew.services import diffs, imports, observe, projects, restore, versions


def content(folder: Path) -> dict[str, bytes]:
    return {str(p.relative_to(folder)): p.read_bytes() for p in sorted(folder.rglob("*")) if p.is_file()}


@pytest.fixture
def coins(ws, coco_file):
    return imports.apply_import(ws, imports.plan_import(ws, coco_file(6), project="Coin finds")).project


def test_the_first_version_is_always_saved_then_only_changes(ws) -> None:
    project = projects.create_project(ws, "Empty")
    first = versions.create_version(ws, project.id)
    assert (first.number, first.title) == (1, "Version 1")
    with pytest.raises(NothingToDo, match="exactly version 1"):
        versions.create_version(ws, project.id)
    (Path(project.folder) / "a.txt").write_text("x")
    assert versions.create_version(ws, project.id, "More", "Why").number == 2


def test_difference_counts_items_objects_and_classes(ws, coins) -> None:
    versions.create_version(ws, coins.id, "Baseline")
    folder = Path(coins.folder)
    pictures = sorted(folder.rglob("*.png"))
    pictures[0].unlink()
    pictures[0].with_name(pictures[0].name + ".json").unlink()
    edited = pictures[1].with_name(pictures[1].name + ".json")
    text = edited.read_text()
    assert '"copper"' in text
    edited.write_text(text.replace('"copper"', '"silver"'))
    pictures[2].write_bytes(pictures[3].read_bytes() + b" ")
    diff = diffs.diff_versions(ws, coins.id, None, None)
    by_kind = {item.change: item for item in diff.items}
    assert diff.number(Change.REMOVED) == 1
    assert diff.number(Change.EDITED) == 2
    assert diff.labels_changed == 1
    assert any("copper became silver" in item.what for item in diff.items)
    assert diff.items_count.difference == -1
    assert diff.objects_count.difference == -1
    assert diff.classes["copper"].difference == -1
    assert diff.classes["silver"].difference == 0
    assert by_kind[Change.REMOVED].path.endswith("000.png")
    saved = versions.create_version(ws, coins.id, "Corrected")
    again = diffs.diff_versions(ws, coins.id, 1, saved.number)
    assert again.items == diff.items
    assert diffs.diff_versions(ws, coins.id, None, None).empty


def test_a_renamed_picture_is_renamed_not_removed_and_added(ws, coins) -> None:
    versions.create_version(ws, coins.id)
    old = sorted(Path(coins.folder).rglob("*.png"))[0]
    old.with_name(old.name + ".json").rename(old.with_name("new.png.json"))
    old.rename(old.with_name("new.png"))
    diff = diffs.diff_versions(ws, coins.id, None, None)
    assert [i.change for i in diff.items] == [Change.RENAMED]
    assert diff.items[0].path.endswith("new.png")
    assert diff.items_count.difference == 0


def test_restore_saves_the_unsaved_state_first_and_gives_the_same_bytes(ws, coins) -> None:
    folder = Path(coins.folder)
    first = versions.create_version(ws, coins.id, "Baseline")
    before = content(folder)
    sorted(folder.rglob("*.png"))[0].unlink()
    (folder / "notes ü.txt").write_text("unsaved")
    changed = content(folder)
    plan = restore.plan_restore(ws, first.id)
    assert (plan.write, plan.delete) == (1, 1)
    assert plan.unsaved is not None
    assert content(folder) == changed, "a plan changes nothing"
    done = restore.apply_restore(ws, plan)
    assert content(folder) == before
    assert done.safety is not None
    assert done.safety.number == 2
    assert restore.apply_restore(ws, restore.plan_restore(ws, done.safety.id)).safety is None
    assert content(folder) == changed


def test_after_a_restore_changes_count_from_that_version(ws, coins) -> None:
    first = versions.create_version(ws, coins.id)
    (Path(coins.folder) / "more.txt").write_text("x")
    versions.create_version(ws, coins.id)
    restore.apply_restore(ws, restore.plan_restore(ws, first.id))
    with pytest.raises(NothingToDo, match="exactly version 1"):
        versions.create_version(ws, coins.id)
    (Path(coins.folder) / "other.txt").write_text("y")
    diff = diffs.diff_versions(ws, coins.id, None, None)
    assert diff.old_label == "version 1"
    assert [i.path for i in diff.items] == ["other.txt"]
    assert versions.create_version(ws, coins.id).number == 3


def test_restore_as_a_new_project(ws, coins) -> None:
    first = versions.create_version(ws, coins.id)
    copy = restore.restore_as_project(ws, first.id, "Coin finds again")
    assert content(Path(copy.folder)) == content(Path(coins.folder))
    assert versions.latest_version(ws, copy.id).tree == first.tree
    with pytest.raises(UserError, match="already"):
        restore.restore_as_project(ws, first.id, "Coin finds again")


def test_restore_only_a_part(ws, picture_folder) -> None:
    source = picture_folder({"grass": 2, "brick": 2})
    project = imports.apply_import(ws, imports.plan_import(ws, source)).project
    first = versions.create_version(ws, project.id)
    folder = Path(project.folder)
    for name in ("grass/000.png", "brick/000.png"):
        (folder / name).unlink()
    restore.apply_restore(ws, restore.plan_restore(ws, first.id, only=("grass",)))
    assert (folder / "grass/000.png").exists()
    assert not (folder / "brick/000.png").exists()


def test_download_as_folder_and_zip(ws, coins, tmp_path) -> None:
    first = versions.create_version(ws, coins.id)
    n = restore.download_version(ws, first.id, tmp_path / "out put ü")
    expected = content(Path(coins.folder))
    assert n == len(expected)
    assert content(tmp_path / "out put ü") == expected
    restore.download_version(ws, first.id, tmp_path / "v1.zip")
    with zipfile.ZipFile(tmp_path / "v1.zip") as archive:
        assert {i.filename: archive.read(i) for i in archive.infolist() if not i.is_dir()} == expected
    with pytest.raises(UserError, match="exists"):
        restore.download_version(ws, first.id, tmp_path / "v1.zip")


def test_delete_leaves_a_tombstone_and_undelete_brings_it_back(ws, coins) -> None:
    first = versions.create_version(ws, coins.id)
    plan = versions.plan_delete(ws, first.id)
    assert plan.depends == ()
    versions.delete_version(ws, plan)
    assert versions.get_version(ws, first.id).status is VersionStatus.DELETED
    with pytest.raises(UserError, match="Undelete it first"):
        restore.plan_restore(ws, first.id)
    assert versions.undelete_version(ws, first.id).status is VersionStatus.SAVED
    (Path(coins.folder) / "more.txt").write_text("x")
    assert versions.create_version(ws, coins.id).number == 2


def test_a_state_is_recorded_once_and_becomes_the_version_that_is_saved_from_it(ws, coins) -> None:
    ref = observe.observe(ws, coins.id)
    assert ref.kind is BlockKind.STATE
    assert observe.observe(ws, coins.id) == ref
    assert versions.get_state(ws, ref.id).label == "0.1"
    first = versions.create_version(ws, coins.id)
    assert versions.get_state(ws, ref.id).version_id == first.id
    assert observe.observe(ws, coins.id) == first.ref
    (Path(coins.folder) / "more.txt").write_text("x")
    later = observe.observe(ws, coins.id)
    assert versions.get_state(ws, later.id).label == "1.1"
    (Path(coins.folder) / "more.txt").unlink()
    assert versions.promote_state(ws, later.id, "Promoted").number == 2


def test_a_missing_folder_and_a_missing_version_are_said_in_a_sentence(ws, coins) -> None:
    versions.create_version(ws, coins.id)
    with pytest.raises(UserError, match="no version 7 of Coin finds; it has version 1"):
        versions.version_by_number(ws, coins.id, 7)
    import shutil

    shutil.rmtree(coins.folder)
    with pytest.raises(UserError, match="not there"):
        versions.create_version(ws, coins.id)
    back = restore.apply_restore(ws, restore.plan_restore(ws, versions.latest_version(ws, coins.id).id))
    assert len(content(Path(back.project.folder))) == 13


def test_the_store_alone_knows_the_versions(ws, coins) -> None:
    saved = versions.create_version(ws, coins.id, "Baseline")
    (record,) = [r for r in ws.store.records() if r["kind"] == "version"]
    assert (record["project"], record["number"], record["tree"]) == ("Coin finds", 1, saved.tree)
