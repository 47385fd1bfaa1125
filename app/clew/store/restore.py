"""Bring a working folder to a saved state: plan, stage beside, swap under a journal."""

import os
import re
import secrets
import time
from array import array
from bisect import bisect_left
from collections.abc import Iterable
from pathlib import Path

from clew.base.errors import DamagedError, SurroundingsError, UserError, explain_os_error
from clew.base.log import log
from clew.base.progress import Progress
from clew.base.words import count, listing
from clew.store.cache import STATS
from clew.store.crew import Crew, HelperLost
from clew.store.damage import damaged_file
from clew.store.diff import Difference, Side, differences
from clew.store.durable import is_ordered, make_far_folder, sync_volume
from clew.store.entries import parse_tree
from clew.store.export import chosen, write_sheets
from clew.store.folder_writer import Sheet
from clew.store.identify import Surroundings, identify
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
    throw_away,
    write_journal,
)
from clew.store.read import Reader
from clew.store.remember import remember
from clew.store.tree import DIR, NO_MODE, Folder
from clew.store.types import RestorePlan
from clew.store.worktree import WorkTree

STAGED = 256  # files that one process writes at a time, into a folder of their own
FRESH_S = 1.0  # so long a plan may be carried out without reading the folder again


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
    around: Surroundings,
    progress: Progress | None,
) -> RestorePlan:
    """What would be written and deleted; hashes what the stat cache does not know, changes nothing.

    Raises:
        UserError: no such folder, or a path of `only` is neither in the version nor in the folder.
        DamagedError: a folder of the version cannot be read.
    """
    target = parse_tree(tree)
    only = _clean(only)
    work = identify(root, around, progress)
    want = _Target(reader, target, work, only)
    total = 0
    keep = 0
    if only:
        there = tuple(under for under in only if _exists(reader, target, under))
        for under in set(only) - set(there):
            if not any(_is_under(path, frozenset((under,))) for path in want.gone):
                list(chosen(reader, target, (under,)))  # says that it does not exist
        for entry in chosen(reader, target, there):
            total += entry.kind != "dir"
        keep = total - sum(side.kind != DIR for side in want.write.values())
    else:
        keep = work.root.files - sum(side.kind != DIR for side in want.gone.values())
    plan = RestorePlan(
        tree,
        os.fspath(root),
        want.shown(want.write, want.write),
        want.shown(want.delete, want.gone),
        keep,
        sum(side.size for side in want.write.values() if side.kind != DIR),
        only,
        work.root.tree.hex(),
    )
    around.planned = (time.monotonic(), plan, want)
    return plan


def _exists(reader: Reader, tree: bytes, under: str) -> bool:
    try:
        next(chosen(reader, tree, (under,)), None)
    except UserError:
        return False
    return True


def restore(
    reader: Reader,
    plan: RestorePlan,
    around: Surroundings,
    progress: Progress | None,
) -> None:
    """Do what a plan says.

    Until all content is staged and checked, nothing in the folder changes; a failure later is taken back.

    Raises:
        UserError: the folder is not as the plan saw it, or another restore of it is running.
        DamagedError: content of the version is damaged; SurroundingsError; Cancelled.
    """
    try:
        _restore(reader, plan, around, progress)
    except HelperLost as error:
        log.warning("A helper process ended, so the folder is restored without it: %s", error)
        _restore(reader, plan, Surroundings(around.cache), progress)


def _restore(reader: Reader, plan: RestorePlan, around: Surroundings, progress: Progress | None) -> None:
    root = os.path.abspath(plan.root)
    finish_restores(root)
    want = _fresh(around, plan)
    if want is None:
        work = identify(Path(root), around, progress)
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
        make_far_folder(f"{staging}/{NEW}")
        os.mkdir(f"{staging}/{OLD}")
        journal = _stage(reader, plan.tree, want, staging, around.crew, progress)
        write_journal(staging, journal)
        committed = True
        _swap(root, staging, journal)
        throw_away(staging, os.fspath(reader.store / "tmp"))
        remember(root, around.cache, want.write)
    except OSError as error:
        raise explain_os_error(error, f"restoring {plan.root}") from error
    finally:
        if not committed:
            remove_staging(staging)
        if lock is not None:
            os.close(lock)


def _fresh(around: Surroundings, plan: RestorePlan) -> _Target | None:
    """What the plan was made from, when it was made a moment ago; then the folder is not read once more.

    A file that the restore replaces or takes away is compared again with what the plan saw, at the swap.
    That comparison cannot see a change within one tick of the clock, so young files need the reading.
    """
    if around.planned is None:
        return None
    at, made, want = around.planned
    around.planned = None
    if made is not plan or time.monotonic() - at > FRESH_S or not isinstance(want, _Target):
        return None
    seen = _Seen(want.work)
    if any(seen.young(path) for path, side in want.gone.items() if side.kind != DIR):
        return None
    return want


def _swap(root: str, staging: str, journal: Journal) -> None:
    swap = Swap(root, staging, journal)
    try:
        swap.run(strict=True)
        swap.sync()
    except (OSError, UserError):
        swap.undo()
        remove_staging(staging)
        raise


def _stage(
    reader: Reader, tree: str, want: _Target, staging: str, crew: Crew | None, progress: Progress | None
) -> Journal:
    """Write all new content into new/, durably, and say what the swap does."""
    if progress:
        progress.start(f"Writing {count(len(want.write), 'file')}", len(want.write))
    seen = _Seen(want.work)
    moves: list[Move] = []
    mkdirs: dict[str, None] = {}
    for path in want.delete:
        if want.gone[path].kind != DIR:
            moves.append(Move(len(moves), path, False, seen.at(path)))
    sides: list[tuple[bytes, Side]] = []
    for path, side in want.write.items():
        parts = path.split("/")
        for depth in range(1, len(parts) + (side.kind == DIR)):
            mkdirs["/".join(parts[:depth])] = None
        old = want.gone.get(path)
        before = seen.at(path) if old is not None and old.kind != DIR else None
        if side.kind == DIR:
            if before is not None:
                moves.append(Move(len(moves), path, False, before))
            continue
        sides.append((b"%d" % len(moves), side))
        moves.append(Move(len(moves), path, True, before, side.mode != NO_MODE))
    _write_new(reader, sides, moves, staging, crew, progress)
    rmdirs = _folders_to_remove(reader, bytes.fromhex(tree), want)
    there = {os.fsdecode(rel) for rel in want.work.rows} - set(rmdirs)
    return Journal(tree, tuple(moves), tuple(rmdirs), tuple(p for p in sorted(mkdirs) if p not in there))


def _write_new(
    reader: Reader,
    sides: list[tuple[bytes, Side]],
    moves: list[Move],
    staging: str,
    crew: Crew | None,
    progress: Progress | None,
) -> None:
    ordered = is_ordered(staging)
    sheets = []
    for begin in range(0, len(sides), STAGED):
        run = sides[begin : begin + STAGED]
        names, kinds = [name for name, _ in run], bytes([side.kind for _, side in run])
        ids = b"".join([side.id for _, side in run])
        mtimes = array("q", [side.mtime_ns for _, side in run])
        modes = array("H", [side.mode for _, side in run])
        sheets.append(Sheet(NEW.encode(), b"", folder=Folder(names, kinds, array("q"), ids, mtimes, modes)))
    try:
        write_sheets(reader, staging, sheets, sync=ordered, crew=crew, progress=progress)
    except DamagedError as error:  # staged files are numbered; the person knows them by their paths
        name = error.files[0].rpartition("/")[2] if error.files else ""
        raise (damaged_file(moves[int(name)].path) if name.isdecimal() else error) from error
    if not ordered:
        sync_volume(staging)


class _Seen:
    """Inode, size and mtime of files as they were when the folder was read."""

    def __init__(self, work: WorkTree) -> None:
        self._work = work
        self._names: dict[bytes, list[bytes]] = {}

    def at(self, path: str) -> Stats:
        return self._stats(path)[:3]

    def young(self, path: str) -> bool:
        """True when its stats do not prove that it is what was read."""
        return not self._stats(path)[3]

    def _stats(self, path: str) -> Stats:
        above, _, name = os.fsencode(path).rpartition(b"/")
        row = self._work.rows[above]
        names = self._names.get(above)
        if names is None:
            names = self._names[above] = row.name_list()
        i = bisect_left(names, name)
        numbers = array("q")
        numbers.frombytes(row.stats[STATS * i : STATS * i + STATS])
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
    if DIR not in folder.kinds:
        return {}
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
