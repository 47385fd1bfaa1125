"""The way from the workspace down to what is shown: a word for each step, a click goes there."""

from collections.abc import Callable
from functools import partial

from PySide6.QtCore import QRectF, QSize, Qt
from PySide6.QtGui import QPainter, QPaintEvent
from PySide6.QtWidgets import QHBoxLayout, QPushButton, QSizePolicy, QWidget

from clew.gui.fonts import ui_font
from clew.gui.state import State
from clew.gui.widgets.basic import clear, label
from clew.gui.widgets.paint import paint_focus
from clew.gui.words import elided, project_name
from clew.model.refs import BlockKind, BlockRef
from clew.model.view import Block, GraphView, LinkKind, Scope

_WIDEST, _LEAST = 150, 24
_SAYS = 4  # with fewer signs, "…" among them, a cut name says nothing
Way = tuple[tuple[str, Scope], ...]


def way_to(view: GraphView, workspace: str) -> Way:
    """The steps above a scope as words and scopes: its workspace; of a task also the project it worked on."""
    if view.scope.kind == "workspace":
        return ()
    top = (workspace, Scope())
    worked_on = _project_of(view) if view.scope.kind == "task" else None
    if worked_on is None or worked_on.project_id is None:
        return (top,)
    return top, (project_name(worked_on), Scope("project", worked_on.project_id))


def _project_of(view: GraphView) -> Block | None:
    """What a task read first, or else made, of a project."""
    task = BlockRef(BlockKind.TASK, view.scope.id)
    known = {block.ref: block for block in view.blocks if block.ref.kind in _OF_PROJECT}
    links = [link for link in view.links if link.kind is not LinkKind.SPINE]
    ends = [link.source for link in links if link.target == task]
    ends += [link.target for link in links if link.source == task]
    return next((known[ref] for ref in ends if ref in known), None)


_OF_PROJECT = (BlockKind.PROJECT, BlockKind.VERSION, BlockKind.STATE)


class Crumb(QPushButton):
    """One step; it ends in "…" where there is no room."""

    def __init__(self, state: State, text: str, run: Callable[[], object]) -> None:
        super().__init__(text)
        self._state = state
        self.setFont(ui_font(13))
        self.setProperty("look", "link")
        self.setAccessibleName(f"Go to {text}")
        self.setToolTip(f"Go to {text}")
        self.setAutoDefault(False)
        self.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        self.setAttribute(Qt.WidgetAttribute.WA_Hover)
        self.setCursor(Qt.CursorShape.PointingHandCursor)
        self.setSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Fixed)
        self.clicked.connect(lambda _checked=False: run())

    def sizeHint(self) -> QSize:
        return QSize(min(self.fontMetrics().horizontalAdvance(self.text()) + 6, _WIDEST), 26)

    def minimumSizeHint(self) -> QSize:
        return QSize(min(self.sizeHint().width(), _LEAST), 26)

    def paintEvent(self, _event: QPaintEvent) -> None:
        theme, painter = self._state.theme, QPainter(self)
        painter.setPen(theme.text if self.underMouse() else theme.dim)
        room = self.rect().adjusted(2, 0, -2, 0)
        text = elided(self.fontMetrics(), self.text(), room.width())
        if text != self.text() and len(text) < _SAYS:
            text = "…"
        painter.drawText(room, int(Qt.AlignmentFlag.AlignVCenter), text)
        if self.hasFocus():
            paint_focus(painter, QRectF(self.rect()), theme)


class Crumbs(QWidget):
    """The steps above what is shown; empty for the workspace itself."""

    def __init__(self, state: State) -> None:
        super().__init__()
        self._state = state
        self._way: Way = ()
        self.setAccessibleName("Way to this graph")
        self.setSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Preferred)
        self._layout = QHBoxLayout(self)
        self._layout.setContentsMargins(0, 0, 0, 0)
        self._layout.setSpacing(4)
        self.hide()

    def show_way(self, steps: Way) -> None:
        """Show the steps; those that are shown already stay."""
        if steps == self._way:
            return
        self._way = steps
        clear(self._layout)
        for words, scope in steps:
            self._layout.addWidget(
                Crumb(self._state, words, partial(self._state.open, "workflow", scope=scope))
            )
            self._layout.addWidget(label("›", 13, tone="dim"))
        self.setVisible(bool(steps))

    def steps(self) -> list[Crumb]:
        """The buttons, from the workspace down."""
        items = (self._layout.itemAt(place) for place in range(self._layout.count()))
        return [widget for item in items if isinstance(widget := item.widget() if item else None, Crumb)]
