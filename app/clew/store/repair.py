"""Take good copies of what is damaged back into the store, and put packs without the damage in place."""

import contextlib
import os
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from clew.base.errors import DamagedError, UserError, explain_os_error
from clew.base.log import log
from clew.base.progress import Progress
from clew.store.claims import Claims
from clew.store.dropped import drop
from clew.store.entries import entry
from clew.store.guard import Guard
from clew.store.holdings import Holdings, Mask
from clew.store.identify import Surroundings, identify
from clew.store.index import Place
from clew.store.pack import CONTENT, RECIPE, TREE, ZSTD, PackWriter, read_index_unproved
from clew.store.read import Reader, decode_recipe, encode_recipe
from clew.store.tree import Folder
from clew.store.verify import Found, is_right

ASIDE = ".damaged"  # behind the name of a pack whose index cannot be read, once nothing in it is needed


@dataclass(frozen=True)
class Sources:
    """Where good copies may be: folders as they are now, and other stores."""

    folders: tuple[Path, ...] = ()
    stores: tuple[Reader, ...] = ()


class Mender:
    """Writes good copies of what is lost into a new pack; as a keeper it takes them from a folder."""

    def __init__(self, folder: Path, lost: set[bytes]) -> None:
        self.lost = lost
        self.claims: Claims | None = None  # what it writes is for itself alone
        self.recipes: dict[bytes, bytes] = {}
        self.mended: set[bytes] = set()
        self._writer = PackWriter(folder)

    def known(self, ids: bytes) -> Sequence[bool]:
        return [ids[i : i + 32] not in self.lost for i in range(0, len(ids), 32)]

    def parts(self, id_: bytes) -> None:  # noqa: ARG002 - what was kept is in doubt: all is read and cut
        return None

    def has_tree(self, tree: bytes) -> bool:
        return tree not in self.lost

    def add(self, id_: bytes, name: bytes, data: bytes | memoryview) -> None:  # noqa: ARG002 - the name says how to pack
        self.put(id_, data, CONTENT)

    def add_all(self, files: Iterable[tuple[bytes, bytes, bytes]]) -> None:
        for id_, name, data in files:
            self.add(id_, name, data)

    def add_recipe(self, id_: bytes, parts: list[tuple[bytes, int]]) -> None:
        self.put(id_, encode_recipe(parts), RECIPE)

    def add_folder(self, objects: list[tuple[bytes, bytes]], folder: Folder) -> None:  # noqa: ARG002
        for tree, data in objects:
            self.put(tree, data, TREE)

    def put(self, id_: bytes, data: bytes | memoryview, kind: int) -> None:
        """Keep an object if it is lost and these are its bytes."""
        if id_ in self.lost and is_right(id_, kind, data):
            self.lost.discard(id_)
            self.mended.add(id_)
            self._writer.add(id_, data, kind, text=kind != CONTENT)

    def finish(self) -> None:
        self._writer.finish()

    def abandon(self) -> None:
        self._writer.abandon()


def mend(
    folder: Path, reader: Reader, found: Found, sources: Sources, guard: Guard, progress: Progress | None
) -> set[bytes]:
    """Look for good copies of all that is lost; the ids of what came back.

    A folder object that comes back may show that more is missing: call `locate` and this once more.

    Raises:
        SurroundingsError: the store cannot be written; Cancelled.
    """
    mender = Mender(folder, {*found.lost, *found.paths})
    try:
        with guard.locked():
            _from_unreadable(folder, reader, mender)
            for store in sources.stores:
                _from_store(store, mender)
            for root in sources.folders:
                if mender.lost and root.is_dir():
                    _from_folder(reader, root, found, mender, progress)
            mender.finish()
    except OSError as error:
        raise explain_os_error(error, "repairing the store") from error
    finally:
        mender.abandon()
    reader.index.refresh()
    return mender.mended


def _from_unreadable(folder: Path, reader: Reader, mender: Mender) -> None:
    """Objects of packs whose index does not match its hash: each one that proves itself is good."""
    for name in reader.index.bad:
        records = read_index_unproved(folder / "packs" / name)
        for row in records:
            id_, offset, stored, size, start, kind, coding, _ = row.item()
            if id_ in mender.lost:
                with contextlib.suppress(DamagedError):
                    mender.put(id_, reader.at(Place(name, offset, stored, size, start, kind, coding)), kind)


def _from_store(store: Reader, mender: Mender) -> None:
    """Objects of another store; a large file comes with the parts that are missing here."""
    waiting = list(mender.lost)
    while waiting:
        id_ = waiting.pop()
        for place in store.index.places(id_):
            with contextlib.suppress(DamagedError):
                data = store.at(place)
                mender.put(id_, data, place.kind)
                if place.kind == RECIPE and id_ in mender.mended:
                    mender.lost |= {part for part, _ in decode_recipe(data)} - mender.mended
                    waiting += [part for part, _ in decode_recipe(data) if part in mender.lost]


def _from_folder(reader: Reader, root: Path, found: Found, mender: Mender, progress: Progress | None) -> None:
    """Everything that is lost and lies in a folder now, under whatever name; every file in it is read."""
    with contextlib.suppress(UserError):  # a folder that cannot be read cannot help
        identify(root, Surroundings(keeper=mender), progress)
    for id_ in [lost for lost in mender.lost if lost in found.paths]:
        for tree, path in found.places(id_):
            with contextlib.suppress(OSError, DamagedError):
                _part_of(reader, root, tree, path, id_, mender)


def _part_of(reader: Reader, root: Path, tree: bytes, path: str, id_: bytes, mender: Mender) -> None:
    """One part of a large file that was cut in another way than it would be now."""
    whole = entry(reader, tree, path)
    if whole is None or whole.kind != "file":
        return
    for place in reader.index.placed(bytes.fromhex(whole.id)):
        if place.kind != RECIPE:
            continue
        at = 0
        for part, size in decode_recipe(reader.at(place)):
            if part == id_:
                with open(os.path.join(root, path), "rb") as file:
                    file.seek(at)
                    mender.put(id_, file.read(size), CONTENT)
            at += size


def clean(
    folder: Path, bad: Callable[[str], set[bytes]], lost: set[bytes], guard: Guard, progress: Progress | None
) -> None:
    """Put packs without their damaged objects in the place of those that have some.

    Args:
        folder: the store.
        bad: the ids of what is damaged in a pack.
        lost: what is needed and has no good copy: the packs that hold what is left of it stay.
        guard: the lock.
        progress: may cancel.
    """
    try:
        with guard.locked(alone=True):  # no save finds a broken folder object that goes a moment later
            here = Holdings(folder)
            try:
                out = _left_out(here, bad, lost)
                goes = _write_anew(folder, here, out, lost, progress)
            finally:
                here.close()
            drop(folder, goes)
        if not lost:
            for name in here.unreadable:
                log.warning("The pack %s is set aside: nothing in it is needed.", name)
                os.rename(folder / "packs" / name, folder / "packs" / (name + ASIDE))
    except OSError as error:
        raise explain_os_error(error, "repairing the store") from error


def _left_out(here: Holdings, bad: Callable[[str], set[bytes]], lost: set[bytes]) -> Mask:
    """Damaged rows, and the unneeded trees and recipes that would not be whole without them."""
    out: Mask = np.zeros(len(here.records), np.bool_)
    for number, pack in enumerate(here.packs):
        ids = bad(pack.name)
        if ids:
            for row in np.flatnonzero(here.pack == number).tolist():
                out[row] = here.id_of(row) in ids
    while True:
        broken = [row for row, refs in here.broken(~out) if len(refs) and not _needs(here, row, lost)]
        if not broken:
            return out
        out[broken] = True


def _needs(here: Holdings, row: int, lost: set[bytes]) -> bool:
    """True for a tree or recipe that is broken because of what is lost for good: its version stays listed."""
    if not lost:
        return False
    refs = here.refs(row)
    assert refs is not None
    return bool(np.isin(refs, here.keys_of_many(lost)).any())


def _write_anew(
    folder: Path, here: Holdings, out: Mask, lost: set[bytes], progress: Progress | None
) -> frozenset[str]:
    """Copy what is good of each pack that has something left out; the names of the packs that may go."""
    writer, goes, done = PackWriter(folder), set(), set[int]()
    try:
        for number in np.unique(here.pack[out]).tolist():
            own = np.flatnonzero((here.pack == number) & ~out).tolist()
            gone = np.flatnonzero((here.pack == number) & out).tolist()
            if any(here.id_of(row) in lost for row in gone):
                continue
            for row in own:
                if progress:
                    progress.check()
                place, data = here.place(row), here.read(row)
                if data is not None and int(here.at[row]) not in done:
                    writer.add(here.id_of(row), data, place.kind, text=place.coding == ZSTD)
                    done.add(int(here.at[row]))
            goes.add(here.packs[number].name)
        writer.finish()
    finally:
        writer.abandon()
    return frozenset(goes)
