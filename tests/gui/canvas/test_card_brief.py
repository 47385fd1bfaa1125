"""The card at mid zoom: versions of one project can be told apart."""

from dataclasses import replace

import pytest
from PySide6.QtGui import QImage, QPainter

from clew.gui.canvas.card import paint_brief
from clew.gui.canvas.style import Style
from clew.gui.state import State
from clew.model.refs import BlockKind, BlockRef
from clew.model.view import Block


def drawn(block: Block, zoom: float) -> QImage:
    image = QImage(240, 160, QImage.Format.Format_ARGB32_Premultiplied)
    image.fill(0xFFFFFFFF)
    painter = QPainter(image)
    paint_brief(painter, block, Style(State().theme), 1.0, zoom)
    painter.end()
    return image


@pytest.mark.parametrize("zoom", [0.3, 0.4, 0.5])
@pytest.mark.parametrize("kind", [BlockKind.VERSION, BlockKind.MODEL])
@pytest.mark.parametrize("title", ["Coins", "A very long name of a project that fills all of its lines"])
def test_the_number_is_seen_at_mid_zoom(qapp, kind, zoom, title) -> None:
    assert qapp
    one = Block(BlockRef(kind, 1), "Project, version 1", title)
    two = replace(one, caption="Project, version 2")
    assert drawn(one, zoom) != drawn(two, zoom)
    assert drawn(one, zoom) == drawn(replace(one, fact="no word of it is drawn"), zoom)
