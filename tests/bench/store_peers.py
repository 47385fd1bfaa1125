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

    def took(self, row: str, column: str, seconds: float) -> None: ...

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


def usage_mib(folder: Path) -> float:
    """Mebibytes on disk."""
    done = subprocess.run(["du", "-s", "-B1", folder], check=True, capture_output=True, text=True)
    return round(int(done.stdout.split()[0]) / 2**20, 2)


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

    def appended(self, command: str, inside: Path | None = None) -> None:
        if self.kind == "large":
            before = usage_mib(self.store)
            data.append(inside or self.tree)
            self.time("1 MiB appended", command)
            self.bench.note("MiB for 1 MiB appended", self.name, usage_mib(self.store) - before)


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
    ENV["DVC_SITE_CACHE_DIR"] = os.fspath(
        base / "site"
    )  # what it remembers of other repositories does not count
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
    shell("git checkout -q main && dvc checkout -q --force", repo)
    course.appended(f"{save} v3", repo / "data")


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


def oxen_python() -> Path | None:
    """The interpreter beside the package oxenai, which has no command, in an environment on PATH."""
    for folder in map(Path, os.environ.get("PATH", "").split(os.pathsep)):
        if any(folder.parent.glob("lib/python*/site-packages/oxenai-*.dist-info")):
            return folder / "python"
    return None


def oxen(bench: Timer, name: str, kind: str, source: Path, base: Path) -> None:
    """Its calls are timed inside: the second that the import takes is left out."""
    tree = base / "tree"
    shutil.copytree(source, tree)
    env = {**ENV, "HOME": os.fspath(base), "OXEN_CONFIG_DIR": os.fspath(base / "config")}
    head = "import time, oxen\nfrom oxen import Repo\nbegin = time.perf_counter()\n"

    def call(body: str) -> float:
        os.sync()
        command = [os.fspath(oxen_python()), "-c", f"{head}{body}\nprint(time.perf_counter() - begin)"]
        done = subprocess.run(command, cwd=tree, env=env, check=True, capture_output=True, text=True)
        return float(done.stdout.split()[-1])

    def save(message: str) -> str:
        return f"r = Repo('.'); r.add('.'); r.commit('{message}')"

    call("oxen.user.config_user('b', 'b@example.org'); Repo('.').init()")
    bench.took("first version", name, call(save("v1")))
    bench.note("MB on disk", name, usage_mb(tree / ".oxen"))
    call("r = Repo('.'); r.checkout('b1', create=True); r.checkout('main')")
    bench.took("nothing changed", name, call("Repo('.').status()"))
    data.change(tree)
    bench.took("second version", name, call(save("v2")))
    bench.took("back to version 1", name, call("Repo('.').checkout('b1')"))
    for path in tree.iterdir():
        if path.name != ".oxen":
            shutil.rmtree(path) if path.is_dir() else path.unlink()
    bench.took("whole tree", name, call("Repo('.').restore('.')"))
    if kind == "large":
        call("Repo('.').checkout('main')")
        before = usage_mib(tree / ".oxen")
        data.append(tree)
        bench.took("1 MiB appended", name, call(save("v3")))
        bench.note("MiB for 1 MiB appended", name, usage_mib(tree / ".oxen") - before)


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
    return [name for name in PEERS if (oxen_python() if name == "oxen" else shutil.which(name))]
