"""Where a large file is cut into parts; readers follow the recipe, so this may change in format 1."""

from collections.abc import Iterator

WHOLE_BELOW = 8 << 20  # smaller files are one object
PART = 4 << 20


def cut(size: int) -> Iterator[tuple[int, int]]:
    """The parts of a file of `size` bytes, as (begin, end) offsets.

    Fixed parts: what is appended to a file adds its own bytes and at most one part more.
    """
    for begin in range(0, size, PART):
        yield begin, min(size, begin + PART)
