"""Export the graph: as a picture or as text, all of it, what is in view, or the selection."""

from collections.abc import Mapping
from pathlib import Path

from PySide6.QtCore import Qt
from PySide6.QtGui import QImage, QPixmap
from PySide6.QtWidgets import QButtonGroup, QFileDialog, QHBoxLayout, QLabel, QRadioButton

from clew.base.atomic import write_atomic
from clew.base.errors import explain_os_error
from clew.base.progress import Progress
from clew.base.words import count
from clew.gui.canvas.copying import Cut
from clew.gui.canvas.sheet import MOST_PIXELS, scale_of
from clew.gui.context import Context, show_folder
from clew.gui.dialogs.dialog import Dialog
from clew.gui.dialogs.fields import Field, FieldRow
from clew.gui.dialogs.file_names import downloads, plain_name
from clew.gui.graph_file import Wish, file_of, sketch
from clew.gui.inspector.ask import Ask
from clew.gui.theme import load_theme
from clew.gui.widgets.basic import button, label
from clew.model.view import GraphView
from clew.services.graph_files import PICTURES, format_of

FORMATS = {
    "SVG picture": "svg",
    "PDF document": "pdf",
    "PNG picture": "png",
    "Mermaid, for Markdown": "mermaid",
    "DOT, for Graphviz": "dot",
    "JSON, for programs": "json",
    "OpenLineage events": "openlineage",
}
"""Words of the formats, and their names."""

_ENDINGS = {"mermaid": ".mmd", "openlineage": ".ndjson"}
_THEMES = {"As shown": "", "Light": "light", "Dark": "dark"}
_SCALES = {"1x": 1.0, "2x": 2.0, "3x": 3.0}
_WORDS = {"all": "Everything", "seen": "What is in view", "selection": "Selection"}
_ROOM = (476.0, 190.0)  # of the sketch, pixels


class ExportDialog(Dialog):
    """Writes what the canvas showed when the dialog was opened, whatever happens on it meanwhile.

    Args:
        view: what the canvas was given.
        parts: what can be chosen: `all`, `seen`, `selection`.
        what: the one that is chosen first.
    """

    writes = False  # nothing in the workspace that is open

    def __init__(self, context: Context, view: GraphView, parts: Mapping[str, Cut], what: str) -> None:
        super().__init__(context.parent, context.ops, context.state, "Export graph", "Export", width=520)
        self._context, self._view, self._parts = context, view, parts
        self._replaced: Path | None = None  # the person knows that it is there
        asked = (
            Field("format", "Format", "choice", "SVG picture", choices=tuple(FORMATS)),
            Field("theme", "Colours", "choice", "As shown", choices=tuple(_THEMES)),
            Field("scale", "Size", "choice", "2x", choices=tuple(_SCALES)),
        )
        self.fields = {field.name: FieldRow(field, self._changed) for field in asked}
        self.clear = FieldRow(Field("clear", "Transparent background", "bool", False), self._changed)
        self.ways: dict[str, QRadioButton] = {}
        self._group = QButtonGroup(self)
        self.where = FieldRow(Field("where", "Where", required=True), self._named)
        self.sketch = QLabel()
        self.sketch.setProperty("look", "sketch")
        self.sketch.setAccessibleName("Preview")
        self.sketch.setFixedHeight(round(_ROOM[1]) + 16)
        self.sketch.setAlignment(Qt.AlignmentFlag.AlignCenter)
        self.note = label("", 11, tone="dim", wrap=True)
        self._ask = Ask(self, self.ops)
        self._fill(what if parts[what].refs else "all")
        self.where.line.setText(str(downloads() / f"{plain_name(view.title)}.svg"))
        self._changed()

    def _fill(self, what: str) -> None:
        ways = QHBoxLayout()
        ways.setSpacing(18)
        for name, words in _WORDS.items():
            blocks = len(self._parts[name].refs)
            way = QRadioButton(f"{words} ({blocks:,})" if blocks else words)
            way.setAccessibleName(f"{words}, {count(blocks, 'block')}")
            way.setEnabled(blocks > 0)
            way.setChecked(name == what)
            self.ways[name] = way
            self._group.addButton(way)
            ways.addWidget(way)
        ways.addStretch(1)
        self._group.buttonToggled.connect(lambda _way, on: self._changed() if on else None)
        line = QHBoxLayout()
        line.setSpacing(12)
        for name, stretch in (("format", 3), ("theme", 2), ("scale", 1)):
            line.addWidget(self.fields[name], stretch)
        self.where.add_button(button("Choose", self._choose, name="Choose where"))
        self.body.addLayout(ways)
        self.body.addLayout(line)
        self.body.addWidget(self.clear)
        self.body.addWidget(self.sketch)
        self.body.addWidget(self.note)
        self.body.addWidget(self.where)

    def accept(self) -> None:
        target = self._target()
        if target is None:
            return
        if target.exists() and target != self._replaced:
            self._replaced = target
            self.show_problem(f"{target.name} is there already. Press Replace to write over it.")
            self.primary.setText("Replace")
            return
        ws, view, cut, wish = self._context.ws, self._view, self._cut(), self._wish()

        def work(progress: Progress) -> None:
            body = file_of(ws, view, cut, wish, progress)
            progress.check()
            try:
                write_atomic(target, body)
            except OSError as error:
                raise explain_os_error(error, f"writing {target.name}") from error

        context = self._context

        def done(_result: None) -> None:
            folder = target.parent
            context.state.offer(
                f"Saved {target.name}", "Show in folder", lambda: show_folder(context, folder)
            )

        self.work(f"Exporting {target.name}", work, done, reads=True)

    def _target(self) -> Path | None:
        """The file, when it can be one; else what is wrong is shown."""
        if not self.where.check():
            return None
        target = Path(self.where.value()).expanduser()
        if not target.is_absolute():
            self.show_problem("Give the whole path, so that it is clear where the file goes.")
            return None
        if target.is_dir():
            self.show_problem(f"{target.name} is a folder. Give the file a name.")
            return None
        return target if target.suffix else target.with_name(target.name + self._ending())

    def _wish(self) -> Wish:
        chosen = {name: field.value() for name, field in self.fields.items()}
        theme = _THEMES[chosen["theme"]]
        return Wish(
            FORMATS[chosen["format"]],
            load_theme(theme) if theme else self.state.theme,
            _SCALES[chosen["scale"]],
            not self.clear.value(),
        )

    def _cut(self) -> Cut:
        return next(self._parts[name] for name, way in self.ways.items() if way.isChecked())

    def _ending(self) -> str:
        form = self._wish().form
        return _ENDINGS.get(form, f".{form}")

    def _changed(self) -> None:
        """Another choice: show what belongs to it, a sketch of it, and the ending that it has."""
        wish, cut = self._wish(), self._cut()
        drawn = wish.form in PICTURES
        for field, there in (
            (self.fields["theme"], drawn),
            (self.clear, drawn),
            (self.fields["scale"], wish.form == "png"),
        ):
            field.setVisible(there)
        self.sketch.setVisible(drawn)
        path = Path(self.where.line.text())
        if format_of(path) not in (None, wish.form):
            self.where.line.setText(str(path.with_suffix(self._ending())))
        self._say(wish, cut)
        if drawn:
            self._ask(lambda: sketch(self._context.ws, cut, wish, _ROOM), self._show)
        else:
            self._ask.forget()

    def _say(self, wish: Wish, cut: Cut) -> None:
        """A sentence on what will be in the file, where the choice alone does not tell."""
        words = _SAYS.get(wish.form, "")
        if wish.form == "png":
            scale = scale_of(cut.window, wish.scale)
            size = (cut.window.size() * scale).toSize()
            words = f"{size.width():,} x {size.height():,} pixels."
            if scale < wish.scale:
                words += f" Smaller than {wish.scale:g}x: a picture has at most {MOST_PIXELS:,} on a side."
        self.note.setText(words)
        self.note.setVisible(bool(words))

    def _show(self, image: QImage) -> None:
        self.sketch.setPixmap(QPixmap.fromImage(image))

    def _named(self) -> None:
        """Another path: whether something is there is not known; its ending chooses the format."""
        self._replaced = None
        self.primary.setText("Export")
        self.show_problem("")
        form = format_of(self.where.line.text())
        if form is not None and form != self._wish().form:
            words = next(words for words, name in FORMATS.items() if name == form)
            self.fields["format"].input.setCurrentText(words)  # type: ignore[attr-defined]  # a combo box

    def _choose(self) -> None:
        words = self.fields["format"].value()
        picker = QFileDialog(self, "Export graph", self.where.line.text(), f"{words} (*{self._ending()})")
        picker.setAcceptMode(QFileDialog.AcceptMode.AcceptSave)
        picker.setDefaultSuffix(self._ending())
        picker.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        picker.fileSelected.connect(self._chosen)
        picker.open()

    def _chosen(self, path: str) -> None:
        self.where.line.setText(path)
        self._replaced = Path(path)  # the system has asked


_SAYS = {
    "mermaid": "A flowchart that GitHub, GitLab and many notebooks draw from Markdown.",
    "dot": "For Graphviz, with frames as clusters and descriptions as tool tips.",
    "json": "Everything the graph knows, as its schema says.",
    "openlineage": "The runs of the tasks, one event a line. What is in no task is left out.",
}
