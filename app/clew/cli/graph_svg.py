"""The graph as one SVG document, made without the window. Sizes are scene pixels."""

import json
from textwrap import wrap
from xml.sax.saxutils import escape, quoteattr

from clew.base.places import resource
from clew.graph.drawing import Box, draw
from clew.graph.export.plain import plain
from clew.model.refs import BlockKind
from clew.model.view import BLOCK_HEIGHT, BLOCK_WIDTH, Block, BlockState, Frame, GraphView, LinkKind, Note

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
# What of a block is written: field, size in pixels, weight, colour, left edge, baseline.
TEXTS = (
    ("caption", 11, 400, "dim", 56, 26),
    ("title", 13.5, 600, "text", 56, 44),
    ("fact", 11, 400, "dim", 14, 72),
)
DASHES = {
    LinkKind.DATA: "",
    LinkKind.SPINE: ' stroke-dasharray="2 4"',
    LinkKind.HAND: ' stroke-dasharray="6 4"',
}


def as_svg(view: GraphView) -> str:
    """The graph in light colours."""
    colour: dict[str, str] = json.loads(resource("themes", "tokens.json").read_text("utf-8"))["light"]
    drawing = draw(view)
    width, height = drawing.size
    parts = [
        f'<svg xmlns="http://www.w3.org/2000/svg" width="{width:g}" height="{height:g}" '
        f'viewBox="0 0 {width:g} {height:g}" font-family="Inter, sans-serif">',
        f"<title>{escape(view.title)}</title>",
        f'<rect width="{width:g}" height="{height:g}" fill="{colour["bg"]}"/>',
    ]
    for frame, box in drawing.frames:
        parts += _frame(frame, box, colour)
    for note, (x, y) in drawing.notes:
        parts += [f'<g id="{note.ref}" transform="translate({x:g},{y:g})">', *_note(note, colour), "</g>"]
    for thread in drawing.threads:
        begin, *rest = (f"{x:g},{y:g}" for x, y in thread.points)
        way = f"M{begin} C{' '.join(rest)}"
        look = f'fill="none" stroke="{colour["edge"]}" stroke-width="1.6"{DASHES[thread.kind]}'
        parts.append(f'<path d="{way}" {look}/>')
    for block, (x, y) in drawing.blocks:
        parts += [f'<g id="{block.ref}" transform="translate({x:g},{y:g})">', *_block(block, colour), "</g>"]
    return "\n".join([*parts, "</svg>"])


def _block(block: Block, colour: dict[str, str]) -> list[str]:
    ink = colour[COLOURS[block.ref.kind]]
    border = ' stroke-dasharray="5 4"' if block.state is BlockState.UNSAVED else ""
    parts = [
        f'<rect width="{BLOCK_WIDTH:g}" height="{BLOCK_HEIGHT:g}" rx="{RADIUS}" '
        f'fill="{colour["surface"]}" stroke="{colour["line"]}"{border}/>',
        f'<rect x="14" y="16" width="{TILE}" height="{TILE}" rx="8" fill="{ink}" fill-opacity="0.15"/>',
        f'<circle cx="30" cy="32" r="6" fill="{ink}"/>',
    ]
    for field, size, weight, tone, left, base in TEXTS:
        text = escape(_cut(getattr(block, field), size, BLOCK_WIDTH - left - 12))
        look = f'font-size="{size}" font-weight="{weight}" fill="{colour[tone]}"'
        parts.append(f'<text x="{left}" y="{base}" {look}>{text}</text>')
    return parts


def _frame(frame: Frame, box: Box, colour: dict[str, str]) -> list[str]:
    left, top, right, bottom = box
    tint = quoteattr(frame.colour or colour["line"])
    name = escape(_cut(plain(frame.title), 12, right - left - 36))
    return [
        f'<rect x="{left:g}" y="{top:g}" width="{right - left:g}" height="{bottom - top:g}" rx="12" '
        f'fill="{colour["sunken"]}" stroke={tint}/>',
        f'<text x="{left + 18:g}" y="{top + 25:g}" font-size="12" font-weight="600" '
        f'fill="{colour["dim"]}">{name}</text>',
    ]


def _note(note: Note, colour: dict[str, str]) -> list[str]:
    """The paper, and the text broken at spaces as far as the paper reaches."""
    parts = [
        f'<rect width="{note.width:g}" height="{note.height:g}" rx="6" fill="{colour["task"]}" '
        f'fill-opacity="0.08" stroke="{colour["task"]}" stroke-opacity="0.3"/>'
    ]
    most = max(int((note.width - 24) / (12 * 0.55)), 8)
    lines = [line for text in plain(note.text).split("\n") for line in (wrap(text, most) or [""])]
    room = max(int((note.height - 18) / 17), 1)
    if len(lines) > room:
        lines = [*lines[: room - 1], f"{lines[room - 1][: most - 1].rstrip()}…"]
    return parts + [
        f'<text x="12" y="{24 + 17 * i}" font-size="12" fill="{colour["text"]}">{escape(line)}</text>'
        for i, line in enumerate(lines)
    ]


def _cut(text: str, size: float, room: float) -> str:
    """A text that fits, by the mean width of Inter's letters (0.55 of the size)."""
    most = int(room / (size * 0.55))
    return text if len(text) <= most else text[: most - 1].rstrip() + "…"
