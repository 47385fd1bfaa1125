"""Reads and writes that are no plain entity: meta, statistics, the change log, apps, next numbers."""

from collections.abc import Collection
from typing import Any

from sqlalchemy import Connection, func, insert, or_, select, union
from sqlalchemy.dialects.sqlite import insert as upsert

from clew.db import tables as t
from clew.db.database import Transaction
from clew.db.mapping import to_value
from clew.model.entities import Changes, Link, Statistics
from clew.model.refs import BlockRef


def read_meta(connection: Connection) -> dict[str, str]:
    """The workspace's own facts: id, name, created_at."""
    return {row.key: row.value for row in connection.execute(select(t.meta))}


def write_meta(transaction: Transaction, **values: str) -> None:
    for key, value in values.items():
        query = upsert(t.meta).values(key=key, value=value)
        query = query.on_conflict_do_update(index_elements=["key"], set_={"value": value})
        transaction.connection.execute(query)


def user_id(transaction: Transaction, name: str, machine: str) -> int:
    """The id of a person on a machine, made when new."""
    u = t.user
    found = transaction.connection.execute(
        select(u.c.id).where(u.c.name == name, u.c.machine == machine)
    ).scalar_one_or_none()
    if found is not None:
        return int(found)
    done = transaction.connection.execute(insert(u).values(name=name, machine=machine))
    assert done.inserted_primary_key is not None
    return int(done.inserted_primary_key[0])


def removed_at(transaction: Transaction, project_id: int) -> int | None:
    """When a project was taken off the list; None while it is on it."""
    found = transaction.connection.execute(select(t.project.c.removed_at).where(t.project.c.id == project_id))
    moment: int | None = found.scalar_one_or_none()
    return moment


def removed_projects(connection: Connection) -> set[int]:
    """The ids of projects that were taken off the list."""
    project = t.project
    return set(connection.execute(select(project.c.id).where(project.c.removed_at.is_not(None))).scalars())


def changes_since(connection: Connection, seq: int) -> Changes:
    """What was touched after the change-log row `seq`, and the number of the newest row."""
    log = t.change_log
    touched: set[tuple[str, int]] = set()
    newest = seq
    for row in connection.execute(
        select(log.c.seq, log.c.touched).where(log.c.seq > seq).order_by(log.c.seq)
    ):
        newest = row.seq
        touched.update((kind, id_) for kind, id_ in row.touched)
    return Changes(newest, frozenset(touched))


def newest_seq(connection: Connection) -> int:
    return int(connection.execute(select(func.coalesce(func.max(t.change_log.c.seq), 0))).scalar_one())


def read_statistics(connection: Connection, tree: str, format_: str) -> Statistics | None:
    """The counts of a tree, if they were counted before."""
    s = t.statistics
    data = connection.execute(
        select(s.c.data).where(s.c.tree == tree, s.c.format == format_)
    ).scalar_one_or_none()
    return None if data is None else _statistics(data)


def all_statistics(connection: Connection) -> dict[tuple[str, str], Statistics]:
    """All counts that are kept, by tree and format: one read where a graph shows thousands of versions."""
    s = t.statistics
    return {(tree, format_): _statistics(data) for tree, format_, data in connection.execute(select(s))}


def _statistics(data: dict[str, Any]) -> Statistics:
    return Statistics(**{**data, "previews": tuple(data["previews"])})


def write_statistics(transaction: Transaction, tree: str, format_: str, data: dict[str, Any]) -> None:
    query = upsert(t.statistics).values(tree=tree, format=format_, data=data).on_conflict_do_nothing()
    transaction.connection.execute(query)


def next_number(connection: Connection, table: str, column: str, **where: Any) -> int:
    """One more than the largest value of a column among the rows that match; 1 when there is none."""
    rows = t.metadata.tables[table]
    query = select(func.coalesce(func.max(rows.c[column]), 0))
    for name, wanted in where.items():
        query = query.where(rows.c[name] == wanted)
    return int(connection.execute(query).scalar_one()) + 1


def links_of(connection: Connection, ref: BlockRef) -> tuple[list[Link], list[Link]]:
    """The links that end at a block, and those that start there."""
    link = t.link
    query = (
        select(link)
        .where(
            or_(
                (link.c.source_kind == ref.kind.value) & (link.c.source_id == ref.id),
                (link.c.target_kind == ref.kind.value) & (link.c.target_id == ref.id),
            )
        )
        .order_by(link.c.id)
    )
    found = [to_value(Link, row) for row in connection.execute(query)]
    return [x for x in found if x.target == ref], [x for x in found if x.source == ref]


def linked(connection: Connection, refs: Collection[BlockRef]) -> set[BlockRef]:
    """Those of some references that a link begins or ends at."""
    link = t.link
    found: set[BlockRef] = set()
    for kind in {ref.kind for ref in refs}:
        ids = [ref.id for ref in refs if ref.kind is kind]
        for of, id_ in ((link.c.source_kind, link.c.source_id), (link.c.target_kind, link.c.target_id)):
            query = select(id_).where(of == kind.value, id_.in_(ids)).distinct()
            found |= {BlockRef(kind, number) for number in connection.execute(query).scalars()}
    return found


def count_blocks(connection: Connection) -> int:
    """How many blocks the graph of the whole workspace has; see `services.graph_view`, which draws them."""
    link, state, version, project = t.link, t.state, t.version, t.project
    ends = union(
        select(link.c.source_kind.label("kind"), link.c.source_id.label("id")),
        select(link.c.target_kind, link.c.target_id),
    ).subquery()
    promoted = select(state.c.id).where(state.c.version_id.is_not(None))
    linked = (
        select(func.count())
        .select_from(ends)
        .where(
            ends.c.kind.in_(("task", "file", "dataset"))
            | ((ends.c.kind == "state") & ends.c.id.not_in(promoted))
        )
    )
    seen = union(
        select(version.c.project_id),
        select(state.c.project_id)
        .join(ends, (ends.c.kind == "state") & (ends.c.id == state.c.id))
        .where(state.c.version_id.is_(None)),
    )
    bare = (
        select(func.count())
        .select_from(project)
        .where(project.c.removed_at.is_(None), project.c.id.not_in(seen))
    )
    always = [select(func.count()).select_from(x) for x in (version, t.model, t.report, t.labeling_job)]
    return sum(int(connection.execute(query).scalar_one()) for query in (linked, bare, *always))


def count_links(connection: Connection) -> int:
    """How many links the graph of the whole workspace has: those that were recorded, and the spines."""
    link, state, version = t.link, t.state, t.version
    recorded = select(func.count()).select_from(link)
    spines = select(func.count() - func.count(version.c.project_id.distinct())).select_from(version)
    drawn = (
        select(func.count(state.c.id.distinct()))
        .select_from(state)
        .join(
            link,
            ((link.c.source_kind == "state") & (link.c.source_id == state.c.id))
            | ((link.c.target_kind == "state") & (link.c.target_id == state.c.id)),
        )
        .where(state.c.version_id.is_(None), (state.c.after > 0) | (state.c.minor > 1))
    )
    return sum(int(connection.execute(query).scalar_one()) for query in (recorded, spines, drawn))


def app_folders(connection: Connection) -> list[tuple[str, str]]:
    """The person's own apps: slug and folder."""
    return [(row.slug, row.folder) for row in connection.execute(select(t.app).order_by(t.app.c.slug))]


def put_app(transaction: Transaction, slug: str, folder: str, *, at: int, user: int) -> None:
    query = upsert(t.app).values(slug=slug, folder=folder, created_at=at, created_by=user)
    query = query.on_conflict_do_update(index_elements=["slug"], set_={"folder": folder})
    transaction.connection.execute(query)
    transaction.touch("app", 0)
