"""The SVG that is made without the window."""

from xml.etree import ElementTree

from clew.cli.graph_svg import as_svg
from clew.graph.drawing import draw
from clew.model.refs import BlockKind, BlockRef
from clew.model.view import FRAME_MARGIN, Block, Frame, GraphView, Note, Scope

SVG = "{http://www.w3.org/2000/svg}"
A, B = (BlockRef(BlockKind.MODEL, i) for i in (1, 2))
NOTE = Note(3, "Evening <light> & more\n" + "word " * 80, -300, -200, 224, 92)
INNER = Frame(1, "Inner & old", (A,), parent=2, folded=True)
OUTER = Frame(2, "Outer", (B, NOTE.ref), colour="#ff8800")
VIEW = GraphView(
    Scope(),
    "Coins",
    (Block(A, "Model", "First"), Block(B, "Model", "Second")),
    (),
    (INNER, OUTER),
    {A: (0.0, 0.0), B: (400.0, 0.0)},
    notes=(NOTE,),
)


def test_frames_enclose_what_stands_in_them() -> None:
    drawing = draw(VIEW)
    (outer, around), (inner, box) = drawing.frames
    assert (outer, inner) == (OUTER, INNER)
    place = {block.ref: at for block, at in drawing.blocks}
    left, top, right, bottom = FRAME_MARGIN
    x, y = place[A]
    assert box == (x - left, y - top, x + 224 + right, y + 92 + bottom)
    assert around[2] == place[B][0] + 224 + right
    assert around[0] == drawing.notes[0][1][0] - left
    assert min(around) > 0
    assert around[2] < drawing.size[0]
    assert around[3] < drawing.size[1]


def test_names_and_notes_are_written() -> None:
    root = ElementTree.fromstring(as_svg(VIEW))
    words = [text.text or "" for text in root.iter(f"{SVG}text")]
    assert {"Outer", "Inner & old", "First", "Evening <light> & more"} <= set(words)
    assert {g.get("id") for g in root.iter(f"{SVG}g")} == {str(A), str(B), str(NOTE.ref)}
    assert any(word.endswith("…") for word in words)
    assert "#ff8800" in {rect.get("stroke") for rect in root.iter(f"{SVG}rect")}


def test_a_note_alone_and_nothing_at_all() -> None:
    alone = GraphView(Scope(), "Coins", (), (), notes=(NOTE,))
    assert draw(alone).size == (224 + 64, 92 + 64)
    assert ElementTree.fromstring(as_svg(GraphView(Scope(), "Coins", (), ()))).get("width") == "64"
