"""One log for bugs and surroundings; the person's screen never shows a traceback."""

import logging
from logging.handlers import RotatingFileHandler
from pathlib import Path

log = logging.getLogger("clew")


def log_to(path: Path) -> None:
    """Send the log to a file as well (1 MB, three old ones kept)."""
    if any(getattr(handler, "baseFilename", None) == str(path) for handler in log.handlers):
        return
    handler = RotatingFileHandler(path, maxBytes=1_000_000, backupCount=3, encoding="utf-8", delay=True)
    handler.setFormatter(logging.Formatter("%(asctime)s %(levelname)s %(threadName)s %(message)s"))
    log.addHandler(handler)
    log.setLevel(logging.INFO)
