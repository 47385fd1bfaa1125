"""Whether things may move by themselves: the person's setting, else the desktop's."""

import configparser
import os
from functools import lru_cache
from pathlib import Path

from PySide6.QtWidgets import QStyle, QWidget

_preferred: list[bool] = []


def prefer_reduced_motion(on: bool) -> None:
    """Take the person's setting: True stops all animation, False leaves it to the desktop."""
    _preferred[:] = [on]


def reduced_motion(widget: QWidget) -> bool:
    """Whether there shall be no animation: the person said so, or the desktop does.

    Qt reports the desktop's setting as a duration of nothing where its platform plugin knows it; KDE and
    GTK also keep it in files, which are read once.
    """
    if _preferred and _preferred[0]:
        return True
    hint = QStyle.StyleHint.SH_Widget_Animation_Duration
    return widget.style().styleHint(hint, None, widget) == 0 or _asked_in_files()


_WISHES = (
    ("kdeglobals", "KDE", "AnimationDurationFactor"),
    ("gtk-4.0/settings.ini", "Settings", "gtk-enable-animations"),
    ("gtk-3.0/settings.ini", "Settings", "gtk-enable-animations"),
)
"""File under the person's settings, section and name; 0 or false there means no animation."""


@lru_cache(maxsize=1)
def _asked_in_files() -> bool:
    """Whether KDE's or GTK's settings ask for no animation."""
    home = Path(os.environ.get("XDG_CONFIG_HOME") or Path.home() / ".config")
    return any(_off(home / file, section, name) for file, section, name in _WISHES)


def _off(file: Path, section: str, name: str) -> bool:
    parser = configparser.ConfigParser(interpolation=None, strict=False)
    try:
        parser.read_string(file.read_text("utf-8"))
        value = parser.get(section, name, fallback="")
    except (OSError, ValueError, configparser.Error):
        return False
    return value.strip().lower() in ("0", "0.0", "false")
