"""The pages of the window by name; each is imported when it is first opened."""

from collections.abc import Callable
from typing import Any


def _workflow() -> Any:
    from clew.gui.pages.workflow import WorkflowPage

    return WorkflowPage


def _projects() -> Any:
    from clew.gui.pages.projects import ProjectsPage

    return ProjectsPage


def _project() -> Any:
    from clew.gui.pages.project import ProjectPage

    return ProjectPage


def _tasks() -> Any:
    from clew.gui.pages.tasks import TasksPage

    return TasksPage


def _models() -> Any:
    from clew.gui.pages.models import ModelsPage

    return ModelsPage


def _reports() -> Any:
    from clew.gui.pages.reports import ReportsPage

    return ReportsPage


def _report() -> Any:
    from clew.gui.report.page import ReportPage

    return ReportPage


def _compare() -> Any:
    from clew.gui.compare.page import ComparePage

    return ComparePage


def _diff() -> Any:
    from clew.gui.diff.page import DiffPage

    return DiffPage


def _files() -> Any:
    from clew.gui.pages.files import FilesPage

    return FilesPage


def _jobs() -> Any:
    from clew.gui.pages.jobs import JobsPage

    return JobsPage


def _apps() -> Any:
    from clew.gui.pages.apps import AppsPage

    return AppsPage


PAGES: dict[str, Callable[[], Any]] = {
    "workflow": _workflow,
    "projects": _projects,
    "project": _project,
    "tasks": _tasks,
    "models": _models,
    "reports": _reports,
    "report": _report,
    "compare": _compare,
    "diff": _diff,
    "files": _files,
    "jobs": _jobs,
    "apps": _apps,
}
