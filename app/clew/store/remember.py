"""The stats of restored files go into the stat cache at once, so that the next check costs a walk."""

import contextlib
import os
import time
from array import array
from bisect import bisect_left
from collections.abc import Mapping
from pathlib import Path

from clew.store.cache import STATS, Row, cache_path, read_cache, write_cache
from clew.store.diff import Side
from clew.store.folder_reader import RACY_NS
from clew.store.journal import Stats
from clew.store.scan import kept_mode, stats_of
from clew.store.tree import DIR, ID


def remember(root: str, cache: Path | None, write: Mapping[str, Side]) -> None:
    """Put the stats of the restored files into the stat cache, so that the next check is a walk."""
    if cache is None:
        return
    where = cache_path(cache, os.fsencode(root))
    rows = read_cache(where)
    touched: dict[bytes, dict[bytes, tuple[Side, Stats, int]]] = {}
    now = time.time_ns()
    for path, side in write.items():
        if side.kind == DIR:
            continue
        with contextlib.suppress(OSError):
            st = os.lstat(os.path.join(root, path))
            stats = stats_of(st)
            # The mtime was set by us, long before now: any later write would have moved it.
            if stats[2] != side.mtime_ns or side.mtime_ns > now - RACY_NS or stats[1] != side.size:
                continue
            above, _, name = os.fsencode(path).rpartition(b"/")
            touched.setdefault(above, {})[name] = (side, stats, kept_mode(st.st_mode))
    for rel, news in touched.items():
        rows[rel] = _merged(rows.get(rel), news)
    write_cache(where, rows)


def _merged(row: Row | None, news: dict[bytes, tuple[Side, Stats, int]]) -> Row:
    row = row or Row(b"", b"", b"", b"")
    names = row.name_list()
    kinds, stats, ids = bytearray(row.kinds), bytearray(row.stats), bytearray(row.ids)
    modes = array("H", row.modes)
    for name, (side, seen, mode) in news.items():
        i = bisect_left(names, name)
        there = int(i < len(names) and names[i] == name)
        names[i : i + there] = [name]
        kinds[i : i + there] = bytes([side.kind])
        stats[STATS * i : STATS * (i + there)] = array("q", seen).tobytes()
        ids[ID * i : ID * (i + there)] = side.id
        modes[i : i + there] = array("H", [mode])
    return Row(b"\0".join(names), bytes(kinds), bytes(stats), bytes(ids), modes=modes.tobytes())
