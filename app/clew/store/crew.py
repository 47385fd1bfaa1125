"""Helper processes that take part of a long job; the process that asks always works too.

A helper is this program started once more with two pipes. It ends when its input ends, so nothing is left
behind, however the owner went. It is started only when a job has lasted a while, and stays warm for the next.
"""

import contextlib
import os
import pickle
import struct
import subprocess
import sys
import threading
import time
from collections import deque
from collections.abc import Callable, Iterable
from typing import IO, Any, Protocol

from clew.base.log import log
from clew.base.progress import Progress

COLD_S, WARM_S = 0.25, 0.004  # how long a job lasts before a helper is started, or called in
AHEAD = 2  # items that a helper holds at once, so that it never waits for the next
LENGTH = struct.Struct("<Q")
HELLO = b"clew store helper"
MOST = 3  # helpers; the disk, not the processor, is the limit beyond
END_S = 5.0


class Job(Protocol):
    """One kind of work on many items; every process makes its own and gives it items until there are none."""

    def do(self, item: Any) -> Any: ...

    def end(self) -> Any:
        """Finish; what it returns goes to the one who asked."""

    def drop(self) -> None:
        """Undo what can be undone; after `end` too."""


class HelperLost(Exception):
    """A helper died in the middle of a job: what it had done is in doubt, do the job again alone."""


def send(pipe: IO[bytes], message: object) -> None:
    data = pickle.dumps(message, pickle.HIGHEST_PROTOCOL)
    pipe.write(LENGTH.pack(len(data)))
    pipe.write(data)
    pipe.flush()


def receive(pipe: IO[bytes]) -> Any:
    """The next message; raises EOFError when the other end is gone."""
    head = pipe.read(LENGTH.size)
    if len(head) < LENGTH.size:
        raise EOFError
    (size,) = LENGTH.unpack(head)
    data = pipe.read(size)
    if len(data) < size:
        raise EOFError
    return pickle.loads(data)


def _command() -> list[str]:
    if getattr(sys, "frozen", False):
        return [sys.executable, "--run-app", "clew.store.helper"]
    start = f"import sys; sys.path[:] = {sys.path!r}; from clew.store.helper import main; main()"
    return [sys.executable, "-c", start]


class Helper:
    """One process; used by one thread at a time."""

    def __init__(self) -> None:
        self._process = subprocess.Popen(_command(), stdin=subprocess.PIPE, stdout=subprocess.PIPE)
        assert self._process.stdin and self._process.stdout
        self._in, self._out = self._process.stdin, self._process.stdout
        self._lock = threading.Lock()
        self._owed = 0  # answers
        self._stopped = True
        try:
            if self._out.read(len(HELLO)) != HELLO:
                raise OSError("the helper did not start")
        except BaseException:
            self.close()
            raise

    @property
    def pid(self) -> int:
        return self._process.pid

    def send(self, *message: object, answer: bool = True) -> None:
        with self._lock:
            self._owed += answer
            try:
                send(self._in, message)
            except (OSError, ValueError) as error:
                raise HelperLost(str(error)) from error

    def begin(self, *message: object) -> None:
        self.settle()  # when the last job failed elsewhere, it was told to stop after it had ended its part
        self._stopped = False
        self.send("begin", *message, answer=False)

    def stop(self) -> None:
        """Tell it to give up the job, from any thread; it drops what it has done."""
        if not self._stopped:
            self._stopped = True
            self.send("stop")

    def settle(self) -> None:
        """Wait for all answers that are due; nobody wants to know them."""
        while self._owed:
            try:
                self.receive()
            except HelperLost:
                raise
            except Exception:
                log.debug("An item was given up", exc_info=True)

    def receive(self) -> Any:
        """The answer to the oldest message that has one; raises what the helper raised."""
        try:
            good, answer = receive(self._out)
        except (EOFError, OSError, ValueError, pickle.UnpicklingError) as error:
            raise HelperLost(str(error)) from error
        with self._lock:
            self._owed -= 1
        if not good:
            raise answer
        return answer

    def close(self) -> None:
        with contextlib.suppress(OSError, ValueError):
            # Closing the pipe is not enough where a program forked meanwhile and has it too.
            send(self._in, ("bye",))
        for pipe in (self._in, self._out):
            try:
                pipe.close()
            except OSError:
                pass
        try:
            self._process.wait(END_S)
        except subprocess.TimeoutExpired:
            self._process.kill()
            self._process.wait()


class _Board:
    """The items of one job, taken by whoever is free."""

    def __init__(self, items: Iterable[Any], done: Callable[[Any, Any], Iterable[Any]]) -> None:
        self._waiting = deque(items)
        self._done = done
        self._open = 0  # taken and not done: their results may bring new items
        self._changed = threading.Condition()
        self.error: BaseException | None = None

    def take(self, wait: bool = True) -> Any:
        """The next item; None when there is none (now, or ever), or somebody failed."""
        with self._changed:
            while not self._waiting and self._open and wait and self.error is None:
                self._changed.wait()
            if not self._waiting or self.error is not None:
                return None
            self._open += 1
            return self._waiting.popleft()

    def put(self, item: Any, result: Any) -> None:
        with self._changed:
            try:
                self._waiting.extend(self._done(item, result))
            finally:
                self._open -= 1
                if self._waiting or not self._open:
                    self._changed.notify_all()

    def fail(self, error: BaseException) -> None:
        with self._changed:
            self.error = self.error or error
            self._changed.notify_all()


class Crew:
    """The helpers of one store. Safe from several threads: who comes second works alone."""

    def __init__(self, size: int | None = None) -> None:
        cpus = len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1
        self._size = min(MOST, cpus - 1) if size is None else size
        self._helpers: list[Helper] = []
        self._busy = threading.Lock()
        self.cold_s, self.warm_s = COLD_S, WARM_S

    def warm(self) -> None:
        """Start the helpers now, so that the first job does not wait for them; a failure is logged only."""
        with self._busy:
            while len(self._helpers) < self._size:
                try:
                    self._helpers.append(Helper())
                except OSError as error:
                    log.warning("A helper process cannot be started: %s", error)
                    return

    @property
    def pids(self) -> list[int]:
        """The processes that are there now."""
        return [helper.pid for helper in self._helpers]

    def close(self) -> None:
        """End the helpers."""
        with self._busy:
            for helper in self._helpers:
                helper.close()
            self._helpers = []

    def share(
        self,
        kind: str,
        args: tuple[Any, ...],
        local: Job,
        items: Iterable[Any],
        done: Callable[[Any, Any], Iterable[Any]],
        progress: Progress | None = None,
    ) -> list[Any]:
        """Do all items, here and in the helpers.

        Args:
            kind: the job's name in `helper.JOBS`; `args` make it there.
            local: the same job for this process; the caller ends or drops it.
            items: what to do first.
            done: gets each item and its result, one at a time, and returns what is to be done next.
            progress: asked whether to stop.

        Returns:
            what the helpers' jobs returned at their end.

        Raises:
            HelperLost: and whatever a job raises; all helpers have dropped the job then.
        """
        board = _Board(items, done)
        mine = self._size > 0 and self._busy.acquire(blocking=False)
        shift: _Shift | None = None
        try:
            call_at = time.monotonic() + (self.warm_s if self._helpers else self.cold_s)
            while (item := board.take()) is not None:
                board.put(item, local.do(item))
                if progress:
                    progress.check()
                if mine and shift is None and time.monotonic() >= call_at:
                    shift = _Shift(self._helpers, self._size, board, kind, args)
        except BaseException as error:
            board.fail(error)
            raise
        finally:
            if shift is not None:
                shift.wait()
            if mine:
                self._busy.release()
        if board.error is not None:
            raise board.error
        return shift.ends if shift is not None else []


class _Shift:
    """The helpers at work on one job, each fed by a thread."""

    def __init__(
        self, helpers: list[Helper], size: int, board: _Board, kind: str, args: tuple[Any, ...]
    ) -> None:
        self._helpers, self._board, self._kind, self._args = helpers, board, kind, args
        self.ends: list[Any] = []
        self._working: list[Helper] = []
        warm = [*helpers, *([None] * (size - len(helpers)))]
        self._threads = [
            threading.Thread(target=self._feed, args=(helper,), name="clew-crew", daemon=True)
            for helper in warm
        ]
        for thread in self._threads:
            thread.start()

    def wait(self) -> None:
        """Until all are through; at once told to stop when somebody has failed."""
        if self._board.error is not None:
            for helper in list(self._working):
                with contextlib.suppress(HelperLost):  # its own thread will notice too
                    helper.stop()
        for thread in self._threads:
            thread.join()

    def _feed(self, helper: Helper | None) -> None:
        if helper is None:
            try:
                helper = Helper()
            except OSError as error:
                log.warning("A helper process cannot be started, so the work is done without it: %s", error)
                return
            self._helpers.append(helper)
        try:
            self._work(helper)
        except BaseException as error:  # whatever it is, the one who waits for the job has to hear it
            self._board.fail(error)
            if isinstance(error, HelperLost):
                self._helpers.remove(helper)
                helper.close()

    def _work(self, helper: Helper) -> None:
        held: deque[Any] = deque()
        begun = False
        try:
            while self._board.error is None:
                while len(held) < AHEAD and (item := self._board.take(wait=not held)) is not None:
                    if not begun:
                        helper.begin(self._kind, self._args)
                        begun = True
                        self._working.append(helper)
                    helper.send("do", item)
                    held.append(item)
                if not held:
                    break
                result = helper.receive()
                self._board.put(held.popleft(), result)
            if begun and self._board.error is None:
                helper.send("end")
                self.ends.append(helper.receive())
        except HelperLost:
            raise
        except BaseException as error:
            self._board.fail(error)
        if begun and self._board.error is not None:
            helper.stop()
            helper.settle()
