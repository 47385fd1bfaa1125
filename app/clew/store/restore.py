"""Bring a working folder to a saved state: plan, stage beside, swap under a journal."""

import contextlib
import os
import re
import secrets
import time
from array import array
from collections.abc import Iterable
from pathlib import Path

from clew.base.errors import SurroundingsError, UserError, explain_os_error
from clew.base.progress import Progress
from clew.base.words import count, listing
from clew.store.cache import Row, cache_path, read_cache, write_cache
from clew.store.diff import Difference, Side, differences
from clew.store.entries import KIND, parse_tree
from clew.store.export import STEP, chosen, sync_volume, write_file
from clew.store.identify import RACY_NS, WorkTree, identify
from clew.store.journal import (
    DONE,
    NEW,
    OLD,
    PREFIX,
    Journal,
    Move,
    Stats,
    Swap,
    lock_staging,
    read_journal,
    remove_staging,
    staging_folders,
    write_journal,
)
from clew.store.read import Reader
from clew.store.scan import stats_of
from clew.store.tree import DIR, EXECUTABLE, ID, Folder
from clew.store.types import Entry, RestorePlan


def _is_under(path: str, only: frozenset[str]) -> bool:
    """True for a path in `only` or below one; `only` may be thousands of files."""
    while path not in only:
        path, _, _ = path.rpartition("/")
        if not path:
            return False
    return True


def _folders_above(only: Iterable[str]) -> frozenset[str]:
    """The folders that chosen paths lie in; a file in the place of one of them is in the way."""
    return frozenset(under[: at.start()] for under in only for at in re.finditer("/", under))


def _clean(only: tuple[str, ...]) -> tuple[str, ...]:
    return tuple(u for u in ("/".join(p for p in under.split("/") if p) for under in only) if u)


class _Target:
    """The difference between a working folder and the tree that it shall become."""

    def __init__(self, reader: Reader, tree: bytes, work: WorkTree, only: tuple[str, ...]) -> None:
        self.work, self.only = work, frozenset(only)
        above = _folders_above(only)
        found: list[Difference] = list(differences(work.root.tree, tree, work.folder, reader.folder))
        texts = [(os.fsdecode(path), old, new) for path, old, new in found]
        chosen_ = [
            row
            for row in texts
            if not only or _is_under(row[0], self.only) or (row[2] is None and row[0] in above)
        ]
        chosen_.sort(key=lambda row: row[0])
        self.write = {path: new for path, _, new in chosen_ if new is not None}
        self.gone = {path: old for path, old, _ in chosen_ if old is not None}
        self.delete = [path for path in self.gone if path not in self.write]

    def shown(self, paths: Iterable[str], sides: dict[str, Side]) -> tuple[str, ...]:
        return tuple(path + "/" if sides[path].kind == DIR else path for path in paths)


def plan_restore(
    reader: Reader,
    tree: str,
    root: Path,
    only: tuple[str, ...],
    *,
    cache: Path | None,
    progress: Progress | None,
) -> RestorePlan:
    """What would be written and deleted; hashes what the stat cache does not know, changes nothing.

    Raises:
        UserError: no such folder, or a path of `only` is neither in the version nor in the folder.
        DamagedError: a folder of the version cannot be read.
    """
    target = parse_tree(tree)
    only = _clean(only)
    work = identify(root, cache, None, progress)
    want = _Target(reader, target, work, only)
    if only and not want.gone:
        list(chosen(reader, tree=target, only=only))  # says which path does not exist
    total = 0
    keep = 0
    if only:
        for entry in chosen(reader, target, tuple(u for u in only if _exists(reader, target, u))):
            total += entry.kind != "dir"
        keep = total - sum(side.kind != DIR for side in want.write.values())
    else:
        keep = work.root.files - sum(side.kind != DIR for side in want.gone.values())
    return RestorePlan(
        tree,
        os.fspath(root),
        want.shown(want.write, want.write),
        want.shown(want.delete, want.gone),
        keep,
        sum(side.size for side in want.write.values() if side.kind != DIR),
        only,
        work.root.tree.hex(),
    )


def _exists(reader: Reader, tree: bytes, under: str) -> bool:
    try:
        next(chosen(reader, tree, (under,)), None)
    except UserError:
        return False
    return True


def restore(reader: Reader, plan: RestorePlan, cache: Path | None, progress: Progress | None) -> None:
    """Do what a plan says.

    Until all content is staged and checked, nothing in the folder changes; a failure later is taken back.

    Raises:
        UserError: the folder is not as the plan saw it, or another restore of it is running.
        DamagedError: content of the version is damaged; SurroundingsError; Cancelled.
    """
    root = os.path.abspath(plan.root)
    finish_restores(root)
    work = identify(Path(root), cache, None, progress)
    if plan.before and work.root.tree.hex() != plan.before:
        raise UserError(
            f"{plan.root} changed after the restore was planned. Look at the new plan, then restore."
        )
    want = _Target(reader, parse_tree(plan.tree), work, plan.only)
    if not want.write and not want.gone:
        return
    staging = os.path.join(root, PREFIX + secrets.token_hex(8))
    lock: int | None = None
    committed = False
    try:
        os.mkdir(staging)
        lock = lock_staging(staging)
        os.mkdir(f"{staging}/{NEW}")
        os.mkdir(f"{staging}/{OLD}")
        journal = _stage(reader, plan.tree, want, staging, progress)
        sync_volume(staging)
        write_journal(staging, journal)
        committed = True
        _swap(root, staging, journal)
        _remember(root, cache, want)
        committed = False
    except OSError as error:
        raise explain_os_error(error, f"restoring {plan.root}") from error
    finally:
        if not committed:
            remove_staging(staging)
        if lock is not None:
            os.close(lock)


def _swap(root: str, staging: str, journal: Journal) -> None:
    swap = Swap(root, staging, journal)
    try:
        swap.run(strict=True)
        swap.sync()
    except (OSError, UserError):
        swap.undo()
        remove_staging(staging)
        raise


def _stage(reader: Reader, tree: str, want: _Target, staging: str, progress: Progress | None) -> Journal:
    """Write all new content into new/ and say what the swap does."""
    if progress:
        progress.start(f"Writing {count(len(want.write), 'file')}", len(want.write))
    moves: list[Move] = []
    mkdirs: dict[str, None] = {}
    for path in want.delete:
        if want.gone[path].kind != DIR:
            moves.append(Move(len(moves), path, False, _as_seen(want.work, path)))
    for n, (path, side) in enumerate(want.write.items()):
        parts = path.split("/")
        for depth in range(1, len(parts) + (side.kind == DIR)):
            mkdirs["/".join(parts[:depth])] = None
        old = want.gone.get(path)
        before = _as_seen(want.work, path) if old is not None and old.kind != DIR else None
        if side.kind == DIR:
            if before is not None:
                moves.append(Move(len(moves), path, False, before))
            continue
        entry = Entry(path, side.size, side.id.hex(), side.kind == EXECUTABLE, side.mtime_ns, KIND[side.kind])
        write_file(reader, entry, f"{staging}/{NEW}/{len(moves)}")
        moves.append(Move(len(moves), path, True, before))
        if progress and n % STEP == STEP - 1:
            progress.advance(STEP)
    rmdirs = _folders_to_remove(reader, bytes.fromhex(tree), want)
    there = {os.fsdecode(rel) for rel in want.work.rows} - set(rmdirs)
    return Journal(tree, tuple(moves), tuple(rmdirs), tuple(p for p in sorted(mkdirs) if p not in there))


def _as_seen(work: WorkTree, path: str) -> Stats | None:
    """Inode, size and mtime of a file when the folder was read."""
    above, _, name = os.fsencode(path).rpartition(b"/")
    row = work.rows[above]
    i = row.name_list().index(name)
    numbers = array("q")
    numbers.frombytes(row.stats[32 * i : 32 * i + 24])
    return tuple(numbers)


def _folders_to_remove(reader: Reader, tree: bytes, want: _Target) -> list[str]:
    """Folders of the working folder that the tree does not have, deepest first."""
    waiting = [(b"", tree, want.work.root.tree)]
    gone: set[bytes] = set()
    while waiting:
        path, target, now = waiting.pop()
        if target == now:
            continue
        there = _sub_folders(reader.folder(target))
        for name, sub in _sub_folders(want.work.folder(now)).items():
            inside = path + b"/" + name if path else name
            if name in there:
                waiting.append((inside, there[name], sub))
            else:
                gone.add(inside)
    all_gone = (
        [rel for rel in want.work.rows if any(rel == g or rel.startswith(g + b"/") for g in gone)]
        if gone
        else []
    )
    texts = [os.fsdecode(rel) for rel in all_gone]
    if want.only:
        texts = [text for text in texts if _is_under(text, want.only)]
    return sorted(texts, key=lambda text: (-text.count("/"), text))


def _sub_folders(folder: Folder) -> dict[bytes, bytes]:
    return {name: folder.id_of(i) for i, name in enumerate(folder.names) if folder.kinds[i] == DIR}


def finish_restores(root: str) -> str | None:
    """Finish or undo what a killed restore left behind; a sentence about it, or None.

    Raises:
        SurroundingsError: it cannot be finished now; UserError: a restore of this folder is running.
    """
    told = None
    for staging in staging_folders(root):
        try:
            lock = lock_staging(staging)
        except FileNotFoundError:
            continue
        except OSError as error:
            raise explain_os_error(error, f"finishing a restore of {root}") from error
        if lock is None:
            raise UserError(f"A restore of {root} is running. Wait until it has finished.")
        try:
            journal = read_journal(staging)
            if journal is None:
                if not os.path.exists(os.path.join(staging, DONE)):
                    told = told or f"A restore of {root} was stopped before it changed anything."
            else:
                swap = Swap(root, staging, journal)
                swap.run(strict=False)
                swap.sync()
                told = f"A restore of {root} that was stopped has been finished."
                if swap.skipped:
                    told += f" Changed meanwhile and left as they are: {listing(swap.skipped)}."
            remove_staging(staging)
        except OSError as error:
            raise explain_os_error(error, f"finishing a restore of {root}") from error
        except ValueError as error:
            raise SurroundingsError(f"The journal {staging} cannot be read: {error}.") from error
        finally:
            os.close(lock)
    return told


def _remember(root: str, cache: Path | None, want: _Target) -> None:
    """Put the stats of the restored files into the stat cache, so that the next check is a walk."""
    if cache is None:
        return
    where = cache_path(cache, os.fsencode(root))
    rows = read_cache(where)
    touched: dict[bytes, dict[bytes, tuple[Side, Stats]]] = {}
    now = time.time_ns()
    for path, side in want.write.items():
        if side.kind == DIR:
            continue
        with contextlib.suppress(OSError):
            stats = stats_of(os.lstat(os.path.join(root, path)))
            # The mtime was set by us, long before now: any later write would have moved it.
            if stats[2] != side.mtime_ns or side.mtime_ns > now - RACY_NS or stats[1] != side.size:
                continue
            above, _, name = os.fsencode(path).rpartition(b"/")
            touched.setdefault(above, {})[name] = (side, stats)
    for rel, news in touched.items():
        rows[rel] = _merged(rows.get(rel), news)
    write_cache(where, rows)


def _merged(row: Row | None, news: dict[bytes, tuple[Side, Stats]]) -> Row:
    columns: dict[bytes, tuple[int, bytes, bytes]] = {}
    if row is not None:
        for i, name in enumerate(row.name_list()):
            columns[name] = (row.kinds[i], row.stats[32 * i : 32 * i + 32], row.ids[ID * i : ID * i + ID])
    for name, (side, stats) in news.items():
        columns[name] = (side.kind, array("q", stats).tobytes(), side.id)
    names = sorted(columns)
    return Row(
        b"\0".join(names),
        bytes([columns[name][0] for name in names]),
        b"".join([columns[name][1] for name in names]),
        b"".join([columns[name][2] for name in names]),
    )
