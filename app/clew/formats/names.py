"""What the name of a file says: a picture, something hidden, or the litter that systems leave behind."""

import posixpath

PICTURE_SUFFIXES = frozenset(
    {".jpg", ".jpeg", ".jpe", ".jfif", ".png", ".bmp", ".gif", ".tif", ".tiff", ".webp"}
    | {".ppm", ".pgm", ".pbm", ".pnm", ".jp2", ".avif"}
)
LITTER = frozenset({"thumbs.db", "desktop.ini", "__macosx", "ehthumbs.db", "$recycle.bin"})


def suffix(path: str) -> str:
    """The ending of a name in lower case, with its dot."""
    return posixpath.splitext(path)[1].lower()


def stem(path: str) -> str:
    """The path without the ending of its name: "train/a.b.jpg" is "train/a.b"."""
    return posixpath.splitext(path)[0]


def is_picture(path: str) -> bool:
    """Whether the name ends as a picture's does, in upper or lower case."""
    return suffix(path) in PICTURE_SUFFIXES


def is_litter(name: str) -> bool:
    """Whether a single name is hidden or written by a system for itself (.DS_Store, Thumbs.db, __MACOSX)."""
    return name.startswith(".") or name.lower() in LITTER


def is_visible(path: str) -> bool:
    """Whether no part of a relative path is hidden or litter."""
    return not any(is_litter(part) for part in path.split("/"))
