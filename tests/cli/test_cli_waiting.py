"""The progress line, and Ctrl+C as a wish to stop."""

import io
import os
import signal
import sys
import time
from collections.abc import Callable

import pytest

from clew.base.errors import Cancelled
from clew.base.progress import ProgressState
from clew.cli import waiting as module
from clew.cli.waiting import in_words, waiting


class Terminal(io.StringIO):
    def isatty(self) -> bool:
        return True


def test_progress_in_words() -> None:
    assert in_words(ProgressState("Saving 1,240 files", 620, 1240)) == "Saving 1,240 files  620 of 1,240"
    assert in_words(ProgressState("Looking", 5)) == "Looking  5"
    assert in_words(ProgressState("Looking")) == "Looking"
    assert in_words(ProgressState()) == ""


def test_a_terminal_sees_a_line_that_is_wiped(monkeypatch: pytest.MonkeyPatch) -> None:
    terminal = Terminal()
    monkeypatch.setattr(sys, "stderr", terminal)
    monkeypatch.setattr(module, "EVERY", 0.001)
    with waiting() as progress:
        progress.start("Hashing", 10)
        progress.advance(4)
        deadline = time.monotonic() + 60
        while "4 of 10" not in terminal.getvalue() and time.monotonic() < deadline:
            time.sleep(0.005)
    assert "Hashing  4 of 10" in terminal.getvalue()
    assert terminal.getvalue().endswith(module.CLEAR)


def test_a_pipe_sees_nothing(capsys: pytest.CaptureFixture[str]) -> None:
    with waiting() as progress:
        progress.start("Hashing", 10)
    assert capsys.readouterr().err == ""


def test_the_first_interrupt_cancels_and_the_second_breaks_off() -> None:
    before = signal.getsignal(signal.SIGINT)
    with pytest.raises(Cancelled), waiting() as progress:
        os.kill(os.getpid(), signal.SIGINT)
        time.sleep(0.01)
        progress.check()
    with pytest.raises(KeyboardInterrupt), waiting() as progress:
        os.kill(os.getpid(), signal.SIGINT)
        time.sleep(0.01)
        assert progress.cancelled
        os.kill(os.getpid(), signal.SIGINT)
        time.sleep(1)
    assert signal.getsignal(signal.SIGINT) is before


def test_the_demo_tells_each_task_and_ends_as_the_story_does(
    run: Callable, picture_folder: Callable, tmp_path: object, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A short story in place of the long one: real tasks, the same way to follow them."""
    from pathlib import Path
    from typing import Any

    from clew.model.entities import Task
    from clew.runner import demo
    from clew.runner.launch import launch
    from clew.services.tasks import list_tasks
    from clew.services.workspace import Workspace, create_workspace

    source: Any = picture_folder()

    def start(path: Path) -> Workspace:
        ws = create_workspace(path)
        launch(ws, "import", {}, {"source": str(source), "project": "Funde"})
        return ws

    def story(ws: Workspace) -> Task:
        return list_tasks(ws)[-1]

    monkeypatch.setattr(demo, "start_demo", start)
    monkeypatch.setattr(demo, "demo_task", story)
    done = run("demo", "Vorführung", "--no-open")
    assert done.code == 0, done.err
    assert "Import (#1) done in" in done.out
    assert done.out.rstrip().endswith("Vorführung")
    assert run("demo", "Vorführung", "--no-open").code == 1
    (source / "grass" / "000.png").write_bytes(b"?")
    failed = run("demo", "zwei", "--no-open", "--json")
    assert failed.code == 1
    assert failed.out == ""
    assert "Import failed" in failed.error["error"]
