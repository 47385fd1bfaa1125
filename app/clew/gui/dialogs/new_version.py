"""Save a version: shows what changed since the last one, asks for a title and a description.

The changes are shown at once when the project's folder is watched. "Nothing changed" is said only after the
folder was read: a watch does not hear of everything. Saving reads it in any case.
"""

from dataclasses import dataclass

from clew.base.words import count
from clew.gui.context import Context
from clew.gui.dialogs.dialog import Dialog
from clew.gui.dialogs.fields import Field, FieldRow
from clew.gui.errors import trouble
from clew.gui.inspector.ask import Ask
from clew.gui.widgets.basic import label, section
from clew.gui.words import change_sentence, readable
from clew.model.changes import VersionDiff
from clew.model.entities import Project, Version
from clew.services.diffs import diff_versions
from clew.services.projects import get_project
from clew.services.versions import create_version, latest_version, list_versions
from clew.services.watching import is_watched

_MOST = 6


@dataclass(frozen=True)
class _Found:
    project: Project
    latest: Version | None
    diff: VersionDiff
    number: int  # that comes next
    sure: bool  # the folder was read


class NewVersionDialog(Dialog):
    """The button waits until the changes are known, and says why when there are none."""

    def __init__(self, context: Context, project_id: int) -> None:
        super().__init__(context.parent, context.ops, context.state, "New version", "Save version", width=500)
        self._ws, self._project_id = context.ws, project_id
        self.title = FieldRow(Field("title", "Title", help="In a few words, as “Copper labels corrected”."))
        self.description = FieldRow(Field("description", "Description", "long"))
        self._changes_title = section("What changed")
        self._changes = label("Looking for changes.", wrap=True)
        self._list = label("", 12, tone="dim", wrap=True)
        self._list.hide()
        for widget in (self._changes_title, self._changes, self._list, self.title, self.description):
            self.body.addWidget(widget)
        self.primary.setEnabled(False)
        self.title.input.setFocus()
        self._ask = Ask(self, self.ops)
        self._ask(lambda: self._read(walk=False), self._show, self._failed)

    def accept(self) -> None:
        title, description = self.title.value(), self.description.value()
        self.work(
            "Saving version",
            lambda progress: create_version(
                self._ws, self._project_id, title, description, progress=progress
            ),
            said=lambda version: f"Saved version {version.number}",
        )

    def _read(self, *, walk: bool) -> _Found:
        project, latest = get_project(self._ws, self._project_id), latest_version(self._ws, self._project_id)
        sure = walk or not is_watched(self._ws, project.folder)
        diff = diff_versions(self._ws, project.id, latest.number if latest else None, None, walk=walk)
        numbers = [summary.version.number for summary in list_versions(self._ws, project.id)]
        return _Found(project, latest, diff, max(numbers, default=0) + 1, sure)

    def _show(self, found: _Found) -> None:
        latest, diff, number = found.latest, found.diff, found.number
        self.heading.setText(f"Save {found.project.name} as version {number}")
        self.primary.setText(f"Save version {number}")
        if latest is None:
            self._changes_title.setText("What is saved")
            items, objects = diff.items_count.new, diff.objects_count.new
            self._changes.setText(
                f"{count(items, 'item')} with {count(objects, 'object')}. The first version."
            )
            self.primary.setEnabled(True)
            return
        self._changes_title.setText(f"What changed since version {latest.number}")
        if diff.empty and not found.sure:
            self._changes.setText("No change was noticed. Reading the folder to be sure.")
            self._ask(lambda: self._read(walk=True), self._show, self._failed)
            return
        if diff.empty:
            self._changes.setText(
                f"Nothing changed since version {latest.number}, so there is nothing to save."
            )
            return
        self._changes.setText(change_sentence(diff))
        lines = [f"{readable(item.path)}: {item.what or item.change.value}" for item in diff.items[:_MOST]]
        if len(diff.items) > _MOST:
            lines.append(f"and {len(diff.items) - _MOST:,} more")
        self._list.setText("\n".join(lines))
        self._list.setVisible(bool(lines))
        self.primary.setEnabled(True)

    def _failed(self, error: BaseException) -> None:
        found = trouble(error, "Looking for changes")
        self._changes.hide()
        self.show_problem(found.sentence if found else "")
