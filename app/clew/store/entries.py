"""The files of a saved tree, one by one."""

import os
from collections.abc import Iterator

from clew.base.errors import UserError
from clew.store.read import Reader
from clew.store.tree import DIR, EMPTY_TREE, EXECUTABLE, FILE, LINK, MODE_KEPT, PERMISSIONS, Folder
from clew.store.types import Entry

KIND = {FILE: "file", EXECUTABLE: "file", LINK: "link", DIR: "dir"}


def parse_tree(tree: str) -> bytes:
    """The bytes of a tree id.

    Raises:
        UserError: it is not 64 hex digits.
    """
    try:
        raw = bytes.fromhex(tree)
    except ValueError:
        raw = b""
    if len(raw) != 32:
        raise UserError(f"“{tree}” is not the id of a saved state: it should be 64 hexadecimal digits.")
    return raw


def split_path(path: str) -> list[bytes]:
    return [part for part in os.fsencode(path).split(b"/") if part]


def _entry(path: bytes, folder: Folder, i: int) -> Entry:
    kind = folder.kinds[i]
    return Entry(
        os.fsdecode(path),
        folder.sizes[i],
        folder.id_of(i).hex(),
        kind == EXECUTABLE,
        folder.mtimes[i],
        KIND[kind],
        folder.modes[i] & PERMISSIONS if folder.modes[i] & MODE_KEPT else None,
    )


def _find(reader: Reader, tree: bytes, parts: list[bytes]) -> tuple[Folder, int] | None:
    """The folder that holds a path, and the column of the path in it."""
    for depth, part in enumerate(parts):
        folder = reader.folder(tree)
        try:
            i = folder.names.index(part)
        except ValueError:
            return None
        if depth == len(parts) - 1:
            return folder, i
        if folder.kinds[i] != DIR:
            return None
        tree = folder.id_of(i)
    return None


def entry(reader: Reader, tree: bytes, path: str) -> Entry | None:
    """One file, link or empty folder; None when there is no such path."""
    parts = split_path(path)
    found = _find(reader, tree, parts)
    if found is None:
        return None
    folder, i = found
    if folder.kinds[i] == DIR and folder.id_of(i) != EMPTY_TREE:
        return None
    return _entry(b"/".join(parts), folder, i)


def entries(reader: Reader, tree: bytes, under: str = "") -> Iterator[Entry]:
    """All files, links and empty folders below `under`, or `under` itself; depth first, folders sorted."""
    parts = split_path(under)
    prefix = b"/".join(parts)
    if parts:
        found = _find(reader, tree, parts)
        if found is None:
            return
        folder, i = found
        if folder.kinds[i] != DIR or folder.id_of(i) == EMPTY_TREE:
            yield _entry(prefix, folder, i)
            return
        tree = folder.id_of(i)
    stack = [(prefix, reader.folder(tree), 0)]
    while stack:
        path, folder, i = stack.pop()
        while i < len(folder):
            here = path + b"/" + folder.names[i] if path else folder.names[i]
            if folder.kinds[i] != DIR or folder.id_of(i) == EMPTY_TREE:
                yield _entry(here, folder, i)
                i += 1
                continue
            stack.append((path, folder, i + 1))
            path, folder, i = here, reader.folder(folder.id_of(i)), 0
