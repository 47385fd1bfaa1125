"""The short road for news of tasks: a step of progress changes one block, nothing else is read again."""

from collections.abc import Callable, Sequence
from typing import Protocol

from clew.gui.ops import Ops
from clew.model.entities import Changes
from clew.model.view import Block
from clew.services.task_blocks import TaskNews, TaskShape, task_news
from clew.services.workspace import Workspace


class Host(Protocol):
    """The page that shows the graph."""

    ws: Workspace
    ops: Ops

    @property
    def reading(self) -> bool:
        """Whether the whole graph is being read just now."""

    def refresh(self) -> None:
        """Read the whole graph again."""

    def show_blocks(self, blocks: Sequence[Block]) -> None:
        """Show other content in blocks that are drawn already."""


class TaskFeed:
    """Reads touched tasks alone, and asks for the whole graph only when its shape hangs on what changed.

    One reading at a time; what is touched meanwhile is read after it. While the whole graph is being read
    nothing is shown: that reading may be older, and would put old progress over new.
    """

    def __init__(self, host: Host) -> None:
        self._host = host
        self._shapes: dict[int, TaskShape] = {}
        self._touched: set[int] = set()
        self._asking: frozenset[int] = frozenset()

    def take(self, changes: Changes, kinds: Sequence[str]) -> bool:
        """Take news if, of the kinds that the graph is made of, they are of tasks alone."""
        touched = {(kind, id_) for kind, id_ in changes.touched if kind in kinds}
        if not touched or any(kind != "task" for kind, _ in touched):
            return False
        self._touched |= {id_ for _, id_ in touched}
        self.ask()
        return True

    def learn(self, running: tuple[TaskNews, ...]) -> None:
        """Take note of tasks as they were just before the graph was read: their next step is no news."""
        self._shapes.update({news.id: news.shape for news in running})

    def ask(self) -> None:
        """Read what was touched, unless a reading is under way; the page calls this after its own."""
        if self._asking or self._host.reading or not self._touched:
            return
        self._asking, self._touched = frozenset(self._touched), set()
        ids, ws = self._asking, self._host.ws
        work: Callable[[], tuple[TaskNews, ...]] = lambda: task_news(ws, ids)  # noqa: E731 - typed for ops
        self._host.ops.query(work, self._show, self._failed)

    def _show(self, found: tuple[TaskNews, ...]) -> None:
        ids, self._asking = self._asking, frozenset()
        shapes = {news.id: news.shape for news in found}
        same = all(i in shapes and self._shapes.get(i) == shapes[i] for i in ids)
        self._shapes.update(shapes)
        if not same:  # new, begun, over, renamed or gone: other blocks and links hang on it
            self._host.refresh()
        elif self._host.reading:
            self._touched |= ids
        else:
            self._host.show_blocks([news.block for news in found])
        self.ask()

    def _failed(self, error: BaseException) -> None:
        self._asking = frozenset()
        self._host.ops.on_error(error, "Reading the tasks at work")
