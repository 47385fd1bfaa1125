"""What a section of the inspector is: a widget that shows one part of a block and hides without it."""

from dataclasses import dataclass
from typing import Any

from PySide6.QtCore import QSize, Qt, Signal
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QFrame, QGridLayout, QPushButton, QVBoxLayout, QWidget

from clew.gui.fonts import ui_font
from clew.gui.icons import KIND_ICONS, icon
from clew.gui.inspector.load import Named, Shown
from clew.gui.ops import Ops
from clew.gui.state import State
from clew.gui.theme import Theme
from clew.gui.widgets.basic import clear, hairline, label, section
from clew.gui.words import elided


@dataclass(frozen=True)
class Env:
    """What every section gets."""

    ws: Any
    ops: Ops
    state: State
    context: Any  # gui.context.Context: what actions need


class Section(QWidget):
    """One part of the inspector; `title` stands above it. Subclasses fill `body` and answer `take`."""

    title = ""

    def __init__(self, env: Env) -> None:
        super().__init__()
        self.env = env
        self.heading = section(self.title)
        self.body = QVBoxLayout(self)
        self.body.setContentsMargins(0, 0, 0, 0)
        self.body.setSpacing(7)
        self.body.addWidget(self.heading)
        self.heading.setVisible(bool(self.title))  # once it has a parent: alone it would be a window
        self.build()
        env.state.theme_changed.connect(self.take_theme)

    def build(self) -> None:
        """Make the widgets."""

    def take(self, shown: Shown) -> bool:
        """Show this block's part; False when it has none. Each kind of section says its own."""
        raise NotImplementedError

    def take_theme(self, theme: Theme) -> None:
        """Take other colours where the style sheet does not."""

    def show_block(self, shown: Shown) -> None:
        self.setVisible(self.take(shown))


class Facts(QFrame):
    """Names and values in rows with hairlines; long values wrap and can be copied."""

    def __init__(self) -> None:
        super().__init__()
        self._grid = QGridLayout(self)
        self._grid.setContentsMargins(0, 0, 0, 0)
        self._grid.setHorizontalSpacing(12)
        self._grid.setVerticalSpacing(0)
        self._grid.setColumnStretch(1, 1)
        self.rows: tuple[tuple[str, str], ...] = ()

    def set_rows(self, rows: tuple[tuple[str, str], ...]) -> None:
        """Show these; nothing is touched when they are the same."""
        if rows == self.rows:
            return
        self.rows = rows
        clear(self._grid)
        for place, (name, value) in enumerate(rows):
            left = label(name, tone="dim")
            left.setContentsMargins(0, 6, 0, 6)
            left.setAlignment(Qt.AlignmentFlag.AlignTop)
            right = label(value, wrap=True)
            right.setContentsMargins(0, 6, 0, 6)
            right.setAlignment(Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignTop)
            right.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse)
            right.setAccessibleName(f"{name}: {value}")
            self._grid.addWidget(left, 2 * place, 0)
            self._grid.addWidget(right, 2 * place, 1)
            self._grid.addWidget(hairline(), 2 * place + 1, 0, 1, 2)


class RefRow(QPushButton):
    """A block in one line: icon, title, caption; a click selects it."""

    chosen = Signal(object)

    def __init__(self, state: State, named: Named) -> None:
        super().__init__()
        self.named = named
        self.setProperty("look", "quiet")
        self.setStyleSheet("text-align: left; padding-left: 4px;")
        self.setFont(ui_font(13))
        self.setAutoDefault(False)
        self.setIconSize(QSize(15, 15))
        self.setMinimumWidth(40)
        self.setAccessibleName(f"{named.title}, {named.caption}")
        self.setToolTip(f"{named.title}, {named.caption}")
        self.clicked.connect(lambda *_: self.chosen.emit(named.ref))
        self._tint(state.theme)
        state.theme_changed.connect(self._tint)

    def minimumSizeHint(self) -> QSize:
        return QSize(40, super().minimumSizeHint().height())

    def sizeHint(self) -> QSize:
        return QSize(120, super().sizeHint().height())

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        words = f"{self.named.title}, {self.named.caption[:1].lower()}{self.named.caption[1:]}"
        room = self.width() - 36
        self.setText(elided(self.fontMetrics(), words, room).replace("&", "&&"))

    def _tint(self, theme: Theme) -> None:
        kind = self.named.ref.kind
        self.setIcon(icon(KIND_ICONS[kind], theme.kind(kind), 15))


class RefList(QWidget):
    """Blocks under each other; a click selects one."""

    def __init__(self, env: Env) -> None:
        super().__init__()
        self._env = env
        self._column = QVBoxLayout(self)
        self._column.setContentsMargins(0, 0, 0, 0)
        self._column.setSpacing(0)
        self.named: tuple[Named, ...] = ()

    def set_named(self, named: tuple[Named, ...], more: int = 0) -> None:
        """Show these, and how many more there are."""
        if named == self.named:
            return
        self.named = named
        clear(self._column)
        for entry in named:
            made = RefRow(self._env.state, entry)
            made.chosen.connect(lambda ref: self._env.state.select((ref,)))
            self._column.addWidget(made)
        if more > 0:
            self._column.addWidget(label(f"and {more:,} more", tone="dim"))
