"""The versions of a project on their spine, and beside them what they hold."""

from PySide6.QtCore import Qt
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QHBoxLayout, QVBoxLayout, QWidget

from clew.base.clock import friendly
from clew.base.words import count, listing, size
from clew.gui.actions import actions_for
from clew.gui.context import Context
from clew.gui.dialogs.new_version import NewVersionDialog
from clew.gui.inspector.ask import Ask
from clew.gui.pages.project_tab import ProjectTab
from clew.gui.widgets.basic import button, clear, label, scrolled, section
from clew.gui.widgets.chart import BarChart
from clew.gui.widgets.thumbs import ThumbStrip
from clew.gui.widgets.version_card import UnsavedCard, VersionCard
from clew.gui.words import capital, change_sentence
from clew.model.changes import Change, VersionDiff
from clew.model.entities import Project, Statistics, VersionStatus
from clew.model.view import Preview
from clew.services.diffs import diff_versions
from clew.services.versions import VersionSummary, list_versions

_AT_ONCE = 16
_BARS = 5
_SIDE = ("open", "run", "edit")  # not on the card: they have their place in the header and the menu


class VersionsTab(ProjectTab):
    """The newest first; one is chosen and has its actions."""

    def __init__(self, context: Context) -> None:
        super().__init__(context)
        self._ask_unsaved = Ask(self, self.ops)
        self._ask_new = Ask(self, self.ops)
        self._versions: tuple[VersionSummary, ...] = ()
        self._cards: list[VersionCard] = []
        self._chosen: int | None = None
        self._shown = _AT_ONCE
        self.unsaved = UnsavedCard(self.state, self._save)
        self.unsaved.see.clicked.connect(self._see)
        self.unsaved.hide()
        self._list = QVBoxLayout()
        self._list.setSpacing(0)
        self.more = button("Show older versions", self._older, "quiet")
        self._first = self._invitation()
        self._lay_out()

    def _invitation(self) -> QWidget:
        made = QWidget()
        layout = QVBoxLayout(made)
        layout.setContentsMargins(34, 4, 0, 0)
        layout.setSpacing(10)
        layout.addWidget(
            label(
                "No version is saved yet. Save one, and you can always come back to this state.",
                13,
                tone="dim",
                wrap=True,
            )
        )
        self.first_button = button("Save version 1", self._save, "primary")
        layout.addWidget(self.first_button, 0, Qt.AlignmentFlag.AlignLeft)
        made.hide()
        return made

    def _lay_out(self) -> None:
        left = QVBoxLayout()
        left.setSpacing(14)
        left.addWidget(self.unsaved)
        left.addWidget(self._first)
        left.addLayout(self._list)
        left.addWidget(self.more, 0, Qt.AlignmentFlag.AlignLeft)
        left.addStretch(1)
        self._side = QWidget()
        self._side.setFixedWidth(460)
        self._chart_title = section("")
        self._chart = BarChart(self.state, "Objects per class")
        self._new_title = section("")
        self._new = ThumbStrip(self.ws, self.ops, self.state, "New pictures")
        self._disk_title = section("On disk")
        self._disk = label("", 13, tone="dim", wrap=True)
        side = QVBoxLayout(self._side)
        side.setContentsMargins(0, 0, 0, 20)
        side.setSpacing(8)
        for widget in (
            self._chart_title,
            self._chart,
            self._new_title,
            self._new,
            self._disk_title,
            self._disk,
        ):
            side.addWidget(widget)
            if widget in (self._chart, self._new):
                side.addSpacing(14)
        side.addStretch(1)
        inside = QWidget()
        across = QHBoxLayout(inside)
        across.setContentsMargins(25, 26, 26, 20)
        across.setSpacing(36)
        across.addLayout(left, 1)
        across.addWidget(self._side)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.addWidget(scrolled(inside, "Versions"))

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._side.setFixedWidth(max(260, min(496, int(self.width() * 0.35))))

    def forget(self) -> None:
        super().forget()
        self._chosen, self._shown = None, _AT_ONCE
        self._versions = ()
        self._fill()
        self._side.hide()
        self.unsaved.hide()

    def load(self, project: Project, _statistics: Statistics) -> None:
        self.ask(lambda: list_versions(self.ws, project.id), self._show)

    def _show(self, versions: tuple[VersionSummary, ...]) -> None:
        same, self._versions = versions == self._versions, versions
        kept = [s for s in versions if s.version.status is VersionStatus.SAVED]
        if self._chosen not in [s.version.id for s in versions]:
            self._chosen = kept[0].version.id if kept else None
        if not same:
            self._fill()
        self._first.setVisible(not versions)
        self._side.setVisible(bool(kept))
        self.saved_by_itself.emit(not versions)
        if kept:
            self._show_side(kept)
        self._look_for_changes(kept)

    def _fill(self) -> None:
        clear(self._list)
        shown = self._versions[: self._shown]
        self._cards = [self._card(s, last=s is self._versions[-1]) for s in shown]
        for card in self._cards:
            card.chosen.connect(self._choose)
            card.set_open(card.version_id == self._chosen)
            self._list.addWidget(card)
        left = len(self._versions) - len(shown)
        self.more.setText(f"Show {count(min(left, _AT_ONCE), 'older version')}")
        self.more.setVisible(left > 0)

    def _card(self, summary: VersionSummary, *, last: bool) -> VersionCard:
        version = summary.version
        deleted = version.status is VersionStatus.DELETED
        maker = summary.saved_by if summary.task_name else self._person(summary.user)
        sentences = [f"{capital(summary.change)}."] if summary.change else []
        if summary.used_by:
            sentences.append(f"Used by {listing(list(summary.used_by), 4)}.")
        change = " ".join(sentences)
        title = f"deleted{', ' + version.title if version.title else ''}" if deleted else version.title
        texts = (
            f"Version {version.number}",
            title,
            f"{capital(friendly(version.created_at))} by {maker}",
            "\n".join(part for part in (version.description, change) if part),
        )
        actions = actions_for(version.ref, version, without=_SIDE)
        return VersionCard(self.context, version.id, texts, actions, last=last, deleted=deleted)

    def _person(self, name: str) -> str:
        return "you" if name == self.ws.user.name else name

    def _choose(self, version_id: int) -> None:
        self._chosen = version_id
        for card in self._cards:
            card.set_open(card.version_id == version_id)
        self._show_new()

    def _older(self) -> None:
        self._shown += _AT_ONCE
        self._fill()

    def _show_side(self, kept: list[VersionSummary]) -> None:
        bars = kept[:_BARS][::-1]
        has_classes = any(s.statistics.classes for s in bars)
        self._chart_title.setVisible(has_classes)
        self._chart.setVisible(has_classes)
        first, last = bars[0].version.number, bars[-1].version.number
        span = f"version {last}" if first == last else f"versions {first} to {last}"
        self._chart_title.setText(f"Objects per class, {span}")
        self._chart.set_series(tuple((f"version {s.version.number}", s.statistics.classes) for s in bars))
        self._disk.setText(_on_disk(kept))
        self._show_new()

    def _show_new(self) -> None:
        """Pictures that the chosen version has and the one before has not."""
        chosen = next((s for s in self._versions if s.version.id == self._chosen), None)
        project = self.project
        if chosen is None or project is None or chosen.version.status is VersionStatus.DELETED:
            self._show_strip("", ())
            return
        number = chosen.version.number
        tree = chosen.version.tree
        older = [s.version.number for s in self._versions if s.version.number < number]
        saved = {s.version.number for s in self._versions if s.version.status is VersionStatus.SAVED}
        before = max((n for n in older if n in saved), default=None)
        if before is None:
            paths = chosen.statistics.previews[:8]
            self._show_strip(f"In version {number}", tuple(Preview(tree, p, project.id) for p in paths))
            return

        def show(diff: VersionDiff) -> None:
            kinds = (Change.ADDED, Change.EDITED, Change.RENAMED)
            fresh = [item for item in diff.items if item.change is Change.ADDED] or [
                item for item in diff.items if item.change in kinds
            ]
            word = "New" if fresh and fresh[0].change is Change.ADDED else "Changed"
            step = max(1, len(fresh) // 8)  # spread over all of them, not the first eight
            paths = [item.path for item in fresh[::step][:8]]
            self._show_strip(
                f"{word} in version {number}", tuple(Preview(tree, p, project.id) for p in paths)
            )

        self._ask_new(lambda: diff_versions(self.ws, project.id, before, number), show)

    def _show_strip(self, title: str, previews: tuple[Preview, ...]) -> None:
        self._new_title.setText(title)
        self._new_title.setVisible(bool(previews))
        self._new.set_previews(previews)

    def _look_for_changes(self, kept: list[VersionSummary]) -> None:
        project = self.project
        if project is None or not kept:
            self.unsaved.hide()
            return
        number = max(s.version.number for s in kept)
        following = max(s.version.number for s in self._versions) + 1

        def show(diff: VersionDiff) -> None:
            self.unsaved.setVisible(not diff.empty)
            self.unsaved.say(f"Changed since version {number}", capital(change_sentence(diff)))
            self.unsaved.save.setText(f"Save as version {following}")
            self.unsaved.save.setAccessibleName(f"Save as version {following}")
            self.saved_by_itself.emit(not diff.empty)

        self._ask_unsaved(lambda: diff_versions(self.ws, project.id, number, None), show)

    def _save(self) -> None:
        if self.project is not None:
            NewVersionDialog(self.context, self.project.id).open()

    def _see(self) -> None:
        kept = [s.version.number for s in self._versions if s.version.status is VersionStatus.SAVED]
        if self.project is not None and kept:
            self.state.open("diff", project=self.project.id, old=max(kept), new=None)


def _on_disk(kept: list[VersionSummary]) -> str:
    newest = max(kept, key=lambda s: s.version.number).version
    together = sum(s.version.added for s in kept)
    if len(kept) == 1:
        return f"Version {newest.number} takes {size(together)} for {count(newest.files, 'file')}."
    return (
        f"All {len(kept):,} versions take {size(together)} together; "
        f"version {newest.number} added {size(newest.added)} of its {size(newest.size)}."
    )
