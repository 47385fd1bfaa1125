"""Which files of a version are meant: datasets, single files, the pictures of one class."""

from collections.abc import Sequence

from clew.base.errors import UserError
from clew.formats.items import read_items
from clew.formats.native import ANNOTATION_SUFFIX
from clew.formats.yolo_layout import label_path
from clew.model.entities import Project, Version
from clew.services.project_files import files_of
from clew.services.workspace import Workspace


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
