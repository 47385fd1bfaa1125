"""One log for bugs and surroundings; the person's screen never shows a traceback."""

import logging
import threading
from logging.handlers import RotatingFileHandler
from pathlib import Path

log = logging.getLogger("clew")

_lock = threading.Lock()


class _LogFile(RotatingFileHandler):
    """A log that cannot be written (the disk is full) is no news for the person's screen."""

    def handleError(self, record: logging.LogRecord) -> None:  # noqa: ARG002 - logging's name and shape
        return


_open: dict[Path, tuple[_LogFile, int]] = {}


def log_to(path: Path) -> None:
    """Send the log to a file as well (1 MB, three old ones kept), until `stop_log` was called as often."""
    with _lock:
        handler, users = _open.get(path, (None, 0))
        if handler is None:
            handler = _LogFile(path, maxBytes=1_000_000, backupCount=3, encoding="utf-8", delay=True)
            handler.setFormatter(logging.Formatter("%(asctime)s %(levelname)s %(threadName)s %(message)s"))
            log.addHandler(handler)
            log.setLevel(logging.INFO)
        _open[path] = handler, users + 1


def stop_log(path: Path) -> None:
    """The counterpart of `log_to`; a file that is not open is passed over."""
    with _lock:
        handler, users = _open.pop(path, (None, 0))
        if handler is not None and users > 1:
            _open[path] = handler, users - 1
        elif handler is not None:
            log.removeHandler(handler)
            handler.close()
