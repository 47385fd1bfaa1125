"""A folder as one object: columns of names, kinds, sizes and ids (FORMAT.md, Tree)."""

from __future__ import annotations  # array is generic for type checkers only

import struct
from array import array
from collections.abc import Iterator
from dataclasses import dataclass, field
from zlib import crc32

from blake3 import blake3

from clew.base.errors import DamagedError

FILE, EXECUTABLE, LINK, DIR, SHARD = range(5)
ID = 32  # bytes of an id
MAGIC = b"CLEWTREE"
HEAD = struct.Struct("<8sQQ")
MOST = 8192  # entries of a folder that is not cut into shards
SHARD_MASK = 0x7FF  # on average 2,048 entries a shard


@dataclass(slots=True)
class Folder:
    """The entries of one folder, sorted by name; column `i` of each field is one entry."""

    names: list[bytes] = field(default_factory=list)
    kinds: bytes = b""
    sizes: array[int] = field(default_factory=lambda: array("q"))
    ids: bytes = b""  # 32 bytes each
    mtimes: array[int] = field(default_factory=lambda: array("q"))

    def id_of(self, i: int) -> bytes:
        return self.ids[ID * i : ID * i + ID]

    def part(self, begin: int, end: int) -> Folder:
        return Folder(
            self.names[begin:end],
            self.kinds[begin:end],
            self.sizes[begin:end],
            self.ids[ID * begin : ID * end],
            self.mtimes[begin:end],
        )


EMPTY_TREE = blake3(HEAD.pack(MAGIC, 0, 0)).digest()


def body_of(folder: Folder) -> bytes:
    """The bytes whose hash is the folder's id."""
    names = b"\0".join(folder.names)
    head = HEAD.pack(MAGIC, len(folder.names), len(names))
    return b"".join((head, folder.sizes.tobytes(), folder.kinds, folder.ids, names))


def _seal(folder: Folder) -> tuple[bytes, bytes]:
    body, times = body_of(folder), folder.mtimes.tobytes()
    return blake3(body).digest(), b"".join((body, times, blake3(times).digest()))


def _shard_ends(names: list[bytes]) -> Iterator[int]:
    begin = 0
    for i, name in enumerate(names):
        if not crc32(name) & SHARD_MASK or i - begin + 1 == MOST:
            begin = i + 1
            yield begin
    if begin < len(names):
        yield len(names)


def encode(folder: Folder) -> list[tuple[bytes, bytes]]:
    """The objects that hold a folder, as (id, stored bytes); the folder itself is the last."""
    if len(folder.names) <= MOST:
        return [_seal(folder)]
    out, top, begin = [], Folder(), 0
    kinds, ids = bytearray(), []
    for end in _shard_ends(folder.names):
        shard = folder.part(begin, end)
        sealed = _seal(shard)
        out.append(sealed)
        top.names.append(shard.names[-1])
        top.sizes.append(sum(shard.sizes))
        top.mtimes.append(0)
        kinds.append(SHARD)
        ids.append(sealed[0])
        begin = end
    top.kinds, top.ids = bytes(kinds), b"".join(ids)
    out.append(_seal(top))
    return out


def decode(tree: bytes, data: bytes) -> Folder:
    """Read and check one stored tree.

    Raises:
        DamagedError: the bytes are not those of this tree.
    """
    if len(data) < HEAD.size:
        raise DamagedError(f"The folder object {tree.hex()} is damaged.")
    magic, n, length = HEAD.unpack_from(data)
    sizes = HEAD.size
    kinds = sizes + 8 * n
    ids = kinds + n
    names = ids + ID * n
    times = names + length
    check = times + 8 * n
    right = magic == MAGIC and len(data) == check + ID and blake3(data[:times]).digest() == tree
    if not right or blake3(data[times:check]).digest() != data[check:]:
        raise DamagedError(f"The folder object {tree.hex()} is damaged.")
    folder = Folder(data[names:times].split(b"\0") if n else [], data[kinds:ids], ids=data[ids:names])
    folder.sizes.frombytes(data[sizes:kinds])
    folder.mtimes.frombytes(data[times:check])
    return folder


def body_part(data: bytes) -> bytes:
    """The hashed part of a stored tree."""
    _, n, length = HEAD.unpack_from(data)
    return data[: HEAD.size + (8 + 1 + ID) * n + length]


def join(folders: list[Folder]) -> Folder:
    """The entries of shards, one after another."""
    out = Folder(kinds=b"".join(f.kinds for f in folders), ids=b"".join(f.ids for f in folders))
    for folder in folders:
        out.names += folder.names
        out.sizes += folder.sizes
        out.mtimes += folder.mtimes
    return out
