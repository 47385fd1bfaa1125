"""A picture of a graph on screen: scene, camera, selection and painting. What the hand does comes on top."""

from collections.abc import Mapping, Sequence

import numpy as np
from PySide6.QtCore import QPointF, QRectF, QSize, QSizeF, Qt, QTimer, Signal
from PySide6.QtGui import (
    QAccessible,
    QAccessibleAnnouncementEvent,
    QAccessibleEvent,
    QImage,
    QPainter,
    QPaintEvent,
    QResizeEvent,
)
from PySide6.QtWidgets import QAbstractScrollArea, QFrame, QWidget

from clew.base.memory import trim_memory
from clew.base.words import count
from clew.gui.canvas.camera import Camera
from clew.gui.canvas.card import Previews
from clew.gui.canvas.lineage import lineage
from clew.gui.canvas.minimap import Minimap
from clew.gui.canvas.overlay import Marks, paint_overlay
from clew.gui.canvas.paint import ScenePainter
from clew.gui.canvas.pane import Pane
from clew.gui.canvas.scene import Ints, Scene
from clew.gui.canvas.style import WHOLE, Style
from clew.gui.canvas.tiles import BUDGET, Tiles
from clew.gui.canvas.ways import Ways
from clew.gui.theme import Theme
from clew.model.refs import BlockRef

_SETTLE = 70  # milliseconds without zooming until the picture is drawn sharp
_FIRST = 0.04  # seconds that the first picture of a graph may take at once
_REST = 800  # milliseconds without a frame until memory is given back
_BREATH = 4  # milliseconds between two frames of drawing, for the hand
_NO_ROWS = np.zeros(0, np.int64)
_TOLD = 3  # hints of a folded frame that are said in words


def told_together(hints: Sequence[str]) -> str:
    """The hints of what is in a folded frame as one text: the first of them, and how many more there are."""
    more = len(hints) - _TOLD
    return " ".join([*hints[:_TOLD], *([f"And {count(more, 'more hint')}."] if more > 0 else [])])


class Surface(QAbstractScrollArea):
    """Shows a scene through a camera, from tiles, with marks over it.

    Attributes:
        scene: what is shown.
        camera: where from.
        marks: what lies over the tiles.
        ways: how links go around blocks.
        selected_rows: rows of the selected blocks, the one selected last at the end.
    """

    selection_changed = Signal(tuple)  # tuple[BlockRef, ...]
    zoom_changed = Signal(float)

    def __init__(self, theme: Theme, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setFrameShape(QFrame.Shape.NoFrame)
        self.setVerticalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.viewport().setAttribute(Qt.WidgetAttribute.WA_OpaquePaintEvent)
        self.setAccessibleName("Graph")
        self.scene = Scene()
        self.camera = Camera()
        self.marks = Marks()
        self.look_of = Style(theme)
        self.scene_painter = ScenePainter(self.scene, self.look_of)
        self.tiles = Tiles(self._draw_tile, self._draw_overview)
        self.tiles.background = theme.bg
        self.selected_rows: Ints = _NO_ROWS
        self._hints: dict[BlockRef, str] = {}
        self._first = True
        self._untouched = True  # nobody has chosen a view yet: keep showing all
        self._thread_shown = True
        self._found: tuple[BlockRef, ...] = ()
        self._found_in: Scene | None = None  # where `marks.found` has its rows
        self._settle = QTimer(self, singleShot=True, interval=_SETTLE)
        self._settle.timeout.connect(self.viewport().update)
        self._again = QTimer(self, singleShot=True, interval=_BREATH)
        self._again.timeout.connect(self.viewport().update)
        self._thumbs = QTimer(self, singleShot=True, interval=40)
        self._thumbs.timeout.connect(self._draw_thumbs)
        self._rest = QTimer(self, singleShot=True, interval=_REST)
        self._rest.timeout.connect(trim_memory)
        self.ways = Ways(self)
        self.minimap = Minimap(self)
        self.minimap.stand()

    # --- what is shown -------------------------------------------------------------------------

    def set_theme(self, theme: Theme) -> None:
        self.look_of = Style(theme)
        self.scene_painter.style = self.look_of
        self.scene_painter.forget()
        self.tiles.background = theme.bg
        self._redraw_all()

    def set_previews(self, provider: Previews | None) -> None:
        """Take thumbnails from `provider(preview, side)`; it returns None for one that is not ready yet."""
        self.scene_painter.previews = provider
        self._redraw({b.ref for b in self.scene.blocks if b.tall})
        self.viewport().update()

    def preview_ready(self) -> None:
        """Thumbnails have become ready: draw the blocks that wait for one."""
        if not self._thumbs.isActive():
            self._thumbs.start()

    def set_hinted(self, hints: Mapping[BlockRef, str]) -> None:
        """Mark blocks that have a hint, with what it says; only those are drawn anew whose mark is new."""
        self._hints = dict(hints)
        self.mark_hinted()

    def mark_hinted(self) -> None:
        """Show the hints on the blocks that are there: a folded frame has those of what is in it."""
        inside: dict[BlockRef, list[str]] = {}
        for ref, said in self._hints.items():
            if (fold := self.scene.inside.get(ref)) is not None:
                inside.setdefault(fold, []).append(said)
        folds = {fold: told_together(said) for fold, said in inside.items()}
        before, self.scene_painter.hinted = self.scene_painter.hinted, self._hints | folds
        changed = before.keys() ^ self.scene_painter.hinted.keys()
        if changed:
            self.scene_painter.forget(changed)
        if changed and self.camera.zoom >= WHOLE:  # from farther away no card shows it
            self.tiles.invalidate(self.scene.covered(self.scene.rows(list(changed))))
            self.viewport().update()

    def set_lineage_highlight(self, shown: bool) -> None:
        """Whether what leads to the selection and what came from it is lit."""
        self._thread_shown = shown
        self._light()
        self.viewport().update()

    def positions(self) -> dict[BlockRef, tuple[float, float]]:
        """Top left corners of all blocks."""
        return {b.ref: (x, y) for b, (x, y) in zip(self.scene.blocks, self.scene.position.tolist())}

    # --- selection -------------------------------------------------------------------------------

    def selection(self) -> tuple[BlockRef, ...]:
        return tuple(self.scene.ref(r) for r in self.selected_rows.tolist())

    def select(self, refs: Sequence[BlockRef], *, reveal: bool = False) -> None:
        """Select blocks; with `reveal` bring them into view."""
        self.choose(self.scene.rows(refs))
        if reveal:
            self.reveal(self.selected_rows)

    def choose(self, rows: Ints, *, tell: bool = True) -> None:
        """Select rows; those that are not there yet at the time in view cannot be."""
        rows = rows[~self.scene.later[rows]]
        same = np.array_equal(rows, self.selected_rows)
        self.selected_rows = self.marks.selected = rows
        self._light()
        self.viewport().update()
        if tell and not same:
            self.announce()
            self.selection_changed.emit(self.selection())

    def set_found(self, refs: Sequence[BlockRef]) -> None:
        """Let some blocks stand out until others, or none, are given; all else fades."""
        if refs or self._found:
            self._found, self._found_in = tuple(refs), None
            self._light()
            self.viewport().update()

    def _light(self) -> None:
        shown = self._thread_shown and len(self.selected_rows)
        self.marks.lit = lineage(self.scene, self.selected_rows) if shown else None
        if self._found_in is not self.scene:
            self._found_in = self.scene
            rows, links = self.scene.rows(self._found), np.zeros(len(self.scene.links), bool)
            self.marks.found = (self.scene.mask(rows), links) if len(rows) else None

    def announce(self) -> None:
        """Tell assistive technology what is selected now."""
        rows = self.selected_rows
        if len(rows) == 1:
            block = self.scene.blocks[int(rows[0])]
            hint = self.scene_painter.hinted.get(block.ref)
            said = (block.caption, block.title, block.fact, *block.chips, hint)
            self.tell_item(int(rows[0]), ", ".join(t for t in said if t))
        else:
            self.tell(f"{len(rows):,} blocks selected" if len(rows) else "Nothing selected")

    def tell(self, text: str) -> None:
        """Say something to assistive technology; it can be read again as the description of the graph."""
        self.setAccessibleDescription(text)
        if QAccessible.isActive():
            QAccessible.updateAccessibility(QAccessibleAnnouncementEvent(self, text))

    def tell_item(self, place: int, text: str) -> None:
        """The keyboard is at another item of the accessible list, which is read then: it is selected.

        Args:
            place: where the item is in the list.
            text: what can be read again as the description of the graph.
        """
        self.setAccessibleDescription(text)
        if QAccessible.isActive():
            kinds = [QAccessible.Event.Selection]
            for kind in (*kinds, QAccessible.Event.Focus) if self.hasFocus() else kinds:
                event = QAccessibleEvent(self, kind)
                event.setChild(place)
                QAccessible.updateAccessibility(event)

    # --- the view --------------------------------------------------------------------------------

    def zoom(self) -> float:
        return self.camera.zoom

    def set_zoom(self, zoom: float, anchor: QPointF | None = None) -> None:
        """Zoom at a point of the view, its middle if none is given."""
        anchor = anchor if anchor is not None else QRectF(self.viewport().rect()).center()
        if self.camera.zoomed(zoom, anchor).zoom != self.camera.zoom:
            self._settle.start()
        self.look(self.camera.zoomed(zoom, anchor))

    @property
    def untouched(self) -> bool:
        """Whether all is shown, and will be as the graph grows: nobody has taken another view."""
        return self._untouched

    def fit(self) -> None:
        """Show the whole graph, and go on doing so while it grows, until another view is taken."""
        if len(self.scene):
            self.look(Camera.fitting(self.scene.bounds(), self._size()))
        self._untouched = True

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
        self._untouched = False
        self.viewport().update()  # and the overview in it; asked for apart, all would be painted twice
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

    def keep_fitted(self, *, grown: bool = False) -> None:
        """Show all again if that is what was shown, and the graph has grown or now lies outside."""
        inside = self.visible_window().contains(self.scene.bounds())
        if self._untouched and (grown or not inside or self._first):
            self.fit()

    # --- painting --------------------------------------------------------------------------------

    def paintEvent(self, event: QPaintEvent) -> None:  # noqa: ARG002 - Qt's name
        painter = QPainter(self.viewport())
        self._paint(painter, BUDGET if not self._first else _FIRST)
        painter.end()
        self._first = False
        self._rest.start()

    def _paint(self, painter: QPainter, budget: float) -> None:
        ratio = self.devicePixelRatioF()
        if ratio != self.tiles.ratio:
            self.tiles.ratio = ratio
            self.tiles.clear()
        painter.scale(1 / ratio, 1 / ratio)  # device pixels from here on
        pane = Pane(self.camera.zoom * ratio, self.visible_window(), ratio)
        refine = not self._settle.isActive()
        more = self.tiles.paint(painter, pane.scale, pane.window, refine=refine, budget=budget)
        paint_overlay(painter, self.scene_painter, self.marks, pane)
        if more and refine:
            self._again.start()

    def settle(self) -> None:
        """Draw everything in view sharp, now: before a screenshot."""
        self._settle.stop()
        self.ways.finish()
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
        image.fill(self.look_of.theme.bg)
        painter = QPainter(image)
        self.paint_scene(painter, Pane(scale, part))
        painter.end()
        return image

    def paint_scene(self, painter: QPainter, pane: Pane) -> None:
        """Draw a part of the scene with any painter: a picture, an SVG, a PDF, a printer."""
        self.scene_painter.draw(painter, pane)
        self.scene_painter.frame_names(painter, pane)

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        if self._untouched:
            self.fit()
        else:
            self.look(self.camera)
        self.minimap.stand()

    def _draw_tile(self, painter: QPainter, scale: float, window: QRectF) -> None:
        self.scene_painter.draw(painter, Pane(scale, window, self.tiles.ratio))

    def _draw_overview(self, painter: QPainter, scale: float, window: QRectF) -> None:
        self.scene_painter.draw(painter, Pane(scale, window), ground=False)

    def _redraw(self, refs: set[BlockRef]) -> None:
        """Draw some blocks anew."""
        self.scene_painter.forget(refs)
        self.tiles.invalidate(self.scene.covered(self.scene.rows(list(refs))))
        self.viewport().update()

    def _redraw_all(self) -> None:
        self.tiles.clear()
        self._first = True
        self.minimap.outdate()
        self.viewport().update()

    def _draw_thumbs(self) -> None:
        waiting, self.scene_painter.awaiting = self.scene_painter.awaiting, set()
        self._redraw(waiting)
