"""The peers, each driven as its users drive it; those that are not installed are left out."""

import json
import os
import shutil
import subprocess
from collections.abc import Callable
from pathlib import Path
from typing import Protocol

import store_data as data

ENV = {
    **os.environ,
    **{f"GIT_{who}_{what}": "b@example.org" for who in ("AUTHOR", "COMMITTER") for what in ("NAME", "EMAIL")},
    "GIT_CONFIG_NOSYSTEM": "1",
    "RESTIC_PASSWORD": "x",
    "DVC_NO_ANALYTICS": "1",
    "BORG_PASSPHRASE": "x",
    "BORG_UNKNOWN_UNENCRYPTED_REPO_ACCESS_IS_OK": "yes",
    "BORG_RELOCATED_REPO_ACCESS_IS_OK": "yes",
}


class Timer(Protocol):
    def run(self, row: str, column: str, work: Callable[[], object]) -> object: ...

    def note(self, row: str, column: str, value: float) -> None: ...


def shell(command: str, cwd: Path) -> str:
    done = subprocess.run(
        command, shell=True, cwd=cwd, env=ENV, check=True, capture_output=True, text=True, errors="replace"
    )
    return done.stdout


def usage_mb(*folders: Path) -> float:
    """Megabytes on disk."""
    done = subprocess.run(
        ["du", "-s", "-c", "-B1", *folders], check=True, capture_output=True, text=True, errors="replace"
    )
    return round(int(done.stdout.split()[-2]) / 1e6, 1)


class _Course:
    """One peer over the whole course."""

    def __init__(self, bench: Timer, name: str, kind: str, base: Path, tree: Path, store: Path) -> None:
        self.bench, self.name, self.kind, self.base, self.tree, self.store = (
            bench,
            name,
            kind,
            base,
            tree,
            store,
        )

    def time(self, row: str, command: str, cwd: Path | None = None) -> None:
        self.bench.run(row, self.name, lambda: shell(command, cwd or self.tree))

    def appended(self, command: str) -> None:
        if self.kind == "large":
            before = usage_mb(self.store)
            data.append(self.tree)
            self.time("1 MiB appended", command)
            self.bench.note("MB for 1 MiB appended", self.name, usage_mb(self.store) - before)


def git(bench: Timer, name: str, kind: str, source: Path, base: Path) -> None:
    tree = base / "tree"
    shutil.copytree(source, tree)
    course = _Course(bench, name, kind, base, tree, tree / ".git")
    shell("git init -q -b main . && git config gc.auto 0 && git config maintenance.auto false", tree)
    if name == "git-lfs":
        shell("git lfs install --local --skip-repo && git lfs track '*.bin' '*.ckpt' '*.jpg'", tree)
    course.time("first version", "git add -A . && git commit -qm v1 && git tag v1")
    bench.note("MB on disk", name, usage_mb(course.store))
    for _ in range(3):
        course.time("nothing changed", "git status --porcelain")
    data.change(tree)
    course.time("second version", "git add -A . && git commit -qm v2 && git tag v2")
    course.time("list what changed", "git diff --name-status --no-renames v1 v2")
    course.time("back to version 1", "git checkout -q -f v1")
    course.time("whole tree", f"git worktree add -f --detach {base}/out v1")
    course.time("verify", "git fsck --full --no-progress" + (" && git lfs fsck" if name == "git-lfs" else ""))
    course.appended("git add -A . && git commit -qm v3")


def dvc(bench: Timer, name: str, kind: str, source: Path, base: Path) -> None:
    repo = base / "repo"
    repo.mkdir(parents=True)
    shutil.copytree(source, repo / "data")
    course = _Course(bench, name, kind, base, repo, repo / ".dvc" / "cache")
    shell("git init -q -b main . && dvc init -q && dvc config core.analytics false", repo)
    save = "dvc add -q data && git add -A . && git commit -qm v && git tag"
    course.time("first version", f"{save} v1")
    bench.note("MB on disk", name, usage_mb(course.store))
    course.time("nothing changed", "dvc status -q")
    data.change(repo / "data")
    course.time("second version", f"{save} v2")
    course.time("list what changed", "dvc diff --json v1 v2")
    course.time("back to version 1", "git checkout -q v1 && dvc checkout -q --force")
    shutil.rmtree(repo / "data")
    course.time("whole tree", "dvc checkout -q --force")


def restic(bench: Timer, name: str, kind: str, source: Path, base: Path) -> None:
    tree, repo = base / "tree", base / "repo"
    shutil.copytree(source, tree)
    course = _Course(bench, name, kind, base, tree, repo)
    call = f"restic -q -r {repo} --cache-dir {base}/cache"
    shell(f"{call} init", base)
    course.time("first version", f"{call} backup --tag v1 --host h .")
    bench.note("MB on disk", name, usage_mb(repo))

    def snapshot(tag: str) -> str:
        found: str = json.loads(shell(f"{call} snapshots --json --tag {tag}", tree))[-1]["short_id"]
        return found

    first = snapshot("v1")
    course.time("nothing changed", f"{call} backup --dry-run --host h .")
    data.change(tree)
    course.time("second version", f"{call} backup --tag v2 --host h .")
    course.time("list what changed", f"{call} diff {first} {snapshot('v2')}")
    course.time("back to version 1", f"{call} restore {first} --target {tree}")
    course.time("whole tree", f"{call} restore {first} --target {base}/out")
    course.appended(f"{call} backup --tag v3 --host h .")
    course.time("verify", f"{call} check --read-data")


def borg(bench: Timer, name: str, kind: str, source: Path, base: Path) -> None:
    tree, repo = base / "tree", base / "repo"
    shutil.copytree(source, tree)
    course = _Course(bench, name, kind, base, tree, repo)
    call = f"BORG_BASE_DIR={base}/base borg"
    shell(f"{call} init -e authenticated-blake2 {repo}", base)
    course.time("first version", f"{call} create -C lz4 {repo}::v1 .")
    bench.note("MB on disk", name, usage_mb(repo))
    course.time("nothing changed", f"{call} create -C lz4 {repo}::same .")
    data.change(tree)
    course.time("second version", f"{call} create -C lz4 {repo}::v2 .")
    course.time("list what changed", f"{call} diff {repo}::v1 v2")
    course.time("back to version 1", f"{call} extract {repo}::v1")
    (base / "out").mkdir()
    course.time("whole tree", f"{call} extract {repo}::v1", base / "out")
    course.appended(f"{call} create -C lz4 {repo}::v3 .")
    course.time("verify", f"{call} check --verify-data {repo}")


def oxen(bench: Timer, name: str, kind: str, source: Path, base: Path) -> None:
    tree = base / "tree"
    shutil.copytree(source, tree)
    course = _Course(bench, name, kind, base, tree, tree / ".oxen")
    shell("oxen init . && oxen config --name b --email b@example.org", tree)
    course.time(
        "first version", "oxen add . && oxen commit -m v1 && oxen checkout -b b1 && oxen checkout main"
    )
    bench.note("MB on disk", name, usage_mb(course.store))
    course.time("nothing changed", "oxen status")
    data.change(tree)
    course.time("second version", "oxen add . && oxen commit -m v2")
    course.time("back to version 1", "oxen checkout b1")
    course.appended("oxen add . && oxen commit -m v3")


PEERS: dict[str, Callable[[Timer, str, str, Path, Path], None]] = {
    "git": git,
    "git-lfs": git,
    "dvc": dvc,
    "oxen": oxen,
    "restic": restic,
    "borg": borg,
}


def installed() -> list[str]:
    """The peers that are on PATH."""
    return [name for name in PEERS if shutil.which(name)]
