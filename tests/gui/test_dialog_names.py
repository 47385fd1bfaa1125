"""Every dialog: each control has a name, and the keyboard is somewhere in it."""

from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from PySide6.QtGui import QAccessible, QAccessibleInterface
from PySide6.QtWidgets import QDialog

from clew.gui.screenshot import _go

Role = QAccessible.Role
CONTROLS = {
    *(Role.Button, Role.PushButton, Role.ButtonMenu, Role.CheckBox, Role.RadioButton, Role.EditableText),
    *(Role.ComboBox, Role.List, Role.Table, Role.Tree, Role.SpinBox, Role.Slider, Role.ProgressBar),
}


def parts(top: QAccessibleInterface) -> Iterator[QAccessibleInterface]:
    yield top
    if top.role() not in (Role.Table, Role.List, Role.Tree, Role.ComboBox):
        for place in range(top.childCount()):
            child = top.child(place)
            if child is not None and child.isValid():
                yield from parts(child)


@pytest.mark.parametrize(
    "name",
    [
        *("new-workspace", "new-version:1", "restore:1", "download:1", "delete:1", "run:quick-trainer"),
        *("run:evaluate", "import", "export", "cheat-sheet", "palette"),
    ],
)
def test_every_control_of_every_dialog_has_a_name(
    name: str, open_shell: Callable[..., Any], filled: Path, settle: Callable[[Any], None]
) -> None:
    shell = open_shell(filled)
    settle(shell)
    dialog = _go(shell, f"dialog:{name}", None)
    assert isinstance(dialog, QDialog)
    settle(shell)
    seen, nameless = 0, []
    for part in parts(QAccessible.queryAccessibleInterface(dialog)):
        if part.state().invisible or part.role() not in CONTROLS:
            continue
        seen += 1
        if not part.text(QAccessible.Text.Name).strip():
            nameless.append(f"{part.role().name} {type(part.object()).__name__}")
    assert seen >= 2, "the walk saw nothing"
    assert not nameless
    dialog.reject()
    settle(shell)
