"""Qt's SVG told shortly: what is drawn again and again stands once, a text says only what is its own.

Qt writes each change of the pen as a group with every property in it, each card's outline anew, and each
preview as a PNG. Cards of one kind look alike, so their shapes become definitions that are used. Texts and
previews are expected to be moved only, not scaled, as the canvas draws them at zoom 1.
"""

import base64
import re
from collections import Counter
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from html import unescape

from PySide6.QtCore import QBuffer, QByteArray, QIODevice
from PySide6.QtGui import QImage, QImageWriter

from clew.gui.fonts import FAMILY

Measure = Callable[[str, float, int], float]  # text, size in pixels, weight: width in pixels
Says = dict[str, str]

_OUTER = '<g fill="none" stroke="black"'
_GROUP = re.compile(r"<g ([^>]*)>\n(.*?)</g>\n", re.DOTALL)
_ELEMENT = re.compile(r"<(text|image)\b([^>]*)>(?:([^<]*)</text>)?\n?", re.DOTALL)
_PROPERTY = re.compile(r'([\w:-]+)="([^"]*)"')
# What the group around everything says, so that nobody inside has to.
_COMMON = {
    "fill": "none",
    "stroke": "none",
    "stroke-width": "1",
    "fill-rule": "evenodd",
    "stroke-linecap": "square",
    "stroke-linejoin": "bevel",
    "font-family": f"{FAMILY}, sans-serif",
    "font-weight": "400",
    "xml:space": "preserve",
}
_USUAL = _COMMON | {"fill-opacity": "1", "stroke-opacity": "1", "opacity": "1", "stroke-dashoffset": "0"}
_OF_SHAPES = (
    *("fill", "fill-opacity", "stroke", "stroke-opacity", "stroke-width", "stroke-dasharray", "opacity"),
    *("stroke-dashoffset", "stroke-linecap", "stroke-linejoin", "stroke-miterlimit"),
)
_NOISE = re.compile(r' vector-effect="none"| fill-rule="evenodd"|\s+(?="?/>)|\n')
_SHORT = 60  # characters that are not worth a definition of their own
_STILL = [1.0, 0.0, 0.0, 1.0]


@dataclass
class _Run:
    """What stands together at one place, told from there."""

    x: float
    y: float
    told: str = ""


def lean(document: str, size: tuple[float, float], measure: Measure, check: Callable[[], object]) -> str:
    """The same picture in fewer words.

    Args:
        document: what `QSvgGenerator` wrote.
        size: of the picture in pixels; that of a page in millimetres becomes this.
        measure: gives each text the width that it must keep where another font stands in.
        check: called often; it may raise, to stop.
    """
    begin = document.index(_OUTER)
    title = re.search(r"<title>.*?</title>", document[:begin], re.DOTALL)
    patterns = re.search(r"<defs>\n(.*?)</defs>", document[:begin], re.DOTALL)
    parts = list(_parts(document[document.index("\n", begin) :], measure, check))
    seen = Counter(part.told for part in parts if isinstance(part, _Run))
    names = {told: f"s{i}" for i, (told, n) in enumerate(seen.items()) if n > 1 and len(told) > _SHORT}
    wide, high = (f"{length:g}" for length in size)
    lines = [
        '<?xml version="1.0" encoding="UTF-8" standalone="no"?>',
        '<svg xmlns="http://www.w3.org/2000/svg" xmlns:xlink="http://www.w3.org/1999/xlink" '
        f'width="{wide}" height="{high}" viewBox="0 0 {wide} {high}">',
        title[0] if title else "",
        "<defs>",
        patterns[1].strip() if patterns else "",
        *(f'<g id="{name}">{told}</g>' for told, name in names.items()),
        "</defs>",
        _tag("g", _COMMON),
        *(_placed(part, names) if isinstance(part, _Run) else part for part in parts),
        "</g>",
        "</svg>",
    ]
    return "".join(f"{line}\n" for line in lines if line)


def _placed(run: _Run, names: dict[str, str]) -> str:
    x, y = f"{run.x:g}", f"{run.y:g}"
    if run.told in names:
        return f'<use xlink:href="#{names[run.told]}" x="{x}" y="{y}"/>'
    return run.told if x == y == "0" else f'<g transform="translate({x},{y})">{run.told}</g>'


def _parts(body: str, measure: Measure, check: Callable[[], object]) -> Iterator[_Run | str]:
    """What is drawn, in its order: runs of shapes, previews, and texts as they are told."""
    run: _Run | None = None
    known: Says = {}
    for group in _GROUP.finditer(body):
        check()
        says: Says = dict(_PROPERTY.findall(group[1]))
        matrix = [float(n) for n in says.get("transform", "matrix(1,0,0,1,0,0)")[7:-1].split(",")]
        x, y = matrix[4:]
        moved = matrix[:4] == _STILL
        if run is not None and moved and (run.x, run.y) != (x, y):
            yield run
            run = None
        for shapes, element in _split(group[2]):
            if shapes:
                run = run or _Run(x, y)
                run.told += _shapes(shapes, says, matrix, run)
            if element is None:
                continue
            if run is not None:
                yield run
                run = None
            if element[1] == "image":
                yield _image(dict(_PROPERTY.findall(element[2])), x, y, known)
            else:
                yield _text(element, measure, x, y)


def _split(body: str) -> Iterator[tuple[str, re.Match[str] | None]]:
    """A group's body as shapes, each of them followed by a text or an image."""
    at = 0
    for found in _ELEMENT.finditer(body):
        yield body[at : found.start()].strip(), found
        at = found.end()
    yield body[at:].strip(), None


def _shapes(told: str, says: Says, matrix: list[float], run: _Run) -> str:
    own = {key: says[key] for key in _OF_SHAPES if key in says}
    if matrix[:4] != _STILL:
        place = [*matrix[:4], round(matrix[4] - run.x, 2), round(matrix[5] - run.y, 2)]
        own["transform"] = f"matrix({' '.join(f'{n:g}' for n in place)})"
    elements = _NOISE.sub("", told)
    tag = _tag("g", own)
    return f"{tag}{elements}</g>" if tag != "<g>" else elements


def _text(element: re.Match[str], measure: Measure, x: float, y: float) -> str:
    says, words = dict(_PROPERTY.findall(element[2])), element[3]
    size, weight = says["font-size"], says["font-weight"]
    own = {
        "x": f"{float(says['x']) + x:g}",
        "y": f"{float(says['y']) + y:g}",
        "font-size": size,
        "font-weight": weight,
        "fill": says["fill"],
        "fill-opacity": says["fill-opacity"],
        "textLength": f"{measure(unescape(words).strip(), float(size), int(weight)):.1f}",
        "lengthAdjust": "spacingAndGlyphs",
    }
    return f"{_tag('text', own)}{words}</text>"


def _image(says: Says, x: float, y: float, known: Says) -> _Run:
    """A preview at its place, each packed once."""
    link = says["xlink:href"]
    packed = known.get(link)
    if packed is None:
        packed = known[link] = _as_jpeg(link)
    own = {key: says[key] for key in ("width", "height")} | {
        "preserveAspectRatio": "none",
        "xlink:href": packed,
    }
    return _Run(x + float(says["x"]), y + float(says["y"]), f"{_tag('image', own)[:-1]}/>")


def _as_jpeg(link: str) -> str:
    """A picture in a link, as JPEG: it takes a quarter of the room."""
    data = base64.b64decode(link.partition("base64,")[2])
    buffer = QBuffer()
    buffer.open(QIODevice.OpenModeFlag.WriteOnly)
    QImageWriter(buffer, QByteArray(b"jpeg")).write(QImage.fromData(QByteArray(data)))
    return f"data:image/jpeg;base64,{base64.b64encode(buffer.data().data()).decode()}"


def _tag(name: str, says: Says) -> str:
    told = [f'{key}="{value}"' for key, value in says.items() if says is _COMMON or _USUAL.get(key) != value]
    return f"<{' '.join([name, *told])}>"
