"""The side bar: the logo, the pages with their counts, and the apps."""

from collections.abc import Callable
from dataclasses import dataclass
from functools import partial

from PySide6.QtCore import QMimeData, QPoint, QRectF, QSize, Qt
from PySide6.QtGui import QDrag, QMouseEvent, QPainter, QPaintEvent, QPen
from PySide6.QtWidgets import (
    QAbstractButton,
    QApplication,
    QFrame,
    QHBoxLayout,
    QSizePolicy,
    QVBoxLayout,
    QWidget,
)

from clew.gui.fonts import ui_font
from clew.gui.icons import icon_pixmap
from clew.gui.keys import tip
from clew.gui.state import State
from clew.gui.theme import mix
from clew.gui.widgets.basic import IconButton, clear, label, scrolled
from clew.gui.widgets.paint import paint_card, paint_focus
from clew.gui.words import elided


@dataclass(frozen=True)
class Place:
    """One line of the side bar: the page it opens, the icon, the word, and which count stands beside it."""

    page: str
    icon: str
    text: str
    count: str = ""


PLACES: tuple[Place, ...] = (
    Place("workflow", "git-commit-vertical", "Workflow"),
    Place("projects", "folder", "Projects", "projects"),
    Place("tasks", "square-terminal", "Tasks", "tasks"),
    Place("models", "box", "Models", "models"),
    Place("reports", "chart-no-axes-column", "Reports", "reports"),
    Place("files", "file", "Files", "files"),
    Place("jobs", "pencil", "Labeling jobs", "jobs"),
)

BELONGS = {
    "project": "projects",
    "diff": "projects",
    "report": "reports",
    "compare": "reports",
    "task": "tasks",
}
"""Pages that have no line of their own, and the line that is lit for them."""

APP_ICONS = {
    "train": "square-terminal",
    "evaluate": "chart-no-axes-column",
    "import": "import",
    "export": "upload",
}


class NavItem(QAbstractButton):
    """One line: icon, word and count; lit when its page is shown."""

    def __init__(self, state: State, icon_name: str, text: str, run: Callable[[], object]) -> None:
        super().__init__()
        self._state, self._icon_name = state, icon_name
        self._count: int | None = None
        self.app = ""  # the slug of the app that this line runs; it can be dragged onto a block
        self._offered = False
        self._pressed = QPoint()
        self.setText(text)
        self.setAccessibleName(text)
        self.setFixedHeight(33)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        self.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        self.setAttribute(Qt.WidgetAttribute.WA_Hover)
        self.setCheckable(True)
        self.clicked.connect(lambda _checked=False: run())
        state.theme_changed.connect(lambda _theme: self.update())

    def set_count(self, count: int) -> None:
        self._count = count
        self.setAccessibleName(f"{self.text()}, {count:,}")
        self.update()

    def offer(self, on: bool) -> None:
        """Show that what is held over the line can be dropped on it."""
        self._offered = on
        self.update()

    def mousePressEvent(self, event: QMouseEvent) -> None:
        self._pressed = event.position().toPoint()
        super().mousePressEvent(event)

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        far = (event.position().toPoint() - self._pressed).manhattanLength()
        if not self.app or not self.isDown() or far < QApplication.startDragDistance():
            super().mouseMoveEvent(event)
            return
        self.setDown(False)
        data = QMimeData()
        data.setData("application/x-clew-app", self.app.encode())
        drag = QDrag(self)
        drag.setMimeData(data)
        drag.setPixmap(icon_pixmap(self._icon_name, self._state.theme.accent, 22, self.devicePixelRatioF()))
        drag.exec(Qt.DropAction.CopyAction)

    def sizeHint(self) -> QSize:
        return QSize(160, 33)

    def paintEvent(self, _event: QPaintEvent) -> None:
        theme = self._state.theme
        painter = QPainter(self)
        inner = QRectF(self.rect()).adjusted(10, 1, -10, -1)
        if self.isChecked():
            paint_card(painter, inner, theme, 7)
        elif self.underMouse() or self._offered:
            painter.setRenderHint(QPainter.RenderHint.Antialiasing)
            painter.setPen(Qt.PenStyle.NoPen)
            painter.setBrush(mix(theme.text, theme.sunken, 0.06))
            painter.drawRoundedRect(inner, 7, 7)
        colour = theme.text if self.isChecked() else theme.dim
        ratio = self.devicePixelRatioF()
        painter.drawPixmap(20, 9, icon_pixmap(self._icon_name, colour, 15, ratio))
        painter.setPen(colour)
        painter.setFont(ui_font(13, 500 if self.isChecked() else 400))
        right = 0.0
        if self._count is not None:
            painter.save()
            painter.setPen(theme.dim)
            painter.setFont(ui_font(11))
            text = f"{self._count:,}"
            right = painter.fontMetrics().horizontalAdvance(text) + 8
            painter.drawText(inner.adjusted(0, 0, -10, 0), int(_RIGHT), text)
            painter.restore()
        room = QRectF(45, 0, inner.right() - 45 - right - 6, self.height())
        painter.drawText(room, int(_LEFT), elided(painter.fontMetrics(), self.text(), room.width()))
        if self._offered:
            painter.setPen(QPen(theme.accent, 1.5))
            painter.setBrush(Qt.BrushStyle.NoBrush)
            painter.drawRoundedRect(inner, 7, 7)
        if self.hasFocus():
            paint_focus(painter, inner, theme)


_LEFT = Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter
_RIGHT = Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter


class _Logo(QWidget):
    def __init__(self, state: State) -> None:
        super().__init__()
        self._state = state
        self.setFixedSize(26, 26)
        state.theme_changed.connect(lambda _theme: self.update())

    def paintEvent(self, _event: QPaintEvent) -> None:
        painter = QPainter(self)
        painter.drawPixmap(3, 3, icon_pixmap("clew", self._state.theme.accent, 20, self.devicePixelRatioF()))


class SideBar(QFrame):
    """Where to go. `open_app` gets the slug of the app that was clicked."""

    def __init__(
        self, state: State, open_menu: Callable[[QWidget], None], open_app: Callable[[str], None]
    ) -> None:
        super().__init__()
        self._state, self._open_app = state, open_app
        self.setProperty("look", "side")
        self.setFixedWidth(208)
        self._items: dict[str, NavItem] = {}
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 1, 0)
        layout.setSpacing(0)
        self.menu_button = IconButton(state, "settings", "Workspace and settings")
        self.menu_button.clicked.connect(lambda: open_menu(self.menu_button))
        self.back_button = IconButton(state, "arrow-left", "Go back", state.go_back)
        self.forward_button = IconButton(state, "arrow-right", "Go forward", state.go_forward)
        self.back_button.setToolTip(tip("Go back", "back"))
        self.forward_button.setToolTip(tip("Go forward", "forward"))
        top = QHBoxLayout()
        top.setContentsMargins(15, 13, 12, 11)
        for part in (_Logo(state), label("Clew", 15, 600)):
            top.addWidget(part)
        top.addStretch(1)
        for way in (self.back_button, self.forward_button, self.menu_button):
            top.addWidget(way)
        layout.addLayout(top)
        inside = QWidget()
        lines = QVBoxLayout(inside)
        lines.setContentsMargins(0, 0, 0, 8)
        lines.setSpacing(0)
        for place in PLACES:
            item = NavItem(state, place.icon, place.text, partial(self._open, place.page))
            self._items[place.page] = item
            lines.addWidget(item)
        heading = label("Apps", 12, 500, "dim")
        heading.setContentsMargins(20, 16, 0, 6)
        lines.addWidget(heading)
        self._items["apps"] = NavItem(state, "layout-grid", "All apps", lambda: self._open("apps"))
        lines.addWidget(self._items["apps"])
        self._apps = QVBoxLayout()
        self._apps.setSpacing(0)
        lines.addLayout(self._apps)
        lines.addStretch(1)
        layout.addWidget(scrolled(inside, "Pages and apps"), 1)
        state.routed.connect(lambda _route: self._light())
        self._light()

    def set_counts(self, counts: dict[str, int]) -> None:
        """Show how many projects, tasks … there are."""
        for place in PLACES:
            if place.count:
                self._items[place.page].set_count(counts.get(place.count, 0))

    def set_apps(self, apps: tuple[tuple[str, str, str], ...]) -> None:
        """Show apps as (slug, name, kind)."""
        clear(self._apps)
        for slug, name, kind in apps:
            icon_name = APP_ICONS.get(kind, "square-terminal")
            item = NavItem(self._state, icon_name, name, partial(self._open_app, slug))
            item.setCheckable(False)
            item.app = slug
            item.setAccessibleName(f"Run {name}")
            item.setToolTip(f"Run {name}")
            self._apps.addWidget(item)

    def app_items(self) -> list[NavItem]:
        """The lines of the apps, for the command palette."""
        items = (self._apps.itemAt(place) for place in range(self._apps.count()))
        return [widget for item in items if isinstance(widget := item.widget() if item else None, NavItem)]

    def _open(self, page: str) -> None:
        self._state.open(page)
        self._light()

    def _light(self) -> None:
        page = self._state.route.page
        lit = BELONGS.get(page, page)
        self.back_button.setEnabled(bool(self._state.back))
        self.forward_button.setEnabled(bool(self._state.forward))
        for name, item in self._items.items():
            item.setChecked(name == lit)
