"""Give back the space of what nobody can reach any more: plan, copy what is wanted, drop packs at once.

Why this is safe beside running savers and against a kill at any write: FORMAT.md, Reclaiming.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from clew.base.errors import explain_os_error
from clew.base.log import log
from clew.base.progress import Progress
from clew.store.dropped import drop
from clew.store.entries import parse_tree
from clew.store.guard import Guard
from clew.store.holdings import Holdings, Mask
from clew.store.pack import ZSTD, PackWriter
from clew.store.verify import is_right

LIVE_ENOUGH = 0.6  # packs with less of it wanted are written anew


@dataclass(frozen=True)
class Spare:
    """A tree that is kept only while what it alone needs is at most `limit` bytes."""

    tree: str
    limit: int = -1  # never kept for its own sake


@dataclass(frozen=True)
class ReclaimPlan:
    """What reclaiming would do to the packs; nothing has been done yet."""

    drop: tuple[str, ...]  # packs without anything wanted
    rewrite: tuple[str, ...]  # packs whose wanted objects move to a new pack
    free: int  # bytes that the store gets smaller by
    waiting: int  # bytes of unwanted objects in packs that are too young
    gone: frozenset[str] = frozenset()  # the spare trees that are in the store now and then no more
    unreadable: tuple[str, ...] = ()  # packs with a damaged index, left alone

    @property
    def nothing(self) -> bool:
        return not self.drop and not self.rewrite


def plan_reclaim(
    folder: Path,
    wanted: Sequence[str],
    spare: Sequence[Spare],
    guard: Guard,
    progress: Progress | None,
) -> ReclaimPlan:
    """Work out what can go.

    Args:
        folder: the store.
        wanted: trees that are kept whatever they cost; those that are not in the store are passed over.
        spare: trees that are kept while they cost little, the most important first.
        guard: knows the trees that are held.
        progress: may cancel.

    Raises:
        DamagedError: a wanted folder object is damaged.
    """
    if progress:
        progress.start("Looking for what nobody needs")
    here = Holdings(folder)
    try:
        here.mark_trees([parse_tree(tree) for tree in dict.fromkeys([*wanted, *guard.held()])])
        for one in spare:
            if progress:
                progress.check()
            _keep(here, one)
        young = np.array([pack.young for pack in here.packs], np.bool_)[here.pack]
        waiting = int(here.cost[young & ~here.live[here.at]].sum())
        here.mark_young()
        return _plan(here, spare, waiting)
    finally:
        here.close()


def _keep(here: Holdings, one: Spare) -> None:
    before, bytes_before = here.snapshot(), here.live_bytes()
    if one.limit < 0:
        return
    here.mark_trees([parse_tree(one.tree)])
    if here.live_bytes() - bytes_before > one.limit:
        here.go_back(before)


def _plan(here: Holdings, spare: Sequence[Spare], waiting: int) -> ReclaimPlan:
    n = len(here.packs)
    live = here.live[here.at]
    young = np.array([pack.young for pack in here.packs], np.bool_)
    alive = np.bincount(here.pack, live, n) > 0
    # Of several copies one counts, and those in young packs before others: they stay anyway.
    order = np.argsort(~young[here.pack], kind="stable")
    first = np.zeros(len(live), np.bool_)
    first[order[np.unique(here.at[order], return_index=True)[1]]] = True
    used = np.bincount(here.pack, here.cost * (live & first), n)
    dropped = ~alive & ~young
    rewritten = alive & ~young & (used < LIVE_ENOUGH * np.bincount(here.pack, here.cost, n))
    while True:  # what stays is to stay whole: a tree that can be found has everything it points to
        stays = ~(dropped | rewritten)[here.pack] | (rewritten[here.pack] & live)
        broken = {int(here.pack[row]) for row, _ in here.broken(stays)}
        if not broken:
            break
        rewritten[sorted(broken)] = True
    sizes = np.array([pack.size for pack in here.packs], np.float64)
    names = np.array([pack.name for pack in here.packs], object)
    everything = np.ones(len(live), np.bool_)
    gone = {one.tree for one in spare if here.has_row(parse_tree(one.tree), everything)}
    return ReclaimPlan(
        tuple(names[dropped]),
        tuple(names[rewritten]),
        max(0, int(sizes[dropped].sum() + (sizes - used)[rewritten].sum())),
        waiting,
        frozenset(tree for tree in gone if not here.has_row(parse_tree(tree), stays)),
        here.unreadable,
    )


def reclaim(
    folder: Path,
    plan: ReclaimPlan,
    wanted: Callable[[], Sequence[str]],
    guard: Guard,
    progress: Progress | None,
) -> int:
    """Do what a plan says, so far as nothing has become wanted meanwhile; returns the bytes given back.

    Args:
        folder: the store.
        plan: from `plan_reclaim`.
        wanted: reads the trees that are kept, as the commits so far have them.
        guard: the lock and the holds.
        progress: counts packs.

    Raises:
        DamagedError, SurroundingsError, Cancelled: nothing was lost, perhaps less was given back.
    """
    if progress:
        progress.start("Moving what is still needed", len(plan.rewrite) + 1)
    doomed = set(plan.drop)
    try:
        with guard.locked():  # another reclaim does not take packs away while they are copied
            doomed |= _copy(folder, plan, _marked(folder, wanted, guard), progress)
        with guard.locked(alone=True):
            here = _marked(folder, wanted, guard)
            try:
                going = _settle(here, doomed)
                size = sum(pack.size for pack in here.packs if pack.name in going)
            finally:
                here.close()
            drop(folder, going)
    except OSError as error:
        raise explain_os_error(error, "reclaiming space") from error
    return size


def _marked(folder: Path, wanted: Callable[[], Sequence[str]], guard: Guard) -> Holdings:
    here = Holdings(folder)
    # Holds first: one that is gone by now was let go after its commit, which the list then has.
    held = guard.held()
    here.mark_trees([parse_tree(tree) for tree in dict.fromkeys([*held, *wanted()])])
    here.mark_young()
    return here


def _copy(folder: Path, plan: ReclaimPlan, here: Holdings, progress: Progress | None) -> set[str]:
    """Write the wanted objects of the packs to rewrite into new packs; the names of the packs that may go.

    A pack with something damaged in it stays: there may be a way to mend it yet.
    """
    writer = PackWriter(folder)
    goes = {*plan.drop, *plan.rewrite}
    stays = np.array([pack.name not in goes for pack in here.packs], np.bool_)[here.pack]
    live = here.live[here.at]
    done: set[int] = set()
    copied = set()
    try:
        for number, pack in enumerate(here.packs):
            if pack.name not in plan.rewrite:
                continue
            rows = np.flatnonzero((here.pack == number) & live)
            if all(_copy_row(here, row, stays, done, writer, progress) for row in rows.tolist()):
                copied.add(pack.name)
            else:
                log.error("The pack %s is damaged and was left as it is.", pack.name)
            if progress:
                progress.advance()
        writer.finish()
    finally:
        writer.abandon()
        here.close()
    return copied


def _copy_row(
    here: Holdings, row: int, stays: Mask, done: set[int], writer: PackWriter, progress: Progress | None
) -> bool:
    """Copy one object unless a good copy stays; False when it is damaged."""
    key = int(here.at[row])
    if key in done:
        return True
    if progress:
        progress.check()
    others = np.flatnonzero(stays & (here.at == key)).tolist() if here.copies[key] > 1 else []
    if any(_good(here, other) is not None for other in others):
        done.add(key)
        return True
    data = _good(here, row)
    if data is None:
        return False
    place = here.place(row)
    writer.add(here.id_of(row), data, place.kind, text=place.coding == ZSTD)
    done.add(key)
    return True


def _good(here: Holdings, row: int) -> bytes | None:
    """The bytes of an object, proved; None when they are damaged."""
    data = here.read(row)
    return data if data is not None and is_right(here.id_of(row), here.place(row).kind, data) else None


def _settle(here: Holdings, doomed: set[str]) -> frozenset[str]:
    """Those of the doomed packs that can go without anything wanted, or findable, losing a part."""
    going = np.array([pack.name in doomed for pack in here.packs], np.bool_)
    live = here.live[here.at]
    while True:
        stays = ~going[here.pack]
        present = np.zeros(len(here.keys), np.bool_)
        present[here.at[stays]] = True
        needed = ~stays & live & ~present[here.at]
        missing = [keys for _, keys in here.broken(stays) if len(keys)]
        if missing:
            needed |= ~stays & np.isin(here.row_keys, np.concatenate(missing))
        if not needed.any():
            return frozenset(pack.name for number, pack in enumerate(here.packs) if going[number])
        going[np.unique(here.pack[needed])] = False
