"""Imports bring everything or nothing."""

import os
from pathlib import Path

import pytest

from clew.base.errors import UserError
from clew.model.entities import TaskStatus
from clew.services import imports, projects, staging, tasks, versions
from clew.services.import_task import import_as_task
from clew.services.workspace import open_workspace


def names(folder: str) -> set[str]:
    return {str(p.relative_to(folder)) for p in Path(folder).rglob("*") if p.is_file()}


def test_a_broken_file_refuses_the_whole_import_unless_it_may_be_skipped(ws, picture_folder) -> None:
    source = picture_folder({"grass": 3})
    (source / "grass" / "broken.jpg").write_bytes(b"no picture")
    plan = imports.plan_import(ws, source, project="Finds")
    assert [b.path for b in plan.scan.broken] == ["grass/broken.jpg"]
    with pytest.raises(UserError, match=r"1 file cannot be read: grass/broken.jpg.*Nothing was imported"):
        imports.apply_import(ws, plan)
    assert projects.list_projects(ws) == ()
    result = imports.apply_import(ws, plan, skip_broken=True)
    assert (result.items, len(result.skipped)) == (3, 1)
    assert "grass/broken.jpg" not in names(result.project.folder)


def test_importing_again_adds_what_is_new_and_refuses_what_differs(ws, picture_folder) -> None:
    source = picture_folder({"grass": 2})
    project = imports.apply_import(ws, imports.plan_import(ws, source, project="Finds")).project
    more = picture_folder({"grass": 3}, "more")
    assert imports.apply_import(ws, imports.plan_import(ws, more, project="Finds")).project.id == project.id
    assert len(projects.list_items(ws, project.id)) == 3
    (more / "grass" / "000.png").write_bytes((more / "grass" / "002.png").read_bytes())
    before = names(project.folder)
    plan = imports.plan_import(ws, more, project="Finds")
    assert plan.clashes == ("grass/000.png",)
    with pytest.raises(UserError, match="other content under 1 name"):
        imports.apply_import(ws, plan)
    assert names(project.folder) == before
    imports.apply_import(ws, plan, replace=True)
    assert (Path(project.folder) / "grass/000.png").read_bytes() == (more / "grass/002.png").read_bytes()


def test_a_disk_that_fills_up_leaves_nothing_behind(ws, picture_folder, monkeypatch) -> None:
    source = picture_folder({"grass": 4})
    real = imports.shutil.copyfile

    def full(a, b, **kwargs):
        if str(b).endswith("/2"):
            raise OSError(28, "No space left on device", str(b))
        return real(a, b, **kwargs)

    monkeypatch.setattr(imports.shutil, "copyfile", full)
    with pytest.raises(Exception, match="disk is full"):
        imports.apply_import(ws, imports.plan_import(ws, source, project="Finds"))
    assert projects.list_projects(ws) == ()
    monkeypatch.undo()
    assert imports.apply_import(ws, imports.plan_import(ws, source, project="Finds")).items == 4


def test_an_import_that_a_kill_interrupted_is_finished_at_the_next_open(
    ws, picture_folder, monkeypatch
) -> None:
    source = picture_folder({"grass": 4})
    project = projects.create_project(ws, "Finds")
    plan = imports.plan_import(ws, source, project="Finds")
    count = iter(range(100))
    real = os.replace

    def die(a, b):
        if next(count) == 2:
            raise KeyboardInterrupt
        real(a, b)

    monkeypatch.setattr(staging.os, "replace", die)
    with pytest.raises(KeyboardInterrupt):
        imports.apply_import(ws, plan)
    monkeypatch.undo()
    with open_workspace(ws.path):
        pass
    assert len(projects.list_items(ws, project.id)) == 4
    assert not [p for p in Path(project.folder).iterdir() if p.name.startswith(".")]


def test_a_linked_project_stays_where_it_is(ws, coco_file) -> None:
    source = coco_file(4)
    before = {p: p.stat().st_mtime_ns for p in source.rglob("*")}
    result = imports.apply_import(ws, imports.plan_import(ws, source, project="Linked"), link=True)
    assert Path(result.project.folder) == source
    assert result.project.format == "coco"
    version = versions.create_version(ws, result.project.id)
    assert versions.list_versions(ws, result.project.id)[0].statistics.objects == 4
    assert version.files == 5
    assert {p: p.stat().st_mtime_ns for p in source.rglob("*")} == before


def test_plain_files_become_a_project_of_files(ws, tmp_path) -> None:
    source = tmp_path / "plain data"
    (source / "nested").mkdir(parents=True)
    (source / "a.csv").write_text("1,2\n")
    (source / "nested" / "b.bin").write_bytes(bytes(range(256)))
    result = imports.apply_import(ws, imports.plan_import(ws, source))
    assert result.project.format == "files"
    assert names(result.project.folder) == {"a.csv", "nested/b.bin"}


def test_nothing_to_import_and_a_missing_source_are_said(ws, tmp_path) -> None:
    (tmp_path / "empty").mkdir()
    with pytest.raises(UserError):
        imports.plan_import(ws, tmp_path / "empty")
    with pytest.raises(UserError, match="no file or folder"):
        imports.plan_import(ws, tmp_path / "nowhere")
    with pytest.raises(UserError, match="inside each other"):
        imports.plan_import(ws, tmp_path)


def test_an_import_by_hand_is_a_task_on_the_graph_and_a_refused_one_is_none(ws, picture_folder) -> None:
    source = picture_folder({"grass": 2})
    result = import_as_task(ws, imports.plan_import(ws, source, project="Finds"))
    (task,) = tasks.list_tasks(ws)
    assert (task.name, task.status, task.message) == ("Import", TaskStatus.DONE, "2 items")
    assert tasks.task_outputs(ws, task.id) == (result.state,)
    (source / "grass" / "bad.png").write_bytes(b"")
    with pytest.raises(UserError):
        import_as_task(ws, imports.plan_import(ws, source, project="Other"))
    assert len(tasks.list_tasks(ws)) == 1
