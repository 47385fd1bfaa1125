"""What hints are made of, and which of them were dismissed for good.

Each question is one query that gives only rows with the bad habit: a workspace with thousands of blocks has
few of them, and mapping every row to an entity would take a hundred times as long.
"""

from collections.abc import Collection, Iterable, Sequence
from typing import Any

from sqlalchemy import (
    ColumnElement,
    Connection,
    Row,
    Select,
    and_,
    delete,
    exists,
    func,
    insert,
    not_,
    or_,
    select,
)

from clew.base.clock import now_us
from clew.db import tables as t
from clew.db.database import Transaction
from clew.model.entities import TaskStatus, VersionStatus
from clew.model.refs import BlockKind

_DATA = tuple(str(kind) for kind in (BlockKind.PROJECT, BlockKind.VERSION, BlockKind.STATE))
_MADE = (*_DATA, str(BlockKind.DATASET))
_IN_VAIN = (TaskStatus.WAITING, TaskStatus.FAILED, TaskStatus.CANCELLED, TaskStatus.LOST)
_OUT = t.link.alias("out")
_MORE = t.link.alias("more")


def dismissed(connection: Connection) -> frozenset[str]:
    """The ids of the hints that nobody wants to see again."""
    return frozenset(connection.execute(select(t.hint_dismissed.c.id)).scalars())


def put(transaction: Transaction, hint_id: str, *, dismissed: bool, user_id: int) -> None:
    """Dismiss a hint, or take that back."""
    h = t.hint_dismissed
    transaction.connection.execute(delete(h).where(h.c.id == hint_id))
    if dismissed:
        row = {"id": hint_id, "created_at": now_us(), "created_by": user_id}
        transaction.connection.execute(insert(h).values(**row))
    transaction.touch("hint", 0)


def task_marks(connection: Connection, ids: Collection[int]) -> dict[int, tuple[str, str, str]]:
    """Of the named tasks that exist what hints hang on: status, kind and name."""
    task = t.task.c
    query = select(task.id, task.status, task.kind, task.name).where(task.id.in_(ids))
    return {id_: (status, kind, name) for id_, status, kind, name in connection.execute(query)}


def unsaved_reads(connection: Connection) -> Sequence[Row[Any]]:
    """States that are no version, each with a task that read it; `overwrote`: it wrote over it."""
    return connection.execute(_UNSAVED_READS).all()


def projects_read(connection: Connection) -> Sequence[Row[Any]]:
    """Projects that were read and of which there is no version at all, each with a task."""
    return connection.execute(_PROJECTS_READ).all()


def datasets_alone(connection: Connection) -> Sequence[Row[Any]]:
    """Tasks that read a dataset and no project, each with the datasets; the first dataset first."""
    return connection.execute(_DATASETS_ALONE).all()


def versions_of(connection: Connection, projects: Iterable[int]) -> Sequence[Row[Any]]:
    """The saved versions of some projects, the oldest first."""
    v = t.version.c
    query: Select[Any] = select(v.id, v.project_id, v.number, v.created_at).order_by(v.number)
    saved = v.status == VersionStatus.SAVED
    return connection.execute(query.where(v.project_id.in_(set(projects)), saved)).all()


def made_both(connection: Connection) -> Sequence[Row[Any]]:
    """What tasks made, a row each, that made data and a model and of which nobody said what they did."""
    return connection.execute(_MADE_BOTH).all()


def bare_versions(connection: Connection) -> Sequence[Row[Any]]:
    """Versions in use without description, with their titles."""
    return connection.execute(_BARE_VERSIONS).all()


def bare_models(connection: Connection) -> Sequence[Row[Any]]:
    """Models without description that a task used beyond their evaluation."""
    return connection.execute(_BARE_MODELS).all()


def bare_bests(connection: Connection) -> Sequence[Row[Any]]:
    """Models without description that have the highest mAP of several on one split of a project."""
    return connection.execute(_BARE_BESTS).all()


def _reads(kind: BlockKind) -> ColumnElement[bool]:
    """The link goes from a block of a kind to the task of the row."""
    link = t.link.c
    return and_(
        link.source_kind == str(kind),
        link.target_kind == str(BlockKind.TASK),
        link.target_id == t.task.c.id,
    )


def _makes(link: Any, *kinds: str) -> ColumnElement[bool]:
    """A link goes from the task of the row to a block of one of the kinds."""
    from_it = and_(link.c.source_kind == str(BlockKind.TASK), link.c.source_id == t.task.c.id)
    return and_(from_it, link.c.target_kind.in_(kinds))


def _described(kind: BlockKind, id_: Any) -> ColumnElement[bool]:
    text = t.block_text.c
    return exists().where(text.kind == str(kind), text.ref_id == id_, text.description != "")


def _wrote_over() -> ColumnElement[bool]:
    """The task of the row made another state, a version, or all of the project of the state it read."""
    other = t.state.alias("other")
    out, project = _OUT.c, t.state.c.project_id
    version = exists().where(t.version.c.id == out.target_id, t.version.c.project_id == project)
    state = exists().where(
        other.c.id == out.target_id, other.c.project_id == project, other.c.id != t.state.c.id
    )
    version, state = (inner.correlate(_OUT, t.state) for inner in (version, state))
    became = or_(
        and_(out.target_kind == str(BlockKind.PROJECT), out.target_id == project),
        and_(out.target_kind == str(BlockKind.VERSION), version),
        and_(out.target_kind == str(BlockKind.STATE), state),
    )
    return exists().where(_makes(_OUT, *_DATA), became).correlate(t.task, t.state)


_UNSAVED_READS: Select[Any] = (
    select(
        t.task.c.id.label("task"),
        t.task.c.name,
        t.state.c.id.label("state"),
        t.state.c.after,
        t.state.c.minor,
        t.state.c.tree,
        t.project.c.name.label("project"),
        _wrote_over().label("overwrote"),
    )
    .select_from(t.link)
    .join(t.task, _reads(BlockKind.STATE))
    .join(t.state, t.state.c.id == t.link.c.source_id)
    .join(t.project, t.project.c.id == t.state.c.project_id)
    .where(
        t.state.c.version_id.is_(None),
        t.project.c.removed_at.is_(None),
        t.task.c.status.not_in(_IN_VAIN),
    )
    .order_by(t.task.c.id, t.state.c.id)
)

_PROJECTS_READ: Select[Any] = (
    select(
        t.task.c.id.label("task"),
        t.task.c.name,
        t.project.c.id.label("project_id"),
        t.project.c.name.label("project"),
    )
    .select_from(t.link)
    .join(t.task, _reads(BlockKind.PROJECT))
    .join(t.project, t.project.c.id == t.link.c.source_id)
    .where(
        t.project.c.removed_at.is_(None),
        t.task.c.status.not_in(_IN_VAIN),
        not_(exists().where(t.version.c.project_id == t.project.c.id).correlate(t.project)),
    )
    .order_by(t.task.c.id)
)

_DATASETS_ALONE: Select[Any] = (
    select(
        t.task.c.id.label("task"),
        t.task.c.name,
        t.task.c.created_at,
        t.dataset.c.id.label("dataset_id"),
        t.dataset.c.name.label("dataset"),
        t.project.c.id.label("project_id"),
    )
    .select_from(t.link)
    .join(t.task, _reads(BlockKind.DATASET))
    .join(t.dataset, t.dataset.c.id == t.link.c.source_id)
    .join(t.project, t.project.c.id == t.dataset.c.project_id)
    .where(
        t.project.c.removed_at.is_(None),
        t.task.c.status == TaskStatus.DONE,
        not_(
            exists()
            .where(
                _MORE.c.target_kind == str(BlockKind.TASK),
                _MORE.c.target_id == t.task.c.id,
                _MORE.c.source_kind.in_(_DATA),
            )
            .correlate(t.task)
        ),
    )
    .order_by(t.task.c.id, t.dataset.c.id)
)


def _made_both() -> Select[Any]:
    """Weights that were recorded as a file count as a model."""
    out, trained, source = _OUT.c, t.version.alias("trained"), t.version.alias("made_version")
    weights = exists().where(t.file.c.id == _MORE.c.target_id, t.file.c.model_weight.is_(True))
    model = and_(
        _makes(_MORE, str(BlockKind.MODEL), str(BlockKind.FILE)),
        or_(_MORE.c.target_kind == str(BlockKind.MODEL), weights),
    )

    def when(table: Any, kind: BlockKind) -> ColumnElement[bool]:
        return and_(out.target_kind == str(kind), table.c.id == out.target_id)

    data = t.link.alias("data")
    return (
        select(
            t.task.c.id.label("task"),
            t.task.c.name,
            out.target_kind.label("kind"),
            func.coalesce(
                source.c.project_id, t.state.c.project_id, t.dataset.c.project_id, t.project.c.id
            ).label("project_id"),
            trained.c.project_id.label("trained_on"),
        )
        .select_from(t.task)
        .join(_OUT, _makes(_OUT, *_MADE, str(BlockKind.MODEL), str(BlockKind.REPORT)))
        .outerjoin(source, when(source, BlockKind.VERSION))
        .outerjoin(t.state, when(t.state, BlockKind.STATE))
        .outerjoin(t.dataset, when(t.dataset, BlockKind.DATASET))
        .outerjoin(t.project, when(t.project, BlockKind.PROJECT))
        .outerjoin(t.model, when(t.model, BlockKind.MODEL))
        .outerjoin(trained, trained.c.id == t.model.c.version_id)
        .where(
            t.task.c.kind != "train",
            t.task.c.status == TaskStatus.DONE,
            exists().where(_makes(data, *_MADE)).correlate(t.task),
            exists().where(model).correlate(t.task),
            not_(_described(BlockKind.TASK, t.task.c.id).correlate(t.task)),
        )
        .order_by(t.task.c.id, _OUT.c.id)
    )


def _bare_versions() -> Select[Any]:
    v = t.version.c
    read = exists().where(
        _OUT.c.source_kind == str(BlockKind.VERSION),
        _OUT.c.source_id == v.id,
        _OUT.c.target_kind == str(BlockKind.TASK),
    )
    return (
        select(v.id, v.number, v.title, t.project.c.name.label("project"))
        .select_from(t.version)
        .join(t.project, t.project.c.id == v.project_id)
        .where(
            v.status == VersionStatus.SAVED,
            v.description == "",
            t.project.c.removed_at.is_(None),
            or_(read, v.id.in_(select(t.report.c.version_id))),
        )
        .order_by(v.id)
    )


def _bare_models() -> Select[Any]:
    m = t.model.c
    used = exists().where(
        _OUT.c.source_kind == str(BlockKind.MODEL),
        _OUT.c.source_id == m.id,
        _OUT.c.target_kind == str(BlockKind.TASK),
        t.task.c.id == _OUT.c.target_id,
        t.task.c.kind != "evaluate",
        t.task.c.status.not_in(_IN_VAIN),
    )
    return (
        select(m.id, m.name, m.number)
        .where(not_(_described(BlockKind.MODEL, m.id).correlate(t.model)), used)
        .order_by(m.id)
    )


def _bare_bests() -> Select[Any]:
    r, m = t.report.c, t.model.c
    value = r.metrics["map"].as_float()
    beside = (t.version.c.project_id, r.split)
    ranked = (
        select(
            r.model_id,
            t.version.c.project_id,
            func.row_number().over(partition_by=beside, order_by=(value.desc(), r.id.desc())).label("rank"),
            func.min(r.model_id).over(partition_by=beside).label("low"),
            func.max(r.model_id).over(partition_by=beside).label("high"),
        )
        .join(t.version, t.version.c.id == r.version_id)
        .where(r.model_id.is_not(None), value.is_not(None))
        .subquery()
    )
    return (
        select(m.id, m.name, m.number, t.project.c.name.label("project"))
        .select_from(ranked)
        .join(t.model, m.id == ranked.c.model_id)
        .join(t.project, t.project.c.id == ranked.c.project_id)
        .where(
            ranked.c.rank == 1,
            ranked.c.low != ranked.c.high,
            t.project.c.removed_at.is_(None),
            not_(_described(BlockKind.MODEL, m.id).correlate(t.model)),
        )
        .order_by(m.id)
    )


_MADE_BOTH = _made_both()
_BARE_VERSIONS = _bare_versions()
_BARE_MODELS = _bare_models()
_BARE_BESTS = _bare_bests()
