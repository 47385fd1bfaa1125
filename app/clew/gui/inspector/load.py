"""Reading what the inspector shows; runs off the UI thread."""

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from clew.base.errors import ClewError
from clew.model.entities import Report, Version
from clew.model.evaluation import Curve
from clew.model.refs import BlockKind, BlockRef
from clew.model.view import BlockLink, Scope

if TYPE_CHECKING:
    from clew.services.link_facts import LinkFacts

_MOST_LINKS = 12
_MOST_CHOSEN = 40


@dataclass(frozen=True)
class Named:
    """A block in words."""

    ref: BlockRef
    caption: str
    title: str


@dataclass(frozen=True)
class LinkShown:
    """One link with the names of its ends."""

    link: BlockLink
    source: Named
    target: Named
    facts: "LinkFacts"


@dataclass(frozen=True)
class Shown:
    """One block with the names around it; what a kind does not have stays empty."""

    details: Any  # services.details.Details
    inputs: tuple[Named, ...] = ()
    outputs: tuple[Named, ...] = ()
    files: tuple[tuple[str, int], ...] = ()  # of a model: path, size
    curve: Curve | None = None  # of a report, or of a model's newest report
    report_id: int | None = None


@dataclass(frozen=True)
class Summary:
    """What a scope holds when nothing is chosen."""

    title: str
    caption: str
    counts: tuple[tuple[str, int], ...]
    newest: tuple[Named, ...] = ()
    of_all: bool = False  # of the whole workspace


@dataclass(frozen=True)
class Several:
    """Chosen blocks; `page` and `args` say where they compare, `words` what the button says."""

    named: tuple[Named, ...]
    total: int
    words: str = ""
    page: str = ""
    args: dict[str, Any] = field(default_factory=dict)


def load_one(ws: Any, ref: BlockRef) -> Shown:
    """All about one block.

    Raises:
        UserError: there is no such block.
    """
    from clew.services.details import details

    found = details(ws, ref)
    report = _report_of(ws, ref)
    return Shown(
        found,
        _names(ws, found.inputs[:_MOST_LINKS]),
        _names(ws, found.outputs[:_MOST_LINKS]),
        _model_files(ws, ref),
        _curve(ws, report),
        report,
    )


def load_link(ws: Any, link: BlockLink) -> LinkShown:
    """All about one link.

    Raises:
        UserError: it, or one of its ends, is not there any more.
    """
    from clew.services.link_facts import link_facts

    return LinkShown(link, name_of(ws, link.source), name_of(ws, link.target), link_facts(ws, link))


def load_several(ws: Any, refs: tuple[BlockRef, ...]) -> Several:
    """Some blocks, and whether they can be compared."""
    words, page, args = _comparable(ws, refs)
    return Several(_names(ws, refs[:_MOST_CHOSEN]), len(refs), words, page, args)


def load_summary(ws: Any, scope: Scope) -> Summary:
    """The scope in numbers, and what is newest in it."""
    return _workspace(ws) if scope.kind == "workspace" else _part(ws, scope)


def name_of(ws: Any, ref: BlockRef) -> Named:
    """A block's caption and title, without counting anything.

    Raises:
        UserError: there is no such block.
    """
    from clew.services.blocks import TASK_CAPTIONS
    from clew.services.details import details
    from clew.services.projects import get_project
    from clew.services.tasks import get_task
    from clew.services.versions import get_version

    if ref.kind is BlockKind.VERSION:
        version = get_version(ws, ref.id)
        return Named(ref, f"Version {version.number}", get_project(ws, version.project_id).name)
    if ref.kind is BlockKind.TASK:
        task = get_task(ws, ref.id)
        return Named(ref, TASK_CAPTIONS.get(task.kind, "App"), task.name)
    found = details(ws, ref)
    return Named(ref, found.caption, found.title)


def _names(ws: Any, refs: tuple[BlockRef, ...]) -> tuple[Named, ...]:
    named = []
    for ref in refs:
        try:
            named.append(name_of(ws, ref))
        except ClewError:
            continue  # gone since the graph was drawn
    return tuple(named)


def _report_of(ws: Any, ref: BlockRef) -> int | None:
    from clew.services.models import list_models

    if ref.kind is BlockKind.REPORT:
        return ref.id
    if ref.kind is BlockKind.MODEL:
        return next((m.report.id for m in list_models(ws) if m.model.id == ref.id and m.report), None)
    return None


def _curve(ws: Any, report: int | None) -> Curve | None:
    from clew.services.reports import evaluation

    if report is None:
        return None
    try:
        return evaluation(ws, report).pr_curve
    except ClewError:
        return None  # its content is damaged; the report page says so


def _model_files(ws: Any, ref: BlockRef) -> tuple[tuple[str, int], ...]:
    from clew.services.models import model_files

    if ref.kind is not BlockKind.MODEL or ref.id < 0:
        return ()
    return tuple((entry.path, entry.size) for entry in model_files(ws, ref.id))


def _comparable(ws: Any, refs: tuple[BlockRef, ...]) -> tuple[str, str, dict[str, Any]]:
    kinds = {ref.kind for ref in refs}
    if kinds <= {BlockKind.REPORT, BlockKind.MODEL}:
        ids = tuple(dict.fromkeys(r for ref in refs if (r := _report_of(ws, ref)) is not None))
        if len(ids) >= 2:
            what = "models" if kinds == {BlockKind.MODEL} else "reports"
            return f"Compare {len(ids)} {what}", "compare", {"ids": ids}
    if kinds == {BlockKind.VERSION} and len(refs) == 2:
        from clew.services.versions import get_version

        one, other = sorted((get_version(ws, ref.id) for ref in refs), key=_number)
        if one.project_id == other.project_id:
            words = f"Compare versions {one.number} and {other.number}"
            return words, "diff", {"project": one.project_id, "old": one.number, "new": other.number}
    return "", "", {}


def _number(version: Version) -> int:
    return version.number


_COUNTS = (
    ("projects", "Projects"),
    ("tasks", "Tasks"),
    ("running", "Running now"),
    ("models", "Models"),
    ("reports", "Reports"),
    ("files", "Files"),
    ("jobs", "Labeling jobs"),
    ("blocks", "Blocks"),
    ("links", "Links"),
)


def _workspace(ws: Any) -> Summary:
    from clew.services.reports import list_reports
    from clew.services.tasks import list_tasks
    from clew.services.workspace import counts

    numbers = counts(ws)
    rows = tuple((label, numbers[key]) for key, label in _COUNTS if numbers.get(key))
    newest = [(task.created_at, task.ref) for task in list_tasks(ws, limit=5)]
    newest += [(_made(s.report), s.report.ref) for s in list_reports(ws, limit=3)]
    newest.sort(reverse=True)
    return Summary(ws.name, "Workspace", rows, _names(ws, tuple(ref for _, ref in newest[:6])), True)


def _made(report: Report) -> int:
    return report.created_at


_PLURALS = {
    BlockKind.PROJECT: "Projects",
    BlockKind.VERSION: "Versions",
    BlockKind.STATE: "Intermediate states",
    BlockKind.DATASET: "Datasets",
    BlockKind.TASK: "Tasks",
    BlockKind.MODEL: "Models",
    BlockKind.REPORT: "Reports",
    BlockKind.FILE: "Files",
    BlockKind.JOB: "Labeling jobs",
}


def _part(ws: Any, scope: Scope) -> Summary:
    from clew.services.workflow import graph

    view = graph(ws, scope)
    rows = [(words, sum(b.ref.kind is kind for b in view.blocks)) for kind, words in _PLURALS.items()]
    newest = sorted(view.blocks, key=lambda b: b.created_at, reverse=True)[:6]
    return Summary(
        view.title,
        "Project" if scope.kind == "project" else "Task",
        tuple((words, n) for words, n in rows if n),
        tuple(Named(b.ref, b.caption, b.title) for b in newest),
    )
