"""Import a folder or file: what was found is shown first, then it arrives whole or not at all."""

import contextlib
from pathlib import Path
from typing import Any

from PySide6.QtWidgets import QCheckBox, QFileDialog, QHBoxLayout, QLineEdit

from clew.base.errors import Cancelled, NothingToDo, UserError
from clew.base.progress import Progress
from clew.base.words import count
from clew.gui.context import Context
from clew.gui.dialogs.dialog import Dialog
from clew.gui.errors import trouble
from clew.gui.inspector.ask import Ask
from clew.gui.widgets.basic import button, label, section
from clew.gui.widgets.dropdown import Dropdown
from clew.model.entities import Project, Task, TaskStatus
from clew.runner.cancel import cancel
from clew.runner.launch import launch
from clew.runner.wait import wait
from clew.services.imports import ImportPlan, plan_import
from clew.services.projects import find_project, list_projects
from clew.services.workspace import Workspace

FORMATS = {
    "images": "Pictures",
    "coco": "COCO",
    "yolo": "YOLO",
    "voc": "Pascal VOC",
    "supervisely": "Supervisely",
    "masks": "Masks",
    "files": "Plain files",
    "clew": "Clew project",
}
_SHOWN = 6
IMPORT_APP = "import"


class ImportDialog(Dialog):
    """Choose a source, see what it holds, name the project."""

    def __init__(self, context: Context, source: Path | None = None, project: str | None = None) -> None:
        super().__init__(context.parent, context.ops, context.state, "Import", "Import", width=540)
        self._ws = context.ws
        self._plan: ImportPlan | None = None
        self._ask = Ask(self, self.ops)
        self.source = QLineEdit()
        self.source.setAccessibleName("Source")
        self.source.setPlaceholderText("A folder, or a COCO file")
        self.source.editingFinished.connect(self._look_at_source)
        self.project = Dropdown()
        self.project.setEditable(True)
        self.project.setAccessibleName("Project")
        self.project.lineEdit().setPlaceholderText("Name of a new project, or one that is there")  # type: ignore[union-attr]  # editable, so it has one
        self.project.activated.connect(lambda _index: self._look_at_source())
        self._found = label("", wrap=True)
        self._classes = label("", 12, tone="dim", wrap=True)
        self._broken_title = section("Files that cannot be read")
        self._broken = label("", 12, wrap=True)
        self.skip = QCheckBox("Leave these files out and import the rest")
        self.replace = QCheckBox("")
        self.link = QCheckBox("Leave the files where they are and link to them")
        self._lay_out()
        self._fixed = project
        self._ask_projects(project)
        self._show_plan(None)
        if source is not None:
            self.source.setText(str(source))
            self._look_at_source()
        else:
            self.source.setFocus()

    def _lay_out(self) -> None:
        line = QHBoxLayout()
        line.addWidget(self.source, 1)
        line.addWidget(button("Choose folder", lambda: self._choose(folder=True)))
        line.addWidget(button("Choose file", lambda: self._choose(folder=False)))
        self.body.addWidget(label("From", 12, 500, "dim"))
        self.body.addLayout(line)
        self.body.addWidget(self._found)
        self.body.addWidget(self._classes)
        self.body.addWidget(label("Into project", 12, 500, "dim"))
        self.body.addWidget(self.project)
        for widget in (self._broken_title, self._broken, self.skip, self.replace, self.link):
            self.body.addWidget(widget)
        for tick in (self.skip, self.replace):
            tick.toggled.connect(lambda _on: self._allow())

    def accept(self) -> None:
        plan = self._plan
        if plan is None:
            self._look_at_source()
            return
        name = self.project.currentText().strip()
        skip, link, replace = self.skip.isChecked(), self.link.isChecked(), self.replace.isChecked()

        params = {
            "source": str(plan.source),
            "project": name or plan.project_name,
            "format": plan.format,
            "on_broken": "skip" if skip else "refuse",
            "on_clash": "replace" if replace else "refuse",
            "link": link,
        }
        self.work(
            f"Importing {plan.source.name}",
            lambda progress: run_import(self._ws, params, progress),
            lambda found: self.state.open("project", id=found[1].id, tab="data"),
            said=lambda found: found[0].message or f"Imported into {found[1].name}",
        )

    def _ask_projects(self, chosen: str | None) -> None:
        def show(found: Any) -> None:
            text = self.project.currentText()
            self.project.clear()
            self.project.addItems([summary.project.name for summary in found])
            self.project.setEditText(chosen or text)

        Ask(self, self.ops)(lambda: list_projects(self._ws), show)

    def _choose(self, *, folder: bool) -> None:
        picker = QFileDialog(self, "Choose what to import", self.source.text())
        mode = QFileDialog.FileMode
        picker.setFileMode(mode.Directory if folder else mode.ExistingFile)
        picker.fileSelected.connect(self._chosen)
        picker.open()

    def _chosen(self, path: str) -> None:
        self.source.setText(path)
        self._look_at_source()

    def _look_at_source(self) -> None:
        text = self.source.text().strip()
        self.show_problem("")
        if not text:
            self._show_plan(None)
            return
        self._plan = None
        self.primary.setEnabled(False)
        self._found.setText("Looking at the source.")
        name = self.project.currentText().strip() or self._fixed
        source = Path(text).expanduser()
        self._ask(lambda: plan_import(self._ws, source, project=name or None), self._show_plan, self._failed)

    def _show_plan(self, plan: ImportPlan | None) -> None:
        self._plan = plan
        broken = plan.scan.broken if plan else ()
        clashes = plan.clashes if plan else ()
        for widget in (self._broken_title, self._broken, self.skip):
            widget.setVisible(bool(broken))
        self.replace.setVisible(bool(clashes))
        self.link.setVisible(plan is not None and plan.project is None and plan.source.is_dir())
        self._classes.setVisible(bool(plan and plan.scan.classes))
        if plan is None:
            self._found.setText("The format is found by itself. Nothing is changed at the source.")
            self.primary.setEnabled(False)
            return
        kind = FORMATS.get(plan.format, plan.format)
        self._found.setText(
            f"{kind}: {count(len(plan.scan.items), 'item')} with {count(plan.objects, 'object')}"
            + (f", {count(len(plan.scan.ignored), 'other file')} left alone" if plan.scan.ignored else "")
        )
        names = [info.name for info in plan.scan.classes]
        more = f" and {len(names) - 12:,} more" if len(names) > 12 else ""
        self._classes.setText(f"Classes: {', '.join(names[:12])}{more}")
        if not self.project.currentText().strip():
            self.project.setEditText(plan.project_name)
        lines = [f"{entry.path}: {entry.reason}" for entry in broken[:_SHOWN]]
        if len(broken) > _SHOWN:
            lines.append(f"and {len(broken) - _SHOWN:,} more")
        self._broken.setText("\n".join(lines))
        self.replace.setText(f"Replace {count(len(clashes), 'item')} that the project has with other content")
        self._allow()

    def _allow(self) -> None:
        plan = self._plan
        if plan is None:
            self.primary.setEnabled(False)
            return
        blocked = (bool(plan.scan.broken) and not self.skip.isChecked()) or (
            bool(plan.clashes) and not self.replace.isChecked()
        )
        self.primary.setEnabled(bool(plan.scan.items) and not blocked)
        self.primary.setText(f"Import {count(len(plan.scan.items), 'item')}")
        self.primary.setToolTip("Choose what happens with these files first" if blocked else "")

    def _failed(self, error: BaseException) -> None:
        self._show_plan(None)
        found = trouble(error, "Looking at the source")
        self.show_problem(found.sentence if found else "")


def run_import(ws: Workspace, params: dict[str, Any], progress: Progress) -> tuple[Task, Project]:
    """Import by the app of that name, so that the graph shows where the data came from (blocking).

    Raises:
        UserError: the import failed; nothing was changed.
        Cancelled: the person stopped it; nothing was changed.
    """
    task = launch(ws, IMPORT_APP, {}, params)
    try:
        over = wait(ws, task.id, progress=progress)
    except Cancelled:
        with contextlib.suppress(NothingToDo):
            cancel(ws, task.id)
        raise
    if over.status is not TaskStatus.DONE:
        raise UserError(over.message or f"The import ended as {over.status.value}; its log says why.")
    return over, find_project(ws, params["project"])
