"""Long work on a terminal: a line that counts on stderr, and Ctrl+C as a polite wish to stop."""

import shutil
import signal
import sys
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

from clew.base.progress import Progress, ProgressState

EVERY = 0.1  # seconds between two looks
CLEAR = "\r\x1b[K"


@contextmanager
def waiting(line: Callable[[ProgressState], str] | None = None) -> Iterator[Progress]:
    """A Progress that is shown while the block runs; the first Ctrl+C cancels it, the second breaks off."""
    progress = Progress()
    over = threading.Event()

    def show() -> None:
        while not over.wait(EVERY):
            text = (line or in_words)(progress.state())[: shutil.get_terminal_size().columns - 1]
            sys.stderr.write(f"{CLEAR}{text}")
            sys.stderr.flush()

    shower = threading.Thread(target=show, name="clew-progress", daemon=True) if sys.stderr.isatty() else None
    before = _on_interrupt(progress)
    try:
        if shower:
            shower.start()
        yield progress
    finally:
        over.set()
        if shower:
            shower.join()
            sys.stderr.write(CLEAR)
            sys.stderr.flush()
        if before is not None:
            signal.signal(signal.SIGINT, before)


def in_words(state: ProgressState) -> str:
    """As "Saving 1,240 files  620 of 1,240"."""
    if not state.text:
        return ""
    counted = f"{state.done:,} of {state.total:,}" if state.total else f"{state.done:,}" if state.done else ""
    return f"{state.text}  {counted}".rstrip()


def _on_interrupt(progress: Progress) -> Any:
    """Let the first SIGINT cancel; returns the handler that was there, or None outside the main thread."""
    if threading.current_thread() is not threading.main_thread():
        return None
    before = signal.getsignal(signal.SIGINT)

    def stop(_number: int, _frame: Any) -> None:
        if progress.cancelled:
            raise KeyboardInterrupt
        progress.cancel()

    signal.signal(signal.SIGINT, stop)
    return before
