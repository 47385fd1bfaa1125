"""The small pieces every page is made of: labels, chips, buttons, lines, scroll areas."""

from collections.abc import Callable

from PySide6.QtCore import QEvent, QSize, Qt
from PySide6.QtGui import QPainter, QPaintEvent, QResizeEvent
from PySide6.QtWidgets import (
    QBoxLayout,
    QFrame,
    QHBoxLayout,
    QLabel,
    QLayout,
    QPushButton,
    QScrollArea,
    QSizePolicy,
    QVBoxLayout,
    QWidget,
)

from clew.gui.fonts import ui_font
from clew.gui.icons import icon
from clew.gui.state import State
from clew.gui.theme import Theme
from clew.gui.words import breakable, elided


def label(
    text: str = "", px: float = 13, weight: int = 400, tone: str = "text", *, wrap: bool = False
) -> QLabel:
    """A text of the window; `tone` is "text", "dim", "good" or "bad"."""
    widget = Wrapped() if wrap else QLabel()
    widget.setFont(ui_font(px, weight))
    widget.setTextFormat(Qt.TextFormat.PlainText)
    widget.setProperty("tone", tone)
    widget.setText(text)
    return widget


def section(text: str) -> QLabel:
    """The small heading over a part of a page."""
    return label(text, 12, 600, "dim")


def chip(text: str) -> QLabel:
    """A small rounded fact beside a title."""
    widget = label(text, 11)
    widget.setProperty("look", "chip")
    widget.setFixedSize(widget.fontMetrics().horizontalAdvance(text) + 20, 20)
    widget.setAlignment(Qt.AlignmentFlag.AlignCenter)
    return widget


def button(
    text: str,
    run: Callable[[], object] | None = None,
    look: str = "normal",
    *,
    name: str = "",
    tip: str = "",
) -> QPushButton:
    """A button; `look` is "normal", "primary" (one a page), "quiet" or "link"."""
    widget = QPushButton(text)
    widget.setProperty("look", look)
    widget.setFont(ui_font(13, 500 if look in ("primary", "normal") else 400))
    widget.setFocusPolicy(Qt.FocusPolicy.TabFocus)
    widget.setAccessibleName(name or text)
    widget.setAutoDefault(False)
    if tip:
        widget.setToolTip(tip)
    if run is not None:
        widget.clicked.connect(lambda _checked=False: run())
    return widget


class IconButton(QPushButton):
    """A button that is only an icon; its name is its tool tip and what a screen reader says."""

    def __init__(
        self, state: State, icon_name: str, name: str, run: Callable[[], object] | None = None
    ) -> None:
        super().__init__()
        self._icon_name = icon_name
        self.setProperty("look", "icon")
        self.setAccessibleName(name)
        self.setToolTip(name)
        self.setAutoDefault(False)
        self.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        self._tint(state.theme)
        state.theme_changed.connect(self._tint)
        if run is not None:
            self.clicked.connect(lambda _checked=False: run())

    def _tint(self, theme: Theme) -> None:
        self.setIcon(icon(self._icon_name, theme.dim, 16, theme.faint))


class Wrapped(QLabel):
    """A text over as many lines as it needs; a word longer than a line breaks instead of widening all."""

    def __init__(self) -> None:
        super().__init__()
        self._text = ""
        self.setWordWrap(True)
        policy = QSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Preferred)
        policy.setHeightForWidth(True)
        self.setSizePolicy(policy)

    def text(self) -> str:
        """The text as it was given, without the places where it may break."""
        return self._text

    def setText(self, text: str) -> None:
        rich = self.textFormat() is Qt.TextFormat.RichText  # its words are broken before they are marked up
        shown = text if rich else breakable(text)
        if self.accessibleName() in ("", self._text):
            self.setAccessibleName(text if shown != text else "")
        self._text = text
        super().setText(shown)

    def minimumSizeHint(self) -> QSize:
        """One line: the height of more follows from the width, and is not kept where there is room."""
        line = self.fontMetrics().height() if self._text else 0
        edges = self.contentsMargins()
        return QSize(min(60, super().minimumSizeHint().width()), line + edges.top() + edges.bottom())


class Elided(QLabel):
    """A label that ends in "…" where there is no room; the whole text is its tool tip then."""

    def __init__(
        self, text: str = "", px: float = 13, weight: int = 400, tone: str = "text", *, middle: bool = False
    ) -> None:
        super().__init__(text)
        self.setFont(ui_font(px, weight))
        self.setTextFormat(Qt.TextFormat.PlainText)
        self.setProperty("tone", tone)
        self._mode = Qt.TextElideMode.ElideMiddle if middle else Qt.TextElideMode.ElideRight
        self.setSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Fixed)

    def sizeHint(self) -> QSize:
        return QSize(self.fontMetrics().horizontalAdvance(self.text()) + 2, super().sizeHint().height())

    def minimumSizeHint(self) -> QSize:
        wanted = self.fontMetrics().horizontalAdvance(self.text()) + 2
        return QSize(min(wanted, 48), super().minimumSizeHint().height())

    def setText(self, text: str) -> None:
        super().setText(text)
        self._update_tip()

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._update_tip()

    def paintEvent(self, _event: QPaintEvent) -> None:
        painter = QPainter(self)
        painter.setPen(self.palette().color(self.foregroundRole()))
        text = elided(self.fontMetrics(), self.text(), self.width(), self._mode)
        painter.drawText(self.rect(), int(self.alignment() | Qt.AlignmentFlag.AlignVCenter), text)

    def _update_tip(self) -> None:
        fits = self.fontMetrics().horizontalAdvance(self.text()) <= self.width()
        self.setToolTip("" if fits else self.text())


def hairline() -> QFrame:
    """A line between two things."""
    line = QFrame()
    line.setProperty("look", "line")
    line.setFixedHeight(1)
    return line


def row(
    *widgets: QWidget | int | None, spacing: int = 8, margins: tuple[int, int, int, int] = (0, 0, 0, 0)
) -> QHBoxLayout:
    """Widgets beside each other; a number is a gap, None takes all the room that is left."""
    layout = QHBoxLayout()
    _fill(layout, widgets, spacing, margins)
    return layout


def column(
    *widgets: QWidget | QLayout | int | None,
    spacing: int = 8,
    margins: tuple[int, int, int, int] = (0, 0, 0, 0),
) -> QVBoxLayout:
    """Widgets under each other; a number is a gap, None takes all the room that is left."""
    layout = QVBoxLayout()
    _fill(layout, widgets, spacing, margins)
    return layout


def _fill(
    layout: QBoxLayout,
    widgets: tuple[QWidget | QLayout | int | None, ...],
    spacing: int,
    margins: tuple[int, int, int, int],
) -> None:
    layout.setSpacing(spacing)
    layout.setContentsMargins(*margins)
    for widget in widgets:
        if widget is None:
            layout.addStretch(1)
        elif isinstance(widget, int):
            layout.addSpacing(widget)
        elif isinstance(widget, QLayout):
            layout.addLayout(widget)
        else:
            layout.addWidget(widget)


def scrolled(inside: QWidget, name: str) -> QScrollArea:
    """`inside` in an area that scrolls up and down."""
    area = QScrollArea()
    area.setWidgetResizable(True)
    area.setFrameShape(QFrame.Shape.NoFrame)
    area.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
    area.setAccessibleName(name)
    inside.setProperty("look", "page")
    area.setWidget(inside)
    area.viewport().setAutoFillBackground(False)
    return area


def clear(layout: QLayout) -> None:
    """Take everything out of a layout and let Qt delete it."""
    while (item := layout.takeAt(0)) is not None:
        if (widget := item.widget()) is not None:
            widget.hide()
            widget.deleteLater()
        elif (inner := item.layout()) is not None:
            clear(inner)


def tab_after(first: QWidget, *widgets: QWidget) -> None:
    """Let Tab go from one widget to others made later: without this they come last in the window."""
    policy = first.focusPolicy()
    first.setFocusPolicy(Qt.FocusPolicy.TabFocus)  # Qt heeds no widget here that takes no focus
    before = first
    for widget in widgets:
        QWidget.setTabOrder(before, widget)
        before = widget
    first.setFocusPolicy(policy)


def restyle(widget: QWidget, **properties: object) -> None:
    """Set style properties of a widget that is already on screen."""
    for name, value in properties.items():
        widget.setProperty(name, value)
    widget.style().unpolish(widget)
    widget.style().polish(widget)
    widget.update()


def is_press(event: QEvent, *keys: Qt.Key) -> bool:
    """Whether an event is the press of one of these keys."""
    return event.type() == QEvent.Type.KeyPress and event.key() in keys  # type: ignore[attr-defined]  # a QKeyEvent by its type
