"""Where things live: shipped resources, the person's settings, the log."""

import os
import sys
from pathlib import Path


def resources_dir() -> Path:
    """The folder of shipped icons, fonts, themes and demo pictures.

    Looked for in a bundle, in an installed wheel, and in a source checkout, in this order.
    """
    here = Path(__file__).resolve()
    candidates = [here.parents[1] / "_resources", here.parents[3] / "resources"]
    if bundle := getattr(sys, "_MEIPASS", None):
        candidates.insert(0, Path(bundle) / "resources")
    for candidate in candidates:
        if (candidate / "icons").is_dir():
            return candidate
    raise FileNotFoundError("Clew's resources folder is missing; install Clew again")


def resource(*parts: str) -> Path:
    """The path of one shipped file: `resource("icons", "folder.svg")`."""
    return resources_dir().joinpath(*parts)


def config_dir() -> Path:
    """The person's settings folder (made on demand); `CLEW_CONFIG_DIR` moves it, for tests."""
    if moved := os.environ.get("CLEW_CONFIG_DIR"):
        folder = Path(moved)
    else:
        from platformdirs import user_config_dir  # costs 5 ms, wanted by the window and tests of it only

        folder = Path(user_config_dir("clew", appauthor=False))
    folder.mkdir(parents=True, exist_ok=True)
    return folder
