"""`clew verify`: proof of every byte, and the way back when one is wrong."""

from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from clew.base.errors import DamagedError, UsageError
from clew.base.words import count, listing, size
from clew.cli.call import Call, verb
from clew.cli.refs import project_of
from clew.cli.waiting import waiting

if TYPE_CHECKING:
    from clew.services.verify import DamagedFile


@verb()
@click.argument("what", metavar="[PROJECT[@N]]", required=False)
@click.option("--repair", is_flag=True, help="Take good copies of what is damaged back.")
@click.option(
    "--from",
    "source",
    metavar="WORKSPACE",
    type=click.Path(path_type=Path),
    help="With --repair: another workspace that may have good copies.",
)
def verify(call: Call, what: str | None, repair: bool, source: Path | None) -> None:
    """Read every stored byte of a version, of a project's versions, or of the whole workspace.

    With --repair, good copies come from the working folders of all projects. Ends with 4 when something is
    damaged (with --repair: still damaged), and names each file with the versions it belongs to.
    """
    from clew.services.verify import verify_versions
    from clew.services.versions import list_versions, version_by_number

    if repair:
        if what is not None:
            raise UsageError("--repair is for the whole workspace; leave the project out.")
        _repair(call, source)
        return
    if source is not None:
        raise UsageError("--from goes with --repair.")
    with call.workspace() as ws, waiting() as progress:
        chosen = None
        if what is not None:
            project, number = project_of(ws, what)
            if number is not None:
                chosen = [version_by_number(ws, project.id, number)]
            else:
                chosen = [s.version for s in list_versions(ws, project.id, deleted=False)]
        checked = verify_versions(ws, chosen, progress=progress)
    if checked.files:
        raise _damage(checked.files, "Take good copies back with: clew verify --repair")
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


def _repair(call: Call, source: Path | None) -> None:
    from clew.services.verify import repair

    with call.workspace() as ws, waiting() as progress:
        done = repair(ws, source=source, progress=progress)
    for file in done.mended:
        call.say(f"Whole again: {file.text}")
    if done.left:
        raise _damage(
            done.left,
            "No good copy was found in the working folders"
            + (f" and in {source}." if source else ". Name a copy of the workspace with --from."),
        )
    facts: dict[str, Any] = {"mended": [_facts(file) for file in done.mended], "damaged": []}
    if not done.mended and not done.packs:
        call.answer(facts, "Nothing is damaged")
        return
    call.answer(facts, f"{count(len(done.mended), 'file')} whole again; nothing is damaged any more")


def _damage(files: "tuple[DamagedFile, ...]", advice: str) -> DamagedError:
    texts = [file.text for file in files]
    return DamagedError(f"{count(len(files), 'file')} damaged: {listing(texts)}. {advice}", tuple(texts))


def _facts(file: "DamagedFile") -> dict[str, Any]:
    return {"path": file.path, "versions": list(file.belongs_to)}
