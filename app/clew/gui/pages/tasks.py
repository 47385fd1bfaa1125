"""All tasks, and beside them the one that is chosen."""

from collections.abc import Sequence

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QSplitter, QVBoxLayout, QWidget

from clew.base.clock import friendly
from clew.gui.dialogs.run_app import RunDialog
from clew.gui.pages.page import TablePage
from clew.gui.pages.task_panel import TaskPanel
from clew.gui.state import Route
from clew.gui.task_words import STATUS, outcome, took
from clew.gui.widgets.table import Column
from clew.model.entities import Changes, Task, TaskStatus
from clew.model.refs import BlockRef
from clew.services.tasks import list_tasks
from clew.services.users import user_names


def _progress(task: Task) -> float | None:
    return task.progress if task.status is TaskStatus.RUNNING else None


class TasksPage(TablePage):
    """Table at the left, the chosen task at the right."""

    kinds = ("task", "link")
    title = "Tasks"
    empty_icon = "square-terminal"
    empty_sentence = (
        "A task is one run of an app or script. Run an app, and everything about it is kept here."
    )
    empty_action = "Run an app"

    def build(self) -> None:
        self._names: dict[int, str] = {}
        self.panel = TaskPanel(self.context)
        self.panel.setMinimumWidth(320)
        self.splitter = QSplitter(Qt.Orientation.Horizontal)
        self.splitter.setAccessibleName("Tasks and the chosen task")
        self.splitter.setHandleWidth(1)
        self.splitter.setChildrenCollapsible(False)
        self.body_layout.setContentsMargins(0, 0, 0, 0)
        self.body_layout.removeWidget(self.table)
        beside = QWidget()
        inset = QVBoxLayout(beside)
        inset.setContentsMargins(14, 10, 14, 0)
        inset.addWidget(self.table)
        self.splitter.addWidget(beside)
        self.splitter.addWidget(self.panel)
        self.splitter.setStretchFactor(0, 1)
        self.splitter.setSizes([700, 420])
        self.body_layout.addWidget(self.splitter)
        self.panel.hide()
        self._narrow_table()
        self.table.chosen.connect(self._choose)

    @property
    def columns(self) -> tuple[Column, ...]:  # type: ignore[override]  # the column "By" knows the people
        return (
            Column("Name", lambda t: t.name, width=0, strong=True, icon=lambda t: STATUS[t.status][:2]),
            Column("Status", lambda t: STATUS[t.status][2], width=100),
            Column(
                "Outcome",
                outcome,
                width=340,
                progress=_progress,
            ),
            Column(
                "Started",
                lambda t: friendly(t.started_at or t.created_at),
                lambda t: t.created_at,
                160,
                dim=True,
            ),
            Column("Took", took, lambda t: t.seconds, 100, right=True),
            Column("By", lambda t: self._names.get(t.created_by, ""), width=110, dim=True),
        )

    def show_route(self, route: Route) -> None:
        if (chosen := route.args.get("id")) is not None:
            self._wanted = {chosen}
        super().show_route(route)

    def apply(self, changes: Changes) -> None:
        super().apply(changes)
        self.panel.apply(changes)

    def read(self) -> Sequence[Task]:
        self._names = user_names(self.ws)
        return list_tasks(self.ws)

    def ref(self, row: Task) -> BlockRef:
        return row.ref

    def open_row(self, row: Task) -> None:
        self.panel.show_task(row.id)
        self.panel.show()
        self._narrow_table()
        self.panel.log.setFocus()

    def fill(self) -> None:
        RunDialog(self.context).open()

    def panes(self) -> tuple[QWidget, ...]:
        return self.table, self.panel

    def _choose(self, rows: list[Task]) -> None:
        if len(rows) == 1:
            self.panel.show_task(rows[0].id)
            self.panel.show()
            self._narrow_table()

    def _narrow_table(self) -> None:
        """Beside the panel the table keeps what tells the tasks apart; the panel says the rest."""
        for place, column in enumerate(self.columns):
            if column.title in ("Outcome", "By"):
                self.table.setColumnHidden(place, self.panel.isVisibleTo(self))
