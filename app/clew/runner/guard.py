"""The guard of one task: starts the app, keeps its log, notes the outcome, and outlives the window.

Run as `python -m clew.runner.guard WORKSPACE TASK`. It runs in a session of its own; the app is its
child in a process group of its own, so that a cancel reaches everything the app started.
"""

import contextlib
import json
import os
import signal
import subprocess
import sys
import time
from pathlib import Path
from types import FrameType

from clew.base.atomic import write_atomic
from clew.base.errors import ClewError
from clew.base.log import log
from clew.model.entities import AppKind, Task, TaskStatus
from clew.model.refs import BlockKind, BlockRef
from clew.runner.environment import child_environment
from clew.runner.launch import launch
from clew.services.apps import get_app
from clew.services.tasks import finish_task, get_task, log_file, start_task, task_folder, task_outputs
from clew.services.workspace import Workspace, open_workspace

GRACE_SECONDS = 5
"""How long an app has between being asked to stop and being killed."""

EVALUATE = "evaluate"


class _Guard:
    def __init__(self, ws: Workspace, task: Task) -> None:
        self.ws = ws
        self.task = task
        self.cancelled = False
        self.child: subprocess.Popen[bytes] | None = None

    def on_signal(self, _number: int, _frame: FrameType | None) -> None:
        self.cancelled = True
        self.stop(signal.SIGTERM)

    def stop(self, number: int) -> None:
        if self.child is not None and self.child.poll() is None:
            with contextlib.suppress(ProcessLookupError):
                if hasattr(os, "killpg"):
                    os.killpg(self.child.pid, number)
                else:
                    self.child.terminate()

    def run(self) -> tuple[TaskStatus, int | None, str]:
        """Run the app to its end: status, exit code, and one sentence."""
        app = get_app(self.ws, self.task.app or "")
        command = [
            part.replace("{python}", sys.executable).replace("{folder}", app.folder) for part in app.command
        ]
        if getattr(sys, "frozen", False) and command[:2] == [sys.executable, "-m"]:
            command[1] = "--run-app"
        env = child_environment({"CLEW_WORKSPACE": str(self.ws.path), "CLEW_TASK_ID": str(self.task.id)})
        cwd = task_folder(self.ws, self.task.id) if app.built_in else Path(app.folder)
        with log_file(self.ws, self.task.id).open("ab") as out:
            try:
                self.child = subprocess.Popen(
                    command,
                    stdin=subprocess.DEVNULL,
                    stdout=out,
                    stderr=subprocess.STDOUT,
                    cwd=cwd,
                    env=env,
                    start_new_session=True,
                )
            except OSError as error:
                return TaskStatus.FAILED, None, f"{command[0]} could not be started: {error.strerror}."
            code = self._wait()
        if self.cancelled:
            return TaskStatus.CANCELLED, code, "Cancelled."
        if code == 0:
            return TaskStatus.DONE, 0, ""
        if code < 0:
            return TaskStatus.FAILED, code, f"The app was ended from outside ({_signal_name(-code)})."
        return (
            TaskStatus.FAILED,
            code,
            last_line(log_file(self.ws, self.task.id)) or f"Ended with exit code {code}.",
        )

    def _wait(self) -> int:
        assert self.child is not None
        killed_at: float | None = None
        while True:
            try:
                return self.child.wait(timeout=0.2)
            except subprocess.TimeoutExpired:
                if self.cancelled:
                    killed_at = killed_at or time.monotonic() + GRACE_SECONDS
                    if time.monotonic() > killed_at:
                        self.stop(getattr(signal, "SIGKILL", signal.SIGTERM))


def _signal_name(number: int) -> str:
    try:
        return signal.Signals(number).name
    except ValueError:
        return f"signal {number}"


def last_line(path: Path) -> str:
    """The last line of a log that says something, at most 300 characters: usually the error's sentence."""
    try:
        with path.open("rb") as stream:
            stream.seek(max(0, path.stat().st_size - 4096))
            lines = stream.read().decode("utf-8", "replace").strip().splitlines()
    except OSError:
        return ""
    return lines[-1].strip()[:300] if lines else ""


def evaluate_after(ws: Workspace, task: Task) -> None:
    """Start the evaluation of every model that a training made, on the version that it was trained on."""
    version = next(
        (ref for text in task.inputs.values() if (ref := BlockRef.parse(text)).kind is BlockKind.VERSION),
        None,
    )
    if version is None:
        return
    for ref in task_outputs(ws, task.id):
        if ref.kind is BlockKind.MODEL:
            launch(ws, EVALUATE, {"project": version, "model": ref}, {}, parent=task.id)


def guard(workspace: Path, task_id: int) -> int:
    """Run one task; the outcome goes to `outcome.json` first and then into the database."""
    ws = open_workspace(workspace)
    try:
        task = get_task(ws, task_id)
        if task.status.over:
            return 0
        keeper = _Guard(ws, task)
        for number in (signal.SIGTERM, signal.SIGINT):
            signal.signal(number, keeper.on_signal)
        start_task(ws, task_id, pid=os.getpid())
        try:
            status, code, message = keeper.run()
        except ClewError as error:
            status, code, message = TaskStatus.FAILED, None, str(error)
        outcome = {"status": status.value, "exit_code": code, "message": message}
        write_atomic(task_folder(ws, task_id) / "outcome.json", json.dumps(outcome))
        if status is TaskStatus.DONE and task.kind == AppKind.TRAIN.value:
            try:
                evaluate_after(ws, get_task(ws, task_id))
            except ClewError as error:
                log.error("The evaluation of task %s could not be started: %s", task_id, error)
        finish_task(ws, task_id, status, message=message, exit_code=code)
        return 0
    finally:
        ws.close()


if __name__ == "__main__":
    sys.exit(guard(Path(sys.argv[1]), int(sys.argv[2])))
