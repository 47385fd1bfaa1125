"""How things are named on the command line: "Coin finds@3", "#2@1", "version:12", a report by id or name."""

from typing import TYPE_CHECKING

from clew.base.errors import UserError
from clew.model.refs import BlockKind, BlockRef

if TYPE_CHECKING:
    from clew.model.entities import Model, Project, Report, Version
    from clew.services.workspace import Workspace


def split(text: str) -> tuple[str, int | None]:
    """("Coin finds", 3) of "Coin finds@3"; a name may hold an @ that no number follows."""
    name, at, number = text.rpartition("@")
    if at and number.isdecimal():
        return name, int(number)
    return text, None


def project_of(ws: "Workspace", text: str) -> "tuple[Project, int | None]":
    """The project, and the number of the version if one is named.

    Raises:
        UserError: there is no such project.
    """
    from clew.services.projects import find_project

    name, number = split(text)
    return find_project(ws, name), number


def version_of(ws: "Workspace", text: str) -> "tuple[Project, Version]":
    """The version that PROJECT@N names, or the latest of PROJECT.

    Raises:
        UserError: there is no such project or version, or the project has no version yet.
    """
    from clew.services.versions import latest_version, version_by_number

    project, number = project_of(ws, text)
    if number is not None:
        return project, version_by_number(ws, project.id, number)
    version = latest_version(ws, project.id)
    if version is None:
        raise UserError(
            f'{project.name} has no version yet. Save one with: clew version create "{project.name}"'
        )
    return project, version


def model_of(ws: "Workspace", text: str) -> "Model":
    """A model by id ("3", "#3", "model:3"), by name (the newest), or by NAME@NUMBER.

    Raises:
        UserError: there is none; names those that are there.
    """
    from clew.services.models import get_model, list_models

    plain = text.removeprefix("model:").removeprefix("#")
    if plain.isdecimal():
        return get_model(ws, int(plain))
    name, number = split(text)
    models = [s.model for s in list_models(ws)]
    found = [m for m in models if m.name == name and number in (None, m.number)]
    if not found:
        there = ", ".join(f"{m.name}@{m.number}" for m in models[:8]) or "none yet"
        raise UserError(f"There is no model {text}. Models here: {there}.")
    return max(found, key=lambda m: m.number)


def report_of(ws: "Workspace", text: str) -> "Report":
    """A report by id ("3", "#3", "report:3") or by name (the newest).

    Raises:
        UserError: there is none; names those that are there.
    """
    from clew.services.reports import get_report, list_reports

    plain = text.removeprefix("report:").removeprefix("#")
    if plain.isdecimal():
        return get_report(ws, int(plain))
    reports = [s.report for s in list_reports(ws)]
    found = [r for r in reports if r.name == text]
    if not found:
        there = ", ".join(f"{r.id} ({r.name})" for r in reports[:8]) or "none yet"
        raise UserError(f"There is no report {text}. Reports here: {there}.")
    return max(found, key=lambda r: r.id)


def task_number(text: str) -> int:
    """The id of a task written "12", "#12" or "task:12".

    Raises:
        UserError: it is no number.
    """
    plain = text.removeprefix("task:").removeprefix("#")
    if not plain.isdecimal():
        raise UserError(f"A task is named by its number, as 12; {text} is none. List them with: clew tasks")
    return int(plain)


def block_of(ws: "Workspace", text: str) -> BlockRef:
    """Any block: "version:12", PROJECT@N, or PROJECT."""
    kind, colon, number = text.partition(":")
    if colon and number.isdecimal() and kind in {known.value for known in BlockKind}:
        return BlockRef.parse(text)
    project, version = project_of(ws, text)
    if version is None:
        return BlockRef(BlockKind.PROJECT, project.id)
    return version_of(ws, text)[1].ref
