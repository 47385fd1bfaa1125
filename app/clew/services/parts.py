"""Which files of a version are meant: datasets, single files, the pictures of one class."""

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import islice

from clew.base.errors import UserError
from clew.formats.items import read_items
from clew.formats.names import is_picture
from clew.formats.native import ANNOTATION_SUFFIX, PROJECT_FILE
from clew.formats.yolo_layout import label_path
from clew.model.entities import Project, Version
from clew.services.project_files import files_of
from clew.services.projects import get_project
from clew.services.statistics import statistics_of
from clew.services.versions import get_version
from clew.services.workspace import Workspace


@dataclass(frozen=True)
class Parts:
    """What a part of a version can be: its folders with pictures (or with files), and its classes."""

    datasets: tuple[str, ...]
    classes: tuple[str, ...]


def parts_of(ws: Workspace, version_id: int) -> Parts:
    """The datasets and classes of a version, by name; a single file is looked for with `find_files`."""
    version = get_version(ws, version_id)
    project = get_project(ws, version.project_id)
    pictures: set[str] = set()
    others: set[str] = set()
    for entry in ws.store.entries(version.tree):
        above = entry.path.rpartition("/")[0]
        (pictures if is_picture(entry.path) else others).add(above)
    folders = (pictures or others) - {""}
    for folder in list(folders):  # a dataset that only holds others is one too
        folders |= {folder[:at] for at, letter in enumerate(folder) if letter == "/"}
    classes = statistics_of(ws, version.tree, project).classes
    return Parts(tuple(sorted(folders)), tuple(sorted(classes)))


def find_files(ws: Workspace, version_id: int, text: str, most: int = 50) -> tuple[str, ...]:
    """The first files of a version whose path has `text` in it, whatever the case; `most` of them."""
    tree, wanted = get_version(ws, version_id).tree, text.casefold()
    found = (e.path for e in ws.store.entries(tree) if e.kind != "dir" and wanted in e.path.casefold())
    return tuple(islice(found, most))


def with_project_file(ws: Workspace, version: Version, only: tuple[str, ...]) -> tuple[str, ...]:
    """A part that shall be a project of its own: the colours and order of its classes come with it."""
    if not only or ws.store.entry(version.tree, PROJECT_FILE) is None:
        return only
    return (*only, PROJECT_FILE)


def part_of(
    ws: Workspace, project: Project, version: Version, only: Sequence[str] = (), classes: Sequence[str] = ()
) -> tuple[str, ...]:
    """Paths that a restore or download is limited to; none means everything.

    Args:
        ws: the workspace.
        project: of the version.
        version: whose files are meant.
        only: datasets (folders) or files.
        classes: only pictures with at least one object of these, each with the file of its annotation. A
            file that holds the annotations of several pictures (COCO) is not among them.

    Raises:
        UserError: no picture is left; names the classes that there are.
    """
    if not classes:
        return tuple(only)
    files = files_of(ws.store, project.folder, version.tree)
    there = frozenset(files.paths())
    wanted, chosen, known = set(classes), [], set[str]()
    for item in read_items(files, project.format, []):
        names = {thing.cls for thing in item.annotation.things} if item.annotation else set()
        known |= names
        if names & wanted and (not only or _under(item.path, only)):
            chosen.append(item.path)
            label = item.path + ANNOTATION_SUFFIX
            if project.format == "yolo":
                label = label_path(item.path, there) or label
            chosen += [label] if label in there else []
    if not chosen:
        named = " or ".join(classes)
        raise UserError(
            f"No picture of version {version.number} has an object of the class {named}"
            f"{' in ' + ', '.join(only) if only else ''}. "
            f"Classes in it: {', '.join(sorted(known)) or 'none'}."
        )
    return tuple(chosen)


def _under(path: str, only: Sequence[str]) -> bool:
    return any(path == under.strip("/") or path.startswith(under.strip("/") + "/") for under in only)
