"""A workspace on a medium that cannot be written opens in the window, says so, and can be looked at."""

import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QDialog

from clew.gui.actions import ACTIONS, actions_for
from clew.gui.dialogs.download import DownloadDialog
from clew.gui.dialogs.verify import open_verify
from clew.gui.settings_menu import settings_menu
from clew.model.refs import BlockKind, BlockRef

Settle = Callable[[Any], None]


@pytest.fixture
def medium(filled: Path, tmp_path: Path) -> Iterator[Path]:
    place = tmp_path / "medium"
    place.mkdir()
    binds = (["mount", "--bind", filled, place], ["mount", "-o", "remount,ro,bind", place])
    if sys.platform != "linux" or subprocess.run(binds[0], capture_output=True, check=False).returncode:
        pytest.skip("mounting needs root on Linux")
    subprocess.run(binds[1], check=True)
    yield place
    subprocess.run(["umount", "-l", place], check=True)


def dialogs(shell: Any) -> list[QDialog]:
    return [d for d in shell.findChildren(QDialog) if d.isVisible()]


def test_the_window_says_that_nothing_can_be_changed(
    open_shell: Callable[..., Any], medium: Path, tmp_path: Path, qtbot: Any, settle: Settle
) -> None:
    shell = open_shell(medium)
    settle(shell)
    assert "read only" in shell.windowTitle()
    assert shell.status._name.text().endswith("workspace (read only)")
    assert "cannot be written" in shell.toast.text.text()
    for page in ("projects", "tasks", "models", "reports", "files", "jobs", "apps"):
        shell.state.open(page)
        settle(shell)
    shell.state.open("project", id=1, tab="versions")
    settle(shell)
    page = shell.pages["project"]
    assert page.parts["versions"]._versions[0].version.title == "Baseline"
    for press in (page.version_button, page.run_button):
        shell.toast.text.setText("")
        qtbot.mouseClick(press, Qt.MouseButton.LeftButton)
        settle(shell)
        assert not dialogs(shell) and "cannot be written" in shell.toast.text.text(), press.text()
    shell.dropped(tmp_path)
    shell.open_import()
    (tmp_path / "net.pt").write_bytes(b"weights")
    shell.dropped(tmp_path / "net.pt")
    settle(shell)
    assert not dialogs(shell)


@pytest.mark.parametrize("ref", [BlockRef(BlockKind.VERSION, 1), BlockRef(BlockKind.PROJECT, 1)])
def test_every_action_on_a_block_works_or_says_why_not(
    open_shell: Callable[..., Any], medium: Path, settle: Settle, ref: BlockRef
) -> None:
    shell = open_shell(medium)
    settle(shell)
    opens = {"open", "download", "compare", "show", "folder", "graph"}
    assert {row.name for row in ACTIONS[ref.kind]} & opens
    for action in actions_for(ref):
        if action.name in opens:
            continue
        shell.toast.text.setText("")
        action.run(shell.context())
        settle(shell)
        assert not dialogs(shell), action.name
        said = shell.toast.text.text()
        assert "cannot be written" in said or "only be read" in said or "not deleted" in said, (
            action.name,
            said,
        )


def test_looking_verifying_and_downloading_work(
    open_shell: Callable[..., Any], medium: Path, tmp_path: Path, qtbot: Any, settle: Settle
) -> None:
    shell = open_shell(medium)
    settle(shell)
    entries = {a.text(): a.isEnabled() for a in settings_menu(shell, shell).actions()}
    assert entries["Verify"] and not entries["Reclaim space"]
    dialog = open_verify(shell.context())
    settle(shell)
    assert "1 version verified" in dialog.sentence.text()
    dialog.reject()
    DownloadDialog(shell.context(), BlockRef(BlockKind.VERSION, 1)).open()
    (download,) = dialogs(shell)
    settle(shell)
    download.where.input.setText(str(tmp_path / "out"))
    qtbot.mouseClick(download.primary, Qt.MouseButton.LeftButton)
    settle(shell)
    assert len(list((tmp_path / "out").glob("*.png"))) == 6
    shell.state.open("diff", project=1, old=1, new=None)
    settle(shell)
