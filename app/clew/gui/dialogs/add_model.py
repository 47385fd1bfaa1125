"""Add a model that was trained elsewhere: its weight file, what it is called, and what it learned from."""

from pathlib import Path

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QVBoxLayout

from clew.gui.context import Context
from clew.gui.dialogs.dialog import Dialog
from clew.gui.dialogs.fields import Field, FieldRow
from clew.gui.inspector.ask import Ask
from clew.gui.widgets.basic import label
from clew.gui.widgets.dropdown import Dropdown
from clew.model.entities import Model
from clew.services.projects import list_projects
from clew.services.versions import list_versions
from clew.services.weights import add_model, framework_of
from clew.services.workspace import Workspace

Choice = tuple[str, int, tuple[str, ...]]  # words, id of a version, its classes


class AddModelDialog(Dialog):
    """The file is copied into the workspace; nothing of it is run."""

    def __init__(self, context: Context, path: Path | None = None) -> None:
        super().__init__(context.parent, context.ops, context.state, "Add model", "Add model", width=500)
        self._ws = context.ws
        self.file = FieldRow(
            Field("file", "Weight file", "file", str(path) if path else "", required=True), self._named
        )
        self.name = FieldRow(
            Field("name", "Name", help="Models of one name are numbered 1, 2, 3.", required=True)
        )
        self.framework = FieldRow(Field("framework", "Framework"))
        self.classes = FieldRow(
            Field("classes", "Classes", help="In the order of its outputs, with commas between them.")
        )
        self.version = Dropdown()
        self.version.setAccessibleName("Trained on")
        self.version.addItem("Not known", None)
        self.version.setSizeAdjustPolicy(Dropdown.SizeAdjustPolicy.AdjustToMinimumContentsLengthWithIcon)
        self.version.view().setTextElideMode(Qt.TextElideMode.ElideMiddle)
        self.version.activated.connect(lambda _index: self._offer_classes())
        trained = label("Trained on", 12, 500, "dim")
        trained.setBuddy(self.version)
        learned = QVBoxLayout()
        learned.setContentsMargins(0, 0, 0, 4)
        learned.setSpacing(4)
        learned.addWidget(trained)
        learned.addWidget(self.version)
        for widget in (self.file, self.name, self.framework):
            self.body.addWidget(widget)
        self.body.addLayout(learned)
        self.body.addWidget(self.classes)
        self._named()
        Ask(self, self.ops)(lambda: _versions(self._ws), self._fill, lambda _error: None)

    def accept(self) -> None:
        checks = [row.check() for row in (self.file, self.name)]
        if not all(checks):
            return
        path, name, framework = Path(self.file.value()), self.name.value(), self.framework.value()
        classes = tuple(word for part in self.classes.value().split(",") if (word := part.strip()))
        chosen = self.version.currentData()
        self.work(
            f"Adding {name}",
            lambda progress: add_model(
                self._ws,
                path,
                name,
                framework=framework,
                classes=classes,
                version_id=chosen[1] if chosen else None,
                progress=progress,
            ),
            self._added,
            said=lambda model: f"Added {model.name}, version {model.number}",
        )

    def _added(self, model: Model) -> None:
        self.state.open("models", select=model.id)

    def _named(self) -> None:
        """Name and framework follow the file until the person writes something else."""
        path = Path(self.file.value() if self.file.line.text() else "")
        for row, words in ((self.name, path.stem), (self.framework, framework_of(path))):
            line = row.line
            if line.text() in ("", line.property("suggested")):
                line.setText(words)
                line.setProperty("suggested", words)

    def _fill(self, choices: tuple[Choice, ...]) -> None:
        for choice in choices:
            self.version.addItem(choice[0], choice)

    def _offer_classes(self) -> None:
        chosen = self.version.currentData()
        line = self.classes.line
        if chosen and not line.text().strip():
            line.setText(", ".join(chosen[2]))


def _versions(ws: Workspace) -> tuple[Choice, ...]:
    found: list[Choice] = []
    for summary in list_projects(ws):
        for one in list_versions(ws, summary.project.id, deleted=False):
            words = f"{summary.project.name}, version {one.version.number}"
            found.append((words, one.version.id, tuple(one.statistics.classes)))
    return tuple(found)
