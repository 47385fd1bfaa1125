"""Reclaim space: what deleted versions and costly intermediate states alone need is given back."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from clew.base.clock import now_us
from clew.base.errors import DamagedError, NothingToDo
from clew.base.progress import Progress
from clew.base.words import listing
from clew.db import mapping
from clew.model.entities import Model, Project, Report, State, Version, VersionStatus
from clew.services.version_records import record_version
from clew.services.workspace import Workspace
from clew.store.reclaim import ReclaimPlan, Spare

NEWEST = 10
"""So many intermediate states of a project count as recent."""
RECENT_MOST, OLD_MOST = 1 << 30, 1 << 20
"""Bytes that a recent and an older intermediate state may need for itself alone and still be kept."""
YOUNG_US = 3_600_000_000


@dataclass(frozen=True)
class LostVersion:
    """A deleted version that cannot be brought back once the space is reclaimed."""

    version: Version
    project: str


@dataclass(frozen=True)
class GcPlan:
    """What reclaiming does. Saved versions, models and reports stay as they are, whatever they take."""

    versions: tuple[LostVersion, ...]
    states: tuple[State, ...]  # intermediate states whose content is not kept any longer
    free: int  # bytes given back
    waiting: int  # bytes that nobody needs either, but that are younger than an hour
    packs: ReclaimPlan

    @property
    def nothing(self) -> bool:
        return self.packs.nothing


@dataclass(frozen=True)
class Reclaimed:
    """What reclaiming did."""

    free: int
    versions: tuple[LostVersion, ...]
    states: tuple[State, ...]


@dataclass(frozen=True)
class _Roots:
    saved: tuple[Version, ...]
    deleted: tuple[Version, ...]
    states: tuple[State, ...]  # newest first
    made: tuple[str, ...]  # trees of models and reports


def plan_gc(ws: Workspace, *, progress: Progress | None = None) -> GcPlan:
    """Work out what reclaiming would do; changes nothing.

    Raises:
        DamagedError: data of a version is damaged or missing, so that nobody knows what it needs.
    """
    with ws.db.read() as connection:
        roots = _roots(connection)
        names = {p.id: p.name for p in mapping.find(connection, Project)}
    _refuse_damage(ws, roots, names)
    spare = [*(Spare(v.tree) for v in roots.deleted), *_spare_states(roots.states)]
    packs = ws.store.plan_reclaim(_wanted(ws, roots), spare, progress=progress)
    return GcPlan(
        tuple(LostVersion(v, names[v.project_id]) for v in roots.deleted if v.tree in packs.gone),
        tuple(s for s in roots.states if s.tree in packs.gone),
        packs.free,
        packs.waiting,
        packs,
    )


def apply_gc(ws: Workspace, plan: GcPlan, *, progress: Progress | None = None) -> Reclaimed:
    """Reclaim what was planned, so far as nobody has come to need it since.

    Safe beside other programs that save, restore and delete in the same workspace.

    Raises:
        NothingToDo: there is nothing to reclaim.
        DamagedError, SurroundingsError, Cancelled: nothing that is needed was lost.
    """
    if plan.nothing:
        raise NothingToDo("There is nothing to reclaim.")

    def wanted() -> list[str]:
        with ws.db.read() as connection:
            return _wanted(ws, _roots(connection), plan.packs.gone)

    free = ws.store.reclaim(plan.packs, wanted, progress=progress)
    lost = tuple(v for v in plan.versions if not ws.store.has_tree(v.version.tree))
    states = tuple(s for s in plan.states if not ws.store.has_tree(s.tree))
    with ws.db.write() as transaction:  # the change feed tells every window
        for one in lost:
            record_version(ws, transaction, one.version.id, reclaimed=True)  # the record stays as history
            transaction.touch("version", one.version.id)
        for state in states:
            transaction.touch("state", state.id)
    return Reclaimed(free, lost, states)


def _roots(connection: Any) -> _Roots:
    versions = mapping.find(connection, Version)
    models, reports = mapping.find(connection, Model), mapping.find(connection, Report)
    return _Roots(
        tuple(v for v in versions if v.status is VersionStatus.SAVED),
        tuple(v for v in versions if v.status is VersionStatus.DELETED),
        tuple(mapping.find(connection, State, order=("-id",), version_id=None)),
        (*(m.tree for m in models), *(r.tree for r in reports)),
    )


def _wanted(ws: Workspace, roots: _Roots, gone: frozenset[str] | None = None) -> list[str]:
    """Trees that are kept whatever they cost; with `gone`, all but those that a plan gave up."""
    wanted = [*(v.tree for v in roots.saved), *roots.made]
    deleted = {v.tree for v in roots.deleted}
    # A version that only the store knows (the database is older than it) is kept: doctor can list it again.
    wanted += [
        str(record["tree"])
        for record in ws.store.records()
        if record.get("tree") and not record.get("reclaimed") and record["tree"] not in deleted
    ]
    if gone is not None:
        wanted += [tree for tree in (*deleted, *(s.tree for s in roots.states)) if tree not in gone]
    return wanted


def _spare_states(states: tuple[State, ...]) -> Iterator[Spare]:
    """Intermediate states, the newest first, and what each may cost."""
    seen: dict[int, int] = {}
    now = now_us()
    for state in states:
        seen[state.project_id] = seen.get(state.project_id, 0) + 1
        recent = seen[state.project_id] <= NEWEST
        young = now - state.created_at < YOUNG_US  # also when the clock was set back since
        yield Spare(state.tree, (1 << 62) if young else RECENT_MOST if recent else OLD_MOST)


def _refuse_damage(ws: Workspace, roots: _Roots, names: dict[int, str]) -> None:
    lost = [f"{names[v.project_id]}@{v.number}" for v in roots.saved if not ws.store.has_tree(v.tree)]
    if lost:
        raise DamagedError(
            f"The content of {listing(lost)} is missing from the store, so nothing was reclaimed. "
            "Run: clew verify --repair",
            tuple(lost),
        )
