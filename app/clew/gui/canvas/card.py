"""Paint one block, whole or brief (icon and title), in scene pixels from its top left corner."""

from collections.abc import Callable

from PySide6.QtCore import QPointF, QRectF, QSize, QSizeF, Qt
from PySide6.QtGui import QBrush, QColor, QImage, QPaintEngine, QPainter, QPainterPath, QPen, QTransform

from clew.gui.canvas.scene import PORT_Y, size_of
from clew.gui.canvas.style import PORT_RADIUS, RADIUS, Style, font, metrics
from clew.gui.icons import draw_icon, icon_pixmap
from clew.model.refs import BlockKind
from clew.model.view import Block, BlockState, Preview

Previews = Callable[[Preview, int], QImage | None]

SHADOW = 14.0  # how far the shadow reaches beyond the block
_RINGS, _FILE_RINGS = 8, 4
_PAD = 12.0
_TILE = QRectF(12, 12, 32, 32)
_TEXT_LEFT = 54.0
_FACT_Y = 62.0
_MORE_Y = 81.0  # baseline of a second line, on low blocks only
_CHIP_HEIGHT = 17.0
_STRIP_TOP = 88.0
_THUMB = (47.0, 48.0)
_GAP = 4.0
_PIN = 16.0
_NUMBERED = frozenset({BlockKind.VERSION, BlockKind.STATE, BlockKind.MODEL})
_BARE = frozenset({BlockState.UNSAVED, BlockState.DELETED})
_FILES = (QPaintEngine.Type.SVG, QPaintEngine.Type.Pdf)


def _to_file(painter: QPainter) -> bool:
    """Whether shapes are kept as shapes: no pictures of icons then, and few rings of shadow."""
    return painter.paintEngine().type() in _FILES


def ports_shown(block: Block) -> bool:
    """Whether a block shows its ports without being pointed at."""
    return block.state not in _BARE


def paint_ground(painter: QPainter, rect: QRectF, state: BlockState, style: Style) -> None:
    """The card itself: surface, hairline and one soft shadow; dashed when not saved, hatched when deleted."""
    theme = style.theme
    if state not in _BARE:
        painter.setPen(Qt.PenStyle.NoPen)
        # Rings under each other add up to a soft edge; a file takes few, each as dark as several.
        rings = _FILE_RINGS if _to_file(painter) else _RINGS
        shadow = QColor(style.shadow)
        shadow.setAlpha(shadow.alpha() * _RINGS // rings)
        painter.setBrush(shadow)
        for i in range(rings):
            spread = (SHADOW - 5) * (1 - i / rings) - 1
            ring = rect.adjusted(-spread, 3 - spread, spread, spread + 3)
            painter.drawRoundedRect(ring, RADIUS + spread, RADIUS + spread)
    inner = rect.adjusted(0.5, 0.5, -0.5, -0.5)
    if state is BlockState.DELETED:
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(theme.sunken)
        painter.drawRoundedRect(inner, RADIUS, RADIUS)
        _hatch(painter, inner, theme.line)
    pen = QPen(style.bad_line if state is BlockState.FAILED else theme.line, 1.0)
    if state in _BARE:
        pen = QPen(style.dashed, 1.0)
        pen.setDashPattern([4.0, 3.0])
    if state is BlockState.DELETED:
        painter.setBrush(Qt.BrushStyle.NoBrush)
    else:
        # What is not saved has the paper as its ground: no lines behind its text.
        painter.setBrush(theme.bg if state is BlockState.UNSAVED else theme.surface)
    painter.setPen(pen)
    painter.drawRoundedRect(inner, RADIUS, RADIUS)


def _hatch(painter: QPainter, rect: QRectF, colour: QColor) -> None:
    """Fine diagonal lines over a card."""
    if painter.paintEngine().type() is QPaintEngine.Type.Pdf:  # its patterns keep no scale
        card = QPainterPath()
        card.addRoundedRect(rect, RADIUS, RADIUS)
        painter.save()
        painter.setClipPath(card, Qt.ClipOperation.IntersectClip)
        painter.setPen(QPen(colour, 1.0))
        for x in range(8, int(rect.width() + rect.height()), 8):
            end = rect.topLeft() + QPointF(x - rect.height(), rect.height())
            painter.drawLine(rect.topLeft() + QPointF(x, 0), end)
        painter.restore()
        return
    hatch = QBrush(colour, Qt.BrushStyle.BDiagPattern)
    # A pattern is drawn in device pixels unless it is told the scale.
    shown = painter.transform()
    hatch.setTransform(QTransform.fromScale(1 / max(shown.m11(), 0.01), 1 / max(shown.m22(), 0.01)))
    painter.setBrush(hatch)
    painter.drawRoundedRect(rect, RADIUS, RADIUS)


def paint_stack(painter: QPainter, block: Block, style: Style) -> None:
    """Two sheets that show under a folded frame: there is more in it."""
    width, height = size_of(block)
    above = QPainterPath()
    above.addRoundedRect(QRectF(0, 0, width, height), RADIUS, RADIUS)
    painter.setPen(QPen(style.theme.line, 1.0))
    painter.setBrush(style.theme.surface)
    for inset, drop in ((5.0, 4.0), (10.0, 8.0)):
        sheet = QPainterPath()
        sheet.addRoundedRect(QRectF(inset, height - 40 + drop, width - 2 * inset, 40), RADIUS, RADIUS)
        painter.drawPath(sheet.subtracted(above))
        above = above.united(sheet)


def paint_tile(painter: QPainter, block: Block, rect: QRectF, style: Style, scale: float) -> None:
    """The icon on its tile; `scale` is device pixels per scene pixel, for a sharp icon."""
    kind = style.look(block)
    painter.setPen(Qt.PenStyle.NoPen)
    painter.setBrush(kind.tile)
    painter.drawRoundedRect(rect, rect.width() * 0.22, rect.width() * 0.22)
    _icon(painter, kind.icon, kind.colour, rect.center(), rect.width() / 2, scale)


def _icon(painter: QPainter, name: str, colour: QColor, centre: QPointF, side: float, scale: float) -> None:
    if _to_file(painter):
        shown = QRectF(0, 0, side, side)
        shown.moveCenter(centre)
        draw_icon(painter, name, colour, shown)
        return
    pixels = max(1, round(side * scale))
    pixmap = icon_pixmap(name, colour, 16, pixels / 16)
    target = QRectF(0, 0, pixels / scale, pixels / scale)
    target.moveCenter(centre)
    painter.setRenderHint(QPainter.RenderHint.SmoothPixmapTransform)
    painter.drawPixmap(target, pixmap, QRectF(0, 0, pixmap.width(), pixmap.height()))


def hint_spot(block: Block) -> QPointF:
    """The middle of the light bulb on a card that has a hint, left of the other marks."""
    failed = block.state is BlockState.FAILED
    return QPointF(size_of(block)[0] - _PAD - 6 - 18.0 * (failed + block.pinned), 19.0)


def paint_whole(
    painter: QPainter,
    block: Block,
    style: Style,
    previews: Previews | None,
    scale: float,
    *,
    hinted: bool = False,
) -> bool:
    """Everything on the card; returns whether a thumbnail is still missing."""
    width, height = size_of(block)
    bare = block.state in _BARE
    paint_tile(painter, block, _TILE, style, scale)
    room = width - _TEXT_LEFT - _PAD
    failed = block.state is BlockState.FAILED
    painter.setPen(style.caption_bare if bare else style.caption)
    marks = 18.0 * (failed + block.pinned + hinted)
    _line(painter, block.caption, QPointF(_TEXT_LEFT, 24.0), room - marks, 11)
    painter.setPen(style.theme.dim if block.state is BlockState.DELETED else style.theme.text)
    _line(painter, block.title, QPointF(_TEXT_LEFT, 41.0), room, 13.5, 600)
    used = _chips(painter, block, width, style)
    painter.setPen(style.bad_words if failed else style.caption_bare if bare else style.caption)
    beside, whole = width - 2 * _PAD - used - 6, width - 2 * _PAD - 1
    fact, more = (block.fact, block.step) if not failed or block.tall else _split(block.fact, beside)
    _line(painter, fact, QPointF(_PAD + 1, _FACT_Y + 4), beside, 11)
    if not block.tall:
        taken = _right(painter, block.left, QPointF(width - _PAD, _MORE_Y), whole, 11)
        _line(painter, more, QPointF(_PAD + 1, _MORE_Y), whole - taken, 11)
    if failed:
        _alarm(painter, QPointF(width - _PAD - 7, 19.0), style)
    if block.pinned:
        at = QPointF(width - _PAD - 7 - 18.0 * failed, 19.0)
        _icon(painter, "pin", style.theme.text, at, _PIN, scale)
    if hinted:
        _icon(
            painter, "lightbulb", style.caption_bare if bare else style.caption, hint_spot(block), 13.0, scale
        )
    missing = _strip(painter, block, style, previews, scale) if block.tall else False
    if block.state is BlockState.RUNNING:
        _bar(painter, QRectF(0, 0, width, height), block, style)
    if ports_shown(block):
        for x in (0.0, width):
            paint_port(painter, QPointF(x, PORT_Y), style)
    return missing


def paint_brief(painter: QPainter, block: Block, style: Style, scale: float, zoom: float) -> None:
    """Icon and title, the title larger than on the card so that it can still be read."""
    width, height = size_of(block)
    px = min(max(11.0 / zoom, 15.0), 30.0)
    side = 52.0
    top = (height - side) / 2
    paint_tile(painter, block, QRectF(14, top, side, side), style, scale)
    painter.setPen(style.theme.text)
    left, room = 80.0, width - 80.0 - 10.0
    measure = metrics(px, 600)
    lines = wrapped(block.title, room, measure.horizontalAdvance)
    # Without its number below, one version of a project would look like the other.
    below = block.caption.rpartition(", ")[2].capitalize() if block.ref.kind in _NUMBERED else ""
    most = 1 if below and not block.tall else 2
    if len(lines) > most:
        lines = [*lines[: most - 1], " ".join(lines[most - 1 :])]
    step = measure.height() * 0.95
    first = height / 2 - step * (len(lines) + bool(below)) / 2 + measure.ascent()
    for i, text in enumerate(lines):
        _line(painter, text, QPointF(left, first + i * step), room, px, 600)
    if below:
        painter.setPen(style.caption)
        _line(painter, below, QPointF(left, first + len(lines) * step), room, px * 0.9, 400)
    if block.state is BlockState.FAILED:
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(style.theme.bad)
        painter.drawEllipse(QPointF(width - 16, 16), 7, 7)
    if block.pinned:
        failed = block.state is BlockState.FAILED
        side = min(max(_PIN, 10.0 / zoom), 28.0)
        at = QPointF(width - 6 - side / 2 - 20.0 * failed, 6 + side / 2)
        _icon(painter, "pin", style.theme.text, at, side, scale)
    if block.state is BlockState.RUNNING:
        _bar(painter, QRectF(0, 0, width, height), block, style)


def wrapped(text: str, room: float, measure: Callable[[str], float]) -> list[str]:
    """Break a text at spaces into lines no wider than `room`, as far as single words allow."""
    lines: list[str] = []
    for word in text.split():
        longer = f"{lines[-1]} {word}" if lines else word
        if lines and measure(longer) <= room:
            lines[-1] = longer
        else:
            lines.append(word)
    return lines or [""]


def paint_port(painter: QPainter, at: QPointF, style: Style, *, lit: bool = False, grow: float = 0.0) -> None:
    """A port: a small circle on the edge of a block."""
    painter.setBrush(style.theme.accent if grow else style.theme.surface)
    painter.setPen(QPen(style.theme.accent if lit or grow else style.port_line, 1.0))
    painter.drawEllipse(at, PORT_RADIUS - 0.5 + grow, PORT_RADIUS - 0.5 + grow)


def _line(painter: QPainter, text: str, base: QPointF, room: float, px: float, weight: int = 400) -> None:
    """One line of text on its baseline, cut with an ellipsis where it would run out."""
    if not text or room <= 4:
        return
    measure = metrics(px, weight)
    if measure.horizontalAdvance(text) > room:
        text = measure.elidedText(text, Qt.TextElideMode.ElideRight, room)
    painter.setFont(font(px, weight))
    painter.drawText(base, text)


def _right(painter: QPainter, text: str, base: QPointF, room: float, px: float) -> float:
    """A text that ends at a point of its baseline; returns the width that it takes, with a gap."""
    if not text:
        return 0.0
    wide = min(metrics(px).horizontalAdvance(text), room)
    _line(painter, text, base - QPointF(wide, 0), wide + 0.5, px)
    return wide + 10.0


def _split(text: str, room: float) -> tuple[str, str]:
    """A sentence over two lines: what fits beside the chip, and the rest."""
    lines = wrapped(text, room, metrics(11).horizontalAdvance)
    return lines[0], " ".join(lines[1:])


def _chips(painter: QPainter, block: Block, width: float, style: Style) -> float:
    """At most two chips at the right end of the fact's line; returns the width that they take."""
    right = width - _PAD
    px = 10.5
    failed = block.state is BlockState.FAILED
    for i, text in enumerate(reversed(block.chips[:2])):
        measure = metrics(px, 500)
        text = measure.elidedText(text, Qt.TextElideMode.ElideRight, 92.0)
        wide = measure.horizontalAdvance(text) + 14
        bad = failed and i == len(block.chips[:2]) - 1
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(style.bad_tint if bad else style.theme.sunken)
        rect = QRectF(right - wide, _FACT_Y - _CHIP_HEIGHT / 2, wide, _CHIP_HEIGHT)
        painter.drawRoundedRect(rect, _CHIP_HEIGHT / 2, _CHIP_HEIGHT / 2)
        painter.setPen(style.bad_text if bad else style.chip_text)
        painter.setFont(font(px, 500))
        painter.drawText(QPointF(rect.x() + 7, _FACT_Y + 4), text)
        right -= wide + 6
    return width - _PAD - right


def _alarm(painter: QPainter, at: QPointF, style: Style) -> None:
    painter.setPen(Qt.PenStyle.NoPen)
    painter.setBrush(style.theme.bad)
    painter.drawEllipse(at, 7, 7)
    painter.setPen(QPen(style.theme.surface, 1.6, Qt.PenStyle.SolidLine, Qt.PenCapStyle.RoundCap))
    painter.drawLine(at + QPointF(0, -3.2), at + QPointF(0, 0.6))
    painter.drawPoint(at + QPointF(0, 3.4))


def _strip(painter: QPainter, block: Block, style: Style, previews: Previews | None, scale: float) -> bool:
    """The thumbnails, cut to fill their places; returns whether one is still missing."""
    missing = False
    wide, high = _THUMB
    side = 64
    while side < wide * scale and side < 512:
        side *= 2
    for i, preview in enumerate(block.previews[:4]):
        rect = QRectF(_PAD + i * (wide + _GAP), _STRIP_TOP, wide, high)
        image = previews(preview, side) if previews else None
        path = QPainterPath()
        path.addRoundedRect(rect, 5, 5)
        if image is None or image.isNull():
            missing |= previews is not None and image is None
            painter.fillPath(path, style.theme.sunken)
            continue
        cut = min(image.width() / wide, image.height() / high)
        source = QRectF(0, 0, wide * cut, high * cut)
        source.moveCenter(QRectF(image.rect()).center())
        if _to_file(painter):
            painter.drawImage(rect, _cut(image, source, rect.size()))
            # Qt's SVG forgets clips, and an image with holes would be four times as large.
            path.addRect(rect.adjusted(-0.5, -0.5, 0.5, 0.5))
            painter.fillPath(
                path, style.theme.bg if block.state is BlockState.UNSAVED else style.theme.surface
            )
            continue
        painter.save()
        painter.setClipPath(path, Qt.ClipOperation.IntersectClip)
        painter.setRenderHint(QPainter.RenderHint.SmoothPixmapTransform)
        painter.drawImage(rect, image, source)
        painter.restore()
    return missing


def _cut(image: QImage, source: QRectF, size: QSizeF) -> QImage:
    """A part of an image, at most four pixels per scene pixel."""
    scale = min(source.width() / size.width(), 4.0)
    cut = QImage((size * scale).toSize().expandedTo(QSize(1, 1)), QImage.Format.Format_RGB32)
    painter = QPainter(cut)
    painter.setRenderHint(QPainter.RenderHint.SmoothPixmapTransform)
    painter.drawImage(QRectF(cut.rect()), image, source)
    painter.end()
    return cut


def _bar(painter: QPainter, rect: QRectF, block: Block, style: Style) -> None:
    """Progress along the bottom edge, inside the card; pale all along when nobody knows how far it is."""
    card, bar = QPainterPath(), QPainterPath()
    card.addRoundedRect(rect.adjusted(1, 1, -1, -1), RADIUS - 1, RADIUS - 1)
    kind = style.look(block)
    bar.addRect(QRectF(0, rect.height() - 4.5, rect.width(), 4.5))
    painter.fillPath(card.intersected(bar), kind.tile)
    if block.progress is not None:
        done = QPainterPath()
        share = min(max(block.progress, 0.0), 1.0)
        done.addRect(QRectF(0, rect.height() - 4.5, rect.width() * share, 4.5))
        painter.fillPath(card.intersected(done), kind.colour)
