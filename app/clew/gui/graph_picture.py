"""The graph as the canvas draws it, as SVG, PDF or PNG; for programs that show no window."""

import os

from clew.model.view import GraphView
from clew.services.workspace import Workspace


def graph_picture(
    ws: Workspace,
    view: GraphView,
    form: str,
    *,
    theme: str = "light",
    scale: float = 2.0,
    paper: bool = True,
) -> tuple[bytes, float]:
    """Draw a whole graph without showing a window.

    Args:
        ws: where the previews are.
        view: what to draw.
        form: `svg`, `pdf`, or `png`.
        theme: `light` or `dark`.
        scale: of a PNG, pixels per scene pixel.
        paper: whether the ground is filled; without it is transparent.

    Returns:
        The file, and the scale that a PNG has: less than wanted where it would be too large.
    """
    given = os.environ.get("QT_QPA_PLATFORM")
    os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")
    from clew.gui.main import application

    app = application()
    if given is None:  # what the program starts later may want a display
        del os.environ["QT_QPA_PLATFORM"]
    from PySide6.QtCore import QEvent

    from clew.gui.canvas.canvas import Canvas
    from clew.gui.canvas.copying import cuts
    from clew.gui.canvas.sheet import pdf_of, png_of, scale_of, svg_of
    from clew.gui.fonts import load_fonts
    from clew.gui.graph_file import previews_of
    from clew.gui.theme import load_theme

    load_fonts()
    canvas = Canvas(load_theme(theme))
    try:
        canvas.set_previews(previews_of(ws))
        canvas.set_graph(view)
        drawn, window = canvas.scene_painter, cuts(canvas)["all"].window
        if form == "png":
            return png_of(drawn, window, scale, paper=paper), scale_of(window, scale)
        return (pdf_of if form == "pdf" else svg_of)(drawn, window, view.title, paper=paper), 1.0
    finally:
        canvas.close()
        canvas.deleteLater()
        app.sendPostedEvents(None, QEvent.Type.DeferredDelete)
