"""What is written to a file: shapes and text that can be selected, as the canvas has them."""

import re
import zlib
from contextlib import suppress
from dataclasses import replace
from io import BytesIO
from xml.etree import ElementTree

import numpy as np
import pytest
from PIL import Image
from PySide6.QtCore import QByteArray, QRectF
from PySide6.QtGui import QColor, QImage, QPainter
from PySide6.QtSvg import QSvgRenderer
from tests.gui.canvas.conftest import BLOCKS, MODEL, REPORT, TRAIN, V1, VIEW

from clew.graph.routing.route import Routes
from clew.gui.canvas.canvas import Canvas
from clew.gui.canvas.copying import cuts
from clew.gui.canvas.sheet import pdf_of, png_of, svg_of
from clew.gui.theme import load_theme
from clew.model.refs import BlockKind, BlockRef
from clew.model.view import Block, BlockState

SVG = "{http://www.w3.org/2000/svg}"
HREF = "{http://www.w3.org/1999/xlink}href"
NOTE = Block(BlockRef(BlockKind.NOTE, 1), "Note", "", description="Evening light, see 3+4.", size=(224, 92))
GONE = Block(BlockRef(BlockKind.MODEL, 9), "Model", "Coins <old> & more", state=BlockState.DELETED)
WORDS = {"Coin finds", "+272", "First detector", "62 %", "Evening light, see 3+4.", "Coins <old> & more"}


def red(_preview, px):
    image = QImage(px, px, QImage.Format.Format_RGB32)
    image.fill(QColor("#ff0000"))
    return image


@pytest.fixture(params=["light", "dark"])
def shown(qtbot, request):
    canvas = Canvas(load_theme(request.param))
    qtbot.addWidget(canvas)
    canvas.set_previews(red)
    view = replace(VIEW, blocks=(*BLOCKS, NOTE, GONE), positions={NOTE.ref: (0.0, -160.0)})
    canvas.set_graph(view)
    return canvas


def whole(canvas):
    return canvas.scene.bounds().adjusted(-40, -40, 40, 40)


def svg_words(data):
    return [text.text.strip() for text in ElementTree.fromstring(data).iter(f"{SVG}text")]


def pdf_words(data):
    """What a reader finds in a PDF: each text by the characters that its font names for its glyphs."""
    objects = dict(re.findall(rb"\n(\d+) 0 obj\n(.*?)endobj", data, re.DOTALL))
    maps = {}
    for number, thing in objects.items():
        if found := re.search(rb"/ToUnicode (\d+) 0 R", thing):
            ranges = re.search(rb"<0001> <[0-9A-F]+> \[(.*?)\]", objects[found[1]])
            maps[number] = [chr(int(c, 16)) for c in re.findall(rb"<([0-9A-F]{4})>", ranges[1])]
    fonts = {}
    for thing in objects.values():
        fonts |= {n: maps[o] for n, o in re.findall(rb"/F(\d+) (\d+) 0 R", thing) if o in maps}
    words = set()
    for packed in re.findall(rb"stream\r?\n(.*?)endstream", data, re.DOTALL):
        with suppress(zlib.error):
            for text in re.findall(rb"BT\n(.*?)ET", zlib.decompress(packed), re.DOTALL):
                named = fonts[re.search(rb"/F(\d+) ", text)[1]]
                codes = re.findall(rb"<([0-9A-F]{4})> Tj", text)
                words.add("".join(named[int(c, 16) - 1] for c in codes).strip())
    return words


def test_an_svg_has_its_text_as_text(shown):
    data = svg_of(shown.scene_painter, whole(shown), "Coins <1> & more")
    root = ElementTree.fromstring(data)
    assert set(svg_words(data)) >= WORDS
    assert root.find(f"{SVG}title").text == "Coins <1> & more"
    assert [float(x) for x in root.get("viewBox").split()][2:] == [
        whole(shown).width(),
        whole(shown).height(),
    ]
    assert root.find(f"{SVG}g").get("font-family") == "Inter, sans-serif"
    for text in root.iter(f"{SVG}text"):
        assert float(text.get("textLength")) > 0
    (preview,) = root.iter(f"{SVG}image")  # and no icon
    assert preview.get(HREF).startswith("data:image/jpeg;")
    used = [use.get(HREF) for use in root.iter(f"{SVG}use")]
    (shown_as,) = [f"#{g.get('id')}" for g in root.find(f"{SVG}defs") if preview in g]
    assert used.count(shown_as) == 8  # the same picture everywhere stands in the file once
    assert shown.look_of.theme.bg.name().encode() in data


def test_an_svg_looks_like_the_canvas(shown):
    """Read by another program's eyes: Qt's renderer knows nothing of how the file was made."""
    window = whole(shown)
    size = window.size().toSize()
    seen = QImage(size, QImage.Format.Format_RGB32)
    painter = QPainter(seen)
    QSvgRenderer(QByteArray(svg_of(shown.scene_painter, window))).render(painter, QRectF(seen.rect()))
    painter.end()
    drawn = QImage.fromData(png_of(shown.scene_painter, window, 1.0)).convertToFormat(seen.format())
    a, b = (
        np.frombuffer(i.constBits(), np.uint8).reshape(size.height(), -1).astype(int) for i in (seen, drawn)
    )
    assert np.abs(a - b).mean() < 2.0  # of 255: shadows in fewer rings, letters set by another engine
    assert (np.abs(a - b) > 100).mean() < 0.01


def test_what_is_drawn_again_costs_little_more(qtbot):
    def weight(n):
        canvas = Canvas(load_theme("light"))
        qtbot.addWidget(canvas)
        canvas.set_previews(red)
        previews = BLOCKS[0].previews
        blocks = [replace(BLOCKS[0], ref=BlockRef(BlockKind.VERSION, i), previews=previews) for i in range(n)]
        canvas.set_graph(replace(VIEW, blocks=tuple(blocks), links=(), frames=(), positions={}))
        return len(svg_of(canvas.scene_painter, whole(canvas)))

    assert (weight(60) - weight(20)) / 40 < 1500  # bytes a block; Qt's own would be over 20,000


def test_a_pdf_has_its_text_as_text(shown):
    """Every glyph that is shown has a character, figures and signs too."""
    data = pdf_of(shown.scene_painter, whole(shown), "Coins")
    assert pdf_words(data) >= WORDS
    box = re.search(rb"/MediaBox \[0 0 ([0-9.]+) ([0-9.]+)", data)
    assert float(box[1]) == pytest.approx(whole(shown).width() * 0.75, abs=1)
    assert float(box[2]) == pytest.approx(whole(shown).height() * 0.75, abs=1)
    assert len(re.findall(rb"/Type\s*/Page\b", data)) == 1


def test_a_png_is_the_canvas_without_its_grid(shown):
    picture = Image.open(BytesIO(png_of(shown.scene_painter, whole(shown))))
    assert picture.size == (
        (whole(shown).size() * 2).toSize().width(),
        (whole(shown).size() * 2).toSize().height(),
    )
    paper = np.asarray(picture.convert("RGB"))[:40]
    assert (paper == QColor(shown.look_of.theme.bg).getRgb()[:3]).all()


def test_a_part_and_a_selection(shown):
    x, y = shown.positions()[V1]
    near = svg_words(svg_of(shown.scene_painter, QRectF(x, y, 224, 90)))
    assert "v1" in near
    assert "Evening light, see 3+4." not in near
    shown.select([TRAIN, MODEL, REPORT])
    part = cuts(shown)["selection"]
    words = svg_words(svg_of(part.drawn(shown.look_of, None), part.window))
    assert "First detector" in words
    assert "Coin finds" not in words


def test_nothing_and_very_much(qtbot):
    canvas = Canvas(load_theme("light"))
    qtbot.addWidget(canvas)
    for write in (svg_of, pdf_of, png_of):
        assert write(canvas.scene_painter, QRectF())
    huge = pdf_of(canvas.scene_painter, QRectF(0, 0, 100_000, 10))
    assert float(re.search(rb"/MediaBox \[0 0 ([0-9.]+)", huge)[1]) <= 14_400


def test_links_go_around_blocks_in_a_file_too(shown):
    """As they do on the canvas, though what they go around may not be in the part."""
    scene = shown.scene
    link = next(i for i, e in enumerate(scene.links) if e.source == V1 and e.target == TRAIN)
    detour = np.array([[scene.control[link, 0], (300.0, -70.0), (400.0, -70.0), scene.control[link, 3]]])
    scene.lead(np.array([link]), Routes(np.array([0]), detour, np.array([0, 1])))
    for what in ("all", "selection"):
        shown.select([V1, TRAIN])
        part = cuts(shown)[what]
        assert part.window.top() <= -70
        told = svg_of(part.drawn(shown.look_of, None), part.window).decode()
        over = (np.array([300.0, -70.0]) - (part.window.left(), part.window.top())).tolist()
        assert f"{over[0]:g},{over[1]:g}" in told
