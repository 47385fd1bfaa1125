"""A part of the scene as a file: SVG and PDF with shapes and text, PNG; drawn by the canvas's own painter.

Everything here may run in a thread beside the window, on a scene that nobody else changes.
"""

import re
import threading
from collections.abc import Callable

import numpy as np
from PySide6.QtCore import QBuffer, QByteArray, QIODevice, QMarginsF, QRectF, QSize, QSizeF
from PySide6.QtGui import QImage, QImageWriter, QPageSize, QPainter, QPdfWriter
from PySide6.QtSvg import QSvgGenerator

from clew.base.progress import Progress
from clew.gui.canvas.card import SHADOW
from clew.gui.canvas.hit import blocks_in, links_in
from clew.gui.canvas.lean_svg import lean
from clew.gui.canvas.paint import ScenePainter
from clew.gui.canvas.pane import Pane
from clew.gui.canvas.scene import NOTE_CODE
from clew.gui.canvas.style import metrics

MARGIN = 40.0  # scene pixels of paper around what is drawn
MOST_PIXELS = 12_000  # on a side of a picture; a larger one gets fewer pixels per scene pixel
_PER_INCH = 96  # a scene pixel is a CSS pixel
_FINE = 1200  # steps per inch in which a PDF places its letters
_LONGEST = 14_400.0  # points; longer pages are beyond what PDF readers must show (ISO 32000-1, annex C.2)
_AT_ONCE = 100  # blocks drawn between two looks at whether to go on
_HAND = threading.Lock()  # icons are drawn by one renderer for all


def svg_of(
    drawn: ScenePainter,
    window: QRectF,
    title: str = "",
    *,
    paper: bool = True,
    progress: Progress | None = None,
) -> bytes:
    """A window of the scene as an SVG document, one user unit a scene pixel; previews are pictures in it.

    Args:
        drawn: the scene.
        window: the part of it.
        title: what the document is called.
        paper: whether the ground is filled.
        progress: told of every block, and asked whether to go on.

    Raises:
        Cancelled: it was asked to stop.
    """
    size = max(window.width(), 1.0), max(window.height(), 1.0)
    progress = progress or Progress()

    def write(buffer: QBuffer) -> None:
        page = QSvgGenerator()
        page.setOutputDevice(buffer)
        page.setResolution(_PER_INCH)
        page.setSize(window.size().toSize().expandedTo(QSize(1, 1)))
        page.setViewBox(QRectF(0, 0, *size))
        page.setTitle(title)
        page.setDescription("")
        _paint(QPainter(page), drawn, Pane(1.0, window, vector=True), paper=paper, progress=progress)

    return lean(_written(write).decode(), size, _wide, progress.check).encode()


def _wide(text: str, px: float, weight: int) -> float:
    return metrics(px, weight).horizontalAdvance(text)


def pdf_of(
    drawn: ScenePainter,
    window: QRectF,
    title: str = "",
    *,
    paper: bool = True,
    progress: Progress | None = None,
) -> bytes:
    """A window of the scene as a PDF of one page as large as the window, 96 scene pixels to an inch.

    What would be longer than a PDF reader must be able to show is made smaller. Arguments as of `svg_of`.
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
        _paint(painter, drawn, Pane(1.0, window, vector=True), paper=paper, progress=progress or Progress())

    # Inter has one glyph for space and tab, and Qt names it a tab: nobody would find two words in a row.
    return _CHARACTERS.sub(lambda found: found[0].replace(b"<0009>", b"<0020>"), _written(write))


_CHARACTERS = re.compile(rb"beginbfrange\n.*?endbfrange", re.DOTALL)


def scale_of(window: QRectF, scale: float) -> float:
    """The pixels per scene pixel that a picture of a window gets where `scale` of them are wanted."""
    return min(scale, MOST_PIXELS / max(window.width(), window.height(), 1.0))


def image_of(
    drawn: ScenePainter,
    window: QRectF,
    scale: float = 2.0,
    *,
    paper: bool = True,
    progress: Progress | None = None,
) -> QImage:
    """A window of the scene in pixels, in the detail of zoom 1.

    Args:
        scale: pixels per scene pixel; fewer where the picture would be too large.
        drawn, window, paper, progress: as of `svg_of`; without paper the ground is transparent.
    """
    scale = scale_of(window, scale)
    form = QImage.Format.Format_RGB32 if paper else QImage.Format.Format_ARGB32_Premultiplied
    image = QImage((window.size() * scale).toSize().expandedTo(QSize(1, 1)), form)
    if not paper:
        image.fill(0)
    pane = Pane(scale, window, scale, vector=True)
    _paint(QPainter(image), drawn, pane, paper=paper, progress=progress or Progress())
    return image


def png_of(
    drawn: ScenePainter,
    window: QRectF,
    scale: float = 2.0,
    *,
    paper: bool = True,
    progress: Progress | None = None,
) -> bytes:
    """The same as a PNG file."""
    image = image_of(drawn, window, scale, paper=paper, progress=progress)
    return _written(lambda buffer: QImageWriter(buffer, QByteArray(b"png")).write(image))


def _paint(painter: QPainter, drawn: ScenePainter, pane: Pane, *, paper: bool, progress: Progress) -> None:
    """Paper without its grid, and what stands on it; the painter is done for then."""
    scene = drawn.scene
    rows = blocks_in(scene, *pane.around(SHADOW + 4))
    rows = rows[np.argsort(scene.kind[rows] != NOTE_CODE, kind="stable")]  # notes lie under all blocks
    try:
        with _HAND:
            progress.start("Drawing blocks", len(rows))
            if paper:
                painter.fillRect(pane.area, drawn.style.theme.bg)
            drawn.frames(painter, pane)
            drawn.links(painter, pane, links_in(scene, *pane.around(4.0)))
            for begin in range(0, len(rows), _AT_ONCE):
                some = rows[begin : begin + _AT_ONCE]
                drawn.blocks(painter, pane, some)
                progress.advance(len(some))
            drawn.frame_names(painter, pane)
            progress.start("Packing the file")
    finally:
        painter.end()


def _written(write: Callable[[QBuffer], object]) -> bytes:
    buffer = QBuffer()
    buffer.open(QIODevice.OpenModeFlag.WriteOnly)
    write(buffer)
    return bytes(buffer.data().data())
