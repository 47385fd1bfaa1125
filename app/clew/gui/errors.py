"""Trouble in words: one sentence for the person, the details for the one who mends Clew."""

import logging
import platform
import sys
import traceback
from dataclasses import dataclass

from clew.base.errors import Cancelled, ClewError, explain_os_error
from clew.base.log import log


@dataclass(frozen=True)
class Trouble:
    """What is shown of an error; `details` is empty unless it is a bug."""

    sentence: str
    details: str = ""


def trouble(error: BaseException, doing: str = "") -> Trouble | None:
    """Put an error into words; None when nothing is to be said (the person stopped it).

    Args:
        error: what was raised.
        doing: what was being done, as the operation is called: "Saving version".
    """
    if isinstance(error, Cancelled):
        return None
    if isinstance(error, ClewError):
        return Trouble(str(error))
    if isinstance(error, OSError) and error.errno is not None:
        log.warning("%s failed", doing or "An action", exc_info=error)
        return Trouble(str(explain_os_error(error, _lower(doing) or "reading the workspace")))
    log.error("%s failed", doing or "A query", exc_info=error)
    what = f"{doing} failed" if doing else "Something failed"
    return Trouble(
        f"{what} because of a fault in Clew. Copy the details to report it.",
        details(error, doing),
    )


def details(error: BaseException, doing: str = "") -> str:
    """The report of a bug that "Copy details" puts on the clipboard."""
    from clew.base.about import VERSION

    head = f"Clew {VERSION}, Python {sys.version.split()[0]}, {platform.platform()}"
    lines = traceback.format_exception(type(error), error, error.__traceback__)
    return "\n".join([head, f"While: {doing or 'using the window'}", "", "".join(lines)])


def quiet_libraries() -> None:
    """Libraries speak to the log only when something is wrong."""
    for name in ("PIL", "sqlalchemy", "alembic"):
        logging.getLogger(name).setLevel(logging.WARNING)


def _lower(text: str) -> str:
    return text[:1].lower() + text[1:]
