"""The graph as the canvas draws it, as a PNG; for the command line."""

import os

from clew.model.view import GraphView, Preview
from clew.services.thumbnails import thumbnail
from clew.services.workspace import Workspace


def graph_png(ws: Workspace, view: GraphView, theme: str = "light") -> bytes:
    """Render a whole graph at twice its size, without showing a window."""
    os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")
    from clew.gui.main import application

    app = application()
    from PySide6.QtCore import QBuffer, QByteArray, QEvent, QIODevice
    from PySide6.QtGui import QImage, QImageWriter

    from clew.gui.canvas.canvas import Canvas
    from clew.gui.fonts import load_fonts
    from clew.gui.theme import load_theme

    load_fonts()

    def picture(preview: Preview, px: int) -> QImage | None:
        data = thumbnail(ws, preview, px, px)
        return QImage.fromData(data) if data else None

    canvas = Canvas(load_theme(theme))
    try:
        canvas.set_previews(picture)
        canvas.set_graph(view)
        image = canvas.render_image(scale=2.0)
    finally:
        canvas.close()
        canvas.deleteLater()
        app.sendPostedEvents(None, QEvent.Type.DeferredDelete)
    out = QBuffer()
    out.open(QIODevice.OpenModeFlag.WriteOnly)
    QImageWriter(out, QByteArray(b"png")).write(image)
    return bytes(out.data().data())
