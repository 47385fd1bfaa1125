"""What is painted: colours and detail at places where they must be."""

from dataclasses import replace

import numpy as np
import pytest
from PySide6.QtCore import QPointF, QRectF
from PySide6.QtGui import QColor, QImage

from clew.gui.canvas.camera import Camera
from clew.gui.canvas.card import wrapped
from clew.gui.canvas.pane import Pane
from clew.gui.canvas.style import BRIEF, READABLE, Style, contrast
from clew.gui.canvas.threads import _cut
from clew.gui.theme import load_theme
from clew.model.refs import BlockKind, BlockRef
from clew.model.view import Block, BlockLink, BlockState, GraphView, Scope

V1, V2 = (BlockRef(BlockKind.VERSION, i) for i in (1, 2))
IMPORT, TRAIN, TRAIN2 = (BlockRef(BlockKind.TASK, i) for i in (1, 2, 3))
MODEL = BlockRef(BlockKind.MODEL, 1)


def shot(canvas) -> QImage:
    canvas.settle()
    return canvas.viewport().grab().toImage()


def colours(image: QImage, rect: QRectF) -> set[str]:
    box = rect.toRect().intersected(image.rect())
    return {
        image.pixelColor(x, y).name()
        for x in range(box.left(), box.right())
        for y in range(box.top(), box.bottom())
    }


def on_view(canvas, ref: BlockRef) -> QRectF:
    box = canvas.scene.bounds(canvas.scene.rows([ref]))
    return QRectF(canvas.camera.to_view(box.topLeft()), canvas.camera.to_view(box.bottomRight()))


@pytest.mark.parametrize("name", ["light", "dark"])
def test_text_can_be_read_in_both_themes(name):
    theme = load_theme(name)
    style = Style(theme)
    pairs = [
        (theme.text, theme.surface),
        (theme.text, theme.bg),
        (style.caption, theme.surface),
        (style.caption_bare, theme.bg),
        (style.chip_text, theme.sunken),
        (style.bad_text, style.bad_tint),
        (style.frame_text, style.frame_fill),
    ]
    assert all(contrast(text, under) >= READABLE for text, under in pairs)


def test_contrast_is_that_of_the_standard():
    assert contrast(QColor("#000000"), QColor("#ffffff")) == pytest.approx(21.0)
    assert contrast(QColor("#777777"), QColor("#ffffff")) == pytest.approx(4.48, abs=0.01)


def test_three_levels_of_detail(canvas):
    theme = canvas.look_of.theme
    seen = {}
    for zoom in (1.0, 0.4, 0.15):
        canvas.set_zoom(zoom)
        canvas.center_on(IMPORT)
        seen[zoom] = shot(canvas)
    canvas.set_zoom(1.0)
    canvas.center_on(IMPORT)
    whole = on_view(canvas, IMPORT)
    # whole: white ground and a caption line; the fact's line has ink at the left
    assert theme.surface.name() in colours(seen[1.0], whole.adjusted(60, 70, -10, -5))
    assert len(colours(seen[1.0], QRectF(whole.x() + 12, whole.y() + 54, 60, 16))) > 3
    canvas.set_zoom(0.4)
    canvas.center_on(IMPORT)
    brief = on_view(canvas, IMPORT)
    assert theme.surface.name() in colours(seen[0.4], brief.adjusted(4, 4, -4, -4))
    canvas.set_zoom(0.15)
    canvas.center_on(IMPORT)
    plain = on_view(canvas, IMPORT)
    assert len(colours(seen[0.15], plain.adjusted(4, 4, -4, -4))) == 1
    middle = seen[0.15].pixelColor(plain.center().toPoint())
    assert middle.hue() == pytest.approx(theme.task.hue(), abs=8)


def test_selection_and_its_thread_are_accent_and_nothing_else_is(canvas):
    canvas.set_zoom(1.0)
    canvas.center_on(TRAIN)
    accent = canvas.look_of.theme.accent.name()
    canvas.minimap.hide()
    assert accent not in colours(shot(canvas), QRectF(canvas.viewport().rect()))
    canvas.select([TRAIN])
    canvas.minimap.hide()
    image = shot(canvas)
    start = canvas.camera.to_view(QPointF(*canvas.positions()[TRAIN]) + QPointF(224 + 12, 46))
    assert accent in colours(image, QRectF(start.x(), start.y() - 5, 6, 10))


def test_moved_block_is_gone_from_where_it_was(canvas):
    canvas.set_zoom(1.0)
    canvas.center_on(MODEL)
    shot(canvas)
    was = on_view(canvas, MODEL).adjusted(60, 20, -10, -20)
    x, y = canvas.positions()[MODEL]
    canvas.apply_positions({MODEL: (x, y - 400)})
    assert canvas.look_of.theme.surface.name() not in colours(shot(canvas), was)


def test_tiles_show_what_one_drawing_shows(canvas):
    """Cutting the picture into tiles changes nothing that can be seen."""
    canvas.set_lineage_highlight(False)
    canvas.minimap.hide()
    canvas.set_zoom(1.0)
    canvas.center_on(V1)
    tiled = shot(canvas).convertToFormat(QImage.Format.Format_RGB32)
    window = canvas.visible_window()
    window.moveTo(round(window.left()), round(window.top()))
    canvas.look(replace(canvas.camera, x=window.left(), y=window.top()))
    canvas.minimap.hide()
    tiled = shot(canvas).convertToFormat(QImage.Format.Format_RGB32)
    whole = canvas.render_image(scale=1.0, window=window).convertToFormat(QImage.Format.Format_RGB32)
    assert tiled.size() == whole.size()
    a, b = (
        np.frombuffer(i.constBits(), np.uint8).reshape(i.height(), -1).astype(int) for i in (tiled, whole)
    )
    different = np.abs(a - b) > 24
    assert different.mean() < 0.001


def test_missing_thumbnails_come_when_they_are_ready(canvas, qtbot):
    ready = []
    asked = []

    def provider(preview, side):
        asked.append((preview, side))
        if not ready:
            return None
        image = QImage(side, side, QImage.Format.Format_RGB32)
        image.fill(QColor("#12ab34"))
        return image

    canvas.set_previews(provider)
    canvas.set_zoom(1.0)
    canvas.center_on(V1)
    strip = on_view(canvas, V1).adjusted(14, 90, -14, -14)
    assert "#12ab34" not in colours(shot(canvas), strip)
    assert {side for _, side in asked} == {64}
    ready.append(True)
    canvas.preview_ready()
    qtbot.waitUntil(lambda: "#12ab34" in colours(shot(canvas), strip))


def test_progress_is_drawn_and_follows(canvas):
    canvas.set_zoom(1.0)
    canvas.center_on(TRAIN2)
    box = on_view(canvas, TRAIN2)
    amber = canvas.look_of.theme.task.name()

    def done() -> float:
        image = shot(canvas)
        y = round(box.bottom()) - 3
        return (
            sum(image.pixelColor(x, y).name() == amber for x in range(round(box.left()), round(box.right())))
            / 224
        )

    assert done() == pytest.approx(0.62, abs=0.05)
    block = canvas.scene.blocks[canvas.scene.row[TRAIN2]]
    canvas.update_blocks([replace(block, progress=0.9)])
    assert done() == pytest.approx(0.9, abs=0.05)
    canvas.update_blocks([replace(block, progress=None, state=BlockState.SAVED)])
    assert done() == 0.0


def test_theme_can_be_changed(canvas):
    canvas.set_theme(load_theme("dark"))
    assert shot(canvas).pixelColor(3, 3).lightness() < 60


def test_nothing_to_show_paints_paper(canvas, arrange):
    canvas.set_graph(GraphView(Scope(), "", (), ()))
    image = shot(canvas)
    assert image.pixelColor(600, 400).lightness() > 200
    assert canvas.scene_rect().isNull()
    canvas.fit()
    arrange()
    assert canvas.render_image().width() >= 1


def test_picture_of_the_graph(canvas):
    bounds = canvas.scene_rect()
    image = canvas.render_image(scale=2.0)
    assert image.width() == pytest.approx((bounds.width() + 80) * 2, abs=2)
    part = canvas.render_image(scale=1.0, window=QRectF(0, 0, 100, 50))
    assert (part.width(), part.height()) == (100, 50)


def test_block_of_every_kind_and_state_can_be_drawn(canvas):
    blocks = tuple(
        Block(
            BlockRef(kind, 10 * i + j),
            "Caption " * 9,
            "Title without end " * 9,
            "fact " * 20,
            ("chip " * 9,) * 2,
            state,
        )
        for i, kind in enumerate(BlockKind)
        for j, state in enumerate(BlockState)
    )
    canvas.set_graph(GraphView(Scope(), "", blocks, ()))
    for zoom in (1.0, 0.4, 0.15, 0.05):
        canvas.set_zoom(zoom)
        canvas.settle()
    image = canvas.render_image(scale=1.0)
    box = canvas.scene.bounds(np.array([0])).translated(-canvas.scene_rect().topLeft() + QPointF(40, 40))
    right = QRectF(box.right() + 8, box.top() + 10, 20, 70)
    assert canvas.look_of.theme.text.name() not in colours(image, right)  # nothing runs over the edge


def test_words_are_broken_into_lines():
    assert wrapped("one two three", 7, len) == ["one two", "three"]
    assert wrapped("incomprehensibilities", 5, len) == ["incomprehensibilities"]
    assert wrapped("", 5, len) == [""]


def test_cut_curve_is_the_same_curve():
    control = np.array([[[-5000.0, 10.0], [-1000.0, 10.0], [1000.0, 300.0], [5000.0, 300.0]]])
    pane = Pane(1.0, QRectF(0, 0, 256, 256))
    cut = _cut(control, np.zeros(1, int), pane, 2.0)[0][0]
    t = np.linspace(0, 1, 2001)[:, None]
    whole = (
        (1 - t) ** 3 * control[0, 0]
        + 3 * t * (1 - t) ** 2 * control[0, 1]
        + 3 * t**2 * (1 - t) * control[0, 2]
        + t**3 * control[0, 3]
    )
    middle = 0.125 * cut[0] + 0.375 * cut[1] + 0.375 * cut[2] + 0.125 * cut[3]
    assert np.abs(whole - middle).sum(1).min() < 3
    assert abs(cut[0, 0]) < 1500
    assert cut[0, 0] <= 0
    assert cut[3, 0] >= 256
    assert len(_cut(control + 9000, np.zeros(1, int), pane, 2.0)[0]) == 0


def test_a_long_link_fades_in_its_middle_from_afar(canvas):
    blocks = (Block(IMPORT, "App", "Import"), Block(V1, "Project, version 1", "Coin finds"))
    link = (BlockLink(IMPORT, V1, id=1),)
    places = {IMPORT: (0.0, 0.0), V1: (5000.0, 0.0)}
    canvas.set_graph(GraphView(Scope(), "", blocks, link, positions=places), animate=False)
    canvas.fit()
    assert canvas.camera.zoom < BRIEF
    image = shot(canvas)
    left, right = on_view(canvas, IMPORT).right(), on_view(canvas, V1).left()
    y = on_view(canvas, IMPORT).center().y()

    def strength(part: float) -> float:
        """How much the line at a part of its way differs from the background."""
        background = QColor(canvas.look_of.theme.bg)
        x = round(left + (right - left) * part)
        seen = [image.pixelColor(x + dx, round(y) + dy) for dx in range(3) for dy in range(-3, 4)]
        return max(abs(colour.lightness() - background.lightness()) for colour in seen)

    assert 0 < strength(0.5) < 0.6 * strength(0.1)
    assert strength(0.9) == pytest.approx(strength(0.1), abs=3)


def test_a_long_link_is_paler_than_a_short_one_while_blocks_are_small(canvas):
    blocks = (Block(IMPORT, "App", "Import"), Block(V1, "Project, version 1", "Coin finds"))
    link = (BlockLink(IMPORT, V1, id=1),)

    def strength(zoom: float, far: float) -> int:
        places = {IMPORT: (0.0, 0.0), V1: (far, 0.0)}
        canvas.set_graph(GraphView(Scope(), "", blocks, link, positions=places), animate=False)
        canvas.set_zoom(zoom)
        canvas.look(Camera(canvas.zoom(), 0.0, -300.0))
        canvas.settle()
        image, at = shot(canvas), canvas.camera.to_view(QPointF(far / 2 + 100, 46.0))
        column = [image.pixelColor(round(at.x()), round(at.y()) + dy).lightness() for dy in range(-3, 4)]
        return max(column) - min(column)

    assert 0 < strength(0.3, 2000.0) < strength(0.3, 600.0) * 0.75
    assert strength(0.6, 1300.0) == pytest.approx(strength(0.6, 600.0), abs=3)
