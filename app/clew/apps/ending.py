"""How a built-in app ends: expected trouble is one sentence, a bug keeps its traceback for the log."""

import errno
import signal
import sys
from collections.abc import Callable
from types import FrameType

from clew.base.errors import Cancelled, ClewError, explain_os_error

_SURROUNDINGS = (errno.ENOSPC, errno.EDQUOT, errno.EROFS, errno.EACCES)  # the machine's trouble, not a bug


def run_app(main: Callable[[], None]) -> None:
    """Run an app's `main` and leave the process with its exit code; SIGTERM stops it after tidying up."""
    signal.signal(signal.SIGTERM, _stop)
    try:
        main()
    except ClewError as error:
        print(error, file=sys.stderr)
        sys.exit(error.exit_code)
    except OSError as error:
        if error.errno not in _SURROUNDINGS:
            raise
        print(explain_os_error(error, "running the app"), file=sys.stderr)
        sys.exit(1)
    except Cancelled:
        sys.exit(Cancelled.exit_code)


def _stop(_signal: int, _frame: FrameType | None) -> None:
    # Not Cancelled: reporting to the workspace swallows whatever is an Exception.
    raise SystemExit(Cancelled.exit_code)
