"""The graph as the canvas draws it, as a PNG; for the command line."""

import os

from clew.model.view import GraphView


def graph_png(view: GraphView, theme: str = "light") -> bytes:
    """Render a whole graph at twice its size, without showing a window."""
    os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")
    from clew.gui.main import application

    app = application()
    from PySide6.QtCore import QBuffer, QEvent, QIODevice

    from clew.gui.canvas.canvas import Canvas
    from clew.gui.fonts import load_fonts
    from clew.gui.theme import load_theme

    load_fonts()
    canvas = Canvas(load_theme(theme))
    try:
        canvas.set_graph(view)
        image = canvas.render_image(scale=2.0)
    finally:
        canvas.close()
        canvas.deleteLater()
        app.sendPostedEvents(None, QEvent.Type.DeferredDelete)
    out = QBuffer()
    out.open(QIODevice.OpenModeFlag.WriteOnly)
    image.save(out, b"PNG")
    return bytes(out.data().data())
