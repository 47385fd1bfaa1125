"""The window. It only wires: bars around a stack of pages, made from tables."""

from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING, Any

from PySide6.QtCore import QEvent, QObject, Qt, QTimer, Signal
from PySide6.QtGui import (
    QCloseEvent,
    QDragEnterEvent,
    QDropEvent,
    QGuiApplication,
    QMouseEvent,
    QPaintEvent,
    QShowEvent,
)
from PySide6.QtWidgets import (
    QApplication,
    QFileDialog,
    QHBoxLayout,
    QMainWindow,
    QStackedWidget,
    QVBoxLayout,
    QWidget,
)

from clew.gui.context import Context
from clew.gui.errors import trouble
from clew.gui.keys import bind
from clew.gui.ops import Ops
from clew.gui.pages.start import StartPage
from clew.gui.panes import panes_of, step
from clew.gui.routes import PAGES
from clew.gui.session import Session, opener
from clew.gui.settings_menu import settings_menu
from clew.gui.state import Route, State
from clew.gui.style import apply_style
from clew.gui.theme import Theme
from clew.gui.widgets.sidebar import SideBar
from clew.gui.widgets.statusbar import StatusBar
from clew.gui.widgets.toast import Toast
from clew.gui.words import READ_ONLY

if TYPE_CHECKING:
    from clew.services.workspace import Workspace


class Shell(QMainWindow):
    """One window on one workspace, or the start page. `another` asks for a further window."""

    another = Signal(object)  # Path of a workspace, or None for the start page
    entered = Signal()  # a workspace is open and its first page is made

    def __init__(self, theme: str) -> None:
        super().__init__()
        self.ops = Ops(self)
        self.state = State(theme, self)
        self.session: Session | None = None
        self.pages: dict[str, Any] = {}
        self._begin: Callable[[], object] | None = None
        self.ops.on_error = self.show_error
        self.setWindowTitle("Clew")
        self.setMinimumSize(960, 600)
        self.setAcceptDrops(True)
        self._build()
        self._wire()

    def _build(self) -> None:
        self.side = SideBar(self.state, self._open_menu, self._run_app)
        self.stack = QStackedWidget()
        self.status = StatusBar(self.ops, self.state)
        self.start = StartPage(
            self.ops, self.state, self.open_demo, self.new_workspace, self.choose_workspace, self.open_path
        )
        self.blank = QWidget()
        self.stack.addWidget(self.start)
        self.stack.addWidget(self.blank)
        top = QHBoxLayout()
        top.setSpacing(0)
        top.addWidget(self.side)
        top.addWidget(self.stack, 1)
        middle = QWidget()
        layout = QVBoxLayout(middle)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(0)
        layout.addLayout(top, 1)
        layout.addWidget(self.status)
        self.setCentralWidget(middle)
        self.toast = Toast(middle, self.state)
        self.side.hide()

    def _wire(self) -> None:
        self.state.routed.connect(self._show)
        self.state.said.connect(self.toast.show_sentence)
        self.state.offered.connect(self.toast.show_offer)
        self.state.theme_changed.connect(self._dress)
        self._kept_focus: dict[QWidget, QWidget] = {}
        bind(
            self,
            {
                "back": self.state.go_back,
                "forward": self.state.go_forward,
                "open-workspace": self.choose_workspace,
                "new-workspace": self.new_workspace,
                "import": self.open_import,
                "refresh": self.refresh,
                "palette": self.open_palette,
                "cheat-sheet": self.open_cheat_sheet,
                "next-pane": lambda: self.next_pane(1),
                "last-pane": lambda: self.next_pane(-1),
                "quit": self.close,
            },
        )

    def showEvent(self, event: QShowEvent) -> None:
        super().showEvent(event)
        self.windowHandle().installEventFilter(self)  # back and forward on the mouse, wherever it points

    def begin_with(self, workspace: Path | None) -> None:
        """What to do after the first frame: nothing that takes time happens before it."""
        if workspace is None:
            self.stack.setCurrentWidget(self.start)
            self._begin = self.start.show_recent
        else:
            self.side.show()
            self.stack.setCurrentWidget(self.blank)
            self._begin = lambda: self.open_path(workspace)

    def paintEvent(self, event: QPaintEvent) -> None:
        super().paintEvent(event)
        if self._begin is not None:
            begin, self._begin = self._begin, None
            QTimer.singleShot(0, self, begin)

    def open_path(self, path: Path) -> None:
        """Open a workspace here, or in a window of its own when this one has one."""
        if self.session is not None:
            self.another.emit(path)
            return
        self.ops.write("Opening workspace", opener(path), self.enter, self._not_opened)

    def enter(self, ws: "Workspace") -> None:
        """Take an open workspace and show its graph."""
        if self.session is not None:
            path = ws.path
            ws.close()
            self.another.emit(path)
            return
        self.session = Session(ws, self.ops, self)
        self.session.changed.connect(self._apply)
        self.session.counted.connect(self.side.set_counts)
        self.session.counted.connect(self.status.set_counts)
        self.session.running_task.connect(self.status.set_task)
        self.session.apps_listed.connect(self.side.set_apps)
        self.state.read_only = ws.read_only
        note = " (read only)" if ws.read_only else ""
        self.setWindowTitle(f"{ws.name}{note} – Clew")
        self.status.set_workspace(ws.name, note)
        if ws.read_only:
            self.state.say(READ_ONLY)
        self.side.show()
        self.session.start()
        self._show(self.state.route)
        self.entered.emit()

    def page(self, name: str) -> Any:
        """The page of this name, made when it is first wanted."""
        if name not in self.pages:
            assert self.session is not None
            made = PAGES[name]()(self.session.ws, self.ops, self.state)
            self.pages[name] = made
            self.stack.addWidget(made)
            if name == "workflow":
                made.canvas.zoom_changed.connect(self._zoomed)
                made.graph_shown.connect(self.status.set_graph)
        return self.pages[name]

    def context(self, parent: QWidget | None = None) -> Context | None:
        """What actions need, while a workspace is open."""
        if self.session is None:
            return None
        return Context(self.session.ws, self.ops, self.state, parent or self)

    def refresh(self) -> None:
        """F5: look again at everything that is shown."""
        if self.session is not None:
            self.session.poll()
            self.page(self.state.route.page).refresh()

    def open_demo(self) -> None:
        """The demo: the window opens at once and the graph grows while its task runs."""

        def work(_progress: Any) -> Any:
            from clew.gui.session import open_demo

            return open_demo()

        self.ops.write("Starting the demo", work, self.enter)

    def new_workspace(self) -> None:
        from clew.gui.dialogs.new_workspace import NewWorkspaceDialog

        NewWorkspaceDialog(self, self.ops, self.state, self.enter).open()

    def choose_workspace(self) -> None:
        """Ask for the folder of a workspace."""
        picker = QFileDialog(self, "Open workspace")
        picker.setFileMode(QFileDialog.FileMode.Directory)
        picker.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        picker.fileSelected.connect(lambda folder: self.open_path(Path(folder)))
        picker.open()

    def open_import(self, source: Path | None = None) -> None:
        """Import into this workspace; without one, make it first."""
        from clew.gui.dialogs.new_workspace import NewWorkspaceDialog

        context = self.context()
        if context is None:
            NewWorkspaceDialog(
                self, self.ops, self.state, lambda ws: self._enter_and_import(ws, source)
            ).open()
            return
        from clew.gui.dialogs.import_data import ImportDialog

        ImportDialog(context, source).open()

    def open_palette(self) -> None:
        """Ctrl+K: everything the window can do, by typing."""
        from clew.gui.widgets.palette import Palette

        Palette(self, self.state, self.commands()).open()

    def open_cheat_sheet(self) -> None:
        """All keys and gestures on one sheet."""
        from clew.gui.dialogs.cheat_sheet import CheatSheet

        CheatSheet(self, self.state).open()

    def next_pane(self, way: int) -> None:
        """F6: give the keyboard to the next part of the window, or the one before."""
        step(panes_of(self.side, self.stack.currentWidget()), self._kept_focus, way)

    def commands(self) -> list[Any]:
        """What the command palette offers."""
        from clew.gui.commands import window_commands

        return window_commands(self)

    def show_error(self, error: BaseException, doing: str = "") -> None:
        """The one place where trouble of an operation is shown."""
        found = trouble(error, doing)
        if found is None:
            return
        if found.details:
            text = found.details
            self.toast.show_error(
                found.sentence, "Copy details", lambda: QGuiApplication.clipboard().setText(text)
            )
        else:
            self.toast.show_error(found.sentence)

    def _enter_and_import(self, ws: "Workspace", source: Path | None) -> None:
        self.enter(ws)
        if source is not None and self.session is not None:
            self.open_import(source)

    def _not_opened(self, error: BaseException) -> None:
        self.side.hide()
        self.stack.setCurrentWidget(self.start)
        self.start.show_recent()
        self.ops.on_error(error, "Opening the workspace")

    def _show(self, route: Route) -> None:
        if self.session is None:
            return
        page, left = self.page(route.page), self.stack.currentWidget()
        known = page.focusWidget()
        self.stack.setCurrentWidget(page)
        if left is not page and known is None and page.focusWidget() is not None:
            page.setFocus()  # Qt gave the keyboard to its first button, which would begin with a ring
        page.show_route(route)
        self.status.set_zoom(page.canvas.zoom() if route.page == "workflow" else None)

    def _zoomed(self, zoom: float) -> None:
        if self.state.route.page == "workflow":
            self.status.set_zoom(zoom)

    def _apply(self, changes: Any) -> None:
        for page in self.pages.values():
            page.apply(changes)

    def _run_app(self, slug: str) -> None:
        context = self.context()
        if context is not None:
            from clew.gui.dialogs.starting import starting_dialog

            starting_dialog(context, slug).open()

    def _open_menu(self, under: QWidget) -> None:
        settings_menu(self, under).under(under)

    def _dress(self, theme: Theme) -> None:
        apply_style(QApplication.instance(), theme)  # type: ignore[arg-type]  # the running application

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        if event.type() == QEvent.Type.MouseButtonPress and isinstance(event, QMouseEvent):
            way = {
                Qt.MouseButton.BackButton: self.state.go_back,
                Qt.MouseButton.ForwardButton: self.state.go_forward,
            }
            run = way.get(event.button())
            if run is not None:
                run()
                return True
        return super().eventFilter(watched, event)

    def dragEnterEvent(self, event: QDragEnterEvent) -> None:
        if any(url.isLocalFile() for url in event.mimeData().urls()):
            event.acceptProposedAction()

    def dropEvent(self, event: QDropEvent) -> None:
        paths = [Path(url.toLocalFile()) for url in event.mimeData().urls() if url.isLocalFile()]
        if not paths:
            return
        event.acceptProposedAction()
        self.dropped(paths[0])

    def dropped(self, path: Path) -> None:
        """A folder or file was dropped on the window."""
        from clew.gui.dropping import take_dropped

        take_dropped(self, path)

    def closeEvent(self, event: QCloseEvent) -> None:
        if self.session is not None:
            self.session.stop()
        self.hide()  # what still runs is asked to stop; nobody has to look at a window that does nothing
        self.ops.close()
        if self.session is not None:
            self.session.close()
            self.session = None
        super().closeEvent(event)
