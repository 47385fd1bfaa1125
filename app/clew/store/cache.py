"""The stat cache: which bytes a file had when its inode, size, mtime and ctime were these. Safe to delete."""

import contextlib
import os
import struct
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from blake3 import blake3

from clew.base.atomic import write_atomic
from clew.base.log import log

MAGIC = b"CLEWSTA3"
HEAD = struct.Struct("<8s32sQ")
ROW = struct.Struct("<QQQQQQQ32s16s")
STATS = 32  # bytes: four int64 per file


@dataclass(slots=True)
class Row:
    """One folder as it was: files and links sorted by name, then its sub folders."""

    names: bytes  # joined by a zero byte
    kinds: bytes
    stats: bytes  # int64 inode, size, mtime_ns, ctime_ns of each; ctime 0 = hash it again next time
    ids: bytes
    subs: bytes = b""  # joined by a zero byte
    sub_ids: bytes = b""
    tree: bytes = b""
    files: int = 0  # in it and below
    size: int = 0
    modes: bytes = b""  # uint16 of each file and link, as in a tree
    mark: bytes = b""  # of the listing that gave these stats (scan.Listing.mark); empty: compare them all

    def name_list(self) -> list[bytes]:
        return self.names.split(b"\0") if self.kinds else []


def cache_path(folder: Path, root: bytes) -> Path:
    """Where the rows of one working folder are kept."""
    return folder / f"{blake3(root).hexdigest(length=16)}.stat"


def read_cache(path: Path) -> dict[bytes, Row]:
    """The rows of a working folder by path inside it; none when there is no cache or it is damaged."""
    try:
        data = path.read_bytes()
    except FileNotFoundError:
        return {}
    except OSError as error:
        log.warning("The stat cache cannot be read: %s", error)
        return {}
    rows: dict[bytes, Row] = {}
    with contextlib.suppress(struct.error):
        magic, check, n = HEAD.unpack_from(data)
        body = memoryview(data)[HEAD.size :]
        if magic != MAGIC or blake3(body).digest() != check:
            return {}
        at = HEAD.size
        for _ in range(n):
            rel, names, kinds, subs, n_subs, files, size, tree, mark = ROW.unpack_from(data, at)
            at += ROW.size
            cut = []
            for length in (rel, names, kinds, STATS * kinds, 32 * kinds, 2 * kinds, subs, 32 * n_subs):
                cut.append(data[at : at + length])
                at += length
            path_, names_, kinds_, stats, ids, modes, subs_, sub_ids = cut
            tree, mark = (value if any(value) else b"" for value in (tree, mark))
            rows[path_] = Row(names_, kinds_, stats, ids, subs_, sub_ids, tree, files, size, modes, mark)
    return rows


def write_cache(path: Path, rows: Mapping[bytes, Row]) -> None:
    """Replace the rows of a working folder. A failure is logged only: the cache is no more than speed."""
    parts = []
    for rel, row in rows.items():
        lengths = (len(rel), len(row.names), len(row.kinds), len(row.subs), len(row.sub_ids) // 32)
        parts.append(ROW.pack(*lengths, row.files, row.size, row.tree, row.mark))
        parts += [rel, row.names, row.kinds, row.stats, row.ids, row.modes, row.subs, row.sub_ids]
    body = b"".join(parts)
    try:
        os.makedirs(path.parent, exist_ok=True)
        write_atomic(path, HEAD.pack(MAGIC, blake3(body).digest(), len(rows)) + body, durable=False)
    except OSError as error:
        log.warning("The stat cache cannot be written: %s", error)
