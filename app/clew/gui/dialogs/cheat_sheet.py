"""All keys and gestures on one sheet, made from the table that the shortcuts themselves are made from."""

from PySide6.QtCore import Qt
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QHBoxLayout, QVBoxLayout, QWidget

from clew.gui.keys import Keys, grouped
from clew.gui.state import State
from clew.gui.widgets.basic import button, chip, label, scrolled, section
from clew.gui.widgets.front import FrontDialog
from clew.gui.widgets.search import SearchField

_COLUMNS = 2
_HIGH = 21  # pixels of a line, with keys or without


class CheatSheet(FrontDialog):
    """Opened by "?"; narrows while one types; Esc closes it."""

    def __init__(self, parent: QWidget, state: State) -> None:
        super().__init__(parent)
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        self.setWindowModality(Qt.WindowModality.WindowModal)
        self.setWindowTitle("Keyboard shortcuts")
        self.field = SearchField(state, "Find a key or what it does", 260)
        self.field.setProperty("look", "")
        self.rows: list[tuple[Keys, QWidget]] = []
        self._groups: list[tuple[QWidget, list[Keys]]] = []
        self.nothing = label("No key does that.", tone="dim")
        self.nothing.hide()
        top = QHBoxLayout()
        top.addWidget(label("Keyboard shortcuts", 16, 600))
        top.addStretch(1)
        top.addWidget(self.field)
        inside = QWidget()
        columns = QHBoxLayout(inside)
        columns.setContentsMargins(0, 4, 12, 8)
        columns.setSpacing(40)
        self._fill(columns)
        bottom = QHBoxLayout()
        bottom.addWidget(self.nothing)
        bottom.addStretch(1)
        bottom.addWidget(button("Close", self.accept))
        layout = QVBoxLayout(self)
        layout.setContentsMargins(22, 20, 10, 18)
        layout.setSpacing(12)
        layout.addLayout(top)
        area = scrolled(inside, "Keys and gestures")
        area.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        layout.addWidget(area, 1)
        layout.addLayout(bottom)
        self.area = area
        self.resize(min(940, parent.width() - 40), min(690, parent.height() - 40))
        self.field.textChanged.connect(self._narrow)
        self.field.setFocus()

    def _fill(self, columns: QHBoxLayout) -> None:
        """The groups in columns of about the same length, kept in their order."""
        groups = grouped()
        total = sum(len(rows) + 2 for rows in groups.values())
        made = [QVBoxLayout() for _ in range(_COLUMNS)]
        for column in made:
            column.setSpacing(16)
            columns.addLayout(column, 1)
        used = 0
        for title, rows in groups.items():
            made[min(_COLUMNS - 1, round(used / total * _COLUMNS - 0.05))].addWidget(self._group(title, rows))
            used += len(rows) + 2
        for column in made:
            column.addStretch(1)

    def _group(self, title: str, rows: list[Keys]) -> QWidget:
        group = QWidget()
        layout = QVBoxLayout(group)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(5)
        layout.addWidget(section(title))
        for row in rows:
            line = self._line(row)
            self.rows.append((row, line))
            layout.addWidget(line)
        self._groups.append((group, rows))
        return group

    def _line(self, row: Keys) -> QWidget:
        line = QWidget()
        line.setAccessibleName(f"{row.words}: {', '.join(row.shown)}")
        line.setMinimumHeight(_HIGH)
        layout = QHBoxLayout(line)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(5)
        layout.addWidget(label(row.words, 12.5))
        layout.addStretch(1)
        keys = dict.fromkeys(row.shown[: len(row.keys)])
        for text in keys:
            layout.addWidget(chip(text))
        if row.hand:
            layout.addWidget(label(row.hand, 11.5, tone="dim"))
        return line

    def _narrow(self, text: str) -> None:
        words = text.casefold().split()
        shown = set()
        for row, line in self.rows:
            said = f"{row.words} {' '.join(row.shown)} {row.group}".casefold()
            fits = all(word in said for word in words)
            line.setVisible(fits)
            if fits:
                shown.add(row.name)
        for group, rows in self._groups:
            group.setVisible(any(row.name in shown for row in rows))
        self.nothing.setVisible(not shown)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() in (Qt.Key.Key_Down, Qt.Key.Key_Up, Qt.Key.Key_PageDown, Qt.Key.Key_PageUp):
            bar = self.area.verticalScrollBar()
            step = bar.pageStep() if event.key() in (Qt.Key.Key_PageDown, Qt.Key.Key_PageUp) else 40
            bar.setValue(
                bar.value() + (step if event.key() in (Qt.Key.Key_Down, Qt.Key.Key_PageDown) else -step)
            )
        else:
            super().keyPressEvent(event)
