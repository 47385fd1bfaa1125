"""Save a working folder: content that is new goes into packs, then the trees."""

from pathlib import Path

from clew.base.errors import UserError, explain_os_error
from clew.base.log import log
from clew.base.progress import Progress
from clew.store.claims import Claims
from clew.store.crew import Crew, HelperLost
from clew.store.identify import Surroundings, identify
from clew.store.keep import PackKeeper
from clew.store.read import Reader
from clew.store.types import SavedTree


def save(
    folder: Path,
    reader: Reader,
    root: Path,
    *,
    cache: Path | None,
    crew: Crew | None = None,
    progress: Progress | None = None,
) -> SavedTree:
    """Save the state of `root`; on any failure nothing points to what was written.

    Raises:
        UserError: a file cannot be read.
        SurroundingsError: the disk is full, or the store cannot be written.
        Cancelled: the person stopped it.
    """
    if folder.resolve().is_relative_to(root.resolve()):
        raise UserError(
            f"The workspace's store lies inside {root}. Choose a folder that does not contain it."
        )
    try:
        return _save(folder, reader, root, cache, crew, progress)
    except HelperLost as error:
        log.warning("A helper process ended, so the folder is saved again without it: %s", error)
        return _save(folder, reader, root, cache, None, progress)


def _save(
    folder: Path, reader: Reader, root: Path, cache: Path | None, crew: Crew | None, progress: Progress | None
) -> SavedTree:
    index = reader.index
    keeper: PackKeeper | None = None
    try:
        index.refresh()
        keeper = PackKeeper(folder, index, reader, f"saving {root}", Claims.make() if crew else None)
        work = identify(root, Surroundings(cache, crew, keeper, folder), progress)
        keeper.finish()
    except OSError as error:
        raise explain_os_error(error, f"saving {root}") from error
    finally:
        if keeper is not None:
            keeper.close()
    index.refresh()
    top, added = work.root, keeper.added + work.added
    return SavedTree(top.tree.hex(), top.files, top.size, added, tuple(sorted(set(work.unsteady))))
