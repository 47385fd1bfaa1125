"""`clew verify`: proof of every byte."""

import click

from clew.base.errors import DamagedError
from clew.base.words import count, listing, size
from clew.cli.call import Call, verb
from clew.cli.refs import project_of
from clew.cli.waiting import waiting


@verb()
@click.argument("what", metavar="[PROJECT[@N]]", required=False)
def verify(call: Call, what: str | None) -> None:
    """Read every stored byte of a version, of a project's versions, or of the whole workspace."""
    from clew.services.verify import verify_versions
    from clew.services.versions import list_versions, version_by_number

    with call.workspace() as ws, waiting() as progress:
        chosen = None
        if what is not None:
            project, number = project_of(ws, what)
            if number is not None:
                chosen = [version_by_number(ws, project.id, number)]
            else:
                chosen = [s.version for s in list_versions(ws, project.id, deleted=False)]
        checked = verify_versions(ws, chosen, progress=progress)
    if checked.damaged:
        raise DamagedError(
            f"{count(len(checked.damaged), 'file')} damaged: {listing(list(checked.damaged))}. "
            "Bring the store's packs back from a copy of the workspace.",
            checked.damaged,
        )
    facts = {
        "versions": [version.id for version in checked.versions],
        "objects": checked.objects,
        "bytes": checked.bytes,
        "damaged": [],
    }
    call.answer(
        facts,
        f"{count(len(checked.versions), 'version')} verified: all of "
        f"{count(checked.objects, 'stored object')} ({size(checked.bytes)}) are what was saved",
    )
