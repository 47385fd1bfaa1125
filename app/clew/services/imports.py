"""Bring pictures and annotations of a folder or file into a project, all of it or nothing."""

import contextlib
import shutil
from dataclasses import dataclass
from pathlib import Path

from clew.base.errors import UserError, explain_os_error
from clew.base.progress import Progress
from clew.base.words import count, listing
from clew.formats.detect import detect
from clew.formats.native import (
    ANNOTATION_SUFFIX,
    PROJECT_FILE,
    class_colour,
    read_classes,
    write_annotation,
    write_project,
)
from clew.formats.scan import link_root, scan
from clew.model.annotations import BrokenFile, ClassInfo, SourceScan
from clew.model.entities import Project
from clew.model.refs import BlockRef
from clew.services.observe import observe
from clew.services.projects import (
    create_project,
    get_project,
    list_projects,
    plan_remove,
    remove_project,
    set_format,
    sync_datasets,
    touch_project,
)
from clew.services.staging import Staging
from clew.services.workspace import Workspace


@dataclass(frozen=True)
class ImportPlan:
    """What an import would bring. `clashes` are items that the project has with another content."""

    source: Path
    format: str
    project_name: str
    project: Project | None
    scan: SourceScan
    clashes: tuple[str, ...] = ()

    @property
    def objects(self) -> int:
        return sum(len(item.annotation.things) for item, _ in self.scan.items if item.annotation)


@dataclass(frozen=True)
class ImportResult:
    """What an import brought; `state` is the block of the project's new state."""

    project: Project
    items: int
    objects: int
    skipped: tuple[BrokenFile, ...]
    state: BlockRef


def plan_import(
    ws: Workspace,
    source: Path,
    *,
    project: str | None = None,
    format: str = "auto",
    images: Path | None = None,
    progress: Progress | None = None,
) -> ImportPlan:
    """Look at a source: what is in it, what is broken, and whether it fits the project. Changes nothing.

    Args:
        source: a folder, or the JSON file of a COCO set.
        project: name of a project, new or there already; None takes the source's name.
        format: "auto", or one that `clew.formats` reads.
        images: where the pictures of a COCO file are, when not beside it.

    Raises:
        UserError: there is nothing to import, or the source cannot be read.
    """
    source = source.expanduser().absolute()
    if not source.exists():
        raise UserError(f"There is no file or folder {source} to import.")
    if source.is_dir() and (ws.path.is_relative_to(source) or source.is_relative_to(ws.projects_dir)):
        raise UserError(f"{source} and the workspace lie inside each other. Import a folder from elsewhere.")
    chosen = detect(source) if format == "auto" else format
    name = project or source.stem.replace("_", " ").strip() or "Imported"
    there = next((s.project for s in list_projects(ws) if s.project.name == name), None)
    found = scan(source, chosen, images=images, progress=progress)
    if not found.items and not found.broken:
        raise UserError(f"There is nothing to import in {source}: no picture or file was found.")
    return ImportPlan(source, chosen, name, there, found, _clashes(there, found) if there else ())


def apply_import(
    ws: Workspace,
    plan: ImportPlan,
    *,
    skip_broken: bool = False,
    link: bool = False,
    replace: bool = False,
    progress: Progress | None = None,
) -> ImportResult:
    """Do a planned import: everything arrives, or the project stays exactly as it was.

    Args:
        skip_broken: leave broken files out; otherwise they refuse the whole import.
        link: leave the files where they are and make a linked project of their folder.
        replace: items that are there with another content get the new one; otherwise they refuse the import.

    Raises:
        UserError: broken or clashing files that were not allowed for; names the first ones.
    """
    broken = plan.scan.broken
    if broken and not skip_broken:
        named = listing([f"{b.path} ({b.reason})" for b in broken])
        raise UserError(
            f"{count(len(broken), 'file')} cannot be read: {named}. "
            "Nothing was imported; mend them, or import again and skip broken files."
        )
    if not plan.scan.items:
        raise UserError(f"All files of {plan.source} are broken. Nothing was imported.")
    if plan.clashes and not replace and not link:
        raise UserError(
            f"{plan.project_name} has other content under {count(len(plan.clashes), 'name')} already: "
            f"{listing(list(plan.clashes))}. Nothing was imported; choose another project or replace them."
        )
    project = _link(ws, plan) if link else _copy_into(ws, plan, progress)
    sync_datasets(ws, project)
    state = observe(ws, project.id, progress=progress)
    return ImportResult(project, len(plan.scan.items), plan.objects, broken, state)


def _clashes(project: Project, found: SourceScan) -> tuple[str, ...]:
    clashes = []
    for item, source in found.items:
        target = Path(project.folder).joinpath(*item.path.split("/"))
        if not target.exists():
            continue
        annotation = target.with_name(target.name + ANNOTATION_SUFFIX)
        there = annotation.read_bytes() if annotation.exists() else None
        new = write_annotation(item.annotation) if item.annotation else None
        if not _same_file(target, Path(source)) or (new is not None and there != new):
            clashes.append(item.path)
    return tuple(clashes)


def _same_file(a: Path, b: Path) -> bool:
    if a.stat().st_size != b.stat().st_size:
        return False
    with a.open("rb") as x, b.open("rb") as y:
        while block := x.read(1 << 20):
            if block != y.read(1 << 20):
                return False
    return True


def _link(ws: Workspace, plan: ImportPlan) -> Project:
    if plan.project is not None:
        raise UserError(
            f"There is a project called {plan.project_name} already. Choose another name to link under."
        )
    return create_project(ws, plan.project_name, folder=link_root(plan.source), format=plan.format)


def _copy_into(ws: Workspace, plan: ImportPlan, progress: Progress | None) -> Project:
    if plan.project is not None and not plan.project.managed:
        raise UserError(
            f"{plan.project_name} is linked to {plan.project.folder}. Put the files there yourself, "
            "or import into another project."
        )
    project = plan.project or create_project(ws, plan.project_name)
    try:
        if plan.project is None and plan.format == "files":
            with ws.db.write() as transaction:
                set_format(transaction, project.id, "files")
            (Path(project.folder) / PROJECT_FILE).unlink(missing_ok=True)
            project = get_project(ws, project.id)
        _stage_and_move(Path(project.folder), plan, progress)
    except BaseException as error:
        if plan.project is None:
            remove_project(ws, plan_remove(ws, project.id))
        if isinstance(error, OSError):
            raise explain_os_error(error, f"importing into {plan.project_name}") from error
        raise
    with ws.db.write() as transaction:
        touch_project(transaction, project.id)
    return project


def _stage_and_move(folder: Path, plan: ImportPlan, progress: Progress | None) -> None:
    """Copy everything beside its place, then rename all of it."""
    staging = Staging(folder)
    try:
        moves: list[tuple[str, str]] = []
        if progress:
            progress.start(f"Copying {count(len(plan.scan.items), 'file')}", len(plan.scan.items))
        for number, (item, source) in enumerate(plan.scan.items):
            copy = staging.path / f"{number}"
            shutil.copyfile(source, copy)
            with contextlib.suppress(OSError):
                shutil.copystat(source, copy)
            moves.append((copy.name, item.path))
            if item.annotation is not None and plan.format != "files":
                copy.with_suffix(".a").write_bytes(write_annotation(item.annotation))
                moves.append((f"{number}.a", item.path + ANNOTATION_SUFFIX))
            if progress:
                progress.advance()
        if (folder / PROJECT_FILE).exists():
            classes = read_classes((folder / PROJECT_FILE).read_bytes())
            merged = merge_classes(classes, plan.scan.classes)
            (staging.path / "project").write_bytes(write_project(merged))
            moves.append(("project", PROJECT_FILE))
        staging.commit(moves)
    finally:
        staging.discard()
        staging.close()


def merge_classes(there: tuple[ClassInfo, ...], new: tuple[ClassInfo, ...]) -> tuple[ClassInfo, ...]:
    """The classes of a project with new ones added at the end, each with a colour of its own."""
    names = {c.name for c in there}
    result = list(there)
    for cls in new:
        if cls.name not in names:
            result.append(ClassInfo(cls.name, class_colour(len(result)), cls.source_id))
            names.add(cls.name)
    return tuple(result)
