"""A small graph that has everything: a spine, tasks, models, a frame, a state that is not saved."""

from collections.abc import Callable, Iterator

import pytest
from PySide6.QtCore import QEvent, QPointF, Qt
from PySide6.QtGui import QMouseEvent
from PySide6.QtWidgets import QApplication

from clew.gui.canvas.canvas import Canvas
from clew.gui.ops import Ops
from clew.gui.pages.arranging import Arranging
from clew.gui.theme import load_theme
from clew.model.refs import BlockKind, BlockRef
from clew.model.view import Block, BlockLink, BlockState, Frame, GraphView, LinkKind, Preview, Scope

IMPORT, TRAIN, TRAIN2 = (BlockRef(BlockKind.TASK, i) for i in (1, 2, 3))
V1, V2 = (BlockRef(BlockKind.VERSION, i) for i in (1, 2))
STATE = BlockRef(BlockKind.STATE, 1)
MODEL, MODEL2 = (BlockRef(BlockKind.MODEL, i) for i in (1, 2))
REPORT = BlockRef(BlockKind.REPORT, 1)


def previews(n: int) -> tuple[Preview, ...]:
    return tuple(Preview(f"tree{n}", f"{i}.png", 1) for i in range(4))


BLOCKS = (
    Block(IMPORT, "App", "Import images", "1,240 images", ("38 s",)),
    Block(V1, "Project, version 1", "Coin finds", "1,240 images", ("v1",), previews=previews(1)),
    Block(V2, "Project, version 2", "Coin finds", "1,512 images", ("v2", "+272"), previews=previews(2)),
    Block(STATE, "Intermediate state", "Coin finds", "changed", ("not saved",), BlockState.UNSAVED),
    Block(TRAIN, "Training app", "Quick trainer", "half size", ("29 s",)),
    Block(TRAIN2, "Training app", "Quick trainer", "", ("62 %",), BlockState.RUNNING, progress=0.62),
    Block(MODEL, "Model", "forest, version 1", "mAP 0.412"),
    Block(MODEL2, "Model", "when training ends", state=BlockState.UNSAVED),
    Block(REPORT, "Report", "Evaluation, forest v1", "mAP 0.412", ("+2.1",)),
)
LINKS = (
    BlockLink(IMPORT, V1, id=1),
    BlockLink(V1, TRAIN, id=2),
    BlockLink(TRAIN, MODEL, id=3),
    BlockLink(TRAIN, REPORT, id=4),
    BlockLink(V2, TRAIN2, id=5),
    BlockLink(TRAIN2, MODEL2, id=6),
    BlockLink(V1, V2, LinkKind.SPINE),
    BlockLink(V2, STATE, LinkKind.SPINE),
)
FRAMES = (Frame(1, "First detector", (TRAIN, MODEL, REPORT)),)
VIEW = GraphView(Scope(), "Coin survey", BLOCKS, LINKS, FRAMES)


class Hand:
    """Moves a mouse over a canvas with real events; points are scene pixels."""

    def __init__(self, canvas: Canvas) -> None:
        self.canvas = canvas
        self.held = Qt.MouseButton.NoButton

    def at(self, x: float, y: float) -> QPointF:
        return self.canvas.camera.to_view(QPointF(x, y))

    def middle(self, ref: BlockRef) -> QPointF:
        canvas = self.canvas
        return canvas.camera.to_view(canvas.scene.bounds(canvas.scene.rows([ref])).center())

    def send(self, kind: QEvent.Type, at: QPointF, button: Qt.MouseButton, mods: Qt.KeyboardModifier) -> None:
        view = self.canvas.viewport()
        event = QMouseEvent(kind, at, QPointF(view.mapToGlobal(at.toPoint())), button, self.held, mods)
        QApplication.sendEvent(view, event)

    def press(
        self,
        at: QPointF,
        button=Qt.MouseButton.LeftButton,
        mods=Qt.KeyboardModifier.NoModifier,
        kind: QEvent.Type = QEvent.Type.MouseButtonPress,
    ) -> None:
        self.held = button
        self.send(kind, at, button, mods)

    def move(self, at: QPointF, mods=Qt.KeyboardModifier.NoModifier) -> None:
        self.send(QEvent.Type.MouseMove, at, Qt.MouseButton.NoButton, mods)

    def release(self, at: QPointF, mods=Qt.KeyboardModifier.NoModifier) -> None:
        button, self.held = self.held, Qt.MouseButton.NoButton
        self.send(QEvent.Type.MouseButtonRelease, at, button, mods)

    def drag(
        self, start: QPointF, end: QPointF, *, mods=Qt.KeyboardModifier.NoModifier, **how: object
    ) -> None:
        self.press(start, mods=mods, **how)
        for share in (0.3, 0.7, 1.0):
            self.move(start + (end - start) * share, mods)
        self.release(end, mods)

    def click(self, at: QPointF, mods=Qt.KeyboardModifier.NoModifier, **how: object) -> None:
        self.press(at, mods=mods, **how)
        self.release(at, mods)


@pytest.fixture
def canvas(qtbot) -> Iterator[Canvas]:
    widget = Canvas(load_theme("light"))
    qtbot.addWidget(widget)
    widget.motion.reduced = True
    widget.resize(1200, 800)
    with qtbot.waitExposed(widget):
        widget.show()
    widget.set_graph(VIEW)
    widget.setFocus()
    return widget


@pytest.fixture
def hand(canvas: Canvas) -> Hand:
    return Hand(canvas)


@pytest.fixture
def heard(canvas: Canvas) -> Callable[[str], list]:
    """Collects what a signal says: `heard("moved")`."""

    def listen(name: str) -> list:
        said: list = []
        getattr(canvas, name).connect(lambda *args: said.append(args[0] if len(args) == 1 else args))
        return said

    return listen


@pytest.fixture
def arrange(canvas: Canvas, qtbot) -> Iterator[Callable[[], None]]:
    """Arranges as the page does, and waits until the blocks have their places or are on their way."""
    ops, said = Ops(canvas), []
    arranging = Arranging(canvas, ops, said.append)

    def run() -> None:
        arranging.start()
        qtbot.waitUntil(lambda: ops.idle)
        assert said == []

    yield run
    ops.close()
