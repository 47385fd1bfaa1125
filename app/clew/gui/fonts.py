"""Type: Inter, shipped so that text looks alike everywhere and exists where no font is installed."""

from functools import lru_cache

from PySide6.QtGui import QFont, QFontDatabase

from clew.base.places import resource

_loaded: list[int] = []
FAMILY = "Inter"


def load_fonts() -> None:
    """Register the shipped fonts with Qt, once; needs a running QGuiApplication."""
    if not _loaded:
        for weight in ("Regular", "Medium", "SemiBold", "Bold"):
            _loaded.append(QFontDatabase.addApplicationFont(str(resource("fonts", f"Inter-{weight}.otf"))))


@lru_cache(maxsize=64)
def ui_font(px: float = 13, weight: int = 400) -> QFont:
    """The window's font at `px` logical pixels; numbers are of equal width, as every table needs them."""
    load_fonts()
    font = QFont(FAMILY)
    if float(px).is_integer():
        font.setPixelSize(int(px))
    else:  # Qt knows whole pixels only; a point is 1/72 inch and a logical pixel 1/96
        font.setPointSizeF(px * 0.75)
    font.setWeight(QFont.Weight(weight))
    font.setHintingPreference(QFont.HintingPreference.PreferNoHinting)
    font.setFeature(QFont.Tag("tnum"), 1)
    return font


@lru_cache(maxsize=8)
def mono_font(px: int = 11) -> QFont:
    """A fixed-width font for hashes and logs."""
    font = QFontDatabase.systemFont(QFontDatabase.SystemFont.FixedFont)
    font.setPixelSize(px)
    return font
