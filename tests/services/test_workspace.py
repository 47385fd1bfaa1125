"""The workspace's folder, its feed, and several hands at once."""

import threading
from pathlib import Path

import pytest

from clew.base.errors import UserError
from clew.services import projects
from clew.services.feed import Feed
from clew.services.workspace import create_workspace, open_workspace


def test_create_and_open(tmp_path: Path) -> None:
    target = tmp_path / "Münzen & Co" / "my workspace"
    with create_workspace(target, "Coins") as made:
        assert made.name == "Coins"
        assert made.user.name == "Tester"
    with open_workspace(target) as again:
        assert again.id == made.id
    with pytest.raises(UserError, match="already"):
        create_workspace(target)
    with pytest.raises(UserError, match="no workspace"):
        open_workspace(tmp_path)


def test_a_folder_with_other_things_is_left_alone(tmp_path: Path) -> None:
    (tmp_path / "thesis.tex").write_text("x")
    with pytest.raises(UserError, match="holds other things"):
        create_workspace(tmp_path)
    assert [p.name for p in tmp_path.iterdir()] == ["thesis.tex"]


def test_a_second_window_hears_of_every_change(ws) -> None:
    with open_workspace(ws.path) as other:
        feed = Feed(other)
        assert feed.poll() is None
        project = projects.create_project(ws, "Coins")
        changes = feed.poll()
        assert ("project", project.id) in changes.touched
        assert feed.poll() is None
        feed.close()


def test_threads_share_one_workspace(ws) -> None:
    def make(number: int) -> None:
        projects.create_project(ws, f"Project {number}")

    threads = [threading.Thread(target=make, args=(n,)) for n in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(projects.list_projects(ws)) == 8


def test_names_that_no_file_system_takes_get_a_folder_all_the_same(ws) -> None:
    project = projects.create_project(ws, 'a/b: "what?" ')
    assert Path(project.folder).is_dir()
    assert project.name == 'a/b: "what?"'
    with pytest.raises(UserError, match="already"):
        projects.create_project(ws, 'a/b: "what?"')


def test_removing_a_project_keeps_its_history_and_frees_its_name(ws) -> None:
    project = projects.create_project(ws, "Coins")
    projects.remove_project(ws, projects.plan_remove(ws, project.id))
    assert projects.list_projects(ws) == ()
    assert not Path(project.folder).exists()
    assert len(list((ws.path / "trash").iterdir())) == 1
    assert projects.create_project(ws, "Coins").id != project.id
