"""Read one folder of a working folder: what the stat cache does not know is hashed and kept.

This runs in the process that saves or checks and in its helpers (crew.py), a folder at a time.
"""

import os
import stat
import time
from bisect import bisect_left
from collections.abc import Iterator, Sequence
from contextlib import closing
from dataclasses import replace
from functools import lru_cache
from pathlib import Path
from typing import NamedTuple

from blake3 import blake3

from clew.base.errors import UserError, explain_os_error
from clew.base.progress import Progress
from clew.store.cache import Row
from clew.store.claims import Claims
from clew.store.cut import WHOLE_BELOW
from clew.store.index import Index
from clew.store.keep import Keeper, PackKeeper
from clew.store.large import Before, Large
from clew.store.read import Reader
from clew.store.scan import Found, look, scan, stats_of
from clew.store.tree import ID, LINK

TICK_NS = (
    12_000_000  # the clock of file times moves in steps of up to 10 ms; a write within one step is unseen
)
FUTURE_NS = 1_000_000_000  # a file time that lies ahead of the clock by more says nothing about now
RACY_NS = 20_000_000  # a file whose ctime is this close to the scan may change again within one tick
ATTEMPTS = 3  # readings of a file that changes meanwhile
GATHER_BYTES, GATHER_FILES = 8 << 20, 1024
PIECE = 4096  # files of one folder that one process hashes at a time
_OPEN = os.O_RDONLY | getattr(os, "O_NOFOLLOW", 0) | getattr(os, "O_NONBLOCK", 0) | getattr(os, "O_BINARY", 0)


class Ask(NamedTuple):
    """One folder to read."""

    rel: bytes
    row: Row | None  # as it was
    kept: bool  # the store has all of `row`
    whole: bool = False  # do not leave pieces to others


class Piece(NamedTuple):
    """Some files of one folder to hash: numbers `begin` to `end` of the `need` of a Taken."""

    rel: bytes
    begin: int
    end: int
    found: Found  # of these files only


class Taken(NamedTuple):
    """One folder or piece as it was read."""

    row: Row | None  # None: as it was; or `vanished`
    subs: list[bytes]
    unsteady: list[str]
    fresh: bool  # some file was hashed
    vanished: bool = False
    need: Sequence[int] = ()  # numbers of files whose ids are still missing: too many for one


class Vanished(Exception):
    """A file is gone or is something else: look at the folder again."""


class FolderReader:
    """A job for folders and pieces of folders."""

    def __init__(self, root: bytes, started: int, keeper: Keeper | None, progress: Progress | None) -> None:
        self.root, self.started, self.keeper, self.progress = root, started, keeper, progress
        self._began = started  # when the reading of the file at hand began
        self._row: Row | None = None  # of the folder at hand, as it was
        self._unsteady: list[str] = []
        self._fresh = False

    def end(self) -> tuple[int, dict[bytes, bytes]]:
        """Make content durable; returns how many bytes were new, and the recipes of large files."""
        if not isinstance(self.keeper, PackKeeper):
            return 0, {}
        recipes = self.keeper.finish_content()
        self.drop()
        return self.keeper.added, recipes

    def drop(self) -> None:
        """Remove what is not finished."""
        if isinstance(self.keeper, PackKeeper):
            self.keeper.close()

    def do(self, item: Ask | Piece) -> Taken:
        """Read a folder, or hash some of its files.

        Raises:
            UserError: a file or folder cannot be read; SurroundingsError: the store cannot be written.
        """
        self._check()
        self._unsteady, self._fresh = [], False
        self._row = None if isinstance(item, Piece) else item.row
        if isinstance(item, Piece):
            return self._piece(item)
        rel = item.rel
        path = os.path.join(self.root, rel) if rel else self.root
        try:
            listing = look(path)
        except (FileNotFoundError, NotADirectoryError):
            if not rel:
                raise
            return Taken(None, [], [os.fsdecode(rel)], False, vanished=True)
        except PermissionError as error:
            raise UserError(
                f"The folder {os.fsdecode(path)} cannot be read. Give yourself permission, then try again."
            ) from error
        row = item.row
        if row and row.mark and (self.keeper is None or item.kept) and row.mark == listing.mark():
            return Taken(None, listing.subs, [], False)
        return self._folder(item, path, listing.found())

    def _folder(self, item: Ask, path: bytes, found: Found) -> Taken:
        for attempt in range(ATTEMPTS + 1):
            try:
                known = self._known(item, found)
                if known is None:
                    assert item.row is not None
                    return Taken(replace(item.row, modes=found.modes, mark=found.mark), found.subs, [], False)
                ids, need = known
                if len(need) > 2 * PIECE and not item.whole and not attempt:
                    break
                done = self._hash(item.rel, path, found, bytearray(ids), need)
                need, ids = (), done
                break
            except Vanished as gone:
                if attempt == ATTEMPTS:
                    raise UserError(
                        f"{gone} keeps appearing and disappearing. "
                        "Stop the program that writes it, then try again."
                    ) from gone
                found = scan(path)
        stats = found.stats.tobytes()
        row = Row(found.joined, found.kinds, stats, bytes(ids), modes=found.modes, mark=found.mark)
        return Taken(row, found.subs, self._unsteady, self._fresh, need=need)

    def _piece(self, item: Piece) -> Taken:
        found = item.found
        path = os.path.join(self.root, item.rel) if item.rel else self.root
        try:
            ids = self._hash(item.rel, path, found, bytearray(ID * len(found.names)), range(len(found.names)))
        except Vanished:  # the whole folder is read again
            return Taken(None, [], [], True, vanished=True)
        return Taken(Row(b"", found.kinds, found.stats.tobytes(), ids), [], self._unsteady, self._fresh)

    def _known(self, item: Ask, found: Found) -> tuple[bytes | bytearray, Sequence[int]] | None:
        """The ids that the cache knows, and the numbers of the files to read; None when all is as it was."""
        row, n = item.row, len(found.names)
        if row is None:
            return bytearray(ID * n), range(n)
        if row.names == found.joined and row.kinds == found.kinds and row.stats == found.stats.tobytes():
            if self.keeper is None or item.kept:
                return None
            ids: bytes | bytearray = row.ids
            need: Sequence[int] = ()
        else:
            ids, need = _match(row, found)
        if self.keeper is not None and not item.kept:
            there = self.keeper.known(bytes(ids))
            missing = set(need)
            need = [i for i in range(n) if i in missing or not there[i]]
        return ids, need

    def _hash(self, rel: bytes, path: bytes, found: Found, ids: bytearray, need: Sequence[int]) -> bytes:
        gathered: list[tuple[int, bytes]] = []
        size = 0
        for i in need:
            self._fresh = True
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
        self._check()
        hashes = [blake3(data).digest() for _, data in gathered]
        for (i, _), digest in zip(gathered, hashes):
            ids[ID * i : ID * i + ID] = digest
        if self.keeper is None or not gathered:
            return
        there = self.keeper.known(b"".join(hashes))
        self.keeper.add_all(
            (digest, found.names[i], data)
            for (i, data), digest, known in zip(gathered, hashes, there)
            if not known
        )

    def _steady(self, found: Found, i: int, after: os.stat_result, size: int) -> bool:
        """Compare with the stats before reading, write down those after; False when the file changed.

        Also False when it may have changed: a write while it was read has the same time as the one before
        it when both fall into one step of the clock, so reading must begin a step after the last change.
        """
        now = stats_of(after)
        old = found.stats
        at = 4 * i
        steady = (
            old[at + 3] == now[3]
            and old[at + 2] == now[2]
            and old[at + 1] == now[1] == size
            and old[at] == now[0]
            and not self._began - TICK_NS < now[3] < self._began + FUTURE_NS
        )
        if steady and now[3] < self.started - RACY_NS:
            return True
        found.put(i, (now[0], size, now[2], 0))
        return steady

    def _open(self, where: bytes) -> int:
        try:
            return os.open(where, _OPEN)
        except PermissionError as error:
            text = f"The file {os.fsdecode(where)} cannot be read. Give yourself permission, or move it away."
            raise UserError(text) from error
        except OSError as error:  # gone, or now a link or a folder
            raise Vanished(os.fsdecode(where)) from error

    def _attempts(self, rel: bytes, path: bytes, found: Found, i: int) -> Iterator[tuple[int, bytes, int]]:
        """Open a file once more until the caller's reading is steady: descriptor, path, size to read.

        The caller closes the descriptor, and stops when `_steady` is true.
        """
        name = found.names[i]
        where = path + b"/" + name
        for attempt in range(ATTEMPTS):
            if attempt:
                time.sleep(TICK_NS / 1e9)
            self._began = time.time_ns()
            fd = self._open(where)
            if attempt:  # the first time the stats of the scan do
                st = os.fstat(fd)
                if not stat.S_ISREG(st.st_mode):
                    os.close(fd)
                    raise Vanished(os.fsdecode(where))
                found.put(i, stats_of(st))
            yield fd, where, found.stats[4 * i + 1]
        self._unsteady.append(os.fsdecode(rel + b"/" + name if rel else name))

    def _read(self, rel: bytes, path: bytes, found: Found, i: int) -> bytes:
        """The whole of a small file, or the target of a link."""
        if found.kinds[i] == LINK:
            return self._read_link(path, found, i)
        data = b""
        for fd, where, size in self._attempts(rel, path, found, i):
            try:
                data = read_some(fd, size, where)
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
            raise Vanished(os.fsdecode(found.names[i])) from error
        if len(target) != found.stats[4 * i + 1] or found.stats[4 * i + 3] >= self.started - RACY_NS:
            inode, _, mtime, _ = found.stats[4 * i : 4 * i + 4]
            found.put(i, (inode, len(target), mtime, 0))
        return target

    def _read_large(self, rel: bytes, path: bytes, found: Found, i: int) -> bytes:
        """The id of a large file; its parts go to the keeper as they are read."""
        digest, parts = b"", list[tuple[bytes, int]]()
        before = self._before(found.names[i])
        for fd, where, size in self._attempts(rel, path, found, i):
            try:
                large = Large(fd, size, where, before=before, check=self._check)
                if self.keeper is None:
                    large.hash()
                else:
                    # Closed also when keeping fails: the garbage collector would end the threads that hash
                    # from whatever thread it runs in, and one that is just starting waits for ever then.
                    with closing(large.parts()) as pieces:
                        parts = [self._keep_part(found.names[i], *part) for part in pieces]
                after = os.fstat(fd)
            finally:
                os.close(fd)
            digest = large.digest
            if self._steady(found, i, after, large.size):
                break
        if self.keeper is not None and not self.keeper.known(digest)[0]:
            self.keeper.add_recipe(digest, parts)
        return digest

    def _before(self, name: bytes) -> Before | None:
        """What the store has of a large file as the cache knows it."""
        if self._row is None or self.keeper is None:
            return None
        names = self._row.name_list()
        i = bisect_left(names, name)
        if names[i : i + 1] != [name]:
            return None
        id_ = self._row.ids[ID * i : ID * i + ID]
        parts = self.keeper.parts(id_)
        return Before(id_, parts) if parts else None

    def _keep_part(self, name: bytes, part: bytes, size: int, data: memoryview | None) -> tuple[bytes, int]:
        self._check()
        if data is not None and self.keeper is not None and not self.keeper.known(part)[0]:
            self.keeper.add(part, name, data)
        return part, size

    def _check(self) -> None:
        if self.progress:
            self.progress.check()


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


def read_some(fd: int, size: int, where: bytes) -> bytes:
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


@lru_cache(maxsize=1)
def store_reader(folder: str) -> Reader:
    """The reader of a helper's store; it stays, so that the next job only loads new packs."""
    packs = Path(folder) / "packs"
    return Reader(packs, Index(packs))


def make_reader(
    root: bytes, started: int, store: str | None, claims: str | None, *, progress: Progress | None = None
) -> FolderReader:
    """The job in a helper: `store` is the folder of the store; None: nothing is kept."""
    keeper = None
    if store is not None:
        reader = store_reader(store)
        doing = f"saving {os.fsdecode(root)}"
        try:
            reader.index.refresh()
        except OSError as error:
            raise explain_os_error(error, doing) from error
        keeper = PackKeeper(Path(store), reader.index, reader, doing, Claims.open(claims))
    return FolderReader(root, started, keeper, progress)
