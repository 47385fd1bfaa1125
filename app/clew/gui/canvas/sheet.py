"""A part of the scene as a file: SVG and PDF with shapes and text, PNG; drawn by the canvas's own painter."""

import re
from collections.abc import Callable
from html import unescape

from PySide6.QtCore import QBuffer, QByteArray, QIODevice, QMarginsF, QRectF, QSize, QSizeF
from PySide6.QtGui import QImage, QImageWriter, QPageSize, QPainter, QPdfWriter
from PySide6.QtSvg import QSvgGenerator

from clew.gui.canvas.paint import ScenePainter
from clew.gui.canvas.pane import Pane
from clew.gui.canvas.style import metrics
from clew.gui.fonts import FAMILY

MARGIN = 40.0  # scene pixels of paper around what is drawn
_PER_INCH = 96  # a scene pixel is a CSS pixel
_FINE = 1200  # steps per inch in which a PDF places its letters
_LONGEST = 14_400.0  # points; longer pages are beyond what PDF readers must show (ISO 32000-1, annex C.2)
_MOST = 12_000  # pixels on a side of a PNG; a larger picture gets fewer pixels per scene pixel


def svg_of(drawn: ScenePainter, window: QRectF, title: str = "") -> bytes:
    """A window of the scene as an SVG document, one user unit a scene pixel; previews are pictures in it."""

    def write(buffer: QBuffer) -> None:
        page = QSvgGenerator()
        page.setOutputDevice(buffer)
        page.setResolution(_PER_INCH)
        page.setSize(window.size().toSize().expandedTo(QSize(1, 1)))
        page.setViewBox(QRectF(0, 0, max(window.width(), 1.0), max(window.height(), 1.0)))
        page.setTitle(title)
        page.setDescription("")
        painter = QPainter(page)
        _paint(painter, drawn, Pane(1.0, window, vector=True))
        painter.end()

    return _TEXT.sub(_fitting, _written(write).decode()).encode()


_TEXT = re.compile(
    f'font-family="{FAMILY}" font-size="([0-9]+)" font-weight="([0-9]+)"([^>]*>)([^<]*)', re.DOTALL
)


def _fitting(found: re.Match[str]) -> str:
    """A text that takes the room it was measured for, in another font where there is no Inter."""
    size, weight, rest, text = found.groups()
    wide = metrics(float(size), int(weight)).horizontalAdvance(unescape(text).strip())
    room = f'textLength="{wide:.1f}" lengthAdjust="spacingAndGlyphs"'
    look = f'font-family="{FAMILY}, sans-serif" font-size="{size}" font-weight="{weight}"'
    return f"{look} {room}{rest}{text}"


def pdf_of(drawn: ScenePainter, window: QRectF, title: str = "") -> bytes:
    """A window of the scene as a PDF of one page as large as the window, 96 scene pixels to an inch.

    What would be longer than a PDF reader must be able to show is made smaller.
    """
    points = 72 / _PER_INCH
    points = min(points, _LONGEST / max(window.width(), window.height(), 1.0))

    def write(buffer: QBuffer) -> None:
        page = QPdfWriter(buffer)
        page.setResolution(_FINE)
        size = QSizeF(max(window.width() * points, 3.0), max(window.height() * points, 3.0))
        exact = QPageSize.SizeMatchPolicy.ExactMatch
        page.setPageSize(QPageSize(size, QPageSize.Unit.Point, "", exact))
        page.setPageMargins(QMarginsF())
        page.setTitle(title)
        page.setCreator("Clew")
        painter = QPainter(page)
        painter.scale(points * _FINE / 72, points * _FINE / 72)
        _paint(painter, drawn, Pane(1.0, window, vector=True))
        painter.end()

    # Inter has one glyph for space and tab, and Qt names it a tab: nobody would find two words in a row.
    return _CHARACTERS.sub(lambda found: found[0].replace(b"<0009>", b"<0020>"), _written(write))


_CHARACTERS = re.compile(rb"beginbfrange\n.*?endbfrange", re.DOTALL)


def png_of(drawn: ScenePainter, window: QRectF, scale: float = 2.0) -> bytes:
    """A window of the scene as a PNG of `scale` pixels per scene pixel, fewer where it would be too large."""
    scale = min(scale, _MOST / max(window.width(), window.height(), 1.0))
    image = QImage((window.size() * scale).toSize().expandedTo(QSize(1, 1)), QImage.Format.Format_RGB32)
    painter = QPainter(image)
    _paint(painter, drawn, Pane(scale, window, scale))  # drawn as at zoom 1
    painter.end()
    return _written(lambda buffer: QImageWriter(buffer, QByteArray(b"png")).write(image))


def _paint(painter: QPainter, drawn: ScenePainter, pane: Pane) -> None:
    """Paper without its grid, and what stands on it."""
    painter.fillRect(pane.area, drawn.style.theme.bg)
    drawn.draw(painter, pane, ground=False)
    drawn.frame_names(painter, pane)


def _written(write: Callable[[QBuffer], object]) -> bytes:
    buffer = QBuffer()
    buffer.open(QIODevice.OpenModeFlag.WriteOnly)
    write(buffer)
    return bytes(buffer.data().data())
