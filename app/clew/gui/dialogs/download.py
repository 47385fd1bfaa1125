"""Download a version or a model: as a folder, a zip or a tar.zst file, where the person wants it."""

from pathlib import Path

from PySide6.QtWidgets import QButtonGroup, QFileDialog, QHBoxLayout, QRadioButton

from clew.base.progress import Progress
from clew.base.words import count, size
from clew.gui.context import Context
from clew.gui.dialogs.dialog import Dialog
from clew.gui.dialogs.fields import Field, FieldRow
from clew.gui.dialogs.file_names import downloads, plain_name
from clew.gui.dialogs.part import Part, PartField
from clew.gui.inspector.ask import Ask
from clew.gui.widgets.basic import button, label
from clew.model.refs import BlockKind, BlockRef
from clew.services.models import download_model, get_model
from clew.services.projects import get_project
from clew.services.restore import download_version
from clew.services.versions import get_version


class DownloadDialog(Dialog):
    """Writes plain files; an existing folder with files in it is refused by the service."""

    writes = False  # nothing in the workspace that is open

    def __init__(self, context: Context, ref: BlockRef) -> None:
        super().__init__(context.parent, context.ops, context.state, "Download", "Download", width=500)
        self._ws, self._ref = context.ws, ref
        self._name = "download"
        self._what = label("", tone="dim", wrap=True)
        self.as_folder = QRadioButton("A folder")
        self.as_zip = QRadioButton("A zip file")
        self.as_tar = QRadioButton("A tar.zst file")
        self.as_folder.setChecked(True)
        self._ways = QButtonGroup(self)
        kinds = QHBoxLayout()
        kinds.setSpacing(18)
        for way in (self.as_folder, self.as_zip, self.as_tar):
            self._ways.addButton(way)
            kinds.addWidget(way)
        kinds.addStretch(1)
        self.where = FieldRow(Field("where", "Where", required=True))
        self.where.add_button(button("Choose", self._choose, name="Choose where"))
        self.body.addWidget(self._what)
        self.part: PartField | None = None
        if ref.kind is BlockKind.VERSION:
            self.part = PartField(context, ref.id, self._suggest)
            self.body.addWidget(self.part)
        self.body.addLayout(kinds)
        self.body.addWidget(self.where)
        self.primary.setEnabled(False)
        self._ways.buttonToggled.connect(lambda _way, on: self._suggest() if on else None)
        Ask(self, self.ops)(self._read, self._show, lambda error: self.show_trouble(error, "Reading"))

    def accept(self) -> None:
        if not self.where.check():
            return
        target = Path(self.where.value()).expanduser()
        if not target.is_absolute():
            self.show_problem("Give the whole path, so that it is clear where the files go.")
            return
        part = self.part.part() if self.part is not None else Part()
        if part is None:
            self.show_problem("Choose a file of the version.")
            return
        ws, id_ = self._ws, self._ref.id

        def work(progress: Progress) -> int:
            if self._ref.kind is BlockKind.MODEL:
                return download_model(ws, id_, target, progress=progress)
            return download_version(ws, id_, target, only=part.only, classes=part.classes, progress=progress)

        self.work(f"Downloading {self._name}", work, said=f"Downloaded to {target}")

    def _read(self) -> tuple[str, str]:
        if self._ref.kind is BlockKind.MODEL:
            model = get_model(self._ws, self._ref.id)
            return (
                f"{model.name}, version {model.number}",
                f"The model has {count(model.files, 'file')}, {size(model.size)}.",
            )
        version = get_version(self._ws, self._ref.id)
        project = get_project(self._ws, version.project_id)
        what = f"The version has {count(version.files, 'file')}, {size(version.size)}."
        return f"{project.name}, version {version.number}", what

    def _show(self, found: tuple[str, str]) -> None:
        self._name, what = found
        self.heading.setText(f"Download {self._name}")
        self._what.setText(what)
        self.primary.setEnabled(True)
        self._suggest()

    def _suggest(self) -> None:
        current = Path(self.where.line.text())
        home = current.parent if current.is_absolute() else downloads()
        self.where.line.setText(str(home / self._file_name()))

    def _file_name(self) -> str:
        part = self.part.part() if self.part is not None else None
        suffix = ".zip" if self.as_zip.isChecked() else ".tar.zst" if self.as_tar.isChecked() else ""
        return plain_name(self._name + (part.words if part else "")) + suffix

    def _choose(self) -> None:
        picker = QFileDialog(self, "Choose where", self.where.line.text())
        picker.setFileMode(QFileDialog.FileMode.Directory)
        picker.fileSelected.connect(self._chosen)
        picker.open()

    def _chosen(self, folder: str) -> None:
        self.where.line.setText(str(Path(folder) / self._file_name()))
