"""What is different between two trees; equal folders are skipped by their ids."""

import os
from bisect import bisect_left
from collections import Counter
from collections.abc import Callable, Iterator
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from clew.model.changes import Change, FileChange
from clew.store.tree import DIR, EMPTY_TREE, ID, NO_MODE, Folder

Load = Callable[[bytes], Folder]


@dataclass(frozen=True, slots=True)
class Side:
    """One entry on one side: a file, a link, or an empty folder."""

    kind: int
    size: int
    id: bytes
    mtime_ns: int
    mode: int = NO_MODE


Difference = tuple[bytes, Side | None, Side | None]  # path, old, new


def _apart(was: Folder, now: Folder) -> tuple[dict[bytes, Side], dict[bytes, Side]]:
    """The entries of each folder that the other does not have in the same form."""
    found = _by_ids(was, now)
    if found is not None:
        return found
    left, right = _by_names(was, now)
    return _sides(was, left, [was.names[i] for i in left]), _sides(now, right, [now.names[i] for i in right])


def _by_ids(was: Folder, now: Folder) -> tuple[dict[bytes, Side], dict[bytes, Side]] | None:
    """The same, of folders that can be told apart by their ids alone; else None.

    Nearly always what is left without the ids that one side alone has is the same on both: then no name
    needs to be looked at on its own.
    """
    keys = np.concatenate((_keys(was), _keys(now)))
    order = keys.argsort()
    rising = keys[order]
    other = np.ones(len(keys) + 1, bool)
    np.not_equal(rising[1:], rising[:-1], out=other[1:-1])
    lone = np.sort(order[other[1:] & other[:-1]])
    cut = int(lone.searchsorted(len(was)))
    left, right = _Cut(was, lone[:cut]), _Cut(now, lone[cut:] - len(was))
    return (left.sides(), right.sides()) if left.rest() == right.rest() else None


def _keys(folder: Folder) -> npt.NDArray[np.uint64]:
    """A number for each entry, another one for almost every other id or kind."""
    ids = np.frombuffer(folder.ids, np.uint64)[::4]
    keys: npt.NDArray[np.uint64] = ids ^ np.frombuffer(folder.kinds, np.uint8)
    return keys


class _Cut:
    """A folder, and some of its entries, whose numbers rise."""

    def __init__(self, folder: Folder, some: npt.NDArray[np.int64]) -> None:
        self._folder, self._some = folder, some.tolist()
        self._joined = folder.joined + b"\0"
        ends = np.flatnonzero(np.frombuffer(self._joined, np.uint8) == 0) + 1
        self._ends = ends[some].tolist()
        self._begins = np.concatenate(([0], ends))[some].tolist()  # a name begins where the one before ends

    def sides(self) -> dict[bytes, Side]:
        """The entries by name."""
        names = [self._joined[begin : end - 1] for begin, end in zip(self._begins, self._ends)]
        return _sides(self._folder, self._some, names)

    def rest(self) -> tuple[bytes, bytes, bytes]:
        """Names, ids and kinds of all others."""
        folder, after = self._folder, [i + 1 for i in self._some]
        if len(after) == len(folder):
            return b"", b"", b""
        return (
            _without(self._joined, self._begins, self._ends, 1),
            _without(folder.ids, self._some, after, ID),
            _without(folder.kinds, self._some, after, 1),
        )


def _without(data: bytes, begins: list[int], ends: list[int], width: int) -> bytes:
    """What lies before, between and behind some pieces."""
    pieces = zip([0, *ends], [*begins, len(data)])
    return b"".join([data[begin * width : end * width] for begin, end in pieces])


def _by_names(was: Folder, now: Folder) -> tuple[list[int], list[int]]:
    gone, come = _only_in(was, now), _only_in(now, was)
    # Without them both name the same entries, in the same order.
    left, right = _others(was, gone), _others(now, come)
    other = np.flatnonzero((_forms(was)[left] != _forms(now)[right]).any(axis=1))
    return gone + left[other].tolist(), come + right[other].tolist()


def _only_in(folder: Folder, other: Folder) -> list[int]:
    """Numbers of the entries whose names the other folder does not have."""
    if folder.names == other.names:
        return []
    return [bisect_left(folder.names, name) for name in set(folder.names).difference(other.names)]


def _others(folder: Folder, left_out: list[int]) -> npt.NDArray[np.int64]:
    return np.delete(np.arange(len(folder)), left_out)


def _forms(folder: Folder) -> npt.NDArray[np.uint64]:
    """Id and kind of each entry as five numbers."""
    n = len(folder)
    out = np.empty((n, 5), np.uint64)
    out[:, :4] = np.frombuffer(folder.ids, np.uint64).reshape(n, 4)
    out[:, 4] = np.frombuffer(folder.kinds, np.uint8)
    return out


def _sides(folder: Folder, some: list[int], names: list[bytes]) -> dict[bytes, Side]:
    kinds, sizes, mtimes, modes = folder.kinds, folder.sizes, folder.mtimes, folder.modes
    return {
        name: Side(kinds[i], sizes[i], folder.ids[ID * i : ID * i + ID], mtimes[i], modes[i])
        for name, i in zip(names, some)
    }


def differences(old: bytes | None, new: bytes | None, load_old: Load, load_new: Load) -> Iterator[Difference]:
    """All files, links and empty folders that are not the same in both trees, in no order.

    An empty folder is told only when the other side has no folder of that name.
    """
    waiting: list[tuple[bytes, bytes | None, bytes | None]] = [(b"", old, new)]
    while waiting:
        path, a, b = waiting.pop()
        if a == b:
            continue
        was, now = _apart(
            load_old(a) if a is not None else Folder(), load_new(b) if b is not None else Folder()
        )
        prefix = path + b"/" if path else b""
        for name in was.keys() | now.keys():
            x, y = was.get(name), now.get(name)
            x_dir = x.id if x is not None and x.kind == DIR else None
            y_dir = y.id if y is not None and y.kind == DIR else None
            if x_dir or y_dir:
                waiting.append((prefix + name, x_dir, y_dir))
            tell_x = None if x_dir and (y_dir or x_dir != EMPTY_TREE) else x
            tell_y = None if y_dir and (x_dir or y_dir != EMPTY_TREE) else y
            if tell_x is not None or tell_y is not None:
                yield prefix + name, tell_x, tell_y


def _text(path: bytes, side: Side) -> str:
    return os.fsdecode(path) + ("/" if side.kind == DIR else "")


def as_changes(found: Iterator[Difference]) -> tuple[FileChange, ...]:
    """Differences as the model tells them, sorted by path.

    An empty folder has a "/" at its end. A file removed in one place and added in one other is renamed.
    """
    gone: dict[bytes, Side] = {}
    come: dict[bytes, Side] = {}
    out: list[FileChange] = []
    for path, old, new in found:
        if old is not None and new is not None and DIR not in (old.kind, new.kind):
            out.append(FileChange(os.fsdecode(path), Change.EDITED, old.size, new.size))
            continue
        if old is not None:
            gone[path] = old
        if new is not None:
            come[path] = new
    moved = _renames(gone, come)
    for new_path, old_path in moved.items():
        old, new = gone.pop(old_path), come.pop(new_path)
        out.append(
            FileChange(os.fsdecode(new_path), Change.RENAMED, old.size, new.size, os.fsdecode(old_path))
        )
    out += [FileChange(_text(p, side), Change.REMOVED, old_size=side.size) for p, side in gone.items()]
    out += [FileChange(_text(p, side), Change.ADDED, new_size=side.size) for p, side in come.items()]
    return tuple(sorted(out, key=lambda change: (change.path, change.change)))


def _renames(gone: dict[bytes, Side], come: dict[bytes, Side]) -> dict[bytes, bytes]:
    """New path to old path where content moved without doubt; empty files and folders tell nothing."""
    before = Counter((side.id, side.kind) for side in gone.values())
    after = Counter((side.id, side.kind) for side in come.values())
    sources = {(side.id, side.kind): path for path, side in gone.items()}
    out = {}
    for path, side in come.items():
        key = (side.id, side.kind)
        if side.size and side.kind != DIR and before[key] == 1 and after[key] == 1:
            out[path] = sources[key]
    return out
