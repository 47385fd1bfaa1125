"""Folders to save, and what is in a folder, told without the store."""

import os
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from clew.store.store import Store

Picture = dict[str, tuple[str, bytes, bool]]  # path: kind, bytes, executable


@pytest.fixture
def store(tmp_path: Path) -> Iterator[Store]:
    with Store.create(tmp_path / "store", tmp_path / "cache") as made:
        yield made


@pytest.fixture
def work(tmp_path: Path) -> Path:
    """A folder with a bit of everything."""
    root = tmp_path / "Münzen und more"
    (root / "bilder").mkdir(parents=True)
    (root / "empty" / "deeper").mkdir(parents=True)
    (root / "classes.json").write_text('{"classes": ["copper", "silver"]}')
    for i in range(6):
        (root / "bilder" / f"{i}.png").write_bytes(bytes([i]) * 5000 + os.urandom(100))
        (root / "bilder" / f"{i}.json").write_text(f'{{"box": [{i}, 2, 3, 4]}}')
    (root / "run.sh").write_text("#!/bin/sh\n")
    (root / "run.sh").chmod(0o755)
    (root / "link").symlink_to("bilder/0.png")
    return root


@pytest.fixture
def picture() -> Callable[[Path], Picture]:
    return take_picture


def take_picture(root: Path) -> Picture:
    """All files, links and empty folders below a folder, with their bytes."""
    out: Picture = {}
    for folder, dirs, names in os.walk(os.fsencode(root)):
        inside = os.path.relpath(folder, os.fsencode(root))
        prefix = "" if inside == b"." else os.fsdecode(inside) + "/"
        if prefix and not dirs and not names:
            out[prefix] = ("dir", b"", False)
        for name in [*names, *dirs]:
            path = os.path.join(folder, name)
            key = prefix + os.fsdecode(name)
            if os.path.islink(path):
                out[key] = ("link", os.readlink(path), False)
            elif name in names:
                with open(path, "rb") as file:
                    out[key] = (
                        "file",
                        file.read(),
                        os.access(path, os.X_OK) and bool(os.stat(path).st_mode & 64),
                    )
    return out
