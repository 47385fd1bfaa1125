"""Fixtures for all tests: a home of their own, a workspace, pictures; threads that leak fail the test."""

import os
import threading
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from hypothesis import settings

# A test that waits for a busy machine has not failed.
settings.register_profile("clew", deadline=None)
settings.load_profile("clew")

os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")
os.environ.setdefault("CLEW_USER", "Tester")
os.environ.setdefault("LC_ALL", "C.UTF-8")


@pytest.fixture(autouse=True)
def own_settings(tmp_path_factory: pytest.TempPathFactory, monkeypatch: pytest.MonkeyPatch) -> None:
    """No test reads or writes the settings of the person who runs it, nor a workspace named around it."""
    monkeypatch.setenv("CLEW_CONFIG_DIR", str(tmp_path_factory.mktemp("settings")))
    for name in ("CLEW_WORKSPACE", "CLEW_TASK_ID"):
        monkeypatch.delenv(name, raising=False)


@pytest.fixture(autouse=True)
def no_leaked_threads() -> Iterator[None]:
    """A thread of Clew that a test leaves running is a leak."""
    before = set(threading.enumerate())
    yield
    deadline = time.monotonic() + 60  # a busy machine is no leak
    while time.monotonic() < deadline:
        left = [t for t in threading.enumerate() if t not in before and t.name.startswith("clew-")]
        if not left:
            return
        time.sleep(0.02)
    pytest.fail(f"threads left running: {[t.name for t in left]}")


@pytest.fixture
def make_workspace(tmp_path: Path) -> Iterator[Callable[..., object]]:
    """Makes workspaces that are closed after the test."""
    from clew.services.workspace import Workspace, create_workspace

    opened: list[Workspace] = []

    def make(name: str = "workspace") -> Workspace:
        opened.append(create_workspace(tmp_path / name))
        return opened[-1]

    yield make
    for ws in opened:
        ws.close()


@pytest.fixture
def ws(make_workspace: Callable[..., object]) -> object:
    """One fresh workspace."""
    return make_workspace()


def make_pictures(root: Path, datasets: dict[str, int]) -> Path:
    """A folder of small pictures in datasets."""
    from PIL import Image

    for number, (dataset, amount) in enumerate(datasets.items()):
        (root / dataset).mkdir(parents=True, exist_ok=True)
        for i in range(amount):
            colour = ((40 * i + 20) % 256, (90 * number + 30) % 256, (i * 7 + number) % 256)
            Image.new("RGB", (48, 32), colour).save(root / dataset / f"{i:03d}.png")
    return root


def make_coco(root: Path, n: int, classes: tuple[str, ...]) -> Path:
    """A COCO set in a folder: one box per picture, classes in turn."""
    import json

    make_pictures(root, {"images": n})
    data = {
        "images": [{"id": 10 + i, "file_name": f"{i:03d}.png", "width": 48, "height": 32} for i in range(n)],
        "categories": [{"id": 3 * j + 1, "name": c} for j, c in enumerate(classes)],
        "annotations": [
            {
                "id": i + 1,
                "image_id": 10 + i,
                "category_id": 3 * (i % len(classes)) + 1,
                "bbox": [4 + i, 5, 20, 16],
                "area": 320,
                "iscrowd": 0,
            }
            for i in range(n)
        ],
    }
    (root / "annotations.json").write_text(json.dumps(data), "utf-8")
    return root


@pytest.fixture(scope="session")
def coco_in() -> Callable[..., Path]:
    """Makes a COCO set in a folder, also for longer than a test: `coco_in(folder, n, classes)`."""
    return make_coco


@pytest.fixture
def picture_folder(tmp_path: Path) -> Callable[..., Path]:
    """Makes a folder of small pictures in datasets: `picture_folder({"grass": 3, "brick": 2})`."""

    def make(datasets: dict[str, int] | None = None, name: str = "pictures") -> Path:
        return make_pictures(tmp_path / name, datasets or {"grass": 3, "brick": 2})

    return make


@pytest.fixture
def coco_file(tmp_path: Path) -> Callable[..., Path]:
    """Makes a COCO set: `coco_file(n, classes)`, one box per picture, classes in turn."""

    def make(n: int = 6, classes: tuple[str, ...] = ("silver", "copper"), name: str = "coco") -> Path:
        return make_coco(tmp_path / name, n, classes)

    return make
