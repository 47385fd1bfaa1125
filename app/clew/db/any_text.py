"""Text that may hold the names of files: not all of them are Unicode, and SQLite takes nothing else.

Bytes of a name that are no UTF-8 are lone surrogates in Python (PEP 383, U+DC80 to U+DCFF). In the database
they stand as the last 128 characters of the private plane 16, which no file is known to be named with.
"""

import re
from typing import Any

from sqlalchemy import Text
from sqlalchemy.types import TypeDecorator

_OUT = {0xDC80 + n: 0x10FF80 + n for n in range(128)}
_IN = {there: here for here, there in _OUT.items()}
_ODD = re.compile("[\udc80-\udcff]")
_KEPT = re.compile("[\U0010ff80-\U0010ffff]")


class AnyText(TypeDecorator[str]):
    """A text column that takes every file name and gives it back unchanged."""

    impl = Text
    cache_ok = True

    def process_bind_param(self, value: str | None, dialect: Any) -> str | None:  # noqa: ARG002
        return value.translate(_OUT) if isinstance(value, str) and _ODD.search(value) else value

    def process_result_value(self, value: Any, dialect: Any) -> Any:  # noqa: ARG002
        if isinstance(value, str) and not value.isascii() and _KEPT.search(value):
            return value.translate(_IN)
        return value
