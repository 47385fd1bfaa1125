"""F6: the keyboard goes from part to part of the window: side bar, page, inspector, and back."""

from typing import Any

import shiboken6
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QApplication, QScrollArea, QWidget

_WHY = Qt.FocusReason.TabFocusReason


def panes_of(side: QWidget, page: Any) -> list[QWidget]:
    """The parts that can be seen, from left to right."""
    own = page.panes() if hasattr(page, "panes") else (page,)
    return [pane for pane in (side, *own) if pane is not None and pane.isVisible()]


def step(panes: list[QWidget], kept: dict[QWidget, QWidget], way: int) -> None:
    """Give the keyboard to the next part (`way` 1) or the one before (-1).

    Args:
        panes: the parts.
        kept: where the keyboard was in each part when it left; read and written.
        way: 1 or -1.
    """
    now = QApplication.focusWidget()
    at = next((i for i, pane in enumerate(panes) if now is not None and _within(pane, now)), None)
    if at is not None and now is not None:
        kept[panes[at]] = now
    order = range(1, len(panes) + 1)
    for distance in order:
        place = ((-1 if way > 0 else 0) if at is None else at) + way * distance
        pane = panes[place % len(panes)]
        target = _kept(pane, kept.get(pane)) or first_in(pane)
        if target is not None:
            target.setFocus(_WHY)
            return


def _within(pane: QWidget, widget: QWidget) -> bool:
    return pane is widget or pane.isAncestorOf(widget)


def _kept(pane: QWidget, widget: QWidget | None) -> QWidget | None:
    if widget is None or not shiboken6.isValid(widget) or not _within(pane, widget):
        return None
    return widget if _takes(widget) else None


def first_in(pane: QWidget) -> QWidget | None:
    """The first thing in a part that takes the keyboard, in the order of Tab."""
    if _takes(pane):
        return pane
    takers = [w for w in pane.findChildren(QWidget) if _takes(w)]
    # An area that only scrolls takes the keyboard when there is nothing else to take it.
    inside = [w for w in takers if not isinstance(w, QScrollArea)] or takers
    if not inside:
        return None
    walked: QWidget | None = pane.nextInFocusChain()
    while walked is not None and walked is not pane:
        if walked in inside:
            return walked
        walked = walked.nextInFocusChain()
    return inside[0]


def _takes(widget: QWidget) -> bool:
    wants = bool(widget.focusPolicy() & Qt.FocusPolicy.TabFocus)
    return wants and widget.isVisible() and widget.isEnabled() and widget.focusProxy() is None
