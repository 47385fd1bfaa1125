"""Reading what the comparison page shows; runs off the UI thread."""

from dataclasses import dataclass
from typing import Any

from clew.gui.compare.disagree import disagreements
from clew.model.evaluation import Comparison
from clew.model.view import Preview


@dataclass(frozen=True)
class Loaded:
    """A comparison, and where the pictures of the compared data are (None where they differ)."""

    comparison: Comparison
    previews: dict[str, Preview] | None


@dataclass(frozen=True)
class Choice:
    """A report that can be compared."""

    id: int
    text: str


def load_comparison(ws: Any, ids: tuple[int, ...], baseline: int) -> Loaded:
    """Compare stored reports.

    Raises:
        UserError: a report is gone, or there is none to compare.
    """
    from clew.services.compare import compare
    from clew.services.reports import get_report
    from clew.services.versions import get_version

    comparison = compare(ws, ids, baseline=min(baseline, len(ids) - 1))
    versions = {get_report(ws, report).version_id for report in ids}
    if len(versions) != 1:
        return Loaded(comparison, None)
    version = get_version(ws, versions.pop())
    paths = [d.path for d in disagreements(comparison)]
    return Loaded(comparison, {path: Preview(version.tree, path, version.project_id) for path in paths})


def load_choices(ws: Any) -> tuple[Choice, ...]:
    """All reports of the workspace in words, newest first."""
    from clew.services.reports import list_reports

    summaries = sorted(list_reports(ws), key=lambda s: s.report.created_at, reverse=True)
    return tuple(
        Choice(s.report.id, f"{s.model_label or s.report.name}, on {s.data_label}") for s in summaries
    )
