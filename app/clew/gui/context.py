"""What an action or a dialog needs of the window it was started in."""

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

from PySide6.QtCore import QUrl
from PySide6.QtGui import QDesktopServices
from PySide6.QtWidgets import QWidget

from clew.gui.ops import Ops
from clew.gui.state import State

if TYPE_CHECKING:
    from clew.services.workspace import Workspace


@dataclass(frozen=True)
class Context:
    """The workspace, the two doors off the UI thread, where the person is, and the widget to stand over."""

    ws: "Workspace"
    ops: Ops
    state: State
    parent: QWidget

    def read(self, work: Callable[[], Any], done: Callable[[Any], object]) -> None:
        """Read something off the UI thread and go on with it; trouble is shown by the window."""
        self.ops.query(work, lambda result: _ignore(done(result)))

    def do(self, label: str, work: Callable[[], Any], said: Callable[[Any], str] | str = "") -> None:
        """Change something off the UI thread and say so: `do("Renaming", …, "Renamed")`."""

        def tell(result: Any) -> None:
            sentence = said(result) if callable(said) else said
            if sentence:
                self.state.say(sentence)

        self.ops.write(label, lambda _progress: work(), tell)


def show_folder(context: Context, folder: Path | str) -> None:
    """Open a folder in the system's file browser, or say where it is when there is none."""
    if not QDesktopServices.openUrl(QUrl.fromLocalFile(str(folder))):
        context.state.say(f"The folder is {folder}")


def _ignore(_result: object) -> None:
    return None
