"""One `draw` for the screen's tiles, the overview, the minimap and files."""

import math
from collections import OrderedDict
from collections.abc import Iterator, Mapping
from contextlib import contextmanager

import numpy as np
from PySide6.QtCore import QPointF, QRectF, Qt
from PySide6.QtGui import QColor, QPainter, QPen, QPixmap

from clew.gui.canvas.card import SHADOW, Previews, paint_brief, paint_ground, paint_stack, paint_whole
from clew.gui.canvas.frame_names import paint_frame_names
from clew.gui.canvas.hit import blocks_in, links_in
from clew.gui.canvas.notes import paint_notes
from clew.gui.canvas.pane import Pane
from clew.gui.canvas.raw import draw_pieces, draw_rects
from clew.gui.canvas.scene import FOLD_CODE, KINDS, NOTE_CODE, STATES, Floats, Ints, Scene
from clew.gui.canvas.style import BRIEF, RADIUS, WHOLE, Style
from clew.gui.canvas.threads import draw_threads
from clew.gui.canvas.veil import Veil
from clew.gui.theme import mix
from clew.model.refs import BlockKind, BlockRef
from clew.model.view import BLOCK_HEIGHT, TALL_BLOCK_HEIGHT, BlockState

GRID = 24.0
HEIGHTS = (BLOCK_HEIGHT, TALL_BLOCK_HEIGHT)
SQUARES = 0.08  # zoom under which a block is a plain rectangle: rounding would not be seen
_DOT, _LEAST_DOT = 14.0, 2.5  # radius of the mark of what failed: scene pixels, and logical ones at least
_CACHE_BYTES = 40_000_000


class ScenePainter:
    """Draws a scene; keeps pictures of finished cards between calls.

    Attributes:
        awaiting: blocks that were drawn without a thumbnail that was not ready.
        hinted: blocks that are marked as having a hint, with what it says; a file shows no such mark.
    """

    def __init__(self, scene: Scene, style: Style, previews: Previews | None = None) -> None:
        self.scene, self.style, self.previews = scene, style, previews
        self.awaiting: set[BlockRef] = set()
        self.hinted: Mapping[BlockRef, str] = {}
        self._cards: OrderedDict[tuple[BlockRef, float], QPixmap] = OrderedDict()
        self.veil = Veil()
        self._bytes = 0
        self._grounds: dict[tuple[float, float, BlockState, float], QPixmap] = {}
        self._atlases: dict[float, QPixmap] = {}

    def forget(self, refs: set[BlockRef] | None = None) -> None:
        """Drop the pictures of some blocks, or all pictures."""
        if refs is None:
            self._cards.clear()
            self._grounds.clear()
            self._atlases.clear()
            self._bytes = 0
            return
        for key in [k for k in self._cards if k[0] in refs]:
            self._bytes -= _weight(self._cards.pop(key))

    def draw(self, painter: QPainter, pane: Pane, *, ground: bool = True) -> None:
        """Draw what a pane shows; `ground` paints background and grid first."""
        if ground:
            painter.fillRect(pane.area, self.style.theme.bg)
            self._grid(painter, pane)
        self.frames(painter, pane)
        scene = self.scene
        links = links_in(scene, *pane.around(4.0))
        if scene.floating.any():
            links = links[~(scene.floating[scene.source[links]] | scene.floating[scene.target[links]])]
        self.links(painter, pane, links)
        rows = blocks_in(scene, *pane.around(SHADOW + 4))
        self.blocks(painter, pane, rows[~scene.floating[rows]])

    def links(self, painter: QPainter, pane: Pane, links: Ints, *, lit: bool = False) -> None:
        """Draw some links."""
        if len(links):
            draw_threads(painter, self.scene, links, self.style, pane, lit=lit)

    def blocks(self, painter: QPainter, pane: Pane, rows: Ints) -> None:
        """Draw some blocks, in as much detail as the zoom allows; notes lie under the others."""
        notes = self.scene.kind[rows] == NOTE_CODE
        if notes.any():
            paint_notes(painter, self.scene, rows[notes], self.style, pane)
            rows = rows[~notes]
        if not len(rows):
            return
        place = pane.spots(self.scene.position[rows])
        if pane.zoom < SQUARES:
            self._squares(painter, pane, rows, place)
            self._folds(painter, pane, rows)
        elif pane.zoom < BRIEF and not pane.vector:
            self._shapes(painter, pane, rows, place)
            self._folds(painter, pane, rows)
        elif pane.vector or pane.scale > 2.5:  # large pictures are not worth keeping
            for row, (x, y) in zip(rows.tolist(), place.tolist()):
                painter.save()
                painter.translate(x, y)
                painter.scale(pane.scale, pane.scale)
                self._card(painter, row, pane)
                painter.restore()
        else:
            margin = math.ceil(SHADOW * pane.scale)
            for row, (x, y) in zip(rows.tolist(), place.tolist()):
                painter.drawPixmap(QPointF(x - margin, y - margin), self._picture(row, pane))

    def _picture(self, row: int, pane: Pane) -> QPixmap:
        """The finished card with its shadow, from the cache."""
        block, scale = self.scene.blocks[row], pane.scale
        key = (block.ref, scale)
        found = self._cards.get(key)
        if found is not None:
            self._cards.move_to_end(key)
            return found
        width, height = self.scene.size[row].tolist()
        picture = QPixmap(self._ground((width, height), block.state, scale))
        with _on(picture, scale) as painter:
            self._content(painter, row, pane)
        self._cards[key] = picture
        self._bytes += _weight(picture)
        while self._bytes > _CACHE_BYTES and len(self._cards) > 1:
            self._bytes -= _weight(self._cards.popitem(last=False)[1])
        return picture

    def _ground(self, size: tuple[float, float], state: BlockState, scale: float) -> QPixmap:
        """An empty card with its shadow."""
        key = (*size, state, scale)
        found = self._grounds.get(key)
        if found is None:
            margin = math.ceil(SHADOW * scale)
            found = QPixmap(math.ceil(size[0] * scale) + 2 * margin, math.ceil(size[1] * scale) + 2 * margin)
            found.fill(Qt.GlobalColor.transparent)
            with _on(found, scale) as painter:
                paint_ground(painter, QRectF(0, 0, *size), state, self.style)
            if len(self._grounds) > 24:
                self._grounds.clear()
            self._grounds[key] = found
        return found

    def _card(self, painter: QPainter, row: int, pane: Pane) -> None:
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        size = self.scene.size[row].tolist()
        paint_ground(painter, QRectF(0, 0, *size), self.scene.blocks[row].state, self.style)
        self._content(painter, row, pane)

    def _content(self, painter: QPainter, row: int, pane: Pane) -> None:
        block = self.scene.blocks[row]
        if block.ref.kind is BlockKind.FRAME:
            paint_stack(painter, block, self.style)
        if pane.zoom < WHOLE:
            paint_brief(painter, block, self.style, pane.scale, pane.zoom)
            return
        hinted = block.ref in self.hinted and not pane.vector
        if paint_whole(painter, block, self.style, self.previews, pane.scale, hinted=hinted):
            self.awaiting.add(block.ref)

    def _colour(self, code: int) -> QColor:
        """The plain colour of a block seen from far; paler where it is not saved."""
        kind, state = divmod(code, len(STATES))
        pale = STATES[state] in (BlockState.UNSAVED, BlockState.DELETED)
        return mix(self.style.theme.kind(KINDS[kind]), self.style.theme.bg, 0.35 if pale else 0.82)

    def _squares(self, painter: QPainter, pane: Pane, rows: Ints, place: Floats) -> None:
        painter.setRenderHint(QPainter.RenderHint.Antialiasing, False)
        painter.setPen(Qt.PenStyle.NoPen)
        rects = np.concatenate([place, np.maximum(np.round(self.scene.size[rows] * pane.scale), 1.0)], 1)
        codes = self.scene.kind[rows] * len(STATES) + self.scene.state[rows]
        for code in np.unique(codes).tolist():
            painter.setBrush(self._colour(code))
            draw_rects(painter, rects[codes == code])

    def _folds(self, painter: QPainter, pane: Pane, rows: Ints) -> None:
        """Folded frames from far: each in its own colour, with a dot where something in it failed."""
        folds = rows[self.scene.kind[rows] == FOLD_CODE]
        theme = self.style.theme
        corner = RADIUS * pane.scale if pane.zoom >= SQUARES else 0.0
        places = pane.spots(self.scene.position[folds]).tolist()
        for row, (x, y) in zip(folds.tolist(), places):
            block = self.scene.blocks[row]
            size = np.maximum(np.round(self.scene.size[row] * pane.scale), 1.0).tolist()
            painter.setRenderHint(QPainter.RenderHint.Antialiasing, bool(corner))
            painter.setPen(Qt.PenStyle.NoPen)
            if block.colour:
                painter.setBrush(mix(self.style.look(block).colour, theme.bg, 0.82))
                painter.drawRoundedRect(QRectF(x, y, *size), corner, corner)
            if block.state is BlockState.FAILED:
                painter.setRenderHint(QPainter.RenderHint.Antialiasing)
                side = max(_DOT * pane.scale, _LEAST_DOT * pane.ratio)
                painter.setPen(QPen(theme.surface, max(side * 0.3, pane.ratio)))
                painter.setBrush(theme.bad)
                painter.drawEllipse(QPointF(x + size[0] - side, y + side), side, side)

    def _shapes(self, painter: QPainter, pane: Pane, rows: Ints, place: Floats) -> None:
        """Rounded rectangles, copied from one picture that holds every kind and state at this scale."""
        size = np.maximum(np.round(self.scene.size[rows] * pane.scale), 1.0)
        wide = float(size[0, 0])
        heights = np.maximum(np.round(np.array(HEIGHTS) * pane.scale), 1.0)
        atlas = self._atlas(pane.scale, wide, heights)
        source = np.empty((len(rows), 4))
        source[:, 0] = (self.scene.kind[rows] * len(STATES) + self.scene.state[rows]) * (wide + 2)
        source[:, 1] = np.where(size[:, 1] > heights[0], heights[0] + 2, 0.0)
        source[:, 2:] = size
        draw_pieces(painter, atlas, place, source)

    def _atlas(self, scale: float, wide: float, heights: Floats) -> QPixmap:
        found = self._atlases.get(scale)
        if found is None:
            columns = len(KINDS) * len(STATES)
            found = QPixmap(round((wide + 2) * columns), round(heights.sum() + 4))
            found.fill(Qt.GlobalColor.transparent)
            painter = QPainter(found)
            painter.setRenderHint(QPainter.RenderHint.Antialiasing)
            painter.setPen(Qt.PenStyle.NoPen)
            for column in range(columns):
                painter.setBrush(self._colour(column))
                for top, height in ((0.0, heights[0]), (heights[0] + 2, heights[1])):
                    rect = QRectF(column * (wide + 2), top, wide, float(height))
                    painter.drawRoundedRect(rect, RADIUS * scale, RADIUS * scale)
            painter.end()
            if len(self._atlases) > 8:
                self._atlases.clear()
            self._atlases[scale] = found
        return found

    def _grid(self, painter: QPainter, pane: Pane) -> None:
        step = GRID
        while step * pane.zoom < 14:
            step *= 2
        left, top, right, bottom = pane.edges
        x = np.arange(math.floor(left / step), math.ceil(right / step) + 1) * step
        y = np.arange(math.floor(top / step), math.ceil(bottom / step) + 1) * step
        side = max(1.0, round(1.6 * pane.ratio))
        dots = np.empty((len(x), len(y), 4))
        dots[..., 0], dots[..., 1], dots[..., 2:] = x[:, None], y[None], side
        flat = dots.reshape(-1, 4)
        flat[:, :2] = pane.spots(flat[:, :2]) - side // 2
        painter.setRenderHint(QPainter.RenderHint.Antialiasing, False)
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(self.style.theme.grid)
        draw_rects(painter, flat)

    def frames(self, painter: QPainter, pane: Pane) -> None:
        """The sunken rectangles of the frames in the window, the large ones first."""
        rects = self.scene.frame_rects()
        area = (rects[:, 2] - rects[:, 0]) * (rects[:, 3] - rects[:, 1])
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        order = np.argsort(-area)
        for i in order[self.scene.frames_there[order]].tolist():
            drawn = pane.outline(*rects[i].tolist())
            if drawn.intersects(pane.area):
                fill, line = self._frame_colours(self.scene.frames[i].colour)
                painter.setBrush(fill)
                painter.setPen(QPen(line, pane.ratio))
                painter.drawRoundedRect(drawn, 12 * pane.scale, 12 * pane.scale)

    def _frame_colours(self, name: str) -> tuple[QColor, QColor]:
        fill, line = self.style.frame_fill, self.style.theme.line
        tint = QColor(name) if name else QColor()
        return (mix(tint, fill, 0.10), mix(tint, line, 0.35)) if tint.isValid() else (fill, line)

    def frame_names(self, painter: QPainter, pane: Pane) -> None:
        """The names of the frames, never smaller than 11 logical pixels, over everything else."""
        paint_frame_names(painter, self.scene, self.style, pane)


@contextmanager
def _on(picture: QPixmap, scale: float) -> Iterator[QPainter]:
    """A painter in scene pixels on the picture of a card, its corner inside the margin of the shadow."""
    painter = QPainter(picture)
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    margin = math.ceil(SHADOW * scale)
    painter.translate(margin, margin)
    painter.scale(scale, scale)
    try:
        yield painter
    finally:
        painter.end()


def _weight(pixmap: QPixmap) -> int:
    return pixmap.width() * pixmap.height() * 4
