"""What a helper process does: jobs and items come in, results go out (crew.py)."""

import os
import queue
import signal
import sys
import threading
import time
from collections.abc import Callable
from typing import Any

from clew.base.errors import ClewError, SurroundingsError
from clew.base.progress import Progress
from clew.store.crew import HELLO, Job, receive, send
from clew.store.folder_reader import make_reader
from clew.store.folder_writer import make_writer
from clew.store.verify import make_prover

JOBS: dict[str, Callable[..., Job]] = {"read": make_reader, "write": make_writer, "verify": make_prover}
LOOK_S = 3.0


class _Desk:
    """Listens beside the work, so that "stop" is heard in the middle of an item."""

    def __init__(self) -> None:
        self.messages: queue.SimpleQueue[tuple[Any, ...]] = queue.SimpleQueue()
        self.progress = Progress()

    def listen(self) -> None:
        try:
            while True:
                message = receive(sys.stdin.buffer)
                if message[0] == "bye":
                    break
                if message[0] == "begin":
                    self.progress = Progress()
                    message = (*message, self.progress)
                elif message[0] == "stop":
                    self.progress.cancel()
                self.messages.put(message)
        finally:  # the owner is gone, or has closed the store between two jobs
            os._exit(0)


def _end_with(owner: int) -> None:
    """End when the owner is gone although somebody else still holds the pipe."""
    while os.getppid() == owner:
        time.sleep(LOOK_S)
    os._exit(0)


def _plain(error: BaseException) -> BaseException:
    """An error as it can travel."""
    if isinstance(error, OSError):
        return OSError(error.errno, error.strerror, error.filename)
    known = isinstance(error, ClewError) or type(error).__module__ in {"builtins", "clew.base.errors"}
    return error if known else SurroundingsError(f"A helper process failed: {error!r}")


def serve(desk: _Desk, out: Any) -> None:
    """Answer messages until the process is ended by `_Desk.listen`."""
    job: Job | None = None
    broken: BaseException | None = None  # what making the job met is told with its first item
    while True:
        what, *rest = desk.messages.get()
        try:
            if what == "begin":
                kind, args, progress = rest
                job, broken = None, None
                try:
                    job = JOBS[kind](*args, progress=progress)
                except Exception as error:
                    broken = error
                continue
            if broken is not None and what != "stop":
                raise broken
            answer: Any = None
            if what == "stop":
                if job is not None:
                    job.drop()
                job = None
            elif what == "do":
                assert job is not None
                answer = job.do(rest[0])
            else:
                assert job is not None
                answer = job.end()
                job = None
            send(out, (True, answer))
        except Exception as error:
            send(out, (False, _plain(error)))


def main() -> None:
    """Run until the owner closes the pipe."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # Ctrl+C is the owner's to handle
    out = os.fdopen(os.dup(1), "wb")
    os.dup2(2, 1)  # whatever prints must not end up between two messages
    out.write(HELLO)
    out.flush()
    desk = _Desk()
    if os.name == "posix":
        threading.Thread(target=_end_with, args=(os.getppid(),), daemon=True).start()
    worker = threading.Thread(target=serve, args=(desk, out), daemon=True)
    worker.start()
    desk.listen()


if __name__ == "__main__":
    main()
