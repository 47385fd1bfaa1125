"""Names that are no text, or too much of it, in every list of the window."""

import io
import os
import unicodedata
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from PIL import Image
from PySide6.QtWidgets import QDialog, QLabel

from clew.gui.dialogs.download import DownloadDialog
from clew.gui.dialogs.new_version import NewVersionDialog
from clew.gui.dialogs.restore import RestoreDialog
from clew.gui.dialogs.verify import open_verify
from clew.model.refs import BlockKind, BlockRef
from clew.services import projects, versions
from clew.services.workspace import create_workspace

Settle = Callable[[Any], None]
NAMES = [
    b"\xff\xfe.png",
    b"n" * 251 + b".png",
    b"Coin.PNG",
    b"coin.png",
    unicodedata.normalize("NFC", "Münze.png").encode(),
    unicodedata.normalize("NFD", "Münze.png").encode(),
    b"new\nline.png",
    b" .png",
    "\u202eright to left.png".encode(),
    b"<b>bold & co.png",
]


@pytest.fixture(params=["clew", "files"])
def odd(tmp_path: Path, request: pytest.FixtureRequest) -> Path:
    """Ten odd pictures in two folders as version 1; in the working folder five are gone and one is new."""
    out = io.BytesIO()
    Image.new("RGB", (64, 48), (200, 80, 30)).save(out, "PNG")
    with create_workspace(tmp_path / "ws") as ws:
        project = projects.create_project(ws, "Odd", format=request.param)
        root = os.fsencode(project.folder)
        os.mkdir(root + b"/s\xe9t")
        try:
            for folder in (root, root + b"/s\xe9t"):
                for number, name in enumerate(NAMES):
                    with open(folder + b"/" + name, "wb") as file:
                        file.write(out.getvalue() + b"%d" % number)
        except OSError:
            pytest.skip("this file system does not take all of the names")
        if not set(NAMES) <= set(os.listdir(root)):
            pytest.skip("this file system takes some of the names for the same")
        versions.create_version(ws, project.id)
        for name in NAMES[::2]:
            os.unlink(root + b"/" + name)
        with open(root + b"/\xfenew\xff.png", "wb") as file:
            file.write(out.getvalue() + b"new")
    return tmp_path / "ws"


def shown(widget: Any) -> str:
    return "\n".join(text.text() for text in widget.findChildren(QLabel))


def test_every_page_shows_them(open_shell: Callable[..., Any], odd: Path, settle: Settle, qtbot: Any) -> None:
    shell = open_shell(odd)
    settle(shell)
    for tab in ("data", "versions", "classes"):
        shell.state.open("project", id=1, tab=tab)
        settle(shell)
    shell.state.open("diff", project=1, old=1, new=None)
    settle(shell)
    shell.state.open("workflow", select=BlockRef(BlockKind.VERSION, 1))
    shell.state.select((BlockRef(BlockKind.VERSION, 1),))
    settle(shell)
    assert not shell.grab().isNull()


def test_every_dialog_takes_them(
    open_shell: Callable[..., Any], odd: Path, settle: Settle, tmp_path: Path, qtbot: Any
) -> None:
    shell = open_shell(odd)
    settle(shell)
    NewVersionDialog(shell.context(), 1).open()
    (saving,) = [d for d in shell.findChildren(QDialog) if d.isVisible()]
    settle(shell)
    assert saving.primary.isEnabled(), shown(saving)
    saving.accept()
    settle(shell)
    ws = shell.session.ws
    assert versions.latest_version(ws, 1).number == 2
    dialog = RestoreDialog(shell.context(), 1)
    dialog.open()
    settle(shell)
    field = dialog.part
    field.kind.setCurrentIndex(field.kind.findData("dataset"))
    field.kind.activated.emit(0)
    settle(shell)
    assert "already" in dialog._what.text(), dialog.problem.text()
    assert field.which.currentText() == "s\ufffdt"
    field.kind.setCurrentIndex(field.kind.findData("file"))
    field.kind.activated.emit(0)
    field._look("new")
    settle(shell)
    assert "new\ufffdline.png" in field._real
    field.file.setText("new\ufffdline.png")
    field.file.editingFinished.emit()
    settle(shell)
    assert "1 file written" in dialog._what.text(), dialog.problem.text()
    field.kind.setCurrentIndex(field.kind.findData("all"))
    field.kind.activated.emit(0)
    settle(shell)
    dialog.accept()
    settle(shell)
    root = os.fsencode(projects.get_project(ws, 1).folder)
    assert set(NAMES) <= set(os.listdir(root)) and b"\xfenew\xff.png" not in os.listdir(root)
    for way, ending in (("as_zip", ".zip"), ("as_tar", ".tar.zst"), ("as_folder", "")):
        load = DownloadDialog(shell.context(), BlockRef(BlockKind.VERSION, 1))
        load.open()
        settle(shell)
        getattr(load, way).setChecked(True)
        load.where.input.setText(str(tmp_path / f"out{ending}"))
        load.accept()
        settle(shell)
        assert (tmp_path / f"out{ending}").exists(), load.problem.text()
    assert set(NAMES) <= set(os.listdir(os.fsencode(tmp_path / "out")))


def test_a_damaged_one_is_named(open_shell: Callable[..., Any], odd: Path, settle: Settle) -> None:
    for pack in (odd / "store" / "packs").glob("*.pack"):
        data = bytearray(pack.read_bytes())
        data[60] ^= 255
        pack.chmod(0o644)
        pack.write_bytes(data)
    shell = open_shell(odd)
    settle(shell)
    dialog = open_verify(shell.context())
    settle(shell)
    assert "damaged" in dialog.sentence.text()
    assert "Odd@1" in shown(dialog)
    dialog.accept()
    settle(shell)
    dialog.close()
