"""One item before and after: two pictures beside each other or laid over, and its objects in a table."""

from PySide6.QtWidgets import QHBoxLayout, QVBoxLayout, QWidget

from clew.gui.compare.table import FlatTable
from clew.gui.diff.load import LoadedItem, LoadedSide
from clew.gui.diff.picture import PictureView
from clew.gui.diff.words import item_marks, object_table, overlay_marks, row_words, side_name
from clew.gui.state import State
from clew.gui.theme import Theme
from clew.gui.widgets.basic import Elided, label, row
from clew.model.changes import FileChange


class ItemView(QWidget):
    """What one row of the list looks like on both sides."""

    def __init__(self, state: State) -> None:
        super().__init__()
        self.overlay = False
        self.item: LoadedItem | None = None
        self._labels = ("before", "after")
        self.old, self.new = PictureView(state.theme, "Before"), PictureView(state.theme, "After")
        self._old_head, self._new_head = Elided(weight=600), Elided(weight=600)
        self._old_size, self._new_size = label(tone="dim"), label(tone="dim")
        self._old_side = _under(self._old_head, self._old_size, self.old)
        self._new_side = _under(self._new_head, self._new_size, self.new)
        self.objects = FlatTable(state.theme, "Objects", pickable=True)
        self._keys: list[int] = []
        self.words = label("", tone="dim", wrap=True)
        pictures = QHBoxLayout()
        pictures.setSpacing(14)
        pictures.addWidget(self._old_side, 1)
        pictures.addWidget(self._new_side, 1)
        whole = QVBoxLayout(self)
        whole.setContentsMargins(0, 0, 0, 0)
        whole.setSpacing(12)
        whole.addLayout(pictures)
        whole.addWidget(self.words)
        whole.addWidget(self.objects)
        self.objects.row_changed.connect(self._choose_row)
        for view in (self.old, self.new):
            view.picked.connect(self._choose_key)
        state.theme_changed.connect(self._take_theme)

    def set_sides(self, old: str, new: str) -> None:
        """Name the two sides: "version 2", "working folder"."""
        self._labels = (old, new)

    def set_overlay(self, on: bool) -> None:
        """Lay the old boxes over the new picture, or show both pictures."""
        self.overlay = on
        self._draw()

    def show_item(self, item: LoadedItem) -> None:
        """Show one changed item."""
        self.item = item
        self._draw()

    def show_sentence(self, sentence: str) -> None:
        """Say why an item cannot be shown."""
        self.item = None
        for view in (self.old, self.new):
            view.set_picture(None, (), sentence)
        self.objects.hide()
        self.words.hide()

    def _draw(self) -> None:
        item = self.item
        if item is None:
            return
        is_file = isinstance(item.row, FileChange)
        self.words.setText(f"{item.row.path}: {row_words(item.row)}.")
        self.words.setVisible(is_file or not item.change.pairs)
        self._old_side.setVisible(not self.overlay and not is_file)
        self._new_side.setVisible(not is_file)
        columns, rows, self._keys = object_table(item.change, *self._labels)
        self.objects.set_table(columns, rows)
        self.objects.setVisible(bool(rows) and not is_file)
        if is_file:
            return
        if self.overlay:
            shown = item.new or item.old
            self._side(self._new_head, self._new_size, self.new, shown, " over ".join(reversed(self._labels)))
            self.new.set_picture(shown.image if shown else None, overlay_marks(item), "There is no picture.")
            return
        old, new = item_marks(item)
        self._side(self._old_head, self._old_size, self.old, item.old, self._labels[0])
        self._side(self._new_head, self._new_size, self.new, item.new, self._labels[1])
        self.old.set_picture(item.old.image if item.old else None, old, f"Not in {self._labels[0]}")
        self.new.set_picture(item.new.image if item.new else None, new, f"Not in {self._labels[1]}")
        for one, other in ((self.old, self.new), (self.new, self.old)):
            if one.image is None and one.shape != other.shape:
                one.shape = other.shape
                one.updateGeometry()

    def _side(
        self, head: Elided, size: QWidget, view: PictureView, side: LoadedSide | None, name: str
    ) -> None:
        head.setText(side_name(name))
        view.setAccessibleName(side_name(name))
        known = side is not None and not side.image.isNull()
        size.setText(f"{side.image.width()} × {side.image.height()}" if known and side else "")  # type: ignore[attr-defined]

    def _choose_row(self, index: int) -> None:
        key = self._keys[index] if index < len(self._keys) else -1
        for view in (self.old, self.new):
            view.choose(key)

    def _choose_key(self, key: int) -> None:
        for view in (self.old, self.new):
            view.choose(key)
        if key in self._keys:
            self.objects.selectRow(self._keys.index(key))

    def _take_theme(self, theme: Theme) -> None:
        for widget in (self.old, self.new, self.objects):
            widget.set_theme(theme)


def _under(head: Elided, size: QWidget, picture: PictureView) -> QWidget:
    side = QWidget()
    layout = QVBoxLayout(side)
    layout.setContentsMargins(0, 0, 0, 0)
    layout.setSpacing(6)
    layout.addLayout(row(head, size, None))
    layout.addWidget(picture)
    return side
