"""Fields made from a table: the app dialog, renaming and describing all ask with these."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

from PySide6.QtWidgets import (
    QCheckBox,
    QFileDialog,
    QHBoxLayout,
    QLineEdit,
    QPlainTextEdit,
    QPushButton,
    QVBoxLayout,
    QWidget,
)

from clew.gui.context import Context
from clew.gui.dialogs.dialog import Dialog
from clew.gui.fonts import ui_font
from clew.gui.widgets.basic import button, label, restyle
from clew.gui.widgets.dropdown import Dropdown
from clew.model.entities import Parameter


@dataclass(frozen=True)
class Field:
    """One question: `type` is "text", "long", "int", "float", "bool", "choice", "file" or "folder"."""

    name: str
    label: str
    type: str = "text"
    value: Any = None
    help: str = ""
    minimum: float | None = None
    maximum: float | None = None
    choices: tuple[str, ...] = ()
    required: bool = False


def field_of(parameter: Parameter, value: Any = None) -> Field:
    """The field of an app's parameter, filled with `value` or its default."""
    return Field(
        parameter.name,
        parameter.label or parameter.name.replace("_", " ").capitalize(),
        parameter.type,
        parameter.default if value is None else value,
        parameter.help,
        parameter.minimum,
        parameter.maximum,
        parameter.choices,
        parameter.required,
    )


class FieldRow(QWidget):
    """Label, input, help and what is wrong with the value. `value()` raises ValueError with a sentence."""

    def __init__(self, field: Field, changed: Callable[[], object] = lambda: None) -> None:
        super().__init__()
        self.field = field
        self._input: QWidget
        self._read: Callable[[], Any]
        self._wrong = label("", 11, tone="bad", wrap=True)
        self._wrong.hide()
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 4)
        layout.setSpacing(4)
        _MAKERS.get(field.type, _MAKERS["text"])(self, changed)
        self._input.setAccessibleName(field.label)
        self._input.setAccessibleDescription(field.help)
        if field.type != "bool":
            name = label(field.label, 12, 500, "dim")
            name.setBuddy(self._input)
            layout.addWidget(name)
        self._line = QHBoxLayout()
        self._line.addWidget(self._input, 1)
        if field.type in ("file", "folder"):
            self.add_button(button("Choose", self._choose, name=f"Choose {field.label}"))
        layout.addLayout(self._line)
        if field.help:
            layout.addWidget(label(field.help, 11, tone="dim", wrap=True))
        layout.addWidget(self._wrong)

    def add_button(self, made: QPushButton) -> None:
        """Put a button beside the input, on one line with it whatever stands below."""
        self._line.addWidget(made)

    @property
    def input(self) -> QWidget:
        return self._input

    @property
    def line(self) -> QLineEdit:
        """The input of a field that is one line of text."""
        assert isinstance(self._input, QLineEdit)
        return self._input

    def value(self) -> Any:
        """What was entered, as the type of the field.

        Raises:
            ValueError: the value is not allowed; the sentence says why.
        """
        return self._read()

    def check(self) -> bool:
        """Whether the value is allowed; shows what is wrong with it otherwise."""
        try:
            self.value()
        except ValueError as error:
            sentence = str(error)
        else:
            sentence = ""
        self._wrong.setText(sentence)
        self._wrong.setVisible(bool(sentence))
        restyle(self._input, wrong=bool(sentence))
        return not sentence

    def make_line(self, changed: Callable[[], object]) -> None:
        edit = QLineEdit("" if self.field.value is None else str(self.field.value))
        edit.setFont(ui_font(13))
        edit.textChanged.connect(lambda _text: changed())
        self._input, self._read = edit, lambda: self._text(edit.text())

    def make_long(self, changed: Callable[[], object]) -> None:
        edit = QPlainTextEdit(self.field.value or "")
        edit.setFixedHeight(84)
        edit.setTabChangesFocus(True)
        edit.textChanged.connect(changed)
        self._input, self._read = edit, lambda: self._text(edit.toPlainText())

    def make_number(self, changed: Callable[[], object]) -> None:
        self.make_line(changed)
        edit = self._input
        assert isinstance(edit, QLineEdit)
        self._read = lambda: self._number(edit.text())

    def make_tick(self, changed: Callable[[], object]) -> None:
        tick = QCheckBox(self.field.label)
        tick.setChecked(bool(self.field.value))
        tick.toggled.connect(lambda _on: changed())
        self._input, self._read = tick, tick.isChecked

    def make_choice(self, changed: Callable[[], object]) -> None:
        box = Dropdown()
        box.addItems(list(self.field.choices))
        box.setCurrentText(str(self.field.value))
        box.currentTextChanged.connect(lambda _text: changed())
        self._input, self._read = box, box.currentText

    def _text(self, text: str) -> str:
        text = text.strip()
        if self.field.required and not text:
            raise ValueError(f"{self.field.label} is needed.")
        return text

    def _number(self, text: str) -> int | float | None:
        text = text.strip().replace(",", "")
        if not text:
            if self.field.required or self.field.value is not None:
                raise ValueError(f"{self.field.label} needs a number.")
            return None
        whole = self.field.type == "int"
        try:
            number: int | float = int(text) if whole else float(text)
        except ValueError:
            raise ValueError(f"{self.field.label} needs a {'whole ' if whole else ''}number.") from None
        low, high = self.field.minimum, self.field.maximum
        if low is not None and number < low:
            raise ValueError(f"{self.field.label} is at least {low:g}.")
        if high is not None and number > high:
            raise ValueError(f"{self.field.label} is at most {high:g}.")
        return number

    def _choose(self) -> None:
        edit = self._input
        assert isinstance(edit, QLineEdit)
        folder = self.field.type == "folder"
        picker = QFileDialog(self.window(), f"Choose {self.field.label}", edit.text())
        picker.setFileMode(QFileDialog.FileMode.Directory if folder else QFileDialog.FileMode.ExistingFile)
        picker.fileSelected.connect(edit.setText)
        picker.open()


_MAKERS: dict[str, Callable[[FieldRow, Callable[[], object]], None]] = {
    "text": FieldRow.make_line,
    "file": FieldRow.make_line,
    "folder": FieldRow.make_line,
    "long": FieldRow.make_long,
    "int": FieldRow.make_number,
    "float": FieldRow.make_number,
    "bool": FieldRow.make_tick,
    "choice": FieldRow.make_choice,
}


class FieldsDialog(Dialog):
    """A few fields and one action: rename, describe, edit a title."""

    def __init__(
        self,
        context: Context,
        title: str,
        fields: Sequence[Field],
        apply: Callable[[dict[str, Any]], Any],
        *,
        action: str = "Save",
        said: Callable[[Any], str] | str = "",
    ) -> None:
        super().__init__(context.parent, context.ops, context.state, title, action)
        self._apply, self._said, self._doing = apply, said, title
        self.rows = [FieldRow(field, self._check) for field in fields]
        for row in self.rows:
            self.body.addWidget(row)
        self.rows[0].input.setFocus()

    def accept(self) -> None:
        checks = [row.check() for row in self.rows]  # every row shows what is wrong with it
        if all(checks):
            values = {row.field.name: row.value() for row in self.rows}
            self.work(self._doing, lambda _progress: self._apply(values), said=self._said)

    def _check(self) -> None:
        if self.problem.isVisible():
            self.show_problem("")
