"""The window from the command line."""

from pathlib import Path

from clew.base.window import window_part


def show_window(workspace: Path | None) -> int:
    """Open the window and return its exit code when it is closed."""
    arguments = [] if workspace is None else [str(workspace)]
    code = window_part("clew.gui.main", "main")(arguments)
    return code if isinstance(code, int) else 0
