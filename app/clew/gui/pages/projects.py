"""All projects of the workspace."""

from collections.abc import Sequence
from typing import Any

from clew.base.clock import friendly
from clew.gui.dialogs.fields import Field, FieldsDialog
from clew.gui.dialogs.import_data import ImportDialog
from clew.gui.pages.page import TablePage, add_button
from clew.gui.widgets.table import Column
from clew.model.refs import BlockKind, BlockRef
from clew.services.projects import ProjectSummary, create_project, list_projects


def _items(row: ProjectSummary) -> str:
    return f"{row.statistics.items:,}" if row.statistics else ""


def _objects(row: ProjectSummary) -> str:
    return f"{row.statistics.objects:,}" if row.statistics else ""


def _latest(row: ProjectSummary) -> str:
    if row.latest is None:
        return "not saved yet"
    title = f", {row.latest.title}" if row.latest.title else ""
    return f"version {row.latest.number}{title}"


class ProjectsPage(TablePage):
    """Name, what is in it, versions, when it changed."""

    kinds = ("project", "version", "dataset", "state")
    title = "Projects"
    columns = (
        Column("Name", lambda r: r.project.name, width=0, strong=True, icon=lambda _r: ("folder", "project")),
        Column("Items", _items, lambda r: r.statistics.items if r.statistics else 0, 90, right=True),
        Column("Objects", _objects, lambda r: r.statistics.objects if r.statistics else 0, 100, right=True),
        Column("Versions", lambda r: f"{r.versions:,}", lambda r: r.versions, 90, right=True),
        Column("Latest", _latest, lambda r: r.latest.created_at if r.latest else 0, 240, dim=True),
        Column("Updated", lambda r: friendly(r.updated_at), lambda r: r.updated_at, 170, dim=True),
    )
    empty_icon = "folder"
    empty_sentence = (
        "A project holds your pictures and their annotations. Import a folder to make the first one."
    )
    empty_action = "Import a folder"

    def build(self) -> None:
        add_button(self, "New project", self._create)
        add_button(self, "Import", self.fill, "primary")

    def read(self) -> Sequence[ProjectSummary]:
        return list_projects(self.ws)

    def key(self, row: ProjectSummary) -> int:
        return row.project.id

    def ref(self, row: ProjectSummary) -> BlockRef:
        return BlockRef(BlockKind.PROJECT, row.project.id)

    def entity(self, row: ProjectSummary) -> Any:
        return row.project

    def open_row(self, row: ProjectSummary) -> None:
        self.state.open("project", id=row.project.id, tab="versions" if row.versions else "data")

    def fill(self) -> None:
        ImportDialog(self.context).open()

    def _create(self) -> None:
        fields = (
            Field("name", "Name", required=True),
            Field("description", "Description", "long"),
        )
        FieldsDialog(
            self.context,
            "New project",
            fields,
            lambda values: create_project(self.ws, values["name"], values["description"]),
            action="Create project",
            said=lambda project: f"Created {project.name}",
        ).open()
