"""The canvas: a widget that shows a graph view, and tells what the hand wants done with it."""

from collections.abc import Sequence

import numpy as np
from PySide6.QtCore import QPointF, QRectF, QSize, QSizeF, Qt, QTimer, Signal
from PySide6.QtGui import QImage, QPainter, QPaintEvent, QResizeEvent
from PySide6.QtWidgets import QAbstractScrollArea, QFrame, QWidget

from clew.gui.canvas.camera import Camera
from clew.gui.canvas.card import Previews
from clew.gui.canvas.input import Input
from clew.gui.canvas.lineage import lineage
from clew.gui.canvas.merge import arranged, merge
from clew.gui.canvas.minimap import Minimap
from clew.gui.canvas.motion import NOBODY, Glide, Motion
from clew.gui.canvas.overlay import Marks, paint_overlay
from clew.gui.canvas.paint import ScenePainter
from clew.gui.canvas.scene import Floats, Ints, Scene
from clew.gui.canvas.style import Style
from clew.gui.canvas.tiles import BUDGET, Tiles
from clew.gui.theme import Theme
from clew.model.refs import BlockRef
from clew.model.view import Edit, GraphView

_SETTLE = 70  # milliseconds without zooming until the picture is drawn sharp
_FIRST = 0.04  # seconds that the first picture of a graph may take at once
Place = tuple[float, float]


class Canvas(Input, QAbstractScrollArea):
    """Shows blocks, links and frames; never changes the graph, only where blocks stand on screen.

    Signals carry values of `clew.model`: the page decides what becomes of them.
    """

    selection_changed = Signal(tuple)  # tuple[BlockRef, ...]
    activated = Signal(object)  # BlockRef
    moved = Signal(object)  # Edit
    menu_requested = Signal(object, object)  # BlockRef | None, QPoint on the screen
    link_requested = Signal(object, object)  # BlockRef, BlockRef
    port_dropped = Signal(object, object)  # BlockRef, QPoint on the screen
    delete_requested = Signal(tuple)  # tuple[BlockRef, ...]
    zoom_changed = Signal(float)

    def __init__(self, theme: Theme, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setFrameShape(QFrame.Shape.NoFrame)
        self.setVerticalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setAccessibleName("Graph")
        self.scene = Scene()
        self.camera = Camera()
        self.marks = Marks()
        self.style_sheet = Style(theme)
        self.scene_painter = ScenePainter(self.scene, self.style_sheet)
        self._tiles = Tiles(self._draw_tile, self._draw_overview)
        self._tiles.background = theme.bg
        self._first = True
        self._never_fitted = True
        self._thread_shown = True
        self.selected_rows: Ints = NOBODY
        self._settle = QTimer(self, singleShot=True, interval=_SETTLE)
        self._settle.timeout.connect(self.viewport().update)
        self._again = QTimer(self, singleShot=True, interval=0)
        self._again.timeout.connect(self.viewport().update)
        self._thumbs = QTimer(self, singleShot=True, interval=40)
        self._thumbs.timeout.connect(self._draw_thumbs)
        self.motion = Motion(self, self._glide_step, self._glide_done)
        self.minimap = Minimap(self)
        self.minimap.stand()
        self.set_up_input()

    # --- what is shown -------------------------------------------------------------------------

    def set_graph(self, view: GraphView, *, animate: bool = False) -> dict[BlockRef, Place]:
        """Show a graph; view, selection and places of blocks that stay are kept.

        Args:
            view: the graph; its positions win over those on screen.
            animate: let new blocks glide in (unless motion is to be reduced).

        Returns:
            Places that were given to blocks without one, for the caller to keep.
        """
        self.cancel_gesture()
        self.motion.finish()
        chosen = self.selection()
        empty = not len(self.scene)
        found = merge(self.scene, view)
        self.scene = self.scene_painter.scene = found.scene
        self.scene_painter.forget(set(found.changed))
        self._tiles.bounds = found.scene.bounds()
        self.marks.hover = self.marks.port = None
        if empty:
            self._first = True
            self._tiles.clear()
        else:
            self._tiles.invalidate(found.dirty)
        self.choose(found.scene.rows(chosen), tell=False)
        if self.selection() != chosen:
            self.selection_changed.emit(self.selection())
        if empty and len(found.scene) and self._never_fitted:
            self._open_view()
        if animate and found.fresh and not empty:
            self._glide_in(found.scene.rows(found.fresh))
        self.minimap.outdate()
        self.minimap.stand()
        self.viewport().update()
        return found.given

    def set_theme(self, theme: Theme) -> None:
        self.style_sheet = Style(theme)
        self.scene_painter.style = self.style_sheet
        self.scene_painter.forget()
        self._tiles.background = theme.bg
        self._redraw_all()

    def set_previews(self, provider: Previews | None) -> None:
        """Take thumbnails from `provider(preview, side)`; it returns None for one that is not ready yet."""
        self.scene_painter.previews = provider
        self.scene_painter.forget({b.ref for b in self.scene.blocks if b.tall})
        self._tiles.invalidate(self.scene.touched(self._rows_where(lambda b: b.tall)))
        self.viewport().update()

    def preview_ready(self) -> None:
        """Thumbnails have become ready: draw the blocks that wait for one."""
        if not self._thumbs.isActive():
            self._thumbs.start()

    def set_lineage_highlight(self, shown: bool) -> None:
        """Whether what leads to the selection and what came from it is lit."""
        self._thread_shown = shown
        self._light()
        self.viewport().update()

    def positions(self) -> dict[BlockRef, Place]:
        """Top left corners of all blocks."""
        return {b.ref: (x, y) for b, (x, y) in zip(self.scene.blocks, self.scene.position.tolist())}

    def apply_positions(self, positions: dict[BlockRef, Place]) -> None:
        """Put blocks somewhere without telling: after an undo, or because another window moved them."""
        self.cancel_gesture()
        self.motion.finish()
        rows = self.scene.rows(list(positions))
        self._glide_to(rows, np.array([positions[self.scene.ref(r)] for r in rows.tolist()]).reshape(-1, 2))

    # --- selection -------------------------------------------------------------------------------

    def selection(self) -> tuple[BlockRef, ...]:
        return tuple(self.scene.ref(r) for r in self.selected_rows.tolist())

    def select(self, refs: Sequence[BlockRef], *, reveal: bool = False) -> None:
        """Select blocks; with `reveal` bring them into view."""
        self.choose(self.scene.rows(refs))
        if reveal:
            self.reveal(self.selected_rows)

    def choose(self, rows: Ints, *, tell: bool = True) -> None:
        """Select rows."""
        same = np.array_equal(rows, self.selected_rows)
        self.selected_rows = self.marks.selected = rows
        self._light()
        self.viewport().update()
        if tell and not same:
            self.announce()
            self.selection_changed.emit(self.selection())

    def _light(self) -> None:
        shown = self._thread_shown and len(self.selected_rows)
        self.marks.lit = lineage(self.scene, self.selected_rows) if shown else None

    # --- the view --------------------------------------------------------------------------------

    def zoom(self) -> float:
        return self.camera.zoom

    def set_zoom(self, zoom: float, anchor: QPointF | None = None) -> None:
        """Zoom at a point of the view, its middle if none is given."""
        anchor = anchor if anchor is not None else QRectF(self.viewport().rect()).center()
        if self.camera.zoomed(zoom, anchor).zoom != self.camera.zoom:
            self._settle.start()
        self.look(self.camera.zoomed(zoom, anchor))

    def fit(self) -> None:
        """Show the whole graph."""
        self._never_fitted = False
        if len(self.scene):
            self.look(Camera.fitting(self.scene.bounds(), self._size()))

    def fit_selection(self) -> None:
        """Show the selected blocks as large as they go, or the whole graph if none is selected."""
        if not len(self.selected_rows):
            self.fit()
            return
        self.look(Camera.fitting(self.scene.bounds(self.selected_rows), self._size(), margin=80.0))

    def center_on(self, ref: BlockRef) -> None:
        rows = self.scene.rows([ref])
        if len(rows):
            self.look(self.camera.centred(self.scene.bounds(rows).center(), self._size()))

    def reveal(self, rows: Ints) -> None:
        """Move the view as little as it takes to show some rows whole; a little closer if they are tiny."""
        if not len(rows):
            return
        rect, window = self.scene.bounds(rows).adjusted(-40, -40, 40, 40), self.visible_window()
        if window.contains(rect):
            return
        if rect.width() > window.width() or rect.height() > window.height():
            self.look(Camera.fitting(rect, self._size(), most=self.camera.zoom))
            return
        dx = min(rect.left() - window.left(), 0.0) + max(rect.right() - window.right(), 0.0)
        dy = min(rect.top() - window.top(), 0.0) + max(rect.bottom() - window.bottom(), 0.0)
        self.look(self.camera.panned(-dx * self.camera.zoom, -dy * self.camera.zoom))

    def look(self, camera: Camera) -> None:
        """Take a view; some of the graph always stays in it."""
        bounds, window = self.scene.bounds(), camera.window(self._size())
        if not bounds.isNull():
            keep_x, keep_y = window.width() * 0.1, window.height() * 0.1
            x = min(max(camera.x, bounds.left() - window.width() + keep_x), bounds.right() - keep_x)
            y = min(max(camera.y, bounds.top() - window.height() + keep_y), bounds.bottom() - keep_y)
            camera = Camera(camera.zoom, x, y)
        before, self.camera = self.camera, camera
        self.viewport().update()
        self.minimap.update()
        if before.zoom != camera.zoom:
            self.zoom_changed.emit(camera.zoom)

    def visible_window(self) -> QRectF:
        """The part of the scene in view."""
        return self.camera.window(self._size())

    def scene_rect(self) -> QRectF:
        """The rectangle around all blocks and frames."""
        return self.scene.bounds()

    def _size(self) -> QSizeF:
        return self.viewport().size().toSizeF()

    def _open_view(self) -> None:
        """The first view: all of it, or where that would be too small to read, its beginning."""
        if not self.isVisible() and not self.testAttribute(Qt.WidgetAttribute.WA_Resized):
            return
        self.fit()

    # --- moving ----------------------------------------------------------------------------------

    def arrange(self, *, only_selection: bool = False) -> None:
        """Lay out all blocks, or the selected ones; one edit."""
        self.cancel_gesture()
        self.motion.finish()
        rows = self.selected_rows if only_selection else np.arange(len(self.scene))
        if not len(rows):
            return
        after = arranged(self.scene, rows if only_selection else None)[rows]
        edit = self._edit(rows, self.scene.position[rows].copy(), after, "Arrange")
        self._glide_to(rows, after)
        if not only_selection:
            self.look(
                Camera.fitting(
                    QRectF(*after.min(0), *(np.ptp(after, 0) + self.scene.size.max(0))), self._size()
                )
            )
        if edit is not None:
            self.moved.emit(edit)

    def nudge(self, dx: float, dy: float) -> None:
        """Move the selected blocks a little; one edit."""
        rows = self.selected_rows
        before = self.scene.position[rows].copy()
        self.lift(rows)
        self.carry(rows, before + (dx, dy))
        self.drop(rows, before)

    def lift(self, rows: Ints) -> None:
        """Take rows off the tiles; the overlay draws them until `drop`."""
        self._tiles.invalidate(self.scene.touched(rows))
        self.scene.floating[rows] = True
        self.viewport().update()

    def carry(self, rows: Ints, position: Floats) -> None:
        """Put lifted rows somewhere."""
        self.scene.move(rows, position)
        self.viewport().update()

    def drop(self, rows: Ints, before: Floats | None) -> None:
        """Set lifted rows down; tells of the move if `before`, where they were, is given and different."""
        self.scene.floating[rows] = False
        self._tiles.invalidate(self.scene.touched(rows))
        self._tiles.bounds = self.scene.bounds()
        self.minimap.outdate()
        self.viewport().update()
        if before is not None:
            edit = self._edit(rows, before, self.scene.position[rows], "Move")
            if edit is not None:
                self.moved.emit(edit)

    def _edit(self, rows: Ints, before: Floats, after: Floats, verb: str) -> Edit | None:
        changed = np.flatnonzero((before != after).any(1))
        if not len(changed):
            return None
        refs = [self.scene.ref(r) for r in rows[changed].tolist()]
        name = f"{len(refs):,} blocks" if len(refs) > 1 else self.scene.blocks[self.scene.row[refs[0]]].title
        was, now = before[changed].tolist(), after[changed].tolist()
        return Edit(
            f"{verb} {name}",
            {r: (x, y) for r, (x, y) in zip(refs, was)},
            {r: (x, y) for r, (x, y) in zip(refs, now)},
        )

    def _glide_to(self, rows: Ints, after: Floats) -> None:
        start = self.scene.position[rows].copy()
        self._tiles.bounds = self.scene.bounds()
        self.lift(rows)
        self.motion.play(Glide(rows, start, after, NOBODY))

    def _glide_in(self, rows: Ints) -> None:
        end = self.scene.position[rows].copy()
        self.lift(rows)
        self.motion.play(Glide(rows, end - (18.0, 0.0), end, rows))

    def _glide_step(self, glide: Glide, share: float) -> None:
        self.marks.fading, self.marks.shown = glide.fading, share
        self.carry(glide.rows, glide.at(share))

    def _glide_done(self, glide: Glide) -> None:
        self.marks.fading = NOBODY
        self.drop(glide.rows, None)

    # --- painting --------------------------------------------------------------------------------

    def paintEvent(self, event: QPaintEvent) -> None:  # noqa: ARG002 - Qt's name
        painter = QPainter(self.viewport())
        self._paint(painter, BUDGET if not self._first else _FIRST)
        painter.end()
        self._first = False

    def _paint(self, painter: QPainter, budget: float) -> None:
        ratio = self.devicePixelRatioF()
        if ratio != self._tiles.ratio:
            self._tiles.ratio = ratio
            self._tiles.clear()
        painter.scale(1 / ratio, 1 / ratio)  # device pixels from here on
        scale = self.camera.zoom * ratio
        window = self.visible_window()
        refine = not self._settle.isActive()
        more = self._tiles.paint(painter, scale, window, refine=refine, budget=budget)
        paint_overlay(painter, self.scene_painter, self.marks, scale, window, ratio)
        if more and refine:
            self._again.start()

    def settle(self) -> None:
        """Draw everything in view sharp, now: before a screenshot."""
        self._settle.stop()
        self.motion.finish()
        image = QImage(QSize(1, 1), QImage.Format.Format_RGB32)
        painter = QPainter(image)
        self._paint(painter, 60.0)
        painter.end()
        self.viewport().update()

    def render_image(self, *, scale: float = 2.0, window: QRectF | None = None) -> QImage:
        """A picture of a part of the scene, or of all of it with a margin.

        Args:
            scale: image pixels per scene pixel.
            window: the part of the scene.

        Returns:
            An image; of one pixel if there is nothing to show.
        """
        part = window if window is not None else self.scene.bounds().adjusted(-40, -40, 40, 40)
        size = (part.size() * scale).toSize().expandedTo(QSize(1, 1))
        image = QImage(size, QImage.Format.Format_RGB32)
        image.fill(self.style_sheet.theme.bg)
        painter = QPainter(image)
        self.paint_scene(painter, scale, part)
        painter.end()
        return image

    def paint_scene(
        self, painter: QPainter, scale: float, window: QRectF, *, ratio: float = 1.0, vector: bool = False
    ) -> None:
        """Draw a window of the scene with any painter: a picture, an SVG, a PDF, a printer."""
        self.scene_painter.draw(painter, scale, window, ratio=ratio, vector=vector)
        self.scene_painter.frame_names(painter, scale, window, ratio=ratio)

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        if self._never_fitted and len(self.scene):
            self._open_view()
        self.look(self.camera)
        self.minimap.stand()

    def _draw_tile(self, painter: QPainter, scale: float, window: QRectF) -> None:
        self.scene_painter.draw(painter, scale, window, ratio=self._tiles.ratio)

    def _draw_overview(self, painter: QPainter, scale: float, window: QRectF) -> None:
        self.scene_painter.draw(painter, scale, window, ground=False)

    def _redraw_all(self) -> None:
        self._tiles.clear()
        self._first = True
        self.minimap.outdate()
        self.viewport().update()

    def _draw_thumbs(self) -> None:
        waiting, self.scene_painter.awaiting = self.scene_painter.awaiting, set()
        self.scene_painter.forget(waiting)
        self._tiles.invalidate(self.scene.touched(self.scene.rows(list(waiting))))
        self.viewport().update()

    def _rows_where(self, test: "object") -> Ints:
        return np.array([i for i, b in enumerate(self.scene.blocks) if test(b)], np.int64)  # type: ignore[operator]
