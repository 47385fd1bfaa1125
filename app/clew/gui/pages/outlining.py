"""The outline of the graph's page: shown and hidden, as wide as it was, and one with the canvas."""

from collections.abc import Sequence
from dataclasses import replace
from typing import Any

from PySide6.QtCore import QObject, QPoint, Qt, QTimer
from PySide6.QtWidgets import QSplitter, QWidget

from clew.gui.actions import actions_for, menu_for, open_entity
from clew.gui.keys import tip
from clew.gui.outline.pane import OutlinePane
from clew.gui.outline.tree import Line
from clew.gui.settings import load_settings, save_settings
from clew.gui.widgets.basic import IconButton
from clew.model.refs import BlockKind, BlockRef
from clew.model.view import Block, GraphView

_LEAST = 170


class Outlining(QObject):
    """Puts the outline at the left of the canvas of a page and carries choices between the two."""

    def __init__(self, page: Any, canvas_side: QWidget) -> None:
        super().__init__(page)
        self.page = page
        settings = load_settings()
        self.pane = OutlinePane(page.state)
        self.pane.setMinimumWidth(_LEAST)
        self.button = IconButton(page.state, "list-tree", "Outline", self.toggle)
        self.button.setToolTip(tip("Show or hide the outline", "outline"))
        self.splitter = QSplitter(Qt.Orientation.Horizontal)
        self.splitter.setAccessibleName("Outline and canvas")
        self.splitter.setHandleWidth(1)
        self.splitter.setChildrenCollapsible(False)
        self.splitter.addWidget(self.pane)
        self.splitter.addWidget(canvas_side)
        self.splitter.setStretchFactor(1, 1)
        self.splitter.setSizes([settings.outline_width, 1000])
        self._keep_width = QTimer(self)
        self._keep_width.setSingleShot(True)
        self._keep_width.setInterval(600)
        self._keep_width.timeout.connect(self._save_width)
        self.splitter.splitterMoved.connect(lambda *_: self._keep_width.start())
        self.pane.setVisible(settings.outline_shown)
        self.pane.chosen.connect(self._bring)
        self.pane.tree.opened.connect(self._open)
        self.pane.tree.menu_wanted.connect(self._menu)
        page.state.selection_changed.connect(self.pane.follow)

    def toggle(self) -> None:
        """Show the outline and go into it, or hide it."""
        shown = self.pane.isHidden()
        self.pane.setVisible(shown)
        (self.pane if shown else self.page.canvas).setFocus(Qt.FocusReason.ShortcutFocusReason)
        save_settings(replace(load_settings(), outline_shown=shown))

    def show_view(self, view: GraphView) -> None:
        self.pane.show_view(view)

    def update_blocks(self, blocks: Sequence[Block]) -> None:
        self.pane.update_blocks(blocks)

    def _bring(self, refs: tuple[BlockRef, ...]) -> None:
        self.page.sieve.reveal(list(refs))
        self.page.canvas.bring(refs)

    def _save_width(self) -> None:
        """Keep the width that a hand gave, not one that a narrow window left."""
        if not self.pane.isHidden():
            save_settings(replace(load_settings(), outline_width=max(self.splitter.sizes()[0], _LEAST)))

    def _open(self, line: Line) -> None:
        ref: BlockRef = line.ref  # type: ignore[assignment]  # headings do not open
        if ref.kind.drawn:
            self._bring((ref,))
        else:
            open_entity(self.page.context, ref)

    def _menu(self, line: Line, at: QPoint) -> None:
        """The menu that the block has on the canvas."""
        page, ref = self.page, line.ref
        if ref is None:
            return
        if ref.kind is BlockKind.PROJECT:
            menu_for(page, actions_for(ref, page._block(ref)), page.context).popup(at)
        elif ref.kind is BlockKind.FRAME and ref not in page.canvas.scene.row:
            self._bring((ref,))
            page.editing.menus.frame_menu(ref.id, at)
        else:
            if ref not in page.canvas.selection():
                self._bring((ref,))
            page.editing.menus.block_menu(ref, at)
