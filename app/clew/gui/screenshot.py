"""A picture of the real window, drawn without a screen: for documents, tests and `clew screenshot`."""

import os
import sys
import time
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING, Any

from clew.base.errors import SurroundingsError, UserError

if TYPE_CHECKING:
    from PySide6.QtWidgets import QWidget

    from clew.gui.context import Context
    from clew.gui.shell import Shell

_LONGEST = 60.0  # seconds until a window that does not come to rest is given up
_QUIET = 4  # looks in a row that find nothing pending
_NEED_ONE = {
    "project": "project:NAME",
    "report": "report:1",
    "compare": "compare:1,2",
    "diff": "diff:1:1:2",
    "task": "task:1",
    "dialog": "dialog:new-version:1",
}
_LISTS = ("projects", "tasks", "models", "reports", "files", "jobs", "apps", "workflow")


def screenshot(
    workspace: Path | None,
    page: str,
    out: Path,
    *,
    size: tuple[int, int] = (1600, 1000),
    theme: str = "light",
    select: str | None = None,
) -> None:
    """Draw one page of the window into a PNG file, when everything on it has been loaded.

    Args:
        workspace: folder of the workspace; None for the start page.
        page: "start", a list ("workflow", "projects", "tasks", …), "project:1", "project:Name/versions",
            "workflow:project:1", "report:1", "compare:1,2,3", "diff:1:1:2" (project, old, new; "now" is the
            working folder), "task:3", or a dialog: "dialog:new-version:1", "dialog:restore:5",
            "dialog:download:5", "dialog:delete:5", "dialog:run:quick-trainer", "dialog:import",
            "dialog:export:seen", "dialog:new-workspace", "dialog:cheat-sheet", "dialog:palette".
        out: the PNG file to write.
        size: width and height of the window in pixels.
        theme: "light" or "dark".
        select: a block to select, as "version:2".

    Raises:
        UserError: there is no such page, project or block.
        SurroundingsError: the window did not come to rest, or the file cannot be written.
    """
    os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")
    from clew.gui.main import close_windows, open_window

    _check(workspace, page)
    restore_talk = _keep_quiet_about_the_screen()
    shell = open_window(None if page == "start" else workspace, theme=theme, size=size)
    shell.state.keeps_views = False
    failed: list[str] = []
    show_error = shell.ops.on_error

    def note(error: BaseException, doing: str) -> None:
        failed.append(str(error))
        show_error(error, doing)

    shell.ops.on_error = note
    try:
        if page != "start" and workspace is not None:
            _until(lambda: shell.session is not None or bool(failed))
            if failed:
                raise UserError(failed[0])
        _rest(shell)
        dialog = _go(shell, page, select)
        _rest(shell)
        picture = shell.grab()
        if dialog is not None:
            _put_over(picture, dialog)
        if not picture.save(str(out), "PNG"):
            raise SurroundingsError(f"The picture could not be written to {out}.")
    finally:
        close_windows()
        restore_talk()


def _keep_quiet_about_the_screen() -> Callable[[], object]:
    """What the offscreen plugin says of a screen that it does not have is no trouble of the person's."""
    from PySide6.QtCore import QMessageLogContext, QtMsgType, qInstallMessageHandler

    def tell(kind: QtMsgType, where: QMessageLogContext, text: str) -> None:
        if text.startswith("This plugin does not support"):
            return
        if before is not None:
            before(kind, where, text)
        else:
            print(text, file=sys.stderr)

    before: Any = qInstallMessageHandler(tell)
    return lambda: qInstallMessageHandler(before)


def _check(workspace: Path | None, page: str) -> None:
    name = page.split(":", maxsplit=1)[0].split("/", maxsplit=1)[0]
    known = ("start", "project", "report", "compare", "diff", "task", "dialog", *_LISTS)
    if name not in known:
        raise UserError(f"There is no page called {page}. Pages: {', '.join(known)}.")
    if page in _NEED_ONE:
        raise UserError(f"The page {page} shows one thing. Name it, as {_NEED_ONE[page]}.")
    if workspace is None and page not in ("start", "dialog:new-workspace"):
        raise UserError(f"The page {page} needs a workspace. Name one with --workspace.")


def _go(shell: "Shell", page: str, select: str | None) -> "QWidget | None":
    """Open the page; returns the dialog, if one was asked for."""
    from clew.model.refs import BlockRef

    name, _, rest = page.partition(":")
    if name == "dialog":
        return _dialog(shell, rest)
    if name != "start":
        route, args = _ROUTES.get(name, _plain)(shell, name, rest)
        if select is not None:
            try:
                ref = BlockRef.parse(select)
            except ValueError:
                raise UserError(f"{select} is no block. Write it as version:2.") from None
            args["select"] = ref if route == "workflow" else ref.id
        shell.state.open(route, **args)
    return None


def _plain(_shell: "Shell", name: str, _rest: str) -> tuple[str, dict[str, Any]]:
    return name, {}


def _workflow(shell: "Shell", name: str, rest: str) -> tuple[str, dict[str, Any]]:
    from clew.model.view import Scope

    kind, _, which = rest.partition(":")
    if kind == "project":
        return name, {"scope": Scope("project", _project(shell, which))}
    return name, {"scope": Scope("task", _number(which))} if kind == "task" else {}


def _project_page(shell: "Shell", name: str, rest: str) -> tuple[str, dict[str, Any]]:
    which, _, tab = rest.partition("/")
    return name, {"id": _project(shell, which), "tab": tab or "data"}


def _task(_shell: "Shell", _name: str, rest: str) -> tuple[str, dict[str, Any]]:
    return "tasks", {"id": _number(rest)}


def _report(_shell: "Shell", name: str, rest: str) -> tuple[str, dict[str, Any]]:
    return name, {"id": _number(rest)}


def _compare(_shell: "Shell", name: str, rest: str) -> tuple[str, dict[str, Any]]:
    return name, {"ids": tuple(_number(word) for word in rest.split(","))}


def _diff(shell: "Shell", name: str, rest: str) -> tuple[str, dict[str, Any]]:
    words = rest.split(":")
    if len(words) != 3:
        raise UserError("A diff is named as diff:PROJECT:OLD:NEW, as diff:1:1:2.")
    old, new = (None if word == "now" else _number(word) for word in words[1:])
    return name, {"project": _project(shell, words[0]), "old": old, "new": new}


_ROUTES: dict[str, Callable[["Shell", str, str], tuple[str, dict[str, Any]]]] = {
    "workflow": _workflow,
    "project": _project_page,
    "task": _task,
    "report": _report,
    "compare": _compare,
    "diff": _diff,
}


def _dialog(shell: "Shell", rest: str) -> "QWidget":
    """Open a dialog over the page that is shown."""
    from clew.gui.dialogs.new_workspace import NewWorkspaceDialog

    kind, _, which = rest.partition(":")
    if kind == "new-workspace":
        dialog: Any = NewWorkspaceDialog(shell, shell.ops, shell.state, lambda _ws: None)
    else:
        context = shell.context()
        assert context is not None
        dialog = _dialog_of_workspace(shell, context, kind, which)
    dialog.open()
    opened: QWidget = dialog
    return opened


def _dialog_of_workspace(shell: "Shell", context: "Context", kind: str, which: str) -> Any:
    from clew.gui.dialogs.cheat_sheet import CheatSheet
    from clew.gui.dialogs.delete_version import DeleteDialog
    from clew.gui.dialogs.download import DownloadDialog
    from clew.gui.dialogs.import_data import ImportDialog
    from clew.gui.dialogs.new_version import NewVersionDialog
    from clew.gui.dialogs.restore import RestoreDialog
    from clew.gui.dialogs.starting import starting_dialog
    from clew.gui.widgets.palette import Palette
    from clew.model.refs import BlockKind, BlockRef

    makers: dict[str, Callable[[], Any]] = {
        "new-version": lambda: NewVersionDialog(context, _project(shell, which)),
        "restore": lambda: RestoreDialog(context, _number(which)),
        "download": lambda: DownloadDialog(context, BlockRef(BlockKind.VERSION, _number(which))),
        "delete": lambda: DeleteDialog(context, _number(which)),
        "run": lambda: starting_dialog(context, which),
        "import": lambda: ImportDialog(context, Path(which) if which else None),
        "export": lambda: _export(shell, which or "all"),
        "cheat-sheet": lambda: CheatSheet(shell, shell.state),
        "palette": lambda: Palette(shell, shell.state, shell.commands()),
    }
    if kind not in makers:
        raise UserError(f"There is no dialog called {kind}. Dialogs: {', '.join(makers)}.")
    return makers[kind]()


def _export(shell: "Shell", what: str) -> Any:
    from clew.gui.dialogs.export_graph import ExportDialog

    shell.page("workflow").exporting.start(what)
    return shell.findChild(ExportDialog)


def _project(shell: "Shell", which: str) -> int:
    from clew.services.projects import find_project

    assert shell.session is not None
    return int(which) if which.isdigit() else find_project(shell.session.ws, which).id


def _number(word: str) -> int:
    try:
        return int(word)
    except ValueError:
        raise UserError(f"A number is needed instead of {word!r}.") from None


def _pending(shell: "Shell") -> bool:
    """Whether anything on the window is still to come."""
    thumbs = shell.ops.shared.get("thumbnails")
    operations = not shell.ops.idle or (thumbs is not None and not thumbs.idle)
    begin = shell._begin is not None
    return operations or begin


def _rest(shell: "Shell") -> None:
    """Let the window run until nothing is pending for a while; pictures are asked for by painting."""
    quiet = 0

    def look() -> bool:
        nonlocal quiet
        busy = _pending(shell)
        if not busy and quiet in (0, _QUIET // 2):
            shell.grab()  # painting asks for what is still missing
            busy = _pending(shell)
        quiet = 0 if busy else quiet + 1
        return quiet >= _QUIET

    _until(look)
    for page in shell.pages.values():
        if (settle := getattr(getattr(page, "canvas", None), "settle", None)) is not None:
            settle()


def _until(ready: Callable[[], bool]) -> None:
    """Run the event loop until `ready()` is true.

    Raises:
        SurroundingsError: it took too long.
    """
    from PySide6.QtCore import QEventLoop, QTimer

    loop = QEventLoop()
    timer = QTimer()
    end = time.monotonic() + _LONGEST
    timed_out = False

    def look() -> None:
        nonlocal timed_out
        timed_out = time.monotonic() > end
        if timed_out or ready():
            loop.quit()

    timer.timeout.connect(look)
    timer.start(40)
    loop.exec()
    timer.stop()
    if timed_out:
        raise SurroundingsError(
            "The window did not come to rest within a minute; the machine may be too busy."
        )


def _put_over(picture: Any, dialog: "QWidget") -> None:
    """Draw a dialog over the middle of the window, as it stands on a screen."""
    from PySide6.QtCore import QPoint
    from PySide6.QtGui import QColor, QPainter

    painter = QPainter(picture)
    painter.fillRect(picture.rect(), QColor(0, 0, 0, 90))
    ratio = picture.devicePixelRatio()
    x = int((picture.width() / ratio - dialog.width()) / 2)
    y = int((picture.height() / ratio - dialog.height()) / 2)
    painter.drawPixmap(QPoint(x, y), dialog.grab())
    painter.end()
