"""How a built-in app ends: expected trouble is one sentence, a bug keeps its traceback for the log."""

import sys
from collections.abc import Callable

from clew.base.errors import Cancelled, ClewError


def run_app(main: Callable[[], None]) -> None:
    """Run an app's `main` and leave the process with its exit code."""
    try:
        main()
    except ClewError as error:
        print(error, file=sys.stderr)
        sys.exit(error.exit_code)
    except Cancelled:
        sys.exit(Cancelled.exit_code)
