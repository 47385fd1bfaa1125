"""Verify: every stored byte is read and compared; what is damaged is named, and repaired from good copies."""

from pathlib import Path
from typing import Any

import shiboken6
from PySide6.QtWidgets import QVBoxLayout, QWidget

from clew.base.words import count, listing, size
from clew.gui.context import Context
from clew.gui.dialogs.dialog import Dialog
from clew.gui.dialogs.fields import Field, FieldRow
from clew.gui.widgets.basic import clear, label, scrolled, section
from clew.gui.words import readable
from clew.services.verify import DamagedFile, Repaired, Verified, repair, verify_versions

MOST = 200  # lines of damaged files


class VerifyDialog(Dialog):
    """Begins to read at once; when something is damaged the button is "Repair"."""

    writes = False  # nothing in the workspace that is open

    def __init__(self, context: Context) -> None:
        super().__init__(context.parent, context.ops, context.state, "Verify", "Verify", width=560)
        self._ws = context.ws
        self._damaged: tuple[DamagedFile, ...] = ()
        self.sentence = label(
            "Reads every stored byte and compares it with what was saved. You can go on working.", wrap=True
        )
        inside = QWidget()
        self._lines = QVBoxLayout(inside)
        self._lines.setContentsMargins(0, 0, 6, 0)
        self._lines.setSpacing(4)
        self._area = scrolled(inside, "Damaged files")
        self._area.hide()
        self.source = FieldRow(
            Field(
                "source",
                "Another workspace with good copies",
                "folder",
                help="Not needed when the working folders still have them.",
            )
        )
        self.source.hide()
        for widget in (self.sentence, self._area, self.source):
            self.body.addWidget(widget)

    def open(self) -> None:
        super().open()
        self._verify()

    def accept(self) -> None:
        if self._damaged:
            source = self.source.value()
            self.work(
                "Taking good copies back",
                lambda progress: repair(self._ws, source=Path(source) if source else None, progress=progress),
                self._repaired,
                stay=True,
            )
        elif self.primary.text() == "Close":
            self.reject()
        else:
            self._verify()

    def _verify(self) -> None:
        self.work(
            "Verifying",
            lambda progress: verify_versions(self._ws, progress=progress),
            self._verified,
            said=self._told,
            reads=True,
            stay=True,
        )

    def _told(self, found: Verified) -> str:
        """What the window says when the dialog was closed meanwhile."""
        if shiboken6.isValid(self) and self.isVisible():
            return ""
        if found.files:
            return f"{count(len(found.files), 'file')} damaged. Verify again to see which, and to repair."
        return f"Verified {count(len(found.versions), 'version')}: all is what was saved"

    def _verified(self, found: Verified) -> None:
        self._damaged = found.files
        if not found.files:
            self._all_is_well(
                f"{count(len(found.versions), 'version')} verified: all of "
                f"{count(found.objects, 'stored object')} ({size(found.bytes)}) are what was saved."
            )
            return
        self.sentence.setText(
            f"{count(len(found.files), 'file')} damaged. Good copies can be taken back from the working "
            "folders, or from another workspace that has the same data."
        )
        self._show_damage("Damaged files and what they belong to")

    def _repaired(self, done: Repaired) -> None:
        self._damaged = done.left
        mended = f"{count(len(done.mended), 'file')} whole again. " if done.mended else ""
        if not done.left:
            self._all_is_well(f"{mended}Nothing is damaged any more.")
            return
        self.sentence.setText(
            f"{mended}No good copy was found of {count(len(done.left), 'file')}. Name another workspace that "
            "has the same data, or put the files back into the working folder."
        )
        self._show_damage("Still damaged")

    def _all_is_well(self, sentence: str) -> None:
        self._damaged = ()
        self.sentence.setText(sentence)
        self._area.hide()
        self.source.hide()
        self.cancel_button.hide()
        self.primary.setText("Close")

    def _show_damage(self, title: str) -> None:
        clear(self._lines)
        self._lines.addWidget(section(title))
        for file in self._damaged[:MOST]:
            self._lines.addWidget(label(_line(file), wrap=True))
        if len(self._damaged) > MOST:
            self._lines.addWidget(label(f"and {len(self._damaged) - MOST:,} more", tone="dim"))
        self._lines.addStretch(1)
        self._area.setFixedHeight(min(260, 44 + 24 * min(len(self._damaged), MOST)))
        self._area.show()
        read_only = self._ws.read_only
        self.source.setVisible(not read_only)
        self.primary.setText("Repair")
        self.primary.setEnabled(not read_only)
        self.primary.setToolTip("This workspace is open for reading only" if read_only else "")


def _line(file: DamagedFile) -> str:
    path = readable(file.path)
    return f"{path}: {listing(list(file.belongs_to))}" if file.belongs_to else path


def open_verify(context: Context) -> Any:
    """Show the dialog, which begins at once."""
    dialog = VerifyDialog(context)
    dialog.open()
    return dialog
