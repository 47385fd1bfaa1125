"""Where the person is and what is chosen: what pages share without knowing each other."""

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

from PySide6.QtCore import QObject, Signal

from clew.gui.theme import Theme, load_theme
from clew.model.refs import BlockRef
from clew.model.view import Scope


@dataclass(frozen=True)
class Route:
    """A place in the window: a page and what it shows."""

    page: str
    args: dict[str, Any] = field(default_factory=dict)

    @property
    def place(self) -> "Route":
        """The same without what was to be selected there: going back finds a page as it was left."""
        kept = {name: value for name, value in self.args.items() if name != "select" and value != Scope()}
        return Route(self.page, kept)


class State(QObject):
    """Navigation, theme and selection of one window.

    Pages: "workflow" (scope=Scope), "projects", "project" (id, tab), "tasks", "models", "reports",
    "report" (id), "compare" (ids, baseline), "diff" (project, old, new: version numbers or None for
    the working folder), "files", "jobs", "apps".
    """

    routed = Signal(object)  # Route
    theme_changed = Signal(object)  # Theme
    selection_changed = Signal(tuple)  # BlockRefs chosen on the canvas
    said = Signal(str)  # one quiet sentence for the person: "Restored version 2"
    offered = Signal(str, str, object)  # such a sentence, and what can be done next: words, and a function

    def __init__(self, theme: str = "light", parent: QObject | None = None) -> None:
        super().__init__(parent)
        self.theme: Theme = load_theme(theme)
        self.route = Route("workflow")
        self.selection: tuple[BlockRef, ...] = ()
        self.read_only = False  # the workspace lies where it cannot be written
        self.keeps_views = True  # where the graph is looked at is remembered; not for a picture of the window
        self.back: list[Route] = []
        self.forward: list[Route] = []

    def open(self, page: str, **args: Any) -> None:
        """Go to a page and remember the way back, unless one is there already."""
        route = Route(page, args)
        if route.place != self.route.place:
            self.back.append(self.route.place)
            self.forward.clear()
        self._go(route)

    def go_back(self) -> None:
        if self.back:
            self.forward.append(self.route.place)
            self._go(self.back.pop())

    def go_forward(self) -> None:
        if self.forward:
            self.back.append(self.route.place)
            self._go(self.forward.pop())

    def select(self, refs: tuple[BlockRef, ...]) -> None:
        if refs != self.selection:
            self.selection = refs
            self.selection_changed.emit(refs)

    def say(self, sentence: str) -> None:
        """Tell the person what was done, in a toast that goes away by itself."""
        self.said.emit(sentence)

    def offer(self, sentence: str, action: str, run: Callable[[], object]) -> None:
        """Tell the person what was done, with a button for what they may want next."""
        self.offered.emit(sentence, action, run)

    def set_theme(self, name: str) -> None:
        self.theme = load_theme(name)
        self.theme_changed.emit(self.theme)

    def _go(self, route: Route) -> None:
        self.route = route
        self.routed.emit(route)
