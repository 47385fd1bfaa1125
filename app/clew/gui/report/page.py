"""The report page: how good a model is, by class and picture by picture."""

from collections.abc import Callable
from functools import partial
from typing import Any

from PySide6.QtWidgets import QStackedLayout, QVBoxLayout, QWidget

from clew.base.clock import friendly
from clew.base.words import count
from clew.gui.errors import trouble
from clew.gui.inspector.ask import Ask
from clew.gui.inspector.parts import Entry, fill_menu, menu_button
from clew.gui.inspector.save import export_as, png_of
from clew.gui.ops import Ops
from clew.gui.report.load import LoadedReport, load_report
from clew.gui.report.rows import FORMATS
from clew.gui.report.view import ReportView
from clew.gui.state import Route, State
from clew.gui.widgets.basic import button, column, scrolled
from clew.gui.widgets.empty import Empty
from clew.gui.widgets.header import Header
from clew.model.entities import Changes
from clew.model.evaluation import Evaluation
from clew.model.refs import BlockKind, BlockRef
from clew.model.view import Scope


class ReportPage(QWidget):
    """Shows route "report" (id; picture: a path to show at first)."""

    def __init__(self, ws: Any, ops: Ops, state: State) -> None:
        super().__init__()
        self.ws, self.ops, self.state = ws, ops, state
        self.report_id: int | None = None
        self.loaded: LoadedReport | None = None
        self._picture = ""
        self._ask, self._ask_others = Ask(self, ops), Ask(self, ops)
        self.header = Header("Report")
        self.compare = menu_button("Compare with", [])
        self.export = menu_button("Export", self._export_entries())
        self.show_button = button("Show in graph", self._show_in_graph, "quiet")
        self.header.add(self.show_button, self.compare, self.export)
        self.view = ReportView(ws, ops, state)
        inside = QWidget()
        inside.setLayout(column(self.view, margins=(24, 18, 24, 24)))
        self.scrolling = scrolled(inside, "Report")
        self.empty = Empty(state, "chart-no-axes-column", "", "Show reports", lambda: state.open("reports"))
        self._pages = QStackedLayout()
        whole = QVBoxLayout(self)
        whole.setContentsMargins(0, 0, 0, 0)
        whole.setSpacing(0)
        whole.addWidget(self.header)
        whole.addLayout(self._pages, 1)
        self._pages.addWidget(self.scrolling)
        self._pages.addWidget(self.empty)

    def show_route(self, route: Route) -> None:
        """Show the report that a route names."""
        self._picture = str(route.args.get("picture", ""))
        self.show_report(int(route.args["id"]))

    def show_report(self, report_id: int) -> None:
        """Show a report."""
        if report_id != self.report_id:
            self.scrolling.verticalScrollBar().setValue(0)
        self.report_id = report_id
        self.refresh()

    def apply(self, changes: Changes) -> None:
        """A report never changes; the names around it may."""
        if self.isVisible() and changes.touches("report", "model", "version", "project"):
            self.refresh()

    def refresh(self) -> None:
        """Read the report again."""
        ws, report = self.ws, self.report_id
        if report is None:
            return
        self._ask(lambda: load_report(ws, report), self._take, self._failed)
        self._ask_others(lambda: _others(ws, report), self._take_others)

    def _take(self, loaded: LoadedReport) -> None:
        self.loaded = loaded
        evaluation = loaded.evaluation
        said = (
            f"{count(evaluation.images, 'picture')}, {count(evaluation.objects, 'object')}, "
            f"{count(evaluation.detections, 'detection')}; {friendly(loaded.report.created_at)}"
        )
        self.header.set_title(loaded.report.name, f"on {loaded.data_label}")
        self.export.setEnabled(True)
        self._pages.setCurrentWidget(self.scrolling)
        self.view.show_report(loaded, said, self._picture)
        if self._picture:
            self.scrolling.ensureWidgetVisible(self.view.pictures, 0, 40)
        self._picture = ""

    def _take_others(self, others: tuple[tuple[int, str], ...]) -> None:
        entries: list[Entry] = [(text, partial(self._compare_with, other)) for other, text in others]
        fill_menu(self.compare, entries[:40])
        self.compare.setToolTip("" if others else "There is no other report yet")

    def _compare_with(self, other: int) -> None:
        self.state.open("compare", ids=(other, self.report_id), baseline=0)

    def _failed(self, error: BaseException) -> None:
        said = trouble(error, "Reading the report")
        if said is not None:
            self.header.set_title("Report")
            self.empty.sentence.setText(said.sentence)
            self.export.setEnabled(False)
            self._pages.setCurrentWidget(self.empty)

    def _show_in_graph(self) -> None:
        if self.loaded is not None:
            scope = Scope("project", self.loaded.version.project_id)
            ref = BlockRef(BlockKind.REPORT, self.loaded.report.id)
            self.state.open("workflow", scope=scope, select=ref)

    def _export_entries(self) -> list[Entry]:
        def save(name: str, ending: str, body: Callable[[], str | bytes]) -> Callable[[], None]:
            return lambda: export_as(
                self, self.ops, self.state, stem="report", name=name, ending=ending, body=body
            )

        def text_of(write: Callable[[Evaluation], str]) -> Callable[[], str]:
            return lambda: write(self.loaded.evaluation) if self.loaded else ""

        entries: list[Entry] = [(name, save(name, ending, text_of(write))) for name, ending, write in FORMATS]
        return [*entries, ("Picture (PNG)", save("PNG", "png", lambda: png_of(self.view.grab().toImage())))]


def _others(ws: Any, report_id: int) -> tuple[tuple[int, str], ...]:
    from clew.gui.compare.load import load_choices

    return tuple((choice.id, choice.text) for choice in load_choices(ws) if choice.id != report_id)
