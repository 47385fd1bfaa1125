"""Weight files dropped on the window become models; their programs are run only after a yes."""

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from PySide6.QtCore import QMimeData, QPoint, Qt, QUrl
from PySide6.QtGui import QDropEvent
from PySide6.QtWidgets import QDialog

from clew.gui.dialogs import run_app
from clew.gui.dialogs.add_model import AddModelDialog
from clew.gui.dialogs.import_data import ImportDialog
from clew.gui.dialogs.run_app import RunDialog
from clew.services.models import list_models
from clew.services.weights import add_model

Settle = Callable[[Any], None]


def dialog_of(shell: Any, kind: type[QDialog]) -> Any:
    found = [d for d in shell.findChildren(kind) if d.isVisible()]
    assert len(found) == 1, found
    return found[0]


def drop(shell: Any, path: Path) -> None:
    data = QMimeData()
    data.setUrls([QUrl.fromLocalFile(str(path))])
    shell.dropEvent(
        QDropEvent(
            QPoint(50, 50).toPointF(),
            Qt.DropAction.CopyAction,
            data,
            Qt.MouseButton.LeftButton,
            Qt.KeyboardModifier.NoModifier,
        )
    )


@pytest.mark.parametrize(("name", "framework"), [("Münz net.pt", "PyTorch"), ("net.ONNX", "ONNX")])
def test_a_dropped_weight_file_becomes_a_model(
    open_shell: Callable[..., Any],
    filled: Path,
    tmp_path: Path,
    qtbot: Any,
    settle: Settle,
    name: str,
    framework: str,
) -> None:
    shell = open_shell(filled)
    settle(shell)
    weights = tmp_path / name
    weights.write_bytes(b"weights" * 1000)
    drop(shell, weights)
    dialog = dialog_of(shell, AddModelDialog)
    settle(shell)
    assert not [d for d in shell.findChildren(ImportDialog) if d.isVisible()]
    assert dialog.name.value() == weights.stem and dialog.framework.value() == framework
    dialog.version.setCurrentIndex(1)
    dialog.version.activated.emit(1)
    assert dialog.classes.value() == "copper, silver" or dialog.classes.value() == "silver, copper"
    qtbot.mouseClick(dialog.primary, Qt.MouseButton.LeftButton)
    settle(shell)
    (found,) = list_models(shell.session.ws)
    assert (found.model.name, found.trained_on) == (weights.stem, "Coin finds, version 1")
    assert set(found.model.classes) == {"silver", "copper"}
    assert shell.state.route.page == "models"
    drop(shell, weights)
    dialog = dialog_of(shell, AddModelDialog)
    settle(shell)
    qtbot.mouseClick(dialog.primary, Qt.MouseButton.LeftButton)
    settle(shell)
    assert "is here already" in dialog.problem.text()
    dialog.reject()


def test_evaluate_asks_once_before_a_strangers_program_runs(
    open_shell: Callable[..., Any],
    filled: Path,
    tmp_path: Path,
    qtbot: Any,
    settle: Settle,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    started: list[Any] = []
    monkeypatch.setattr(run_app, "launch", lambda ws, slug, inputs, params: started.append(slug))
    (tmp_path / "theirs").mkdir()
    (tmp_path / "theirs" / "model.json").write_text(json.dumps({"predict": ["sh", "evil.sh"]}))
    shell = open_shell(filled)
    settle(shell)
    made = add_model(shell.session.ws, tmp_path / "theirs", "Theirs")

    def ask() -> Any:
        RunDialog(shell.context(), "evaluate", given=made.ref).open()
        dialog = dialog_of(shell, RunDialog)
        settle(shell)
        dialog.boxes["project"].setCurrentIndex(1)
        qtbot.mouseClick(dialog.primary, Qt.MouseButton.LeftButton)
        settle(shell)
        return dialog

    dialog = ask()
    assert "sh evil.sh" in dialog.problem.text() and dialog.primary.text() == "Trust it and run"
    assert started == []
    dialog.reject()
    dialog = ask()
    dialog.boxes["model"].activated.emit(0)
    assert dialog.primary.text() == "Run", "another choice takes the question away"
    qtbot.mouseClick(dialog.primary, Qt.MouseButton.LeftButton)
    settle(shell)
    qtbot.mouseClick(dialog.primary, Qt.MouseButton.LeftButton)
    settle(shell)
    assert started == ["evaluate"]
    ask()
    assert started == ["evaluate", "evaluate"], "asked once"
