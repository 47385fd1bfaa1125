"""The window's room from rooms that do without it: loaded when wanted, where its extra is installed."""

from collections.abc import Callable
from importlib import import_module
from typing import Any

from clew.base.errors import UserError

EXTRA = 'pip install "clew[app]"'


def window_part(module: str, function: str) -> Callable[..., Any]:
    """A function of the window's room.

    Raises:
        UserError: the window is not installed; the sentence says how to get it.
    """
    try:
        part: Callable[..., Any] = getattr(import_module(module), function)
    except ImportError as error:
        missing = (error.name or "").split(".")[0]
        if missing not in ("PySide6", "shiboken6", "pyqtgraph"):
            raise
        if isinstance(error, ModuleNotFoundError):
            raise UserError(f"The window is not installed here. Get it with: {EXTRA}") from error
        raise UserError(f"The window cannot start, a library of the system is missing: {error}") from error
    return part
