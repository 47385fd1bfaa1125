"""Pictures on blocks: only what is in view is asked for, off the UI thread, and what is kept has a bound."""

import threading
from typing import Any

import pytest
from PySide6.QtGui import QImage

from clew.gui.canvas.canvas import Canvas
from clew.gui.ops import Ops
from clew.gui.theme import load_theme
from clew.gui.widgets import thumbs
from clew.model.refs import BlockKind, BlockRef
from clew.model.view import Block, GraphView, Preview, Scope


def previews(number: int) -> tuple[Preview, ...]:
    return tuple(Preview(f"tree{number}", f"{i}.jpg", 1) for i in range(4))


@pytest.fixture
def ops(qtbot: Any) -> Any:
    made = Ops()
    yield made
    made.close()
    made.deleteLater()


def test_of_thousands_of_blocks_only_those_in_view_ask_for_pictures(qtbot: Any) -> None:
    asked: set[str] = set()

    def ask(preview: Preview, _side: int) -> QImage | None:
        asked.add(preview.tree)

    refs = [BlockRef(BlockKind.VERSION, n) for n in range(3000)]
    blocks = tuple(Block(r, "Project", f"Block {r.id}", previews=previews(r.id)) for r in refs)
    places = {r: (260.0 * (r.id % 60), 180.0 * (r.id // 60)) for r in refs}
    canvas = Canvas(load_theme("light"))
    qtbot.addWidget(canvas)
    canvas.resize(1000, 700)
    canvas.set_previews(ask)
    canvas.show()
    canvas.set_graph(GraphView(Scope(), "all", blocks, (), positions=places))
    canvas.set_zoom(1.0)
    canvas.center_on(refs[1500])
    asked.clear()
    canvas.settle()
    # A tile reaches over the edge of the view, so a few more than the 5 x 5 blocks in it.
    assert 12 <= len(asked) <= 60
    assert "tree1500" in asked


def test_pictures_are_made_on_another_thread_and_the_cache_is_bounded(
    ops: Any, qtbot: Any, monkeypatch: Any
) -> None:
    where: set[int] = set()

    def load(_ws: Any, _key: Any) -> QImage:
        where.add(threading.get_ident())
        return QImage(100, 100, QImage.Format.Format_RGB32)  # 40,000 bytes

    monkeypatch.setattr(thumbs, "_load", load)
    monkeypatch.setattr(thumbs, "_MOST_BYTES", 400_000)
    made = thumbs.Thumbnails(None, ops)
    for number in range(60):
        assert made.get(Preview(f"t{number}", "a.jpg", 1), 64, 64) is None
    assert len(made._asked) <= 2  # at once; the others wait
    qtbot.waitUntil(lambda: made.idle)
    assert threading.get_ident() not in where
    assert made._bytes == sum(i.sizeInBytes() for i in made._kept.values()) <= 400_000
    assert len(made._kept) == 10


def test_what_was_scrolled_past_long_ago_is_not_fetched_any_more(
    ops: Any, qtbot: Any, monkeypatch: Any
) -> None:
    loaded: list[str] = []
    gate = threading.Event()

    def load(_ws: Any, key: Any) -> QImage:
        gate.wait(10)
        loaded.append(key[0].tree)
        return QImage(4, 4, QImage.Format.Format_RGB32)

    monkeypatch.setattr(thumbs, "_load", load)
    made = thumbs.Thumbnails(None, ops)
    for number in range(1000):
        made.get(Preview(f"t{number}", "a.jpg", 1), 64, 64)
    gate.set()
    qtbot.waitUntil(lambda: made.idle)
    assert len(loaded) <= 202
    assert "t999" in loaded
    assert "t500" not in loaded
