"""Make a workspace: a folder that Clew will own."""

from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtWidgets import QWidget

from clew.gui.dialogs.dialog import Dialog
from clew.gui.dialogs.fields import Field, FieldRow
from clew.gui.ops import Ops
from clew.gui.state import State
from clew.gui.widgets.basic import label

if TYPE_CHECKING:
    from clew.base.progress import Progress
    from clew.services.workspace import Workspace


class NewWorkspaceDialog(Dialog):
    """Asks for a name and the folder to put it in; `made` gets the open workspace."""

    writes = False  # nothing in the workspace that is open

    def __init__(self, parent: QWidget, ops: Ops, state: State, made: Callable[["Workspace"], None]) -> None:
        super().__init__(parent, ops, state, "New workspace", "Create workspace")
        self._made = made
        self.body.addWidget(
            label("A folder that holds projects, versions and the graph. It can be moved later.", wrap=True)
        )
        self.name = FieldRow(Field("name", "Name", value="My workspace", required=True), self._name_changed)
        self.folder = FieldRow(Field("folder", "Inside this folder", "folder", str(_home()), required=True))
        self._result = label("", 11, tone="dim", wrap=True)
        self.folder.line.textChanged.connect(lambda _text: self._name_changed())
        for widget in (self.name, self.folder, self._result):
            self.body.addWidget(widget)
        edit = self.name.line
        edit.selectAll()
        edit.setFocus()
        self._name_changed()

    def accept(self) -> None:
        if self.name.check() and self.folder.check():
            name, path = self.name.value(), self.path()

            def create(_progress: "Progress") -> "Workspace":
                from clew.gui.session import load_pages  # and with it the database, off the UI thread
                from clew.services.workspace import create_workspace

                load_pages()
                return create_workspace(path, name)

            self.work("Creating workspace", create, self._made)

    def path(self) -> Path:
        """The folder that will be made."""
        name = "".join("-" if letter in '\\/:*?"<>|' else letter for letter in self.name.value())
        return Path(self.folder.value()).expanduser() / name

    def _name_changed(self) -> None:
        try:
            self._result.setText(f"Makes {self.path()}")
        except ValueError:
            self._result.setText("")


def _home() -> Path:
    documents = Path.home() / "Documents"
    return documents if documents.is_dir() else Path.home()
