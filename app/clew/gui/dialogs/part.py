"""Which part of a version is meant: everything, a dataset, the pictures of one class, or one file."""

from collections.abc import Callable
from dataclasses import dataclass

from PySide6.QtCore import QStringListModel, Qt
from PySide6.QtWidgets import QCompleter, QHBoxLayout, QLineEdit, QVBoxLayout, QWidget

from clew.gui.context import Context
from clew.gui.fonts import ui_font
from clew.gui.inspector.ask import Ask
from clew.gui.widgets.basic import label
from clew.gui.widgets.dropdown import Dropdown
from clew.gui.words import readable
from clew.services.parts import Parts, find_files, parts_of


@dataclass(frozen=True)
class Part:
    """What was chosen; nothing in both means everything."""

    only: tuple[str, ...] = ()
    classes: tuple[str, ...] = ()

    @property
    def words(self) -> str:
        """For the end of a sentence: "", " (train)", " (pictures with silver)"."""
        named = ", ".join(map(readable, self.only)) or f"pictures with {', '.join(self.classes)}"
        return f" ({named})" if self.only or self.classes else ""


class PartField(QWidget):
    """`changed` is called for each new choice; `part()` is None while the choice is not finished."""

    def __init__(self, context: Context, version_id: int, changed: Callable[[], object]) -> None:
        super().__init__()
        self._ws, self._version_id, self._changed = context.ws, version_id, changed
        self.kind = Dropdown()
        self.kind.setAccessibleName("Which part")
        self.kind.setSizeAdjustPolicy(Dropdown.SizeAdjustPolicy.AdjustToContents)
        self.which = Dropdown()
        self.which.setAccessibleName("Dataset or class")
        self.which.setSizeAdjustPolicy(Dropdown.SizeAdjustPolicy.AdjustToMinimumContentsLengthWithIcon)
        self.which.view().setTextElideMode(Qt.TextElideMode.ElideMiddle)
        self.file = QLineEdit()
        self.file.setFont(ui_font(13))
        self.file.setAccessibleName("Path of the file")
        self.file.setPlaceholderText("A part of its name")
        self._names = QStringListModel(self)
        completer = QCompleter(self._names, self)
        completer.setCompletionMode(QCompleter.CompletionMode.UnfilteredPopupCompletion)
        completer.setMaxVisibleItems(10)
        self.file.setCompleter(completer)
        self._parts = Parts((), ())
        self._real: dict[str, str] = {}  # files as they are shown, and as they are
        self._ask_files = Ask(self, context.ops)
        name = label("What", 12, 500, "dim")
        name.setBuddy(self.kind)
        line = QHBoxLayout()
        line.setSpacing(8)
        line.addWidget(self.kind)
        line.addWidget(self.which, 1)
        line.addWidget(self.file, 1)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 4)
        layout.setSpacing(4)
        layout.addWidget(name)
        layout.addLayout(line)
        self._offer(Parts((), ()))
        self.kind.activated.connect(lambda _index: self._switch())
        self.which.activated.connect(lambda _index: self._changed())
        self.file.textEdited.connect(self._look)
        self.file.editingFinished.connect(self._changed)
        completer.activated.connect(lambda _text: self._changed())
        Ask(self, context.ops)(lambda: parts_of(self._ws, version_id), self._offer, lambda _error: None)

    def part(self) -> Part | None:
        """What is chosen now."""
        kind = self.kind.currentData()
        if kind == "file":
            text = self.file.text().strip().strip("/")
            path = self._real.get(text, text)
            return Part(only=(path,)) if path else None
        names, place = self._choices(), self.which.currentIndex()
        if not 0 <= place < len(names):
            return Part()
        chosen = names[place]
        return Part(only=(chosen,)) if kind == "dataset" else Part(classes=(chosen,))

    def _offer(self, parts: Parts) -> None:
        self._parts = parts
        chosen = self.kind.currentData() or "all"
        self.kind.clear()
        for words, kind, there in (
            ("Everything", "all", True),
            ("One dataset", "dataset", bool(parts.datasets)),
            ("Pictures of one class", "class", bool(parts.classes)),
            ("One file", "file", True),
        ):
            if there:
                self.kind.addItem(words, kind)
        self.kind.setCurrentIndex(max(0, self.kind.findData(chosen)))
        self._fill()

    def _choices(self) -> tuple[str, ...]:
        """The names behind the second box; on screen a name that is no text looks different."""
        kinds = {"dataset": self._parts.datasets, "class": self._parts.classes}
        return kinds.get(self.kind.currentData(), ())

    def _fill(self) -> None:
        kind = self.kind.currentData()
        self.which.clear()
        self.which.addItems([readable(name) for name in self._choices()])
        self.which.setVisible(kind in ("dataset", "class"))
        self.file.setVisible(kind == "file")

    def _switch(self) -> None:
        self._fill()
        if self.file.isVisible():
            self.file.setFocus()
        self._changed()

    def _look(self, text: str) -> None:
        """Offer files while the person types."""
        wanted = text.strip()

        def show(names: tuple[str, ...]) -> None:
            self._real = {readable(name): name for name in names}
            self._names.setStringList(list(self._real))
            if self.file.hasFocus() and names != (wanted,):
                self.file.completer().complete()

        if wanted:
            self._ask_files(lambda: find_files(self._ws, self._version_id, wanted), show)
        self._changed()
