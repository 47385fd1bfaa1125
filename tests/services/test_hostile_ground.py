"""A workspace on bad ground: full disks, files and folders of somebody else, media that cannot be written."""

import contextlib
import os
import shutil
import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from clew.base.errors import ClewError, NothingToDo
from clew.db.migrate import SCHEMA, schema_of
from clew.services import maintenance, projects, restore, versions
from clew.services.workspace import Workspace, create_workspace, open_workspace


def content(folder: Path) -> dict[bytes, bytes]:
    found = {}
    for where, _, names in os.walk(os.fsencode(folder)):
        for name in names:
            with open(os.path.join(where, name), "rb") as file:
                found[os.path.relpath(os.path.join(where, name), os.fsencode(folder))] = file.read()
    return found


def age(ws: Workspace) -> None:
    for pack in (ws.path / "store" / "packs").iterdir():
        os.utime(pack, (1_600_000_000, 1_600_000_000))


# A full disk


@pytest.fixture
def small_disk(tmp_path: Path) -> Iterator[Path]:
    disk = tmp_path / "disk"
    disk.mkdir()
    mount = ["mount", "-t", "tmpfs", "-o", "size=6m", "tmpfs", disk]
    if sys.platform != "linux" or subprocess.run(mount, capture_output=True, check=False).returncode:
        pytest.skip("mounting a tmpfs needs root on Linux")
    yield disk
    subprocess.run(["umount", "-l", disk], check=True)


def leave(disk: Path, free: int) -> None:
    """Fill a disk but for so many bytes."""
    filler = disk / "filler"
    filler.unlink(missing_ok=True)
    there = os.statvfs(disk)
    filler.write_bytes(bytes(max(0, there.f_bavail * there.f_frsize - free)))


def attempt(work: Callable[[], object]) -> bool:
    """True when it worked; trouble must be a full disk, told in a sentence."""
    try:
        work()
    except NothingToDo:
        return True
    except ClewError as error:
        assert "full" in str(error), error
        return False
    return True


def test_the_disk_may_get_full_at_any_moment(small_disk: Path) -> None:
    with create_workspace(small_disk / "ws") as ws:
        folder = Path(projects.create_project(ws, "Files", format="files").folder)
        for name in range(20):
            (folder / f"{name}.bin").write_bytes(os.urandom(10_000))
        first = versions.create_version(ws, 1)
        worked: dict[str, int] = {"save": 0, "restore": 0, "gc": 0}
        free = 0
        while free < 420_000:
            for name in range(5):
                (folder / f"{name}.bin").write_bytes(os.urandom(10_000))
            here = content(folder)
            leave(small_disk, free)
            worked["save"] += attempt(lambda: versions.create_version(ws, 1))
            assert content(folder) == here
            leave(small_disk, free)
            if attempt(lambda: restore.apply_restore(ws, restore.plan_restore(ws, first.id))):
                worked["restore"] += 1
                assert ws.store.check(folder, first.tree) == ()
            else:
                assert content(folder) == here
            leave(small_disk, free)
            for summary in versions.list_versions(ws, 1, deleted=False)[:-1]:
                attempt(
                    lambda one=summary: versions.delete_version(ws, versions.plan_delete(ws, one.version.id))
                )
            age(ws)
            worked["gc"] += attempt(lambda: maintenance.apply_gc(ws, maintenance.plan_gc(ws)))
            (small_disk / "filler").unlink()
            trees = tuple(s.version.tree for s in versions.list_versions(ws, 1, deleted=False))
            assert first.tree in trees
            assert ws.store.verify(trees=trees).damaged == (), free
            assert not [name for name in os.listdir(folder) if name.startswith(".clew")]
            free += 30_000
        assert all(0 < n < 14 for name, n in worked.items() if name != "gc"), worked
        assert worked["gc"] > 0
        assert attempt(lambda: maintenance.apply_gc(ws, maintenance.plan_gc(ws)))
        assert ws.store.verify().damaged == ()


# Files of somebody else

AS_NOBODY = """
import os, sys
sys.path[:0] = PATH
import clew.services.versions, clew.services.restore, clew.services.projects
os.umask(0o022)
os.environ["HOME"] = sys.argv[1]
if os.geteuid() == 0:
    os.setgroups([])
    os.setgid(65534)
    os.setuid(65534)
"""


def as_nobody(code: str, *words: object) -> subprocess.CompletedProcess[str]:
    """Run code as a person without special rights; modules are loaded before the rights are given up."""
    program = AS_NOBODY.replace("PATH", repr([p for p in sys.path if p])) + code
    return subprocess.run(
        [sys.executable, "-c", program, *map(str, words)], capture_output=True, text=True, check=False
    )


@pytest.fixture
def open_place() -> Iterator[Path]:
    """A folder that everybody may enter; pytest's own are for their owner alone."""
    import shutil
    import tempfile

    place = Path(tempfile.mkdtemp(prefix="clew-open-"))
    place.chmod(0o777)
    yield place
    for where, folders, _ in os.walk(place):
        for name in folders:
            os.chmod(os.path.join(where, name), 0o755)
    shutil.rmtree(place)


@pytest.mark.skipif(not hasattr(os, "setuid"), reason="there are no users to change to")
def test_a_file_that_may_not_be_read_is_named_and_nothing_is_saved(open_place: Path) -> None:
    create_workspace(open_place / "ws").close()
    subprocess.run(["chmod", "-R", "a+rwX", open_place], check=True)
    done = as_nobody(
        """
from pathlib import Path
from clew.base.errors import UserError
from clew.services import projects, versions
from clew.services.workspace import open_workspace
with open_workspace(Path(sys.argv[1]) / "ws") as ws:
    folder = Path(projects.create_project(ws, "Files", format="files").folder)
    (folder / "open.txt").write_text("open")
    (folder / "secret.txt").write_text("secret")
    (folder / "secret.txt").chmod(0)
    (folder / "closed").mkdir(mode=0)
    for name in ("secret.txt", "closed"):
        try:
            versions.create_version(ws, 1)
            raise SystemExit("saved all the same")
        except UserError as error:
            assert name in str(error) and "permission" in str(error), error
        assert versions.list_versions(ws, 1) == ()
        (folder / name).chmod(0o755)
    assert versions.create_version(ws, 1).files == 3  # with the project's own
""",
        open_place,
    )
    assert done.returncode == 0, done.stderr


# Media that cannot be written

READ_ONLY = """
from pathlib import Path
from clew.base.errors import SurroundingsError
from clew.services import maintenance, projects, restore, verify, versions
from clew.services.workspace import open_workspace
place, out = Path(sys.argv[2]), Path(sys.argv[3])
with open_workspace(place) as ws:
    assert ws.read_only
    (summary,) = versions.list_versions(ws, 1)
    assert (summary.version.number, summary.statistics.items) == (1, 2)
    assert verify.verify_versions(ws).damaged == ()
    restore.download_version(ws, summary.version.id, out / "copy")
    assert (out / "copy" / "a.txt").read_text() == "a"
    assert maintenance.plan_gc(ws).nothing
    for work in (
        lambda: versions.create_version(ws, 1),
        lambda: versions.delete_version(ws, versions.plan_delete(ws, summary.version.id)),
        lambda: projects.create_project(ws, "New"),
    ):
        try:
            work()
            raise SystemExit("it was changed")
        except SurroundingsError as error:
            assert "read" in str(error), error
"""


def one_version(place: Path) -> None:
    with create_workspace(place) as ws:
        folder = Path(projects.create_project(ws, "Files", format="files").folder)
        (folder / "a.txt").write_text("a")
        (folder / "b.txt").write_text("b")
        versions.create_version(ws, 1)
        (folder / "b.txt").write_text("not saved")


@pytest.mark.skipif(not hasattr(os, "setuid"), reason="there are no users to change to")
def test_a_workspace_of_somebody_else_opens_for_reading(open_place: Path) -> None:
    one_version(open_place / "ws")
    for where, folders, names in os.walk(open_place / "ws"):
        for name in folders:
            os.chmod(os.path.join(where, name), 0o555)
        for name in names:
            os.chmod(os.path.join(where, name), 0o444)
    (open_place / "ws").chmod(0o555)
    done = as_nobody(READ_ONLY, open_place, open_place / "ws", open_place)
    assert done.returncode == 0, done.stderr


@contextlib.contextmanager
def read_only(folder: Path, medium: Path) -> Iterator[Path]:
    """A folder seen as on a medium that cannot be written."""
    medium.mkdir()
    binds = (["mount", "--bind", folder, medium], ["mount", "-o", "remount,ro,bind", medium])
    if sys.platform != "linux" or subprocess.run(binds[0], capture_output=True, check=False).returncode:
        pytest.skip("mounting needs root on Linux")
    try:
        subprocess.run(binds[1], check=True)
        yield medium
    finally:
        subprocess.run(["umount", "-l", medium], check=True)


def test_a_read_only_medium_opens_for_reading(tmp_path: Path) -> None:
    one_version(tmp_path / "ws")
    with read_only(tmp_path / "ws", tmp_path / "medium") as medium:
        done = subprocess.run(
            [sys.executable, "-c", "import sys\n" + READ_ONLY, tmp_path, medium, tmp_path],
            capture_output=True,
            text=True,
            check=False,
        )
        assert done.returncode == 0, done.stderr


def test_a_read_only_copy_of_an_open_workspace_shows_its_last_commits(tmp_path: Path) -> None:
    """The log of the database has not been taken in, as after a kill, and it cannot be there."""
    place = tmp_path / "ws"
    with create_workspace(place) as ws:
        folder = Path(projects.create_project(ws, "Files", format="files").folder)
        (folder / "a.txt").write_text("a")
        versions.create_version(ws, 1, "Only in the log")
        assert (place / "workspace.db-wal").stat().st_size
        shutil.copytree(place, tmp_path / "copy")
    with (
        read_only(tmp_path / "copy", tmp_path / "medium") as medium,
        open_workspace(medium) as copied,
    ):
        assert copied.read_only
        assert [s.version.title for s in versions.list_versions(copied, 1)] == ["Only in the log"]
        restore.download_version(copied, 1, tmp_path / "out")
    assert (tmp_path / "out" / "a.txt").read_text() == "a"


def test_an_older_workspace_on_a_read_only_medium_is_read_as_a_newer_one(tmp_path: Path) -> None:
    place = tmp_path / "ws"
    one_version(place)
    driver = Path(__file__).with_name("old_schema.py")
    subprocess.run([sys.executable, driver, place / "workspace.db"], check=True)
    assert schema_of(place / "workspace.db") == 1 < SCHEMA
    before = (place / "workspace.db").read_bytes()
    with read_only(place, tmp_path / "medium") as medium, open_workspace(medium) as ws:
        assert ws.read_only
        assert [s.version.number for s in versions.list_versions(ws, 1)] == [1]
    assert (place / "workspace.db").read_bytes() == before
