"""Parts of versions, proof and repair, intermediate states: the window does what the command line does."""

import os
import shutil
import tarfile
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
import zstandard
from PySide6.QtWidgets import QDialog, QLabel

from clew.gui.block_actions import promote, undelete
from clew.gui.dialogs.delete_version import DeleteDialog
from clew.gui.dialogs.download import DownloadDialog
from clew.gui.dialogs.restore import RestoreDialog
from clew.gui.dialogs.verify import VerifyDialog, open_verify
from clew.gui.settings_menu import settings_menu
from clew.model.refs import BlockKind, BlockRef
from clew.services.maintenance import apply_gc, plan_gc
from clew.services.models import create_model
from clew.services.observe import observe
from clew.services.projects import find_project
from clew.services.versions import create_version, delete_version, list_versions, plan_delete
from clew.services.workspace import open_workspace

Settle = Callable[[Any], None]
FOLDER = Path("projects") / "Coin finds" / "images"


@pytest.fixture
def sets(filled: Path) -> Path:
    """A workspace whose version 2 has nine pictures in the dataset "images", and one beside it."""
    folder = filled / FOLDER
    folder.mkdir()
    for path in folder.parent.glob("0*"):
        path.rename(folder / path.name)
    shutil.copyfile(folder / "000.png", folder.parent / "other.png")
    with open_workspace(filled) as ws:
        create_version(ws, 1, "In a dataset")
    return filled


def choose_part(dialog: Any, kind: str, value: str) -> None:
    """As a person chooses a part of a version."""
    field = dialog.part
    field.kind.setCurrentIndex(field.kind.findData(kind))
    field.kind.activated.emit(field.kind.currentIndex())
    if kind == "file":
        field.file.setText(value)
        field.file.editingFinished.emit()
    else:
        assert field.which.findText(value) >= 0, [field.which.itemText(i) for i in range(field.which.count())]
        field.which.setCurrentText(value)
        field.which.activated.emit(field.which.currentIndex())


def test_a_part_is_restored_from_the_window(
    open_shell: Callable[..., Any],
    sets: Path,
    qtbot: Any,
    settle: Settle,
    dialog_of: Callable[..., Any],
    click: Callable[..., Any],
) -> None:
    shell = open_shell(sets)
    settle(shell)
    folder = (sets / FOLDER).parent
    for name in ("000.png", "001.png", "002.png"):
        (folder / "images" / name).unlink()
    RestoreDialog(shell.context(), 2).open()
    dialog = dialog_of(shell, RestoreDialog)
    settle(shell)
    choose_part(dialog, "class", "copper")
    settle(shell)
    assert "1 file written" in dialog._what.text() and "0 files deleted" in dialog._what.text()
    choose_part(dialog, "dataset", "images")
    settle(shell)
    assert "3 files written" in dialog._what.text()
    choose_part(dialog, "file", "images/nowhere.png")
    settle(shell)
    assert "nowhere.png" in dialog.problem.text() and not dialog.primary.isEnabled()
    choose_part(dialog, "file", "images/002.png")
    settle(shell)
    assert not dialog.problem.isVisible()
    click(dialog.primary)
    settle(shell)
    there = {path.name for path in (folder / "images").glob("*.png")}
    assert "002.png" in there and "000.png" not in there and "008.png" in there
    assert "(images/002.png)" in shell.toast.text.text()


def test_a_part_is_restored_as_a_project_and_files_are_offered_while_typing(
    open_shell: Callable[..., Any],
    sets: Path,
    qtbot: Any,
    settle: Settle,
    dialog_of: Callable[..., Any],
    click: Callable[..., Any],
) -> None:
    shell = open_shell(sets)
    settle(shell)
    RestoreDialog(shell.context(), 2).open()
    dialog = dialog_of(shell, RestoreDialog)
    settle(shell)
    choose_part(dialog, "file", "")
    qtbot.keyClicks(dialog.part.file, "4.PN")
    settle(shell)
    assert dialog.part._names.stringList() == ["images/004.png", "images/004.png.json"]
    choose_part(dialog, "class", "silver")
    settle(shell)
    dialog.as_project.setChecked(True)
    dialog.name.input.setText("Silver only")
    click(dialog.primary)
    settle(shell)
    ws = shell.session.ws
    made = find_project(ws, "Silver only")
    names = {path.name for path in Path(made.folder).rglob("*.png")}
    assert names == {"000.png", "002.png", "004.png", "006.png", "008.png"}
    assert list_versions(ws, made.id)[0].statistics.classes == {"silver": 5}


def test_a_part_is_downloaded_as_tar_zst(
    open_shell: Callable[..., Any],
    sets: Path,
    tmp_path: Path,
    qtbot: Any,
    settle: Settle,
    dialog_of: Callable[..., Any],
    click: Callable[..., Any],
) -> None:
    shell = open_shell(sets)
    settle(shell)
    DownloadDialog(shell.context(), BlockRef(BlockKind.VERSION, 2)).open()
    dialog = dialog_of(shell, DownloadDialog)
    settle(shell)
    dialog.as_tar.setChecked(True)
    choose_part(dialog, "class", "copper")
    assert dialog.where.input.text().endswith("Coin finds, version 2 (pictures with copper).tar.zst")
    dialog.where.input.setText(str(tmp_path / "out.tar.zst"))
    click(dialog.primary)
    settle(shell)
    plain = zstandard.ZstdDecompressor().stream_reader((tmp_path / "out.tar.zst").open("rb"), closefd=True)
    with plain, tarfile.open(fileobj=plain, mode="r|") as archive:
        names = {member.name for member in archive}
    assert {name for name in names if name.endswith(".png")} == {f"images/{n:03d}.png" for n in (1, 3, 5, 7)}


def damage(path: Path, data: bytes) -> None:
    """Spoil one byte of some content in the packs of a store."""
    for pack in (path / "store" / "packs").glob("*.pack"):
        stored = pack.read_bytes()
        if data in stored:
            at = stored.index(data) + len(data) // 2
            pack.chmod(0o644)
            pack.write_bytes(stored[:at] + bytes([stored[at] ^ 255]) + stored[at + 1 :])
            return
    raise AssertionError("the content is not there")


def test_verify_names_what_is_damaged_and_repairs_it(
    open_shell: Callable[..., Any],
    sets: Path,
    tmp_path: Path,
    qtbot: Any,
    settle: Settle,
    dialog_of: Callable[..., Any],
    click: Callable[..., Any],
) -> None:
    shutil.copytree(sets, tmp_path / "copy")
    picture = sets / FOLDER / "003.png"
    damage(sets, picture.read_bytes())
    shell = open_shell(sets)
    settle(shell)
    (entry,) = [a for a in settings_menu(shell, shell).actions() if a.text() == "Verify"]
    entry.trigger()
    dialog = dialog_of(shell, VerifyDialog)
    settle(shell)
    assert "2 files damaged" in dialog.sentence.text()
    texts = [text.text() for text in dialog.findChildren(QLabel)]
    assert {"003.png: Coin finds@1", "images/003.png: Coin finds@2"} <= set(texts)
    kept = picture.read_bytes()
    picture.unlink()
    click(dialog.primary)
    settle(shell)
    assert "No good copy was found of 2 files" in dialog.sentence.text()
    dialog.source.input.setText(str(tmp_path / "copy"))
    click(dialog.primary)
    settle(shell)
    assert "Nothing is damaged any more" in dialog.sentence.text()
    click(dialog.primary)
    assert not dialog.isVisible()
    ws = shell.session.ws
    assert ws.store.read(list_versions(ws, 1)[0].version.tree, "images/003.png") == kept
    assert ws.store.verify().damaged == ()


def test_verify_goes_on_in_the_background_and_says_what_it_found(
    open_shell: Callable[..., Any], sets: Path, qtbot: Any, settle: Settle
) -> None:
    picture = sets / FOLDER / "003.png"
    damage(sets, picture.read_bytes())
    shell = open_shell(sets)
    settle(shell)
    open_verify(shell.context())._let_go()
    settle(shell)
    assert "2 files damaged" in shell.toast.text.text()


def test_a_state_without_content_says_so_instead_of_asking_for_a_title(
    open_shell: Callable[..., Any], sets: Path, settle: Settle, monkeypatch: pytest.MonkeyPatch
) -> None:
    shell = open_shell(sets)
    settle(shell)
    ws = shell.session.ws
    (sets / FOLDER / "000.png").unlink()
    state = observe(ws, 1)
    promote(shell.context(), state)
    settle(shell)
    (dialog,) = [d for d in shell.findChildren(QDialog) if d.isVisible()]
    assert "Save state 2.1 as version" in dialog.heading.text()
    dialog.reject()
    monkeypatch.setattr(ws.store, "has_tree", lambda tree: False)
    promote(shell.context(), state)
    settle(shell)
    assert "was not kept" in shell.toast.text.text()
    assert not [d for d in shell.findChildren(QDialog) if d.isVisible()]


def test_delete_shows_what_depends_and_is_undone_until_space_is_reclaimed(
    open_shell: Callable[..., Any],
    sets: Path,
    tmp_path: Path,
    qtbot: Any,
    settle: Settle,
    dialog_of: Callable[..., Any],
    click: Callable[..., Any],
) -> None:
    shell = open_shell(sets)
    settle(shell)
    ws = shell.session.ws
    (tmp_path / "m").mkdir()
    (tmp_path / "m" / "net.bin").write_bytes(b"weights")
    create_model(ws, "Coin net", tmp_path / "m", framework="x", classes=(), version_id=1)
    only = sets / FOLDER / "003.png"
    only.write_bytes(os.urandom(300_000))
    third = create_version(ws, 1, "Only here")
    only.unlink()
    for version, depends in ((1, True), (third.id, False)):
        DeleteDialog(shell.context(), version).open()
        dialog = dialog_of(shell, DeleteDialog)
        settle(shell)
        assert ("model Coin net, version 1" in [t.text() for t in dialog.findChildren(QLabel)]) is depends
        click(dialog.primary)
        settle(shell)
    assert [s.version.status.value for s in list_versions(ws, 1)] == ["deleted", "saved", "deleted"]
    for ref in (BlockRef(BlockKind.VERSION, 1), third.ref):
        undelete(shell.context(), ref)
        settle(shell)
    assert [s.version.status.value for s in list_versions(ws, 1)] == ["saved"] * 3
    delete_version(ws, plan_delete(ws, third.id))
    for pack in (sets / "store" / "packs").iterdir():
        os.utime(pack, (1_600_000_000, 1_600_000_000))
    apply_gc(ws, plan_gc(ws))
    undelete(shell.context(), third.ref)
    settle(shell)
    assert "its space was reclaimed" in shell.toast.text.text()
    assert list_versions(ws, 1)[0].version.status.value == "deleted"
