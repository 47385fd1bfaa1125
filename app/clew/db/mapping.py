"""Rows become values here: one table of entities, and four verbs that serve all of them."""

import dataclasses
import typing
from collections.abc import Callable, Sequence
from enum import StrEnum
from operator import itemgetter
from typing import Any, TypeVar

from sqlalchemy import Connection, Row, Table, delete, func, insert, select, update

from clew.db import tables as t
from clew.db.database import Transaction
from clew.model.entities import (
    Dataset,
    FileEntry,
    LabelingJob,
    Link,
    Model,
    Project,
    Report,
    State,
    Task,
    User,
    Version,
)
from clew.model.refs import BlockKind, BlockRef

E = TypeVar("E")

ENTITIES: dict[type, tuple[Table, str]] = {  # value, its table, and the kind that the change log names
    User: (t.user, "user"),
    Project: (t.project, "project"),
    Dataset: (t.dataset, "dataset"),
    Version: (t.version, "version"),
    State: (t.state, "state"),
    Task: (t.task, "task"),
    LabelingJob: (t.labeling_job, "job"),
    FileEntry: (t.file, "file"),
    Model: (t.model, "model"),
    Report: (t.report, "report"),
    Link: (t.link, "link"),
}


def _converters(entity: type) -> dict[str, Any]:
    """For each field the function that makes its type from what the database gives, where one is needed."""
    result: dict[str, Any] = {}
    for name, hint in typing.get_type_hints(entity).items():
        if isinstance(hint, type) and issubclass(hint, StrEnum):
            result[name] = hint
        elif typing.get_origin(hint) is tuple:
            result[name] = tuple
    return result


def _picker(entity: type) -> tuple[Callable[[Any], tuple[Any, ...]], list[tuple[int, Any]]]:
    """What takes the fields of an entity, in their order, from a row of its table; and which to convert.

    The ends of a link are two columns each: the first stands in their place until the link is made.
    """
    columns = [column.name for column in ENTITIES[entity][0].columns]
    names = [f.name for f in dataclasses.fields(entity)]
    convert = _converters(entity)
    at = [columns.index(f"{name}_id" if name in ("source", "target") else name) for name in names]
    return itemgetter(*at), [(i, convert[name]) for i, name in enumerate(names) if name in convert]


_PICK = {entity: _picker(entity) for entity in ENTITIES}
_KINDS = {kind.value: kind for kind in BlockKind}
_ENDS = [
    tuple(t.link.columns.keys().index(f"{end}_{part}") for part in ("kind", "id"))
    for end in ("source", "target")
]


def to_value(entity: type[E], row: Row[Any]) -> E:
    """The value that a row of the entity's table stands for, its columns in the table's order."""
    pick, convert = _PICK[entity]
    values = list(pick(row))
    for i, make in convert:
        values[i] = make(values[i])
    if entity is Link:
        values[1:3] = [BlockRef(_KINDS[row[kind]], row[id_]) for kind, id_ in _ENDS]
    return entity(*values)


def _to_row(entity: type, values: dict[str, Any]) -> dict[str, Any]:
    row = dict(values)
    if entity is Link:
        for end in ("source", "target"):
            if (ref := row.pop(end, None)) is not None:
                row[f"{end}_kind"], row[f"{end}_id"] = ref.kind.value, ref.id
    return {k: list(v) if isinstance(v, tuple) else v for k, v in row.items()}


def find(
    connection: Connection,
    entity: type[E],
    *,
    order: Sequence[str] = ("id",),
    limit: int | None = None,
    **where: Any,
) -> list[E]:
    """All values whose columns equal what is given; a list or tuple means "one of"; "-id" sorts downwards."""
    table = ENTITIES[entity][0]
    query = select(table)
    for name, wanted in where.items():
        column = table.c[name]
        query = query.where(
            column.in_(wanted) if isinstance(wanted, list | tuple | set) else column == wanted
        )
    for name in order:
        query = query.order_by(table.c[name[1:]].desc() if name.startswith("-") else table.c[name])
    if limit is not None:
        query = query.limit(limit)
    return [to_value(entity, row) for row in connection.execute(query).all()]


def first(
    connection: Connection, entity: type[E], *, order: Sequence[str] = ("id",), **where: Any
) -> E | None:
    """The first of what `find` gives, or None."""
    found = find(connection, entity, order=order, limit=1, **where)
    return found[0] if found else None


def count(connection: Connection, entity: type, **where: Any) -> int:
    """How many there are."""
    table = ENTITIES[entity][0]
    query = select(func.count()).select_from(table)
    for name, wanted in where.items():
        query = query.where(table.c[name] == wanted)
    return int(connection.execute(query).scalar_one())


def add(transaction: Transaction, entity: type, **values: Any) -> int:
    """Insert a row, log it, and give its id."""
    table, kind = ENTITIES[entity]
    done = transaction.connection.execute(insert(table).values(**_to_row(entity, values)))
    assert done.inserted_primary_key is not None
    id_ = int(done.inserted_primary_key[0])
    transaction.touch(kind, id_)
    return id_


def change(transaction: Transaction, entity: type, id_: int, **values: Any) -> None:
    """Change some columns of one row, and log it."""
    table, kind = ENTITIES[entity]
    transaction.connection.execute(update(table).where(table.c.id == id_).values(**_to_row(entity, values)))
    transaction.touch(kind, id_)


def remove(transaction: Transaction, entity: type, id_: int) -> None:
    """Delete one row, and log it."""
    table, kind = ENTITIES[entity]
    transaction.connection.execute(delete(table).where(table.c.id == id_))
    transaction.touch(kind, id_)
