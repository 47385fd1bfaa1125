"""The graph: canvas, toolbar, and the inspector at the right."""

from collections.abc import Callable, Sequence
from dataclasses import replace
from functools import partial
from typing import Any

from PySide6.QtCore import Qt, QTimer, Signal
from PySide6.QtWidgets import QFrame, QSplitter, QStackedLayout, QVBoxLayout, QWidget

from clew.graph.layout.graphviz import find_dot
from clew.gui.actions import open_entity
from clew.gui.block_actions import show_in_graph
from clew.gui.canvas.acts import ACTS
from clew.gui.canvas.canvas import Canvas
from clew.gui.commands import Command, act
from clew.gui.history import history
from clew.gui.icons import icon
from clew.gui.inspector.inspector import Inspector
from clew.gui.keys import bind, tip
from clew.gui.ops import Ops
from clew.gui.pages.arranging import Arranging
from clew.gui.pages.editing import Editing
from clew.gui.pages.exporting import Exporting
from clew.gui.pages.finding import Finding
from clew.gui.pages.hinting import Hinting
from clew.gui.pages.lookout import Lookout
from clew.gui.pages.offering import chosen_commands
from clew.gui.pages.outlining import Outlining
from clew.gui.pages.page import Page
from clew.gui.pages.past import Past
from clew.gui.pages.placing import Reading, read_graph
from clew.gui.pages.sieve import Sieve
from clew.gui.pages.task_feed import TaskFeed
from clew.gui.settings import load_settings, save_settings
from clew.gui.state import Route, State
from clew.gui.widgets.basic import button
from clew.gui.widgets.crumbs import Crumbs, way_to
from clew.gui.widgets.empty import Empty
from clew.gui.widgets.header import Header
from clew.gui.widgets.menu import Menu
from clew.gui.widgets.thumbs import thumbnails
from clew.gui.words import project_name
from clew.model.refs import BlockKind, BlockRef
from clew.model.view import Block, BlockLink, GraphView, Place, Scope
from clew.services import arrange
from clew.services.workspace import Workspace, counts

INVITATION = "What happens to your data and models shows here. Import a folder of pictures to begin."
NOTHING_HERE = "Nothing was recorded here yet: no data was read or made."
AT_WORK = "A task is at work. What it makes shows here in a moment."
_OF_ITSELF = (BlockKind.PROJECT, BlockKind.FRAME, BlockKind.NOTE)  # these need no block to be shown
_OF_BLOCK = ("none", "open", "delete")  # offered with the block that they are for


class WorkflowPage(Page):
    """Mirrors the graph of a scope; every gesture becomes an action of a service."""

    graph_shown = Signal(int, int)  # blocks and links of the scope
    kinds = (
        *("project", "dataset", "version", "state", "task", "model", "report", "link", "file", "job"),
        *("position", "frame", "note", "description"),
    )

    def __init__(self, ws: Workspace, ops: Ops, state: State) -> None:
        super().__init__(ws, ops, state)
        self.scope = Scope()
        self.view: GraphView | None = None
        self._wanted: BlockRef | None = None
        self._reading = self._again = self._held = False
        self._tasks = TaskFeed(self)
        self._place: dict[BlockRef, int] = {}  # where a block stands among the blocks of the view
        self._epoch = 0  # of the history, when the reading began
        self.sieve, self.past = Sieve(self), Past(self)
        self.history = history(ws, ops)
        self.canvas = Canvas(state.theme)
        self.inspector = Inspector(ws, ops, state, self.context)
        self.empty = Empty(
            state,
            "clew",
            INVITATION,
            "Import a folder",
            self._import,
        )
        self._build_header()
        self._build_body()
        self._connect()
        self._shortcuts()

    def _build_header(self) -> None:
        self.header = Header(self.ws.name, least=150)
        self.crumbs = Crumbs(self.state)
        self.finding = Finding(self)
        self.finder = self.finding.field
        self.filter_button = button(
            "Filter", self.sieve.open, "quiet", name="Filter blocks", tip=tip("Filter blocks", "filter")
        )
        self.arrange_button = button("Arrange", self._arrange, tip="Lay out the graph, or what is selected")
        self.fit_button = button("Fit", self.canvas.fit, tip=tip("Show everything", "fit"))
        self.version_button = button("New version", self._new_version, "primary")
        self.header.add(self.finder, self.finder.counter, self.past.button, self.filter_button)
        self.header.add(self.arrange_button, self.fit_button, self.version_button)

    def _build_body(self) -> None:
        self._left = QWidget()
        side = QWidget()
        self._stack = QStackedLayout(side)
        self._stack.addWidget(self.canvas)
        self._stack.addWidget(self.empty)
        self._stack.addWidget(self.sieve.nothing)
        left = QVBoxLayout(self._left)
        left.setContentsMargins(0, 0, 0, 0)
        left.setSpacing(0)
        left.addWidget(self.header)
        left.addWidget(self.sieve.strip)
        self.outlining = Outlining(self, side)
        self.header.lead(self.outlining.button, self.crumbs)
        self.header.give_way(self.fit_button, self.arrange_button, self.past.button, self.crumbs)
        left.addWidget(self.outlining.splitter, 1)
        left.addWidget(self.past.bar)
        panel = QFrame()
        panel.setProperty("look", "panel")
        inside = QVBoxLayout(panel)
        inside.setContentsMargins(1, 0, 0, 0)
        inside.addWidget(self.inspector)
        panel.setMinimumWidth(260)
        self.splitter = QSplitter(Qt.Orientation.Horizontal)
        self.splitter.setAccessibleName("Canvas and inspector")
        self.splitter.setHandleWidth(1)
        self.splitter.setChildrenCollapsible(False)
        self.splitter.addWidget(self._left)
        self.splitter.addWidget(panel)
        self.splitter.setStretchFactor(0, 1)
        self.splitter.setSizes([1000, load_settings().inspector_width])
        self._keep_width = QTimer(self)
        self._keep_width.setSingleShot(True)
        self._keep_width.setInterval(600)
        self._keep_width.timeout.connect(self._save_width)
        self.splitter.splitterMoved.connect(lambda *_: self._keep_width.start())
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.addWidget(self.splitter)

    def _save_width(self) -> None:
        save_settings(replace(load_settings(), inspector_width=self.splitter.sizes()[1]))

    def _connect(self) -> None:
        canvas, thumbs = self.canvas, thumbnails(self.ws, self.ops)
        canvas.set_previews(lambda preview, px: thumbs.get(preview, px, px))
        thumbs.ready.connect(canvas.preview_ready)
        canvas.ways.aside = self.ops.query
        canvas.link_hand.describe = self._describe
        canvas.link_hand.chosen.connect(self.inspector.show_link)
        self.inspector.link.went.connect(self.jump)
        canvas.selection_changed.connect(self.state.select)
        canvas.activated.connect(lambda ref: open_entity(self.context, ref))
        canvas.gesture_over.connect(self._catch_up)
        self.history.settled.connect(self._catch_up)
        self.lookout = Lookout(self)
        canvas.leave = lambda: self.past.end() or self.finding.leave() or self.sieve.leave()
        self.editing = Editing(self)
        self.arranging = Arranging(canvas, self.ops, self.state.say)
        self.exporting = Exporting(self)
        self.hinting = Hinting(canvas, self.ws, self.ops)
        self.state.theme_changed.connect(canvas.set_theme)
        self.state.selection_changed.connect(self._follow_selection)

    def _import(self) -> None:
        from clew.gui.dialogs.import_data import ImportDialog

        ImportDialog(self.context).open()

    def _describe(self, link: BlockLink, done: Callable[[Any], None]) -> None:
        from clew.services.link_facts import link_facts

        self.ops.query(lambda: link_facts(self.ws, link), done)

    def _shortcuts(self) -> None:
        self._acts: dict[str, Callable[[], object]] = {
            "find": self.finder.start,
            "export": self.exporting.start,
            "find-next": self.finding.next,
            "find-last": self.finding.last,
            "undo": self.past.now_only(self.history.undo),
            "redo": self.past.now_only(self.history.redo),
            "show": self._show_around,
            "filter": self.sieve.open,
            "outline": self.outlining.toggle,
        }
        bind(self, self._acts, context=Qt.ShortcutContext.WidgetWithChildrenShortcut)

    def commands(self) -> list[Command]:
        """What the palette offers of this page, beside the buttons of its header."""
        own = [act(name, run) for name, run in self._acts.items()]
        own += [Command(f"Go to {step.text()}", "arrow-left", step.click) for step in self.crumbs.steps()]
        if find_dot():
            own.append(Command("Arrange with Graphviz", "layout-grid", self.arrange_with_dot))
        return [*chosen_commands(self), *own] + [
            act(name, partial(run, self.canvas)) for name, run in ACTS.items() if name not in _OF_BLOCK
        ]

    def panes(self) -> tuple[QWidget, ...]:
        """Where F6 stops."""
        return self.outlining.pane, self._left, self.inspector

    def show_route(self, route: Route) -> None:
        scope = route.args.get("scope") or Scope()
        self._wanted = route.args.get("select")
        self.past.end()
        if scope != self.scope:
            self.lookout.keep()
            self.finder.let_go()
            self.scope = scope
            self.view = None
            self.sieve.forget_way()
            self.state.select(())
        self.refresh()

    def apply(self, changes: Any) -> None:
        if not (self.isVisible() and self.view is not None and self._tasks.take(changes, self.kinds)):
            super().apply(changes)
        if changes.touches("app"):
            self.editing.read_apps()
        if self.isVisible():
            self.inspector.apply(changes)

    @property
    def reading(self) -> bool:
        """Whether the whole graph is being read just now."""
        return self._reading

    def show_blocks(self, blocks: Sequence[Block]) -> None:
        """Show other content in blocks that are drawn already: progress, a message."""
        known = [block for block in blocks if block.ref in self._place]
        if self.view is not None and known:
            shown = list(self.view.blocks)
            known = [replace(block, pinned=shown[self._place[block.ref]].pinned) for block in known]
            for block in known:
                shown[self._place[block.ref]] = block
            self.view = replace(self.view, blocks=tuple(shown))
            self.canvas.update_blocks(known)
            self.outlining.update_blocks(known)

    def refresh(self) -> None:
        """Read the graph again; while one reading runs, one more is remembered, never a queue."""
        if self._reading:
            self._again = True
            return
        # What is held in the hand is not torn out of it, nor what was edited shown as it was before.
        if self.canvas.in_hand or self.history.busy or self.past.on:
            self._held = True
            return
        self._reading, scope, self._epoch = True, self.scope, self.history.epoch
        # Where blocks stand on screen counts too: those places may still be on their way into the workspace.
        known = dict(self.view.positions) if self.view is not None else {}
        self.ops.query(lambda: read_graph(self.ws, scope, known), self._show, self._failed)

    def _show(self, found: Reading) -> None:
        self._reading = False
        view = found.view
        self._tasks.learn(found.running)
        if self.canvas.in_hand or self.past.on or self.history.epoch != self._epoch:
            self._again = False
            self.refresh()
            return
        if view.scope == self.scope:
            self._keep(found.given)
            self._draw(view)
        if self._again or view.scope != self.scope:
            self._again = False
            self.refresh()
        self._tasks.ask()

    def _catch_up(self) -> None:
        """A drag is over, an edit is written: show the news that came meanwhile."""
        if self._held:
            self._held = False
            self.refresh()

    def _draw(self, view: GraphView) -> None:
        first = self.view is None
        if self.view is None or view.blocks is not self.view.blocks:  # else only the filter is another
            self._place = {block.ref: i for i, block in enumerate(view.blocks)}
        self.view = view
        self.graph_shown.emit(len(view.blocks), len(view.links))
        self.hinting.begin()
        whole = view.scope.kind == "workspace"
        self.crumbs.show_way(way_to(view, self.ws.name))
        chips = ["Whole workspace"] if whole else []  # else the way to it says what it is
        self.header.set_title(self.ws.name if whole else view.title, *chips)
        self.finder.set_view(view)
        shown = self.sieve.narrow(view)
        full = self.canvas if shown.blocks else self.sieve.nothing
        self._stack.setCurrentWidget(full if view.blocks else self.empty)
        if not view.blocks:
            self.ops.query(lambda: counts(self.ws)["running"], self._invite)
        self.version_button.setVisible(bool(shown.blocks))
        given = self.canvas.set_graph(shown, animate=not first)
        self.outlining.show_view(shown)
        if given:  # a block that is filtered away and comes back stands where it stood
            self.view = replace(view, positions={**given, **view.positions})
        self.past.drawn()
        if not (self.sieve.active or self.past.on):
            self._keep(given)
        if first:
            self.lookout.recall(choose=self._wanted is None)
            (self.canvas if view.blocks else self.empty.button).setFocus()
        if self._wanted is not None:
            wanted, self._wanted = self._wanted, None
            self.jump(wanted)
            if wanted not in self._place and wanted.kind not in _OF_ITSELF:
                self.state.say("No graph shows it yet: nothing was read or made with it.")

    def _keep(self, given: dict[BlockRef, Place]) -> None:
        """Keep places that blocks of the scope were given."""
        if given and not self.ws.read_only:
            scope = self.scope
            self.ops.write("Placing blocks", lambda _p: arrange.save_positions(self.ws, scope, given))

    def _invite(self, running: int) -> None:
        """An empty page invites to fill it, unless a task is about to."""
        part = self.scope.kind != "workspace"
        self.empty.sentence.setText(AT_WORK if running else NOTHING_HERE if part else INVITATION)
        self.empty.button.setVisible(not (running or part))

    def _failed(self, error: BaseException) -> None:
        self._reading = False
        self.ops.on_error(error, "Reading the graph")

    def jump(self, ref: BlockRef) -> None:
        """Select a block, or a frame, and bring it into view."""
        self.sieve.reveal([ref])
        self.canvas.bring((ref,))
        self.canvas.setFocus()

    def _show_around(self) -> None:
        if self.canvas.selection() and not self.canvas.selection()[-1].kind.drawn:
            show_in_graph(self.context, self.canvas.selection()[-1])

    def _follow_selection(self, refs: tuple[BlockRef, ...]) -> None:
        if refs != self.canvas.selection():
            self.canvas.select(refs)

    def _block(self, ref: BlockRef) -> Block | None:
        blocks = self.view.blocks if self.view else ()
        return next((block for block in blocks if block.ref == ref), None)

    def _arrange(self) -> None:
        if not self.past.refuse():
            self.arranging.start()

    def arrange_with_dot(self) -> None:
        """Lay out by Graphviz."""
        if not self.past.refuse():
            self.arranging.start_dot()

    def _new_version(self) -> None:
        from clew.gui.dialogs.new_version import NewVersionDialog

        block = self._block(self.canvas.selection()[0]) if self.canvas.selection() else None
        projects = self._projects()
        if block is not None and block.project_id is not None:
            NewVersionDialog(self.context, block.project_id).open()
        elif self.scope.kind == "project":
            NewVersionDialog(self.context, self.scope.id).open()
        elif len(projects) == 1:
            NewVersionDialog(self.context, next(iter(projects))).open()
        elif projects:
            menu = Menu(self, "Project to save")
            for project_id, name in projects.items():
                entry = menu.addAction(icon("folder", self.state.theme.project, 15), name)
                entry.triggered.connect(
                    lambda _on=False, i=project_id: NewVersionDialog(self.context, i).open()
                )
            menu.under(self.version_button)
        else:
            self.state.say("There is no project to save yet. Import pictures first.")

    def _all_commands(self) -> None:
        window: Any = self.window()
        window.open_palette()

    def _projects(self) -> dict[int, str]:
        """Projects of the picture by id, named as their blocks are."""
        kinds = (BlockKind.PROJECT, BlockKind.VERSION, BlockKind.STATE)
        blocks = [b for b in self.view.blocks if b.ref.kind in kinds] if self.view else []
        return {b.project_id: project_name(b) for b in blocks if b.project_id is not None}
