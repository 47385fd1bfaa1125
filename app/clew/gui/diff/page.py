"""The difference page: what changed from one version to another, in numbers and picture by picture."""

from collections.abc import Callable
from functools import partial
from typing import Any

from PySide6.QtCore import Qt, QTimer
from PySide6.QtWidgets import QHBoxLayout, QStackedLayout, QVBoxLayout, QWidget

from clew.gui.diff.compare import ItemView
from clew.gui.diff.list import Entry, ThumbList
from clew.gui.diff.load import LoadedDiff, LoadedItem, Row, load_diff, load_item, preview_of
from clew.gui.diff.words import FORMATS, big_numbers, diff_rows, row_words, side_name
from clew.gui.errors import trouble
from clew.gui.inspector.ask import Ask
from clew.gui.inspector.parts import Entry as MenuEntry
from clew.gui.inspector.parts import Toned, fill_menu, menu_button, toggle
from clew.gui.inspector.save import export_as
from clew.gui.ops import Ops
from clew.gui.state import Route, State
from clew.gui.widgets.basic import clear, column, label, scrolled
from clew.gui.widgets.empty import Empty
from clew.gui.widgets.header import Header
from clew.model.changes import VersionDiff
from clew.model.entities import Changes

_SETTLE_MS = 60  # a held arrow key runs over pictures that nobody wants to see


class DiffPage(QWidget):
    """Shows route "diff" (project, old, new: numbers; None for the working folder or the version before)."""

    def __init__(self, ws: Any, ops: Ops, state: State) -> None:
        super().__init__()
        self.ws, self.ops, self.state = ws, ops, state
        self.project_id: int | None = None
        self.old: int | None = None
        self.new: int | None = None
        self.loaded: LoadedDiff | None = None
        self._ask, self._ask_item = Ask(self, ops), Ask(self, ops)
        self._timer = QTimer(self, singleShot=True, interval=_SETTLE_MS)
        self._timer.timeout.connect(self._read_item)
        self._row: Row | None = None
        self.item = ItemView(state)
        self._make_header()
        self._make_body()

    def show_route(self, route: Route) -> None:
        """Show the two states that a route names."""
        self.show_versions(route.args["project"], route.args.get("old"), route.args.get("new"))

    def show_versions(self, project_id: int, old: int | None, new: int | None) -> None:
        """Compare version `old` with version `new` of a project."""
        if (project_id, old, new) != (self.project_id, self.old, self.new):
            self.loaded = None
        self.project_id, self.old, self.new = project_id, old, new
        self.refresh()

    def apply(self, changes: Changes) -> None:
        """Read again when the versions, or the folder that is compared, may be others."""
        if changes.touches("version", "project"):
            self.refresh()

    def refresh(self) -> None:
        """Read the difference again."""
        if self.project_id is None:
            return
        project, old, new = self.project_id, self.old, self.new
        if self.loaded is None:
            self._show_empty("Comparing the two states.", busy=True)
        self._ask(lambda: load_diff(self.ws, project, old, new), self._take, self._failed)

    def _make_header(self) -> None:
        self.header = Header("What changed")
        self.from_button = menu_button("From", [], "quiet", name="Choose the older state")
        self.to_button = menu_button("To", [], "quiet", name="Choose the newer state")
        self.only_labels = toggle("Only labels", lambda _on: self._list())
        self.overlay = toggle("Overlay", self.item.set_overlay, "normal")
        self.export = menu_button("Export", self._export_entries())
        self.header.add(self.from_button, self.to_button, self.only_labels, self.overlay, self.export)

    def _make_body(self) -> None:
        self._numbers = QHBoxLayout()
        self._numbers.setSpacing(40)
        self.list = ThumbList(self.ws, self.ops, self.state, "Changed pictures and files")
        self.list.setMinimumWidth(270)
        self.list.setMaximumWidth(320)
        self.list.entry_chosen.connect(self._choose)
        inside = QWidget()
        inside.setLayout(column(self.item, None, margins=(8, 6, 24, 24)))
        self.none_left = label("No labels changed.", tone="dim")
        self.none_left.setContentsMargins(18, 10, 0, 0)
        self.none_left.setAlignment(Qt.AlignmentFlag.AlignTop)
        rows = QHBoxLayout()
        rows.setSpacing(8)
        rows.setContentsMargins(10, 0, 0, 0)
        rows.addWidget(self.list, 3)
        rows.addWidget(self.none_left, 3)
        self.item_scroll = scrolled(inside, "The chosen picture before and after")
        rows.addWidget(self.item_scroll, 10)
        body = QWidget()
        self.body = body
        layout = QVBoxLayout(body)
        layout.setContentsMargins(0, 18, 0, 0)
        layout.setSpacing(14)
        top = QHBoxLayout()
        top.setContentsMargins(24, 0, 24, 0)
        top.addLayout(self._numbers)
        top.addStretch(1)
        layout.addLayout(top)
        layout.addLayout(rows, 1)
        self.empty = Empty(self.state, "git-compare", "", "Show versions", self._open_versions)
        self._pages = QStackedLayout()
        whole = QVBoxLayout(self)
        whole.setContentsMargins(0, 0, 0, 0)
        whole.setSpacing(0)
        whole.addWidget(self.header)
        whole.addLayout(self._pages, 1)
        self._pages.addWidget(self.body)
        self._pages.addWidget(self.empty)

    def _take(self, loaded: LoadedDiff) -> None:
        self.loaded = loaded
        diff = loaded.diff
        names = side_name(diff.old_label), diff.new_label
        self.header.set_title(f"{names[0]} to {names[1]}", loaded.project.name)
        self.item.set_sides(diff.old_label, diff.new_label)
        self._fill_pickers(loaded)
        if diff.empty:
            both = f"{names[0]} and {'the ' if loaded.new is None else ''}{names[1]}"
            self._show_empty(f"{both} are the same: no picture, label or file is different.")
            return
        self._pages.setCurrentWidget(self.body)
        self.export.setEnabled(True)
        clear(self._numbers)
        for figure, words, tone in big_numbers(diff):
            self._numbers.addWidget(_big_number(self.state, figure, words, tone))
        self._list()

    def _list(self) -> None:
        if self.loaded is None:
            return
        rows = diff_rows(self.loaded.diff, only_labels=self.only_labels.isChecked())
        self.list.set_entries(tuple(Entry(r.path, row_words(r), preview_of(self.loaded, r), r) for r in rows))
        self.list.setVisible(bool(rows))
        self.none_left.setVisible(not rows)
        self.item.setVisible(bool(rows))

    def _choose(self, entry: Entry) -> None:
        self._row = entry.value
        self._timer.start()

    def _read_item(self) -> None:
        row, loaded = self._row, self.loaded
        if row is None or loaded is None:
            return
        self._ask_item(lambda: load_item(self.ws, loaded, row), self._take_item, self._item_failed)

    def _take_item(self, item: LoadedItem) -> None:
        self.item.show_item(item)

    def _item_failed(self, error: BaseException) -> None:
        said = trouble(error, "Reading the picture")
        if said is not None:
            self.item.show_sentence(said.sentence)

    def _failed(self, error: BaseException) -> None:
        said = trouble(error, "Comparing the versions")
        if said is not None:
            self._show_empty(said.sentence)

    def _show_empty(self, sentence: str, *, busy: bool = False) -> None:
        self.empty.sentence.setText(sentence)
        self.empty.button.setVisible(not busy and self.project_id is not None)
        self.export.setEnabled(False)
        self._pages.setCurrentWidget(self.empty)

    def _fill_pickers(self, loaded: LoadedDiff) -> None:
        numbers = [
            (v.number, f"Version {v.number}" + (f", {v.title}" if v.title else "")) for v in loaded.versions
        ]
        go = self.show_pair
        from_entries: list[MenuEntry] = [
            (t, partial(go, n, loaded.new)) for n, t in numbers if n != loaded.new
        ]
        to_entries: list[MenuEntry] = [(t, partial(go, loaded.old, n)) for n, t in numbers if n != loaded.old]
        if loaded.new is not None:
            to_entries.insert(0, ("Working folder", partial(go, loaded.old, None)))
        fill_menu(self.from_button, from_entries)
        fill_menu(self.to_button, to_entries)
        self.from_button.setText("From " + (f"version {loaded.old}" if loaded.old is not None else "nothing"))
        self.to_button.setText(
            "To " + (f"version {loaded.new}" if loaded.new is not None else "working folder")
        )

    def show_pair(self, old: int | None, new: int | None) -> None:
        """Go to another pair of states of the same project."""
        self.state.open("diff", project=self.project_id, old=old, new=new)
        if (self.old, self.new) != (old, new) and self.project_id is not None:
            self.show_versions(self.project_id, old, new)

    def _open_versions(self) -> None:
        self.state.open("project", id=self.project_id, tab="versions")

    def _export_entries(self) -> list[MenuEntry]:
        def save(name: str, ending: str, write: Callable[[VersionDiff], str]) -> Callable[[], None]:
            def body() -> str:
                return write(self.loaded.diff) if self.loaded else ""

            return lambda: export_as(
                self, self.ops, self.state, stem="difference", name=name, ending=ending, body=body
            )

        return [(name, save(name, ending, write)) for name, ending, write in FORMATS]


def _big_number(state: State, figure: str, words: str, tone: str) -> QWidget:
    made = QWidget()
    number = Toned(state, figure, tone, 20, 650)
    layout = QVBoxLayout(made)
    layout.setContentsMargins(0, 0, 0, 0)
    layout.setSpacing(2)
    layout.addWidget(number)
    layout.addWidget(label(words, 12, tone="dim"))
    made.setAccessibleName(f"{figure} {words}")
    return made
