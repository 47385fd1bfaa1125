"""What a tree of a project holds, counted once and kept.

A damaged annotation counts as none: what is wrong with a file must never keep its state from being saved.
"""

import dataclasses

from clew.db import queries
from clew.formats.items import read_items
from clew.formats.statistics import statistics
from clew.model.entities import Project, Statistics
from clew.services.project_files import files_of
from clew.services.workspace import Workspace


def statistics_of(ws: Workspace, tree: str, project: Project) -> Statistics:
    """Items, objects and classes of a stored tree; counted at the first question, then read."""
    with ws.db.read() as connection:
        known = queries.read_statistics(connection, tree, project.format)
    if known is not None:
        return known
    counted = statistics(read_items(files_of(ws.store, project.folder, tree), project.format, []))
    if not ws.read_only:
        data = dataclasses.asdict(counted)
        with ws.db.write(durable=False) as transaction:
            queries.write_statistics(
                transaction, tree, project.format, {**data, "previews": list(counted.previews)}
            )
    return counted


def working_statistics(ws: Workspace, project: Project) -> Statistics:
    """The same for the working folder as it is now; never kept."""
    return statistics(read_items(files_of(ws.store, project.folder, None), project.format, []))
