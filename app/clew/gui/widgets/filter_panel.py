"""The panel under the Filter button: ticks for what the graph has; it stays open while they are set."""

from collections import Counter
from collections.abc import Callable
from dataclasses import replace
from datetime import date, timedelta
from typing import Any

from PySide6.QtCore import QDate, QPoint, Qt
from PySide6.QtWidgets import (
    QCalendarWidget,
    QCheckBox,
    QFrame,
    QHBoxLayout,
    QToolButton,
    QVBoxLayout,
    QWidget,
)

from clew.gui.fonts import ui_font
from clew.gui.icons import icon
from clew.gui.theme import Theme
from clew.gui.widgets.basic import button, column, hairline, label, row, scrolled, section
from clew.gui.widgets.dropdown import DayField, Dropdown
from clew.gui.widgets.filter import FACETS, BlockFilter, Facet, Names, value_words
from clew.model.view import GraphView

_SPANS = (("Any time", None), ("Today", 0), ("Last 7 days", 6), ("Last 30 days", 29), ("Last year", 364))
_BETWEEN = "Between two days"
_WIDEST = 220  # pixels of the words of a tick
_TALL = 300  # pixels of the ticks before they scroll


class FilterPanel(QFrame):
    """Each tick tells `changed` of the filter at once; a click beside the panel or Esc closes it.

    Attributes:
        boxes: the ticks, by field of the filter and value.
        span: which days.
    """

    def __init__(
        self,
        parent: QWidget,
        view: GraphView,
        chosen: BlockFilter,
        names: Names,
        changed: Callable[[BlockFilter], object],
        theme: Theme,
    ) -> None:
        super().__init__(parent, Qt.WindowType.Popup)
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        self.setProperty("look", "popup")
        self.setAccessibleName("Filter blocks")
        self.chosen, self._names, self._changed, self._theme = chosen, names, changed, theme
        self.boxes: dict[tuple[str, Any], QCheckBox] = {}
        self._alls: list[Callable[[], None]] = []
        halves = [self._half(view, FACETS[:2]), self._half(view, FACETS[2:])]
        ticks = QWidget()
        sides = QHBoxLayout(ticks)
        sides.setContentsMargins(14, 10, 14, 6)
        sides.setSpacing(26)
        for half in halves:
            sides.addLayout(half)
        area = scrolled(ticks, "What is shown")
        area.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        area.setFixedHeight(min(ticks.sizeHint().height(), _TALL))
        area.setMinimumWidth(ticks.sizeHint().width() + 14)
        self.everything = button("Show everything", self._everything)
        self.done = button("Done", self.close, "quiet")
        layout = QVBoxLayout(self)
        layout.setContentsMargins(1, 1, 1, 10)
        layout.setSpacing(8)
        layout.addWidget(area)
        layout.addWidget(hairline())
        layout.addLayout(self._days(view))
        layout.addLayout(row(self.everything, None, self.done, margins=(14, 0, 14, 0)))
        self._follow()

    def under(self, widget: QWidget) -> None:
        """Open below a button, the first tick in hand."""
        self.adjustSize()
        at = widget.mapToGlobal(QPoint(0, widget.height() + 4))
        screen = widget.screen().availableGeometry()
        self.move(max(screen.left(), min(at.x(), screen.right() - self.width() - 8)), at.y())
        self.show()
        next(iter(self.boxes.values()), self.everything).setFocus(Qt.FocusReason.PopupFocusReason)

    def _half(self, view: GraphView, facets: tuple[Facet, ...]) -> QVBoxLayout:
        return column(*(self._facet(view, facet) for facet in facets), None, spacing=14)

    def _facet(self, view: GraphView, facet: Facet) -> QVBoxLayout:
        """Heading, a tick for each value with the number of its blocks, and one press for all of them."""
        amounts = Counter(facet.of(block) for block in view.blocks)
        hidden = getattr(self.chosen, facet.field)
        values = {
            value: value_words(facet, value, self._names) for value in amounts | dict.fromkeys(hidden, 0)
        }
        order = list(facet.words) if facet.words else sorted(values, key=lambda v: (not v, values[v].lower()))
        lines: list[QHBoxLayout] = []
        for value in (value for value in order if value in values):
            box = self.boxes[facet.field, value] = QCheckBox()
            box.setFont(ui_font(13))
            shown = box.fontMetrics().elidedText(values[value], Qt.TextElideMode.ElideMiddle, _WIDEST)
            box.setText(shown.replace("&", "&&"))
            box.setToolTip("" if shown == values[value] else values[value])
            box.setAccessibleName(f"{facet.title}: {values[value]}")
            box.setChecked(value not in hidden)
            box.toggled.connect(lambda on, f=facet.field, v=value: self._tick(f, {v}, on=on))
            lines.append(row(box, None, label(f"{amounts[value]:,}", 11, tone="dim"), spacing=14))
        return column(self._heading(facet, set(values)), *lines, spacing=5)

    def _heading(self, facet: Facet, values: set[Any]) -> QHBoxLayout:
        def turn() -> None:
            self._tick(facet.field, values, on=bool(getattr(self.chosen, facet.field)))

        turner = button("None", turn, "link")
        turner.setFont(ui_font(11))

        def follow() -> None:
            some = bool(getattr(self.chosen, facet.field))
            turner.setText("All" if some else "None")
            turner.setAccessibleName(f"{facet.title}: {'show all' if some else 'hide all'}")

        self._alls.append(follow)
        return row(section(facet.title), None, turner)

    def _days(self, view: GraphView) -> QHBoxLayout:
        first = min((block.created_at for block in view.blocks if block.created_at), default=0)
        begin = date.fromtimestamp(first / 1e6) if first else date.today()
        self.span = Dropdown()
        self.span.setAccessibleName("Made when")
        self.span.addItems([words for words, _ in _SPANS] + [_BETWEEN])
        self.since, self.until = (
            self._day(name, day) for name, day in (("First day", begin), ("Last day", date.today()))
        )
        if self.chosen.since or self.chosen.until:
            self.span.setCurrentText(_BETWEEN)
            for field, day in ((self.since, self.chosen.since), (self.until, self.chosen.until)):
                if day is not None:
                    field.setDate(QDate(day.year, day.month, day.day))
        self._show_days()
        self.span.currentIndexChanged.connect(self._choose_days)
        for field in (self.since, self.until):
            field.dateChanged.connect(self._choose_days)
        return row(section("Made"), self.span, self.since, self.until, None, margins=(14, 2, 14, 2))

    def _day(self, name: str, day: date) -> DayField:
        field = DayField(QDate(day.year, day.month, day.day))
        field.setDisplayFormat("d MMM yyyy")
        field.setCalendarPopup(True)
        field.setAccessibleName(name)
        calendar = field.calendarWidget()
        for way, arrow in (("prev", "chevron-left"), ("next", "chevron-right")):
            turner = calendar.findChild(QToolButton, f"qt_calendar_{way}month")
            if isinstance(turner, QToolButton):
                turner.setIcon(icon(arrow, self._theme.dim, 16))
        calendar.setVerticalHeaderFormat(QCalendarWidget.VerticalHeaderFormat.NoVerticalHeader)
        for weekday in (Qt.DayOfWeek.Saturday, Qt.DayOfWeek.Sunday):  # no red: it would say that it is wrong
            calendar.setWeekdayTextFormat(weekday, calendar.weekdayTextFormat(Qt.DayOfWeek.Monday))
        return field

    def _show_days(self) -> None:
        for field in (self.since, self.until):
            field.setVisible(self.span.currentText() == _BETWEEN)

    def _choose_days(self) -> None:
        self._show_days()
        self.adjustSize()
        if self.span.currentText() == _BETWEEN:
            days: list[Any] = [field.date().toPython() for field in (self.since, self.until)]
            self._choose(replace(self.chosen, since=min(days), until=max(days)))
            return
        back = _SPANS[self.span.currentIndex()][1]
        since = date.today() - timedelta(days=back) if back is not None else None
        self._choose(replace(self.chosen, since=since, until=None))

    def _tick(self, field: str, values: set[Any], *, on: bool) -> None:
        hidden = getattr(self.chosen, field)
        self._choose(replace(self.chosen, **{field: hidden - values if on else hidden | values}))

    def _everything(self) -> None:
        self.span.blockSignals(True)
        self.span.setCurrentIndex(0)
        self.span.blockSignals(False)
        self._show_days()
        self._choose(BlockFilter())

    def _choose(self, chosen: BlockFilter) -> None:
        if chosen != self.chosen:
            self.chosen = chosen
            self._follow()
            self._changed(chosen)

    def _follow(self) -> None:
        """Ticks and buttons as the filter is."""
        for (field, value), box in self.boxes.items():
            box.blockSignals(True)
            box.setChecked(value not in getattr(self.chosen, field))
            box.blockSignals(False)
        for follow in self._alls:
            follow()
        self.everything.setEnabled(self.chosen.active)
