"""The graph as the canvas draws it, read in one view of the database."""

from dataclasses import dataclass, field, replace
from functools import partial
from typing import Any

from clew.db import layout_rows, mapping, queries
from clew.graph import lineage
from clew.model.entities import (
    Dataset,
    FileEntry,
    LabelingJob,
    Link,
    Model,
    Project,
    Report,
    State,
    Statistics,
    Task,
    TaskStatus,
    User,
    Version,
    VersionStatus,
)
from clew.model.refs import BlockKind, BlockRef
from clew.model.view import Block, BlockLink, Frame, GraphView, LinkKind, Scope
from clew.services.blocks import (
    Origin,
    dataset_block,
    file_block,
    job_block,
    maker_of,
    model_block,
    pending_model,
    project_block,
    report_block,
    state_block,
    task_block,
    version_block,
)
from clew.services.statistics import statistics_of
from clew.services.workspace import Workspace


@dataclass
class Rows:
    """Everything the graph is made of, by id."""

    projects: dict[int, Project] = field(default_factory=dict)
    versions: dict[int, Version] = field(default_factory=dict)
    states: dict[int, State] = field(default_factory=dict)
    datasets: dict[int, Dataset] = field(default_factory=dict)
    tasks: dict[int, Task] = field(default_factory=dict)
    models: dict[int, Model] = field(default_factory=dict)
    reports: dict[int, Report] = field(default_factory=dict)
    files: dict[int, FileEntry] = field(default_factory=dict)
    jobs: dict[int, LabelingJob] = field(default_factory=dict)
    users: dict[int, User] = field(default_factory=dict)
    links: list[Link] = field(default_factory=list)
    texts: dict[BlockRef, str] = field(default_factory=dict)


_TABLES: tuple[tuple[str, type[Any]], ...] = (
    ("projects", Project),
    ("versions", Version),
    ("states", State),
    ("datasets", Dataset),
    ("tasks", Task),
    ("models", Model),
    ("reports", Report),
    ("files", FileEntry),
    ("jobs", LabelingJob),
    ("users", User),
)


def read_rows(connection: Any) -> Rows:
    """All entities of the workspace, in one consistent view."""
    rows = Rows(links=mapping.find(connection, Link), texts=layout_rows.descriptions(connection))
    for name, entity in _TABLES:
        setattr(rows, name, {value.id: value for value in mapping.find(connection, entity)})
    return rows


def graph(ws: Workspace, scope: Scope = Scope()) -> GraphView:  # noqa: B008 - a frozen value
    """The blocks and links of the workspace, of one project, or of one task."""
    with ws.db.read() as connection:
        rows = read_rows(connection)
        places = layout_rows.positions(connection, scope.key)
        pins = layout_rows.pins(connection, scope.key)
        frames = layout_rows.frames(connection, scope.key)
        notes = layout_rows.notes(connection, scope.key)
        seq = queries.newest_seq(connection)
        removed = {p.id for p in rows.projects.values()} - {
            p.id for p in mapping.find(connection, Project, removed_at=None)
        }
    aliases = lineage.promoted(rows.states.values())
    flow = lineage.build(rows.links, aliases)
    blocks = _all_blocks(ws, rows, flow, removed)
    chain = lineage.spine(
        rows.versions.values(), (s for s in rows.states.values() if _state_ref(s) in blocks)
    )
    wanted = set(blocks) if scope.kind == "workspace" else _scoped(scope, rows, flow, set(blocks))
    links = [
        BlockLink(
            source,
            target,
            LinkKind.HAND if facts["by_hand"] else LinkKind.DATA,
            facts["id"],
            facts["title"],
        )
        for source, target, facts in flow.edges(data=True)
        if source in wanted and target in wanted
    ]
    links += [BlockLink(a, b, LinkKind.SPINE) for a, b in chain if a in wanted and b in wanted]
    links += _pending_links(blocks, wanted)
    return GraphView(
        scope,
        _title(ws, scope, rows),
        tuple(
            replace(block, pinned=True) if ref in pins else block
            for ref, block in blocks.items()
            if ref in wanted
        ),
        tuple(links),
        tuple(_present(frame, wanted | {note.ref for note in notes}) for frame in frames),
        {ref: place for ref, place in places.items() if ref in wanted},
        seq,
        notes,
    )


def _state_ref(state: State) -> BlockRef:
    return BlockRef(BlockKind.STATE, state.id)


def _present(frame: Frame, wanted: set[BlockRef]) -> Frame:
    return replace(frame, members=tuple(ref for ref in frame.members if ref in wanted))


def _title(ws: Workspace, scope: Scope, rows: Rows) -> str:
    if scope.kind == "project" and scope.id in rows.projects:
        return rows.projects[scope.id].name
    if scope.kind == "task" and scope.id in rows.tasks:
        return rows.tasks[scope.id].name
    return ws.name


def _pending_links(blocks: dict[BlockRef, Block], wanted: set[BlockRef]) -> list[BlockLink]:
    return [
        BlockLink(BlockRef(BlockKind.TASK, -ref.id), ref)
        for ref in blocks
        if ref.kind is BlockKind.MODEL and ref.id < 0 and ref in wanted
    ]


def _scoped(scope: Scope, rows: Rows, flow: lineage.Graph, there: set[BlockRef]) -> set[BlockRef]:
    if scope.kind == "project":
        own = {v.ref for v in rows.versions.values() if v.project_id == scope.id}
        own |= {_state_ref(s) for s in rows.states.values() if s.project_id == scope.id}
        own |= {BlockRef(BlockKind.DATASET, d.id) for d in rows.datasets.values() if d.project_id == scope.id}
        own |= {BlockRef(BlockKind.JOB, j.id) for j in rows.jobs.values() if j.project_id == scope.id}
        own.add(BlockRef(BlockKind.PROJECT, scope.id))
    else:
        own = {BlockRef(BlockKind.TASK, scope.id)}
    found = lineage.around(flow, own)
    found |= {BlockRef(BlockKind.MODEL, -ref.id) for ref in found if ref.kind is BlockKind.TASK}
    return found & there


def _all_blocks(ws: Workspace, rows: Rows, flow: lineage.Graph, removed: set[int]) -> dict[BlockRef, Block]:
    blocks: dict[BlockRef, Block] = {}
    counted = _statistics(ws, rows)
    by = partial(_origin, rows, flow)

    def put(block: Block) -> None:
        blocks[block.ref] = block

    before: dict[int, Statistics] = {}
    with_state: set[int] = set()
    for version in sorted(rows.versions.values(), key=lambda v: (v.project_id, v.number)):
        project = rows.projects[version.project_id]
        statistics = counted.get(version.tree, Statistics())
        earlier, origin = before.get(project.id), by(version.ref, version)
        put(version_block(version, project, statistics, earlier, rows.texts, origin))
        with_state.add(project.id)
        if version.status is VersionStatus.SAVED:
            before[project.id] = statistics
    for state in rows.states.values():
        if state.version_id is None and _state_ref(state) in flow:
            project = rows.projects[state.project_id]
            origin = by(_state_ref(state), state)
            put(state_block(state, project, counted.get(state.tree), rows.texts, origin))
            with_state.add(project.id)
    for project in rows.projects.values():
        if project.id not in with_state and project.id not in removed:
            put(project_block(project, rows.texts, by(BlockRef(BlockKind.PROJECT, project.id), project)))
    for task in rows.tasks.values():
        if task.ref in flow or (task.status is TaskStatus.RUNNING and task.kind == "train"):
            put(task_block(task, rows.texts, by(task.ref, task)))
            made = (
                any(ref.kind is BlockKind.MODEL for ref in flow.successors(task.ref))
                if task.ref in flow
                else False
            )
            if task.kind == "train" and not task.status.over and not made:
                put(pending_model(task, by(task.ref, task)))
    newest = {r.model_id: r for r in rows.reports.values()}
    for model in rows.models.values():
        put(model_block(model, newest.get(model.id), rows.texts, by(model.ref, model)))
    reports_before = _reports_before(rows)
    for report in rows.reports.values():
        put(report_block(report, reports_before.get(report.id), rows.texts, by(report.ref, report)))
    for dataset in rows.datasets.values():
        ref = BlockRef(BlockKind.DATASET, dataset.id)
        if ref in flow:
            put(dataset_block(dataset, rows.projects[dataset.project_id], rows.texts, by(ref, dataset)))
    for file in rows.files.values():
        ref = BlockRef(BlockKind.FILE, file.id)
        if ref in flow:
            put(file_block(file, rows.texts, by(ref, file)))
    for job in rows.jobs.values():
        put(job_block(job, rows.texts, by(BlockRef(BlockKind.JOB, job.id), job)))
    return blocks


def _origin(rows: Rows, flow: lineage.Graph, ref: BlockRef, entity: Any) -> Origin:
    """Who made an entity, with which app; a dataset is its project's."""
    owner = rows.projects[entity.project_id] if isinstance(entity, Dataset) else entity
    user = rows.users.get(owner.created_by)
    return Origin(user.name if user is not None else "", _maker(rows, flow, ref, entity))


def _maker(rows: Rows, flow: lineage.Graph, ref: BlockRef, entity: Any) -> str:
    """The app of a task; of all else that of the task it came from, or that had it saved."""
    if isinstance(entity, Task):
        return maker_of(entity)
    came = flow.pred[ref] if ref in flow else ()
    made_by = next((one.id for one in came if one.kind is BlockKind.TASK), None)
    task = rows.tasks.get(made_by or getattr(entity, "task_id", None) or 0)
    return maker_of(task) if task is not None else ""


def _statistics(ws: Workspace, rows: Rows) -> dict[str, Statistics]:
    """Counts of every tree that a block shows; counted once per tree, so this is a read from then on.

    An intermediate state whose content was reclaimed has none.
    """
    with ws.db.read() as connection:
        known = queries.all_statistics(connection)
    kept = ws.store.kept({state.tree for state in rows.states.values() if state.version_id is None})
    shown = [(v.tree, v.project_id) for v in rows.versions.values() if v.status is VersionStatus.SAVED]
    shown += [(s.tree, s.project_id) for s in rows.states.values() if s.tree in kept]
    result: dict[str, Statistics] = {}
    for tree, project_id in shown:
        project = rows.projects[project_id]
        result[tree] = known.get((tree, project.format)) or statistics_of(ws, tree, project)
    return result


def _reports_before(rows: Rows) -> dict[int, Report]:
    """For each report the one before it on the same project and split: its difference is shown."""
    result: dict[int, Report] = {}
    last: dict[tuple[int, str], Report] = {}
    for report in sorted(rows.reports.values(), key=lambda r: r.id):
        place = rows.versions[report.version_id].project_id, report.split
        if place in last:
            result[report.id] = last[place]
        last[place] = report
    return result
