"""Filters of the list calls: [{"field", "operator", "value"}, …] over the fields of named tuples."""

import operator
from collections.abc import Callable, Sequence
from typing import Any, TypeVar

from clew.base.errors import UsageError

T = TypeVar("T")

_OPERATORS: dict[str, Callable[[Any, Any], bool]] = {
    "=": operator.eq,
    "eq": operator.eq,
    "!=": operator.ne,
    "not": operator.ne,
    "<": operator.lt,
    "lt": operator.lt,
    "<=": operator.le,
    "lte": operator.le,
    ">": operator.gt,
    "gt": operator.gt,
    ">=": operator.ge,
    "gte": operator.ge,
    "in": lambda value, wanted: value in wanted,
    "like": lambda value, wanted: str(wanted).strip("%").lower() in str(value).lower(),
}


def keep(infos: Sequence[T], filters: list[dict[str, Any]] | None) -> list[T]:
    """Those of `infos` for which all filters hold; names may be written createdAt or created_at.

    Raises:
        UsageError: a field or an operator is unknown.
    """
    kept = list(infos)
    for rule in filters or []:
        name = "".join(f"_{c.lower()}" if c.isupper() else c for c in str(rule.get("field", "")))
        test = _OPERATORS.get(str(rule.get("operator", "=")))
        if test is None:
            raise UsageError(f"Unknown operator in a filter: {rule.get('operator')!r}")
        for info in infos:
            if not hasattr(info, name):
                raise UsageError(f"Unknown field in a filter: {rule.get('field')!r}")
        kept = [info for info in kept if test(getattr(info, name), rule.get("value"))]
    return kept
