"""Export graph: what a person chooses is what stands in the file."""

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any
from xml.etree import ElementTree

import pytest
from PIL import Image
from PySide6.QtCore import Qt, QUrl
from PySide6.QtGui import QColor
from PySide6.QtWidgets import QMenu

from clew.base.errors import Cancelled
from clew.base.progress import Progress
from clew.gui.canvas import sheet
from clew.gui.canvas.copying import cuts
from clew.gui.dialogs import export_graph
from clew.gui.dialogs.export_graph import FORMATS, ExportDialog
from clew.gui.theme import load_theme
from clew.gui.widgets.filter import BlockFilter
from clew.model.refs import BlockKind, BlockRef
from clew.model.view import Scope
from clew.services import frames, tasks, workflow
from clew.services.workspace import open_workspace

Settle = Callable[[Any], None]
VERSION, FIRST, SECOND = (
    BlockRef(BlockKind.VERSION, 1),
    BlockRef(BlockKind.TASK, 1),
    BlockRef(BlockKind.TASK, 2),
)


@pytest.fixture
def shell(filled: Path, open_shell: Callable[..., Any], settle: Settle) -> Any:
    """A version that two tasks read; nothing else is in the graph."""
    with open_workspace(filled) as ws:
        for name in ("Look twice", "Count & weigh"):
            task = tasks.create_task(ws, name, "process")
            workflow.record_input(ws, task.id, VERSION)
            assert task.ref in (FIRST, SECOND)
    shell = open_shell(filled)
    settle(shell)
    return shell


@pytest.fixture
def page(shell: Any) -> Any:
    return shell.pages["workflow"]


def dialog_of(page: Any) -> ExportDialog:
    (found,) = [d for d in page.window().findChildren(ExportDialog) if d.isVisible()]
    return found


def opened(page: Any) -> ExportDialog:
    page.exporting.start()
    return dialog_of(page)


def choose(dialog: ExportDialog, **choices: str) -> None:
    """Words in the fields of the dialog."""
    for name, words in choices.items():
        dialog.fields[name].input.setCurrentText(words)  # type: ignore[attr-defined]


def press(qtbot: Any, dialog: ExportDialog) -> None:
    qtbot.mouseClick(dialog.primary, Qt.MouseButton.LeftButton)


def exported(qtbot: Any, dialog: ExportDialog, path: Path) -> Path:
    """The file, when it is written and the dialog gone."""
    dialog.where.line.setText(str(path))
    gone = []
    dialog.destroyed.connect(lambda: gone.append(1))
    press(qtbot, dialog)
    qtbot.waitUntil(lambda: bool(gone))
    assert path.is_file()
    assert [p.name for p in path.parent.iterdir() if p.suffix == ".tmp"] == []
    return path


def refs_of(path: Path) -> set[str]:
    return {block["ref"] for block in json.loads(path.read_text("utf-8"))["blocks"]}


def test_saved_and_shown_in_its_folder(
    shell: Any, page: Any, qtbot: Any, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    shell.activateWindow()
    page.canvas.setFocus()
    qtbot.waitUntil(page.canvas.hasFocus)
    mod = Qt.KeyboardModifier
    qtbot.keyClick(page.canvas, Qt.Key.Key_E, mod.ControlModifier | mod.ShiftModifier)
    path = exported(qtbot, dialog_of(page), tmp_path / "Graph ü.svg")
    words = [t.text for t in ElementTree.parse(path).iter("{http://www.w3.org/2000/svg}text")]
    assert {"Coin finds", "Look twice", "Count & weigh"} <= set(words)
    assert shell.toast.text.text() == "Saved Graph ü.svg"
    shown: list[QUrl] = []
    monkeypatch.setattr("clew.gui.context.QDesktopServices.openUrl", lambda url: shown.append(url) or True)
    button = shell.toast._action
    assert button.text() == "Show in folder"
    qtbot.mouseClick(button, Qt.MouseButton.LeftButton)
    assert [Path(url.toLocalFile()) for url in shown] == [tmp_path]


@pytest.mark.parametrize(
    ("form", "ending", "begin"),
    [
        ("svg", ".svg", b"<?xml"),
        ("pdf", ".pdf", b"%PDF-"),
        ("png", ".png", b"\x89PNG"),
        ("mermaid", ".mmd", b"flowchart LR\n"),
        ("dot", ".dot", b'digraph "Coin survey" {\n'),
        ("json", ".json", b"{\n"),
        ("openlineage", ".ndjson", b""),
    ],
)
def test_every_format_has_its_ending(
    page: Any, qtbot: Any, tmp_path: Path, form: str, ending: str, begin: bytes
) -> None:
    dialog = opened(page)
    dialog.where.line.setText(str(tmp_path / "My graph.json"))
    choose(dialog, format=next(words for words, name in FORMATS.items() if name == form))
    path = Path(dialog.where.line.text())
    assert path == tmp_path / f"My graph{ending}"
    assert dialog.sketch.isVisible() == (form in ("svg", "pdf", "png"))
    assert dialog.fields["scale"].isVisible() == (form == "png")
    assert exported(qtbot, dialog, path).read_bytes().startswith(begin)


def test_an_ending_that_is_typed_chooses_the_format(page: Any, qtbot: Any, tmp_path: Path) -> None:
    dialog = opened(page)
    dialog.where.line.setText(str(tmp_path / "readme.md"))
    assert dialog.fields["format"].value() == "Mermaid, for Markdown"
    text = exported(qtbot, dialog, tmp_path / "readme.md").read_text("utf-8")
    assert text.startswith("flowchart LR")


def test_the_selection_what_is_in_view_and_everything(page: Any, qtbot: Any, tmp_path: Path) -> None:
    canvas = page.canvas
    dialog = opened(page)
    assert not dialog.ways["selection"].isEnabled()
    choose(dialog, format="JSON, for programs")
    assert refs_of(exported(qtbot, dialog, tmp_path / "a.json")) == {str(VERSION), str(FIRST), str(SECOND)}
    canvas.select([VERSION, FIRST])
    dialog = opened(page)
    dialog.ways["selection"].click()
    choose(dialog, format="JSON, for programs")
    path = exported(qtbot, dialog, tmp_path / "b.json")
    assert refs_of(path) == {str(VERSION), str(FIRST)}
    assert len(json.loads(path.read_text("utf-8"))["links"]) == 1
    canvas.set_zoom(4.0)
    canvas.center_on(VERSION)
    dialog = opened(page)
    dialog.ways["seen"].click()
    choose(dialog, format="Mermaid, for Markdown")
    seen = exported(qtbot, dialog, tmp_path / "c.mmd").read_text("utf-8")
    assert "version_1" in seen
    assert "task_" not in seen


def test_what_a_filter_hides_is_not_exported(page: Any, qtbot: Any, tmp_path: Path) -> None:
    page.sieve.set_filter(BlockFilter(kinds=frozenset({BlockKind.TASK})))
    dialog = opened(page)
    assert "(1)" in dialog.ways["all"].text()
    choose(dialog, format="JSON, for programs")
    assert refs_of(exported(qtbot, dialog, tmp_path / "a.json")) == {str(VERSION)}


def test_a_folded_frame_brings_what_is_in_it(
    shell: Any, page: Any, qtbot: Any, tmp_path: Path, settle: Settle
) -> None:
    ws = shell.session.ws
    frames.make_frame(ws, Scope(), "Tries", (FIRST, SECOND))
    frame = workflow.graph(ws).frames[0]
    frames.change_frame(ws, Scope(), frame.id, folded=True)
    page.refresh()
    settle(shell)
    page.canvas.select([frame.ref])
    dialog = opened(page)
    dialog.ways["selection"].click()
    choose(dialog, format="JSON, for programs")
    path = exported(qtbot, dialog, tmp_path / "a.json")
    assert refs_of(path) == {str(FIRST), str(SECOND)}
    assert [f["title"] for f in json.loads(path.read_text("utf-8"))["frames"]] == ["Tries"]


def test_colours_size_and_ground_of_a_png(page: Any, qtbot: Any, tmp_path: Path) -> None:
    window = cuts(page.canvas)["all"].window
    dialog = opened(page)
    choose(dialog, format="PNG picture", theme="Dark", scale="3x")
    with Image.open(exported(qtbot, dialog, tmp_path / "a.png")) as picture:
        assert picture.width == pytest.approx(window.width() * 3, abs=1)
        assert picture.getpixel((0, 0)) == QColor(load_theme("dark").bg).getRgb()[:3]
    dialog = opened(page)
    choose(dialog, format="PNG picture", scale="1x")
    dialog.clear.input.setChecked(True)  # type: ignore[attr-defined]
    with Image.open(exported(qtbot, dialog, tmp_path / "b.png")) as picture:
        assert picture.getpixel((0, 0))[3] == 0


def test_a_png_that_would_be_too_large_says_so(
    page: Any, qtbot: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(sheet, "MOST_PIXELS", 500)
    dialog = opened(page)
    choose(dialog, format="PNG picture")
    assert "Smaller than 2x" in dialog.note.text()
    monkeypatch.setattr(sheet, "MOST_PIXELS", 12_000)
    choose(dialog, scale="1x")
    assert "Smaller" not in dialog.note.text()
    dialog.reject()


def test_a_file_that_is_there_is_replaced_only_when_wanted(page: Any, qtbot: Any, tmp_path: Path) -> None:
    path = tmp_path / "a.dot"
    path.write_text("mine")
    dialog = opened(page)
    choose(dialog, format="DOT, for Graphviz")
    dialog.where.line.setText(str(path))
    press(qtbot, dialog)
    assert "is there already" in dialog.problem.text()
    assert dialog.primary.text() == "Replace"
    assert path.read_text() == "mine"
    dialog.where.line.setText(str(tmp_path / "b.dot"))
    assert dialog.primary.text() == "Export"
    dialog.where.line.setText(str(path))
    press(qtbot, dialog)
    assert path.read_text() == "mine"
    press(qtbot, dialog)
    qtbot.waitUntil(lambda: path.read_text("utf-8").startswith("digraph"))


def test_what_cannot_be_written_is_said_in_the_dialog(
    shell: Any, page: Any, qtbot: Any, tmp_path: Path, settle: Settle
) -> None:
    dialog = opened(page)
    for text, words in (("", "needed"), ("graph.svg", "whole path"), (str(tmp_path), "folder")):
        dialog.where.line.setText(text)
        press(qtbot, dialog)
        said = dialog.problem.text() if text else dialog.where._wrong.text()
        assert words in said, text
    dialog.where.line.setText(str(tmp_path / "none" / "graph.svg"))
    press(qtbot, dialog)
    qtbot.waitUntil(lambda: dialog.primary.isEnabled() and bool(dialog.problem.text()))
    assert dialog.isVisible()
    assert "\n" not in dialog.problem.text()
    assert not (tmp_path / "none").exists()
    dialog.reject()
    settle(shell)


def test_a_cancelled_export_leaves_nothing(
    shell: Any, page: Any, qtbot: Any, tmp_path: Path, settle: Settle, monkeypatch: pytest.MonkeyPatch
) -> None:
    def slow(_ws: Any, _view: Any, _cut: Any, _wish: Any, progress: Progress) -> bytes:
        progress.start("Drawing blocks", 10)
        progress._cancelled.wait(20)
        return b"half"

    monkeypatch.setattr(export_graph, "file_of", slow)
    dialog = opened(page)
    dialog.where.line.setText(str(tmp_path / "a.svg"))
    press(qtbot, dialog)
    qtbot.waitUntil(lambda: "Drawing blocks" in dialog._stage.text())
    qtbot.mouseClick(dialog.cancel_button, Qt.MouseButton.LeftButton)
    qtbot.waitUntil(dialog.primary.isEnabled)
    assert list(tmp_path.glob("*a.svg*")) == []
    assert dialog.problem.text() == ""
    dialog.reject()
    settle(shell)


def test_drawing_stops_between_blocks(page: Any) -> None:
    progress = Progress()
    progress.cancel()
    part = cuts(page.canvas)["all"]
    for write in (sheet.svg_of, sheet.pdf_of, sheet.png_of):
        with pytest.raises(Cancelled):
            write(part.drawn(page.canvas.look_of, None), part.window, progress=progress)


def test_menus_and_palette_offer_it(shell: Any, page: Any, qtbot: Any) -> None:
    def entries() -> list[str]:
        menu = next(m for m in page.findChildren(QMenu) if m.isVisible())
        found = [a.text().partition("\t")[0] for a in menu.actions()]
        menu.close()
        return found

    page.editing.menus._paper_menu(page.mapToGlobal(page.rect().center()))
    assert "Export graph" in entries()
    page.canvas.select([FIRST, SECOND])
    page.editing.menus._several_menu(page.mapToGlobal(page.rect().center()))
    assert "Export selection" in entries()
    page.exporting.start("selection")
    dialog = dialog_of(page)
    assert dialog.ways["selection"].isChecked()
    dialog.reject()
    assert "Export graph" in [command.words for command in shell.commands()]
