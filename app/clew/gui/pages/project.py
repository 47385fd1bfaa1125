"""One project: its data, its versions, its classes, and the way to its graph."""

from dataclasses import dataclass
from typing import Any

from PySide6.QtWidgets import QStackedWidget, QTabBar, QVBoxLayout, QWidget

from clew.base.words import count
from clew.gui.actions import actions_for, menu_for
from clew.gui.block_actions import open_folder
from clew.gui.dialogs.new_version import NewVersionDialog
from clew.gui.dialogs.run_app import RunDialog
from clew.gui.fonts import ui_font
from clew.gui.ops import Ops
from clew.gui.pages.page import Page
from clew.gui.pages.project_classes import ClassesTab
from clew.gui.pages.project_data import DataTab
from clew.gui.pages.project_versions import VersionsTab
from clew.gui.state import Route, State
from clew.gui.widgets.basic import IconButton, button, label
from clew.gui.widgets.header import Header
from clew.model.entities import Changes, Project, Statistics
from clew.model.refs import BlockKind, BlockRef
from clew.model.view import Scope
from clew.services.projects import get_project
from clew.services.statistics import working_statistics
from clew.services.version_words import items_in_words
from clew.services.workspace import Workspace

TABS: tuple[tuple[str, str], ...] = (
    ("data", "Data"),
    ("versions", "Versions"),
    ("classes", "Classes"),
    ("workflow", "Workflow"),
)


@dataclass(frozen=True)
class _Found:
    project: Project
    statistics: Statistics


class ProjectPage(Page):
    """Tabs are widgets with `show_project(project)`; the tab Workflow leads to the graph of this project."""

    kinds = ("project", "version", "dataset", "state", "link")

    def __init__(self, ws: Workspace, ops: Ops, state: State) -> None:
        super().__init__(ws, ops, state)
        self.project_id = 0
        self.project: Project | None = None
        self.header = Header("")
        back = button("Projects", lambda: state.open("projects"), "link", name="Back to all projects")
        self.header.lead(back, label("/", 13, tone="dim"))
        self.menu_button = IconButton(state, "ellipsis", "More actions", self._menu)
        self.run_button = button("Run app", self._run)
        self.version_button = button("New version", self._new_version, "primary")
        folder = button("Open folder", self._open_folder, "quiet")
        self.header.add(self.menu_button, folder, self.run_button, self.version_button)
        self.tabs = QTabBar()
        self.tabs.setFont(ui_font(13))
        self.tabs.setDrawBase(False)
        self.tabs.setExpanding(False)
        self.tabs.setAccessibleName("Parts of the project")
        for _, word in TABS:
            self.tabs.addTab(word)
        self.stack = QStackedWidget()
        self.parts: dict[str, Any] = {
            "data": DataTab(self.context),
            "versions": VersionsTab(self.context),
            "classes": ClassesTab(self.context),
        }
        for part in self.parts.values():
            self.stack.addWidget(part)
        bar = QWidget()
        line = QVBoxLayout(bar)
        line.setContentsMargins(15, 0, 15, 0)
        line.addWidget(self.tabs)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(0)
        layout.addWidget(self.header)
        layout.addWidget(bar)
        layout.addWidget(self.stack, 1)
        self.tabs.tabBarClicked.connect(self._go)
        self.tabs.currentChanged.connect(self._go)
        for part in self.parts.values():
            part.saved_by_itself.connect(self._own_button)

    def show_route(self, route: Route) -> None:
        fresh = int(route.args["id"])
        if fresh != self.project_id:
            self.project_id, self.project = fresh, None
            self.header.set_title("")
            for part in self.parts.values():
                part.forget()
        self._show_tab(route.args.get("tab", "data"))
        self.refresh()

    def apply(self, changes: Changes) -> None:
        if self.project_id and changes.touches(*self.kinds) and self.isVisible():
            self.refresh()

    def refresh(self) -> None:
        project_id = self.project_id

        def read() -> _Found:
            project = get_project(self.ws, project_id)
            return _Found(project, working_statistics(self.ws, project))

        self.ask(read, self._show)

    @property
    def tab(self) -> str:
        return TABS[max(0, self.tabs.currentIndex())][0]

    def _show(self, found: _Found) -> None:
        self.project = found.project
        chips = [items_in_words(found.statistics)]
        if found.statistics.objects:
            chips.append(count(found.statistics.objects, "object"))
        self.header.set_title(found.project.name, *chips)
        for name, part in self.parts.items():
            part.show_project(found.project, found.statistics, seen=name == self.tab)

    def _show_tab(self, tab: str) -> None:
        names = [name for name, _ in TABS]
        tab = tab if tab in self.parts else "data"
        self.tabs.blockSignals(True)
        self.tabs.setCurrentIndex(names.index(tab))
        self.tabs.blockSignals(False)
        self.stack.setCurrentWidget(self.parts[tab])
        self._own_button(False)

    def _go(self, index: int) -> None:
        if index < 0:
            return
        name = TABS[index][0]
        if name == "workflow":
            self.state.open("workflow", scope=Scope("project", self.project_id))
        elif self.stack.currentWidget() is not self.parts[name]:
            self._show_tab(name)
            self.refresh()

    def _own_button(self, own: bool) -> None:
        """The card of the tab Versions has the primary button while there is something to save."""
        self.version_button.setVisible(not (own and self.tab == "versions"))

    def _ref(self) -> BlockRef:
        return BlockRef(BlockKind.PROJECT, self.project_id)

    def _menu(self) -> None:
        actions = actions_for(self._ref(), self.project, without=("open", "version", "run", "folder"))
        menu = menu_for(self, actions, self.context)
        menu.popup(self.menu_button.mapToGlobal(self.menu_button.rect().bottomLeft()))

    def _run(self) -> None:
        RunDialog(self.context, given=self._ref()).open()

    def _new_version(self) -> None:
        NewVersionDialog(self.context, self.project_id).open()

    def _open_folder(self) -> None:
        open_folder(self.context, self._ref())
