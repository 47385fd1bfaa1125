"""A picture of some blocks alone, with the links and frames among them."""

from PySide6.QtGui import QImage

from clew.gui.canvas.paint import ScenePainter
from clew.gui.canvas.scene import Ints, Scene
from clew.gui.canvas.sheet import image_of
from clew.gui.canvas.surface import Surface

_MARGIN = 24.0  # less than around a file: it goes into somebody's page


def part_of(surface: Surface, rows: Ints) -> ScenePainter:
    """Some rows of a surface alone, int64 (k,), with the links among them and the frames wholly in them."""
    scene = surface.scene
    mask = scene.mask(rows)
    rows = mask.nonzero()[0]
    frames = [f for f, inside in zip(scene.frames, scene.frame_rows) if mask[inside].all()]
    part = Scene([scene.blocks[r] for r in rows.tolist()], scene.links, frames, scene.position[rows])
    return ScenePainter(part, surface.look_of, surface.scene_painter.previews)


def picture_of(surface: Surface, rows: Ints, *, scale: float = 2.0) -> QImage:
    """Some rows as they look on a surface, on its paper.

    Args:
        surface: where they are.
        rows: int64 (k,), at least one.
        scale: image pixels per scene pixel.
    """
    drawn = part_of(surface, rows)
    window = drawn.scene.bounds().adjusted(-_MARGIN, -_MARGIN, _MARGIN, _MARGIN)
    return image_of(drawn, window, scale)
