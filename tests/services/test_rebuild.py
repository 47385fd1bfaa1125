"""A workspace whose database is gone or damaged becomes usable again from its store."""

import dataclasses
import json
import os
from pathlib import Path

import pytest

from clew.base.errors import UserError
from clew.services import imports, maintenance, models, projects, rebuild, restore, versions
from clew.services.workspace import DATABASE, open_workspace


def content(folder: Path) -> dict[str, bytes]:
    return {str(p.relative_to(folder)): p.read_bytes() for p in sorted(folder.rglob("*")) if p.is_file()}


@pytest.fixture
def filled(ws, coco_file, picture_folder, tmp_path):
    """Two projects, one of them linked; three versions, one deleted; a removed project; a model."""
    coins = imports.apply_import(ws, imports.plan_import(ws, coco_file(6), project="Münzen & Co")).project
    versions.create_version(ws, coins.id, "First", "With umlauts: ä")
    (Path(coins.folder) / "note.txt").write_text("x")
    second = versions.create_version(ws, coins.id, "Second")
    (Path(coins.folder) / "note.txt").write_text("y")
    third = versions.create_version(ws, coins.id, "Third")
    versions.delete_version(ws, versions.plan_delete(ws, third.id))
    versions.update_version(ws, second.id, title="Second, corrected")
    linked = projects.create_project(ws, "Linked", folder=picture_folder(), format="images")
    versions.create_version(ws, linked.id)
    gone = projects.create_project(ws, "Gone")
    projects.remove_project(ws, projects.plan_remove(ws, gone.id))
    projects.create_project(ws, "Nothing saved yet")
    weights = tmp_path / "weights"
    weights.mkdir()
    (weights / "w.bin").write_bytes(b"w" * 1000)
    models.create_model(ws, "Net", weights, framework="none", classes=("copper",), version_id=second.id)
    return ws


def known(ws) -> object:
    """All that the lists show."""
    found = []
    for summary in projects.list_projects(ws):
        project = summary.project
        found.append((project.id, project.name, project.folder, project.managed, project.format))
        found += [
            (
                dataclasses.replace(s.version, id=0, project_id=0, created_by=0, deleted_at=None),
                s.user,
                s.change,
            )
            for s in versions.list_versions(ws, project.id)
        ]
    found += [(s.model.name, s.model.classes, s.model.tree, s.trained_on) for s in models.list_models(ws)]
    return found


@pytest.mark.parametrize("damage", ["gone", "cut off", "overwritten", "other file"])
def test_everything_that_was_saved_is_listed_again(filled, damage: str) -> None:
    before, path, name, id_ = known(filled), filled.path, filled.name, filled.id
    second = versions.version_by_number(filled, 1, 2)
    files = content(path / "projects")
    filled.close()
    database = path / DATABASE
    body = database.read_bytes()
    new = {"cut off": body[:5000], "overwritten": os.urandom(len(body)), "other file": b"hello"}
    if damage == "gone":
        database.unlink()
        with pytest.raises(UserError, match="clew doctor --rebuild"):
            open_workspace(path)
    else:
        database.write_bytes(new[damage])
    plan = rebuild.plan_rebuild(path)
    assert plan.versions == 4
    assert plan.lost == ()
    aside = rebuild.rebuild(plan)
    assert (aside is None) == (damage == "gone")
    if aside:
        assert aside.read_bytes() == new[damage]
    with open_workspace(path) as ws:
        assert (ws.name, ws.id) == (name, id_)
        assert known(ws) == before
        assert content(path / "projects") == files
        third = versions.version_by_number(ws, 1, 3)
        assert versions.undelete_version(ws, third.id).number == 3
        again = versions.version_by_number(ws, 1, 2)
        assert again.tree == second.tree
        restore.apply_restore(ws, restore.plan_restore(ws, again.id))
        assert (path / "projects" / "Münzen & Co" / "note.txt").read_text() == "x"
        (path / "projects" / "Münzen & Co" / "note.txt").write_text("z")
        assert versions.create_version(ws, 1).number == 4
        assert ws.store.verify().damaged == ()


def test_a_rebuild_is_whole_or_not_at_all(filled, monkeypatch) -> None:
    before, path = known(filled), filled.path
    filled.close()
    plan = rebuild.plan_rebuild(path)

    class Killed(BaseException):
        pass

    def die(*args: object) -> None:
        raise Killed

    for step in ("_fill", "_put_aside"):
        with monkeypatch.context() as patch:
            patch.setattr(rebuild, step, die)
            with pytest.raises(Killed):
                rebuild.rebuild(plan)
        with open_workspace(path) as ws:
            assert known(ws) == before
    rebuild.rebuild(rebuild.plan_rebuild(path))
    with open_workspace(path) as ws:
        assert known(ws) == before


def test_content_that_is_missing_is_said_and_comes_back_after_a_repair(filled, tmp_path) -> None:
    path, tree = filled.path, versions.version_by_number(filled, 1, 2).tree
    folder = path / "projects" / "Münzen & Co"
    (folder / "note.txt").write_text("x")
    filled.close()
    (path / DATABASE).unlink()
    aside = tmp_path / "aside"
    aside.mkdir()
    for pack in (path / "store" / "packs").iterdir():
        if bytes.fromhex(tree) in pack.read_bytes():
            pack.rename(aside / pack.name)
    plan = rebuild.plan_rebuild(path)
    assert plan.lost == ("Münzen & Co@2",)
    rebuild.rebuild(plan)
    with open_workspace(path) as ws:
        lost = versions.version_by_number(ws, 1, 2)
        with pytest.raises(UserError, match="cannot come back"):
            versions.undelete_version(ws, lost.id)
        assert ws.store.save(folder).tree == tree
        assert versions.undelete_version(ws, lost.id).number == 2


def test_records_of_an_older_clew_are_enough(ws) -> None:
    project = projects.create_project(ws, "Old")
    saved = versions.create_version(ws, project.id, "First")
    path = ws.path
    ws.close()
    for record in (path / "store" / "versions").iterdir():
        record.unlink()
    old = {"id": "a-b", "workspace": "w", "project": "Old", "project_id": 7, "format": "clew", "number": 1}
    old |= {"title": "First", "tree": saved.tree, "created_at": "2026-01-02T03:04:05.000Z", "items": 0}
    (path / "store" / "versions" / "00.json").write_text(json.dumps(old))
    (path / "store" / "versions" / "01.json").write_text("no record")
    (path / DATABASE).unlink()
    rebuild.rebuild(rebuild.plan_rebuild(path))
    with open_workspace(path) as again:
        (summary,) = projects.list_projects(again)
        assert (summary.project.id, summary.project.name, summary.versions) == (7, "Old", 1)
        assert summary.project.folder == str(path / "projects" / "Old")


def test_what_was_rebuilt_is_not_reclaimed(filled) -> None:
    path = filled.path
    tree = models.list_models(filled)[0].model.tree
    filled.close()
    (path / DATABASE).unlink()
    rebuild.rebuild(rebuild.plan_rebuild(path))
    for pack in (path / "store" / "packs").iterdir():
        os.utime(pack, (1_600_000_000, 1_600_000_000))
    with open_workspace(path) as ws:
        plan = maintenance.plan_gc(ws)
        assert [lost.version.number for lost in plan.versions] in ([], [3])
        if not plan.nothing:
            maintenance.apply_gc(ws, plan)
        assert ws.store.has_tree(tree)
        assert ws.store.verify().damaged == ()
