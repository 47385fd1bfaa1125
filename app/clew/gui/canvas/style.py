"""Fonts, colours and measures of the canvas, worked out once for a theme."""

from dataclasses import dataclass
from functools import lru_cache
from threading import get_ident

from PySide6.QtGui import QColor, QFont, QFontMetricsF

from clew.gui.fonts import ui_font
from clew.gui.icons import KIND_ICONS
from clew.gui.theme import Theme, mix
from clew.model.refs import BlockKind
from clew.model.view import Block

RADIUS = 11.0
PORT_RADIUS = 4.5
WHOLE, BRIEF = 0.55, 0.25  # zoom from which a block is drawn whole, and with icon and title
PORTS = 0.4  # zoom from which ports can be grasped
READABLE = 4.5  # contrast of text, WCAG 2.2, 1.4.3


def luminance(colour: QColor) -> float:
    """Relative luminance, 0 to 1, as WCAG 2.2 defines it."""

    def linear(c: float) -> float:
        return c / 12.92 if c <= 0.04045 else ((c + 0.055) / 1.055) ** 2.4

    return 0.2126 * linear(colour.redF()) + 0.7152 * linear(colour.greenF()) + 0.0722 * linear(colour.blueF())


def contrast(a: QColor, b: QColor) -> float:
    """Contrast ratio of two colours, 1 to 21, as WCAG 2.2 defines it."""
    low, high = sorted((luminance(a), luminance(b)))
    return (high + 0.05) / (low + 0.05)


def readable(colour: QColor, text: QColor, under: QColor) -> QColor:
    """`colour`, moved towards `text` as far as it takes to be read on `under`."""
    for step in range(11):
        found = mix(text, colour, step / 10)
        if contrast(found, under) >= READABLE:
            return found
    return text


@dataclass(frozen=True)
class KindStyle:
    """How a kind of block is told: an icon on a tile, and the colour of both."""

    icon: str
    colour: QColor
    tile: QColor


class Style:
    """Everything that painting asks for, derived from a theme."""

    def __init__(self, theme: Theme) -> None:
        self.theme = theme
        self.kinds = {
            k: KindStyle(KIND_ICONS[k], theme.kind(k), _faint(theme.kind(k), 0.15)) for k in BlockKind
        }
        self.caption = readable(theme.dim, theme.text, theme.surface)
        self.caption_bare = readable(
            theme.dim, theme.text, theme.bg
        )  # where a block has no ground of its own
        self.chip_text = readable(theme.dim, theme.text, theme.sunken)
        self.bad_tint = mix(theme.bad, theme.surface, 0.14)
        self.bad_text = readable(theme.bad, theme.text, self.bad_tint)
        self.bad_words = readable(theme.bad, theme.text, theme.surface)
        self.bad_line = mix(theme.bad, theme.surface, 0.55)
        self.frame_fill = mix(theme.sunken, theme.bg, 0.85) if theme.dark else theme.sunken
        self.frame_text = readable(theme.dim, theme.text, self.frame_fill)
        self.port_line = mix(theme.faint, theme.surface, 0.8)
        self.shadow = QColor(0, 0, 0, 12) if theme.dark else QColor(30, 26, 18, 2)  # one ring of several
        self.dashed = mix(theme.faint, theme.bg, 0.55)
        self.note_fill = mix(theme.task, theme.surface, 0.10 if theme.dark else 0.07)
        self.note_line = mix(theme.task, theme.line, 0.22)
        self.note_text = readable(mix(theme.text, theme.dim, 0.6), theme.text, self.note_fill)
        self.glow = _faint(theme.accent, 0.22)
        self.veil = _faint(theme.bg, 0.4)

    def kind(self, kind: BlockKind) -> KindStyle:
        return self.kinds[kind]

    def look(self, block: Block) -> KindStyle:
        """How a block is told: by its kind, a folded frame by its own colour if it has one."""
        tint = QColor(block.colour) if block.colour else QColor()
        kind = self.kinds[block.ref.kind]
        return KindStyle(kind.icon, tint, _faint(tint, 0.15)) if tint.isValid() else kind


def _faint(colour: QColor, alpha: float) -> QColor:
    result = QColor(colour)
    result.setAlphaF(alpha)
    return result


def font(px: float, weight: int = 400) -> QFont:
    """The canvas's font in whole pixels: points would come out larger on a printer or in an SVG."""
    return _font(px, weight, get_ident())


def metrics(px: float, weight: int = 400) -> QFontMetricsF:
    """How wide and high its letters are."""
    return _metrics(px, weight, get_ident())


# One for each thread: a font looks its letters up when it is used, and files are drawn beside the window.
@lru_cache(maxsize=256)
def _font(px: float, weight: int, _thread: int) -> QFont:
    result = QFont(ui_font(13, weight))
    result.setPixelSize(max(1, round(px)))
    # Figures of equal width and Inter's signs beside figures are glyphs without a character: a PDF's text
    # would lose them, and an SVG cannot ask for them.
    result.unsetFeature(QFont.Tag("tnum"))
    result.setFeature(QFont.Tag("calt"), 0)
    return result


@lru_cache(maxsize=256)
def _metrics(px: float, weight: int, thread: int) -> QFontMetricsF:
    return QFontMetricsF(_font(px, weight, thread))
