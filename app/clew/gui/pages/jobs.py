"""Labeling jobs: annotation work given to someone."""

from collections.abc import Sequence
from typing import Any

from clew.base.clock import friendly
from clew.gui.actions import actions_for
from clew.gui.dialogs.fields import Field, FieldsDialog
from clew.gui.pages.page import TablePage, add_button
from clew.gui.widgets.table import Column
from clew.model.entities import LabelingJob
from clew.model.refs import BlockKind, BlockRef
from clew.services.jobs import create_job, list_jobs
from clew.services.projects import list_projects


def _share(row: LabelingJob) -> float | None:
    return row.items_done / row.items_total if row.items_total else None


class JobsPage(TablePage):
    """Who does what, and how far it is."""

    kinds = ("job",)
    title = "Labeling jobs"
    columns = (
        Column("Name", lambda r: r.name, width=0, strong=True, icon=lambda _r: ("pencil", "job")),
        Column("Given to", lambda r: r.assigned_to, width=160),
        Column("Status", lambda r: r.status, width=110),
        Column(
            "Done",
            lambda r: f"{r.items_done:,} of {r.items_total:,}",
            lambda r: r.items_done,
            130,
            right=True,
        ),
        Column("Progress", lambda _r: "", lambda r: _share(r) or 0.0, 180, progress=_share),
        Column("Made", lambda r: friendly(r.created_at), lambda r: r.created_at, 170, dim=True),
    )
    empty_icon = "pencil"
    empty_sentence = (
        "A labeling job says who annotates which pictures, so that the graph shows where labels came from."
    )
    empty_action = "New labeling job"

    def build(self) -> None:
        add_button(self, "New labeling job", self.fill, "primary")

    def read(self) -> Sequence[LabelingJob]:
        return list_jobs(self.ws)

    def ref(self, row: LabelingJob) -> BlockRef:
        return BlockRef(BlockKind.JOB, row.id)

    def open_row(self, row: LabelingJob) -> None:
        actions_for(self.ref(row), row)[0].run(self.context)

    def fill(self) -> None:
        self.context.read(lambda: list_projects(self.ws), self._ask_new)

    def _ask_new(self, found: Any) -> None:
        ids = {summary.project.name: summary.project.id for summary in found}
        if not ids:
            self.state.say("A labeling job needs a project. Import pictures first.")
            return
        totals = {s.project.name: s.statistics.items if s.statistics else 0 for s in found}
        names = tuple(ids)
        fields = (
            Field("name", "Name", required=True),
            Field("project", "Project", "choice", value=names[0], choices=names),
            Field("assigned_to", "Given to"),
            Field("items_total", "Pictures", "int", value=totals[names[0]], minimum=0),
            Field("description", "Description", "long"),
        )

        def create(values: dict[str, Any]) -> LabelingJob:
            project = ids[values.pop("project")]
            return create_job(self.ws, values.pop("name"), project, **values)

        FieldsDialog(
            self.context,
            "New labeling job",
            fields,
            create,
            action="Create job",
            said="Created the labeling job",
        ).open()
