"""One `draw` for the screen's tiles, the overview, the minimap and files: a window of the scene at a scale."""

import math
from collections import OrderedDict

import numpy as np
from PySide6.QtCore import QPointF, QRectF, Qt
from PySide6.QtGui import QColor, QPainter, QPen, QPixmap
from shiboken6 import Shiboken

from clew.gui.canvas.card import SHADOW, Previews, paint_brief, paint_ground, paint_whole, wrapped
from clew.gui.canvas.hit import blocks_in, links_in
from clew.gui.canvas.scene import KINDS, STATES, Floats, Ints, Scene
from clew.gui.canvas.style import BRIEF, RADIUS, WHOLE, Style, font, metrics
from clew.gui.canvas.threads import draw_threads
from clew.gui.theme import mix
from clew.model.refs import BlockRef
from clew.model.view import BlockState

GRID = 24.0
SQUARES = 0.08  # zoom under which a block is a plain rectangle: rounding would not be seen
_CACHE_BYTES = 40_000_000

__all__ = ["ScenePainter", "wrapped"]


class ScenePainter:
    """Draws a scene; keeps pictures of finished cards between calls.

    Attributes:
        awaiting: blocks that were drawn without a thumbnail that was not ready.
    """

    def __init__(self, scene: Scene, style: Style, previews: Previews | None = None) -> None:
        self.scene, self.style, self.previews = scene, style, previews
        self.awaiting: set[BlockRef] = set()
        self._cards: OrderedDict[tuple[BlockRef, float], QPixmap] = OrderedDict()
        self._bytes = 0
        self._grounds: dict[tuple[float, float, BlockState, float], QPixmap] = {}
        self._sprites: dict[tuple[float, float], QPixmap] = {}

    def forget(self, refs: set[BlockRef] | None = None) -> None:
        """Drop the pictures of some blocks, or all pictures."""
        if refs is None:
            self._cards.clear()
            self._grounds.clear()
            self._sprites.clear()
            self._bytes = 0
            return
        for key in [k for k in self._cards if k[0] in refs]:
            self._bytes -= _weight(self._cards.pop(key))

    def draw(
        self,
        painter: QPainter,
        scale: float,
        window: QRectF,
        *,
        ratio: float = 1.0,
        ground: bool = True,
        vector: bool = False,
    ) -> None:
        """Draw what the window shows, its top left corner at the painter's origin.

        Args:
            painter: untransformed, one unit per device pixel.
            scale: device pixels per scene pixel.
            window: the part of the scene.
            ratio: device pixels per logical pixel; `scale / ratio` decides how much detail is drawn.
            ground: paint background and grid first.
            vector: no cached pictures, everything as shapes and text.
        """
        zoom = scale / ratio
        edges = (window.left(), window.top(), window.right(), window.bottom())
        extent = (window.width() * scale, window.height() * scale)
        if ground:
            painter.fillRect(QRectF(0, 0, *extent), self.style.theme.bg)
            self._grid(painter, scale, window, ratio)
        self.frames(painter, scale, window)
        scene = self.scene
        links = links_in(scene, *edges)
        if scene.floating.any():
            links = links[~(scene.floating[scene.source[links]] | scene.floating[scene.target[links]])]
        self.links(painter, scale, window, links, ratio=ratio, vector=vector)
        reach = (edges[0] - SHADOW, edges[1] - SHADOW - 4, edges[2] + SHADOW, edges[3] + SHADOW)
        rows = blocks_in(scene, *reach)
        self.blocks(painter, scale, window, rows[~scene.floating[rows]], ratio=ratio, vector=vector)

    def links(
        self,
        painter: QPainter,
        scale: float,
        window: QRectF,
        links: Ints,
        *,
        ratio: float = 1.0,
        lit: bool = False,
        vector: bool = False,
    ) -> None:
        """Draw some links."""
        if len(links):
            draw_threads(
                painter,
                self.scene,
                links,
                self.style,
                scale=scale,
                zoom=scale / ratio,
                offset=np.array([window.left() * scale, window.top() * scale]),
                extent=(window.width() * scale, window.height() * scale),
                lit=lit,
                vector=vector,
            )

    def blocks(
        self,
        painter: QPainter,
        scale: float,
        window: QRectF,
        rows: Ints,
        *,
        ratio: float = 1.0,
        vector: bool = False,
    ) -> None:
        """Draw some blocks, in as much detail as the zoom allows."""
        if not len(rows):
            return
        zoom = scale / ratio
        place = self.scene.position[rows] * scale
        origin = np.array([window.left() * scale, window.top() * scale])
        if vector:
            place = place - origin
        else:  # whole device pixels keep text and hairlines sharp, and alike in neighbouring tiles
            place = np.round(place) - np.round(origin)
        if zoom < SQUARES:
            self._squares(painter, scale, rows, place)
        elif zoom < BRIEF and not vector:
            self._chips(painter, scale, rows, place)
        else:
            for row, (x, y) in zip(rows.tolist(), place.tolist()):
                if vector or scale > 2.5:
                    painter.save()
                    painter.translate(x, y)
                    painter.scale(scale, scale)
                    self._card(painter, row, scale, zoom)
                    painter.restore()
                else:
                    margin = math.ceil(SHADOW * scale)
                    painter.drawPixmap(QPointF(x - margin, y - margin), self._picture(row, scale, zoom))

    def _picture(self, row: int, scale: float, zoom: float) -> QPixmap:
        """The finished card with its shadow, from the cache."""
        key = (self.scene.ref(row), scale)
        found = self._cards.get(key)
        if found is not None:
            self._cards.move_to_end(key)
            return found
        block = self.scene.blocks[row]
        width, height = self.scene.size[row].tolist()
        state = block.state if block.state in (BlockState.UNSAVED, BlockState.DELETED) else BlockState.SAVED
        ground = self._grounds.get((width, height, state, scale))
        margin = math.ceil(SHADOW * scale)
        if ground is None:
            ground = QPixmap(math.ceil(width * scale) + 2 * margin, math.ceil(height * scale) + 2 * margin)
            ground.fill(Qt.GlobalColor.transparent)
            painter = QPainter(ground)
            painter.setRenderHint(QPainter.RenderHint.Antialiasing)
            painter.translate(margin, margin)
            painter.scale(scale, scale)
            paint_ground(painter, QRectF(0, 0, width, height), state, self.style)
            painter.end()
            if len(self._grounds) > 24:
                self._grounds.clear()
            self._grounds[width, height, state, scale] = ground
        picture = QPixmap(ground)
        painter = QPainter(picture)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.translate(margin, margin)
        painter.scale(scale, scale)
        self._content(painter, row, scale, zoom)
        painter.end()
        self._cards[key] = picture
        self._bytes += _weight(picture)
        while self._bytes > _CACHE_BYTES and len(self._cards) > 1:
            self._bytes -= _weight(self._cards.popitem(last=False)[1])
        return picture

    def _card(self, painter: QPainter, row: int, scale: float, zoom: float) -> None:
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        block = self.scene.blocks[row]
        paint_ground(painter, QRectF(0, 0, *self.scene.size[row].tolist()), block.state, self.style)
        self._content(painter, row, scale, zoom)

    def _content(self, painter: QPainter, row: int, scale: float, zoom: float) -> None:
        block = self.scene.blocks[row]
        if zoom < WHOLE:
            paint_brief(painter, block, self.style, scale, zoom)
        elif paint_whole(painter, block, self.style, self.previews, scale):
            self.awaiting.add(block.ref)

    def _colour(self, code: int, state: int) -> QColor:
        """The plain colour of a block seen from far; paler where it is not saved."""
        colour = self.style.theme.kind(KINDS[code])
        pale = STATES[state] in (BlockState.UNSAVED, BlockState.DELETED)
        return mix(colour, self.style.theme.bg, 0.35 if pale else 0.82)

    def _squares(self, painter: QPainter, scale: float, rows: Ints, place: Floats) -> None:
        painter.setRenderHint(QPainter.RenderHint.Antialiasing, False)
        painter.setPen(Qt.PenStyle.NoPen)
        size = np.maximum(np.round(self.scene.size[rows] * scale), 1.0)
        rects = np.concatenate([place, size], 1)
        kind, state = self.scene.kind[rows], self.scene.state[rows]
        for code in np.unique(kind * len(STATES) + state).tolist():
            chosen = np.ascontiguousarray(rects[(kind * len(STATES) + state) == code])
            painter.setBrush(self._colour(*divmod(code, len(STATES))))
            painter.drawRects(Shiboken.wrapInstance(chosen.ctypes.data, QRectF), len(chosen))  # pyright: ignore

    def _chips(self, painter: QPainter, scale: float, rows: Ints, place: Floats) -> None:
        """Rounded rectangles from one picture that holds every kind, state and height at this scale."""
        heights = np.unique(self.scene.size[:, 1])
        wide = max(1, round(float(self.scene.size[0, 0]) * scale))
        tall = max(1, round(float(heights[-1]) * scale))
        atlas = self._sprites.get((scale, float(heights[-1])))
        if atlas is None:
            atlas = QPixmap((wide + 2) * len(KINDS) * len(STATES), (tall + 2) * len(heights))
            atlas.fill(Qt.GlobalColor.transparent)
            inside = QPainter(atlas)
            inside.setRenderHint(QPainter.RenderHint.Antialiasing)
            inside.setPen(Qt.PenStyle.NoPen)
            for column in range(len(KINDS) * len(STATES)):
                inside.setBrush(self._colour(*divmod(column, len(STATES))))
                for line, height in enumerate(heights.tolist()):
                    rect = QRectF(column * (wide + 2), line * (tall + 2), wide, max(1, round(height * scale)))
                    inside.drawRoundedRect(rect, RADIUS * scale, RADIUS * scale)
            inside.end()
            if len(self._sprites) > 8:
                self._sprites.clear()
            self._sprites[scale, float(heights[-1])] = atlas
        line = np.searchsorted(heights, self.scene.size[rows, 1])
        high = np.maximum(np.round(self.scene.size[rows, 1] * scale), 1)
        fragments = np.zeros(
            (len(rows), 10)
        )  # x, y of the centre, source rectangle, scale x y, rotation, opacity
        fragments[:, 0] = place[:, 0] + wide / 2
        fragments[:, 1] = place[:, 1] + high / 2
        fragments[:, 2] = (self.scene.kind[rows] * len(STATES) + self.scene.state[rows]) * (wide + 2)
        fragments[:, 3] = line * (tall + 2)
        fragments[:, 4], fragments[:, 5] = wide, high
        fragments[:, [6, 7, 9]] = 1.0
        pointer = Shiboken.wrapInstance(fragments.ctypes.data, QPainter.PixmapFragment)
        painter.drawPixmapFragments(pointer, len(fragments), atlas)

    def _grid(self, painter: QPainter, scale: float, window: QRectF, ratio: float) -> None:
        step = GRID
        while step * scale / ratio < 14:
            step *= 2
        x = np.arange(math.floor(window.left() / step), math.ceil(window.right() / step) + 1) * step
        y = np.arange(math.floor(window.top() / step), math.ceil(window.bottom() / step) + 1) * step
        side = max(1.0, round(1.6 * ratio * min(max(scale / ratio, 0.7), 1.3)))
        px = np.round(x * scale) - round(window.left() * scale) - side // 2
        py = np.round(y * scale) - round(window.top() * scale) - side // 2
        dots = np.empty((len(px), len(py), 4))
        dots[..., 0], dots[..., 1], dots[..., 2:] = px[:, None], py[None], side
        painter.setRenderHint(QPainter.RenderHint.Antialiasing, False)
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(self.style.theme.grid)
        painter.drawRects(Shiboken.wrapInstance(dots.ctypes.data, QRectF), dots.shape[0] * dots.shape[1])  # pyright: ignore

    def frames(self, painter: QPainter, scale: float, window: QRectF) -> None:
        """The sunken rectangles of the frames in the window, the large ones first."""
        rects = self.scene.frame_rects()
        area = (rects[:, 2] - rects[:, 0]) * (rects[:, 3] - rects[:, 1])
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        for i in np.argsort(-area).tolist():
            left, top, right, bottom = rects[i].tolist()
            rect = QRectF(left, top, right - left, bottom - top)
            if not rect.intersects(window):
                continue
            drawn = _on_device(rect, scale, window)
            tint = QColor(self.scene.frames[i].colour) if self.scene.frames[i].colour else QColor()
            fill = self.style.frame_fill
            painter.setBrush(mix(tint, fill, 0.10) if tint.isValid() else fill)
            painter.setPen(
                QPen(mix(tint, self.style.theme.line, 0.35) if tint.isValid() else self.style.theme.line, 1)
            )
            painter.drawRoundedRect(drawn, 12 * scale, 12 * scale)

    def frame_names(self, painter: QPainter, scale: float, window: QRectF, *, ratio: float = 1.0) -> None:
        """The names of the frames, never smaller than 11 logical pixels, over everything else."""
        zoom = scale / ratio
        px = max(12.0 * min(zoom, 1.2), 11.0) * ratio
        rects = self.scene.frame_rects()
        for frame, (left, top, right, bottom) in zip(self.scene.frames, rects.tolist()):
            drawn = _on_device(QRectF(left, top, right - left, bottom - top), scale, window)
            if not QRectF(0, 0, window.width() * scale, window.height() * scale).intersects(drawn):
                continue
            measure = metrics(px, 600)
            room = max(drawn.width() - 16 * ratio, 140 * ratio)
            text = measure.elidedText(frame.title, Qt.TextElideMode.ElideRight, room)
            x, y = drawn.left() + min(18 * scale, 18 * ratio), drawn.top() + min(13 * scale, 13 * ratio)
            if zoom < WHOLE:  # a ground of its own: the name may now be larger than the room it has
                pill = QRectF(
                    x - 5 * ratio,
                    y - 2 * ratio,
                    measure.horizontalAdvance(text) + 10 * ratio,
                    measure.height() + 4 * ratio,
                )
                painter.setRenderHint(QPainter.RenderHint.Antialiasing)
                painter.setPen(Qt.PenStyle.NoPen)
                painter.setBrush(self.style.frame_fill)
                painter.drawRoundedRect(pill, 5 * ratio, 5 * ratio)
            painter.setFont(font(px, 600))
            painter.setPen(self.style.frame_text)
            painter.drawText(QPointF(x, y + measure.ascent()), text)


def _on_device(rect: QRectF, scale: float, window: QRectF) -> QRectF:
    """The rectangle in device pixels, on half pixels so that a hairline around it is sharp."""
    left, top = round(window.left() * scale), round(window.top() * scale)
    x1, y1 = round(rect.left() * scale) - left, round(rect.top() * scale) - top
    x2, y2 = round(rect.right() * scale) - left, round(rect.bottom() * scale) - top
    return QRectF(x1 + 0.5, y1 + 0.5, x2 - x1 - 1, y2 - y1 - 1)


def _weight(pixmap: QPixmap) -> int:
    return pixmap.width() * pixmap.height() * 4
