"""Where files go that a person asks for, and what they can be called."""

from pathlib import Path


def downloads() -> Path:
    """The person's folder for downloads, or their home."""
    folder = Path.home() / "Downloads"
    return folder if folder.is_dir() else Path.home()


def plain_name(name: str) -> str:
    """A name as a file name: without what some system does not allow."""
    return "".join("-" if letter in '\\/:*?"<>|' else letter for letter in name).strip(" .") or "download"
