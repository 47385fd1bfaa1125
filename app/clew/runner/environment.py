"""The environment of a started program, clean of what a frozen bundle puts into its own."""

import os
import sys
from collections.abc import Mapping

_BUNDLE = ("QT_PLUGIN_PATH", "QT_QPA_PLATFORM_PLUGIN_PATH", "QML2_IMPORT_PATH", "PYTHONHOME")


def child_environment(extra: Mapping[str, str], base: Mapping[str, str] | None = None) -> dict[str, str]:
    """The environment for a child process.

    A bundle made by PyInstaller points `LD_LIBRARY_PATH` at its own libraries and sets `_PYI_…`; a
    system's Python started like that would load the bundle's libraries.

    Args:
        extra: what the child gets on top.
        base: what to start from; this process's own environment when None.
    """
    env = dict(os.environ if base is None else base)
    if getattr(sys, "frozen", False):
        original = env.pop("LD_LIBRARY_PATH_ORIG", None)
        env.pop("LD_LIBRARY_PATH", None)
        if original is not None:
            env["LD_LIBRARY_PATH"] = original
        for name in [n for n in env if n in _BUNDLE or n.startswith("_PYI_")]:
            del env[name]
    env["PYTHONUNBUFFERED"] = "1"
    env.update(extra)
    return env


def clew_command(*args: str) -> list[str]:
    """The command that runs a module of Clew in a new process, from source or from the bundle."""
    if getattr(sys, "frozen", False):
        return [sys.executable, "--run-app", *args]
    return [sys.executable, "-m", *args]
