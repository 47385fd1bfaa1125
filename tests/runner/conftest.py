"""Small apps of one's own, as a person would write them."""

import os
import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import psutil
import pytest

from clew.model.entities import App, TaskStatus
from clew.services import apps, tasks


def is_guard(process: psutil.Process) -> bool:
    """Whether it is a guard that still runs; it may end while one looks."""
    try:
        return "clew.runner.guard" in " ".join(process.cmdline())
    except psutil.NoSuchProcess:  # a zombie too
        return False


@pytest.fixture(autouse=True)
def no_process_left() -> Iterator[None]:
    """A guard or an app that a test leaves running fails the test."""
    yield
    deadline = time.monotonic() + 30
    left: list[psutil.Process] = []
    while time.monotonic() < deadline:
        left = [p for p in psutil.Process(os.getpid()).children() if is_guard(p)]
        if not left:
            return
        time.sleep(0.05)
    for process in left:
        process.kill()
    pytest.fail(f"processes left: {left}")


@pytest.fixture
def own_app(ws, tmp_path: Path) -> Callable[..., App]:
    """Makes an app from the body of a script: `own_app("print(1)", kind="train")`."""

    def make(
        body: str, kind: str = "process", name: str = "My app", inputs: str = "", params: str = ""
    ) -> App:
        folder = tmp_path / "apps" / name.lower().replace(" ", "_")
        folder.mkdir(parents=True)
        (folder / "main.py").write_text(body, "utf-8")
        (folder / "app.toml").write_text(
            f'name = "{name}"\nkind = "{kind}"\n'
            f'command = ["{{python}}", "{{folder}}/main.py"]\n{inputs}{params}',
            "utf-8",
        )
        return apps.add_app(ws, folder)

    return make


@pytest.fixture
def until(ws) -> Callable[..., None]:
    """Waits for a task to reach a status, at most 60 s."""

    def wait_until(task_id: int, status: TaskStatus) -> None:
        deadline = time.monotonic() + 60
        while tasks.get_task(ws, task_id).status is not status:
            if time.monotonic() > deadline:
                pytest.fail(f"still {tasks.get_task(ws, task_id).status}; {sys.executable}")
            time.sleep(0.02)

    return wait_until
