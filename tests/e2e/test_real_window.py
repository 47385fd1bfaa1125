"""The real window on a real X server, with keys and mouse from outside, as a person has them."""

import os
import shutil
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from clew.model.refs import BlockKind
from clew.model.view import Scope
from clew.services import imports, versions, workflow
from clew.services.workspace import Workspace

pytestmark = [
    pytest.mark.slow,
    pytest.mark.skipif(
        not (shutil.which("Xvfb") and shutil.which("xdotool") and shutil.which("openbox")),
        reason="needs Xvfb, xdotool and openbox, which packaging/setup.sh installs on Debian",
    ),
]


def patiently(what: str, look: Callable[[], object], seconds: float = 40) -> object:
    """Look until there is something to see."""
    deadline = time.monotonic() + seconds
    while not (seen := look()):
        if time.monotonic() > deadline:
            pytest.fail(f"waited {seconds} s for {what}")
        time.sleep(0.1)
    return seen


@pytest.fixture
def display(tmp_path: Path) -> Iterator[dict[str, str]]:
    """An X server of its own with a window manager; yields the environment that reaches it."""
    reading, writing = os.pipe()
    server = subprocess.Popen(
        ["Xvfb", "-displayfd", str(writing), "-screen", "0", "1600x1000x24", "-nolisten", "tcp"],
        pass_fds=(writing,),
        stderr=subprocess.DEVNULL,
    )
    os.close(writing)
    with os.fdopen(reading) as stream:
        number = stream.readline().strip()
    home = tmp_path / "home"
    home.mkdir()
    env = {**os.environ, "DISPLAY": f":{number}", "QT_QPA_PLATFORM": "xcb", "HOME": str(home)}
    env["CLEW_CONFIG_DIR"] = str(home)
    manager = subprocess.Popen(["openbox"], env=env, stderr=subprocess.DEVNULL)
    yield env
    for process in (manager, server):
        process.terminate()
        process.wait(10)


@pytest.fixture
def window(
    ws: Workspace, coco_file: Callable[..., Path], display: dict[str, str], tmp_path: Path
) -> Iterator:
    """Clew on a workspace with one project of one version."""
    project = imports.apply_import(ws, imports.plan_import(ws, coco_file(6), project="Coin finds")).project
    versions.create_version(ws, project.id, "Baseline")
    with (tmp_path / "window.txt").open("wb") as out:
        process = subprocess.Popen(
            [sys.executable, "-m", "clew", "open", str(ws.path)],
            env=display,
            stdout=out,
            stderr=out,
        )

    def hand(*words: str) -> str:
        done = subprocess.run(["xdotool", *words], env=display, capture_output=True, text=True, check=False)
        return done.stdout.strip()

    try:
        patiently("the window", lambda: hand("search", "--onlyvisible", "--name", "Clew"))
        # Its first blocks are placed and kept: from then on it listens.
        patiently("the blocks", lambda: workflow.graph(ws, Scope()).positions)
        time.sleep(0.5)
        yield hand
    finally:
        process.terminate()
        try:
            process.wait(60)
        except subprocess.TimeoutExpired:
            process.kill()
            process.wait(10)
            pytest.fail("the window does not end when it is asked to")
    said = (tmp_path / "window.txt").read_text()
    assert "Traceback" not in said, said


def test_a_version_is_saved_with_the_keyboard_alone(ws, window) -> None:
    (Path(versions_folder(ws)) / "notes.txt").write_text("new")
    window("key", "ctrl+k")
    time.sleep(0.7)
    window("type", "--delay", "20", "New version")
    window("key", "Return")
    time.sleep(2)
    window("type", "--delay", "20", "Written by hand")
    time.sleep(1)
    window("key", "ctrl+Return")
    window("key", "Return")
    saved = patiently("version 2", lambda: versions.latest_version(ws, 1).number == 2)
    assert saved
    assert versions.latest_version(ws, 1).title == "Written by hand"


def test_a_block_is_dragged_with_the_mouse_and_stays_there(ws, window) -> None:
    before = workflow.graph(ws, Scope()).positions
    (ref,) = before
    assert ref.kind is BlockKind.VERSION
    window("key", "shift+f")
    time.sleep(0.8)
    # The only block stands in the middle of the canvas: right of the side bar, left of the inspector.
    window("mousemove", "735", "520", "mousedown", "1")
    for step in range(1, 13):
        window("mousemove", str(735 + 15 * step), str(520 + 8 * step))
    window("mouseup", "1")
    moved = patiently("the new place", lambda: (p := workflow.graph(ws, Scope()).positions) != before and p)
    assert moved[ref][0] - before[ref][0] > 60
    assert moved[ref][1] - before[ref][1] > 30
    window("key", "ctrl+z")
    patiently("the undo", lambda: workflow.graph(ws, Scope()).positions == before)


def versions_folder(ws: Workspace) -> str:
    from clew.services.projects import get_project

    return get_project(ws, 1).folder
