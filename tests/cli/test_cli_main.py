"""The door: workspace, exit codes, JSON, errors, bugs."""

import json
import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path

import pytest

from clew.base.about import VERSION
from clew.cli import main as door

CLEW = [sys.executable, "-c", "from clew.cli.main import main; main()"]


def test_version_and_overview_load_no_service(tmp_path: Path) -> None:
    for words in (["--version"], ["--help"]):
        code = (
            "import sys; from clew.cli.main import run; code = run(sys.argv[1:]); "
            "heavy = [m for m in ('sqlalchemy', 'numpy', 'PySide6', 'networkx') if m in sys.modules]; "
            "sys.exit(f'loaded {heavy}' if heavy else code)"
        )
        done = subprocess.run(
            [sys.executable, "-c", code, *words], capture_output=True, text=True, check=False
        )
        assert done.returncode == 0, done.stderr
        assert (VERSION if words == ["--version"] else "screenshot") in done.stdout


def test_every_verb_of_the_table_is_there_and_has_help(run: Callable) -> None:
    for verb, (_, _, line) in door.VERBS.items():
        done = run(verb, "--help")
        assert done.code == 0, verb
        assert done.out.startswith("Usage: clew "), verb
        assert line.endswith(".")


def test_wrong_usage_is_2(run: Callable, place: Path) -> None:
    for words in (
        ["nothing"],
        ["projects", "--fast"],
        ["version", "restore"],
        ["import"],
        ["graph", "--format", "x"],
    ):
        done = run(*words)
        assert done.code == 2, words
        assert len(done.err.strip().splitlines()) == 1, done.err
        assert "Traceback" not in done.err


def test_without_a_workspace_it_says_what_to_do(run: Callable, tmp_path: Path) -> None:
    done = run("projects")
    assert done.code == 1
    assert "clew init" in done.err
    done = run("projects", "-w", tmp_path / "nowhere", "--json")
    assert done.code == 1
    assert done.out == ""
    assert done.error == {"error": done.error["error"], "exit_code": 1}
    assert "nowhere" in done.error["error"]


def test_the_workspace_is_named_before_or_after_or_around(
    run: Callable, place: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delenv("CLEW_WORKSPACE")
    assert run("-w", place, "projects").code == 0
    assert run("projects", "-w", place).code == 0
    assert run("version", "list", "x", "--workspace", place).code == 1
    assert run("projects").code == 1
    monkeypatch.chdir(place / "projects")
    assert run("projects").code == 0


def test_a_bug_is_one_sentence_and_goes_to_the_log(
    run: Callable, place: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    from clew.services import projects

    def broken(ws: object) -> None:
        raise RuntimeError("a fault of ours")

    monkeypatch.setattr(projects, "list_projects", broken)
    done = run("projects")
    assert done.code == 1
    assert "RuntimeError" in done.err
    assert str(place / "clew.log") in done.err
    assert "Traceback" not in done.err
    monkeypatch.setenv("CLEW_DEBUG", "1")
    assert "a fault of ours" in run("projects").err


def test_an_operating_system_error_is_explained(run: Callable, place: Path, tmp_path: Path) -> None:
    blocked = tmp_path / "file"
    blocked.write_text("", "utf-8")
    done = run("graph", "-o", blocked / "graph.json")
    assert done.code == 1
    assert "graph.json" in done.err
    assert len(done.err.strip().splitlines()) == 1


def test_a_reader_that_has_gone_is_no_error(place: Path, run: Callable) -> None:
    with subprocess.Popen(
        [*CLEW, "version", "--help"], stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True
    ) as process:
        assert process.stdout is not None
        process.stdout.close()
        assert process.stderr is not None
        assert "Traceback" not in process.stderr.read()


def test_ctrl_c_is_130(place: Path, run: Callable, tmp_path: Path) -> None:
    """The wait for a task that never comes to an end is broken off, and the task is cancelled."""
    app = tmp_path / "sleeper"
    app.mkdir()
    (app / "app.toml").write_text(
        'slug = "sleeper"\nname = "Sleeper"\ncommand = ["{python}", "-c", "import time; time.sleep(60)"]\n',
        "utf-8",
    )
    from clew.services.apps import add_app
    from clew.services.tasks import list_tasks
    from clew.services.workspace import open_workspace

    with open_workspace(place) as ws:
        add_app(ws, app)
        process = subprocess.Popen([*CLEW, "run", "sleeper"], stderr=subprocess.PIPE, text=True)
        deadline = time.monotonic() + 120
        while not any(t.status.value == "running" for t in list_tasks(ws)) and time.monotonic() < deadline:
            time.sleep(0.05)
        process.send_signal(signal.SIGINT)
        _, err = process.communicate(timeout=30)
        assert process.returncode == 130, err
        assert err == ""
        while not (task := list_tasks(ws)[0]).status.over and time.monotonic() < deadline:
            time.sleep(0.05)
        assert task.status.value == "cancelled"


def test_run_app_runs_modules_of_clew_only() -> None:
    refused = subprocess.run([*CLEW, "--run-app", "http.server"], capture_output=True, text=True, check=False)
    assert refused.returncode == 2
    environment = {k: v for k, v in os.environ.items() if not k.startswith("CLEW_")}
    done = subprocess.run(
        [*CLEW, "--run-app", "clew.apps.import_data.main"],
        capture_output=True,
        text=True,
        check=False,
        env={**environment, "HOME": "/nowhere"},
        cwd="/",
    )
    assert done.returncode == 1
    assert "CLEW_WORKSPACE" in done.stderr  # the app itself has spoken


def test_json_is_one_document(run: Callable, finds: str) -> None:
    for words in (
        ["projects"],
        ["tasks"],
        ["models"],
        ["reports"],
        ["version", "list", finds],
        ["version", "show", finds],
        ["version", "diff", f"{finds}@1"],
        ["verify"],
        ["graph"],
        ["doctor"],
    ):
        done = run(*words, "--json")
        assert done.code == 0, done.err
        assert json.loads(done.out) is not None
        assert done.err == ""


def test_doctor_finds_trouble(run: Callable, finds: str, folder: Path) -> None:
    assert run("doctor").code == 0
    folder.rename(folder.with_name("moved away"))
    done = run("doctor", "--json")
    assert done.code == 1
    assert done.json["healthy"] is False
    trouble = [f["what"] for f in done.json["findings"] if f["state"] == "trouble"]
    assert trouble == ["Coin finds"]


def test_doctor_marks_tasks_whose_process_is_gone(run: Callable, place: Path) -> None:
    code = (
        "import os\nfrom clew import Api\napi = Api.from_env()\nprint(api.task.current().id, flush=True)\n"
        "os._exit(9)"
    )
    subprocess.run([sys.executable, "-c", code], check=False, stdout=subprocess.PIPE)
    assert "1 task had no process" in run("doctor").out
    assert run("tasks", "--json").json[0]["status"] == "lost"


def test_without_the_window_it_says_how_to_get_it(
    run: Callable, place: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    from clew.base import window

    def absent(module: str) -> None:
        raise ModuleNotFoundError("No module named 'PySide6'", name="PySide6")

    monkeypatch.setattr(window, "import_module", absent)
    for words in (
        ["screenshot", "workflow", "-o", tmp_path / "x.png"],
        ["open", place],
        [],
        ["graph", "-o", "g.png"],
    ):
        done = run(*words)
        assert done.code == 1, words
        assert 'pip install "clew[app]"' in done.err


def test_screenshot_checks_its_size(run: Callable, place: Path, tmp_path: Path) -> None:
    for size in ("big", "100", "0x10", "10x"):
        assert run("screenshot", "workflow", "-o", tmp_path / "x.png", "--size", size).code == 2


def test_where_qt_is_missing_the_command_says_so_too(place: Path) -> None:
    code = (
        "import sys; sys.modules['PySide6'] = None\n"
        "from clew.cli.main import main\nmain(['graph', '-o', 'g.png', '--json'])"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=False)
    assert done.returncode == 1
    assert 'pip install "clew[app]"' in json.loads(done.stderr)["error"]


def test_a_page_is_rendered(run: Callable, place: Path, tmp_path: Path) -> None:
    from PIL import Image

    words = ["screenshot", "projects", "-o", "p.png", "--size", "1200x800", "--theme", "dark", "--json"]
    done = subprocess.run([*CLEW, *words], capture_output=True, text=True, check=False, cwd=tmp_path)
    assert done.returncode == 0, done.stderr
    with Image.open(tmp_path / "p.png") as picture:
        assert picture.size == (1200, 800)
    done = subprocess.run(
        [*CLEW, "screenshot", "nowhere", "-o", "p.png"], capture_output=True, text=True, check=False
    )
    assert done.returncode == 1
    assert "nowhere" in done.stderr
