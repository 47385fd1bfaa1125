"""What is dropped on the window: a workspace opens, a weight file becomes a model, all else is imported."""

from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from clew.gui.shell import Shell
    from clew.services.workspace import Workspace


def take_dropped(shell: "Shell", path: Path) -> None:
    """Open, add or import what was dropped."""
    from clew.services.weights import is_weights

    if (path / "workspace.db").is_file():
        shell.open_path(path)
    elif is_weights(path):
        add_model(shell, path)
    else:
        shell.open_import(path)


def add_model(shell: "Shell", path: Path | None = None) -> None:
    """Ask what a model is called and keep it; without a workspace, make one first."""
    context = shell.context()
    if context is None:
        from clew.gui.dialogs.new_workspace import NewWorkspaceDialog

        def entered(ws: "Workspace") -> None:
            shell.enter(ws)
            if shell.session is not None:
                add_model(shell, path)

        NewWorkspaceDialog(shell, shell.ops, shell.state, entered).open()
        return
    from clew.gui.dialogs.add_model import AddModelDialog

    AddModelDialog(context, path).open()
