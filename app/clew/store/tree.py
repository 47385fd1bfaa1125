"""A folder as one object: columns of names, kinds, sizes and ids (FORMAT.md, Tree)."""

from __future__ import annotations  # array is generic for type checkers only

import struct
from array import array
from collections.abc import Iterator
from zlib import crc32

from blake3 import blake3

from clew.base.errors import DamagedError

FILE, EXECUTABLE, LINK, DIR, SHARD = range(5)
ID = 32  # bytes of an id
MAGIC = b"CLEWTREE"
HEAD = struct.Struct("<8sQQ")
MOST = 8192  # entries of a folder that is not cut into shards
PERMISSIONS = 0o777
MODE_KEPT = 0o100000  # the bit of a regular file, so that 0o000 is not taken for "not known"
NO_MODE = 0
SHARD_MASK = 0x7FF  # on average 2,048 entries a shard


class Folder:
    """The entries of one folder, sorted by name; column `i` of each field is one entry.

    Args:
        names: a list, or all of them with a zero byte between; they are cut apart when somebody asks.
        kinds: a byte each; sizes and mtimes: int64, bytes and ns; ids: 32 bytes each.
        modes: uint16, `kept_mode` of each file; NO_MODE of what has none.
    """

    __slots__ = ("_joined", "_names", "ids", "kinds", "modes", "mtimes", "sizes")

    def __init__(
        self,
        names: list[bytes] | bytes = b"",
        kinds: bytes = b"",
        sizes: array[int] | None = None,
        ids: bytes = b"",
        mtimes: array[int] | None = None,
        modes: array[int] | None = None,
    ) -> None:
        self._names = None if isinstance(names, bytes) else names
        self._joined = names if isinstance(names, bytes) else None
        self.kinds, self.ids = kinds, ids
        self.sizes = array("q") if sizes is None else sizes
        self.mtimes = array("q") if mtimes is None else mtimes
        self.modes = array("H", bytes(2 * len(kinds))) if modes is None else modes

    def __len__(self) -> int:
        return len(self.kinds)

    @property
    def names(self) -> list[bytes]:
        """Not to be changed."""
        if self._names is None:
            self._names = self.joined.split(b"\0") if self.kinds else []
        return self._names

    @property
    def joined(self) -> bytes:
        """The names with a zero byte between."""
        if self._joined is None:
            self._joined = b"\0".join(self.names)
        return self._joined

    def id_of(self, i: int) -> bytes:
        return self.ids[ID * i : ID * i + ID]

    def part(self, begin: int, end: int) -> Folder:
        return Folder(
            self.names[begin:end],
            self.kinds[begin:end],
            self.sizes[begin:end],
            self.ids[ID * begin : ID * end],
            self.mtimes[begin:end],
            self.modes[begin:end],
        )

    @property
    def weight(self) -> int:
        """At most so many bytes of memory, about."""
        return 512 + 2 * len(self.joined) + (48 + 1 + ID + 8 + 8 + 2) * len(self)


EMPTY_TREE = blake3(HEAD.pack(MAGIC, 0, 0)).digest()


def body_of(folder: Folder) -> bytes:
    """The bytes whose hash is the folder's id."""
    head = HEAD.pack(MAGIC, len(folder), len(folder.joined))
    return b"".join((head, folder.sizes.tobytes(), folder.kinds, folder.ids, folder.joined))


def _seal(folder: Folder) -> tuple[bytes, bytes]:
    body, beside = body_of(folder), folder.mtimes.tobytes() + folder.modes.tobytes()
    return blake3(body).digest(), b"".join((body, beside, blake3(beside).digest()))


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
    if len(folder) <= MOST:
        return [_seal(folder)]
    out, names, sizes, begin = list[tuple[bytes, bytes]](), list[bytes](), array("q"), 0
    for end in _shard_ends(folder.names):
        shard = folder.part(begin, end)
        out.append(_seal(shard))
        names.append(shard.names[-1])
        sizes.append(sum(shard.sizes))
        begin = end
    n = len(out)
    ids = b"".join([id_ for id_, _ in out])
    out.append(_seal(Folder(names, bytes([SHARD]) * n, sizes, ids, array("q", bytes(8 * n)))))
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
    modes = times + 8 * n
    check = len(data) - ID
    right = magic == MAGIC and check in {modes, modes + 2 * n} and blake3(data[:times]).digest() == tree
    if not right or blake3(data[times:check]).digest() != data[check:]:
        raise DamagedError(f"The folder object {tree.hex()} is damaged.")
    columns = array("q", data[sizes:kinds]), array("q", data[times:modes])
    kept = array("H", data[modes:check]) if check > modes else None
    return Folder(data[names:times], data[kinds:ids], columns[0], data[ids:names], columns[1], kept)


def body_part(data: bytes) -> bytes:
    """The hashed part of a stored tree."""
    _, n, length = HEAD.unpack_from(data)
    return data[: HEAD.size + (8 + 1 + ID) * n + length]


def join(folders: list[Folder]) -> Folder:
    """The entries of shards, one after another."""
    return Folder(
        b"\0".join([f.joined for f in folders if len(f)]),
        b"".join([f.kinds for f in folders]),
        array("q", b"".join([f.sizes.tobytes() for f in folders])),
        b"".join([f.ids for f in folders]),
        array("q", b"".join([f.mtimes.tobytes() for f in folders])),
        array("H", b"".join([f.modes.tobytes() for f in folders])),
    )
