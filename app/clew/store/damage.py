"""Damage that is met while a version is written out is told with the name of the file."""

import contextlib
from collections.abc import Iterator

from clew.base.errors import DamagedError


def damaged_file(path: str) -> DamagedError:
    """The error for one file of a version whose content does not match its id."""
    return DamagedError(
        f"The file {path} of this version is damaged in the store, so nothing was written. "
        "Take a good copy back with: clew verify --repair",
        (path,),
    )


@contextlib.contextmanager
def naming(path: str) -> Iterator[None]:
    """Damage that is met inside is told with the name of the file."""
    try:
        yield
    except DamagedError as error:
        raise damaged_file(path) from error
