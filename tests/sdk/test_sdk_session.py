"""A script outside any task: its session, and how it ends."""

import os
import signal
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from clew.base.errors import UsageError, UserError
from clew.sdk.api import Api

RECORDS = "api.app.workflow.add_input_task(999); "


def run_script(place: Path, folder: Path, body: str, name: str = "train model.py", **env: str) -> Any:
    folder.mkdir(exist_ok=True)
    script = folder / name
    script.write_text(f"from clew import Api\napi = Api.from_env()\n{body}\n", "utf-8")
    variables = {**os.environ, "CLEW_WORKSPACE": str(place), **env}
    return subprocess.run(
        [sys.executable, "-W", "error", str(script), "--fast"],
        capture_output=True,
        text=True,
        check=False,
        env=variables,
        cwd=folder,
        # Whoever runs the tests in the background may have told them to ignore it.
        preexec_fn=(lambda: signal.signal(signal.SIGINT, signal.SIG_DFL)) if os.name != "nt" else None,
    )


def tasks(place: Path) -> list[Any]:
    from clew.services.tasks import list_tasks
    from clew.services.workspace import open_workspace

    with open_workspace(place) as ws:
        return list(list_tasks(ws))


@pytest.mark.parametrize(
    ("body", "exit_code", "status", "message"),
    [
        ("", 0, "done", ""),
        ("import sys; sys.exit()", 0, "done", ""),
        ("import sys; sys.exit(3)", 3, "failed", "It ended with exit code 3."),
        ("import sys; sys.exit('no data')", 1, "failed", "no data"),
        ("raise ValueError('first line\\nlast line')", 1, "failed", "last line"),
        ("{}['weights']", 1, "failed", "KeyError: 'weights'"),
        (
            "import os, signal; os.kill(os.getpid(), signal.SIGINT)\nimport time; time.sleep(9)",
            -2,
            "cancelled",
            "",
        ),
        ("import sys\ntry: sys.exit(3)\nexcept SystemExit: api.task.current().metric('a', 1)", 0, "done", ""),
    ],
)
def test_the_session_ends_as_the_script_does(
    place: Path, tmp_path: Path, body: str, exit_code: int, status: str, message: str
) -> None:
    done = run_script(place, tmp_path / "skripte", f"api.task.current().metric('loss', 0.5)\n{body}")
    assert done.returncode in (exit_code, 130 if exit_code == -signal.SIGINT else exit_code), done.stderr
    (task,) = tasks(place)
    assert (task.name, task.kind, task.status.value, task.app) == ("train model.py", "script", status, None)
    assert message in task.message
    assert task.metrics["loss"] == 0.5
    assert task.code["script"].endswith("train model.py")
    assert task.code["arguments"] == ["--fast"]
    assert task.finished_at is not None


def test_a_script_that_records_nothing_leaves_no_session(place: Path, tmp_path: Path) -> None:
    done = run_script(place, tmp_path / "s", "print(len(api.project.get_list()), api.task_id)")
    assert done.stdout.split() == ["0", "None"]
    assert tasks(place) == []


def test_failures_of_recording_are_notes_and_the_script_goes_on(place: Path, tmp_path: Path) -> None:
    body = (
        "api.app.workflow.add_input_project(1, version_num=7)\n"
        "Api.from_env().app.workflow.add_input_file('nowhere')\nprint('went on')"
    )
    done = run_script(place, tmp_path / "s", body)
    assert done.stdout.strip() == "went on"
    assert done.returncode == 0, done.stderr
    (task,) = tasks(place)
    assert task.status.value == "done"
    assert len(task.notes) == 2


def test_a_fork_does_not_end_the_session(place: Path, tmp_path: Path) -> None:
    body = (
        "import os, sys\nme = api.task.current().id\n"
        "child = os.fork()\n"
        "if child == 0:\n    api.task.current().metric('child', 1)\n    sys.exit(5)\nos.waitpid(child, 0)\n"
        "print(api.task.get_info_by_id(me)['status'])"
    )
    done = run_script(place, tmp_path / "s", body)
    assert done.stdout.strip() == "running", done.stderr
    (task,) = tasks(place)
    assert task.status.value == "done"
    assert task.metrics == {"child": 1.0}


def test_inside_a_task_the_task_is_recorded_into(place: Path, tmp_path: Path) -> None:
    from clew.model.entities import TaskStatus
    from clew.services.tasks import create_task
    from clew.services.workspace import open_workspace

    with open_workspace(place) as ws:
        given = create_task(ws, "Trainer", "train", params={"epochs": 3}, status=TaskStatus.RUNNING)
    body = "t = api.task.current(); t.message('here'); print(api.task_id, t.name, t.params['epochs'])"
    done = run_script(place, tmp_path / "s", body, CLEW_TASK_ID=str(given.id))
    assert done.stdout.split() == [str(given.id), "Trainer", "3"]
    (task,) = tasks(place)
    assert task.message == "here"
    assert task.status.value == "running"  # its guard says how it ended
    ignoring = "own = Api.from_env(ignore_task_id=True); print(own.task.current().id)"
    done = run_script(place, tmp_path / "s", ignoring, CLEW_TASK_ID=str(given.id))
    assert done.stdout.strip() == str(given.id + 1)


def test_with_the_api_as_context_an_error_is_the_outcome(place: Path) -> None:
    with pytest.raises(ZeroDivisionError), Api(place) as api:
        api.task.current().message("on the way")
        api.task.current().progress(1 / 0)
    assert tasks(place)[0].status.value == "failed"
    with pytest.raises(KeyboardInterrupt), Api(place) as api:
        assert api.task.current().id == 2
        raise KeyboardInterrupt
    assert tasks(place)[0].status.value == "cancelled"


def test_from_env_says_what_to_do(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, place: Path) -> None:
    monkeypatch.chdir(tmp_path)
    with pytest.raises(UserError, match="clew init"):
        Api.from_env(env_file=tmp_path / "none.env")
    (tmp_path / "own.env").write_text(f"CLEW_WORKSPACE={place}\nCLEW_TASK_ID=12\n", "utf-8")
    with Api.from_env(env_file=tmp_path / "own.env") as api:
        assert (api.workspace_path, api.task_id) == (place, 12)
    monkeypatch.setenv("CLEW_TASK_ID", "twelve")
    with pytest.raises(UsageError, match="CLEW_TASK_ID"):
        Api.from_env(env_file=tmp_path / "own.env")
    monkeypatch.delenv("CLEW_TASK_ID")
    with pytest.raises(UsageError, match=r"9\.0\.0"):
        Api.from_env(env_file=tmp_path / "own.env", check_instance_version="9.0.0")
    monkeypatch.chdir(place / "projects")
    with Api.from_env(env_file=tmp_path / "none.env") as api:
        assert api.workspace_path == place
