"""Make a workspace's database anew from what the store knows, when it is gone or damaged."""

import os
import time
from collections import Counter
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path
from typing import Any

from clew.base.atomic import fsync_dir
from clew.base.clock import now_us
from clew.base.errors import UserError, explain_os_error
from clew.db import mapping, queries
from clew.db.database import Transaction
from clew.model.entities import Model, Project, Report, Version, VersionStatus
from clew.services.workspace import DATABASE, new_database
from clew.store.store import Store

Record = dict[str, Any]


@dataclass(frozen=True)
class RebuildPlan:
    """What the store knows. Tasks, links, notes and intermediate states are not in it."""

    path: Path
    name: str
    id: str
    projects: tuple[str, ...]
    versions: int
    models: int
    reports: int
    lost: tuple[str, ...]  # versions that are known but whose content is not in the store: listed as deleted
    found: "_Found" = field(repr=False)


@dataclass(frozen=True)
class _Found:
    projects: dict[int, Record]
    versions: dict[tuple[int, int], Record]
    models: tuple[Record, ...]
    reports: tuple[Record, ...]
    trees: frozenset[str]  # those that are in the store


def can_be_rebuilt(path: Path) -> bool:
    """True for a folder that has the store of a workspace, whatever became of the database."""
    return (path / "store" / "format").is_file()


def plan_rebuild(path: Path) -> RebuildPlan:
    """Read what the store knows; changes nothing.

    Raises:
        UserError: there is no store in the folder; DamagedError: the store's own format file is damaged.
    """
    if not can_be_rebuilt(path):
        raise UserError(f"There is no store in {path}, so there is nothing to rebuild the workspace from.")
    with Store.open(path / "store", path / "cache", read_only=True) as store:
        records = store.records()
        trees = store.kept({r["tree"] for r in records if isinstance(r.get("tree"), str)})
    versions: dict[tuple[int, int], Record] = {}
    for record in sorted(records, key=_moment):
        if record.get("kind", "version") == "version" and {"project_id", "number", "tree"} <= record.keys():
            key = int(record["project_id"]), int(record["number"])
            # A record under a name of its own replaces those that were left by commits that failed.
            if "uuid" in record or "uuid" not in versions.get(key, {}):
                versions[key] = record
    found = _Found(
        _projects(path, records, versions),
        versions,
        tuple(r for r in records if r.get("kind") == "model"),
        tuple(r for r in records if r.get("kind") == "report"),
        trees,
    )
    names = {number: str(record["project"]) for number, record in found.projects.items()}
    ids = Counter(str(r["workspace"]) for r in records if r.get("workspace"))
    titles = [str(r["workspace_name"]) for r in sorted(records, key=_moment) if r.get("workspace_name")]
    return RebuildPlan(
        path,
        titles[-1] if titles else path.name,
        ids.most_common(1)[0][0] if ids else "",
        tuple(names.values()),
        len(versions),
        len(found.models),
        len(found.reports),
        tuple(
            f"{names[project]}@{number}"
            for (project, number), record in sorted(versions.items())
            if record["tree"] not in trees and record.get("status") != "deleted"
        ),
        found,
    )


def _moment(record: Record) -> int:
    if isinstance(record.get("created_us"), int):
        return int(record["created_us"])
    try:
        return int(datetime.fromisoformat(str(record.get("created_at"))).timestamp() * 1e6)
    except ValueError:
        return 0


def _projects(
    path: Path, records: list[Record], versions: dict[tuple[int, int], Record]
) -> dict[int, Record]:
    """Projects by id: from their own records, else from their newest version, else from their folder."""
    out: dict[int, Record] = {}
    for (number, _), record in sorted(versions.items(), key=lambda item: _moment(item[1])):
        out[number] = {**record, "removed_us": None}
    for record in records:
        if record.get("kind") == "project":
            number = int(record["project_id"])
            # The newest version knows the format: it may have been changed after the project was made.
            out[number] = {**record, "format": out.get(number, record).get("format", record["format"])}
    for record in out.values():
        record.setdefault("managed", True)
        record.setdefault("folder", f"projects/{record['project']}")
    taken = {str(record["folder"]) for record in out.values()}
    for folder in sorted((path / "projects").glob("*")):
        if folder.is_dir() and f"projects/{folder.name}" not in taken:
            out[max(out, default=0) + 1] = {
                "project": folder.name,
                "folder": f"projects/{folder.name}",
                "managed": True,
                "format": "clew",
            }
    names: set[str] = set()
    for record in out.values():  # the database wants the names of projects on the list to differ
        while not record.get("removed_us") and record["project"] in names:
            record["project"] = f"{record['project']} (2)"
        names |= set() if record.get("removed_us") else {record["project"]}
    return out


def rebuild(plan: RebuildPlan) -> Path | None:
    """Write the new database and put it in place; the old one is kept beside it.

    Returns:
        The old database's new path; None when there was none.

    Raises:
        SurroundingsError: the workspace cannot be written; it is as it was.
    """
    unfinished = plan.path / f"{DATABASE}.rebuilt"
    try:
        for leftover in plan.path.glob(f"{DATABASE}.rebuilt*"):
            leftover.unlink()
        database = new_database(unfinished, plan.name, plan.id)
        try:
            with database.write() as transaction:
                _fill(transaction, plan.found)
        finally:
            database.close()
        aside = _put_aside(plan.path)
        os.rename(unfinished, plan.path / DATABASE)
        fsync_dir(plan.path)
    except OSError as error:
        raise explain_os_error(error, f"rebuilding the workspace {plan.path}") from error
    for folder in ("runs", "projects", "files", "cache"):
        (plan.path / folder).mkdir(exist_ok=True)
    return aside


def _put_aside(path: Path) -> Path | None:
    """Move the old database and what SQLite keeps beside it; the new one must not find a foreign journal."""
    stamp = time.strftime("%Y%m%d-%H%M%S")
    aside = None
    for ending in ("-wal", "-shm", ""):
        old = path / f"{DATABASE}{ending}"
        if old.exists():
            target = path / f"{DATABASE}.before-{stamp}{ending}"
            os.rename(old, target)
            aside = target if not ending else aside
    return aside


def _fill(transaction: Transaction, found: _Found) -> None:
    for number, record in sorted(found.projects.items()):
        _add_project(transaction, number, record)
    ids: dict[tuple[int, int], int] = {}
    for key, record in sorted(found.versions.items()):
        ids[key] = _add_version(transaction, key, record, found.trees)
    for record in sorted(found.models, key=_moment):
        _add_model(transaction, record, ids)
    models = {int(record["model_id"]) for record in found.models}
    for record in sorted(found.reports, key=_moment):
        _add_report(transaction, record, ids, models)


def _person(transaction: Transaction, record: Record) -> int:
    return queries.user_id(
        transaction, str(record.get("created_by", "somebody")), str(record.get("machine", "this machine"))
    )


def _add_project(transaction: Transaction, number: int, record: Record) -> None:
    moment = record.get("project_created_us") or _moment(record) or now_us()
    mapping.add(
        transaction,
        Project,
        id=number,
        name=str(record["project"]),
        description=str(record.get("project_description", "")),
        folder=str(record["folder"]),
        managed=bool(record["managed"]),
        format=str(record.get("format", "clew")),
        created_at=moment,
        updated_at=moment,
        created_by=_person(transaction, record),
        custom={},
        removed_at=record.get("removed_us"),
    )


def _add_version(
    transaction: Transaction, key: tuple[int, int], record: Record, trees: frozenset[str]
) -> int:
    there = record["tree"] in trees and record.get("status") != "deleted"
    return mapping.add(
        transaction,
        Version,
        project_id=key[0],
        number=key[1],
        title=str(record.get("title", "")),
        description=str(record.get("description", "")),
        tree=record["tree"],
        status=VersionStatus.SAVED if there else VersionStatus.DELETED,
        files=int(record.get("files", 0)),
        size=int(record.get("size", 0)),
        added=int(record.get("added", 0)),
        created_at=_moment(record),
        created_by=_person(transaction, record),
        task_id=None,
        deleted_at=None if there else record.get("deleted_us") or now_us(),
    )


def _add_model(transaction: Transaction, record: Record, ids: dict[tuple[int, int], int]) -> None:
    mapping.add(
        transaction,
        Model,
        id=int(record["model_id"]),
        name=str(record["name"]),
        number=int(record["number"]),
        framework=str(record["framework"]),
        classes=tuple(record["classes"]),
        tree=record["tree"],
        size=int(record["size"]),
        files=int(record["files"]),
        task_id=None,
        version_id=_version_id(record.get("trained_on"), ids),
        created_at=_moment(record),
        created_by=_person(transaction, record),
        info=dict(record["info"]),
    )


def _add_report(
    transaction: Transaction, record: Record, ids: dict[tuple[int, int], int], models: set[int]
) -> None:
    version_id = _version_id(record.get("evaluated_on"), ids)
    if version_id is None:  # a report stands on a version; without one it cannot be shown
        return
    mapping.add(
        transaction,
        Report,
        id=int(record["report_id"]),
        name=str(record["name"]),
        model_id=record["model_id"] if record["model_id"] in models else None,
        version_id=version_id,
        task_id=None,
        split=str(record["split"]),
        metrics=dict(record["metrics"]),
        tree=record["tree"],
        created_at=_moment(record),
        created_by=_person(transaction, record),
    )


def _version_id(key: list[int] | None, ids: dict[tuple[int, int], int]) -> int | None:
    return ids.get((int(key[0]), int(key[1]))) if key else None
