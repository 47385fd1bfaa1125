"""The dialogs with real services: what a person does by clicking is really done."""

import os
from collections.abc import Callable
from pathlib import Path
from typing import Any

from PySide6.QtCore import Qt

from clew.gui.dialogs.delete_version import DeleteDialog
from clew.gui.dialogs.download import DownloadDialog
from clew.gui.dialogs.fields import Field, FieldRow
from clew.gui.dialogs.import_data import ImportDialog
from clew.gui.dialogs.new_version import NewVersionDialog
from clew.gui.dialogs.new_workspace import NewWorkspaceDialog
from clew.gui.dialogs.reclaim import ReclaimDialog
from clew.gui.dialogs.restore import RestoreDialog
from clew.gui.dialogs.run_app import RunDialog
from clew.gui.settings_menu import settings_menu
from clew.model.refs import BlockKind, BlockRef
from clew.services.maintenance import plan_gc
from clew.services.projects import find_project
from clew.services.versions import create_version, delete_version, list_versions, plan_delete

Settle = Callable[[Any], None]


def test_a_workspace_is_made_from_the_start_page(
    open_shell: Callable[..., Any],
    tmp_path: Path,
    qtbot: Any,
    settle: Settle,
    dialog_of: Callable[..., Any],
    click: Callable[..., Any],
) -> None:
    shell = open_shell(None)
    settle(shell)
    click(shell.start.new_button)
    dialog = dialog_of(shell, NewWorkspaceDialog)
    dialog.name.input.setText("Welds")
    dialog.folder.input.setText(str(tmp_path))
    click(dialog.primary)
    qtbot.waitUntil(lambda: shell.session is not None)
    settle(shell)
    assert (tmp_path / "Welds" / "workspace.db").is_file()
    assert shell.windowTitle().startswith("Welds")
    assert shell.pages["workflow"].empty.isVisible()


def test_a_folder_in_use_is_refused_inside_the_dialog(
    open_shell: Callable[..., Any],
    tmp_path: Path,
    qtbot: Any,
    settle: Settle,
    dialog_of: Callable[..., Any],
    click: Callable[..., Any],
) -> None:
    (tmp_path / "Taken").mkdir()
    (tmp_path / "Taken" / "thesis.txt").write_text("mine")
    shell = open_shell(None)
    settle(shell)
    shell.new_workspace()
    dialog = dialog_of(shell, NewWorkspaceDialog)
    dialog.name.input.setText("Taken")
    dialog.folder.input.setText(str(tmp_path))
    click(dialog.primary)
    qtbot.waitUntil(dialog.problem.isVisible)
    assert "Taken" in dialog.problem.text()
    assert dialog.isVisible()
    assert shell.session is None


def test_pictures_are_imported_and_saved_as_a_version(
    open_shell: Callable[..., Any],
    ws: Any,
    coco_file: Callable[..., Path],
    qtbot: Any,
    settle: Settle,
    dialog_of: Callable[..., Any],
    click: Callable[..., Any],
) -> None:
    shell = open_shell(ws.path)
    settle(shell)
    shell.dropped(coco_file())
    dialog = dialog_of(shell, ImportDialog)
    settle(shell)
    assert "6 items" in dialog._found.text()
    dialog.project.setEditText("Coin finds")
    click(dialog.primary)
    qtbot.waitUntil(lambda: shell.state.route.page == "project")
    settle(shell)
    project = find_project(ws, "Coin finds")
    page = shell.pages["project"]
    assert page.parts["data"].model.rowCount() == 6
    page._show_tab("versions")
    page.refresh()
    settle(shell)
    click(page.parts["versions"].first_button)
    saving = dialog_of(shell, NewVersionDialog)
    settle(shell)
    qtbot.keyClicks(saving.title.input, "Baseline")
    qtbot.keyClick(saving.title.input, Qt.Key.Key_Return)
    qtbot.waitUntil(lambda: len(list_versions(ws, project.id)) == 1)
    qtbot.waitUntil(lambda: shell.toast.text.text() == "Saved version 1")
    settle(shell)
    assert list_versions(ws, project.id)[0].version.title == "Baseline"


def test_nothing_changed_is_said_and_not_saved(
    open_shell: Callable[..., Any],
    filled: Path,
    qtbot: Any,
    settle: Settle,
    dialog_of: Callable[..., Any],
    click: Callable[..., Any],
) -> None:
    shell = open_shell(filled)
    settle(shell)
    context = shell.context()
    NewVersionDialog(context, 1).open()
    dialog = dialog_of(shell, NewVersionDialog)
    settle(shell)
    assert "3 items added" in dialog._changes.text()
    click(dialog.primary)
    settle(shell)
    NewVersionDialog(context, 1).open()
    dialog = dialog_of(shell, NewVersionDialog)
    settle(shell)
    assert not dialog.primary.isEnabled()
    assert "Nothing changed since version 2" in dialog._changes.text()
    dialog.reject()


def test_restore_saves_what_is_unsaved_first(
    open_shell: Callable[..., Any],
    filled: Path,
    qtbot: Any,
    settle: Settle,
    dialog_of: Callable[..., Any],
    click: Callable[..., Any],
) -> None:
    shell = open_shell(filled)
    settle(shell)
    RestoreDialog(shell.context(), 1).open()
    dialog = dialog_of(shell, RestoreDialog)
    settle(shell)
    assert "3 items added" in dialog._safety.text()
    click(dialog.primary)
    qtbot.waitUntil(lambda: "Restored version 1" in shell.toast.text.text())
    settle(shell)
    numbers = [s.version.number for s in list_versions(shell.session.ws, 1)]
    assert numbers == [2, 1]


def test_a_version_is_downloaded_where_the_person_says(
    open_shell: Callable[..., Any],
    filled: Path,
    tmp_path: Path,
    qtbot: Any,
    settle: Settle,
    dialog_of: Callable[..., Any],
    click: Callable[..., Any],
) -> None:
    shell = open_shell(filled)
    settle(shell)
    DownloadDialog(shell.context(), BlockRef(BlockKind.VERSION, 1)).open()
    dialog = dialog_of(shell, DownloadDialog)
    settle(shell)
    dialog.as_zip.setChecked(True)
    assert dialog.where.input.text().endswith("Coin finds, version 1.zip")
    dialog.where.input.setText(str(tmp_path / "out.zip"))
    click(dialog.primary)
    settle(shell)
    assert (tmp_path / "out.zip").stat().st_size > 500


def test_delete_shows_the_plan_and_the_version_stays_as_a_tombstone(
    open_shell: Callable[..., Any],
    filled: Path,
    qtbot: Any,
    settle: Settle,
    dialog_of: Callable[..., Any],
    click: Callable[..., Any],
) -> None:
    shell = open_shell(filled)
    settle(shell)
    DeleteDialog(shell.context(), 1).open()
    dialog = dialog_of(shell, DeleteDialog)
    settle(shell)
    click(dialog.primary)
    settle(shell)
    assert [s.version.status.value for s in list_versions(shell.session.ws, 1)] == ["deleted"]


def test_reclaim_shows_the_plan_and_gives_space_back(
    open_shell: Callable[..., Any],
    filled: Path,
    qtbot: Any,
    settle: Settle,
    dialog_of: Callable[..., Any],
    click: Callable[..., Any],
) -> None:
    shell = open_shell(filled)
    settle(shell)
    (entry,) = [a for a in settings_menu(shell, shell).actions() if a.text() == "Reclaim space"]
    entry.trigger()
    dialog = dialog_of(shell, ReclaimDialog)
    settle(shell)
    assert not dialog.primary.isEnabled(), "nothing was deleted"
    dialog.reject()
    settle(shell)
    ws = shell.session.ws
    big = next((filled / "projects").iterdir()) / "big.bin"
    big.write_bytes(os.urandom(300_000))
    made = create_version(ws, 1)
    big.unlink()
    delete_version(ws, plan_delete(ws, made.id))
    for pack in (filled / "store" / "packs").iterdir():
        os.utime(pack, (1_600_000_000, 1_600_000_000))
    assert not plan_gc(ws).nothing
    ReclaimDialog(shell.context()).open()
    dialog = dialog_of(shell, ReclaimDialog)
    settle(shell)
    before = ws.store.disk_usage()
    click(dialog.primary)
    settle(shell)
    assert ws.store.disk_usage() < before - 290_000


def test_the_run_dialog_makes_its_fields_from_the_app(
    open_shell: Callable[..., Any],
    filled: Path,
    qtbot: Any,
    settle: Settle,
    dialog_of: Callable[..., Any],
    click: Callable[..., Any],
) -> None:
    shell = open_shell(filled)
    settle(shell)
    RunDialog(shell.context(), "quick-trainer", given=BlockRef(BlockKind.VERSION, 1)).open()
    dialog = dialog_of(shell, RunDialog)
    settle(shell)
    assert dialog.boxes["project"].currentData() == BlockRef(BlockKind.VERSION, 1)
    trees = next(row for row in dialog.rows if row.field.name == "trees")
    trees.input.setText("0")
    click(dialog.primary)
    assert dialog.isVisible()
    assert trees._wrong.isVisible()
    assert "at least" in trees._wrong.text()
    qtbot.keyClick(dialog, Qt.Key.Key_Escape)
    assert not dialog.isVisible()


def test_fields_refuse_what_their_type_does_not_allow(qtbot: Any) -> None:
    cases: list[tuple[Field, str, object]] = [
        (Field("n", "Number", "int", 3, minimum=1, maximum=9), "7", 7),
        (Field("n", "Number", "int", 3, minimum=1, maximum=9), "12", None),
        (Field("n", "Number", "int", 3), "many", None),
        (Field("x", "Share", "float", 0.5), "0.25", 0.25),
        (Field("t", "Name", required=True), "  ", None),
        (Field("t", "Name"), "  Coins ", "Coins"),
    ]
    for field, text, expected in cases:
        row = FieldRow(field)
        qtbot.addWidget(row)
        row.input.setText(text)  # type: ignore[attr-defined]  # these are all line edits
        if expected is None:
            assert not row.check()
        else:
            assert row.check()
            assert row.value() == expected
