"""Clew: the way back to every state of your data and models.

`Api`, `WorkflowMeta` and `WorkflowSettings` are what a program of one's own needs; they are
loaded on first use so that `import clew` costs nothing.
"""

from typing import TYPE_CHECKING, Any

from clew.base.about import VERSION as __version__

if TYPE_CHECKING:
    from clew.sdk.api import Api
    from clew.sdk.meta import WorkflowMeta, WorkflowSettings

__all__ = ["Api", "WorkflowMeta", "WorkflowSettings", "__version__"]

_HOMES = {
    "Api": "clew.sdk.api",
    "WorkflowMeta": "clew.sdk.meta",
    "WorkflowSettings": "clew.sdk.meta",
}


def __getattr__(name: str) -> Any:
    if name not in _HOMES:
        raise AttributeError(f"module 'clew' has no attribute {name!r}")
    from importlib import import_module

    return getattr(import_module(_HOMES[name]), name)
