"""What is different between two trees; equal folders are skipped by their ids."""

import os
from bisect import bisect_left
from collections import Counter
from collections.abc import Callable, Iterator
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from clew.model.changes import Change, FileChange
from clew.store.tree import DIR, EMPTY_TREE, Folder

Load = Callable[[bytes], Folder]


@dataclass(frozen=True, slots=True)
class Side:
    """One entry on one side: a file, a link, or an empty folder."""

    kind: int
    size: int
    id: bytes
    mtime_ns: int


Difference = tuple[bytes, Side | None, Side | None]  # path, old, new


def _apart(was: Folder, now: Folder) -> tuple[dict[bytes, Side], dict[bytes, Side]]:
    """The entries of each folder that the other does not have in the same form."""
    left, right = _by_ids(was, now) or _by_names(was, now)
    return _sides(was, left), _sides(now, right)


def _by_ids(was: Folder, now: Folder) -> tuple[list[int], list[int]] | None:
    """Numbers of the entries of either that only one has; None: told apart by their ids alone they cannot be.

    Nearly always what is left without the ids that one side alone has is the same on both: then no name
    needs to be looked at on its own.
    """
    a, b = _keys(was), _keys(now)
    both = np.sort(np.concatenate((a, b)))
    other = both[1:] != both[:-1]
    lone = both[np.concatenate(([True], other))[: len(both)] & np.concatenate((other, [True]))[: len(both)]]
    left, right = _members(a, lone), _members(b, lone)
    if not np.array_equal(np.delete(_forms(was), left, 0), np.delete(_forms(now), right, 0)):
        return None
    one, other = left.tolist(), right.tolist()
    return (one, other) if _names_without(was, one) == _names_without(now, other) else None


def _keys(folder: Folder) -> npt.NDArray[np.uint64]:
    """A number for each entry, another one for almost every other id or kind."""
    forms = _forms(folder)
    keys: npt.NDArray[np.uint64] = forms[:, 0] ^ forms[:, 4]
    return keys


def _members(keys: npt.NDArray[np.uint64], lone: npt.NDArray[np.uint64]) -> npt.NDArray[np.int64]:
    """Where the keys are in a sorted list."""
    if not len(lone):
        return np.empty(0, np.int64)
    at = np.minimum(np.searchsorted(lone, keys), len(lone) - 1)
    return np.flatnonzero(lone[at] == keys)


def _names_without(folder: Folder, left_out: list[int]) -> bytes:
    """The names, a zero byte after each, but for some entries, whose numbers rise."""
    if len(left_out) == len(folder):
        return b""
    joined = folder.joined + b"\0"
    ends = np.flatnonzero(np.frombuffer(joined, np.uint8) == 0) + 1
    begins = np.concatenate(([0], ends[:-1]))
    cut = zip([0, *ends[left_out].tolist()], [*begins[left_out].tolist(), len(joined)])
    return b"".join([joined[begin:end] for begin, end in cut])


def _by_names(was: Folder, now: Folder) -> tuple[list[int], list[int]]:
    gone, come = _only_in(was, now), _only_in(now, was)
    # Without them both name the same entries, in the same order.
    left, right = _without(was, gone), _without(now, come)
    other = np.flatnonzero((_forms(was)[left] != _forms(now)[right]).any(axis=1))
    return gone + left[other].tolist(), come + right[other].tolist()


def _only_in(folder: Folder, other: Folder) -> list[int]:
    """Numbers of the entries whose names the other folder does not have."""
    if folder.names == other.names:
        return []
    return [bisect_left(folder.names, name) for name in set(folder.names).difference(other.names)]


def _without(folder: Folder, left_out: list[int]) -> npt.NDArray[np.int64]:
    return np.delete(np.arange(len(folder)), left_out)


def _forms(folder: Folder) -> npt.NDArray[np.uint64]:
    """Id and kind of each entry as five numbers."""
    n = len(folder)
    out = np.empty((n, 5), np.uint64)
    out[:, :4] = np.frombuffer(folder.ids, np.uint64).reshape(n, 4)
    out[:, 4] = np.frombuffer(folder.kinds, np.uint8)
    return out


def _sides(folder: Folder, wanted: list[int]) -> dict[bytes, Side]:
    names = folder.names
    return {
        names[i]: Side(folder.kinds[i], folder.sizes[i], folder.id_of(i), folder.mtimes[i]) for i in wanted
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
