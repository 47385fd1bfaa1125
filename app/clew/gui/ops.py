"""The two doors off the UI thread: `write` (one worker, in order) and `query` (a small pool).

Results come back on the UI thread through one queued signal. An operation that fails shows itself by
the one handler that the shell installs, unless the caller has its own. A worker knows work and outcome by a
number only: what they hold, pages and dialogs among it, is let go of on the UI thread.
"""

import itertools
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
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


@dataclass
class _Job:
    """What is asked for, who hears of it, and what came of it."""

    work: Callable[[], Any]
    operation: Operation | None
    done: Callable[[Any], None] | None
    failed: Callable[[BaseException], None] | None
    result: Any = None
    error: BaseException | None = None

    def run(self) -> None:
        """Do it (blocking)."""
        try:
            self.result = self.work()
        except BaseException as error:
            self.error = error


class Ops(QObject):
    """Runs work off the UI thread. `running_changed` says that the list of operations is another."""

    running_changed = Signal()
    _finished = Signal(int)

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._writer = ThreadPoolExecutor(1, "clew-write")
        self._readers = ThreadPoolExecutor(3, "clew-query")
        self._numbers = itertools.count(1)
        self._waiting: dict[int, _Job] = {}
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
        return self._operate(self._writer, label, work, done, failed)

    def read(
        self,
        label: str,
        work: Callable[[Progress], Any],
        done: Callable[[Any], None] | None = None,
        failed: Callable[[BaseException], None] | None = None,
    ) -> Operation:
        """Do long work that only reads, with progress, beside what is written; `label` as "Verifying"."""
        return self._operate(self._readers, label, work, done, failed)

    def query(
        self,
        work: Callable[[], Any],
        done: Callable[[Any], None],
        failed: Callable[[BaseException], None] | None = None,
    ) -> None:
        """Read something; `done` gets the result on the UI thread."""
        self._submit(self._readers, _Job(work, None, done, failed))

    def running(self) -> list[Operation]:
        """The operations that are not over, oldest first; queries are none."""
        return [job.operation for job in self._waiting.values() if job.operation is not None]

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

    def _operate(
        self,
        crew: ThreadPoolExecutor,
        label: str,
        work: Callable[[Progress], Any],
        done: Callable[[Any], None] | None,
        failed: Callable[[BaseException], None] | None,
    ) -> Operation:
        operation = Operation(label)
        self._submit(crew, _Job(lambda: work(operation.progress), operation, done, failed))
        self.running_changed.emit()
        return operation

    def _submit(self, crew: ThreadPoolExecutor, job: _Job) -> None:
        number = next(self._numbers)
        self._waiting[number] = job
        crew.submit(self._run, number)

    def _run(self, number: int) -> None:
        self._waiting[number].run()
        if not self._closed:
            self._finished.emit(number)

    def _deliver(self, number: int) -> None:
        job = self._waiting.pop(number)
        if job.operation is not None:
            job.operation.over = True
            self.running_changed.emit()
        if self._closed:
            return
        if job.error is None:
            if job.done is not None:
                job.done(job.result)
        elif job.failed is not None:
            job.failed(job.error)
        elif not isinstance(job.error, Cancelled):
            self.on_error(job.error, job.operation.label if job.operation else "")


def _log_only(error: BaseException, label: str) -> None:
    log.error("%s failed", label or "A query", exc_info=error)
