"""Prove that what is stored is what was saved, byte by byte, and take good copies of what is damaged back."""

import contextlib
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from clew.base.errors import UserError
from clew.base.progress import Progress
from clew.db import mapping
from clew.model.entities import Model, Project, Report, Version, VersionStatus
from clew.services.projects import located
from clew.services.versions import get_version
from clew.services.workspace import Workspace
from clew.store.store import Store
from clew.store.verify import Found


@dataclass(frozen=True)
class DamagedFile:
    """A file of a version (or model, or report) whose content is damaged, and what it belongs to."""

    path: str
    belongs_to: tuple[str, ...]  # "Coin finds@3", "model Net"

    @property
    def text(self) -> str:
        return f"{self.path} ({', '.join(self.belongs_to)})" if self.belongs_to else self.path


@dataclass(frozen=True)
class Verified:
    """What was read: the versions it was for, and the files in them that are damaged ("" paths: packs)."""

    versions: tuple[Version, ...]
    objects: int
    bytes: int
    damaged: tuple[str, ...]
    files: tuple[DamagedFile, ...] = ()


@dataclass(frozen=True)
class Repaired:
    """What was damaged and is whole again, and what no good copy was found of."""

    mended: tuple[DamagedFile, ...]
    left: tuple[DamagedFile, ...]
    packs: int  # damaged packs before


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
        everything = _owners(ws)
        result = ws.store.verify(trees=tuple(everything), everything=True, progress=progress)
    else:
        chosen = list(versions)
        everything = _owners(ws, chosen)
        result = ws.store.verify(trees=tuple(everything), progress=progress)
    files: dict[str, list[str]] = {}
    for damaged in result.damaged:
        for tree, path in damaged.places:
            files.setdefault(path, []).extend(everything.get(tree, ()))
        if not damaged.places:
            files.setdefault(f"object {damaged.id}" if damaged.id else f"pack {damaged.pack}", [])
    told = _told(files, everything)
    return Verified(tuple(chosen), result.objects, result.bytes, tuple(files), told)


def _told(files: dict[str, list[str]], owners: dict[str, list[str]]) -> tuple[DamagedFile, ...]:
    """Files with what they belong to, in the order in which that was made."""
    order = [name for names in owners.values() for name in names]
    return tuple(
        DamagedFile(path, tuple(sorted(set(names), key=order.index))) for path, names in files.items()
    )


def _owners(ws: Workspace, versions: Sequence[Version] | None = None) -> dict[str, list[str]]:
    """What each tree belongs to, in words; of all that is saved unless versions are given."""
    with ws.db.read() as connection:
        names = {p.id: p.name for p in mapping.find(connection, Project)}
        if versions is None:
            chosen = mapping.find(connection, Version, status=VersionStatus.SAVED.value)
            models, reports = mapping.find(connection, Model), mapping.find(connection, Report)
        else:
            chosen, models, reports = list(versions), [], []
    out: dict[str, list[str]] = {}
    for version in chosen:
        out.setdefault(version.tree, []).append(f"{names[version.project_id]}@{version.number}")
    for model in models:
        out.setdefault(model.tree, []).append(f"model {model.name}@{model.number}")
    for report in reports:
        out.setdefault(report.tree, []).append(f"report {report.name}")
    return out


def repair(ws: Workspace, *, source: Path | None = None, progress: Progress | None = None) -> Repaired:
    """Verify the whole store, and take good copies of what is damaged back.

    They come from the working folders of all projects, from other places in the store, and from `source`.

    Args:
        source: another workspace, or the store inside of one.
        progress: counts bytes.

    Raises:
        UserError: there is no store at `source`; SurroundingsError: this one cannot be written.
    """
    owners = _owners(ws)
    with ws.db.read() as connection:
        projects = mapping.find(connection, Project)
    folders = [Path(located(ws, project).folder) for project in projects]
    with contextlib.ExitStack() as stack:
        others = [stack.enter_context(_open(source))] if source is not None else []
        before, after = ws.store.repair(folders, others, trees=tuple(owners), progress=progress)
    was, left = _files(before, owners), _files(after, owners)
    mended = tuple(file for file in was if file not in left)
    packs = {name for names in before.bad.values() for name in names} | set(before.unreadable)
    return Repaired(mended, left, len(packs))


def _open(source: Path) -> Store:
    source = source.expanduser().absolute()
    for folder in (source, source / "store"):
        if (folder / "format").is_file():
            return Store.open(folder, folder / "no cache", read_only=True)
    raise UserError(f"There is no store in {source}. Name a workspace, or the folder store in one.")


def _files(found: Found, owners: dict[str, list[str]]) -> tuple[DamagedFile, ...]:
    files: dict[str, list[str]] = {}
    for id_ in sorted(found.paths):
        for tree, path in found.places(id_):
            files.setdefault(path, []).extend(owners.get(tree.hex(), ()))
    return _told(dict(sorted(files.items())), owners)
