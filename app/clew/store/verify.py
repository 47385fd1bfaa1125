"""Prove every byte: each object of each pack against its id, and each tree for what it points to."""

import contextlib
import os
from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path
from typing import NamedTuple

import numpy as np
import zstandard
from blake3 import blake3

from clew.base.errors import DamagedError
from clew.base.log import log
from clew.base.progress import Progress
from clew.store.crew import Crew, HelperLost
from clew.store.folder_reader import store_reader
from clew.store.index import Index, Place
from clew.store.pack import CONTENT, RECIPE, TREE, ZSTD, Records
from clew.store.read import Reader, decode_recipe
from clew.store.tree import DIR, ID, Folder, decode
from clew.store.types import Damaged, VerifyResult

WINDOW = 16 << 20
PIECE_BYTES, PIECE_OBJECTS = 16 << 20, 8192

Needs = dict[bytes, dict[bytes, tuple[str, ...]]]  # damaged or missing object: tree: paths in it


class Piece(NamedTuple):
    """The objects of one pack that begin between two offsets: what one process proves at a time."""

    pack: str
    begin: int
    end: int


def _pieces(index: Index, pack: str) -> list[Piece]:
    """A pack in pieces of which several processes get their fair share; a frame is never cut."""
    offsets = index.of_pack(pack)["offset"].astype(np.int64)
    if not len(offsets):
        return []
    first = np.searchsorted(offsets, offsets)  # of the objects in one frame
    bucket = offsets // PIECE_BYTES + first // PIECE_OBJECTS
    begins = offsets[[0, *(np.flatnonzero(np.diff(bucket)) + 1)]].tolist()
    return [Piece(pack, *ends) for ends in zip(begins, [*begins[1:], int(offsets[-1]) + 1])]


def _damage(path: Path, rows: Records, progress: Progress | None) -> tuple[list[bytes], int, int]:
    """Ids that are damaged among some objects of one pack; how many objects and bytes were read."""
    bad: list[bytes] = []
    done = 0
    columns = [rows[name].tolist() for name in ("offset", "stored", "size", "start", "kind", "coding")]
    raw_ids = rows["id"].tobytes()
    end = max(map(sum, zip(*columns[:2])), default=0)
    window, begin, frame_at, frame = b"", 0, -1, b""
    engine = zstandard.ZstdDecompressor()
    with path.open("rb", buffering=0) as file:
        for i, (offset, stored, size, start, kind, coding) in enumerate(zip(*columns)):
            if offset < begin or offset + stored > begin + len(window):
                begin = offset
                file.seek(begin)
                window = _read(file.fileno(), min(max(WINDOW, stored), end - begin))
                if progress:
                    progress.check()
            data: bytes | memoryview = memoryview(window)[offset - begin : offset - begin + stored]
            if coding == ZSTD:
                if frame_at != offset:
                    frame_at = offset
                    try:
                        frame = engine.decompress(data)
                    except zstandard.ZstdError:
                        frame = b""
                data = memoryview(frame)[start : start + size]
            done += len(data)
            id_ = raw_ids[ID * i : ID * i + ID]
            if len(data) != size or not is_right(id_, kind, data):
                bad.append(id_)
    return bad, len(rows), done


def _read(fd: int, size: int) -> bytes:
    parts = []
    while size and (data := os.read(fd, size)):
        parts.append(data)
        size -= len(data)
    return parts[0] if len(parts) == 1 else b"".join(parts)


def is_right(id_: bytes, kind: int, data: bytes | memoryview) -> bool:
    """True when stored bytes are those of the object with this id."""
    if kind == CONTENT:
        return blake3(data).digest() == id_
    try:
        if kind == TREE:
            decode(id_, bytes(data))
        elif kind == RECIPE:
            decode_recipe(bytes(data))
    except DamagedError:
        return False
    return True


class _Trees:
    """Walks trees and gathers which paths need a damaged or missing object."""

    def __init__(self, reader: Reader, bad: set[bytes]) -> None:
        self._reader, self._index, self._bad = reader, reader.index, bad
        self._whole: set[bytes] = set()  # folders without sub folders in which nothing is wrong
        self.paths: defaultdict[bytes, set[str]] = defaultdict(set)
        self.missing: set[bytes] = set()
        self._recipes: dict[bytes, list[bytes]] = {}
        self._large = self._index.of_kind(RECIPE)

    def walk(self, root: bytes) -> None:
        """Look at all trees below a root; a tree that was found whole is not looked at again."""
        waiting = [(root, b"")]
        while waiting:
            tree, path = waiting.pop()
            if tree in self._whole:
                continue
            try:
                folder = self._reader.folder(tree)
            except DamagedError:
                self._blame(tree, path or b".")
                continue
            subs = [i for i, kind in enumerate(folder.kinds) if kind == DIR]
            if self._files(folder, path) and not subs:
                self._whole.add(tree)
            prefix = path + b"/" if path else b""
            waiting += [(folder.id_of(i), prefix + folder.names[i]) for i in subs]

    def _blame(self, id_: bytes, path: bytes) -> None:
        self.paths[id_].add(os.fsdecode(path))
        if not self._index.has(id_):
            self.missing.add(id_)

    def _files(self, folder: Folder, path: bytes) -> bool:
        there = self._index.known(folder.ids)
        if not self._bad and not self._large and there.all() and DIR not in folder.kinds:
            return True  # as nearly every folder is: nothing to look at one by one
        good = True
        for i, name in enumerate(folder.names):
            if folder.kinds[i] == DIR:
                continue
            id_ = folder.id_of(i)
            for wrong in self._wrong(id_, bool(there[i])):
                self._blame(wrong, path + b"/" + name if path else name)
                good = False
        return good

    def _wrong(self, id_: bytes, there: bool) -> list[bytes]:
        """The damaged or missing objects that a file needs: itself, or parts of it."""
        if not there or id_ in self._bad:
            return [id_]
        if id_ not in self._large:
            return []
        if id_ not in self._recipes:
            self._recipes[id_] = self._parts(self._index.placed(id_))
        return [part for part in self._recipes[id_] if part in self._bad or not self._index.has(part)]

    def _parts(self, places: list[Place]) -> list[bytes]:
        """The parts of the first good recipe; none when the file is stored whole."""
        for place in places:
            if place.kind == RECIPE:
                with contextlib.suppress(DamagedError):
                    return [part for part, _ in decode_recipe(self._reader.at(place))]
        return []


@dataclass(frozen=True)
class Found:
    """What is damaged, and which files need it."""

    bad: dict[bytes, tuple[str, ...]]  # damaged objects and the packs they are damaged in
    lost: frozenset[bytes]  # those without a good copy
    paths: Needs
    objects: int
    size: int  # bytes that were read
    unreadable: tuple[str, ...]

    def places(self, id_: bytes) -> list[tuple[bytes, str]]:
        """Trees and paths in them that need an object."""
        return [(tree, path) for tree, paths in self.paths.get(id_, {}).items() for path in paths]


def locate(reader: Reader, trees: list[bytes], lost: Iterable[bytes]) -> Needs:
    """Which paths of which trees need something that is lost or missing; reads folder objects only."""
    out: Needs = {}
    whole = _Trees(reader, set(lost))
    for tree in trees:
        whole.paths = defaultdict(set)
        whole.walk(tree)
        for id_, paths in whole.paths.items():
            out.setdefault(id_, {})[tree] = tuple(sorted(paths))
    return out


class PackProof(NamedTuple):
    """What reading a piece of one pack has shown."""

    bad: list[bytes]
    objects: int
    bytes: int
    unreadable: bool = False
    gone: bool = False  # reclaimed by another process: its objects are in a newer pack


class PackProver:
    """A job for pieces of packs."""

    def __init__(self, packs: Path, index: Index, progress: Progress | None) -> None:
        self._packs, self._index, self._progress = packs, index, progress
        self._pack: tuple[str, Records] | None = None  # of the last piece

    def do(self, piece: Piece) -> PackProof:
        try:
            rows = self._rows(piece)
        except ValueError:
            return PackProof([], 0, 0, gone=True)
        try:
            return PackProof(*_damage(self._packs / piece.pack, rows, self._progress))
        except FileNotFoundError:
            return PackProof([], 0, 0, gone=True)
        except OSError as error:  # a bad sector: everything in the piece is in doubt
            log.error("The pack %s cannot be read: %s", piece.pack, error)
            ids = rows["id"].tobytes()
            return PackProof([ids[i : i + ID] for i in range(0, len(ids), ID)], 0, 0, True)

    def _rows(self, piece: Piece) -> Records:
        if self._pack is None or self._pack[0] != piece.pack:
            self._pack = piece.pack, self._index.of_pack(piece.pack)
        rows = self._pack[1]
        low, high = np.searchsorted(rows["offset"], [piece.begin, piece.end])
        some: Records = rows[low:high]
        return some

    def end(self) -> None:
        """Nothing to finish."""

    def drop(self) -> None:
        """Nothing to undo."""


def make_prover(store: str, *, progress: Progress | None = None) -> PackProver:
    """The job in a helper; `store` is the folder of the store."""
    reader = store_reader(store)
    reader.index.refresh()
    return PackProver(Path(store) / "packs", reader.index, progress)


def _prove(
    packs: Path, names: list[str], index: Index, crew: Crew | None, progress: Progress | None
) -> list[tuple[str, PackProof]]:
    proofs: list[tuple[str, PackProof]] = []

    def done(piece: Piece, proof: PackProof) -> tuple[()]:
        proofs.append((piece.pack, proof))
        if progress and not proof.unreadable and not proof.gone:
            progress.advance(proof.bytes)
        return ()

    args = (os.fspath(packs.parent),)
    local = PackProver(packs, index, progress)
    pieces = [piece for name in names for piece in _pieces(index, name)]
    (crew or Crew(0)).share("verify", args, local, pieces, done, progress)
    return sorted(proofs)


def examine(
    packs: Path, reader: Reader, trees: list[bytes], progress: Progress | None, crew: Crew | None = None
) -> Found:
    """Read all packs; then find the paths of `trees` that need something damaged.

    Args:
        packs: the folder of packs.
        reader: reads trees.
        trees: roots whose paths are named.
        progress: counts bytes of objects.
    """
    index = reader.index
    index.refresh()
    if progress:
        progress.start("Verifying", sum(int(index.of_pack(name)["size"].sum()) for name in index.names))
    objects = size = 0
    where: dict[bytes, list[str]] = defaultdict(list)
    unreadable: list[str] = []
    waiting, seen = index.names, set[str]()
    while waiting:
        seen.update(waiting)
        try:
            proofs = _prove(packs, waiting, index, crew, progress)
        except HelperLost as lost_helper:
            log.warning("A helper process ended, so the packs are read again without it: %s", lost_helper)
            proofs = _prove(packs, waiting, index, None, progress)
        for name, proof in proofs:
            objects, size = objects + proof.objects, size + proof.bytes
            unreadable += [name] * proof.unreadable
            for id_ in proof.bad:
                where[id_].append(name)
        waiting = []
        if any(proof.gone for _, proof in proofs):
            index.refresh()
            waiting = [name for name in index.names if name not in seen]
    # An object with another, good copy is still damage of its pack, but no file is lost.
    lost = {id_ for id_, names in where.items() if len(index.placed(id_)) == len(names)}
    return Found(
        {id_: tuple(names) for id_, names in where.items()},
        frozenset(lost),
        locate(reader, trees, lost),
        objects,
        size,
        tuple(sorted({*index.bad, *unreadable})),
    )


def as_result(found: Found, index: Index, everything: bool) -> VerifyResult:
    """What was found, as the store hands it out.

    Args:
        found: from `examine`.
        index: knows what is missing.
        everything: tell also damage that none of the trees needs.
    """
    damaged = [Damaged(name, "") for name in found.unreadable] if everything else []
    for id_, names in found.bad.items():
        if everything or id_ in found.paths:
            damaged += [_damaged(found, id_, name) for name in names]
    missing = sorted(id_ for id_ in found.paths if id_ not in found.bad and not index.has(id_))
    damaged += [_damaged(found, id_, "") for id_ in missing]
    return VerifyResult(found.objects, found.size, tuple(damaged))


def _damaged(found: Found, id_: bytes, pack: str) -> Damaged:
    places = [(tree.hex(), path) for tree, path in found.places(id_)]
    return Damaged(pack, id_.hex(), tuple(sorted({path for _, path in places})), tuple(places))
