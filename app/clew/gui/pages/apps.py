"""All apps: cards with what each does, and Run."""

from pathlib import Path
from typing import Any

from PySide6.QtCore import QRectF, QSize, Qt
from PySide6.QtGui import QPainter, QPaintEvent, QResizeEvent
from PySide6.QtWidgets import QFileDialog, QGridLayout, QHBoxLayout, QVBoxLayout, QWidget

from clew.gui.dialogs.starting import starting_dialog
from clew.gui.icons import icon_pixmap
from clew.gui.ops import Ops
from clew.gui.pages.page import Page
from clew.gui.state import State
from clew.gui.theme import mix
from clew.gui.widgets.basic import button, chip, clear, label, scrolled
from clew.gui.widgets.header import Header
from clew.gui.widgets.paint import paint_card
from clew.gui.widgets.sidebar import APP_ICONS
from clew.model.entities import App
from clew.services.apps import add_app, list_apps
from clew.services.workspace import Workspace

KIND_WORDS = {
    "import": "Import",
    "train": "Training",
    "evaluate": "Evaluation",
    "export": "Export",
    "process": "Processing",
}
_WIDTH = 340


class AppCard(QWidget):
    """One app."""

    def __init__(self, state: State, app: App, run: Any) -> None:
        super().__init__()
        self._state = state
        self._icon = APP_ICONS.get(app.kind.value, "square-terminal")
        self.setAccessibleName(app.name)
        self.setFixedHeight(190)
        state.theme_changed.connect(lambda _theme: self.update())
        about = label(app.description, 13, tone="dim", wrap=True)
        about.setAlignment(Qt.AlignmentFlag.AlignTop)
        names = QVBoxLayout()
        names.setSpacing(1)
        kind = KIND_WORDS.get(app.kind.value, app.kind.value)
        names.addWidget(label(kind if app.built_in else f"{kind}, your own", 11, tone="dim"))
        names.addWidget(label(app.name, 13.5, 600))
        head = QHBoxLayout()
        head.addSpacing(44)
        head.addLayout(names)
        head.addStretch(1)
        foot = QHBoxLayout()
        foot.addWidget(button("Run", run, name=f"Run {app.name}"))
        foot.addStretch(1)
        for wanted in app.inputs:
            foot.addWidget(chip(f"takes a {wanted.kind}"))
        layout = QVBoxLayout(self)
        layout.setContentsMargins(22, 18, 22, 22)
        layout.setSpacing(10)
        layout.addLayout(head)
        layout.addWidget(about, 1)
        layout.addLayout(foot)

    def sizeHint(self) -> QSize:
        return QSize(_WIDTH, 190)

    def paintEvent(self, _event: QPaintEvent) -> None:
        theme = self._state.theme
        painter = QPainter(self)
        paint_card(painter, QRectF(self.rect()).adjusted(6, 4, -6, -9), theme)
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(mix(theme.task, theme.surface, 0.15))
        painter.drawRoundedRect(QRectF(22, 19, 32, 32), 7, 7)
        painter.drawPixmap(30, 27, icon_pixmap(self._icon, theme.task, 16, self.devicePixelRatioF()))


class AppsPage(Page):
    """Built-in apps and the person's own."""

    kinds = ("app",)

    def __init__(self, ws: Workspace, ops: Ops, state: State) -> None:
        super().__init__(ws, ops, state)
        self._cards: list[AppCard] = []
        self.header = Header("Apps")
        self.header.add(button("Add an app", self._add, tip="A folder with an app.toml"))
        inside = QWidget()
        self._grid = QGridLayout()
        self._grid.setSpacing(6)
        self._grid.setAlignment(Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignTop)
        holder = QVBoxLayout(inside)
        holder.setContentsMargins(18, 18, 18, 18)
        holder.addLayout(self._grid)
        holder.addStretch(1)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(0)
        layout.addWidget(self.header)
        layout.addWidget(scrolled(inside, "Apps"), 1)

    def refresh(self) -> None:
        self.ask(lambda: list_apps(self.ws), self._show)

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._place()

    def _show(self, apps: tuple[App, ...]) -> None:
        clear(self._grid)
        self.header.set_title("Apps", f"{len(apps):,}")
        self._cards = [AppCard(self.state, app, lambda a=app: self._run(a)) for app in apps]
        self._place()

    def _place(self) -> None:
        across = max(1, (self.width() - 36) // (_WIDTH + 6))
        width = min(440, (self.width() - 36) // across - 6)
        for index, card in enumerate(self._cards):
            card.setFixedWidth(width)
            self._grid.addWidget(card, index // across, index % across)

    def _run(self, app: App) -> None:
        starting_dialog(self.context, app.slug).open()

    def _add(self) -> None:
        picker = QFileDialog(self.window(), "Choose the folder with your app.toml")
        picker.setFileMode(QFileDialog.FileMode.Directory)
        picker.fileSelected.connect(
            lambda folder: self.context.do(
                "Adding the app", lambda: add_app(self.ws, Path(folder)), lambda app: f"Added {app.name}"
            )
        )
        picker.open()
