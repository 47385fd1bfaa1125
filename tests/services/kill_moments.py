"""Kills saves, restores, reclaims and migrations at random moments: kill_moments.py FOLDER KILLS SEED.

A program of its own, because it forks: the parent never starts a thread. After each kill a fresh child looks
whether everything that was saved is there, whole, and whether the folder is in one of the two states that it
may be in. Ends with a line of JSON: how many were killed while they worked, and how many had just finished.
"""

import json
import os
import random
import shutil
import signal
import sys
import time
from collections import Counter
from collections.abc import Callable
from pathlib import Path

from old_schema import count_rows, make_old

from clew.base.errors import NothingToDo
from clew.db.migrate import SCHEMA, bring_up_to_date, schema_of
from clew.model.entities import VersionStatus
from clew.services import maintenance, projects, restore, versions
from clew.services.workspace import Workspace, create_workspace, open_workspace

FILES = 60


def child(work: Callable[[], object], seconds: float | None = None) -> bool:
    """Run something in a child; with `seconds` it is killed by then. True when it came to its end."""
    process = os.fork()
    if process == 0:
        code = 0
        try:
            work()
        except BaseException as error:
            import traceback

            traceback.print_exc()
            print("child failed:", repr(error), file=sys.stderr, flush=True)
            code = 3
        os._exit(code)
    if seconds is not None:
        until = time.monotonic() + seconds
        while time.monotonic() < until:
            if os.waitpid(process, os.WNOHANG)[0]:
                return True
            time.sleep(0.0005)
        os.kill(process, signal.SIGKILL)
    status = os.waitpid(process, 0)[1]
    if os.WIFSIGNALED(status):
        return False
    assert os.WEXITSTATUS(status) == 0, "a child failed"
    return True


def scramble(folder: Path, pick: random.Random) -> None:
    """Change the working folder: edits, new and removed files, folders that become files."""
    for _ in range(12):
        path = folder / f"set {pick.randrange(4)}" / f"{pick.randrange(FILES)}.bin"
        if path.exists() and pick.random() < 0.3:
            path.unlink()
            continue
        path.parent.mkdir(exist_ok=True)
        path.write_bytes(pick.randbytes(pick.choice((20, 3000, 70_000))))
    odd = folder / "odd"
    if odd.is_dir():
        for inside in odd.iterdir():
            inside.unlink()
        odd.rmdir()
        odd.write_text("a file now")
    else:
        odd.unlink(missing_ok=True)
        odd.mkdir()
        (odd / "inside").write_text(str(pick.random()))


def make(base: Path) -> None:
    with create_workspace(base / "ws") as ws:
        folder = Path(projects.create_project(ws, "Files", format="files").folder)
        pick = random.Random(1)
        for _ in range(3):
            scramble(folder, pick)
            versions.create_version(ws, 1)


def age(base: Path) -> None:
    for pack in (base / "ws" / "store" / "packs").iterdir():
        os.utime(pack, (1_600_000_000, 1_600_000_000))


def saved(ws: Workspace) -> list[versions.Version]:
    return [s.version for s in versions.list_versions(ws, 1, deleted=False)]


def prepare(base: Path, kind: str, seed: int) -> None:
    """What must be true before the operation, written down for `check`."""
    if kind == "migrate":
        shutil.copyfile(base / "ws" / "workspace.db", base / "new.db")
        (base / "facts").write_text(json.dumps(make_old(base / "new.db")))
        return
    pick = random.Random(seed)
    with open_workspace(base / "ws") as ws:
        folder = Path(projects.get_project(ws, 1).folder)
        if kind in ("save", "restore"):
            scramble(folder, pick)
        if kind == "reclaim":
            for version in saved(ws)[4:]:
                versions.delete_version(ws, versions.plan_delete(ws, version.id))
            age(base)
        facts = {
            "saved": [version.tree for version in saved(ws)],
            "here": ws.store.identify(folder),
            "target": pick.choice(saved(ws)).id,
        }
    (base / "facts").write_text(json.dumps(facts))


def save(base: Path) -> None:
    with open_workspace(base / "ws") as ws:
        versions.create_version(ws, 1)


def bring_back(base: Path) -> None:
    with open_workspace(base / "ws") as ws:
        target = json.loads((base / "facts").read_text())["target"]
        restore.apply_restore(ws, restore.plan_restore(ws, target))


def reclaim(base: Path) -> None:
    with open_workspace(base / "ws") as ws:
        try:
            maintenance.apply_gc(ws, maintenance.plan_gc(ws))
        except NothingToDo:
            time.sleep(0.05)


def migrate(base: Path) -> None:
    bring_up_to_date(base / "new.db")


def check(base: Path, kind: str) -> None:
    facts = json.loads((base / "facts").read_text())
    if kind == "migrate":
        assert schema_of(base / "new.db") in (1, SCHEMA)
        bring_up_to_date(base / "new.db")
        assert schema_of(base / "new.db") == SCHEMA
        there = count_rows(base / "new.db")
        assert {table: there[table] for table in facts} == facts, "rows are lost"
        assert facts["version"] >= 3
        for path in base.glob("new.db*"):
            path.unlink()
        return
    with open_workspace(base / "ws") as ws:
        folder = Path(projects.get_project(ws, 1).folder)
        trees = [version.tree for version in saved(ws)]
        assert set(facts["saved"]) <= set(trees), "a version is gone"
        assert len(trees) - len(facts["saved"]) in ((0, 1) if kind in ("save", "restore") else (0,))
        assert ws.store.verify(trees=tuple(trees)).damaged == ()
        assert ws.store.verify().damaged == ()
        target = versions.get_version(ws, facts["target"]).tree
        here = ws.store.identify(folder)
        assert here in ({facts["here"], target} if kind == "restore" else {facts["here"]}), "a mix"
        assert not [name for name in os.listdir(folder) if name.startswith(".clew")]
        numbers = [version.number for version in saved(ws)]
        assert len(numbers) == len(set(numbers))
        assert all(v.status is VersionStatus.SAVED for v in saved(ws))


WORK = {"save": save, "restore": bring_back, "reclaim": reclaim, "migrate": migrate}


def main(base: Path, kills: int, seed: int) -> dict[str, dict[str, int]]:
    pick = random.Random(seed)
    child(lambda: make(base))
    times: dict[str, float] = {}
    counts: dict[str, Counter[str]] = {kind: Counter() for kind in WORK}
    while sum(count["killed"] for count in counts.values()) < kills:
        kind = min(WORK, key=lambda kind: (counts[kind]["killed"], sum(counts[kind].values())))
        number = pick.randrange(1 << 30)
        child(lambda kind=kind, number=number: prepare(base, kind, number))
        begin = time.monotonic()
        # The first of each runs to its end, to know how long it takes; later ones correct that.
        ended = child(
            lambda kind=kind: WORK[kind](base), pick.uniform(0, times[kind]) if kind in times else 60
        )
        counts[kind]["finished" if ended else "killed"] += 1
        if ended:
            times[kind] = 0.95 * (time.monotonic() - begin)
        else:
            times[kind] *= 1.02
        child(lambda kind=kind: check(base, kind))
    return {kind: dict(count) for kind, count in counts.items()}


if __name__ == "__main__":
    print(json.dumps(main(Path(sys.argv[1]), int(sys.argv[2]), int(sys.argv[3]))))
