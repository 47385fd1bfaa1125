"""The graph as a picture without the window: SVG, and PNG by Pillow. Sizes are scene pixels."""

import io
import json
from dataclasses import dataclass
from xml.sax.saxutils import escape

import numpy as np

from clew.base.places import resource, resources_dir
from clew.graph.layout.layout import layout
from clew.graph.layout.place import place_all
from clew.model.refs import BlockKind
from clew.model.view import BLOCK_HEIGHT, BLOCK_WIDTH, Block, BlockState, GraphView, LinkKind

MARGIN = 32.0
SCALE = 2  # pixels of the PNG per scene pixel
RADIUS = 11
TILE = 32
COLOURS = {
    BlockKind.PROJECT: "project",
    BlockKind.VERSION: "project",
    BlockKind.STATE: "version",
    BlockKind.DATASET: "dataset",
    BlockKind.TASK: "task",
    BlockKind.MODEL: "model",
    BlockKind.REPORT: "report",
    BlockKind.FILE: "file",
    BlockKind.JOB: "job",
}
LINES = (
    ("caption", 11, "Regular", "dim", 24),
    ("title", 13.5, "SemiBold", "text", 42),
    ("fact", 11, "Regular", "dim", 70),
)
"""What of a block is written: field, size in pixels, weight of Inter, colour, baseline from the top."""

Point = tuple[float, float]


@dataclass(frozen=True)
class _Drawing:
    """A graph laid out from (0, 0): block corners, and link curves as four points of a Bézier."""

    size: Point
    blocks: tuple[tuple[Block, Point], ...]
    threads: tuple[tuple[LinkKind, tuple[Point, Point, Point, Point]], ...]


def as_svg(view: GraphView) -> str:
    """The graph in light colours as one SVG document."""
    drawing, colour = _draw(view), _tokens()
    width, height = drawing.size
    parts = [
        f'<svg xmlns="http://www.w3.org/2000/svg" width="{width:g}" height="{height:g}" '
        f'viewBox="0 0 {width:g} {height:g}" font-family="Inter, sans-serif">',
        f"<title>{escape(view.title)}</title>",
        f'<rect width="100%" height="100%" fill="{colour["bg"]}"/>',
    ]
    for kind, (a, b, c, d) in drawing.threads:
        dashes = "" if kind is LinkKind.DATA else ' stroke-dasharray="4 4"'
        path = f"M{a[0]:g},{a[1]:g} C{b[0]:g},{b[1]:g} {c[0]:g},{c[1]:g} {d[0]:g},{d[1]:g}"
        parts.append(f'<path d="{path}" fill="none" stroke="{colour["edge"]}" stroke-width="1.6"{dashes}/>')
    for block, (x, y) in drawing.blocks:
        ink = colour[COLOURS[block.ref.kind]]
        dashes = ' stroke-dasharray="5 4"' if block.state is BlockState.UNSAVED else ""
        parts += [
            f'<g id="{block.ref}" transform="translate({x:g},{y:g})">',
            f'<rect width="{BLOCK_WIDTH:g}" height="{BLOCK_HEIGHT:g}" rx="{RADIUS}" '
            f'fill="{colour["surface"]}" stroke="{colour["line"]}"{dashes}/>',
            f'<rect x="14" y="16" width="{TILE}" height="{TILE}" rx="8" fill="{ink}" fill-opacity="0.15"/>',
            f'<circle cx="30" cy="32" r="6" fill="{ink}"/>',
        ]
        for field, size, weight, tone, base in LINES:
            text = escape(_cut(getattr(block, field), size, _room(field)))
            number = 600 if weight == "SemiBold" else 400
            parts.append(
                f'<text x="{_left(field)}" y="{base}" font-size="{size}" font-weight="{number}" '
                f'fill="{colour[tone]}">{text}</text>'
            )
        parts.append("</g>")
    return "\n".join([*parts, "</svg>\n"])


def as_png(view: GraphView) -> bytes:
    """The same at twice the size as a PNG."""
    from PIL import Image, ImageDraw, ImageFont

    drawing, colour = _draw(view), _tokens()
    picture = Image.new("RGB", (round(drawing.size[0] * SCALE), round(drawing.size[1] * SCALE)), colour["bg"])
    pen = ImageDraw.Draw(picture)
    fonts = {
        field: ImageFont.truetype(str(resource("fonts", f"Inter-{weight}.otf")), round(size * SCALE))
        for field, size, weight, _, _ in LINES
    }
    for kind, points in drawing.threads:
        line = [(x * SCALE, y * SCALE) for x, y in _curve(points)]
        pieces = [line] if kind is LinkKind.DATA else [line[i : i + 2] for i in range(0, len(line) - 1, 2)]
        for piece in pieces:
            pen.line(piece, fill=colour["edge"], width=3, joint="curve")
    for block, (x, y) in drawing.blocks:
        ink = colour[COLOURS[block.ref.kind]]
        left, top = x * SCALE, y * SCALE
        pen.rounded_rectangle(
            (left, top, left + BLOCK_WIDTH * SCALE, top + BLOCK_HEIGHT * SCALE),
            RADIUS * SCALE,
            fill=colour["surface"],
            outline=colour["edge"] if block.state is BlockState.UNSAVED else colour["line"],
            width=SCALE,
        )
        tile = (left + 14 * SCALE, top + 16 * SCALE, left + (14 + TILE) * SCALE, top + (16 + TILE) * SCALE)
        pen.rounded_rectangle(tile, 8 * SCALE, fill=_mixed(ink, colour["surface"], 0.15))
        pen.ellipse((left + 24 * SCALE, top + 26 * SCALE, left + 36 * SCALE, top + 38 * SCALE), fill=ink)
        for field, size, _, tone, base in LINES:
            text = _cut(getattr(block, field), size, _room(field))
            place = (left + _left(field) * SCALE, top + base * SCALE)
            pen.text(place, text, font=fonts[field], fill=colour[tone], anchor="ls")
    out = io.BytesIO()
    picture.save(out, "PNG", optimize=True)
    return out.getvalue()


def _draw(view: GraphView) -> _Drawing:
    refs = [block.ref for block in view.blocks]
    corners = _places(view)
    low = corners.min(axis=0) if refs else np.zeros(2)
    corners = corners - low + MARGIN
    place = {ref: (float(x), float(y)) for ref, (x, y) in zip(refs, corners, strict=True)}
    threads = []
    for link in view.links:
        (x1, y1), (x2, y2) = place[link.source], place[link.target]
        if link.kind is LinkKind.SPINE:
            a, d = (x1 + BLOCK_WIDTH / 2, y1 + BLOCK_HEIGHT), (x2 + BLOCK_WIDTH / 2, y2)
            b, c = a, d
        else:
            a, d = (x1 + BLOCK_WIDTH, y1 + BLOCK_HEIGHT / 2), (x2, y2 + BLOCK_HEIGHT / 2)
            reach = max(40.0, abs(d[0] - a[0]) / 2)
            b, c = (a[0] + reach, a[1]), (d[0] - reach, d[1])
        threads.append((link.kind, (a, b, c, d)))
    far = corners.max(axis=0) if refs else np.zeros(2)
    size = (float(far[0]) + BLOCK_WIDTH + MARGIN, float(far[1]) + BLOCK_HEIGHT + MARGIN)
    return _Drawing(size, tuple((block, place[block.ref]) for block in view.blocks), tuple(threads))


def _places(view: GraphView) -> "np.ndarray[tuple[int, int], np.dtype[np.float64]]":
    """Top left corners: where the person put them, the rest beside their inputs; else a layout."""
    refs = [block.ref for block in view.blocks]
    row = {ref: i for i, ref in enumerate(refs)}
    sizes = np.tile(np.array([[BLOCK_WIDTH, BLOCK_HEIGHT]]), (len(refs), 1))

    def pairs(spine: bool) -> "np.ndarray[tuple[int, int], np.dtype[np.int64]]":
        chosen = [(row[k.source], row[k.target]) for k in view.links if (k.kind is LinkKind.SPINE) is spine]
        return np.array(chosen, np.int64).reshape(-1, 2)

    if not refs:
        return np.zeros((0, 2))
    if not view.positions:
        return layout(sizes, pairs(spine=False), pairs(spine=True))
    known = np.array([view.positions.get(ref, (0.0, 0.0)) for ref in refs], float)
    new = [i for i, ref in enumerate(refs) if ref not in view.positions]
    return place_all(known, sizes, new, pairs(spine=False), pairs(spine=True)) if new else known


def _tokens() -> dict[str, str]:
    path = resources_dir() / "themes" / "tokens.json"
    light: dict[str, str] = json.loads(path.read_text("utf-8"))["light"]
    return light


def _left(field: str) -> int:
    return 14 if field == "fact" else 56


def _room(field: str) -> float:
    return BLOCK_WIDTH - _left(field) - 12


def _cut(text: str, size: float, room: float) -> str:
    """A text that fits, by the mean width of Inter's letters (0.55 of the size)."""
    most = int(room / (size * 0.55))
    return text if len(text) <= most else text[: most - 1].rstrip() + "…"


def _curve(points: tuple[Point, Point, Point, Point], steps: int = 40) -> list[Point]:
    t = np.linspace(0.0, 1.0, steps + 1)[:, None]
    a, b, c, d = (np.array(p) for p in points)
    curve = (1 - t) ** 3 * a + 3 * (1 - t) ** 2 * t * b + 3 * (1 - t) * t**2 * c + t**3 * d
    return [(float(x), float(y)) for x, y in curve]


def _mixed(ink: str, paper: str, share: float) -> tuple[int, int, int]:
    pairs = [(int(ink[i : i + 2], 16), int(paper[i : i + 2], 16)) for i in (1, 3, 5)]
    red, green, blue = (round(share * a + (1 - share) * b) for a, b in pairs)
    return red, green, blue
