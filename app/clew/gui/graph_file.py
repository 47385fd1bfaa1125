"""What of the graph the window writes to a file, and how: drawn and written beside the UI thread."""

from dataclasses import dataclass, replace

from PySide6.QtCore import QSize
from PySide6.QtGui import QImage, QPainter

from clew.base.progress import Progress
from clew.graph.part import part
from clew.gui.canvas.card import Previews
from clew.gui.canvas.copying import Cut
from clew.gui.canvas.pane import Pane
from clew.gui.canvas.sheet import pdf_of, png_of, svg_of
from clew.gui.canvas.style import Style
from clew.gui.theme import Theme
from clew.model.view import GraphView, Preview
from clew.services.graph_files import PICTURES, graph_text
from clew.services.thumbnails import thumbnail
from clew.services.workspace import Workspace


@dataclass(frozen=True)
class Wish:
    """How a file is wanted.

    Attributes:
        form: one of `services.graph_files.FORMATS`.
        theme: of a picture.
        scale: pixels of a PNG for one of the canvas.
        paper: whether the ground of a picture is filled.
    """

    form: str
    theme: Theme
    scale: float = 2.0
    paper: bool = True


def file_of(ws: Workspace, view: GraphView, cut: Cut, wish: Wish, progress: Progress) -> bytes:
    """The file.

    Args:
        ws: where previews and tasks are.
        view: what the canvas was given, for the formats that are text.
        cut: what of it is meant.
        wish: how.
        progress: told of every block of a picture.

    Raises:
        Cancelled: it was asked to stop.
    """
    if wish.form not in PICTURES:
        progress.start("Writing blocks")
        return graph_text(ws, meant(view, cut), wish.form).encode()
    drawn = cut.drawn(Style(wish.theme), previews_of(ws))
    if wish.form == "png":
        return png_of(drawn, cut.window, wish.scale, paper=wish.paper, progress=progress)
    write = svg_of if wish.form == "svg" else pdf_of
    return write(drawn, cut.window, view.title, paper=wish.paper, progress=progress)


def meant(view: GraphView, cut: Cut) -> GraphView:
    """The part of a view that a cut shows; what the canvas hides by a filter counts for no frame."""
    shown = {block.ref for block in cut.blocks} | cut.refs
    there = replace(
        view,
        blocks=tuple(block for block in view.blocks if block.ref in shown),
        notes=tuple(note for note in view.notes if note.ref in shown),
    )
    return part(there, cut.refs)


def sketch(ws: Workspace, cut: Cut, wish: Wish, room: tuple[float, float]) -> QImage:
    """How a picture will look, small: as the canvas shows it from afar.

    Args:
        room: width and height that it must fit in, in pixels.
    """
    drawn = cut.drawn(Style(wish.theme), previews_of(ws))
    window = cut.window
    scale = min(room[0] / window.width(), room[1] / window.height(), 1.0)
    image = QImage(
        (window.size() * scale).toSize().expandedTo(QSize(1, 1)), QImage.Format.Format_ARGB32_Premultiplied
    )
    image.fill(wish.theme.bg if wish.paper else 0)
    painter = QPainter(image)
    drawn.draw(painter, Pane(scale, window), ground=False)
    drawn.frame_names(painter, Pane(scale, window))
    painter.end()
    return image


def previews_of(ws: Workspace) -> Previews:
    """Thumbnails read at once, each once; for any thread but the window's."""
    known: dict[tuple[Preview, int], QImage | None] = {}

    def read(preview: Preview, px: int) -> QImage | None:
        if (preview, px) not in known:
            data = thumbnail(ws, preview, px, px)
            known[preview, px] = QImage.fromData(data) if data else None
        return known[preview, px]

    return read
