"""The classes of a project with their colours and counts."""

from dataclasses import dataclass

from PySide6.QtWidgets import QStackedLayout, QVBoxLayout, QWidget

from clew.gui.context import Context
from clew.gui.dialogs.import_data import ImportDialog
from clew.gui.pages.project_tab import ProjectTab
from clew.gui.widgets.empty import Empty
from clew.gui.widgets.table import Column, Table
from clew.model.entities import Project, Statistics
from clew.services.projects import list_classes


@dataclass(frozen=True)
class ClassRow:
    """A class as the table shows it; `share` is of all objects, 0 to 1."""

    name: str
    colour: str
    objects: int
    share: float


class ClassesTab(ProjectTab):
    """A table with swatches."""

    columns = (
        Column("Class", lambda r: r.name, width=260, strong=True, swatch=lambda r: r.colour),
        Column("Objects", lambda r: f"{r.objects:,}", lambda r: r.objects, 110, right=True),
        Column(
            "Share",
            lambda r: f"{r.share:.0%}",
            lambda r: r.share,
            200,
            progress=lambda r: r.share,
            bar_tone="project",
        ),
        Column("Colour", lambda r: r.colour, width=0, dim=True),
    )

    def __init__(self, context: Context) -> None:
        super().__init__(context)
        self.table = Table(self.state, self.columns, "Classes", key=lambda r: r.name)
        self.empty = Empty(
            self.state,
            "tag",
            "No class yet. Import annotated pictures, as COCO or YOLO, and their classes show here.",
            "Import into this project",
            self._import,
        )
        body = QWidget()
        inside = QVBoxLayout(body)
        inside.setContentsMargins(14, 10, 14, 0)
        inside.addWidget(self.table)
        self._body = body
        self._stack = QStackedLayout(self)
        self._stack.addWidget(body)
        self._stack.addWidget(self.empty)

    def load(self, project: Project, statistics: Statistics) -> None:
        def read() -> tuple[ClassRow, ...]:
            total = sum(statistics.classes.values()) or 1
            known = {info.name: info.colour for info in list_classes(self.ws, project.id)}
            names = [*known, *(name for name in statistics.classes if name not in known)]
            return tuple(
                ClassRow(name, known.get(name, "#9A9DA3"), n := statistics.classes.get(name, 0), n / total)
                for name in names
            )

        self.ask(read, self._show)

    def _show(self, rows: tuple[ClassRow, ...]) -> None:
        self.table.set_rows(rows)
        self._stack.setCurrentWidget(self._body if rows else self.empty)

    def _import(self) -> None:
        if self.project is not None:
            ImportDialog(self.context, project=self.project.name).open()
