"""Memory that is not needed any more goes back to the system."""

import ctypes
import sys


def trim_memory() -> None:
    """Give back what was freed since; glibc keeps it, after large arrays a hundred megabytes and more.

    Takes a few milliseconds. Nothing happens where there is no glibc.
    """
    if sys.platform == "linux":
        trim = getattr(ctypes.CDLL(None), "malloc_trim", None)
        if trim is not None:
            trim(0)
