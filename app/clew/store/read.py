"""Objects out of packs, each one checked against its id."""

import contextlib
import os
import struct
import threading
from collections import OrderedDict
from collections.abc import Iterator
from pathlib import Path

import zstandard
from blake3 import blake3

from clew.base.errors import DamagedError
from clew.store.index import Index, Place
from clew.store.pack import BINARY, RECIPE, TREE, ZSTD
from clew.store.tree import ID, SHARD, Folder, body_part, decode, join

RECIPE_HEAD = struct.Struct("<8sQQ")
RECIPE_MAGIC = b"CLEWRECI"
FRAMES, FILES, TREES_BYTES = 16, 64, 32 << 20  # kept at hand


def encode_recipe(parts: list[tuple[bytes, int]]) -> bytes:
    """The recipe of a file from its parts, as (id, size)."""
    size = sum(n for _, n in parts)
    body = RECIPE_HEAD.pack(RECIPE_MAGIC, len(parts), size) + b"".join(id_ for id_, _ in parts)
    body += struct.pack(f"<{len(parts)}Q", *(n for _, n in parts))
    return body + blake3(body).digest()


def decode_recipe(data: bytes) -> list[tuple[bytes, int]]:
    """The parts of a file, as (id, size).

    Raises:
        DamagedError: the recipe does not match its own hash.
    """
    if len(data) < RECIPE_HEAD.size + ID or blake3(data[:-ID]).digest() != data[-ID:]:
        raise DamagedError("The list of parts of a large file is damaged.")
    _, n, _ = RECIPE_HEAD.unpack_from(data)
    ids, sizes = RECIPE_HEAD.size, RECIPE_HEAD.size + ID * n
    numbers = struct.unpack_from(f"<{n}Q", data, sizes)
    return [(data[ids + ID * i : ids + ID * i + ID], numbers[i]) for i in range(n)]


class Reader:
    """Reads objects by id. Safe from any thread; `close` lets go of the pack files."""

    def __init__(self, packs: Path, index: Index) -> None:
        self._folder = packs
        self.store = packs.parent
        self.index = index
        self._lock = threading.Lock()
        self._fds: OrderedDict[str, int] = OrderedDict()
        self._frames: OrderedDict[tuple[str, int], bytes] = OrderedDict()
        self._trees: OrderedDict[bytes, Folder] = OrderedDict()
        self._trees_bytes = 0

    def close(self) -> None:
        with self._lock:
            for fd in self._fds.values():
                os.close(fd)
            self._fds.clear()
            self._frames.clear()
            self._trees.clear()
            self._trees_bytes = 0

    def _pread(self, pack: str, size: int, offset: int) -> bytes:
        try:
            with self._lock:
                fd = self._fds.pop(pack, -1)
                if fd < 0:
                    fd = os.open(self._folder / pack, os.O_RDONLY | BINARY)
                self._fds[pack] = fd
                if len(self._fds) > FILES:
                    os.close(self._fds.popitem(last=False)[1])
                if not hasattr(os, "pread"):  # Windows
                    os.lseek(fd, offset, os.SEEK_SET)
                    return os.read(fd, size)
                fd = os.dup(fd)  # another thread may close it meanwhile
            try:
                return os.pread(fd, size, offset)
            finally:
                os.close(fd)
        except OSError as error:
            text = f"The pack {pack} of the store cannot be read: {error.strerror}."
            raise DamagedError(text, (pack,)) from error

    def span(self, pack: str, begin: int, end: int) -> bytes:
        """The bytes of a pack, unchecked."""
        return self._pread(pack, end - begin, begin)

    def parts(self, id_: bytes) -> list[tuple[bytes, int]] | None:
        """Id and size of the parts of a large file; None: it is stored whole, or its recipe is damaged."""
        for place in self.index.placed(id_):
            if place.kind != RECIPE:
                return None
            with contextlib.suppress(DamagedError):
                return decode_recipe(self.at(place))
        return None

    def at(self, place: Place) -> bytes:
        """The bytes at one place, unchecked.

        Raises:
            DamagedError: the frame cannot be decompressed.
        """
        if place.coding != ZSTD:
            return self._pread(place.pack, place.stored, place.offset)
        key = (place.pack, place.offset)
        with self._lock:
            frame = self._frames.get(key)
            if frame is not None:
                self._frames.move_to_end(key)
        if frame is None:
            packed = self._pread(place.pack, place.stored, place.offset)
            try:
                frame = zstandard.ZstdDecompressor().decompress(packed)
            except zstandard.ZstdError as error:
                raise DamagedError(
                    f"The pack {place.pack} of the store is damaged.", (place.pack,)
                ) from error
            with self._lock:
                self._frames[key] = frame
                if len(self._frames) > FRAMES:
                    self._frames.popitem(last=False)
        if place.start == 0 and place.size == len(frame):
            return frame
        return frame[place.start : place.start + place.size]

    def _places(self, id_: bytes) -> Iterator[Place]:
        places = self.index.places(id_)
        yield from places
        # None of them would do: perhaps their packs were reclaimed, and the object is in a newer one.
        self.index.refresh()
        later = [place for place in self.index.placed(id_) if place not in places]
        yield from later
        if not places and not later:
            raise DamagedError(f"The object {id_.hex()} is missing from the store.")

    def content(self, id_: bytes) -> Iterator[bytes]:
        """The bytes of a file in pieces of at most 8 MiB, each checked before it is handed out.

        Raises:
            DamagedError: no copy in the store matches.
        """
        wrong: DamagedError | None = None
        for place in self._places(id_):
            try:
                if place.kind == RECIPE:
                    parts = decode_recipe(self.at(place))
                else:
                    data = self.at(place)
                    if place.kind == TREE:  # a file with the very bytes of a folder object
                        data = body_part(data)
                    if blake3(data).digest() == id_:
                        yield data
                        return
                    continue
            except DamagedError as error:
                wrong = error
                continue
            whole = blake3()
            for part, _ in parts:
                for piece in self.content(part):
                    whole.update(piece)
                    yield piece
            if whole.digest() != id_:
                raise DamagedError(f"The content {id_.hex()} of the store is damaged.")
            return
        raise wrong or DamagedError(f"The content {id_.hex()} of the store is damaged.")

    def folder(self, tree: bytes) -> Folder:
        """The entries of a folder, shards put together.

        Raises:
            DamagedError: the tree is missing or damaged.
        """
        with self._lock:
            kept = self._trees.get(tree)
        if kept is not None:
            return kept
        wrong: DamagedError | None = None
        for place in self._places(tree):
            try:
                folder = decode(tree, self.at(place))
            except DamagedError as error:
                wrong = error
                continue
            if folder.kinds[:1] == bytes([SHARD]):
                folder = join([self.folder(folder.id_of(i)) for i in range(len(folder))])
            self.remember(tree, folder)
            return folder
        raise wrong or DamagedError(f"The folder object {tree.hex()} of the store is damaged.")

    def remember(self, tree: bytes, folder: Folder) -> None:
        """Keep the entries of a folder at hand, in place of those that were read longest ago."""
        with self._lock:
            old = self._trees.pop(tree, None)
            self._trees_bytes += folder.weight - (old.weight if old is not None else 0)
            self._trees[tree] = folder
            while self._trees_bytes > TREES_BYTES and len(self._trees) > 1:
                self._trees_bytes -= self._trees.popitem(last=False)[1].weight

    def has_tree_now(self, tree: bytes) -> bool:
        """True when a pack that is loaded has the tree, and so all that it points to."""
        return any(place.kind == TREE for place in self.index.placed(tree))

    def has_tree(self, tree: bytes) -> bool:
        return any(place.kind == TREE for place in self.index.places(tree))
