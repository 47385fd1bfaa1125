"""What a page is: a widget with `show_route`, `apply` and `refresh`; and the page that is a table."""

from collections.abc import Callable, Sequence
from functools import partial
from pathlib import Path
from typing import Any

from PySide6.QtCore import QPoint, Qt
from PySide6.QtWidgets import QPushButton, QStackedLayout, QVBoxLayout, QWidget

from clew.gui.actions import actions_for, menu_for
from clew.gui.block_actions import show_in_graph
from clew.gui.commands import Command, act
from clew.gui.context import Context
from clew.gui.inspector.ask import Ask
from clew.gui.keys import bind
from clew.gui.ops import Ops
from clew.gui.state import Route, State
from clew.gui.widgets.basic import button
from clew.gui.widgets.empty import Empty
from clew.gui.widgets.header import Header
from clew.gui.widgets.search import SearchField
from clew.gui.widgets.table import Column, Table
from clew.model.entities import Changes
from clew.model.refs import BlockRef
from clew.services.workspace import Workspace


class Page(QWidget):
    """A place of the window. `kinds` names the news that make it look again."""

    kinds: tuple[str, ...] = ()

    def __init__(self, ws: Workspace, ops: Ops, state: State) -> None:
        super().__init__()
        self.ws, self.ops, self.state = ws, ops, state
        self.context = Context(ws, ops, state, self)
        self.ask = Ask(self, ops)
        self._stale = True

    def show_route(self, _route: Route) -> None:
        """Show what a route names; called each time the page comes to the front."""
        self.refresh()

    def apply(self, changes: Changes) -> None:
        """Take news; a page that is not seen only remembers that it is stale."""
        if not changes.touches(*self.kinds):
            return
        if self.isVisible():
            self.refresh()
        else:
            self._stale = True

    def refresh(self) -> None:
        """Read again what is shown."""

    def commands(self) -> list[Any]:
        """What the command palette offers here (`clew.gui.commands.Command`), beside the header's buttons."""
        return []

    def panes(self) -> tuple[QWidget, ...]:
        """The parts of the page that F6 walks through."""
        return (self,)


class TablePage(Page):
    """A list of entities: title, count, filter, table, and an invitation while it is empty."""

    title = ""
    noun = "entry"
    columns: tuple[Column, ...] = ()
    empty_icon = "folder"
    empty_sentence = ""
    empty_action = ""

    def __init__(self, ws: Workspace, ops: Ops, state: State) -> None:
        super().__init__(ws, ops, state)
        self.header = Header(self.title)
        self.filter = SearchField(state, f"Filter {self.title.lower()}")
        self.header.add(self.filter)
        self.table = Table(state, self.columns, self.title, key=self.key)
        self.empty = Empty(
            state,
            self.empty_icon,
            self.empty_sentence,
            self.empty_action,
            self.fill if self.empty_action else None,
        )
        self._wanted: set[Any] = set()
        self.body = QWidget()
        self.body_layout = QVBoxLayout(self.body)
        self.body_layout.setContentsMargins(14, 10, 14, 0)
        self.body_layout.addWidget(self.table)
        self._stack = QStackedLayout()
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(0)
        layout.addWidget(self.header)
        layout.addLayout(self._stack, 1)
        self._stack.addWidget(self.body)
        self._stack.addWidget(self.empty)
        self.filter.textChanged.connect(self._filter)
        self.table.opened.connect(self.open_row)
        self.table.menu_wanted.connect(self._menu)
        bind(
            self,
            {"filter-list": self.filter.setFocus, "show": self.show_in_graph},
            context=Qt.ShortcutContext.WidgetWithChildrenShortcut,
        )
        self.build()

    def build(self) -> None:
        """Add what a page has of its own."""

    def read(self) -> Sequence[Any]:
        """The rows (blocking; runs off the UI thread)."""
        raise NotImplementedError

    def key(self, row: Any) -> Any:
        """What stays the same of a row when it is read again."""
        return row.id

    def ref(self, _row: Any) -> BlockRef | None:
        """The block of a row, for its menu."""
        return None

    def entity(self, row: Any) -> Any:
        return row

    def open_row(self, row: Any) -> None:
        """Enter or a double click."""

    def fill(self) -> None:
        """The button of the empty page."""

    def show_route(self, route: Route) -> None:
        if (chosen := route.args.get("select")) is not None:
            self._wanted = {chosen}
        self.refresh()

    def refresh(self) -> None:
        self._stale = False
        self.ask(self.read, self.show_rows)

    def show_rows(self, rows: Sequence[Any]) -> None:
        self.table.set_rows(rows)
        self.header.set_title(self.title, *([f"{len(rows):,}"] if rows else []))
        self.filter.setVisible(bool(rows))
        self._stack.setCurrentWidget(self.body if rows else self.empty)
        for widget in self.header.findChildren(QPushButton):
            if widget.property("look") == "primary":
                widget.setVisible(bool(rows))  # the empty page has its own
        if self._wanted:
            self.table.clearSelection()
            self.table.select_keys(self._wanted)
            self._wanted = set()

    def show_in_graph(self) -> None:
        """Ctrl+G: the graph around the chosen row."""
        rows = self.table.selected()
        ref = self.ref(rows[0]) if rows else None
        if ref is not None:
            show_in_graph(self.context, ref)
        else:
            self.state.say("Select a row to show it in the graph.")

    def commands(self) -> list[Command]:
        """The filter, and what the menu of the chosen row offers."""
        if not self.table.shown:
            return []
        found = [act("filter-list", self.filter.setFocus), act("show", self.show_in_graph)]
        rows = self.table.selected()
        ref = self.ref(rows[0]) if len(rows) == 1 else None
        if ref is not None:
            about = self.columns[0].text(rows[0])
            for action in actions_for(ref, self.entity(rows[0]), without=("show",)):
                run = partial(action.run, self.context)
                found.append(Command(action.label, action.icon, run, action.keys, about))
        return found

    def _filter(self, text: str) -> None:
        self.table.set_filter(text)
        shown = self.table.shown
        total = self.table.model().sourceModel().rowCount()  # type: ignore[attr-defined]  # the filter's source
        said = f"{shown:,} of {total:,}" if text.strip() else f"{total:,}"
        self.header.set_title(self.title, said)

    def _menu(self, row: Any, at: QPoint) -> None:
        ref = self.ref(row)
        if ref is not None:
            menu_for(self, actions_for(ref, self.entity(row)), self.context).popup(at)


def add_button(page: TablePage, text: str, run: Callable[[], object], look: str = "normal") -> QPushButton:
    """A button in the header of a table page."""
    made = button(text, run, look)
    page.header.add(made)
    return made


def shorten_home(path: str) -> str:
    """A path with the person's home folder as "~"."""
    home = str(Path.home())
    return "~" + path[len(home) :] if path.startswith(home) else path
