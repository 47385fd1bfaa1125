"""The state of a working folder: hash what the stat cache does not know, hand new content to a keeper."""

import os
import time
from array import array
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

from clew.base.errors import UserError, explain_os_error
from clew.base.log import log
from clew.base.progress import Progress
from clew.store.cache import STATS, Row, cache_path, read_cache, write_cache
from clew.store.crew import Crew, HelperLost
from clew.store.folder_reader import PIECE, Ask, FolderReader, Piece, Taken
from clew.store.keep import Keeper
from clew.store.scan import Found
from clew.store.tree import ID, encode
from clew.store.types import RestorePlan
from clew.store.watch import Watch, Watches
from clew.store.worktree import WorkTree, as_folder


class Surroundings:
    """What an identification works with.

    Args:
        cache: folder of the stat caches; None neither reads nor writes one.
        crew: helps; None: this process works alone.
        keeper: gets the content and trees that it does not know; None: nothing is kept.
        store: the folder of the store, when there is a keeper.
    """

    def __init__(
        self,
        cache: Path | None = None,
        crew: Crew | None = None,
        keeper: Keeper | None = None,
        store: Path | None = None,
    ) -> None:
        self.cache, self.crew, self.keeper, self.store = cache, crew, keeper, store
        self.watches = Watches()
        self.planned: tuple[float, RestorePlan, object] | None = None  # by restore: when, what, from what


def identify(root: Path, around: Surroundings, progress: Progress | None = None) -> WorkTree:
    """Find the tree id of a working folder.

    Raises:
        UserError: the folder is missing, or a file or folder in it cannot be read.
        SurroundingsError: the store cannot be written.
        HelperLost: only with a keeper, which is of no use then: save again without a crew.
    """
    where = os.fsencode(os.path.abspath(root))
    if not os.path.isdir(where):
        raise UserError(f"There is no folder {root}. Check where the project's folder is.")
    watch = around.watches.get(where) if around.keeper is None else None
    if watch is None or not watch.lock.acquire(blocking=False):
        return _identify(where, around, progress, None)
    try:
        return _identify(where, around, progress, watch)
    finally:
        watch.lock.release()


def _identify(where: bytes, around: Surroundings, progress: Progress | None, watch: Watch | None) -> WorkTree:
    path = cache_path(around.cache, where) if around.cache else None
    dirty = watch.dirty_folders() if watch is not None else None
    before = watch.rows if watch is not None and dirty is not None else read_cache(path) if path else {}
    if watch is not None and dirty is None:
        watch.cover(before)
    if progress:
        total = before[b""].files if b"" in before else None
        progress.start("Reading files", total)
    try:
        reading = _Reading(where, before, around, progress, dirty)
        try:
            reading.run(around.crew)
        except HelperLost as error:
            if around.keeper is not None:
                raise
            log.warning("A helper process ended, so the folder is read again without it: %s", error)
            reading = _Reading(where, before, around, progress)
            reading.run(None)
    except OSError as error:
        raise explain_os_error(error, f"reading {os.fsdecode(where)}") from error
    reading.finish()
    if watch is not None:
        watch.settle(dict(reading.work.rows), walked=dirty is None)
    if path and reading.changed():
        write_cache(path, reading.work.rows)
    return reading.work


class _Reading:
    """One pass over a working folder."""

    def __init__(
        self,
        root: bytes,
        before: dict[bytes, Row],
        around: Surroundings,
        progress: Progress | None,
        dirty: set[bytes] | None = None,
    ) -> None:
        self.root, self.before, self.progress = root, before, progress
        self.keeper = around.keeper
        self.store = os.fspath(around.store) if around.store else None
        self.work = WorkTree()
        self.fresh = False  # some file was hashed
        self.started = time.time_ns()
        self.subs: dict[bytes, list[bytes]] = {}
        self._parts: dict[bytes, _Parts] = {}
        self._asked: set[bytes] = set()
        self._dirty = dirty

    def changed(self) -> bool:
        return self.fresh or self.before.keys() != self.work.rows.keys() or self.before != self.work.rows

    def run(self, crew: Crew | None) -> None:
        """Read all folders, or those that are dirty."""
        first = self._pass_clean([b""]) if self._dirty is not None else [self._ask(b"")]
        local = FolderReader(self.root, self.started, self.keeper, self.progress)
        claims = self.keeper.claims if self.keeper is not None else None
        store = self.store if self.keeper is not None else None
        args = (self.root, self.started, store, claims.path if claims is not None else None)
        crew = crew or Crew(0)
        for added, recipes in crew.share("read", args, local, first, self._done, self.progress):
            self.work.added += added
            if self.keeper is not None:
                self.keeper.recipes.update(recipes)

    def _ask(self, rel: bytes, whole: bool = False) -> Ask:
        row = self.before.get(rel)
        kept = bool(row and row.tree and self.keeper is not None and self.keeper.has_tree(row.tree))
        return Ask(rel, row, kept, whole)

    def _done(self, item: Ask | Piece, taken: Taken) -> Iterator[Ask | Piece]:
        rel = item.rel
        self.work.unsteady += taken.unsteady
        self.fresh |= taken.fresh
        if isinstance(item, Piece):
            return self._put_piece(item, taken)
        if taken.vanished:
            return iter(())
        row = taken.row if taken.row is not None else self.before[rel]
        self.work.rows[rel] = row
        self.subs[rel] = taken.subs
        if self.progress:
            self.progress.advance(len(row.kinds) - len(taken.need))
        prefix = rel + b"/" if rel else b""
        subs = [prefix + name for name in taken.subs if prefix + name not in self._asked]
        asks = [self._ask(sub) for sub in subs] if self._dirty is None else self._pass_clean(subs)
        self._asked.update(ask.rel for ask in asks)
        if not taken.need:
            return iter(asks)
        parts = self._parts[rel] = _Parts(row, list(taken.need))
        return iter([*parts.pieces(rel), *asks])

    def _pass_clean(self, rels: list[bytes]) -> list[Ask]:
        """Take over the folders that were not touched, with all that is below them; ask for the others."""
        waiting, asks = list(rels), []
        assert self._dirty is not None
        while waiting:
            rel = waiting.pop()
            row = self.before.get(rel)
            if row is None or rel in self._dirty:
                asks.append(self._ask(rel))
                continue
            self.work.rows[rel] = row
            self.subs[rel] = row.subs.split(b"\0") if row.subs else []
            prefix = rel + b"/" if rel else b""
            waiting += [prefix + name for name in self.subs[rel]]
        return asks

    def _put_piece(self, item: Piece, taken: Taken) -> Iterator[Ask | Piece]:
        parts = self._parts[item.rel]
        parts.left -= 1
        if taken.row is None:
            parts.broken = True
        else:
            parts.put(item, taken.row)
        if self.progress:
            self.progress.advance(item.end - item.begin)
        if parts.left:
            return iter(())
        del self._parts[item.rel]
        if parts.broken:
            return iter([self._ask(item.rel, whole=True)])
        self.work.rows[item.rel] = parts.row()
        return iter(())

    def finish(self) -> None:
        """Give each folder its id, children first."""
        rows = self.work.rows
        ordered = sorted(rows, key=lambda rel: rel.split(b"/")) if len(rows) > 1 else list(rows)
        self.work.rows = rows = {rel: rows[rel] for rel in ordered}
        for rel in reversed(ordered):
            row = rows[rel]
            prefix = rel + b"/" if rel else b""
            subs = [name for name in self.subs[rel] if prefix + name in rows]
            below = [rows[prefix + name] for name in subs]
            names, ids = b"\0".join(subs), b"".join([sub.tree for sub in below])
            was = self.before.get(rel)
            if was is not None and was.tree and _content(was) == (row.names, row.kinds, row.ids, names, ids):
                tree = was.tree
                if was is row and (self.keeper is None or self.keeper.has_tree(tree)):
                    continue
            else:
                tree = b""
            row = rows[rel] = _summed(row, names, ids, below)
            if tree and (self.keeper is None or self.keeper.has_tree(tree)):
                row.tree = tree
                continue
            folder = as_folder(rel, rows)
            objects = encode(folder)
            row.tree = objects[-1][0]
            if self.keeper is not None:
                self.keeper.add_folder(objects, folder)


class _Parts:
    """A folder of very many new files, whose ids come in pieces."""

    def __init__(self, row: Row, need: list[int]) -> None:
        self._row, self._need = row, need
        self._stats, self._ids = bytearray(row.stats), bytearray(row.ids)
        self.left = len(range(0, len(need), PIECE))
        self.broken = False

    def pieces(self, rel: bytes) -> Iterator[Piece]:
        found = Found(self._row.names, self._row.kinds, array("q", self._row.stats))
        for begin in range(0, len(self._need), PIECE):
            numbers = self._need[begin : begin + PIECE]
            yield Piece(rel, begin, begin + len(numbers), found.part(numbers))

    def put(self, piece: Piece, row: Row) -> None:
        for k, i in enumerate(self._need[piece.begin : piece.end]):
            self._stats[STATS * i : STATS * i + STATS] = row.stats[STATS * k : STATS * k + STATS]
            self._ids[ID * i : ID * i + ID] = row.ids[ID * k : ID * k + ID]

    def row(self) -> Row:
        stats = bytes(self._stats)
        mark = self._row.mark if stats == self._row.stats else b""
        return replace(self._row, stats=stats, ids=bytes(self._ids), mark=mark)


def _summed(row: Row, subs: bytes, sub_ids: bytes, below: list[Row]) -> Row:
    """A row with what is below it counted in; never the row that the cache gave."""
    numbers = array("q")
    numbers.frombytes(row.stats)
    files = len(row.kinds) + sum(sub.files for sub in below)
    size = sum(numbers[1::4]) + sum(sub.size for sub in below)
    return replace(row, subs=subs, sub_ids=sub_ids, files=files, size=size)


def _content(row: Row) -> tuple[bytes, ...]:
    return row.names, row.kinds, row.ids, row.subs, row.sub_ids
