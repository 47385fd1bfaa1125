"""All models of the workspace."""

from collections.abc import Sequence
from typing import Any

from clew.base.clock import friendly
from clew.base.words import measured, size
from clew.gui.actions import actions_for
from clew.gui.dialogs.add_model import AddModelDialog
from clew.gui.dialogs.run_app import RunDialog
from clew.gui.pages.page import TablePage, add_button
from clew.gui.widgets.table import Column
from clew.model.refs import BlockRef
from clew.services.models import ModelSummary, list_models


def score(metrics: dict[str, float | None] | None, key: str) -> str:
    """A metric of a report as the tables show it; empty where there is none."""
    value = (metrics or {}).get(key)
    return "" if value is None else measured(key, value)


def _map(row: ModelSummary) -> float | None:
    return row.report.metrics.get("map") if row.report else None


class ModelsPage(TablePage):
    """Name, what it learned from, how good it is; two or more compare."""

    kinds = ("model", "report", "version")
    title = "Models"
    columns = (
        Column(
            "Name",
            lambda r: f"{r.model.name}, version {r.model.number}",
            lambda r: (r.model.name.casefold(), r.model.number),
            0,
            strong=True,
            icon=lambda _r: ("box", "model"),
        ),
        Column("Trained on", lambda r: r.trained_on, width=190),
        Column("By", lambda r: r.task_name or "", width=120, dim=True),
        Column("mAP", lambda r: score(r.report.metrics if r.report else None, "map"), _map, 80, right=True),
        Column(
            "Classes", lambda r: f"{len(r.model.classes):,}", lambda r: len(r.model.classes), 80, right=True
        ),
        Column("Size", lambda r: size(r.model.size), lambda r: r.model.size, 90, right=True),
        Column("Made", lambda r: friendly(r.model.created_at), lambda r: r.model.created_at, 140, dim=True),
    )
    empty_icon = "box"
    empty_sentence = (
        "A training app leaves a model here, with the version it learned from. Run one to get the first."
    )
    empty_action = "Train a model"

    def build(self) -> None:
        add_button(self, "Add model", self._add)
        self.compare_button = add_button(self, "Compare", self._compare)
        self.compare_button.setEnabled(False)
        self.compare_button.setToolTip("Select two or more models that have a report")
        self.table.chosen.connect(lambda _rows: self._allow())

    def _add(self) -> None:
        AddModelDialog(self.context).open()

    def read(self) -> Sequence[ModelSummary]:
        return list_models(self.ws)

    def key(self, row: ModelSummary) -> int:
        return row.model.id

    def ref(self, row: ModelSummary) -> BlockRef:
        return row.model.ref

    def entity(self, row: ModelSummary) -> Any:
        return row.model

    def open_row(self, row: ModelSummary) -> None:
        if row.report is not None:
            self.state.open("report", id=row.report.id)
        else:
            actions_for(row.model.ref, row.model)[0].run(self.context)

    def fill(self) -> None:
        RunDialog(self.context, kind="train").open()

    def _reports(self) -> tuple[int, ...]:
        return tuple(row.report.id for row in self.table.selected() if row.report is not None)

    def _allow(self) -> None:
        self.compare_button.setEnabled(len(self._reports()) >= 2)

    def _compare(self) -> None:
        self.state.open("compare", ids=self._reports())
