"""All reports of the workspace."""

from collections.abc import Sequence
from typing import Any

from clew.base.clock import friendly
from clew.gui.dialogs.run_app import RunDialog
from clew.gui.pages.models import score
from clew.gui.pages.page import TablePage, add_button
from clew.gui.widgets.table import Column
from clew.model.refs import BlockRef
from clew.services.reports import ReportSummary, list_reports


def _metric(title: str, key: str) -> Column:
    return Column(
        title,
        lambda r: score(r.report.metrics, key),
        lambda r: r.report.metrics.get(key),
        78,
        right=True,
    )


class ReportsPage(TablePage):
    """What was measured on what; two or more compare."""

    kinds = ("report", "model", "version")
    title = "Reports"
    columns = (
        Column(
            "Model",
            lambda r: r.model_label or r.report.name,
            width=0,
            strong=True,
            icon=lambda _r: ("chart-no-axes-column", "report"),
        ),
        Column("Evaluated on", lambda r: r.data_label, width=210),
        _metric("mAP", "map"),
        _metric("AP50", "ap50"),
        _metric("Precision", "precision"),
        _metric("Recall", "recall"),
        _metric("F1", "f1"),
        Column("Made", lambda r: friendly(r.report.created_at), lambda r: r.report.created_at, 140, dim=True),
    )
    empty_icon = "chart-no-axes-column"
    empty_sentence = (
        "A report says how good a model is. One is made after every training; or evaluate a model now."
    )
    empty_action = "Evaluate a model"

    def build(self) -> None:
        self.compare_button = add_button(self, "Compare", self._compare)
        self.compare_button.setEnabled(False)
        self.compare_button.setToolTip("Select two or more reports")
        self.table.chosen.connect(lambda rows: self.compare_button.setEnabled(len(rows) >= 2))

    def read(self) -> Sequence[ReportSummary]:
        return list_reports(self.ws)

    def key(self, row: ReportSummary) -> int:
        return row.report.id

    def ref(self, row: ReportSummary) -> BlockRef:
        return row.report.ref

    def entity(self, row: ReportSummary) -> Any:
        return row.report

    def open_row(self, row: ReportSummary) -> None:
        self.state.open("report", id=row.report.id)

    def fill(self) -> None:
        RunDialog(self.context, kind="evaluate").open()

    def _compare(self) -> None:
        self.state.open("compare", ids=tuple(row.report.id for row in self.table.selected()))
