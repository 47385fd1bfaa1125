"""A picture of some blocks alone, with the links and frames among them."""

from PySide6.QtCore import QSize
from PySide6.QtGui import QImage, QPainter

from clew.gui.canvas.paint import ScenePainter
from clew.gui.canvas.pane import Pane
from clew.gui.canvas.scene import Ints, Scene
from clew.gui.canvas.surface import Surface

_MARGIN = 24.0
_MOST = 12_000  # pixels on a side; a larger picture gets fewer pixels per scene pixel


def part_of(surface: Surface, rows: Ints) -> ScenePainter:
    """Some rows of a surface alone, int64 (k,), with the links among them and the frames wholly in them."""
    scene = surface.scene
    mask = scene.mask(rows)
    rows = mask.nonzero()[0]
    frames = [f for f, inside in zip(scene.frames, scene.frame_rows) if mask[inside].all()]
    part = Scene([scene.blocks[r] for r in rows.tolist()], scene.links, frames, scene.position[rows])
    return ScenePainter(part, surface.look_of, surface.scene_painter.previews)


def picture_of(surface: Surface, rows: Ints, *, scale: float = 2.0) -> QImage:
    """Draw some rows as they look on a surface, on its paper.

    Args:
        surface: where they are.
        rows: int64 (k,), at least one.
        scale: image pixels per scene pixel.
    """
    drawn = part_of(surface, rows)
    window = drawn.scene.bounds().adjusted(-_MARGIN, -_MARGIN, _MARGIN, _MARGIN)
    scale = min(scale, _MOST / max(window.width(), window.height()))
    image = QImage((window.size() * scale).toSize().expandedTo(QSize(1, 1)), QImage.Format.Format_RGB32)
    painter = QPainter(image)
    pane = Pane(scale, window)
    drawn.draw(painter, pane)
    drawn.frame_names(painter, pane)
    painter.end()
    return image
