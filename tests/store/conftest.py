"""Folders to save, and what is in a folder, told without the store."""

import os
import stat
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from clew.store.store import Store

Picture = dict[str, tuple[str, bytes, int]]  # path: kind, bytes, permission bits


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
    (root / "run.sh").chmod(0o750)
    (root / "bilder" / "3.png").chmod(0o444)
    (root / "bilder" / "4.png").chmod(0o600)
    (root / "bilder" / "5.png").chmod(0o666)
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
            out[prefix] = ("dir", b"", 0)
        for name in [*names, *dirs]:
            path = os.path.join(folder, name)
            key = prefix + os.fsdecode(name)
            if os.path.islink(path):
                out[key] = ("link", os.readlink(path), 0)
            elif name in names:
                with open(path, "rb") as file:
                    out[key] = (
                        "file",
                        file.read(),
                        stat.S_IMODE(os.stat(path).st_mode),
                    )
    return out
