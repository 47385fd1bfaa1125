"""Asks where to export something and writes it, off the UI thread and whole or not at all."""

from collections.abc import Callable
from pathlib import Path

from PySide6.QtCore import QBuffer, QIODevice
from PySide6.QtGui import QImage
from PySide6.QtWidgets import QFileDialog, QWidget

from clew.base.atomic import write_atomic
from clew.base.errors import explain_os_error
from clew.gui.ops import Ops
from clew.gui.state import State


def export_as(
    parent: QWidget,
    ops: Ops,
    state: State,
    *,
    stem: str,
    name: str,
    ending: str,
    body: Callable[[], str | bytes],
) -> None:
    """Ask for a file and write `body()` there; `name` is what the format is called."""
    path, _ = QFileDialog.getSaveFileName(
        parent, f"Export as {name}", f"{stem}.{ending}", f"{name} (*.{ending})"
    )
    if not path:
        return
    if not Path(path).suffix:
        path = f"{path}.{ending}"
    content = body()
    ops.write(
        f"Exporting {Path(path).name}",
        lambda _progress: _write(path, content),
        lambda _: state.say(f"Exported {Path(path).name}"),
    )


def png_of(picture: QImage) -> bytes:
    """A picture as PNG."""
    buffer = QBuffer()
    buffer.open(QIODevice.OpenModeFlag.WriteOnly)
    picture.save(buffer, "PNG")  # type: ignore[call-overload]  # the stub wants bytes, the library takes str
    return bytes(buffer.data().data())


def _write(path: str, content: str | bytes) -> None:
    try:
        write_atomic(path, content)
    except OSError as error:
        raise explain_os_error(error, "exporting") from error
