"""The right column: all about the chosen block. It knows no kind of block; `PAGES` says what each shows."""

from collections.abc import Callable
from typing import Any

from PySide6.QtCore import QSize, Qt, QTimer
from PySide6.QtGui import QShowEvent
from PySide6.QtWidgets import QFrame, QScrollArea, QStackedLayout, QVBoxLayout, QWidget

from clew.gui.errors import trouble
from clew.gui.hint_book import hint_book
from clew.gui.inspector.ask import Ask, Pace
from clew.gui.inspector.description import DescriptionSection
from clew.gui.inspector.head import HeadSection
from clew.gui.inspector.hints import HintSection
from clew.gui.inspector.link_view import LinkView
from clew.gui.inspector.load import LinkShown, Shown, load_link, load_one, load_several, load_summary
from clew.gui.inspector.log import LogSection
from clew.gui.inspector.overview import SeveralView, SummaryView
from clew.gui.inspector.section import Env, Section
from clew.gui.inspector.sections import (
    ChangeSection,
    CurveSection,
    FactsSection,
    FilesSection,
    LinksSection,
    OutcomeSection,
    PreviewSection,
    StoredSection,
)
from clew.gui.ops import Ops
from clew.gui.state import Route, State
from clew.gui.widgets.basic import label
from clew.model.entities import Changes
from clew.model.refs import BlockKind, BlockRef
from clew.model.view import BlockLink, Scope

WIDTH = 322
_SOON, _TIMES = 60, 5  # milliseconds after news; at most a fifth of the time goes to reading
_PLAIN = (
    HeadSection,
    DescriptionSection,
    HintSection,
    FactsSection,
    PreviewSection,
    LinksSection,
    StoredSection,
)

PAGES: dict[BlockKind, tuple[type[Section], ...]] = {
    BlockKind.PROJECT: _PLAIN,
    BlockKind.VERSION: (
        HeadSection,
        DescriptionSection,
        HintSection,
        ChangeSection,
        FactsSection,
        PreviewSection,
        StoredSection,
        LinksSection,
    ),
    BlockKind.STATE: _PLAIN,
    BlockKind.DATASET: _PLAIN,
    BlockKind.TASK: (
        HeadSection,
        OutcomeSection,
        DescriptionSection,
        HintSection,
        FactsSection,
        LinksSection,
        LogSection,
    ),
    BlockKind.MODEL: (
        HeadSection,
        DescriptionSection,
        HintSection,
        FactsSection,
        CurveSection,
        FilesSection,
        LinksSection,
        StoredSection,
    ),
    BlockKind.REPORT: (
        HeadSection,
        DescriptionSection,
        HintSection,
        FactsSection,
        CurveSection,
        LinksSection,
        StoredSection,
    ),
    BlockKind.FILE: _PLAIN,
    BlockKind.JOB: _PLAIN,
    BlockKind.FRAME: (HeadSection, DescriptionSection),
    BlockKind.NOTE: (HeadSection,),
}
"""Which sections each kind of block shows, from top to bottom; a section without content hides itself."""


class KindPage(QWidget):
    """The sections of one kind under each other."""

    def __init__(self, env: Env, kind: BlockKind) -> None:
        super().__init__()
        layout = QVBoxLayout(self)
        layout.setContentsMargins(18, 18, 18, 22)
        layout.setSpacing(18)
        self.sections = [made(env) for made in PAGES[kind]]
        for one in self.sections:
            layout.addWidget(one)
        layout.addStretch(1)

    def show_block(self, shown: Shown) -> None:
        for one in self.sections:
            one.show_block(shown)

    def section(self, kind: type[Section]) -> Any:
        """The section of a class, if this page has it."""
        return next((s for s in self.sections if isinstance(s, kind)), None)


class Inspector(QFrame):
    """Follows `state.selection`; `apply` and `refresh` read the chosen block again."""

    def __init__(self, ws: Any, ops: Ops, state: State, context: Any) -> None:
        super().__init__()
        self.ws, self.state = ws, state
        self.env = Env(ws, ops, state, context)
        self.scope = _scope(state.route)
        self.setProperty("look", "panel")
        self.setMinimumWidth(264)
        self.setAccessibleName("Inspector")
        self._ask = Ask(self, ops)
        self._pace = Pace(_SOON, _TIMES)
        self._soon = QTimer(self, singleShot=True)
        self._soon.timeout.connect(self.refresh)
        self._stale = True
        self._pages: dict[BlockKind, KindPage] = {}
        self.summary, self.several = SummaryView(self.env), SeveralView(self.env)
        self.link = LinkView(self.env)
        self._link: BlockLink | None = None
        self.message = label("", tone="dim", wrap=True)
        self.message.setContentsMargins(18, 18, 18, 18)
        self.message.setAlignment(Qt.AlignmentFlag.AlignTop)
        self._areas: dict[QWidget, QScrollArea] = {}
        self._stack = QStackedLayout(self)
        self._stack.setContentsMargins(1, 0, 0, 0)
        for widget in (self.summary, self.several, self.link, self.message):
            self._add(widget)
        state.selection_changed.connect(lambda _refs: self.refresh())
        state.routed.connect(self._route)

    def sizeHint(self) -> QSize:
        return QSize(WIDTH, 600)

    def show_link(self, link: BlockLink | None) -> None:
        """Show a link while it is chosen, whatever block is."""
        self._link = link
        self.refresh()

    def apply(self, changes: Changes) -> None:
        """News about anything may be news about the chosen block or its neighbours; moves are not."""
        if changes.kinds() <= {"position"}:
            return
        hint_book(self.ws, self.env.ops).apply(changes)
        if changes.kinds() == {"hint"}:
            return
        if not self.isVisible():
            self._stale = True
        elif not self._soon.isActive():
            self._soon.start(self._pace.pause)

    def refresh(self) -> None:
        """Read what is chosen."""
        if not self.isVisible():
            self._stale = True
            return
        self._stale = False
        self._soon.stop()
        ws, refs, scope, link = self.ws, self.state.selection, self.scope, self._link
        if link is not None:
            self._read(lambda: load_link(ws, link), self._take_link)
        elif len(refs) == 1:
            self._read(lambda: load_one(ws, refs[0]), self._take_one)
        elif refs:
            self._read(lambda: load_several(ws, refs), self._take_several)
        else:
            self._read(lambda: load_summary(ws, scope), self._take_summary)

    def _read(self, work: Callable[[], Any], take: Callable[[Any], None]) -> None:
        self._ask(self._pace.timed(work), take, self._failed)

    def page(self, kind: BlockKind) -> KindPage:
        """The page of a kind, made when it is first wanted."""
        if kind not in self._pages:
            self._pages[kind] = KindPage(self.env, kind)
            self._add(self._pages[kind])
        return self._pages[kind]

    @property
    def shown(self) -> QWidget:
        """What is in front: a KindPage, the summary, the list of several, or a sentence."""
        front = self._stack.currentWidget()
        return next(widget for widget, area in self._areas.items() if area is front)

    def showEvent(self, event: QShowEvent) -> None:
        super().showEvent(event)
        hint_book(self.ws, self.env.ops).look_again()  # no news came while another page was in front
        if self._stale:
            self.refresh()

    def _add(self, widget: QWidget) -> None:
        area = QScrollArea()
        area.setWidgetResizable(True)
        area.setFrameShape(QFrame.Shape.NoFrame)
        area.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        area.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        area.viewport().setAutoFillBackground(False)
        widget.setProperty("look", "page")
        area.setWidget(widget)
        self._areas[widget] = area
        self._stack.addWidget(area)

    def _front(self, widget: QWidget, ref: BlockRef | None = None) -> None:
        area = self._areas[widget]
        if self._stack.currentWidget() is not area or widget.property("ref") != str(ref):
            area.verticalScrollBar().setValue(0)
        widget.setProperty("ref", str(ref))
        self._stack.setCurrentWidget(area)

    def _take_one(self, shown: Shown) -> None:
        page = self.page(shown.details.ref.kind)
        page.show_block(shown)
        self._front(page, shown.details.ref)

    def _take_link(self, found: LinkShown) -> None:
        self.link.show_link(found)
        self._front(self.link, found.link.source)

    def _take_several(self, found: Any) -> None:
        self.several.show_several(found)
        self._front(self.several)

    def _take_summary(self, found: Any) -> None:
        self.summary.show_summary(found)
        self._front(self.summary)

    def _failed(self, error: BaseException) -> None:
        said = trouble(error, "Reading the block")
        if said is not None:
            self.message.setText(said.sentence)
            self._front(self.message)

    def _route(self, route: Route) -> None:
        scope = _scope(route)
        if scope != self.scope:
            self.scope = scope
            if not self.state.selection:
                self.refresh()


def _scope(route: Route) -> Scope:
    """The part of the workspace that is in view."""
    if route.page == "project" and route.args.get("id"):
        return Scope("project", route.args["id"])
    found = route.args.get("scope")
    return found if isinstance(found, Scope) else Scope()
