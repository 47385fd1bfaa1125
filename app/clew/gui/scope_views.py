"""Where each scope was looked at last: one small file of the person's for each workspace.

It lies with the person's settings, never in the workspace: a medium that cannot be written is looked at just
the same, and two people on one workspace do not move each other's view. A window reads a scope's view once
and from then on goes by its own; of two windows the one that wrote last is remembered.
"""

import json
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

from clew.base.atomic import write_atomic
from clew.base.log import log
from clew.base.places import config_dir

_MOST = 200  # scopes of a workspace that are remembered


@dataclass(frozen=True)
class Seen:
    """A view of a scope.

    Attributes:
        zoom: view pixels per scene pixel.
        x, y: the middle of the view, scene pixels.
        fitted: all was shown, and is shown as the graph grows.
        chosen: the blocks that were selected, as "version:12".
    """

    zoom: float
    x: float
    y: float
    fitted: bool = False
    chosen: tuple[str, ...] = ()


class ScopeViews:
    """What one window remembers of the scopes of a workspace."""

    def __init__(self, workspace_id: str) -> None:
        self._id = workspace_id
        self._own: dict[str, Seen] = {}

    def get(self, scope: str) -> Seen | None:
        """The view of a scope by its key; None if it was never looked at."""
        return self._own.get(scope) or _seen(_read(self._file).get(scope))

    def keep(self, scope: str, seen: Seen) -> None:
        """Remember a view; where it cannot be written it is remembered until the window closes."""
        if not self._id or seen == self._own.get(scope):
            return
        self._own[scope] = seen
        kept = _read(self._file)  # another window may have written meanwhile
        kept.pop(scope, None)
        kept = {**dict(list(kept.items())[1 - _MOST :]), scope: asdict(seen)}
        try:
            self._file.parent.mkdir(exist_ok=True)
            write_atomic(self._file, json.dumps(kept), durable=False)
        except OSError as error:
            log.warning("Where the graph was looked at could not be saved: %s", error)

    @property
    def _file(self) -> Path:
        return config_dir() / "views" / f"{self._id}.json"


def _read(file: Path) -> dict[str, Any]:
    try:
        found = json.loads(file.read_text("utf-8"))
    except (OSError, ValueError):
        return {}
    return found if isinstance(found, dict) else {}


def _seen(found: Any) -> Seen | None:
    """A view from its JSON; None for what is none."""
    try:
        zoom, x, y = (float(found[name]) for name in ("zoom", "x", "y"))
        return Seen(zoom, x, y, bool(found["fitted"]), tuple(str(ref) for ref in found["chosen"]))
    except (KeyError, TypeError, ValueError):
        return None
