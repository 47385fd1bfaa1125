"""The state of a working folder: hash what the stat cache does not know, hand new content to a keeper."""

import os
import stat
import time
from array import array
from collections.abc import Iterator, Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from pathlib import Path
from typing import Protocol

from blake3 import blake3

from clew.base.errors import UserError, explain_os_error
from clew.base.progress import Progress
from clew.store.cache import Row, cache_path, read_cache, write_cache
from clew.store.cut import WHOLE_BELOW, cut
from clew.store.scan import Found, scan, stats_of, walk
from clew.store.tree import DIR, ID, LINK, Folder, encode

RACY_NS = 20_000_000  # a file whose ctime is this close to the scan may change again within one tick
ATTEMPTS = 3  # readings of a file that changes meanwhile
GATHER_BYTES, GATHER_FILES = 8 << 20, 1024
_OPEN = os.O_RDONLY | getattr(os, "O_NOFOLLOW", 0) | getattr(os, "O_NONBLOCK", 0) | getattr(os, "O_BINARY", 0)


class Keeper(Protocol):
    """Takes what a save finds; `None` in its place means that nothing is stored."""

    def known(self, ids: bytes) -> Sequence[bool]: ...

    def has_tree(self, tree: bytes) -> bool: ...

    def add(self, id_: bytes, name: bytes, data: bytes) -> None: ...

    def add_recipe(self, id_: bytes, parts: list[tuple[bytes, int]]) -> None: ...

    def add_tree(self, tree: bytes, data: bytes) -> None: ...


class _Vanished(Exception):
    """A file is gone or is something else: look at the folder again."""


class WorkTree:
    """A working folder as it was when it was read."""

    def __init__(self) -> None:
        self.rows: dict[bytes, Row] = {}
        self.unsteady: list[str] = []
        self._by_tree: dict[bytes, bytes] = {}

    @property
    def root(self) -> Row:
        return self.rows[b""]

    def folder(self, tree: bytes) -> Folder:
        """The entries of one of its folders, by the folder's id."""
        if not self._by_tree:
            self._by_tree = {row.tree: rel for rel, row in self.rows.items()}
        rel = self._by_tree[tree]
        return as_folder(rel, self.rows)


def as_folder(rel: bytes, rows: dict[bytes, Row]) -> Folder:
    """Files, links and sub folders of one row as the columns of a tree."""
    row = rows[rel]
    numbers = array("q")
    numbers.frombytes(row.stats)
    folder = Folder(row.name_list(), row.kinds, numbers[1::4], row.ids, numbers[2::4])
    if not row.subs:
        return folder
    subs = row.subs.split(b"\0")
    folder.names += subs
    folder.kinds += bytes([DIR]) * len(subs)
    folder.ids += row.sub_ids
    prefix = rel + b"/" if rel else b""
    folder.sizes.extend(rows[prefix + name].size for name in subs)
    folder.mtimes.extend([0] * len(subs))
    order = sorted(range(len(folder.names)), key=folder.names.__getitem__)
    return Folder(
        [folder.names[i] for i in order],
        bytes([folder.kinds[i] for i in order]),
        array("q", [folder.sizes[i] for i in order]),
        b"".join([folder.id_of(i) for i in order]),
        array("q", [folder.mtimes[i] for i in order]),
    )


def identify(root: Path, cache: Path | None, keeper: Keeper | None, progress: Progress | None) -> WorkTree:
    """Find the tree id of a working folder.

    Args:
        root: the working folder.
        cache: folder of the stat caches; None neither reads nor writes one.
        keeper: gets the content and trees that it does not know.
        progress: counts files.

    Raises:
        UserError: the folder is missing, or a file or folder in it cannot be read.
        SurroundingsError: the store cannot be written.
    """
    where = os.fsencode(os.path.abspath(root))
    if not os.path.isdir(where):
        raise UserError(f"There is no folder {root}. Check where the project's folder is.")
    path = cache_path(cache, where) if cache else None
    before = read_cache(path) if path else {}
    if progress:
        total = before[b""].files if b"" in before else None
        progress.start("Reading files", total)
    reading = _Reading(where, before, keeper, progress)
    try:
        walk(where, reading.take, reading.vanished)
    except PermissionError as error:
        name = os.fsdecode(error.filename or b"")
        raise UserError(
            f"The folder {name} cannot be read. Give yourself permission, then try again."
        ) from error
    except OSError as error:
        raise explain_os_error(error, f"reading {root}") from error
    reading.finish()
    if path and reading.changed(before):
        write_cache(path, reading.work.rows)
    return reading.work


class _Reading:
    """One pass over a working folder."""

    def __init__(
        self, root: bytes, before: dict[bytes, Row], keeper: Keeper | None, progress: Progress | None
    ) -> None:
        self.root, self.before, self.keeper, self.progress = root, before, keeper, progress
        self.work = WorkTree()
        self.fresh = False  # some file was hashed
        self.started = self._began = time.time_ns()
        self._racy = False  # the file that is being read was written a moment ago
        self.subs: dict[bytes, list[bytes]] = {}

    def vanished(self, rel: bytes) -> None:
        self.work.unsteady.append(os.fsdecode(rel))

    def changed(self, before: dict[bytes, Row]) -> bool:
        return self.fresh or before.keys() != self.work.rows.keys() or before != self.work.rows

    def take(self, rel: bytes, found: Found) -> None:
        """One folder: its files get ids; sub folders come later."""
        path = os.path.join(self.root, rel) if rel else self.root
        for attempt in range(ATTEMPTS + 1):
            try:
                ids = self._ids(rel, path, found)
                break
            except _Vanished as gone:
                if attempt == ATTEMPTS:
                    raise UserError(
                        f"{gone} keeps appearing and disappearing. "
                        "Stop the program that writes it, then try again."
                    ) from gone
                found = scan(path)
        if self.progress:
            self.progress.advance(len(found.names))
        self.work.rows[rel] = Row(b"\0".join(found.names), found.kinds, found.stats.tobytes(), ids)
        self.subs[rel] = found.subs

    def _ids(self, rel: bytes, path: bytes, found: Found) -> bytes:
        row = self.before.get(rel)
        names = found.names
        if row is None:
            return self._hash(rel, path, found, bytearray(ID * len(names)), range(len(names)))
        if row.names == b"\0".join(names) and row.kinds == found.kinds and row.stats == found.stats.tobytes():
            if self.keeper is None or (row.tree and self.keeper.has_tree(row.tree)):
                return row.ids
            ids = bytearray(row.ids)
            need: Sequence[int] = ()
        else:
            ids, need = self._match(row, found)
        if self.keeper is not None:
            there = self.keeper.known(bytes(ids))
            missing = set(need)
            need = [i for i in range(len(names)) if i in missing or not there[i]]
        return self._hash(rel, path, found, ids, need)

    @staticmethod
    def _match(row: Row, found: Found) -> tuple[bytearray, list[int]]:
        """Ids of the files whose name and stats are cached, and the numbers of the others."""
        was = {name: i for i, name in enumerate(row.name_list())}
        now, before = found.stats.tobytes(), row.stats
        ids, need = bytearray(), []
        for i, name in enumerate(found.names):
            k = was.get(name, -1)
            same = k >= 0 and before[32 * k : 32 * k + 32] == now[32 * i : 32 * i + 32]
            if same and row.kinds[k] == found.kinds[i]:
                ids += row.ids[ID * k : ID * k + ID]
            else:
                ids += bytes(ID)
                need.append(i)
        return ids, need

    def _hash(self, rel: bytes, path: bytes, found: Found, ids: bytearray, need: Sequence[int]) -> bytes:
        gathered: list[tuple[int, bytes]] = []
        size = 0
        for i in need:
            self.fresh = True
            if found.kinds[i] != LINK and found.stats[4 * i + 1] >= WHOLE_BELOW:
                ids[ID * i : ID * i + ID] = self._read_large(rel, path, found, i)
                continue
            data = self._read(rel, path, found, i)
            gathered.append((i, data))
            size += len(data)
            if size >= GATHER_BYTES or len(gathered) >= GATHER_FILES:
                self._keep(found, ids, gathered)
                gathered, size = [], 0
        self._keep(found, ids, gathered)
        return bytes(ids)

    def _keep(self, found: Found, ids: bytearray, gathered: list[tuple[int, bytes]]) -> None:
        if self.progress:
            self.progress.check()
        hashes = [blake3(data).digest() for _, data in gathered]
        for (i, _), digest in zip(gathered, hashes):
            ids[ID * i : ID * i + ID] = digest
        if self.keeper is None or not gathered:
            return
        for (i, data), digest, there in zip(gathered, hashes, self.keeper.known(b"".join(hashes))):
            if not there:
                self.keeper.add(digest, found.names[i], data)

    def _steady(self, found: Found, i: int, after: os.stat_result, size: int) -> bool:
        """Compare with the stats before reading, write down those after; False when the file changed."""
        now = stats_of(after)
        steady = tuple(found.stats[4 * i : 4 * i + 4]) == now and size == after.st_size
        # Within one tick of the file system's clock a write leaves the stats as they are: read it once more.
        self._racy = self._began - RACY_NS < now[3] <= time.time_ns()
        steady = steady and not self._racy
        trusted = steady and now[3] < self.started - RACY_NS
        found.stats[4 * i : 4 * i + 4] = array("q", (now[0], size, now[2], now[3] if trusted else 0))
        return steady

    def _open(self, where: bytes) -> int:
        try:
            return os.open(where, _OPEN)
        except PermissionError as error:
            text = f"The file {os.fsdecode(where)} cannot be read. Give yourself permission, or move it away."
            raise UserError(text) from error
        except OSError as error:  # gone, or now a link or a folder
            raise _Vanished(os.fsdecode(where)) from error

    def _attempts(self, rel: bytes, path: bytes, found: Found, i: int) -> Iterator[tuple[int, bytes, int]]:
        """Open a file once more until the caller's reading is steady: descriptor, path, size to read.

        The caller closes the descriptor, and stops when `_steady` is true.
        """
        name = found.names[i]
        where = path + b"/" + name
        self._racy = False
        for attempt in range(ATTEMPTS):
            if self._racy:
                time.sleep(RACY_NS / 1e9)
            self._began = time.time_ns()
            fd = self._open(where)
            if attempt:  # the first time the stats of the scan do
                st = os.fstat(fd)
                if not stat.S_ISREG(st.st_mode):
                    os.close(fd)
                    raise _Vanished(os.fsdecode(where))
                found.stats[4 * i : 4 * i + 4] = array("q", stats_of(st))
            yield fd, where, found.stats[4 * i + 1]
        self.work.unsteady.append(os.fsdecode(rel + b"/" + name if rel else name))

    def _read(self, rel: bytes, path: bytes, found: Found, i: int) -> bytes:
        """The whole of a small file, or the target of a link."""
        if found.kinds[i] == LINK:
            return self._read_link(path, found, i)
        data = b""
        for fd, where, size in self._attempts(rel, path, found, i):
            try:
                data = _read_some(fd, size, where)
                after = os.fstat(fd)
            finally:
                os.close(fd)
            if self._steady(found, i, after, len(data)):
                break
        return data

    def _read_link(self, path: bytes, found: Found, i: int) -> bytes:
        try:
            target = os.readlink(path + b"/" + found.names[i])
        except OSError as error:
            raise _Vanished(os.fsdecode(found.names[i])) from error
        if len(target) != found.stats[4 * i + 1] or found.stats[4 * i + 3] >= self.started - RACY_NS:
            found.stats[4 * i + 1], found.stats[4 * i + 3] = len(target), 0
        return target

    def _read_large(self, rel: bytes, path: bytes, found: Found, i: int) -> bytes:
        """The id of a large file; its parts go to the keeper as they are read.

        The hash of the whole is made in a second thread, beside the hashes of the parts and the writing.
        """
        digest, parts = b"", list[tuple[bytes, int]]()
        for fd, where, size in self._attempts(rel, path, found, i):
            whole, parts = blake3(), []
            with ThreadPoolExecutor(1) as beside:
                hashing: Future[object] | None = None
                try:
                    for begin, end in cut(size):
                        data = _read_some(fd, end - begin, where)
                        if not data:
                            break
                        if hashing is not None:
                            hashing.result()
                        hashing = beside.submit(whole.update, data)
                        parts.append((self._keep_part(found.names[i], data), len(data)))
                    after = os.fstat(fd)
                finally:
                    os.close(fd)
            digest = whole.digest()
            if self._steady(found, i, after, sum(n for _, n in parts)):
                break
        if self.keeper is not None and not self.keeper.known(digest)[0]:
            self.keeper.add_recipe(digest, parts)
        return digest

    def _keep_part(self, name: bytes, data: bytes) -> bytes:
        if self.progress:
            self.progress.check()
        part = blake3(data).digest()
        if self.keeper is not None and not self.keeper.known(part)[0]:
            self.keeper.add(part, name, data)
        return part

    def finish(self) -> None:
        """Give each folder its id, children first."""
        rows = self.work.rows
        for rel in reversed(list(rows)):
            row = rows[rel]
            prefix = rel + b"/" if rel else b""
            subs = [name for name in self.subs[rel] if prefix + name in rows]
            below = [rows[prefix + name] for name in subs]
            row.subs, row.sub_ids = b"\0".join(subs), b"".join([sub.tree for sub in below])
            numbers = array("q")
            numbers.frombytes(row.stats)
            row.files = len(row.kinds) + sum(sub.files for sub in below)
            row.size = sum(numbers[1::4]) + sum(sub.size for sub in below)
            was = self.before.get(rel)
            same = was is not None and was.tree and _content(was) == _content(row)
            if same and was is not None and (self.keeper is None or self.keeper.has_tree(was.tree)):
                row.tree = was.tree
                continue
            objects = encode(as_folder(rel, rows))
            row.tree = objects[-1][0]
            if self.keeper is not None:
                for tree, data in objects:
                    self.keeper.add_tree(tree, data)


def _content(row: Row) -> tuple[bytes, ...]:
    return row.names, row.kinds, row.ids, row.subs, row.sub_ids


def _read_some(fd: int, size: int, where: bytes) -> bytes:
    """Read up to `size` bytes, in as many calls as it takes."""
    try:
        data = os.read(fd, size)
        if len(data) == size or not data:
            return data
        parts = [data]
        got = len(data)
        while got < size and (data := os.read(fd, size - got)):
            parts.append(data)
            got += len(data)
        return parts[0] if len(parts) == 1 else b"".join(parts)
    except OSError as error:
        raise UserError(f"The file {os.fsdecode(where)} cannot be read: {error.strerror}.") from error
