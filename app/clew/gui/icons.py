"""Icons: shipped SVG line drawings, tinted and rendered sharp for the screen."""

import re
from functools import lru_cache

from PySide6.QtCore import QByteArray, QRectF, Qt
from PySide6.QtGui import QColor, QIcon, QPainter, QPixmap
from PySide6.QtSvg import QSvgRenderer

from clew.base.places import resource
from clew.model.refs import BlockKind

KIND_ICONS: dict[BlockKind, str] = {
    BlockKind.PROJECT: "folder",
    BlockKind.VERSION: "folder",
    BlockKind.STATE: "git-commit-vertical",
    BlockKind.DATASET: "menu",
    BlockKind.TASK: "square-terminal",
    BlockKind.MODEL: "box",
    BlockKind.REPORT: "chart-no-axes-column",
    BlockKind.FILE: "file",
    BlockKind.JOB: "pencil",
    BlockKind.FRAME: "group",
    BlockKind.NOTE: "sticky-note",
}


@lru_cache(maxsize=64)
def _source(name: str) -> str:
    return resource("icons", f"{name}.svg").read_text("utf-8")


@lru_cache(maxsize=1024)
def _pixmap(name: str, rgba: int, size: int, ratio: float) -> QPixmap:
    colour = QColor.fromRgba(rgba)
    svg = _source(name).replace("currentColor", colour.name())
    pixmap = QPixmap(round(size * ratio), round(size * ratio))
    pixmap.fill(Qt.GlobalColor.transparent)
    painter = QPainter(pixmap)
    painter.setOpacity(colour.alphaF())
    QSvgRenderer(QByteArray(svg.encode())).render(painter, QRectF(0, 0, size * ratio, size * ratio))
    painter.end()
    pixmap.setDevicePixelRatio(ratio)
    return pixmap


@lru_cache(maxsize=256)
def _drawing(name: str, colour: str) -> QSvgRenderer:
    return QSvgRenderer(QByteArray(_source(name).replace("currentColor", colour).encode()))


@lru_cache(maxsize=256)
def shipped(name: str, instead: str) -> str:
    """The name of the shipped icon that a program means by "folder" or "zmdi zmdi-folder", else another."""
    word = name.rsplit(" ", maxsplit=1)[-1].lower()
    for tried in (word, word.partition("-")[2]):
        if re.fullmatch("[a-z0-9]+(-[a-z0-9]+)*", tried) and resource("icons", f"{tried}.svg").is_file():
            return tried
    return instead


def draw_icon(painter: QPainter, name: str, colour: QColor, rect: QRectF) -> None:
    """Draw an icon as shapes, for what is printed or written to a file."""
    painter.save()
    _drawing(name, colour.name()).render(painter, rect)
    painter.restore()


def icon_pixmap(name: str, colour: QColor, size: int, ratio: float = 1.0) -> QPixmap:
    """The icon `resources/icons/NAME.svg` in one colour, `size` logical pixels square.

    Raises:
        FileNotFoundError: there is no such icon.
    """
    return _pixmap(name, colour.rgba(), size, ratio)


def icon(name: str, colour: QColor, size: int = 16, disabled: QColor | None = None) -> QIcon:
    """A QIcon in one colour that stays sharp on high-DPI screens."""
    result = QIcon()
    for ratio in (1.0, 2.0):
        result.addPixmap(icon_pixmap(name, colour, size, ratio))
        if disabled is not None:
            result.addPixmap(icon_pixmap(name, disabled, size, ratio), QIcon.Mode.Disabled)
    return result
