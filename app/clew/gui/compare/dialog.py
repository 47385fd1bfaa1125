"""The comparison in a window of its own, opened from the graph."""

from typing import Any

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QVBoxLayout, QWidget

from clew.gui.compare.page import ComparePage
from clew.gui.ops import Ops
from clew.gui.state import State
from clew.gui.widgets.basic import button, row
from clew.gui.widgets.front import FrontDialog
from clew.model.entities import Changes


class CompareDialog(FrontDialog):
    """The same page as route "compare": add and remove reports, choose the baseline, export."""

    def __init__(
        self,
        ws: Any,
        ops: Ops,
        state: State,
        ids: tuple[int, ...],
        *,
        baseline: int = 0,
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(parent)
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        self.setWindowTitle("Compare reports")
        self._state = state
        self.page = ComparePage(ws, ops, state, follow=False)
        self.page.view.open_wanted.connect(lambda _index: self.close())
        self.page.view.picture_wanted.connect(lambda _index, _path: self.close())
        whole = QVBoxLayout(self)
        whole.setContentsMargins(0, 0, 0, 0)
        whole.setSpacing(0)
        whole.addWidget(self.page, 1)
        whole.addLayout(
            row(
                button("Open as page", self._open_page, "quiet"),
                None,
                button("Close", self.close),
                margins=(16, 10, 16, 12),
            )
        )
        self.resize(1120, 760)
        self.page.show_reports(ids, baseline)

    def apply(self, changes: Changes) -> None:
        """Pass news on to the page."""
        self.page.apply(changes)

    def refresh(self) -> None:
        """Read the reports again."""
        self.page.refresh()

    def _open_page(self) -> None:
        self._state.open("compare", ids=self.page.ids, baseline=self.page.baseline)
        self.close()
