"""The start page: the demo, a new or existing workspace, and what was open before.

Imports nothing that takes time: it is the first thing on screen.
"""

from collections.abc import Callable
from datetime import timedelta
from pathlib import Path
from typing import Any

from PySide6.QtCore import QRectF, QSize, Qt
from PySide6.QtGui import QImage, QPainter, QPainterPath, QPaintEvent
from PySide6.QtWidgets import QAbstractButton, QGridLayout, QHBoxLayout, QLabel, QVBoxLayout, QWidget

from clew.base.clock import now_us, to_local
from clew.base.words import count
from clew.gui.fonts import ui_font
from clew.gui.icons import icon_pixmap
from clew.gui.ops import Ops
from clew.gui.state import State
from clew.gui.theme import Theme
from clew.gui.widgets.basic import button, clear, label, section
from clew.gui.widgets.paint import paint_card, paint_cover, paint_focus

CARD = QSize(316, 160)
_STRIP = 96


def opened(at_us: int) -> str:
    """When a workspace was open: "opened today", "opened Friday", "opened 3 Nov"."""
    when, now = to_local(at_us), to_local(now_us())
    days = (now.date() - when.date()).days
    if days <= 0:
        return "opened today"
    if days == 1:
        return "opened yesterday"
    if now.date() - when.date() < timedelta(days=7):
        return f"opened {when.strftime('%A')}"
    return f"opened {when.day} {when.strftime('%b' if when.year == now.year else '%b %Y')}"


class RecentCard(QAbstractButton):
    """A workspace that was open before: three pictures, its name, when it was."""

    def __init__(self, state: State, recent: Any, open_it: Callable[[Path], object]) -> None:
        super().__init__()
        self._state = state
        self._name = recent.name
        self._line = f"{opened(recent.opened_at)}, {count(recent.blocks, 'block')}"
        self._images = [QImage.fromData(data) for data in recent.previews[:3]]
        self.setFixedSize(CARD + QSize(12, 14))
        self.setAccessibleName(f"Open {recent.name}, {self._line}")
        self.setToolTip(str(recent.path))
        self.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        self.setCursor(Qt.CursorShape.PointingHandCursor)
        self.clicked.connect(lambda _checked=False: open_it(recent.path))
        state.theme_changed.connect(lambda _theme: self.update())

    def sizeHint(self) -> QSize:
        return self.size()

    def paintEvent(self, _event: QPaintEvent) -> None:
        theme = self._state.theme
        painter = QPainter(self)
        rect = QRectF(6, 4, CARD.width(), CARD.height())
        paint_card(painter, rect, theme)
        self._paint_pictures(painter, rect, theme)
        painter.setPen(theme.text)
        painter.setFont(ui_font(13, 600))
        room = int(rect.width() - 28)
        elide = Qt.TextElideMode.ElideRight
        painter.drawText(
            QRectF(rect.left() + 14, rect.top() + _STRIP + 10, room, 20),
            painter.fontMetrics().elidedText(self._name, elide, room),
        )
        painter.setPen(theme.dim)
        painter.setFont(ui_font(13))
        painter.drawText(
            QRectF(rect.left() + 14, rect.top() + _STRIP + 30, room, 20),
            painter.fontMetrics().elidedText(self._line, elide, room),
        )
        if self.hasFocus():
            paint_focus(painter, rect, theme, 11)

    def _paint_pictures(self, painter: QPainter, rect: QRectF, theme: Theme) -> None:
        painter.save()
        clip = QPainterPath()
        clip.addRoundedRect(rect.adjusted(1, 1, -1, -1), 10, 10)
        painter.setClipPath(clip)
        strip = QRectF(rect.left() + 1, rect.top() + 1, rect.width() - 2, _STRIP)
        painter.fillRect(strip, theme.sunken)
        number = len(self._images)
        for index, image in enumerate(self._images):
            width = (strip.width() - 2 * (number - 1)) / number
            cell = QRectF(strip.left() + index * (width + 2), strip.top(), width, strip.height())
            paint_cover(painter, cell, image, theme, 0)
        if not number:
            mark = icon_pixmap("workflow", theme.faint, 24, self.devicePixelRatioF())
            painter.drawPixmap(int(strip.center().x() - 12), int(strip.center().y() - 12), mark)
        painter.restore()


class StartPage(QWidget):
    """Shown while no workspace is open. Actions come from the shell."""

    def __init__(
        self,
        ops: Ops,
        state: State,
        open_demo: Callable[[], object],
        new: Callable[[], object],
        choose: Callable[[], object],
        open_path: Callable[[Path], object],
    ) -> None:
        super().__init__()
        self._ops, self._state, self._open_path = ops, state, open_path
        self._logo = QLabel()
        self._logo.setFixedSize(44, 44)
        self.demo_button = button("Open the demo", open_demo, "primary")
        self.new_button = button("New workspace", new)
        self.open_button = button("Open workspace", choose)
        self._recent_title = section("Recent")
        self._recent_title.hide()
        self._cards = QGridLayout()
        self._cards.setSpacing(5)
        self._recents: tuple[Any, ...] = ()
        self.setFocusPolicy(Qt.FocusPolicy.ClickFocus)  # so that no button starts with a ring around it
        self._lay_out()
        self._tint(state.theme)
        state.theme_changed.connect(self._tint)

    def _lay_out(self) -> None:
        top = QHBoxLayout()
        top.setSpacing(14)
        words = QVBoxLayout()
        words.setSpacing(3)
        words.addWidget(label("Clew", 26, 700))
        words.addWidget(label("The way back to every state of your data and models.", 14, tone="dim"))
        top.addWidget(self._logo, 0, Qt.AlignmentFlag.AlignVCenter)
        top.addLayout(words)
        top.addStretch(1)
        buttons = QHBoxLayout()
        buttons.setSpacing(10)
        for widget in (self.demo_button, self.new_button, self.open_button):
            widget.setProperty("large", True)
            buttons.addWidget(widget)
        buttons.addSpacing(12)
        buttons.addWidget(label("or drop a folder of pictures here", 13, tone="dim"))
        buttons.addStretch(1)
        middle = QVBoxLayout()
        middle.setSpacing(0)
        middle.addLayout(top)
        middle.addSpacing(28)
        middle.addLayout(buttons)
        middle.addSpacing(38)
        middle.addWidget(self._recent_title)
        middle.addSpacing(4)
        self._cards.setAlignment(Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignTop)
        self._cards.setContentsMargins(-6, 0, 0, 0)  # the card's edge, not its shadow, stands under the title
        middle.addLayout(self._cards)
        self._middle = QWidget()
        self._middle.setLayout(middle)
        self._middle.setFixedWidth(3 * (CARD.width() + 17))
        layout = QVBoxLayout(self)
        layout.addStretch(1)
        layout.addWidget(self._middle, 0, Qt.AlignmentFlag.AlignHCenter)
        layout.addStretch(4)

    def show_recent(self) -> None:
        """Read the workspaces that were open before, off the UI thread."""

        def read() -> tuple[Any, ...]:
            from clew.services.recent import recent_workspaces  # the database is loaded off the UI thread

            return recent_workspaces()

        self.setFocus()
        self._ops.query(read, self._show)

    def _show(self, recents: tuple[Any, ...]) -> None:
        self._recents = recents[:6]
        self._recent_title.setVisible(bool(self._recents))
        clear(self._cards)
        for index, recent in enumerate(self._recents):
            card = RecentCard(self._state, recent, self._open_path)
            self._cards.addWidget(card, index // 3, index % 3)

    def _tint(self, theme: Theme) -> None:
        self._logo.setPixmap(icon_pixmap("clew", theme.accent, 44, self.devicePixelRatioF()))
