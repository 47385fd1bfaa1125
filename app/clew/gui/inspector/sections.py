"""The other sections of the inspector, one small class each."""

from typing import Any

from PySide6.QtCore import Qt
from PySide6.QtGui import QGuiApplication
from PySide6.QtWidgets import QProgressBar

from clew.base.words import signed, size
from clew.gui.charts.mini import MiniCurve
from clew.gui.compare.table import Cell, Column, FlatTable
from clew.gui.fonts import mono_font, ui_font
from clew.gui.inspector.load import Shown
from clew.gui.inspector.parts import banner, flush, say
from clew.gui.inspector.section import Facts, RefList, Section
from clew.gui.theme import Theme
from clew.gui.widgets.basic import button, label, row, section
from clew.gui.widgets.thumbs import ThumbStrip
from clew.model.changes import Change, VersionDiff
from clew.model.entities import Task, TaskStatus
from clew.model.refs import BlockKind
from clew.model.view import BlockState
from clew.services.task_words import failure, standing

_COUNTED = ("Items", "Objects")


class FactsSection(Section):
    """Names and values. A version that has a table of changes leaves its counts to it."""

    title = "Facts"

    def build(self) -> None:
        self.facts = Facts()
        self.body.addWidget(self.facts)

    def take(self, shown: Shown) -> bool:
        found = shown.details
        rows = [(fact.label, fact.value) for fact in found.facts]
        if found.ref.kind is BlockKind.VERSION:
            rows = [(name, value) for name, value in rows if name != "Title"]
            rows = [] if found.change_since is not None else rows
        if found.ref.kind is BlockKind.TASK:
            rows = rows[1:]  # the outcome is said above
        self.facts.set_rows(tuple(rows))
        return bool(rows)


def change_rows(diff: VersionDiff) -> list[list[Cell]]:
    """The table "What changed since": pictures, boxes, each changed class, edited and removed."""
    rows = [
        _count_row("Pictures", diff.items_count.old, diff.items_count.new),
        _count_row("Boxes", diff.objects_count.old, diff.objects_count.new),
    ]
    changed = [(name, c) for name, c in diff.classes.items() if c.difference]
    changed.sort(key=lambda pair: -abs(pair[1].difference))
    rows += [_count_row(name, c.old, c.new) for name, c in changed]
    edited = sum(i.annotation_changed and i.change in (Change.EDITED, Change.RENAMED) for i in diff.items)
    for words, n in (("Edited annotations", edited), ("Removed pictures", diff.number(Change.REMOVED))):
        rows.append([Cell(words), Cell(), Cell(f"{n:,}"), Cell(f"{n:,}", tone="dim")])
    return rows


def _count_row(name: str, old: int, new: int) -> list[Cell]:
    difference = new - old
    tone = "good" if difference > 0 else "bad" if difference < 0 else "dim"
    return [Cell(name, tip=name), Cell(f"{old:,}"), Cell(f"{new:,}"), Cell(signed(difference), tone=tone)]


class ChangeSection(Section):
    """What changed since the version before, with the way to see it picture by picture."""

    title = "What changed"

    def build(self) -> None:
        self.table = FlatTable(self.env.state.theme, "What changed", header=False)
        self.open = flush(button("Show pictures", self._open, "link"))
        self.body.addWidget(self.table)
        self.body.addWidget(self.open, 0, Qt.AlignmentFlag.AlignLeft)
        self._args: dict[str, Any] = {}

    def take(self, shown: Shown) -> bool:
        found = shown.details
        diff = found.change_since
        if diff is None or found.ref.kind is not BlockKind.VERSION:
            return False
        number = found.entity.number
        self.heading.setText(f"What changed since {diff.old_label}")
        self.table.setAccessibleName(self.heading.text())
        columns = [
            Column("", stretch=True, least=80, most=150),
            *(Column("", right=True, least=40, most=84) for _ in range(3)),
        ]
        self.table.set_table(columns, change_rows(diff))
        self._args = {"project": found.project_id, "old": number - 1, "new": number}
        self.open.setVisible(not diff.empty)
        return True

    def take_theme(self, theme: Theme) -> None:
        self.table.set_theme(theme)

    def _open(self) -> None:
        self.env.state.open("diff", **self._args)


class PreviewSection(Section):
    """Six pictures with their boxes."""

    title = "Preview"

    def build(self) -> None:
        env = self.env
        self.strip = ThumbStrip(env.ws, env.ops, env.state, "Pictures", across=3, height=64)
        self.body.addWidget(self.strip)

    def take(self, shown: Shown) -> bool:
        self.strip.set_previews(shown.details.previews[:6])
        return bool(shown.details.previews)


class StoredSection(Section):
    """How much it takes, and the hash that names its content."""

    title = "Stored"

    def build(self) -> None:
        self.words = label("", tone="dim", wrap=True)
        self.hash = flush(button("", self._copy, "link"))
        self.hash.setFont(mono_font(12))
        self.hash.setToolTip("Copy the hash")
        self._whole = ""
        self.body.setSpacing(3)
        self.body.addWidget(self.words)
        self.body.addWidget(self.hash, 0, Qt.AlignmentFlag.AlignLeft)

    def take(self, shown: Shown) -> bool:
        found = shown.details
        is_task = found.ref.kind is BlockKind.TASK  # its parameters stand in the facts
        stored = "" if is_task else found.stored
        self._whole = "" if found.state is BlockState.DELETED else found.hash
        self.words.setText(stored)
        self.words.setVisible(bool(stored))
        self.hash.setText(f"blake3 {self._whole[:8]}…{self._whole[-4:]}")
        self.hash.setAccessibleName(f"Copy the hash {self._whole}")
        self.hash.setVisible(bool(self._whole))
        return bool(stored or self._whole)

    def _copy(self) -> None:
        QGuiApplication.clipboard().setText(self._whole)
        self.env.state.say("Copied the hash")


class LinksSection(Section):
    """What went in and what came out; a click selects that block."""

    def build(self) -> None:
        self.in_title, self.out_title = section("Came from"), section("Went to")
        self.inputs, self.outputs = RefList(self.env), RefList(self.env)
        for widget in (self.in_title, self.inputs, self.out_title, self.outputs):
            self.body.addWidget(widget)
        self.body.setSpacing(3)

    def take(self, shown: Shown) -> bool:
        found = shown.details
        self.out_title.setContentsMargins(0, 12 if shown.inputs else 0, 0, 0)
        is_task = found.ref.kind is BlockKind.TASK
        self.in_title.setText("Inputs" if is_task else "Came from")
        self.out_title.setText("Outputs" if is_task else "Used by")
        for title, rows, named, total in (
            (self.in_title, self.inputs, shown.inputs, len(found.inputs)),
            (self.out_title, self.outputs, shown.outputs, len(found.outputs)),
        ):
            rows.set_named(named, total - len(named))
            title.setVisible(bool(named))
            rows.setVisible(bool(named))
        return bool(shown.inputs or shown.outputs)


class OutcomeSection(Section):
    """How a task stands: progress while it runs, the failure in one sentence, what could not be recorded."""

    _ENDS = {
        TaskStatus.WAITING: "Waiting to start",
        TaskStatus.DONE: "Done",
        TaskStatus.CANCELLED: "Cancelled",
        TaskStatus.FAILED: "Failed",
        TaskStatus.LOST: "Lost",
    }

    def build(self) -> None:
        self.status = label("", weight=600, wrap=True)
        self.bar = QProgressBar()
        self.bar.setTextVisible(False)
        self.bar.setAccessibleName("Progress")
        self.failure = banner()
        self.failure.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse)
        self.notes = label("", tone="dim", wrap=True)
        for widget in (self.status, self.bar, self.failure, self.notes):
            self.body.addWidget(widget)

    def take(self, shown: Shown) -> bool:
        task: Task = shown.details.entity
        self.status.setText(self._words(task))
        self._progress(task)
        failed = task.status in (TaskStatus.FAILED, TaskStatus.LOST)
        say(self.failure, failure(task))
        notes = [note for note in task.notes if note]
        if not failed and task.message:
            notes.insert(0, task.message)
        self.notes.setText("\n".join(notes))
        self.notes.setVisible(bool(notes))
        return True

    def _words(self, task: Task) -> str:
        if task.status is not TaskStatus.RUNNING:
            return self._ENDS[task.status]
        return ", ".join(part for part in (standing(task) or "Running", task.progress_text) if part)

    def _progress(self, task: Task) -> None:
        self.bar.setVisible(not task.status.over)
        known = task.progress is not None
        self.bar.setRange(0, 1000 if known else 0)
        if known:
            self.bar.setValue(round(1000 * (task.progress or 0.0)))


class CurveSection(Section):
    """The precision and recall curve in small, and the way to the report."""

    title = "Precision and recall, IoU 0.50"

    def build(self) -> None:
        self.curve = MiniCurve(self.env.state)
        self.open = flush(button("Open report", self._open, "link"))
        self._report = 0
        self.body.addWidget(self.curve)
        self.body.addLayout(row(self.open, None))

    def take(self, shown: Shown) -> bool:
        if shown.report_id is None:
            return False
        self._report = shown.report_id
        self.open.setVisible(shown.details.ref.kind is not BlockKind.REPORT)
        self.heading.setVisible(shown.curve is not None and bool(shown.curve.x))
        if shown.curve is not None:
            self.curve.set_curve(shown.curve)
        self.curve.setVisible(shown.curve is not None and bool(shown.curve.x))
        return True

    def _open(self) -> None:
        self.env.state.open("report", id=self._report)


class FilesSection(Section):
    """The files of a model."""

    title = "Files"

    def build(self) -> None:
        self.facts = Facts()
        self.more = label("", tone="dim", px=12)
        self.more.setFont(ui_font(12))
        self.body.addWidget(self.facts)
        self.body.addWidget(self.more)

    def take(self, shown: Shown) -> bool:
        shown_files, rest = shown.files[:8], len(shown.files) - 8
        self.facts.set_rows(tuple((path, size(n)) for path, n in shown_files))
        self.more.setText(f"and {rest:,} more")
        self.more.setVisible(rest > 0)
        return bool(shown.files)
