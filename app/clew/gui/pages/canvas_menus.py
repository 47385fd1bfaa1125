"""The menus of the canvas: of a block, of several, of a frame, of a link, and of the empty paper."""

from collections.abc import Callable, Iterable
from functools import partial
from typing import Any

from PySide6.QtCore import QPoint, QPointF
from PySide6.QtGui import QColor
from PySide6.QtWidgets import QMenu

from clew.graph.layout.graphviz import find_dot
from clew.gui.actions import actions_for, add_actions
from clew.gui.canvas.acts import ACTS
from clew.gui.icons import icon
from clew.gui.keys import entry, keys_of
from clew.gui.pages.offering import colour_wishes, link_commands
from clew.gui.theme import load_theme
from clew.gui.widgets.menu import Menu
from clew.model.refs import BlockKind, BlockRef
from clew.model.view import Frame

ALIGN = ("align-left", "align-centre", "align-right", "", "align-top", "align-middle", "align-bottom")
DISTRIBUTE = ("distribute-across", "distribute-down")
ONE = (
    "write",
    "link",
    "link-from",
    "pin",
    "frame",
    "into-frame",
    "unframe",
    "",
    "copy-picture",
    "copy-references",
)
FOLDED = ("fold", "write", "into-frame", "unframe", "", "copy-picture", "copy-references")
NOTE = ("write", "wider", "narrower", "frame", "into-frame", "unframe", "", "copy-picture")
SEVERAL = ("frame", "into-frame", "unframe", "fold", "pin", "", "copy", "copy-picture", "copy-references")
FRAME = ("write", "fold", "frame", "into-frame", "unframe", "", "copy-picture", "copy-references")
TRACE = ("made-from", "depends", "", "only-to", "only-from", "only-these")
TRACE_TWO = (*TRACE, "only-between")
_OWN = {BlockKind.FRAME: FOLDED, BlockKind.NOTE: NOTE}


class CanvasMenus:
    """Makes the menus; each is there for one showing."""

    def __init__(self, page: Any, editing: Any) -> None:
        self.page, self.editing, self.canvas = page, editing, page.canvas

    def block_menu(self, ref: BlockRef | None, at: QPoint) -> None:
        """The menu of a block, of all that are selected with it, of a link, or of the paper."""
        if ref is None:
            found = self.canvas.link_hand.under(QPointF(self.canvas.viewport().mapFromGlobal(at)))
            if found is not None:
                self.link_menu(found, at)
            else:
                self._paper_menu(at)
            return
        if len(self.canvas.selection()) > 1:
            self._several_menu(at)
            return
        page = self.page
        without = ("show",) if page.scope.kind == "workspace" and ref.kind is not BlockKind.TASK else ()
        actions = actions_for(ref, page._block(ref), without=(*without, "describe"))
        menu = Menu(page, "Actions")
        if ref.kind.drawn:  # all of it is in place here; the rest is for the inspector
            self._fill(menu, _OWN[ref.kind])
            if ref.kind is BlockKind.FRAME:
                self._colours(menu, ref.id)
                self._inner(menu, "Trace", "spline", TRACE)
        else:
            add_actions(menu, [a for a in actions if not a.dangerous], page.context)
            menu.addSeparator()
            self._inner(menu, "Trace", "spline", TRACE)
            self._fill(menu, ONE if any(a.name == "run" for a in actions) else ("offer", *ONE))
        add_actions(menu, [a for a in actions if a.dangerous], page.context)
        menu.popup(at)

    def frame_menu(self, frame: int, at: QPoint) -> None:
        """The menu of a frame."""
        menu = Menu(self.page, "Frame")
        self._fill(menu, FRAME)
        self._colours(menu, frame)
        menu.addSeparator()
        self._entry(menu, "Remove frame", "trash-2", self.canvas.remove_frame)
        menu.popup(at)

    def into_menu(self, refs: tuple[BlockRef, ...], at: QPoint) -> None:
        """The frames that some blocks can be put into."""
        menu = Menu(self.page, "Put into")
        self._goals(menu, refs)
        if menu.isEmpty():
            menu.addAction("There is no frame to put it into").setEnabled(False)
        menu.popup(at)

    def goals(self, refs: tuple[BlockRef, ...]) -> list[Frame]:
        """Frames that blocks, notes and frames can be put into: not those they are in, nor themselves."""
        all_frames = {frame.id: frame for frame in self.page.view.frames} if self.page.view else {}
        moved = {ref.id for ref in refs if ref.kind is BlockKind.FRAME}

        def within(frame: Frame) -> bool:
            around: Frame | None = frame
            while around is not None and around.id not in moved:
                around = all_frames.get(around.parent) if around.parent is not None else None
            return around is not None

        def holds(frame: Frame, ref: BlockRef) -> bool:
            if ref.kind is BlockKind.FRAME:
                return all_frames[ref.id].parent == frame.id if ref.id in all_frames else False
            return ref in frame.members

        return [
            frame
            for frame in all_frames.values()
            if not within(frame) and not all(holds(frame, ref) for ref in refs)
        ]

    def _into(self, menu: QMenu) -> None:
        """A menu inside a menu: what is selected goes into one of the frames that there are."""
        refs = self.canvas.chosen_things()
        if self.goals(refs):
            row = keys_of("into-frame")
            inner = menu.addMenu(icon(row.icon, self.page.state.theme.dim, 15), row.words)
            inner.setAccessibleName(row.words)
            self._goals(inner, refs)

    def _goals(self, menu: QMenu, refs: tuple[BlockRef, ...]) -> None:
        for frame in self.goals(refs):
            run = partial(self.canvas.put_into, refs, frame.id)
            self._entry(menu, frame.title.replace("&", "&&"), "group", run)

    def add_menu(self, at: QPoint) -> None:
        """A double click on empty paper: a note first, then the apps."""
        menu = Menu(self.page, "Add")
        here = self.editing.here(at)
        note = self._entry(menu, entry("New note", "note"), "sticky-note", lambda: self.canvas.new_note(here))
        self._entry(menu, entry("Import", "import"), "import", self._import)
        menu.addSeparator()
        self._apps(menu, self.editing.apps.values(), None)
        menu.setActiveAction(note)
        menu.popup(at)

    def offer_apps(self, ref: BlockRef, at: QPoint) -> None:
        """A thread was dropped on empty paper: the apps that can take the block."""
        from clew.gui.dialogs.run_app import takes
        from clew.services.apps import list_apps

        def offer(apps: Any) -> None:
            menu = Menu(self.page, "Apps that take this block")
            fitting = [app for app in apps if takes(app, ref)]
            self._apps(menu, fitting, ref)
            if not fitting:
                menu.addAction("No app takes this block").setEnabled(False)
            menu.popup(at)

        ws = self.page.ws
        self.page.ops.query(lambda: list_apps(ws), offer)

    def _apps(self, menu: QMenu, apps: Iterable[Any], given: BlockRef | None) -> None:
        from clew.gui.dialogs.run_app import RunDialog

        theme = self.page.state.theme
        for app in apps:
            words = app.name if given is not None else f"Run {app.name}"
            menu.addAction(icon("play", theme.task, 15), words).triggered.connect(
                lambda _on=False, s=app.slug: RunDialog(self.page.context, s, given=given).open()
            )

    def _several_menu(self, at: QPoint) -> None:
        menu = Menu(self.page, "Selected blocks")
        self._inner(menu, "Align", keys_of("align-left").icon, ALIGN)
        self._inner(menu, "Distribute", keys_of("distribute-across").icon, DISTRIBUTE)
        self._entry(menu, "Arrange", "layout-grid", self.page._arrange)
        menu.addSeparator()
        two = len(self.canvas.selection()) == 2
        self._inner(menu, "Trace", "spline", TRACE_TWO if two else TRACE)
        self._fill(menu, SEVERAL)
        export = partial(self.page.exporting.start, "selection")
        self._entry(menu, entry("Export selection", "export"), "upload", export)
        menu.popup(at)

    def link_menu(self, found: int, at: QPoint) -> None:
        """The menu of a link, by its place in the scene."""
        canvas = self.canvas
        canvas.link_hand.choose(found, alone=False)
        menu = Menu(self.page, "Link")
        for command in link_commands(self.page, found):
            self._entry(menu, command.words.replace("&", "&&"), command.icon, command.run)
        menu.popup(at)

    def _paper_menu(self, at: QPoint) -> None:
        page, here = self.page, self.editing.here(at)
        menu = Menu(page, "Canvas")
        for text, name, run in (
            (entry("New note", "note"), "sticky-note", lambda: self.canvas.new_note(here)),
            (entry("Import", "import"), "import", self._import),
            ("Arrange", "layout-grid", page._arrange),
            *([("Arrange with Graphviz", "layout-grid", page.arrange_with_dot)] if find_dot() else []),
            (entry("Fit", "fit"), "maximize", self.canvas.fit),
            (entry("Find a block", "find"), "search", page.finder.start),
            (entry("Export graph", "export"), "upload", page.exporting.start),
            (entry("All commands", "palette"), "menu", page._all_commands),
        ):
            self._entry(menu, text, name, run)
        menu.popup(at)

    def _import(self) -> None:
        from clew.gui.dialogs.import_data import ImportDialog

        ImportDialog(self.page.context).open()

    def _inner(self, menu: QMenu, words: str, icon_name: str, names: Iterable[str]) -> None:
        """A menu inside a menu."""
        inner = menu.addMenu(icon(icon_name, self.page.state.theme.dim, 15), words)
        inner.setAccessibleName(words)
        self._fill(inner, names)

    def _fill(self, menu: QMenu, names: Iterable[str]) -> None:
        """Entries by their names in the table of keys; "" is a line."""
        framed = self.canvas.frame_under_hand() is not None
        for name in names:
            if not name:
                menu.addSeparator()
            elif name == "into-frame":
                self._into(menu)
            elif name not in ("unframe", "fold") or framed or self._fold_chosen(name):
                row = keys_of(name)
                self._entry(menu, entry(row.words, name), row.icon, partial(ACTS[name], self.canvas))

    def _fold_chosen(self, name: str) -> bool:
        return name == "fold" and any(r.kind is BlockKind.FRAME for r in self.canvas.selection())

    def _colours(self, menu: QMenu, frame: int) -> None:
        light, state = load_theme("light"), self.page.state
        inner = menu.addMenu(icon("palette", state.theme.dim, 15), "Colour")
        inner.setAccessibleName("Colour")
        for words, token, wish in colour_wishes(frame):
            colour: QColor = getattr(light, token) if token else state.theme.faint
            inner.addAction(icon("group", colour, 15), words).triggered.connect(
                lambda _on=False, w=wish: self.canvas.wish.emit(w)
            )

    def _entry(self, menu: QMenu, text: str, icon_name: str, run: Callable[[], object]) -> Any:
        made = menu.addAction(icon(icon_name, self.page.state.theme.dim, 15), text)
        made.triggered.connect(lambda _on=False: run())
        return made
