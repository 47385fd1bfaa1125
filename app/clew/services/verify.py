"""Prove that what is stored is what was saved, byte by byte."""

from collections.abc import Sequence
from dataclasses import dataclass

from clew.base.progress import Progress
from clew.db import mapping
from clew.model.entities import Version, VersionStatus
from clew.services.versions import get_version
from clew.services.workspace import Workspace


@dataclass(frozen=True)
class Verified:
    """What was read: the versions it was for, and the files in them that are damaged ("" paths: packs)."""

    versions: tuple[Version, ...]
    objects: int
    bytes: int
    damaged: tuple[str, ...]


def verify_version(ws: Workspace, version_id: int, *, progress: Progress | None = None) -> Verified:
    """Read every byte of one version; see `verify_versions`."""
    return verify_versions(ws, (get_version(ws, version_id),), progress=progress)


def verify_versions(
    ws: Workspace, versions: Sequence[Version] | None = None, *, progress: Progress | None = None
) -> Verified:
    """Read every byte of some versions, or of the whole store (models and reports too) when None.

    Damage is an answer, not an exception.
    """
    if versions is None:
        with ws.db.read() as connection:
            chosen = mapping.find(connection, Version, order=("id",), status=VersionStatus.SAVED.value)
        result = ws.store.verify(progress=progress)
    else:
        chosen = list(versions)
        result = ws.store.verify(trees=tuple(version.tree for version in chosen), progress=progress)
    names: list[str] = []
    for damaged in result.damaged:
        names += damaged.paths or (f"object {damaged.id}" if damaged.id else f"pack {damaged.pack}",)
    return Verified(tuple(chosen), result.objects, result.bytes, tuple(dict.fromkeys(names)))
