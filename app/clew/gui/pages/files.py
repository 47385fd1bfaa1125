"""Files and folders that took part in tasks."""

from collections.abc import Sequence

from clew.base.clock import friendly
from clew.base.words import size
from clew.gui.actions import actions_for
from clew.gui.pages.page import TablePage, shorten_home
from clew.gui.widgets.table import Column
from clew.model.entities import FileEntry
from clew.model.refs import BlockKind, BlockRef
from clew.services.files import list_files


def _what(row: FileEntry) -> str:
    if row.is_dir:
        return "folder"
    return "model weights" if row.model_weight else "file"


class FilesPage(TablePage):
    """Known by path and content."""

    kinds = ("file",)
    title = "Files"
    columns = (
        Column(
            "Name",
            lambda r: r.name,
            width=240,
            strong=True,
            icon=lambda r: ("folder" if r.is_dir else "box" if r.model_weight else "file", "file"),
        ),
        Column("What", _what, width=120, dim=True),
        Column("Size", lambda r: "" if r.is_dir else size(r.size), lambda r: r.size, 90, right=True),
        Column("Where", lambda r: shorten_home(r.path), width=0, dim=True),
        Column("Content", lambda r: r.hash[:12], width=120, dim=True),
        Column("Seen", lambda r: friendly(r.created_at), lambda r: r.created_at, 160, dim=True),
    )
    empty_icon = "file"
    empty_sentence = "Files that a script reads or writes with api.app.workflow.add_input_file appear here."

    def read(self) -> Sequence[FileEntry]:
        return list_files(self.ws)

    def ref(self, row: FileEntry) -> BlockRef:
        return BlockRef(BlockKind.FILE, row.id)

    def open_row(self, row: FileEntry) -> None:
        actions_for(self.ref(row), row)[0].run(self.context)
