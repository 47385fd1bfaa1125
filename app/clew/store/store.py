"""The store of a workspace: everything that reads or writes content goes through here."""

import contextlib
import json
import os
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import AbstractContextManager
from dataclasses import replace
from pathlib import Path
from types import TracebackType
from typing import Any

from clew.base.atomic import fsync_dir, write_atomic
from clew.base.clock import now_us
from clew.base.errors import DamagedError, SurroundingsError, UserError, explain_os_error
from clew.base.progress import Progress
from clew.model.changes import FileChange
from clew.store import archive, diff, entries, export, reclaim, records, repair, restore, save
from clew.store.crew import Crew
from clew.store.dropped import finish_drop, read_dropped
from clew.store.guard import HOLDS, Guard
from clew.store.identify import Surroundings, identify
from clew.store.index import Index
from clew.store.pack import clean_orphans
from clew.store.read import Reader
from clew.store.reclaim import ReclaimPlan, Spare
from clew.store.types import Entry, RestorePlan, SavedTree, VerifyResult
from clew.store.usage import disk_usage
from clew.store.verify import Found, as_result, examine, locate

FORMAT = 1
FOLDERS = ("packs", "versions", "tmp", HOLDS)


class Store:
    """Content of all versions (FORMAT.md). Safe from several threads and processes at once.

    Paths are `str` with "/", relative to the saved folder; bytes that are not UTF-8 appear as surrogates
    (`os.fsdecode`). Tree ids are 64 hex digits. A missing or damaged object raises DamagedError.
    """

    def __init__(self, folder: Path, cache: Path, *, read_only: bool = False) -> None:
        self.folder = folder
        self.read_only = read_only
        self._cache = cache
        self._index = Index(folder / "packs")
        self._reader = Reader(folder / "packs", self._index)
        self._crew = Crew()
        self._around = Surroundings(None if read_only else cache, self._crew)
        self._watching = Surroundings(None if read_only else cache, self._crew)
        self._guard = Guard(folder)

    @staticmethod
    def create(folder: Path, cache: Path) -> "Store":
        """Make a new store.

        Raises:
            UserError: there is one already; SurroundingsError.
        """
        if (folder / "format").exists():
            raise UserError(f"{folder} is a store already. Open it, or choose another folder.")
        try:
            for name in FOLDERS:
                (folder / name).mkdir(parents=True, exist_ok=True)
            text = json.dumps({"format": FORMAT, "hash": "blake3-256", "created_us": now_us()})
            write_atomic(folder / "format", text + "\n")
            fsync_dir(folder.parent)
        except OSError as error:
            raise explain_os_error(error, f"creating the store {folder}") from error
        return Store.open(folder, cache)

    @staticmethod
    def open(folder: Path, cache: Path, *, read_only: bool = False) -> "Store":
        """Open a store; `cache` is the folder of the stat caches, made on demand.

        Raises:
            UserError: there is no store, or a newer Clew made it; DamagedError: its `format` file is damaged.
        """
        path = folder / "format"
        try:
            number = json.loads(path.read_bytes())["format"]
        except FileNotFoundError as error:
            raise UserError(f"There is no store in {folder}. Check the workspace's folder.") from error
        except OSError as error:
            raise explain_os_error(error, f"opening the store {folder}") from error
        except (ValueError, KeyError, TypeError) as error:
            raise DamagedError(f"The file {path} is damaged.", ("format",)) from error
        if not isinstance(number, int) or number > FORMAT:
            raise UserError(
                f"The store {folder} was made by a newer Clew (format {number}, this one reads {FORMAT}). "
                "Update Clew, then open it again."
            )
        store = Store(folder, cache, read_only=read_only)
        try:
            if not read_only:
                for name in FOLDERS:
                    (folder / name).mkdir(exist_ok=True)
                clean_orphans(folder / "tmp")
                clean_orphans(folder / HOLDS)
                store._finish_reclaim()
            store._index.refresh()
        except OSError as error:
            raise explain_os_error(error, f"opening the store {folder}") from error
        return store

    def _finish_reclaim(self) -> None:
        """Remove what a reclaim that was killed had dropped already."""
        if read_dropped(self.folder):
            # When others are at work the next one to open it does this.
            with contextlib.suppress(SurroundingsError), self._guard.locked(alone=True):
                finish_drop(self.folder, self.folder / "packs")

    def close(self) -> None:
        """Let go of open files and of what was kept from being reclaimed, and end the helper processes."""
        for root in self.watched():
            self.unwatch(root)
        self._crew.close()
        self._reader.close()
        self._guard.close()

    def warm(self) -> None:
        """Start the helper processes before they are needed; a window does so when it has opened."""
        self._crew.warm()

    def watch(self, root: Path) -> bool:
        """Let the system tell what is touched in a folder, so that `check` need not read all of it.

        For as long as a window shows the folder. False where that cannot be done; `check` works all the same.
        """
        return self._watching.watches.begin(root)

    def unwatch(self, root: Path) -> None:
        """End `watch`."""
        self._watching.watches.end(root)

    def watched(self) -> tuple[Path, ...]:
        """The folders that are watched now."""
        return self._watching.watches.folders()

    def __enter__(self) -> "Store":
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()

    def _writable(self) -> None:
        if self.read_only:
            raise SurroundingsError(f"The store {self.folder} is open for reading only. Nothing was changed.")

    # Working folder to store

    def save(self, root: Path, *, progress: Progress | None = None) -> SavedTree:
        """Keep the state of a folder (links never followed, names in `scan.IGNORED` left out).

        Raises:
            UserError: names a file that cannot be read; SurroundingsError; Cancelled. Nothing is saved then.
        """
        self._writable()
        with self._guard.locked():  # nothing that it finds in the store goes before the new state is held
            saved = save.save(
                self.folder, self._reader, root, cache=self._cache, crew=self._crew, progress=progress
            )
            self._guard.hold(saved.tree)
        self._watching.watches.doubt(root, saved.tree)  # the save has seen every file, a watch perhaps not
        return saved

    def holding(self) -> AbstractContextManager[None]:
        """A block around a save and its commit: what it saves or holds is not reclaimed before its end."""
        return self._guard.holding()

    def hold(self, tree: str) -> bool:
        """Keep a tree from being reclaimed until the `holding` block ends, or this store is closed.

        False when it is not in the store.
        """
        if self.read_only:
            return self.has_tree(tree)
        with self._guard.locked():
            there = self.has_tree(tree)
            if there:
                self._guard.hold(tree)
        return there

    @contextlib.contextmanager
    def _leaning_on(self, tree: str) -> Iterator[None]:
        """Hold a tree that is read, if the store can be written: a full disk keeps nobody from reading."""
        with self._guard.holding():
            with contextlib.suppress(SurroundingsError, OSError):
                self.hold(tree)
            yield

    def identify(self, root: Path, *, walk: bool = False, progress: Progress | None = None) -> str:
        """The tree id that `save` would give, storing nothing; `walk`: not by what a watch has seen alone."""
        if walk:
            self._watching.watches.doubt(root)
        return identify(root, self._watching, progress).root.tree.hex()

    def check(
        self, root: Path, tree: str | None, *, walk: bool = False, progress: Progress | None = None
    ) -> tuple[FileChange, ...]:
        """What is different in a folder from a saved tree (None: from nothing); `walk` as for `identify`."""
        if walk:
            self._watching.watches.doubt(root)
        work = identify(root, self._watching, progress)
        old = entries.parse_tree(tree) if tree is not None else None
        return diff.as_changes(diff.differences(old, work.root.tree, self._reader.folder, work.folder))

    # Reading

    def has_tree(self, tree: str) -> bool:
        """True when the tree, and so all that belongs to it, is in the store now."""
        self._index.refresh()  # another process may have reclaimed it
        return self._reader.has_tree(entries.parse_tree(tree))

    def kept(self, trees: Iterable[str]) -> frozenset[str]:
        """Those of many trees that are in the store now."""
        self._index.refresh()
        return frozenset(tree for tree in trees if self._reader.has_tree_now(entries.parse_tree(tree)))

    def diff(self, old: str | None, new: str | None) -> tuple[FileChange, ...]:
        """What is different between two trees (None: nothing), sorted by path."""
        a, b = (entries.parse_tree(tree) if tree is not None else None for tree in (old, new))
        return diff.as_changes(diff.differences(a, b, self._reader.folder, self._reader.folder))

    def entries(self, tree: str, under: str = "") -> Iterator[Entry]:
        """All files, links and empty folders below `under`, depth first, each folder sorted by name."""
        return entries.entries(self._reader, entries.parse_tree(tree), under)

    def entry(self, tree: str, path: str) -> Entry | None:
        """One file, link or empty folder of a tree; None when there is none of this path."""
        return entries.entry(self._reader, entries.parse_tree(tree), path)

    def read(self, tree: str, path: str) -> bytes:
        """The bytes of a file (or the target text of a link), checked against its id.

        Raises:
            UserError: there is no such file; DamagedError.
        """
        return b"".join(self._reader.content(self._file(tree, path)))

    def _file(self, tree: str, path: str) -> bytes:
        found = self.entry(tree, path)
        if found is None or found.kind == "dir":
            raise UserError(f"There is no file “{path}” in this version. Check the path.")
        return bytes.fromhex(found.id)

    def copy_out(self, tree: str, path: str, target: Path) -> None:
        """Write one file of a tree, in pieces, to a path; an old file there is replaced at the end.

        Raises:
            UserError: there is no such file; DamagedError; SurroundingsError.
        """
        export.copy_out(self._reader, self._file(tree, path), target)

    # Store to working folder

    def plan_restore(
        self, tree: str, root: Path, *, only: tuple[str, ...] = (), progress: Progress | None = None
    ) -> RestorePlan:
        """What a restore of a tree (or of the paths under `only`) would write and delete."""
        return restore.plan_restore(self._reader, tree, root, only, around=self._around, progress=progress)

    def restore(self, plan: RestorePlan, *, progress: Progress | None = None) -> None:
        """Do what a plan says, whole or not at all; see restore.restore for the errors."""
        with self._leaning_on(plan.tree):
            restore.restore(self._reader, plan, self._around, progress)

    def finish_restores(self, root: Path) -> str | None:
        """Finish or undo a killed restore when a project is opened; a sentence to show, or None."""
        return restore.finish_restores(os.path.abspath(root))

    def export(
        self, tree: str, target: Path, *, only: tuple[str, ...] = (), progress: Progress | None = None
    ) -> int:
        """Write a tree as plain files; `target` is empty or does not exist. Returns the number of files."""
        with self._leaning_on(tree):
            return export.export(self._reader, entries.parse_tree(tree), target, only, progress, self._crew)

    def export_zip(
        self, tree: str, target: Path, *, only: tuple[str, ...] = (), progress: Progress | None = None
    ) -> int:
        """Write a tree as a zip archive that does not exist yet; returns the number of files."""
        with self._leaning_on(tree):
            return export.export_zip(self._reader, entries.parse_tree(tree), target, only, progress)

    def export_tar(
        self, tree: str, target: Path, *, only: tuple[str, ...] = (), progress: Progress | None = None
    ) -> int:
        """Write a tree as a .tar.zst archive that does not exist yet; returns the number of files."""
        with self._leaning_on(tree):
            return archive.export_tar(self._reader, entries.parse_tree(tree), target, only, progress)

    # Reclaiming

    def plan_reclaim(
        self, wanted: Sequence[str], spare: Sequence[Spare] = (), *, progress: Progress | None = None
    ) -> ReclaimPlan:
        """What could be given back when only `wanted` trees, and cheap ones of `spare`, are kept."""
        with contextlib.nullcontext() if self.read_only else self._guard.locked():
            return reclaim.plan_reclaim(self.folder, wanted, spare, self._guard, progress)

    def reclaim(
        self,
        plan: ReclaimPlan,
        wanted: Callable[[], Sequence[str]],
        *,
        progress: Progress | None = None,
    ) -> int:
        """Do what a plan says; see reclaim.reclaim. Returns the bytes that were given back."""
        self._writable()
        freed = reclaim.reclaim(self.folder, plan, wanted, self._guard, progress)
        self._index.refresh()
        return freed

    # Records, proof, size

    def write_record(self, record: dict[str, Any]) -> None:
        """Keep one small record of a saved version; "tree" is its root, "uuid" (optional) names its file."""
        self._writable()
        records.write_record(self.folder, record)

    def records(self) -> list[dict[str, Any]]:
        """All version records that can be read."""
        return records.read_records(self.folder)

    def verify(
        self,
        *,
        trees: tuple[str, ...] | None = None,
        everything: bool | None = None,
        progress: Progress | None = None,
    ) -> VerifyResult:
        """Read every object and prove it.

        Args:
            trees: whose damaged files are named; None: those of the recorded versions.
            everything: tell also damage that none of them needs; None: when `trees` is None.
            progress: counts bytes.
        """
        found = self._examine(trees, progress)
        return as_result(found, self._index, trees is None if everything is None else everything)

    def _examine(self, trees: tuple[str, ...] | None, progress: Progress | None) -> Found:
        roots = trees if trees is not None else self._recorded()
        raw = [entries.parse_tree(tree) for tree in dict.fromkeys(roots)]
        return examine(self.folder / "packs", self._reader, raw, progress, self._crew)

    def repair(
        self,
        folders: Sequence[Path],
        stores: Sequence["Store"] = (),
        *,
        trees: tuple[str, ...] = (),
        progress: Progress | None = None,
    ) -> tuple[Found, Found]:
        """Take good copies of what is damaged back from folders and other stores.

        Args:
            folders: working folders, searched for content under any name.
            stores: other stores.
            trees: whose files are named, beside those of the recorded versions.
            progress: counts bytes.

        Returns:
            What was damaged before, and what still is.
        """
        self._writable()
        every = (*dict.fromkeys((*self._recorded(), *trees)),)
        before = found = self._examine(every, progress)
        sources = repair.Sources(tuple(folders), tuple(store._reader for store in stores))
        raw = [entries.parse_tree(tree) for tree in every]
        while found.lost or found.paths:
            mended = repair.mend(self.folder, self._reader, found, sources, self._guard, progress)
            if not mended:
                break
            lost = found.lost - mended
            found = replace(found, lost=lost, paths=locate(self._reader, raw, lost))
        if before.bad or before.unreadable:
            bad = {name: {i for i, packs in found.bad.items() if name in packs} for name in self._index.names}
            needed = set(found.paths)
            repair.clean(self.folder, lambda name: bad.get(name, set()), needed, self._guard, progress)
            self._index.refresh()
        return before, self._examine(every, progress)

    def _recorded(self) -> tuple[str, ...]:
        """The trees of all records; what was deleted counts as long as it has not been reclaimed."""
        found = [record for record in self.records() if record.get("tree")]
        kept = self.kept(record["tree"] for record in found if record.get("status") == "deleted")
        return tuple(r["tree"] for r in found if r.get("status") != "deleted" or r["tree"] in kept)

    def disk_usage(self) -> int:
        """Bytes of all files of the store."""
        return disk_usage(self.folder)
