"""The comparison page: reports side by side, with everything that was different about how they were made."""

from collections.abc import Callable
from functools import partial
from typing import Any

from PySide6.QtWidgets import QStackedLayout, QVBoxLayout, QWidget

from clew.base.words import count
from clew.gui.compare.export import FORMATS
from clew.gui.compare.load import Choice, Loaded, load_choices, load_comparison
from clew.gui.compare.view import ComparisonView
from clew.gui.errors import trouble
from clew.gui.inspector.ask import Ask
from clew.gui.inspector.parts import Entry, fill_menu, menu_button, toggle
from clew.gui.inspector.save import export_as, png_of
from clew.gui.ops import Ops
from clew.gui.state import Route, State
from clew.gui.widgets.basic import column, scrolled
from clew.gui.widgets.empty import Empty
from clew.gui.widgets.header import Header
from clew.model.entities import Changes
from clew.model.evaluation import Comparison

MOST = 8
_KINDS = ("report", "model", "version", "project", "task")


class ComparePage(QWidget):
    """Shows route "compare" (ids, baseline). In a dialog it keeps its own ids and leaves the route alone."""

    def __init__(self, ws: Any, ops: Ops, state: State, *, follow: bool = True) -> None:
        super().__init__()
        self.ws, self.ops, self.state = ws, ops, state
        self.ids: tuple[int, ...] = ()
        self.baseline = 0
        self._follow = follow
        self._ask, self._ask_choices = Ask(self, ops), Ask(self, ops)
        self.header = Header("Compare")
        self.only = toggle("Only differences", lambda on: self.view.set_options(only_differences=on))
        self.signed = toggle("As differences", lambda on: self.view.set_options(signed=on))
        self.signed.setToolTip("Write each figure as its difference to the baseline")
        self.add = menu_button("Add report", [])
        self.export = menu_button("Export", self._export_entries())
        self.header.add(self.signed, self.only, self.add, self.export)
        self.view = ComparisonView(ws, ops, state)
        self.view.baseline_wanted.connect(self.set_baseline)
        self.view.remove_wanted.connect(self.remove)
        self.view.open_wanted.connect(lambda i: state.open("report", id=self.ids[i]))
        self.view.picture_wanted.connect(lambda i, path: state.open("report", id=self.ids[i], picture=path))
        inside = QWidget()
        inside.setLayout(column(self.view, margins=(24, 14, 24, 24)))
        self.scrolling = scrolled(inside, "Comparison")
        self.empty = Empty(state, "git-compare", "", "Show reports", lambda: state.open("reports"))
        self._pages = QStackedLayout()
        whole = QVBoxLayout(self)
        whole.setContentsMargins(0, 0, 0, 0)
        whole.setSpacing(0)
        whole.addWidget(self.header)
        whole.addLayout(self._pages, 1)
        self._pages.addWidget(self.scrolling)
        self._pages.addWidget(self.empty)

    def show_route(self, route: Route) -> None:
        """Show the reports that a route names."""
        self.show_reports(tuple(route.args.get("ids", ())), int(route.args.get("baseline", 0)))

    def show_reports(self, ids: tuple[int, ...], baseline: int = 0) -> None:
        """Compare these reports; the one at place `baseline` is what the others are set against."""
        self.ids = tuple(dict.fromkeys(ids))[:MOST]
        self.baseline = baseline if 0 <= baseline < len(self.ids) else 0
        self.refresh()

    def apply(self, changes: Changes) -> None:
        """Read again when something shown here may be another."""
        if changes.touches(*_KINDS):
            self.refresh()

    def refresh(self) -> None:
        """Read the reports again."""
        self._ask_choices(lambda: load_choices(self.ws), self._take_choices)
        if not self.ids:
            self._ask.forget()
            self._show_empty("Choose two or more reports to see them side by side.")
            return
        ids, baseline = self.ids, self.baseline
        self._ask(lambda: load_comparison(self.ws, ids, baseline), self._take, self._failed)

    def set_baseline(self, index: int) -> None:
        """Set all others against another report."""
        self._go(self.ids, index)

    def remove(self, index: int) -> None:
        """Take one report out."""
        base = self.ids[self.baseline]
        left = tuple(r for i, r in enumerate(self.ids) if i != index)
        self._go(left, left.index(base) if base in left else 0)

    def add_report(self, report: int) -> None:
        """Put one more report beside the others."""
        self._go((*self.ids, report), self.baseline)

    def _go(self, ids: tuple[int, ...], baseline: int) -> None:
        if self._follow:
            self.state.open("compare", ids=ids, baseline=baseline)
        if not self._follow or self.ids != ids or self.baseline != baseline:
            self.show_reports(ids, baseline)

    def _take(self, loaded: Loaded) -> None:
        comparison = loaded.comparison
        n = len(comparison.reports)
        what = "models" if len({r.label for r in comparison.reports}) == n else "reports"
        title = f"Compare {n} {what}" if n > 1 else comparison.reports[0].label
        self.header.set_title(title, f"evaluated on {comparison.evaluated_on}")
        self.export.setEnabled(True)
        self._pages.setCurrentWidget(self.scrolling)
        self.view.show_comparison(comparison, loaded.previews)

    def _failed(self, error: BaseException) -> None:
        said = trouble(error, "Comparing")
        if said is not None:
            self._show_empty(said.sentence)

    def _show_empty(self, sentence: str) -> None:
        self.header.set_title("Compare")
        self.empty.sentence.setText(sentence)
        self.export.setEnabled(False)
        self._pages.setCurrentWidget(self.empty)

    def _take_choices(self, choices: tuple[Choice, ...]) -> None:
        entries: list[Entry] = [
            (choice.text, partial(self.add_report, choice.id))
            for choice in choices
            if choice.id not in self.ids
        ]
        fill_menu(self.add, entries[:40] if len(self.ids) < MOST else [])
        full = f"At most {count(MOST, 'report')} stand side by side" if len(self.ids) >= MOST else ""
        self.add.setToolTip(full or ("" if entries else "All reports are here"))

    def _export_entries(self) -> list[Entry]:
        def save(name: str, ending: str, body: Callable[[], str | bytes]) -> Callable[[], None]:
            return lambda: export_as(
                self, self.ops, self.state, stem="comparison", name=name, ending=ending, body=body
            )

        def text_of(write: Callable[[Comparison], str]) -> Callable[[], str]:
            return lambda: write(self.view.comparison) if self.view.comparison else ""

        entries: list[Entry] = [(name, save(name, ending, text_of(write))) for name, ending, write in FORMATS]
        return [*entries, ("Picture (PNG)", save("PNG", "png", lambda: png_of(self.view.grab().toImage())))]
