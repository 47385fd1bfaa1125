"""The list of packs that were reclaimed and are about to be removed: the commit point of a reclaim."""

import contextlib
import json
import os
from pathlib import Path

from clew.base.atomic import fsync_dir
from clew.base.log import log
from clew.store.pack import put_file

DROPPED = "dropped"


def read_dropped(folder: Path) -> frozenset[str]:
    """Names of packs that are no part of the store any more although their files may still be there."""
    try:
        names = json.loads((folder / DROPPED).read_bytes())["packs"]
    except FileNotFoundError:
        return frozenset()
    except (OSError, ValueError, KeyError, TypeError) as error:
        # Nothing is lost by looking at packs that should be gone: their objects are whole.
        log.error("The list of reclaimed packs cannot be read: %s", error)
        return frozenset()
    return frozenset(str(name) for name in names)


def drop(folder: Path, names: frozenset[str]) -> None:
    """Take packs out of the store for good; the caller holds the store's lock alone.

    Raises:
        OSError: they are still all there, or all gone for readers.
    """
    packs = folder / "packs"
    if names:
        body = json.dumps({"packs": sorted(names | read_dropped(folder))}) + "\n"
        put_file(folder, folder / DROPPED, body.encode())
    finish_drop(folder, packs)


def finish_drop(folder: Path, packs: Path) -> None:
    """Remove the files of dropped packs, then the list. A file that another process has open (Windows) stays
    on the list until the next time.
    """
    left = False
    for name in read_dropped(folder):
        try:
            os.unlink(packs / name)
        except FileNotFoundError:
            continue
        except PermissionError:
            left = True
    if left or not (folder / DROPPED).exists():
        return
    fsync_dir(packs)
    with contextlib.suppress(FileNotFoundError):
        os.unlink(folder / DROPPED)
