"""An open window watches the projects' folders: what changed is known before somebody asks."""

import mmap
import os
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from clew.gui.dialogs.new_version import NewVersionDialog
from clew.gui.watching import Watching
from clew.services.projects import create_project, find_project, get_project, plan_remove, remove_project
from clew.services.versions import create_version, list_versions
from clew.store import folder_reader
from clew.store import watch as watch_module

Settle = Callable[[Any], None]


@pytest.fixture
def shell(open_shell: Callable[..., Any], filled: Path, settle: Settle, qtbot: Any) -> Any:
    """A window whose first look at the folders is over, and whose folder is saved as version 2."""
    shell = open_shell(filled)
    settle(shell)
    create_version(shell.session.ws, 1)
    qtbot.wait(60)  # file times move in steps: what was written just now would be read once more
    for _ in range(2):
        shell.session.watching.look()
        settle(shell)
    return shell


@pytest.fixture
def read(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """The folders that are read from now on."""
    names: list[str] = []
    real = folder_reader.look

    def told(path: bytes) -> object:
        names.append(os.path.basename(os.fsdecode(path)))
        return real(path)

    monkeypatch.setattr(folder_reader, "look", told)
    return names


def folder_of(shell: Any) -> Path:
    return Path(get_project(shell.session.ws, 1).folder)


def ask(shell: Any, settle: Settle) -> NewVersionDialog:
    dialog = NewVersionDialog(shell.context(), 1)
    dialog.open()
    settle(shell)
    return dialog


def test_the_dialog_knows_at_once_what_changed(shell: Any, settle: Settle, read: list[str]) -> None:
    folder = folder_of(shell)
    if not shell.session.ws.store.watched():
        pytest.skip("this system cannot watch")
    inside = next(path for path in folder.rglob("*.png")).parent
    (inside / "note.txt").write_text("new")
    read.clear()
    dialog = ask(shell, settle)
    assert dialog.primary.isEnabled()
    assert "1 " in dialog._changes.text()
    assert set(read) == {inside.name}, "only the folder that was touched is read"
    dialog.reject()


def test_nothing_changed_is_said_only_after_the_folder_was_read(
    shell: Any, settle: Settle, read: list[str]
) -> None:
    folder = folder_of(shell)
    picture = next(path for path in folder.rglob("*.png"))
    with picture.open("r+b") as file:
        mapped = mmap.mmap(file.fileno(), 0)  # as long as it is open inotify does not tell of what is written
    read.clear()
    dialog = ask(shell, settle)
    assert "Nothing changed since version 2" in dialog._changes.text()
    assert folder.name in read
    dialog.reject()
    mapped[-1] ^= 255
    mapped.flush()
    ws = shell.session.ws
    if ws.store.watched():
        read.clear()
        assert ws.store.identify(folder) == list_versions(ws, 1)[0].version.tree and not read
    dialog = ask(shell, settle)
    assert dialog.primary.isEnabled(), "a change that the watch did not see is no reason to refuse"
    dialog.accept()
    settle(shell)
    newest = list_versions(ws, 1)[0].version
    assert newest.number == 3
    name = picture.relative_to(folder).as_posix()
    assert ws.store.read(newest.tree, name) == picture.read_bytes()
    mapped.close()


def test_lost_events_mean_a_walk(shell: Any, settle: Settle, read: list[str]) -> None:
    folder = folder_of(shell)
    watches = shell.session.ws.store._watching.watches
    if not watches:
        pytest.skip("this system cannot watch")
    (watch,) = watches.values()
    (folder / "note.txt").write_text("new")
    with watch.lock:
        watch._drain()
        watch._dirty.clear()  # as if the system had dropped it
        watch._take(-1, watch_module.OVERFLOW, b"")
    read.clear()
    dialog = ask(shell, settle)
    assert dialog.primary.isEnabled()
    assert {folder.name, *(p.name for p in folder.iterdir() if p.is_dir())} <= set(read)
    dialog.reject()


def test_new_projects_are_watched_and_removed_ones_no_more(shell: Any, settle: Settle, qtbot: Any) -> None:
    ws = shell.session.ws
    if not ws.store.watched():
        pytest.skip("this system cannot watch")
    create_project(ws, "Second")
    qtbot.waitUntil(lambda: len(ws.store.watched()) == 2)
    settle(shell)
    remove_project(ws, plan_remove(ws, find_project(ws, "Second").id))
    qtbot.waitUntil(lambda: ws.store.watched() == (folder_of(shell),))
    settle(shell)


def test_a_look_that_runs_ends_with_the_window(shell: Any) -> None:
    watching: Watching = shell.session.watching
    watching.look()
    shell.close()
    assert shell.session is None
