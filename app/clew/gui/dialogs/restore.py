"""Restore a version: in place, with what it will do shown first, or as a new project."""

from typing import Any

from PySide6.QtWidgets import QButtonGroup, QRadioButton

from clew.base.words import count, size
from clew.gui.context import Context
from clew.gui.dialogs.dialog import Dialog
from clew.gui.dialogs.fields import Field, FieldRow
from clew.gui.dialogs.part import Part, PartField
from clew.gui.errors import trouble
from clew.gui.inspector.ask import Ask
from clew.gui.widgets.basic import label
from clew.gui.words import change_sentence
from clew.services.restore import RestoreInPlace, apply_restore, plan_restore, restore_as_project


class RestoreDialog(Dialog):
    """The unsaved state is saved as a version first, always; the dialog says so."""

    def __init__(self, context: Context, version_id: int) -> None:
        super().__init__(context.parent, context.ops, context.state, "Restore version", "Restore", width=500)
        self._ws, self._version_id = context.ws, version_id
        self._plan: RestoreInPlace | None = None
        self._part = Part()
        self._suggested = ""
        self.part = PartField(context, version_id, self._look)
        self.in_place = QRadioButton("In place: the project becomes what it was")
        self.as_project = QRadioButton("As a new project: this one stays as it is")
        self._ways = QButtonGroup(self)
        for way in (self.in_place, self.as_project):
            self._ways.addButton(way)
        self.in_place.setChecked(True)
        self._what = label("Looking at what will change.", wrap=True)
        self._safety = label("", wrap=True)
        self._safety.hide()
        self.name = FieldRow(Field("name", "Name of the new project", required=True))
        self.name.hide()
        for widget in (self.part, self.in_place, self._what, self._safety, self.as_project, self.name):
            self.body.addWidget(widget)
        for text in (self._what, self._safety):
            text.setIndent(24)
        self.primary.setEnabled(False)
        self.in_place.toggled.connect(self._switch)
        self._ask = Ask(self, self.ops)
        self._plan_for(self._part)

    def accept(self) -> None:
        plan = self._plan
        if plan is None:
            return
        number, part = plan.version.number, self._part
        if self.in_place.isChecked():
            self.work(
                f"Restoring version {number}",
                lambda progress: apply_restore(self._ws, plan, progress=progress),
                said=lambda restored: _said(restored, part),
            )
        elif self.name.check():
            name = self.name.value()
            self.work(
                f"Restoring version {number} as {name}",
                lambda progress: restore_as_project(
                    self._ws, self._version_id, name, only=part.only, classes=part.classes, progress=progress
                ),
                lambda project: self.state.open("project", id=project.id, tab="versions"),
                said=f"Restored version {number}{part.words} as {name}",
            )

    def _look(self) -> None:
        """Another part is chosen: work out anew what would change."""
        part = self.part.part()
        if part == self._part and self._plan is not None:
            return
        self._plan = None
        self.show_problem("")
        self._safety.hide()
        if part is None:
            self._ask.forget()
            self._what.setText("Choose a file.")
        else:
            self._plan_for(part)
        self._what.show()
        self._switch()

    def _plan_for(self, part: Part) -> None:
        self._part = part
        what = "that part of the project" if part.words else "the project"
        self.in_place.setText(f"In place: {what} becomes what it was")
        self._what.setText("Looking at what will change.")
        self._ask(
            lambda: plan_restore(self._ws, self._version_id, only=part.only, classes=part.classes),
            self._show,
            self._failed,
        )

    def _show(self, plan: RestoreInPlace) -> None:
        self._plan = plan
        number = plan.version.number
        self.heading.setText(f"Restore {plan.project.name}, version {number}")
        name = f"{plan.project.name}, version {number}{self._part.words}"
        line = self.name.line
        if line.text() in ("", self._suggested):  # what the person wrote stays
            line.setText(name)
        self._suggested = name
        if plan.write or plan.delete:
            written = f"{count(plan.write, 'file')} written ({size(plan.bytes_to_write)})"
            self._what.setText(
                f"{written}, {count(plan.delete, 'file')} deleted, {count(plan.keep, 'file')} kept."
            )
        else:
            what = "That part" if self._part.words else "The project"
            self._what.setText(f"{what} is already what version {number} was; nothing will change.")
        if plan.unsaved is not None and not plan.unsaved.empty and not plan.nothing:
            self._safety.setText(f"First saved as a version of its own: {change_sentence(plan.unsaved)}.")
            self._safety.show()
        self._switch()

    def _switch(self) -> None:
        plan, here = self._plan, self.in_place.isChecked()
        self.name.setVisible(not here)
        nothing = plan is not None and here and not (plan.write or plan.delete)
        self.primary.setEnabled(plan is not None and not nothing)
        self.primary.setToolTip("Nothing will change" if nothing else "")

    def _failed(self, error: BaseException) -> None:
        found = trouble(error, "Looking at what will change")
        self._what.hide()
        self.show_problem(found.sentence if found else "")


def _said(restored: Any, part: Part) -> str:
    done = f"Restored version {restored.version.number}{part.words}"
    if restored.safety is None:
        return done
    return f"{done}; what was unsaved is version {restored.safety.number}"
