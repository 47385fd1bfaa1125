"""Workspaces that this person opened, newest first, with small pictures for the start page."""

import json
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from clew.base.atomic import write_atomic
from clew.base.clock import now_us
from clew.base.log import log
from clew.base.places import config_dir
from clew.model.view import Preview
from clew.services.projects import list_projects
from clew.services.thumbnails import thumbnail
from clew.services.workspace import Workspace, counts, is_workspace

MOST = 12
WIDTH, HEIGHT = 212, 192  # twice the size on screen


@dataclass(frozen=True)
class Recent:
    """One workspace on the start page; `previews` are JPEGs."""

    path: Path
    name: str
    opened_at: int
    blocks: int
    previews: tuple[bytes, ...]


def recent_workspaces() -> tuple[Recent, ...]:
    """Those that are still there."""
    result = []
    for entry in _read():
        path = Path(entry["path"])
        if is_workspace(path):
            pictures = path / "cache" / "start"
            previews = tuple(p.read_bytes() for p in sorted(pictures.glob("*.jpg"))[:3])
            result.append(Recent(path, entry["name"], entry["opened_at"], entry["blocks"], previews))
    return tuple(result)


def remember(ws: Workspace) -> None:
    """Put a workspace at the head of the list, and draw its three pictures."""
    mine = {"path": str(ws.path), "name": ws.name, "opened_at": now_us(), "blocks": counts(ws)["blocks"]}
    entries = [mine, *(e for e in _read() if e["path"] != str(ws.path))][:MOST]
    _write(entries)
    if not ws.read_only:
        _draw(ws)


def forget(path: Path) -> None:
    """Take a workspace off the list; the workspace itself stays."""
    _write([e for e in _read() if e["path"] != str(path)])


def _draw(ws: Workspace) -> None:
    pictures = ws.cache_dir / "start"
    pictures.mkdir(parents=True, exist_ok=True)
    previews = [
        Preview(s.latest.tree, path, s.project.id)
        for s in list_projects(ws)
        if s.latest and s.statistics
        for path in s.statistics.previews[:3]
    ]
    for number, preview in enumerate(previews[:3]):
        if data := thumbnail(ws, preview, WIDTH, HEIGHT):
            write_atomic(pictures / f"{number}.jpg", data, durable=False)


def _read() -> list[dict[str, Any]]:
    try:
        entries = json.loads((config_dir() / "recent.json").read_text("utf-8"))
        return [
            e for e in entries if isinstance(e, dict) and {"path", "name", "opened_at", "blocks"} <= e.keys()
        ]
    except FileNotFoundError:
        return []
    except (OSError, ValueError, TypeError) as error:
        log.warning("The list of recent workspaces cannot be read: %s", error)
        return []


def _write(entries: list[dict[str, Any]]) -> None:
    write_atomic(config_dir() / "recent.json", json.dumps(entries, indent=1), durable=False)
