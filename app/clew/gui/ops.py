"""The two doors off the UI thread: `write` (one worker, in order) and `query` (a small pool).

Results come back on the UI thread through one queued signal. An operation that fails shows itself by
the one handler that the shell installs, unless the caller has its own.
"""

import itertools
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from typing import Any

from PySide6.QtCore import QObject, Qt, Signal

from clew.base.errors import Cancelled
from clew.base.log import log
from clew.base.progress import Progress


class Operation:
    """One long action: its words, its progress, and how to stop it."""

    def __init__(self, label: str) -> None:
        self.label = label
        self.progress = Progress()
        self.over = False

    def cancel(self) -> None:
        self.progress.cancel()


_Waiting = tuple[Operation | None, Callable[..., None] | None, Callable[..., None] | None]


class Ops(QObject):
    """Runs work off the UI thread. `running_changed` says that the list of operations is another."""

    running_changed = Signal()
    _finished = Signal(object)

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._writer = ThreadPoolExecutor(1, "clew-write")
        self._readers = ThreadPoolExecutor(3, "clew-query")
        self._numbers = itertools.count(1)
        self._waiting: dict[int, _Waiting] = {}
        self._closed = False
        self.shared: dict[str, Any] = {}  # what pages of one workspace share, as the cache of thumbnails
        self.on_error: Callable[[BaseException, str], None] = _log_only
        self._finished.connect(self._deliver, Qt.ConnectionType.QueuedConnection)

    def write(
        self,
        label: str,
        work: Callable[[Progress], Any],
        done: Callable[[Any], None] | None = None,
        failed: Callable[[BaseException], None] | None = None,
    ) -> Operation:
        """Do work that changes the workspace, after all asked for before; `label` as "Saving version"."""
        operation = Operation(label)
        number = next(self._numbers)
        self._waiting[number] = (operation, done, failed)
        self._writer.submit(self._run, number, lambda: work(operation.progress))
        self.running_changed.emit()
        return operation

    def read(
        self,
        label: str,
        work: Callable[[Progress], Any],
        done: Callable[[Any], None] | None = None,
        failed: Callable[[BaseException], None] | None = None,
    ) -> Operation:
        """Do long work that only reads, with progress, beside what is written; `label` as "Verifying"."""
        operation = Operation(label)
        number = next(self._numbers)
        self._waiting[number] = (operation, done, failed)
        self._readers.submit(self._run, number, lambda: work(operation.progress))
        self.running_changed.emit()
        return operation

    def query(
        self,
        work: Callable[[], Any],
        done: Callable[[Any], None],
        failed: Callable[[BaseException], None] | None = None,
    ) -> None:
        """Read something; `done` gets the result on the UI thread."""
        number = next(self._numbers)
        self._waiting[number] = (None, done, failed)
        self._readers.submit(self._run, number, work)

    def running(self) -> list[Operation]:
        """The operations that are not over, oldest first; queries are none."""
        return [entry[0] for entry in self._waiting.values() if entry[0] is not None]

    @property
    def idle(self) -> bool:
        return not self._waiting

    @property
    def closed(self) -> bool:
        """Whether no work is taken any more."""
        return self._closed

    def close(self) -> None:
        """Stop taking work, ask running work to stop, and wait for the threads."""
        self._closed = True
        for operation in self.running():
            operation.cancel()
        self._writer.shutdown(wait=True, cancel_futures=True)
        self._readers.shutdown(wait=True, cancel_futures=True)

    def _run(self, number: int, work: Callable[[], Any]) -> None:
        outcome: tuple[int, Any, BaseException | None]
        try:
            outcome = (number, work(), None)
        except BaseException as error:
            outcome = (number, None, error)
        if not self._closed:
            self._finished.emit(outcome)

    def _deliver(self, outcome: tuple[int, Any, BaseException | None]) -> None:
        number, result, error = outcome
        operation, done, failed = self._waiting.pop(number)
        if operation is not None:
            operation.over = True
            self.running_changed.emit()
        if self._closed:
            return
        if error is None:
            if done is not None:
                done(result)
        elif failed is not None:
            failed(error)
        elif not isinstance(error, Cancelled):
            self.on_error(error, operation.label if operation else "")


def _log_only(error: BaseException, label: str) -> None:
    log.error("%s failed", label or "A query", exc_info=error)
