"""One open workspace in a window: follows its news and keeps the counts that the frame shows."""

import gc
import sys
from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from PySide6.QtCore import QObject, QTimer, Signal

from clew.gui.ops import Ops
from clew.gui.watching import Watching

if TYPE_CHECKING:
    from clew.base.progress import Progress
    from clew.services.workspace import Workspace

_QUARTER = 250  # ms between two looks for news


@dataclass(frozen=True)
class Counted:
    """What the frame of the window tells: numbers, and the newest task that runs and how far it is."""

    numbers: dict[str, int]
    running: tuple[int, ...] = ()
    name: str = ""
    fraction: float | None = None
    words: str = ""


class Session(QObject):
    """Polls the feed four times a second; everything that changed arrives by this one road."""

    changed = Signal(object)  # Changes
    counted = Signal(dict)  # counts for side bar and status bar
    running_task = Signal(str, object, str)  # task that runs, how far it is or None, and both in words
    apps_listed = Signal(tuple)  # (slug, name, kind) of the built-in apps

    def __init__(self, ws: "Workspace", ops: Ops, parent: QObject) -> None:
        super().__init__(parent)
        from clew.services.feed import Feed

        self.ws, self._ops = ws, ops
        self._feed = Feed(ws)
        self.watching = Watching(ws, ops, self)
        self._polling = False
        self._counted: Counted | None = None
        self._timer = QTimer(self)
        self._timer.setInterval(_QUARTER)
        self._timer.timeout.connect(self.poll)
        self._timer.start()

    def start(self) -> None:
        """Read everything once."""
        self._count()
        self._ops.query(lambda: _apps(self.ws), self.apps_listed.emit)
        self._ops.write("Remembering the workspace", lambda _progress: _remember(self.ws), None, _ignore)

    def poll(self) -> None:
        """Look for news now; a look that still runs is not overtaken."""
        if not self._polling:
            self._polling = True
            self._ops.query(self._feed.poll, self._news, self._lost)

    def stop(self) -> None:
        """No more news."""
        self._timer.stop()
        self.watching.stop()

    def close(self) -> None:
        """Let go of the workspace; nothing may be running any more."""
        self._feed.close()
        self.ws.close()

    def _news(self, changes: Any) -> None:
        self._polling = False
        if changes is None:
            return
        self.changed.emit(changes)
        self._count(changes.touched)
        if changes.touches("project"):
            self.watching.look()
        if changes.touches("app"):
            self._ops.query(lambda: _apps(self.ws), self.apps_listed.emit)

    def _lost(self, error: BaseException) -> None:
        self._polling = False
        self._timer.setInterval(min(self._timer.interval() * 2, 8000))  # a share that went away may come back
        self._ops.on_error(error, "Looking for news")

    def _count(self, touched: frozenset[tuple[str, int]] | None = None) -> None:
        """Count anew; a step of progress of a task that was running already changes no number."""
        before = self._counted
        steps = {("task", i) for i in before.running} if before is not None else set()
        known = before if touched is not None and touched <= steps else None
        self._ops.query(lambda: _read_counts(self.ws, known), self._show_counts)

    def _show_counts(self, found: "Counted") -> None:
        if self._counted is None or found.numbers != self._counted.numbers:
            self.counted.emit(found.numbers)
        self._counted = found
        self.running_task.emit(found.name, found.fraction, found.words)


def opener(path: Any) -> Callable[["Progress"], "Workspace"]:
    """The work of opening a workspace; imports what takes time in the worker, not in the window."""

    def work(_progress: "Progress") -> "Workspace":
        load_pages()
        from clew.runner.recover import mark_lost
        from clew.services.workspace import open_workspace

        ws = open_workspace(path)
        if not ws.read_only:
            mark_lost(ws)
        return ws

    return work


def load_pages() -> None:
    """Import what the first page needs; called in a worker so that the window need not wait for it."""
    if "clew.gui.pages.workflow" not in sys.modules:
        import clew.gui.pages.workflow  # noqa: F401 - loading is all that is wanted

        gc.freeze()  # modules stay for good: nobody has to look through them for garbage again


def open_demo() -> "Workspace":
    """The demo's workspace: the one that was made before, or a new one whose story begins now (blocking)."""
    from pathlib import Path

    from clew.runner.demo import open_or_start_demo

    load_pages()
    return open_or_start_demo(Path.home() / "Clew demo")


def _read_counts(ws: "Workspace", before: "Counted | None") -> "Counted":
    """The numbers and the task that runs; the numbers of before are taken if the same tasks run."""
    from clew.services.task_words import standing
    from clew.services.tasks import running_tasks
    from clew.services.workspace import counts

    running = running_tasks(ws)
    ids = tuple(task.id for task in running)
    numbers = before.numbers if before is not None and before.running == ids else counts(ws)
    if not running:
        return Counted(numbers)
    return Counted(numbers, ids, running[0].name, running[0].progress, standing(running[0]))


def _apps(ws: "Workspace") -> tuple[tuple[str, str, str], ...]:
    from clew.services.apps import list_apps

    return tuple((app.slug, app.name, app.kind.value) for app in list_apps(ws) if app.built_in)


def _remember(ws: "Workspace") -> None:
    from clew.services.recent import remember

    remember(ws)


def _ignore(_error: BaseException) -> None:
    return None  # a list of recent workspaces that cannot be written is no trouble of the person's
