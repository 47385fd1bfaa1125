"""Download a version or a model: as a folder or a zip file, where the person wants it."""

from pathlib import Path

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QButtonGroup, QFileDialog, QHBoxLayout, QRadioButton

from clew.base.words import count, size
from clew.gui.context import Context
from clew.gui.dialogs.dialog import Dialog
from clew.gui.dialogs.fields import Field, FieldRow
from clew.gui.inspector.ask import Ask
from clew.gui.widgets.basic import button, label
from clew.model.refs import BlockKind, BlockRef
from clew.services.models import download_model, get_model
from clew.services.projects import get_project
from clew.services.restore import download_version
from clew.services.versions import get_version


class DownloadDialog(Dialog):
    """Writes plain files; an existing folder with files in it is refused by the service."""

    def __init__(self, context: Context, ref: BlockRef) -> None:
        super().__init__(context.parent, context.ops, context.state, "Download", "Download", width=500)
        self._ws, self._ref = context.ws, ref
        self._name = "download"
        self._what = label("", tone="dim", wrap=True)
        self.as_folder = QRadioButton("A folder")
        self.as_zip = QRadioButton("A zip file")
        self.as_folder.setChecked(True)
        self._ways = QButtonGroup(self)
        kinds = QHBoxLayout()
        kinds.setSpacing(18)
        for way in (self.as_folder, self.as_zip):
            self._ways.addButton(way)
            kinds.addWidget(way)
        kinds.addStretch(1)
        self.where = FieldRow(Field("where", "Where", required=True))
        pick = button("Choose", self._choose, name="Choose where")
        line = QHBoxLayout()
        line.addWidget(self.where, 1)
        line.addWidget(pick, 0, Qt.AlignmentFlag.AlignBottom)
        pick.setContentsMargins(0, 0, 0, 4)
        self.body.addWidget(self._what)
        if ref.kind is BlockKind.VERSION:
            self.body.addLayout(kinds)
        self.body.addLayout(line)
        self.primary.setEnabled(False)
        self.as_folder.toggled.connect(lambda _on: self._suggest())
        Ask(self, self.ops)(self._read, self._show, lambda error: self.show_problem(str(error)))

    def accept(self) -> None:
        if not self.where.check():
            return
        target = Path(self.where.value()).expanduser()
        if not target.is_absolute():
            self.show_problem("Give the whole path, so that it is clear where the files go.")
            return
        work = download_version if self._ref.kind is BlockKind.VERSION else download_model
        self.work(
            f"Downloading {self._name}",
            lambda progress: work(self._ws, self._ref.id, target, progress=progress),
            said=f"Downloaded to {target}",
        )

    def _read(self) -> tuple[str, str]:
        if self._ref.kind is BlockKind.MODEL:
            model = get_model(self._ws, self._ref.id)
            return (
                f"{model.name}, version {model.number}",
                f"{count(model.files, 'file')}, {size(model.size)}",
            )
        version = get_version(self._ws, self._ref.id)
        project = get_project(self._ws, version.project_id)
        what = f"{count(version.files, 'file')}, {size(version.size)}"
        return f"{project.name}, version {version.number}", what

    def _show(self, found: tuple[str, str]) -> None:
        self._name, what = found
        self.heading.setText(f"Download {self._name}")
        self._what.setText(what)
        self.primary.setEnabled(True)
        self._suggest()

    def _suggest(self) -> None:
        current = Path(self.where.input.text())  # type: ignore[attr-defined]  # a line edit
        home = current.parent if current.is_absolute() else _downloads()
        suffix = ".zip" if self.as_zip.isChecked() else ""
        self.where.input.setText(str(home / (_plain(self._name) + suffix)))  # type: ignore[attr-defined]  # a line edit

    def _choose(self) -> None:
        picker = QFileDialog(self, "Choose where", self.where.input.text())  # type: ignore[attr-defined]  # a line edit
        picker.setFileMode(QFileDialog.FileMode.Directory)
        picker.fileSelected.connect(self._chosen)
        picker.open()

    def _chosen(self, folder: str) -> None:
        suffix = ".zip" if self.as_zip.isChecked() else ""
        self.where.input.setText(str(Path(folder) / (_plain(self._name) + suffix)))  # type: ignore[attr-defined]  # a line edit


def _downloads() -> Path:
    folder = Path.home() / "Downloads"
    return folder if folder.is_dir() else Path.home()


def _plain(name: str) -> str:
    """A name as a file name: without what some system does not allow."""
    return "".join("-" if letter in '\\/:*?"<>|' else letter for letter in name).strip(" .") or "download"
