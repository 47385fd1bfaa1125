"""`clew --run-app`: a module of Clew inside the frozen bundle, where there is no Python to start it with."""

import runpy
import sys
from collections.abc import Sequence

from clew.base.errors import UsageError

HOUSE = "clew."


def run_app(words: Sequence[str]) -> None:
    """Run a module of Clew, a built-in app or the guard of a task, as if Python had been started with -m.

    Args:
        words: the module ("clew.apps.evaluate.main", with or without "-m" before it), then its arguments.

    Raises:
        SystemExit: the module's own exit code, or 2 when it is none of Clew.
    """
    words = list(words[1:] if words[:1] == ["-m"] else words)
    if not words or not words[0].startswith(HOUSE):
        named = words[0] if words else "nothing"
        print(f"--run-app runs modules of Clew, as clew.apps.evaluate.main, not {named}", file=sys.stderr)
        sys.exit(UsageError.exit_code)
    sys.argv = words
    runpy.run_module(words[0], run_name="__main__", alter_sys=True)
